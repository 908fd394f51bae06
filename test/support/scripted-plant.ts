/** A plant of scripted meters for tests of the engine alone: no bytes, no sockets, every exchange costs fake time. */
import { blueprintDriver } from '../../src/main/drivers/blueprint/driver.ts';
import type {
  FrozenRegisters,
  MeterDriver,
  MeterMemory,
  MeterSession,
  ProfileHead,
  ProfileSlot,
  Reading,
} from '../../src/main/drivers/driver.ts';
import type { EngineLine, EngineStore } from '../../src/main/engine/ports.ts';
import { mergeRanges } from '../../src/main/engine/ranges.ts';
import { AppError } from '../../src/shared/api/errors.ts';
import type { MeterBatch } from '../../src/shared/domain/batch.ts';
import type { ExchangeReply, ExchangeRequest } from '../../src/shared/domain/exchange.ts';
import type { Gap } from '../../src/shared/domain/gap.ts';
import type { JournalRead, MeterEvent } from '../../src/shared/domain/meter-event.ts';
import type { MeterInterval } from '../../src/shared/domain/interval.ts';
import { NO_FACTS } from '../../src/shared/domain/meter.ts';
import type { LinkedMeter, Plant } from '../../src/shared/domain/plant.ts';
import type { StrangerSighting } from '../../src/shared/domain/stranger.ts';
import type { FakeClock } from './fake-clock.ts';

const PERIOD_S = 1800;
const EXCHANGE_MS = 30;
/** Since when scripted registers count. */
const SINCE_MS = Date.parse('2026-11-01T00:00:00Z');
const FREEZE: ExchangeRequest = {
  label: 'freeze',
  bytes: Uint8Array.of(0xfe, 0x03, 0x08),
  replyBytes: 0,
  match: () => ({ kind: 'incomplete', missing: 1 }),
  timing: { silenceMs: 5, firstByteMs: 0, interByteMs: 0 },
};

/** A meter as the script wants it; tests change the fields while the engine runs. */
export class ScriptedMeter {
  readonly record: LinkedMeter;
  isDead = false;
  refusesPassword = false;
  answersAs: string;
  clockDeviationMs = 0;
  /** Its records are stamped by its own clock, as a real meter's are: for a PC whose clock is wrong. */
  stampsByItsClock = false;
  /** Starts that the meter never recorded. */
  readonly holes = new Set<number>();
  /** Number of a journal -> what each step through it brings. */
  readonly journals = new Map<number, readonly (readonly MeterEvent[] | AppError)[]>();
  /** Number of a journal -> what it tells of its newest record; without it it tells nothing. */
  readonly newestRecords = new Map<number, string>();
  newestReads = 0;
  journalReads = 0;
  keepsPastDays = true;
  /** Days that were asked for. */
  readonly pastDays: number[] = [];
  hasProfile = true;
  /** How its registers are had at a boundary; null = in no way. */
  freezing: 'freeze' | 'timed' | null = 'freeze';
  /** Broadcasts that it will not hear. */
  missedFreezes = 0;
  /** What it lies about the moment of the freeze, milliseconds. */
  freezeStampErrorMs = 0;
  /** Taken from its registers at a moment: a meter was put back, or reset. */
  registerLossWh = 0;
  frozen: { readonly atMs: number; readonly energy: MeterInterval['counts'] } | null = null;
  frozenReads = 0;
  firmware = '9.0.0';
  /** What a session learns at once, and what the last one was given. */
  teaches: MeterMemory = {};
  remembered: MeterMemory = {};
  exchanges = 0;
  opens = 0;

  constructor(id: number, lineId: number) {
    const serial = String(10_000_000 + id);
    this.answersAs = serial;
    this.record = {
      id,
      lineId,
      driver: 'mercury-23x',
      serial,
      address: id,
      accessLevel: 1,
      hasPassword: false,
      clock: { offsetMin: 180, seasonBit: 'ignored' },
      removedUtc: null,
      quarantinedUtc: null,
      facts: NO_FACTS,
    };
  }

  /** Its registers: 2 Wh a second, and half of it reactive. */
  registers(atMs: number): MeterInterval['counts'] {
    const wh = Math.floor((atMs - SINCE_MS) / 500) - this.registerLossWh;
    return { 'A+': wh, 'A-': null, 'R+': Math.floor(wh / 2), 'R-': null };
  }

  /** A broadcast comes by. */
  freeze(atMs: number): void {
    if (this.isDead || this.freezing !== 'freeze') return;
    if (this.missedFreezes > 0) this.missedFreezes -= 1;
    else this.frozen = { atMs, energy: this.registers(atMs) };
  }

