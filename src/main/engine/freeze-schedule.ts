/** Freezes the registers of all meters without a profile on one line at each half-hour, by one broadcast for each of their drivers. */
import { HALF_HOUR_S, type UtcSeconds } from '../../shared/domain/time.ts';
import type { MeterDriver } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import { FREEZE_TOLERANCE_S, type Freeze } from './frozen-reader.ts';
import type { MeterAgent } from './meter-agent.ts';
import type { PcClock } from './pc-clock.ts';
import type { EngineLine } from './ports.ts';

const HALF_HOUR_MS = HALF_HOUR_S * 1000;
/** So long before a boundary nothing is begun: most pieces of work are over by then, and the worker never sleeps longer. */
const QUIET_MS = 1500;

export class FreezeSchedule {
  readonly #line: EngineLine;
  readonly #agents: readonly MeterAgent[];
  readonly #clock: Clock;
  readonly #pcClock: PcClock;
  /** The last boundary that was seen, in half-hours since 1970 by the time of the site. */
  #seen: number;

  constructor(line: EngineLine, agents: readonly MeterAgent[], clock: Clock, pcClock: PcClock) {
    this.#line = line;
    this.#agents = agents;
    this.#clock = clock;
    this.#pcClock = pcClock;
    this.#seen = this.#halfHour;
  }

  /** A half-hour has ended since the last look; true also after the PC's clock was set back. */
  get isDue(): boolean {
    return this.#halfHour !== this.#seen;
  }

  /** Milliseconds until the line must be free; never, when no meter on it needs freezing. */
  get leftMs(): number {
    if (!this.#agents.some((agent) => agent.needsFreeze)) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.#untilBoundaryMs - QUIET_MS);
  }

  /** Milliseconds until the boundary for which the line is kept free; 0 = it need not be. */
  get quietMs(): number {
    return this.leftMs > 0 ? 0 : this.#untilBoundaryMs;
  }

  /** Sends the broadcasts and tells every meter that a half-hour has ended, those without a profile what they can expect. Throws line faults. */
  async run(): Promise<void> {
    this.#seen = this.#halfHour;
    const boundaryUtc: UtcSeconds = this.#seen * HALF_HOUR_S;
    const freezes = new Map<MeterDriver, Freeze | null>();
    try {
      for (const { driver } of this.#agents.filter((agent) => agent.needsFreeze)) {
        if (!freezes.has(driver)) freezes.set(driver, await this.#freeze(driver, boundaryUtc));
      }
    } finally {
      for (const agent of this.#agents) agent.halfHourEnded(boundaryUtc, freezes.get(agent.driver) ?? null);
    }
  }

  async #freeze(driver: MeterDriver, boundaryUtc: UtcSeconds): Promise<Freeze | null> {
    const request = driver.freezeRequest(this.#line.baudRate);
    const isLate = (atMs: number) => atMs > (boundaryUtc + FREEZE_TOLERANCE_S) * 1000;
    // A late freeze would only take the place of one that somebody else may still want.
    if (request === null || isLate(this.#pcClock.now())) return null;
    const startMs = this.#clock.monotonic();
    const startedAtMs = this.#clock.now();
    const { exchange } = await this.#line.exchange(request);
    if (isLate(exchange.sentAtMs + this.#pcClock.errorMs)) return null;
    return { sentAtMs: exchange.sentAtMs, monotonicMs: startMs + (exchange.sentAtMs - startedAtMs) };
  }

  get #halfHour(): number {
    return Math.floor(this.#pcClock.now() / HALF_HOUR_MS);
  }

  get #untilBoundaryMs(): number {
    return (this.#halfHour + 1) * HALF_HOUR_MS - this.#pcClock.now();
  }
}
