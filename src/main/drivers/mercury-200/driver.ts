import { AppError } from '../../../shared/api/errors.ts';
import type { DecodedField } from '../../../shared/api/methods.ts';
import type { CompletedExchange } from '../../../shared/domain/exchange.ts';
import type { MeterConfiguration } from '../../../shared/domain/meter-configuration.ts';
import type { MeterWrite } from '../../../shared/domain/meter-write.ts';
import type { InstantaneousValues } from '../../../shared/domain/quantity.ts';
import type { RegisterKind, RegisterReading } from '../../../shared/domain/register.ts';
import { BLOCK_HALF_HOURS, HALF_HOUR_CONSTANT } from '../../protocol/mercury-200/archive.ts';
import { clockCommand, seasonFlagCommand } from '../../protocol/mercury-200/clock.ts';
import { decode200 } from '../../protocol/mercury-200/decode.ts';
import { executionCommand, firmwareCommand, manufacturedCommand, serialNumberCommand } from '../../protocol/mercury-200/identity.ts';
import {
  frequencyCommand,
  loadPowerCommand,
  mainsCommand,
  powerFactorCommand,
  reactivePowerCommand,
} from '../../protocol/mercury-200/instantaneous.ts';
import { wallToUtc } from '../../protocol/mercury/clock.ts';
import type {
  ClockReading,
  InventoryItem,
  JournalStep,
  MeterDescription,
  MeterDriver,
  MeterIdentity,
  MeterLink,
  MeterMemory,
  MeterSession,
  MeterSettings,
  ProfileHead,
  ProfileSlot,
  Reading,
  PlannedWrite,
  WriteReport,
} from '../driver.ts';
import type { Answer } from '../answers.ts';
import { Conversation, requireAnswer } from './conversation.ts';
import { EVENT_JOURNALS, EventReader } from './events.ts';
import { FINDER_200 } from './finder.ts';
import { keepsNoHalfHours, newestHalfHour, PERIOD_MIN, readSlots } from './half-hours.ts';
import { inventoryEntries } from './inventory.ts';
import { readBoundary, readPastDayStart, readRunning } from './registers.ts';
import { performChange, planChange } from './setting-writes.ts';
import { PROFILE_DAYS } from './table.ts';

/** Single-phase Mercury 200, 201, 203 (not 203.2TD) and 206. */
export const mercury200: MeterDriver = {
  id: 'mercury-200',
  title: 'Меркурий 200, 201, 203, 206',
  finder: FINDER_200,
  freezeRequest: () => null,
  connect: (link, meter, now) => new Mercury200Session(link, meter, now),
};

const RING_SLOTS = PROFILE_DAYS * 24 * (60 / PERIOD_MIN);

class Mercury200Session implements MeterSession {
  readonly #meter: MeterSettings;
  readonly #conversation: Conversation;
  readonly #events: EventReader;
  readonly #now: () => number;

  constructor(link: MeterLink, meter: MeterSettings, now: () => number) {
    this.#meter = meter;
    this.#conversation = new Conversation(link, meter);
    this.#events = new EventReader(this.#conversation, meter.clock);
    this.#now = now;
  }

  get memory(): MeterMemory {
    return this.#conversation.memory;
  }

  async identify(): Promise<Reading<MeterIdentity>> {
    const { value: serial, exchange } = await this.#conversation.ask(serialNumberCommand());
    this.#conversation.checkSerial(serial);
    this.#conversation.learnIdentity(serial, null);
    return { value: { serial, manufactured: null }, exchanges: [exchange] };
  }