  /** What this meter recorded in an interval: the truth that the store must end up with. */
  counts(startUtc: number): MeterInterval['counts'] {
    return { 'A+': ((startUtc / PERIOD_S) * 7 + this.record.id) % 1000, 'A-': null, 'R+': this.record.id, 'R-': null };
  }
}

export class ScriptedLine implements EngineLine {
  readonly baudRate = 9600;
  readonly clock: FakeClock;
  isDown = false;
  opens = 0;
  /** The meter and moment of each exchange, in order. */
  readonly log: { readonly meterId: number; readonly atMs: number }[] = [];

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  async open(): Promise<void> {
    this.opens += 1;
    if (this.isDown) throw new AppError('line/open-failed', 'refused');
  }

  /** What the port was retuned to, in order. */
  readonly settings: (string | null)[] = [];

  async close(): Promise<void> {}

  /** Milliseconds since 1970 of every broadcast, and what becomes of it. */
  readonly broadcasts: number[] = [];
  onBroadcast = () => {};

  /** Scripted meters have no bytes: only a broadcast goes this way. */
  async exchange(request: ExchangeRequest): Promise<ExchangeReply> {
    if (this.isDown) throw new AppError('line/lost', 'torn away');
    const sentAtMs = this.clock.now();
    this.broadcasts.push(sentAtMs);
    this.onBroadcast();
    await this.clock.sleep(EXCHANGE_MS);
    const { label, bytes } = request;
    const nothing = new Uint8Array(0);
    const exchange = {
      label,
      request: bytes,
      response: nothing,
      received: nothing,
      sentAtMs,
      firstByteMs: null,
      durationMs: EXCHANGE_MS,
      attempt: 1,
    };
    return { frame: nothing, exchange };
  }

  listen(): Promise<never> {
    throw new Error('scripted meters have no bytes');
  }

  async retune(setting: string | null): Promise<void> {
    if (this.isDown) throw new AppError('line/lost', 'torn away');
    this.settings.push(setting);
  }

  observe(): () => void {
    return () => {};
  }

  counters() {
    return { exchanges: this.log.length, failures: 0, bytes: 0, busyMs: 0, lastExchangeAtMs: null };
  }
}

export class MemoryStore implements EngineStore {
  readonly intervals = new Map<number, Map<number, MeterInterval>>();
  readonly gapRows = new Map<number, Omit<Gap, 'meterId'>[]>();
  /** Rows that an earlier run left open. */
  readonly leftOpen: Gap[] = [];
  readonly batches: MeterBatch[] = [];
  duplicates = 0;
  fault: AppError | null = null;

  async commit(batch: MeterBatch): Promise<void> {
    if (this.fault !== null) throw this.fault;
    this.batches.push(batch);
    const known = this.intervals.get(batch.meterId) ?? new Map<number, MeterInterval>();
    for (const interval of batch.intervals ?? []) {
      if (known.has(interval.startUtc)) this.duplicates += 1;
      known.set(interval.startUtc, interval);
    }
    this.intervals.set(batch.meterId, known);
    if (batch.gaps !== undefined) this.gapRows.set(batch.meterId, [...(this.gapRows.get(batch.meterId) ?? []), ...batch.gaps]);
  }

  async flush(): Promise<void> {}

  coveredRanges(meterId: number, fromUtc: number, toUtc: number) {
    const starts = [...(this.intervals.get(meterId)?.keys() ?? [])].filter((start) => start >= fromUtc && start < toUtc);
    return mergeRanges(starts.map((start) => ({ fromUtc: start, toUtc: start + PERIOD_S })));
  }

  gaps(meterId: number): Gap[] {
    const proven = (this.gapRows.get(meterId) ?? []).filter(({ state }) => state === 'proven-absent').map((row) => ({ ...row, meterId }));
    return [...this.leftOpen.filter((gap) => gap.meterId === meterId), ...proven];
  }

  /** Days whose registers are stored are not asked for: all of them, unless a test says otherwise. */
  isDayKnown: (startUtc: number) => boolean = () => true;

  dayStarts(_meterId: number, fromUtc: number, toUtc: number): number[] {
    const days = Array.from({ length: Math.ceil((toUtc - fromUtc) / 86_400) }, (_, index) => fromUtc + index * 86_400);
    return days.filter((start) => this.isDayKnown(start));
  }

