/** Instantaneous values of one meter: when they are due, faster while somebody looks, one stored sample per minute, extremes of every read. */
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { HalfHourExtremes } from '../../shared/domain/extremes.ts';
import type { InstantaneousValues } from '../../shared/domain/quantity.ts';
import type { MeterSession } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import { ExtremesGatherer } from './half-hour-extremes.ts';
import type { Batch } from './ledger-keeper.ts';
import type { PollPlan } from './work.ts';

const WATCH_HOLDS_MS = 60_000;
/** Off screen, a meter that has half-hours to fill is read so many times less often: its value stays fresh, and the line has more time for them. */
const FILLING_FACTOR = 2;

export interface LiveReaderDeps {
  readonly clock: Clock;
  readonly plan: PollPlan;
  /** The meter has half-hours that could be read now. */
  readonly isFilling: () => boolean;
  readonly save: (batch: Batch) => void;
}

export class LiveReader {
  readonly #deps: LiveReaderDeps;
  #values: InstantaneousValues = {};
  #atUtc: UtcSeconds | null = null;
  #readAt = 0;
  #dueAt = 0;
  #watchedUntil = 0;
  #lastSampleMinute = -1;
  readonly #extremes = new ExtremesGatherer();

  constructor(deps: LiveReaderDeps) {
    this.#deps = deps;
  }

  get values(): InstantaneousValues {
    return this.#values;
  }

  /** PC clock at the read; null before the first one. */
  get atUtc(): UtcSeconds | null {
    return this.#atUtc;
  }

  /** Monotonic moment of the next read; never, once a `poll` has them. */
  get dueAt(): number {
    return this.#deps.plan.mode === 'once' && this.#atUtc !== null ? Number.POSITIVE_INFINITY : this.#dueAt;
  }

  /** Somebody looks at the point. */
  get isWatched(): boolean {
    return this.#deps.clock.monotonic() < this.#watchedUntil;
  }

  /** The point is on somebody's screen: read it faster for a while. */
  watch(): void {
    const { clock, plan } = this.#deps;
    this.#watchedUntil = clock.monotonic() + WATCH_HOLDS_MS;
    this.#dueAt = Math.min(this.#dueAt, this.#readAt + plan.watchedPeriodS * 1000);
  }

  /** Throws what the driver throws. */
  async read(session: MeterSession): Promise<void> {
    const { clock, plan, isFilling, save } = this.#deps;
    const { value } = await session.readInstantaneous();
    this.#readAt = clock.monotonic();
    const offScreenS = plan.livePeriodS * (isFilling() ? FILLING_FACTOR : 1);
    this.#dueAt = this.#readAt + (this.isWatched ? plan.watchedPeriodS : offScreenS) * 1000;
    this.#atUtc = Math.floor(clock.now() / 1000);
    this.#values = value;
    const extremes = this.#extremes.add(value, this.#atUtc);
    const minute = Math.floor(this.#atUtc / 60);
    // A read that begins another half-hour begins another minute too.
    if (minute === this.#lastSampleMinute) return;
    this.#lastSampleMinute = minute;
    save({ sample: value, ...(extremes === null ? {} : { extremes }) });
  }

  /** A half-hour has ended: what was gathered of it need not wait for the next read, which may never come. */
  halfHourEnded(): void {
    this.#saveExtremes(this.#extremes.end(Math.floor(this.#deps.clock.now() / 1000)));
  }

  /** Polling ends, in the middle of a half-hour. */
  end(): void {
    this.#saveExtremes(this.#extremes.flush());
  }

  #saveExtremes(extremes: HalfHourExtremes | null): void {
    if (extremes !== null) this.#deps.save({ extremes });
  }
}
