import { AppError } from '../../../shared/api/errors.ts';
import type { DecodedField } from '../../../shared/api/methods.ts';
import type { CompletedExchange } from '../../../shared/domain/exchange.ts';
import type { MeterConfiguration } from '../../../shared/domain/meter-configuration.ts';
import type { MeterWrite } from '../../../shared/domain/meter-write.ts';
import type { InstantaneousKey, InstantaneousValues, Quantity } from '../../../shared/domain/quantity.ts';
import type { RegisterKind, RegisterReading } from '../../../shared/domain/register.ts';
import { type UtcSeconds, utcAsWall, wallAsUtc } from '../../../shared/domain/time.ts';
import { CHANNELS } from '../../../shared/domain/channel.ts';
import { dayStartArchiveCommand } from '../../protocol/mercury/archives.ts';
import { intervalStart, readClockCommand, wallToUtc } from '../../protocol/mercury/clock.ts';
import type { Command } from '../../protocol/mercury/command.ts';
import { ENERGY_ARRAYS, energyCommand } from '../../protocol/mercury/energy.ts';
import { hexOf } from '../../protocol/mercury/formats.ts';
import { ratiosCommand, serialNumberCommand } from '../../protocol/mercury/identity.ts';
import { everythingCommand, FALLBACK_GROUPS, groupCommand, groupKeys, withoutOverflow } from '../../protocol/mercury/instantaneous.ts';
import {
  BATCH_RECORDS,
  profileBatchCommand,
  type ProfileRecord,
  profileRecordCommand,
  RECORD_LENGTH,
  relativeRecordsCommand,
  SLOT_LENGTH,
} from '../../protocol/mercury/profile.ts';
import { closeChannel } from '../../protocol/mercury/session.ts';
import type {
  ClockReading,
  FrozenRegisters,
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
import { boundaryOf, midnightUtc } from '../wall-clock.ts';
import { readMeterConfiguration } from './configuration.ts';
import type { Answer } from '../answers.ts';
import { Conversation } from './conversation.ts';
import { canBatch, type Execution, readExecution } from './execution.ts';
import { FINDER_23X } from './finder.ts';
import { freezeBroadcast, readFrozenRegisters } from './frozen.ts';
import { inventoryOf, readInventoryItem } from './inventory.ts';
import { keptJournals, readJournalStep, readNewestRecord } from './journals.ts';
import { locateNewest, RELATIVE } from './newest-record.ts';
import { planRead, slotOf, slotsBackOf } from './profile-ring.ts';
import { BOUNDARY_ARRAYS } from './table.ts';
import { performMeterWrite, planMeterWrite, type WriteContext } from './writes.ts';

/** Mercury 230, 231, 233, 234, 236, 238 and single-phase 203.2TD, 204, 208. */
export const mercury23x: MeterDriver = {
  id: 'mercury-23x',
  title: 'Меркурий 230, 231, 233, 234, 236, 238, 203.2TD, 204, 208',
  finder: FINDER_23X,
  freezeRequest: freezeBroadcast,
  connect: (link, meter, now) => new Mercury23xSession(link, meter, now),
};

/** The smaller of the two rings: addresses stay inside either. */
const SMALLEST_RING_SLOTS = 65536 / SLOT_LENGTH;

class Mercury23xSession implements MeterSession {
  readonly #meter: MeterSettings;
  readonly #conversation: Conversation;
  readonly #now: () => number;
  #execution: Execution | null = null;
  #isOpen = false;

  constructor(link: MeterLink, meter: MeterSettings, now: () => number) {
    this.#meter = meter;
    this.#now = now;
    this.#conversation = new Conversation(link, meter);
  }

  get memory(): MeterMemory {
    return this.#conversation.memory;
  }

  async identify(): Promise<Reading<MeterIdentity>> {
    const { value, exchange } = await this.#conversation.ask(serialNumberCommand());
    this.#conversation.checkSerial(value.serial);
    this.#conversation.learnIdentity(value.serial, null);
    return { value, exchanges: [exchange] };
  }

  async open(): Promise<void> {
    await this.#conversation.open();
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    if (this.#isOpen) await this.#conversation.tell(closeChannel());
    this.#isOpen = false;
  }

  async describe(): Promise<Reading<MeterDescription>> {
    const { identity, firmware, variant, exchanges } = await this.#readExecution();
    const ratios = await this.#conversation.askOptional(ratiosCommand());
    const value = {
      ...identity,
      firmware,
      variantHex: variant?.hex ?? null,
      constantImpPerKwh: variant?.constantImpPerKwh ?? null,
      hasProfile: variant?.hasProfile ?? null,
      ringSlots: variant === null ? null : variant.ringBytes / SLOT_LENGTH,
      phases: variant?.phases ?? null,
      nominalVoltageV: variant?.nominalVoltageV ?? null,
      nominalCurrentA: variant?.nominalCurrentA ?? null,
      sumsByModulus: variant?.sumsByModulus ?? null,
      internalRatioVt: ratios?.value.vt ?? null,
      internalRatioCt: ratios?.value.ct ?? null,
      address: this.#conversation.address,
    };
    return { value, exchanges: ratios === null ? exchanges : [...exchanges, ratios.exchange] };
  }

  async readClock(): Promise<Reading<ClockReading>> {
    const { value, exchange } = await this.#conversation.ask(readClockCommand());
    const { wall, isSummer } = value;
    const meterUtc = wallToUtc(wall, isSummer, this.#meter.clock);
    const deviationMs = Math.round(meterUtc * 1000 - (exchange.sentAtMs + exchange.durationMs / 2));
    return { value: { wall, isSummer, meterUtc, deviationMs }, exchanges: [exchange] };
  }

  async readRegisters(kind: RegisterKind, tariffs: readonly number[], periodsBack: 0 | 1 = 0): Promise<Reading<RegisterReading[]>> {
    if (kind !== 'now') return this.#readBoundary(kind, tariffs, periodsBack);
    // Every meter keeps the sum: a refusal of it is never remembered.
    const answers = await this.#askTariffs(tariffs, (tariff) => energyCommand(ENERGY_ARRAYS.sinceReset, 0, tariff), true);
    const momentUtc = Math.floor(endMs(answers[0]?.exchange) / 1000);
    return {
      value: answers.map(({ value: energy, tariff }) => ({ kind, momentUtc, tariff, energy })),
      exchanges: answers.map(({ exchange }) => exchange),
    };
  }

  async readPastDayStart(day: number): Promise<Reading<RegisterReading[]>> {
    const { variant } = await this.#readExecution();
    if (variant?.hasExtendedArrays !== true)
      throw new AppError('meter/unsupported', 'The meter keeps no archive by date (variant byte 6 bit 6)');
    const midnight = utcAsWall(day * 86_400);
    const { value, exchange } = await this.#conversation.ask(dayStartArchiveCommand(midnight, 0));
    // Zeros may stand for a day that is not held, and prove nothing.
    const isHeld = CHANNELS.some((channel) => (value[channel] ?? 0) > 0);
    const reading = { kind: 'day-start' as const, momentUtc: midnightUtc(midnight, this.#meter.clock), tariff: 0, energy: value };
    return { value: isHeld ? [reading] : [], exchanges: [exchange] };
  }

  async readInstantaneous(): Promise<Reading<InstantaneousValues>> {
    const everything = await this.#conversation.askOptional(everythingCommand());
    if (everything !== null) return { value: withoutOverflow(everything.value), exchanges: [everything.exchange] };
    const values: Partial<Record<InstantaneousKey, Quantity | null>> = {};
    const exchanges: CompletedExchange[] = [];
    for (const bwri of FALLBACK_GROUPS) {
      const answer = await this.#conversation.askOptional(groupCommand(bwri));
      if (answer !== null) exchanges.push(answer.exchange);
      Object.assign(values, answer?.value ?? Object.fromEntries(groupKeys(bwri).map((key) => [key, null])));
    }
    if (exchanges.length === 0) throw new AppError('meter/unsupported', 'The meter has no instantaneous values');
    return { value: withoutOverflow(values), exchanges };
  }

  async readProfileHead(): Promise<Reading<ProfileHead>> {
    const { variant, firmware } = await this.#readExecution();
    if (variant?.hasProfile === false) throw new AppError('meter/unsupported', 'The meter keeps no load profile (variant byte 2 bit 5)');
    const ringSlots = variant === null ? SMALLEST_RING_SLOTS : variant.ringBytes / SLOT_LENGTH;
    const exchanges: CompletedExchange[] = [];
    const { head, slot } = await locateNewest(this.#conversation, firmware, ringSlots, exchanges);
    const { stamp, status, periodMin } = head;
    const newestStartUtc = stamp === null || slot === null ? null : intervalStart(stamp, !status.isWinter, periodMin, this.#meter.clock);
    const hasBatch = canBatch(firmware) && !this.#conversation.isUnsupported(profileBatchCommand(0));
    return {
      value: {
        newestStartUtc,
        periodMin,
        ringSlots,
        place: slot === RELATIVE ? null : slot,
        hasOverflowed: status.hasOverflowed,
        isCalendar: false,
        maxBatch: hasBatch && slot !== RELATIVE ? BATCH_RECORDS : 1,
        position: slot,
      },
      exchanges,
    };
  }

  async readProfile(head: ProfileHead, slotsBack: number, count: number): Promise<Reading<ProfileSlot[]>> {
    const { ringSlots, position } = head;
    if (position === RELATIVE) return this.#readRelative(ringSlots, slotsBack, count);
    if (typeof position !== 'number' || slotsBack < 0 || slotsBack >= ringSlots || count < 1) return { value: [], exchanges: [] };
    const wanted = Math.min(count, ringSlots - slotsBack);
    const plan = planRead(position, ringSlots, slotsBack, wanted, head.maxBatch > 1);
    const batch = plan.records > 1 ? await this.#conversation.askOptional(profileBatchCommand(plan.firstSlot), { isRefusal: true }) : null;
    const single = planRead(position, ringSlots, slotsBack, 1, false);
    const answer: Answer<readonly ProfileRecord[]> = batch ?? (await this.#readRecord(single.firstSlot));
    const { firstSlot } = batch === null ? single : plan;
    const slots = answer.value.flatMap((record, index) => {
      const back = slotsBackOf(firstSlot + index, position, ringSlots);
      if (back < slotsBack || back >= slotsBack + wanted) return [];
      const start = 1 + index * RECORD_LENGTH;
      return [slotOf(record, back, this.#meter.clock, () => hexOf(answer.frame.subarray(start, start + RECORD_LENGTH)))];
    });
    return { value: slots, exchanges: [answer.exchange] };
  }

  async journals(): Promise<readonly number[]> {
    return keptJournals(await this.#readExecution(), this.#conversation);
  }

  async readNewestRecord(journal: number): Promise<Reading<string | null>> {
    return readNewestRecord(this.#conversation, await this.#readExecution(), journal);
  }

  async readJournal(journal: number, step: number): Promise<Reading<JournalStep>> {
    return readJournalStep(this.#conversation, await this.#readExecution(), this.#meter.clock, journal, step);
  }

  async readConfiguration(): Promise<Reading<MeterConfiguration>> {
    return readMeterConfiguration(this.#conversation, await this.#readExecution());
  }

  readFrozen(tariff: number): Promise<Reading<FrozenRegisters>> {
    return readFrozenRegisters(this.#conversation, this.#meter.clock, tariff);
  }

  async inventory(): Promise<readonly InventoryItem[]> {
    return inventoryOf(await this.#readExecution(), this.#conversation, this.#nowUtc(), this.#meter.clock);
  }

  async readItem(key: string): Promise<Reading<readonly DecodedField[]>> {
    return readInventoryItem(this.#conversation, await this.#readExecution(), this.#nowUtc(), this.#meter.clock, key);
  }

  async planWrite(write: MeterWrite): Promise<Reading<PlannedWrite>> {
    return planMeterWrite(await this.#writeContext(), write);
  }

  async performWrite(write: MeterWrite): Promise<Reading<WriteReport>> {
    return performMeterWrite(await this.#writeContext(), write);
  }

  async #writeContext(): Promise<WriteContext> {
    const { clock: basis, accessLevel } = this.#meter;
    return { conversation: this.#conversation, execution: await this.#readExecution(), basis, accessLevel, now: this.#now };
  }

  #nowUtc(): UtcSeconds {
    return Math.floor(this.#now() / 1000);
  }

  /** Once a session: the ring's size and the firmware decide how the profile is read. */
  async #readExecution(): Promise<Execution> {
    if (this.#execution !== null) return this.#execution;
    const execution = await readExecution(this.#conversation);
    this.#conversation.checkSerial(execution.identity.serial);
    this.#conversation.learnIdentity(execution.identity.serial, execution.firmware);
    this.#execution = execution;
    return execution;
  }

  /** Frozen registers say nothing of their moment: it follows from the meter's clock, read just before them. */
  async #readBoundary(
    kind: Exclude<RegisterKind, 'now'>,
    tariffs: readonly number[],
    periodsBack: 0 | 1,
  ): Promise<Reading<RegisterReading[]>> {
    const clock = await this.#conversation.ask(readClockCommand());
    const { wall } = clock.value;
    const atStart = boundaryOf(kind, periodsBack, wall, 0);
    const month = kind === 'month-start' ? (atStart?.month ?? 0) : 0;
    const answers =
      atStart === null ? [] : await this.#askTariffs(tariffs, (tariff) => energyCommand(BOUNDARY_ARRAYS[kind][periodsBack], month, tariff));
    const elapsedS = Math.ceil((endMs(answers.at(-1)?.exchange ?? clock.exchange) - clock.exchange.sentAtMs) / 1000);
    const boundary = boundaryOf(kind, periodsBack, wall, elapsedS);
    if (boundary === null || atStart === null || wallAsUtc(boundary) !== wallAsUtc(atStart)) {
      throw new AppError('meter/refused', 'The day of the meter is changing: its registers may be of either day', { context: { kind } });
    }
    const momentUtc = midnightUtc(boundary, this.#meter.clock);
    return {
      value: answers.map(({ value: energy, tariff }) => ({ kind, momentUtc, tariff, energy })),
      exchanges: [clock.exchange, ...answers.map(({ exchange }) => exchange)],
    };
  }

  /** One record by how far it lies behind the newest: the ring has no addresses that can be trusted. */
  async #readRelative(ringSlots: number, slotsBack: number, count: number): Promise<Reading<ProfileSlot[]>> {
    if (slotsBack < 0 || slotsBack >= ringSlots || count < 1) return { value: [], exchanges: [] };
    const { value, exchange, frame } = await this.#conversation.ask(relativeRecordsCommand(slotsBack, 1));
    const hex = () => hexOf(frame.subarray(1, 1 + RECORD_LENGTH));
    return { value: value.map((record) => slotOf(record, slotsBack, this.#meter.clock, hex)), exchanges: [exchange] };
  }

  async #readRecord(slot: number): Promise<Answer<readonly ProfileRecord[]>> {
    const { value, exchange, frame } = await this.#conversation.ask(profileRecordCommand(slot));
    return { value: [value], exchange, frame };
  }

  /**
   * A tariff that the meter does not keep is left out and remembered, but for the sum where `hasSum`; a meter that keeps none of
   * them lacks the whole kind.
   */
  async #askTariffs<T>(
    tariffs: readonly number[],
    command: (tariff: number) => Command<T>,
    hasSum = false,
  ): Promise<(Answer<T> & { readonly tariff: number })[]> {
    const answers: (Answer<T> & { readonly tariff: number })[] = [];
    for (const tariff of tariffs) {
      const isRemembered = !hasSum || tariff !== 0;
      const answer = await this.#conversation.askOptional(command(tariff), { isSilence: false, isRemembered });
      if (answer !== null) answers.push({ ...answer, tariff });
    }
    if (answers.length === 0 && tariffs.length > 0) throw new AppError('meter/unsupported', 'The meter keeps none of these registers');
    return answers;
  }
}

function endMs(exchange: CompletedExchange | undefined): number {
  return exchange === undefined ? 0 : exchange.sentAtMs + exchange.durationMs;
}