  journalReads(meterId: number): JournalRead[] {
    return this.batches.flatMap((batch) => (batch.meterId === meterId && batch.journalRead !== undefined ? [batch.journalRead] : []));
  }

  password(): null {
    return null;
  }

  readonly sightings: StrangerSighting[] = [];
  /** Meters that are taken into quarantine when they are heard in place of another. */
  readonly strangers: LinkedMeter[] = [];
  readonly refusals: number[] = [];

  meetStranger(sighting: StrangerSighting): LinkedMeter | null {
    if (this.fault !== null) throw this.fault;
    this.sightings.push(sighting);
    return this.strangers.find(({ id, serial }) => serial === sighting.serial && !this.refusals.includes(id)) ?? null;
  }

  refusedInQuarantine(meterId: number): void {
    this.refusals.push(meterId);
  }

  /** The reason that the ledger last gave for this meter. */
  lastReason(meterId: number): string | undefined {
    return this.gapRows.get(meterId)?.at(-1)?.reason;
  }
}

export function plantOf(meters: readonly ScriptedMeter[]): Plant {
  const lineIds = [...new Set(meters.map(({ record }) => record.lineId))];
  return {
    lines: lineIds.map((id) => ({ id, name: `line ${id}`, address: `tcp:127.0.0.1:${4000 + id}` })),
    substations: [],
    points: [],
    installations: [],
    meters: meters.map(({ record }) => record),
  };
}

export function scriptedDriver(
  meters: readonly ScriptedMeter[],
  lines: ReadonlyMap<number, ScriptedLine>,
  clock: FakeClock,
  historyDays = 60,
): MeterDriver {
  for (const [lineId, line] of lines) {
    line.onBroadcast = () => {
      for (const meter of meters) if (meter.record.lineId === lineId) meter.freeze(clock.now());
    };
  }
  return {
    id: 'mercury-23x',
    title: 'scripted',
    finder: blueprintDriver('mercury-23x').finder,
    freezeRequest: () => FREEZE,
    connect(_link, settings): MeterSession {
      const meter = meters.find(({ record }) => record.serial === settings.expectedSerial);
      const line = lines.get(meter?.record.lineId ?? -1);
      if (meter === undefined || line === undefined) throw new Error('no such scripted meter');
      return new ScriptedSession(meter, line, clock, historyDays, settings.memory);
    },
  };
}

class ScriptedSession implements MeterSession {
  readonly memory: MeterMemory;
  readonly #meter: ScriptedMeter;
  readonly #line: ScriptedLine;
  readonly #clock: FakeClock;
  readonly #historyDays: number;

  constructor(meter: ScriptedMeter, line: ScriptedLine, clock: FakeClock, historyDays: number, memory: MeterMemory) {
    meter.remembered = memory;
    this.memory = { ...memory, ...meter.teaches };
    this.#meter = meter;
    this.#line = line;
    this.#clock = clock;
    this.#historyDays = historyDays;
  }

