/** Corrects the clocks of the meters by the rule of the site: seldom, in the middle of an interval, through the one door to writing. */
import { asAppError } from '../../shared/api/errors.ts';
import type { Engine } from '../engine/engine.ts';
import type { ClockDecision } from '../../shared/domain/clock-policy.ts';
import { clockDrift, decideCorrection, sinceLastStep } from '../metering/clock-policy.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { InstalledPoint, Site } from './site.ts';
import type { WriteDesk } from './write-desk.ts';

const RULE = 'clock rule';
/** A trend is told of the last month. */
const TREND_S = 31 * 86_400;
/** What the time service has said holds so long. */
const SERVICE_HOLDS_MS = 600_000;
/** A clock near a boundary is looked at again in a quarter of an hour: then it is in the middle. */
const LATER_MS = 900_000;

export interface ClockDeskDeps {
  readonly site: Site;
  readonly writes: WriteDesk;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether the PC's clock is kept by a time service; null = the system does not say. */
  readonly isTimeServiceInStep: () => Promise<boolean | null>;
}

export class ClockDesk {
  readonly #deps: ClockDeskDeps;
  /** Meters that are being looked at, or will be. */
  readonly #busy = new Map<number, () => void>();
  #service: { readonly isInStep: boolean; readonly atMs: number } | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(deps: ClockDeskDeps) {
    this.#deps = deps;
  }

  /** Each measurement of a running engine is a reason to look. */
  follow(engine: Engine): void {
    this.stop();
    this.#unsubscribe = engine.subscribe({ clock: (meterId, deviationMs) => void this.#measured(meterId, deviationMs) });
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    for (const cancel of this.#busy.values()) cancel();
    this.#busy.clear();
  }

  /** What the rule says of a clock that is off by so much; null for a meter that stands nowhere. */
  async decide(
    meterId: number,
    deviationMs: number,
  ): Promise<{ readonly installed: InstalledPoint; readonly decision: ClockDecision } | null> {
    const { site, writes } = this.#deps;
    const installed = site.points.find(({ meter, isOff }) => meter.id === meterId && !isOff);
    if (installed === undefined) return null;
    const { point, meter } = installed;
    const { clock, writes: door } = site.settings;
    const { isCorrected, ...rules } = clock;
    const isPcClockDoubted = (site.engine?.pcClockErrorMs ?? 0) !== 0 || !(await this.#isInStep());
    const decision = decideCorrection(
      { ...rules, isOn: isCorrected && door.isEnabled },
      {
        role: point.role,
        deviationMs,
        nowUtc: site.nowUtc(),
        offsetMin: meter.clock.offsetMin,
        periodMin: meter.facts.profilePeriodMin ?? 30,
        correctedUtc: writes.lastClockWriteUtc(meter.serial),
        isPcClockDoubted,
      },
    );
    return { installed, decision };
  }

  /** How the clock of a point's meter runs, and what the rule says of it now. */
  async trend({ meter }: InstalledPoint): Promise<{ driftMsPerDay: number | null; correction: ClockDecision | null }> {
    const { site } = this.#deps;
    const readings = sinceLastStep(site.store.clocks.since(meter.id, site.nowUtc() - TREND_S));
    const drift = clockDrift(readings);
    const last = readings.at(-1);
    const judged = last === undefined ? null : await this.decide(meter.id, last.deviationMs);
    return { driftMsPerDay: drift === null ? null : Math.round(drift), correction: judged?.decision ?? null };
  }

  async #measured(meterId: number, deviationMs: number): Promise<void> {
    const { site, writes, clock, logger } = this.#deps;
    if (this.#busy.has(meterId) || !site.settings.clock.isCorrected) return;
    this.#busy.set(meterId, () => {});
    try {
      const judged = await this.decide(meterId, deviationMs);
      if (judged?.decision === 'near-a-boundary') {
        this.#busy.set(
          meterId,
          clock.after(LATER_MS, () => {
            this.#busy.delete(meterId);
            void this.#measured(meterId, deviationMs);
          }),
        );
        return;
      }
      if (judged?.decision === 'correct') {
        const { point } = judged.installed;
        await writes.byRule(point.id, { kind: 'clock-correct' }, site.settings.clock.settlementReason, RULE);
      }
    } catch (thrown) {
      const error = asAppError(thrown);
      // The record of the write says what became of it; the clock is measured again within the hour.
      logger.warn({ meterId, code: error.code, error: error.message }, 'a clock was not corrected');
    }
    this.#busy.delete(meterId);
  }

  async #isInStep(): Promise<boolean> {
    const { clock, isTimeServiceInStep } = this.#deps;
    if (this.#service === null || clock.monotonic() - this.#service.atMs > SERVICE_HOLDS_MS) {
      this.#service = { isInStep: (await isTimeServiceInStep()) === true, atMs: clock.monotonic() };
    }
    return this.#service.isInStep;
  }
}
