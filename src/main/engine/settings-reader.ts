/** Reads what the audit of the settings asks of one meter: once after the start and then once a day. */
import { asAppError } from '../../shared/api/errors.ts';
import type { MeterConfiguration } from '../../shared/domain/meter-configuration.ts';
import type { MeterSession } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import { isRefusal } from './refusals.ts';

/** The settings of a meter change when a person changes them. */
const PERIOD_MS = 86_400_000;
/** What fails each time must not keep the meter from its other work. */
const RETRY_MS = 3_600_000;

export interface SettingsReaderDeps {
  readonly clock: Clock;
  /** False for a `poll`: no figure hangs on the settings. */
  readonly isWanted: boolean;
  readonly onRead: (configuration: MeterConfiguration) => void;
}

export class SettingsReader {
  readonly #deps: SettingsReaderDeps;
  #dueAt = 0;

  constructor(deps: SettingsReaderDeps) {
    this.#deps = deps;
  }

  /** Monotonic moment at which they are to be read. */
  get dueAt(): number {
    return this.#deps.isWanted ? this.#dueAt : Number.POSITIVE_INFINITY;
  }

  /** Throws what the driver throws, but for a refusal: a meter that does not tell its settings is no worse to poll. */
  async read(session: MeterSession): Promise<void> {
    const { clock, onRead } = this.#deps;
    this.#dueAt = clock.monotonic() + RETRY_MS;
    try {
      const { value } = await session.readConfiguration();
      onRead(value);
    } catch (error) {
      if (!isRefusal(asAppError(error))) throw error;
    }
    this.#dueAt = clock.monotonic() + PERIOD_MS;
  }
}