  async identify() {
    await this.#exchange();
    if (this.#meter.answersAs !== this.#meter.record.serial) {
      throw new AppError('meter/wrong-serial', 'another meter answers', { context: { actual: this.#meter.answersAs } });
    }
    return { value: { serial: this.#meter.record.serial, manufactured: null }, exchanges: [] };
  }

  async open() {
    await this.#exchange();
    this.#meter.opens += 1;
    if (this.#meter.refusesPassword) throw new AppError('session/denied', 'password refused');
  }

  async describe() {
    await this.#exchange();
    return {
      value: {
        serial: this.#meter.record.serial,
        manufactured: null,
        firmware: this.#meter.firmware,
        variantHex: null,
        constantImpPerKwh: 1000,
        hasProfile: this.#meter.hasProfile,
        ringSlots: 4096,
        phases: 3 as const,
        nominalVoltageV: null,
        nominalCurrentA: null,
        sumsByModulus: null,
        internalRatioVt: null,
        internalRatioCt: null,
        address: this.#meter.record.address,
      },
      exchanges: [],
    };
  }

  async readClock() {
    await this.#exchange();
    const wall = { year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 0 };
    return {
      value: { wall, isSummer: false, meterUtc: Math.floor(this.#clock.now() / 1000), deviationMs: this.#meter.clockDeviationMs },
      exchanges: [],
    };
  }

  async readRegisters() {
    await this.#exchange();
    return { value: [], exchanges: [] };
  }

  async readPastDayStart(day: number) {
    await this.#exchange();
    this.#meter.pastDays.push(day);
    if (!this.#meter.keepsPastDays) throw new AppError('meter/unsupported', 'no archive');
    const reading = { kind: 'day-start' as const, momentUtc: day * 86_400, tariff: 0, energy: this.#meter.registers(day * 86_400_000) };
    return { value: [reading], exchanges: [] };
  }

  async readInstantaneous() {
    await this.#exchange();
    return { value: { P: { count: 100, scale: -2, unit: 'W' as const } }, exchanges: [] };
  }

  async readProfileHead() {
    await this.#exchange();
    const { stampsByItsClock, clockDeviationMs } = this.#meter;
    const nowS = (this.#clock.now() + (stampsByItsClock ? clockDeviationMs : 0)) / 1000;
    const newestStartUtc = Math.floor(nowS / PERIOD_S) * PERIOD_S - PERIOD_S;
    return {
      value: {
        newestStartUtc,
        periodMin: 30,
        ringSlots: 4096,
        place: null,
        hasOverflowed: null,
        isCalendar: false,
        maxBatch: 17,
        position: null,
      },
      exchanges: [],
    };
  }

  async readProfile(head: ProfileHead, slotsBack: number, count: number) {
    await this.#exchange();
    const newest = head.newestStartUtc ?? 0;
    const oldest = newest - this.#historyDays * 86_400;
    const slots: ProfileSlot[] = Array.from({ length: count }, (_, index) => {
      const back = slotsBack + count - 1 - index;
      const startUtc = newest - back * PERIOD_S;
      if (startUtc < oldest || this.#meter.holes.has(startUtc)) return { slotsBack: back, kind: 'never-written' };
      const interval = { startUtc, lengthS: PERIOD_S, counts: this.#meter.counts(startUtc), flags: [] };
      return {
        slotsBack: back,
        kind: 'interval',
        interval,
        isCut: false,
        stamp: { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 },
      };
    });
    return { value: slots, exchanges: [] };
  }

  async journals() {
    return [...this.#meter.journals.keys()];
  }

  async readNewestRecord(journal: number): Promise<Reading<string | null>> {
    const newest = this.#meter.newestRecords.get(journal) ?? null;
    if (newest === null) return { value: null, exchanges: [] };
    await this.#exchange();
    this.#meter.newestReads += 1;
    return { value: newest, exchanges: [] };
  }

  async readJournal(journal: number, step: number) {
    await this.#exchange();
    this.#meter.journalReads += 1;
    const steps = this.#meter.journals.get(journal) ?? [];
    const events = steps[step] ?? [];
    if (events instanceof AppError) throw events;
    return { value: { events, next: step + 1 < steps.length ? step + 1 : null }, exchanges: [] };
  }

  async readFrozen(): Promise<Reading<FrozenRegisters>> {
    await this.#exchange();
    const { freezing, frozen, freezeStampErrorMs, clockDeviationMs } = this.#meter;
    this.#meter.frozenReads += 1;
    if (freezing === null) return this.#lacks();
    const nowMs = this.#clock.now();
    if (freezing === 'timed' || frozen === null) {
      const momentUtc = Math.floor(nowMs / 1000);
      const reading = { kind: 'now' as const, momentUtc, tariff: 0, energy: this.#meter.registers(nowMs) };
      return { value: { frozenAtUtc: null, reading, method: 'timed' }, exchanges: [] };
    }
    const frozenAtUtc = Math.floor((frozen.atMs + clockDeviationMs + freezeStampErrorMs) / 1000);
    const reading = { kind: 'now' as const, momentUtc: frozenAtUtc, tariff: 0, energy: frozen.energy };
    return { value: { frozenAtUtc, reading, method: 'freeze' }, exchanges: [] };
  }

  inventory = () => Promise.resolve([]);
  readConfiguration = () => this.#lacks();
  readItem = () => this.#lacks();
  planWrite = () => this.#lacks();
  performWrite = () => this.#lacks();

  async close() {}

  #lacks(): Promise<never> {
    return Promise.reject(new AppError('meter/unsupported', 'a scripted meter has none of that'));
  }

  async #exchange(): Promise<void> {
    if (this.#line.isDown) throw new AppError('line/lost', 'torn away');
    this.#meter.exchanges += 1;
    this.#line.log.push({ meterId: this.#meter.record.id, atMs: this.#clock.monotonic() });
    await this.#clock.sleep(this.#meter.isDead ? 650 : EXCHANGE_MS);
    if (this.#meter.isDead) throw new AppError('transport/timeout', 'no answer');
    if (this.#line.isDown) throw new AppError('line/lost', 'torn away');
  }
}
