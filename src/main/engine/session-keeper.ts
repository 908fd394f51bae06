/** The open conversation with one meter: proven by its serial when it begins, kept while the meter keeps its channel. */
import { hasCode } from '../../shared/api/errors.ts';
import type { MeterRecord } from '../../shared/domain/plant.ts';
import type { MeterDriver, MeterLink, MeterMemory, MeterSession } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { EngineStore } from './ports.ts';

/** A channel left alone for longer is opened and identified anew: the meter closes it after 240 s (mercury.md 2). */
const CHANNEL_IDLE_MS = 200_000;

export interface SessionKeeperDeps {
  readonly meter: MeterRecord;
  readonly driver: MeterDriver;
  readonly link: MeterLink;
  readonly baudRate: number;
  readonly store: EngineStore;
  readonly clock: Clock;
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
      await session.identify();
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

  /** Asks so many times in a row who answers, and nothing else. Throws what the driver throws. */
  async proveIdentity(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) await this.#connect({}).identify();
  }

  drop(): void {
    this.#session = null;
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
