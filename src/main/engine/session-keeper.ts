/** The open conversation with one meter: proven by its serial when it begins, kept while the meter keeps its channel. */
import { type AppError, asAppError, hasCode } from '../../shared/api/errors.ts';
import type { LinkedMeter } from '../../shared/domain/plant.ts';
import type { MeterDriver, MeterLink, MeterMemory, MeterSession } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { EngineStore } from './ports.ts';
import type { StrangerWatch } from './stranger-watch.ts';

/** A channel left alone for longer is opened and identified anew: the meter closes it after 240 s (mercury.md 2). */
const CHANNEL_IDLE_MS = 200_000;

export interface SessionKeeperDeps {
  readonly meter: LinkedMeter;
  readonly driver: MeterDriver;
  readonly link: MeterLink;
  readonly baudRate: number;
  readonly store: EngineStore;
  readonly clock: Clock;
  readonly watch: StrangerWatch;
}

export class SessionKeeper {
  readonly #deps: SessionKeeperDeps;
  #session: MeterSession | null = null;
  /** The latest one that may have learned something, open or not. */
  #learner: MeterSession | null = null;
  #usedAt = 0;

  constructor(deps: SessionKeeperDeps) {
    this.#deps = deps;
  }

  /** What the latest session has learned, also one that could not be opened; null without one. */
  get memory(): MeterMemory | null {
    return this.#learner === null ? null : { ...this.#learner.memory };
  }

  /** The session in use, or a new one: identity first, then the channel. Throws what the driver throws. */
  async open(memory: MeterMemory): Promise<MeterSession> {
    const { clock } = this.#deps;
    const now = clock.monotonic();
    if (this.#session !== null && now - this.#usedAt < CHANNEL_IDLE_MS) {
      this.#usedAt = now;
      return this.#session;
    }
    const session = this.#connect(memory);
    this.#learner = session;
    try {
      await this.#identify(session);
    } catch (error) {
      // Another meter answered: what was learned is not about ours.
      if (hasCode(error, 'meter/wrong-serial')) this.#learner = null;
      throw error;
    }
    await session.open();
    this.#session = session;
    this.#usedAt = clock.monotonic();
    return session;
  }

  /** Asks so many times in a row who answers, and nothing else: fewer where it is clear that it is another. Throws what the driver throws. */
  async proveIdentity(times: number): Promise<void> {
    let other: AppError | null = null;
    for (let time = 0; time < times && (other === null || !this.#deps.watch.isSettled); time += 1) {
      try {
        await this.#identify(this.#connect({}));
      } catch (error) {
        if (!hasCode(error, 'meter/wrong-serial')) throw error;
        other = asAppError(error);
      }
    }
    if (other !== null) throw other;
  }

  drop(): void {
    this.#session = null;
  }

  async #identify(session: MeterSession): Promise<void> {
    const { meter, watch } = this.#deps;
    try {
      await session.identify();
    } catch (error) {
      const { code, context } = asAppError(error);
      if (code === 'meter/wrong-serial' && typeof context.actual === 'string') watch.heard(context.actual);
      throw error;
    }
    watch.heard(meter.serial);
  }

  #connect(memory: MeterMemory): MeterSession {
    const { meter, driver, link, baudRate, store, clock } = this.#deps;
    const password = meter.hasPassword ? store.password(meter.id) : null;
    return driver.connect(
      link,
      {
        address: meter.address,
        expectedSerial: meter.serial,
        password: password === null ? null : { bytes: password },
        accessLevel: meter.accessLevel,
        clock: meter.clock,
        baudRate,
        memory,
      },
      () => clock.now(),
    );
  }
}
