/** When the profile of one meter is read: its newest record soon after each boundary, what is missing whenever there is time. */
import type { MeterFacts } from '../../shared/domain/meter.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { MeterSession, ProfileHead } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import { requireTrustedClock } from './clock-trust.ts';
import type { LedgerKeeper } from './ledger-keeper.ts';
import { ProfileReader } from './profile-reader.ts';
import type { PollPlan, Work } from './work.ts';

/** The meter needs a moment after its boundary to close the record. */
const BOUNDARY_MARGIN_S = 2;
/** A boundary whose record is not there yet is asked for again after this, a few times, then seldom: the profile stands still. */
const BOUNDARY_RETRY_S = 5;
const BOUNDARY_TRIES = 6;
const BOUNDARY_STALLED_S = 300;

export interface ProfileFollowerDeps {
  readonly keeper: LedgerKeeper;
  readonly clock: Clock;
  readonly plan: PollPlan;
  readonly facts: () => MeterFacts;
  /** Meter minus PC, milliseconds; null while it is not known. */
  readonly deviationMs: () => number | null;
  readonly openSession: () => Promise<MeterSession>;
  /** The ring turned out to be another than was known. */
  readonly onRing: (head: ProfileHead) => void;
}

export class ProfileFollower {
  readonly #deps: ProfileFollowerDeps;
  readonly #reader: ProfileReader;
  #retryAt = 0;
  #tries = 0;
  /** When the meter closes the record after the newest one that was seen. */
  #nextRecordUtc = 0;

  constructor(deps: ProfileFollowerDeps) {
    const { keeper } = deps;
    this.#deps = deps;
    this.#reader = new ProfileReader({
      ledger: keeper.ledger,
      nowUtc: () => keeper.meterNow(),
      save: (batch, closed) => keeper.save(batch, closed),
    });
  }

  forgetHead(): void {
    this.#reader.forgetHead();
  }

  /** Monotonic moment at which the next record is due. */
  nextDueAt(now: number): number {
    return Math.max(now + Math.max(0, this.#secondsToBoundary()) * 1000, this.#retryAt);
  }

  /** `poll`: nothing is left to be read. */
  get isComplete(): boolean {
    return this.#reader.head !== null && !this.#isHeadBehind() && this.#deps.keeper.next() === null;
  }

  /** A half-hour has ended by the meter's own clock and its record has not been fetched. */
  boundaryWork(now: number): Work | null {
    if (now < this.#retryAt) return null;
    if (this.#reader.head !== null && !this.#isHeadBehind()) return null;
    const dueAt = Math.max(this.#retryAt, now + this.#secondsToBoundary() * 1000);
    return { class: 'half-hour', dueAt, order: this.#retryAt, label: 'newest profile record', run: () => this.#followBoundary() };
  }

  /** `dueAt`: since when it waits for its turn. */
  backFillWork(dueAt: number): Work | null {
    const { keeper } = this.#deps;
    const next = keeper.next();
    if (next === null || this.#reader.head === null) return null;
    const order = next.isUrgent ? Number.NEGATIVE_INFINITY : -Math.floor(next.range.toUtc / 86_400);
    const run = async () => {
      const session = await this.#deps.openSession();
      if (this.#reader.head === null) await this.#readHead(session);
      await this.#reader.read(session, next.range, next.isUrgent);
    };
    return { class: 'back-fill', dueAt, order, label: 'profile back-fill', run };
  }

  async #followBoundary(): Promise<void> {
    const { keeper, clock } = this.#deps;
    requireTrustedClock(this.#deps.deviationMs());
    const session = await this.#deps.openSession();
    const fresh = await this.#readHead(session);
    keeper.extend();
    this.#tries = this.#isHeadBehind() ? this.#tries + 1 : 0;
    const pauseS = this.#tries < BOUNDARY_TRIES ? BOUNDARY_RETRY_S : BOUNDARY_STALLED_S;
    this.#retryAt = this.#tries === 0 ? 0 : clock.monotonic() + pauseS * 1000;
    const { newestStartUtc, periodMin } = fresh;
    if (newestStartUtc === null) return;
    // The newest half-hour goes before an old one that is about to be overwritten: days are left for that.
    const toUtc = newestStartUtc + periodMin * 60;
    const open = keeper.ledger.openRanges.findLast((range) => range.fromUtc < toUtc && range.toUtc > newestStartUtc);
    if (open !== undefined) await this.#reader.read(session, { fromUtc: open.fromUtc, toUtc });
  }

  async #readHead(session: MeterSession): Promise<ProfileHead> {
    const { value } = await session.readProfileHead();
    this.#reader.useHead(value);
    this.#nextRecordUtc = nextRecordUtc(value, this.#deps.keeper.meterNow());
    const { profilePeriodMin, ringSlots } = this.#deps.facts();
    if (value.periodMin !== profilePeriodMin || value.ringSlots !== ringSlots) this.#deps.onRing(value);
    return value;
  }

  /** The newest record that we know of is older than the last half-hour that has ended. */
  #isHeadBehind(): boolean {
    if (this.#deps.plan.mode === 'continuous') return this.#secondsToBoundary() <= 0;
    const { head } = this.#reader;
    const { window } = this.#deps.keeper.ledger;
    if (head === null || head.newestStartUtc === null || window === null || this.#tries >= BOUNDARY_TRIES) return false;
    return head.newestStartUtc + head.periodMin * 60 < window.toUtc;
  }

  #secondsToBoundary(): number {
    const { head } = this.#reader;
    if (head === null || head.newestStartUtc === null) return 0;
    return this.#nextRecordUtc + BOUNDARY_MARGIN_S - this.#deps.keeper.meterNow();
  }
}

/** A newest record of an interval that is not over is a part of it, or the clock was set back: the next boundary closes another. */
export function nextRecordUtc(
  { newestStartUtc, periodMin }: Pick<ProfileHead, 'newestStartUtc' | 'periodMin'>,
  nowUtc: UtcSeconds,
): UtcSeconds {
  const periodS = periodMin * 60;
  const isOver = newestStartUtc !== null && newestStartUtc + periodS <= nowUtc;
  return isOver ? newestStartUtc + 2 * periodS : Math.floor(nowUtc / periodS) * periodS + periodS;
}
