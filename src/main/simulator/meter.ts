import type { Clock } from '../platform/clock.ts';
import type { MeterSpec23x } from './assembly.ts';
import { archiveData, energyData, maximaData, quadrantData, registersData } from './energy-commands.ts';
import { DAY_S, wallFields, type WallSeconds } from './energy.ts';
import type { Family23x } from './families.ts';
import { type Change, INSTALLATION_S, InstalledMeter, type PlantEvent } from './installed-meter.ts';
import { frozenValues, groupValues, singleValue } from './instantaneous-commands.ts';
import { instantaneousAt } from './instantaneous.ts';
import { Journals } from './journals.ts';
import type { SlotCounts } from './load.ts';
import type { RunSeconds } from './meter-clock.ts';
import { parameterData } from './parameters.ts';
import { ProfileMemory, type MemoryRead } from './profile.ts';
import { settingsOf, type MeterSettings } from './settings.ts';
import { bcd, frame } from './wire.ts';
import { performWrite, type WriteTarget } from './writes.ts';

/** Reply without address and checksum; `null` = the meter stays silent. */
export type Answer = readonly number[] | null;

/** Status replies (mercury.md 1.2). */
const DONE = [0];
const BAD_COMMAND = [1];
const INTERNAL_ERROR = [2];
const LEVEL_TOO_LOW = [3];
const CHANNEL_CLOSED = [5];

const UNIVERSAL_ADDRESS = 0x00;
/** Bits of a link byte (9): speed and parity, repetition of the code. */
const LINK = { speedAndParity: 0x3f, repeatsCode: 0x80 };
const LINK_DELAY_MS = 1000;
const RESTART_MS = 2000;
const SECOND_PERIOD_S = 300;
const SECOND_RING_BYTES = 65536;
/** Bits of the status word's bytes t0 t1 .. t5 (7). */
const E_07 = [0, 0, 0, 0, 0x40, 0];
const E_40 = [0x80, 0, 0, 0, 0, 0];
const E_47 = [0, 0x40, 0, 0, 0, 0];
/** Lengths of a request body, command code included; a request of another length gets no answer (1.2). */
const LENGTHS: Readonly<Record<number, readonly number[]>> = {
  0x00: [1],
  0x01: [8],
  0x02: [1],
  0x04: [2, 3, 4],
  0x05: [3],
  0x06: [5],
  0x08: [2, 3, 5],
  0x15: [3],
  0x16: [5],
  0x17: [3],
  0x18: [6],
};
/** Codes that need level 2 (5). */
const LEVEL_2 = [0x17];

/** A meter of the 23x family seen from the line. */
export class SimulatedMeter extends InstalledMeter {
  declare readonly spec: MeterSpec23x;
  readonly profile: ProfileMemory;
  readonly settings: MeterSettings;
  readonly #second: ProfileMemory | null;
  readonly #journals: Journals;
  readonly #time: Clock;
  /** Monotonic time until which the channel stays open, and its level. */
  #openUntilMs = -Infinity;
  #level = 0;
  #deafUntilMs = -Infinity;
  #hasMisfit = false;
  #hasHeardBroadcast = false;
  #frozenAt: RunSeconds;
  #correctedDay: number | null = null;

  constructor(spec: MeterSpec23x, clock: Clock, historyDays: number) {
    super(spec, clock, historyDays);
    const { family, row } = spec;
    this.#time = clock;
    this.settings = settingsOf(spec);
    const memory = (which: 'main' | 'second', periodS: number, ringBytes: 65536 | 131072) =>
      new ProfileMemory(spec, this.ledger, this.clock, {
        memory: which,
        periodS,
        ringBytes,
        from: this.historyFrom - (this.historyFrom % periodS),
      });
    this.profile = memory('main', row.periodMin * 60, family.ringBytes);
    this.#second = family.hasSecondProfile ? memory('second', SECOND_PERIOD_S, SECOND_RING_BYTES) : null;
    this.#journals = new Journals(family);
    this.#frozenAt = this.historyFrom;
    this.#install();
    this.liveThroughOutages();
  }

