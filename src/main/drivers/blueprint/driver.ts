/** The least driver: identity and one register. Copy the folder, put your family's codecs in place of Mercury's, follow README.md. */
import { AppError } from '../../../shared/api/errors.ts';
import type { CompletedExchange, ExchangeRequest, ExchangeTiming } from '../../../shared/domain/exchange.ts';
import type { DriverId } from '../../../shared/domain/point.ts';
import type { RegisterKind, RegisterReading } from '../../../shared/domain/register.ts';
import { type Command, parseReply } from '../../protocol/mercury/command.ts';
import { ENERGY_ARRAYS, energyCommand } from '../../protocol/mercury/energy.ts';
import { encodeFrame, matchReply } from '../../protocol/mercury/frame.ts';
import { identityReplies, serialNumberCommand } from '../../protocol/mercury/identity.ts';
import type { MeterDriver, MeterFinder, MeterIdentity, MeterLink, MeterMemory, MeterSession, MeterSettings, Reading } from '../driver.ts';

/** A real driver is a constant with its own id; this one lends itself to any. */
export function blueprintDriver(id: DriverId): MeterDriver {
  return {
    id,
    title: 'Types as their plates say them',
    finder: FINDER,
    freezeRequest: () => null,
    connect: (link, meter) => new BlueprintSession(link, meter),
  };
}

/** Lets a search find the family: the identity read, and every whole reply to it among the bytes of a bus. */
const FINDER: MeterFinder = {
  addresses: Array.from({ length: 240 }, (_, index) => index + 1),
  universalAddress: 0,
  addressesOf: (serial) => [Number(serial.slice(-2)) || 1],
  request: (address) => requestOf(address, serialNumberCommand()),
  replies: identityReplies,
  timing: () => TIMING,
};

/** Waits by the family's table; one speed is enough for an example. */
const TIMING: ExchangeTiming = { silenceMs: 5, firstByteMs: 150, interByteMs: 5 };

class BlueprintSession implements MeterSession {
  /** What is expensive or impolite to find out twice; the engine stores it. */
  readonly memory: MeterMemory;
  readonly #link: MeterLink;
  readonly #meter: MeterSettings;

  constructor(link: MeterLink, meter: MeterSettings) {
    this.#link = link;
    this.#meter = meter;
    this.memory = meter.memory;
  }

  async identify(): Promise<Reading<MeterIdentity>> {
    const { value, exchange } = await this.#ask(serialNumberCommand());
    const { expectedSerial } = this.#meter;
    if (expectedSerial !== null && expectedSerial !== value.serial) {
      throw new AppError('meter/wrong-serial', `Meter ${value.serial} answers, not ${expectedSerial}`, {
        context: { expected: expectedSerial, actual: value.serial },
      });
    }
    return { value, exchanges: [exchange] };
  }

  async readRegisters(kind: RegisterKind, tariffs: readonly number[]): Promise<Reading<RegisterReading[]>> {
    if (kind !== 'now') return this.#lacks();
    const value: RegisterReading[] = [];
    const exchanges: CompletedExchange[] = [];
    for (const tariff of tariffs) {
      const { value: energy, exchange } = await this.#ask(energyCommand(ENERGY_ARRAYS.sinceReset, 0, tariff));
      value.push({ kind, momentUtc: Math.floor(exchange.sentAtMs / 1000), tariff, energy });
      exchanges.push(exchange);
    }
    return { value, exchanges };
  }

  // A family without a channel has nothing to open; one that has it opens it here.
  async open(): Promise<void> {}
  async close(): Promise<void> {}

  // What the family lacks is said, never made up.
  describe = () => this.#lacks();
  readClock = () => this.#lacks();
  readInstantaneous = () => this.#lacks();
  readPastDayStart = () => this.#lacks();
  readProfileHead = () => this.#lacks();
  readProfile = () => this.#lacks();
  readNewestRecord = () => this.#lacks();
  readJournal = () => this.#lacks();
  readConfiguration = () => this.#lacks();
  readFrozen = () => this.#lacks();
  readItem = () => this.#lacks();
  planWrite = () => this.#lacks();
  performWrite = () => this.#lacks();
  journals = () => Promise.resolve([]);
  inventory = () => Promise.resolve([]);

  #lacks(): Promise<never> {
    return Promise.reject(new AppError('meter/unsupported', 'This driver does not read that'));
  }

  /** One exchange. A real driver repeats transient faults here and makes sure that a late reply is not taken for this one. */
  async #ask<T>(command: Command<T>): Promise<{ value: T; exchange: CompletedExchange }> {
    const { frame, exchange } = await this.#link.exchange(requestOf(this.#meter.address, command));
    return { value: parseReply(command, frame), exchange };
  }
}

function requestOf(address: number, command: Command<unknown>): ExchangeRequest {
  const request = encodeFrame(address, command.body);
  return {
    label: command.label,
    bytes: request,
    replyBytes: Math.max(...command.replyLengths),
    match: (received) => matchReply(address, command.replyLengths, received, { request }),
    timing: TIMING,
  };
}