  /** The family has no channel: every read stands for itself. */
  open(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async describe(): Promise<Reading<MeterDescription>> {
    const identity = await this.#conversation.ask(serialNumberCommand());
    this.#conversation.checkSerial(identity.value);
    const firmware = await this.#conversation.askOptional(firmwareCommand());
    this.#conversation.learnIdentity(identity.value, firmware?.value.version ?? null);
    const manufactured = await this.#conversation.askOptional(manufacturedCommand());
    const execution = await this.#conversation.askOptional(executionCommand());
    return {
      value: {
        serial: identity.value,
        manufactured: manufactured?.value ?? null,
        firmware: firmware?.value.version ?? null,
        variantHex: execution?.value.hex ?? null,
        constantImpPerKwh: HALF_HOUR_CONSTANT,
        hasProfile: keepsNoHalfHours(this.#conversation) ? false : null,
        ringSlots: null,
        phases: 1,
        nominalVoltageV: null,
        nominalCurrentA: null,
        sumsByModulus: null,
        internalRatioVt: null,
        internalRatioCt: null,
        address: this.#conversation.address,
      },
      exchanges: exchangesOf([identity, firmware, manufactured, execution]),
    };
  }

  async readClock(): Promise<Reading<ClockReading>> {
    const { value, exchange } = await this.#conversation.ask(clockCommand());
    // The clock says no season: its wall time is taken by the meter's offset alone.
    const meterUtc = wallToUtc(value.wall, false, this.#meter.clock);
    const deviationMs = Math.round(meterUtc * 1000 - (exchange.sentAtMs + exchange.durationMs / 2));
    return { value: { wall: value.wall, isSummer: false, meterUtc, deviationMs }, exchanges: [exchange] };
  }

  readRegisters(kind: RegisterKind, tariffs: readonly number[], periodsBack: 0 | 1 = 0): Promise<Reading<RegisterReading[]>> {
    if (kind === 'now') return readRunning(this.#conversation, tariffs);
    return readBoundary(this.#conversation, kind, periodsBack, tariffs, this.#meter.clock);
  }

  readPastDayStart(day: number): Promise<Reading<RegisterReading[]>> {
    return readPastDayStart(this.#conversation, day, this.#meter.clock);
  }

  async readInstantaneous(): Promise<Reading<InstantaneousValues>> {
    const mains = await this.#conversation.askOptional(mainsCommand());
    const power = mains === null ? await this.#conversation.askOptional(loadPowerCommand()) : null;
    const others = [];
    for (const command of [frequencyCommand(), reactivePowerCommand(), powerFactorCommand()]) {
      others.push(await this.#conversation.askOptional(command));
    }
    const answers = [mains, power, ...others];
    const exchanges = exchangesOf(answers);
    if (exchanges.length === 0) throw new AppError('meter/unsupported', 'The meter has no instantaneous values');
    const absent = { U1: null, I1: null, P: null, Q: null, S: null, cos: null, F: null };
    return { value: Object.assign(absent, ...answers.map((answer) => answer?.value ?? {})), exchanges };
  }

  async readProfileHead(): Promise<Reading<ProfileHead>> {
    const exchanges: CompletedExchange[] = [];
    const newestS = await newestHalfHour(this.#conversation, exchanges);
    const newestStartUtc = newestS - this.#meter.clock.offsetMin * 60;
    const value = {
      newestStartUtc,
      periodMin: PERIOD_MIN,
      ringSlots: RING_SLOTS,
      place: null,
      hasOverflowed: null,
      isCalendar: true,
      maxBatch: BLOCK_HALF_HOURS,
      position: newestS,
    };
    return { value, exchanges };
  }

  async readProfile(head: ProfileHead, slotsBack: number, count: number): Promise<Reading<ProfileSlot[]>> {
    const { position, ringSlots } = head;
    if (typeof position !== 'number' || slotsBack < 0 || slotsBack >= ringSlots || count < 1) return { value: [], exchanges: [] };
    const exchanges: CompletedExchange[] = [];
    const wanted = Math.min(count, ringSlots - slotsBack);
    return { value: await readSlots(this.#conversation, position, slotsBack, wanted, this.#meter.clock, exchanges), exchanges };
  }

  journals(): Promise<readonly number[]> {
    return Promise.resolve(EVENT_JOURNALS);
  }

  readNewestRecord(journal: number): Promise<Reading<string | null>> {
    return this.#events.readNewest(journal);
  }

  readJournal(journal: number, step: number): Promise<Reading<JournalStep>> {
    return this.#events.readStep(journal, step);
  }

  async readConfiguration(): Promise<Reading<MeterConfiguration>> {
    const firmware = await this.#conversation.askOptional(firmwareCommand());
    const season = await this.#conversation.askOptional(seasonFlagCommand());
    return {
      value: {
        firmware: firmware?.value.version ?? null,
        constantImpPerKwh: HALF_HOUR_CONSTANT,
        hasProfile: keepsNoHalfHours(this.#conversation) ? false : null,
        profilePeriodMin: keepsNoHalfHours(this.#conversation) ? null : PERIOD_MIN,
        ringSlots: null,
        readsBatches: null,
        switchesSeason: season === null ? null : season.value !== 0,
        sumsByModulus: null,
        ratioVt: null,
        ratioCt: null,
        repeatsCode: null,
        faults: null,
        hasDefaultPassword: null,
        networkAddress: this.#conversation.address,
      },
      exchanges: exchangesOf([firmware, season]),
    };
  }

  readFrozen(): Promise<never> {
    return Promise.reject(new AppError('meter/unsupported', 'The family freezes no registers'));
  }

  inventory(): Promise<readonly InventoryItem[]> {
    const known = inventoryEntries().filter(({ command, memoryName }) => !this.#conversation.isUnsupported(command, memoryName));
    return Promise.resolve(known.map(({ key, group, label }) => ({ key, group, label })));
  }

  async readItem(key: string): Promise<Reading<readonly DecodedField[]>> {
    const entry = inventoryEntries().find((candidate) => candidate.key === key);
    if (entry === undefined) throw new AppError('api/not-found', `The meter has no item "${key}"`);
    const { command, memoryName, isLasting } = entry;
    const answer = isLasting
      ? await this.#conversation.askOptional(command, memoryName)
      : await this.#conversation.askUnlessSilent(command);
    const { exchange, frame } = requireAnswer(answer, entry.label);
    const decoded = decode200(exchange.request, frame);
    return { value: decoded.ok ? decoded.fields.filter((field) => field.in === 'response') : [], exchanges: [exchange] };
  }

  planWrite(write: MeterWrite): Promise<Reading<PlannedWrite>> {
    return planChange(this.#conversation, write, this.#meter.clock, this.#now());
  }

  performWrite(write: MeterWrite): Promise<Reading<WriteReport>> {
    return performChange(this.#conversation, write, this.#meter.clock, this.#now);
  }
}

function exchangesOf(answers: readonly (Answer<unknown> | null)[]): CompletedExchange[] {
  return answers.flatMap((answer) => (answer === null ? [] : [answer.exchange]));
}