  get address(): number {
    return this.settings.address;
  }

  reply(request: Uint8Array): Uint8Array | null {
    if (!this.isPowered) return null;
    const [address = UNIVERSAL_ADDRESS, ...rest] = request.subarray(0, -2);
    const body = Uint8Array.from(rest);
    // Writes to the universal address are ignored (1.1).
    if (address === UNIVERSAL_ADDRESS && body[0] === 0x03) return null;
    const answer = this.answer(body);
    return answer === null ? null : frame(address === UNIVERSAL_ADDRESS ? address : this.settings.address, this.#repeated(body, answer));
  }

  /** Answers a request body: command code and parameters. */
  answer(body: Uint8Array): Answer {
    const [command = 0] = body;
    if (this.#time.monotonic() < this.#deafUntilMs || isSilent(this.spec.family, body)) return null;
    const isOpen = this.#time.monotonic() < this.#openUntilMs;
    const isFree = command === 0x00 || command === 0x01 || isSerialRead(body) || isFreeze(body);
    if (!isOpen && !isFree) return CHANNEL_CLOSED;
    // Every correct request starts the lifetime of an open channel anew (2).
    if (isOpen) this.#keepOpen();
    if (LEVEL_2.includes(command) && this.#level < 2) return LEVEL_TOO_LOW;
    return this.#dispatch(body);
  }

  /** Does what a broadcast asks: of all commands the freeze alone makes sense for everybody (1.1). */
  obey(body: Uint8Array): void {
    if (!this.isPowered) return;
    this.#hasHeardBroadcast = true;
    if (isFreeze(body) && this.spec.family.hasFreeze) this.#frozenAt = this.clock.run();
  }

  held(startWall: WallSeconds): SlotCounts | null {
    return this.spec.family.hasProfile ? this.profile.held(startWall) : null;
  }

  heldStarts(from: WallSeconds, to: WallSeconds): WallSeconds[] {
    return this.spec.family.hasProfile ? this.profile.heldStarts(from, to) : [];
  }

  protected isMine(request: Uint8Array): boolean {
    // The line keeps its speed: a meter that was given another one hears no more.
    return request[0] === this.settings.address && (this.settings.linkMain & LINK.speedAndParity) === 0;
  }

  protected beforeChange(what: Change, at: RunSeconds): void {
    for (const memory of this.#memories()) {
      if (what === 'supply') memory.cutSupply(at);
      else if (what === 'clock-set') memory.closeForSet();
      else memory.settle();
    }
    // A meter without supply forgets its channel (2).
    if (what === 'supply') this.#openUntilMs = -Infinity;
  }

  protected afterChange(what: Change, at: RunSeconds): void {
    for (const memory of this.#memories()) {
      if (what === 'supply') memory.restoreSupply(at);
      else if (what === 'clock-set') memory.resumeAfterSet();
    }
  }

  protected writeJournal(event: PlantEvent): void {
    this.#journals.write(event);
  }

  #memories(): readonly ProfileMemory[] {
    return this.#second === null ? [this.profile] : [this.profile, this.#second];
  }

  /** What the installer left in the journals. */
  #install(): void {
    const { row, family } = this.spec;
    const from = this.historyFrom;
    this.happened({ kind: 'power-on' }, from);
    const phases = [1, 2, 3].slice(0, family.phases);
    this.#journals.beginVoltage(phases, this.clock.wall(from));
    for (const phase of row.lostPhases) this.happened({ kind: 'phase-lost', phase }, from);
    this.happened({ kind: 'cover-opened' }, from - INSTALLATION_S);
    for (const code of [0x05, 0x1b, 0x1d]) this.happened({ kind: 'reprogrammed', code }, from);
    if (family.hasProfile) this.happened({ kind: 'profile-initialised' }, from);
    this.happened({ kind: 'cover-closed' }, from);
  }

  #dispatch(body: Uint8Array): Answer {
    const [command = 0, first = 0, second = 0, third = 0, fourth = 0] = body;
    const { family } = this.spec;
    const refused = (data: readonly number[] | null): Answer => data ?? BAD_COMMAND;
    switch (command) {
      case 0x00:
        return DONE;
      case 0x01:
        return this.#open(first, body.subarray(2));
      case 0x02:
        this.#openUntilMs = -Infinity;
        return DONE;
      case 0x03:
        return this.#write(body);
      case 0x04:
        return this.#times(body);
      case 0x05:
        return refused(energyData(this, first >>> 4, first & 0x0f, second));
      case 0x06:
        return this.#memory(first, (memory) =>
          memory.read((first >>> 4) & 0x07, (first & 0x80 ? 0x10000 : 0) + ((second << 8) | third), fourth),
        );
      case 0x08:
        return this.#parameter([...body.subarray(1)]);
      case 0x15:
        return refused(family.hasQuadrants ? quadrantData(this, first >>> 4, first & 0x0f, second) : null);
      case 0x16:
        return this.#memory(first, (memory) => memory.readBack((second << 8) | third, fourth));
      case 0x17:
        return refused(family.hasMaxima ? maximaData(this, first >>> 4, first & 0x0f, second) : null);
      case 0x18: {
        const [day = 0, month = 0, year = 0] = [...body.subarray(2, 5)].map((byte) => (byte >> 4) * 10 + (byte & 0x0f));
        return refused(family.archives === 'kept' ? archiveData(this, first, [day, month, year], body[5] ?? 0) : null);
      }
      default:
        return BAD_COMMAND;
    }
  }

  #open(level: number, password: Uint8Array): Answer {
    const expected = this.settings.passwords.get(level);
    if (expected === undefined) return BAD_COMMAND;
    if (!password.every((byte, index) => byte === expected[index])) return LEVEL_TOO_LOW;
    this.#level = level;
    this.#keepOpen();
    return DONE;
  }

  #keepOpen(): void {
    this.#openUntilMs = this.#time.monotonic() + this.spec.family.channelLifetimeS * 1000;
  }

  #write(body: Uint8Array): Answer {
    const [, code = 0] = body;
    const isOpen = this.#time.monotonic() < this.#openUntilMs;
    if (code === 0x16) {
      this.#openUntilMs = -Infinity;
      this.#deafUntilMs = this.#time.monotonic() + RESTART_MS;
      return null;
    }
    const status = performWrite(this.#target(), body, isOpen ? this.#level : 0);
    if (status === 0 && !isFreeze(body)) this.happened({ kind: 'reprogrammed', code });
    return status === null ? null : [status];
  }

  #target(): WriteTarget {
    const today = () => Math.floor(this.wall() / DAY_S);
    return {
      family: this.spec.family,
      settings: this.settings,
      wall: () => this.wall(),
      setClock: (to) => this.setClock(to),
      mayCorrect: () => this.#correctedDay !== today(),
      correctClock: (byS) => {
        this.#correctedDay = today();
        this.correctClock(byS);
      },
      setPeriod: (which, periodMin, isWiping) => {
        (which === 'main' ? this.profile : this.#second)?.setPeriod(periodMin, isWiping);
        if (isWiping && which === 'main') this.happened({ kind: 'profile-initialised' });
      },
      later: (change) => void this.#time.after(LINK_DELAY_MS, change),
      freeze: () => {
        this.#frozenAt = this.clock.run();
      },
    };
  }

  /** 04: the clock, the journals (4). */
  #times(body: Uint8Array): Answer {
    const [, journal = 0, slot = 0, band = 0] = body;
    if (body.length === 2) return journal === 0x00 ? this.#timeBytes(this.wall()) : BAD_COMMAND;
    if (body.length === 4 && slot !== 0xf9) return null;
    const read = body.length === 4 ? this.#journals.dipStatistics(journal, band) : this.#journals.read(journal, slot);
    return read.kind === 'bytes' ? read.bytes : BAD_COMMAND;
  }

  /** 06 and 16: memories 3 and 5; a read that does not fit the structure raises E-07 (8.2). */
  #memory(place: number, read: (memory: ProfileMemory) => MemoryRead): Answer {
    const number = place & 0x0f;
    const memory = number === 3 ? this.profile : number === 5 ? this.#second : null;
    if (memory === null || !this.spec.family.hasProfile) return BAD_COMMAND;
    const got = read(memory);
    if (got.kind === 'bytes') return got.bytes;
    if (got.kind === 'unknown') return null;
    if (!this.#hasMisfit) {
      this.#hasMisfit = true;
      this.happened({ kind: 'status-changed', word: this.statusWord });
    }
    return INTERNAL_ERROR;
  }

  #parameter(bytes: readonly number[]): Answer {
    const { spec } = this;
    const { family } = spec;
    const [parameter = 0, argument = 0] = bytes;
    if (bytes.length === 1) {
      if (parameter === 0x13) return family.hasProfile ? this.profile.descriptor() : BAD_COMMAND;
      if (parameter === 0x15) return this.#second?.descriptor() ?? BAD_COMMAND;
    }
    if (bytes.length === 2) {
      if (parameter === 0x11) return singleValue(family, instantaneousAt(spec, this.ledger, this.clock.run()), argument) ?? BAD_COMMAND;
      if (parameter === 0x16) return groupValues(family, instantaneousAt(spec, this.ledger, this.clock.run()), argument) ?? BAD_COMMAND;
      if (parameter === 0x14) return this.#frozen(argument) ?? BAD_COMMAND;
    }
    return parameterData(this, bytes) ?? BAD_COMMAND;
  }

  /** 08 14: time (E0), energy by tariff (F0..F4) and values of the last freeze (6.3), the first of which was the installation. */
  #frozen(quantity: number): Answer {
    if (!this.spec.family.hasFreeze) return null;
    if (quantity === 0xe0) return this.#timeBytes(this.clock.wall(this.#frozenAt));
    if (quantity >= 0xf0 && quantity <= 0xf4) return registersData(this.ledger.registers(this.#frozenAt, quantity & 0x0f));
    return frozenValues(instantaneousAt(this.spec, this.ledger, this.#frozenAt), quantity);
  }

  /** Six bytes, most significant word first, each low byte first (7). */
  get statusWord(): readonly number[] {
    const raised = [this.#hasMisfit ? E_07 : [], this.#hasHeardBroadcast ? E_40 : [], this.clock.isCorrecting() ? E_47 : []];
    return [0, 1, 2, 3, 4, 5].map((place) => raised.reduce((byte, bits) => byte | (bits[place] ?? 0), 0));
  }

  /** Wall time as 04 00 and 08 14 E0 show it (4). */
  #timeBytes(at: WallSeconds): readonly number[] {
    const { second, minute, hour, weekday, day, month, year } = wallFields(at);
    const season = this.spec.row.season === 'winter' ? 1 : 0;
    return [...[second, minute, hour, weekday, day, month, year % 100].map(bcd), season];
  }

  /** In "repeat request code" mode the code stands before the data, and a status has its high bit set (1.2). */
  #repeated([code = 0]: Uint8Array, data: readonly number[]): readonly number[] {
    if ((this.settings.linkMain & LINK.repeatsCode) === 0) return data;
    return data.length === 1 ? [code, 0x80 | (data[0] ?? 0)] : [code, ...data];
  }
}

/** Requests that this firmware does not know by their length (1.2). */
function isSilent(family: Family23x, body: Uint8Array): boolean {
  const [command = 0] = body;
  if (LENGTHS[command]?.includes(body.length) === false) return true;
  if (command === 0x16) return !family.hasRelativeRead;
  return command === 0x18 && family.archives === 'silent';
}

function isSerialRead(body: Uint8Array): boolean {
  return body.length === 2 && body[0] === 0x08 && body[1] === 0x00;
}

function isFreeze(body: Uint8Array): boolean {
  return body.length === 2 && body[0] === 0x03 && body[1] === 0x08;
}
