import type { Clock } from '../platform/clock.ts';
import type { MeterSpec200 } from './assembly.ts';
import { DAY_S, SLOT_S, wallFields, wallStart, type WallSeconds } from './energy.ts';
import { INSTALLATION_S, InstalledMeter, type PlantEvent } from './installed-meter.ts';
import { instantaneousAt } from './instantaneous.ts';
import type { SlotCounts } from './load.ts';
import { bcd, bcdFigure, checksum, longFrame, longWord, w2 } from './wire.ts';

/** Data after the command; `null` = silence, which is all that this protocol has for a refusal. */
type Data = readonly number[] | null;

/** A repeated address and the command stand before the data (mercury.md 12). */
const HEAD_BYTES = 5;
const RELAY = { byLimits: 0x55, off: 0xaa };
/** Bytes of data that writes carry. */
const WRITE_BYTES: Readonly<Record<number, number>> = {
  0x00: 4,
  0x01: 4,
  0x02: 7,
  0x05: 1,
  0x07: 1,
  0x08: 1,
  0x0a: 1,
  0x0b: 1,
  0x10: 17,
  0x11: 33,
  0x71: 1,
  0x72: 1,
  0x75: 1,
};
/** Half-hours in one block of 37, and the first block's number. */
const BLOCK = { halves: 8, first: 0x10, last: 0x15 };
const EVENT_SLOTS = 0x40;
const BATTERY = 0x0365;

/** A single-phase meter of the second protocol: four-byte address, no session. */
export class SimulatedMeter200 extends InstalledMeter {
  declare readonly spec: MeterSpec200;
  #address: number;
  #group = 0;
  #season = 0;
  #relay = 0;

  constructor(spec: MeterSpec200, clock: Clock, historyDays: number) {
    super(spec, clock, historyDays);
    this.#address = spec.address;
    this.happened({ kind: 'power-on' }, this.historyFrom);
    this.happened({ kind: 'cover-opened' }, this.historyFrom - INSTALLATION_S);
    this.happened({ kind: 'cover-closed' }, this.historyFrom);
    this.liveThroughOutages();
  }

  get address(): number {
    return this.#address;
  }

  reply(request: Uint8Array): Uint8Array | null {
    if (!this.hears(request)) return null;
    const command = request[4] ?? 0;
    const data = this.answer(command, [...request.subarray(HEAD_BYTES, -2)]);
    return data === null ? null : longFrame(this.#address, command, data);
  }

  /** A group address is obeyed without a reply; nothing of it concerns energy. */
  obey(): void {}

  held(startWall: WallSeconds): SlotCounts | null {
    const isThere = startWall >= this.historyFrom && startWall % SLOT_S === 0 && startWall + SLOT_S <= this.wall();
    return this.spec.family.hasHalfHours && isThere ? this.#halfHour(startWall) : null;
  }

  heldStarts(from: WallSeconds, to: WallSeconds): WallSeconds[] {
    const starts: WallSeconds[] = [];
    for (let start = Math.ceil(from / SLOT_S) * SLOT_S; start < to; start += SLOT_S) if (this.held(start) !== null) starts.push(start);
    return starts;
  }

  /** Answers a command (12.1). */
  answer(command: number, data: readonly number[]): Data {
    const writeBytes = WRITE_BYTES[command];
    if (writeBytes !== undefined) return data.length === writeBytes ? this.#write(command, data) : null;
    return this.#identity(command) ?? this.#values(command, data) ?? this.#archives(command, data) ?? this.#events(command, data);
  }

  protected isMine(request: Uint8Array): boolean {
    return request.length >= HEAD_BYTES + 2 && longWord(this.#address).every((byte, index) => request[index] === byte);
  }

  protected beforeChange(): void {}
  protected afterChange(): void {}
  protected writeJournal(): void {}

  #identity(command: number): Data {
    const { family, manufactured, serial } = this.spec;
    const { minute } = wallFields(this.wall());
    switch (command) {
      case 0x20:
        return longWord(this.#group);
      case 0x22:
      case 0x23:
        return [0, 0];
      case 0x24:
        return [this.#season];
      case 0x25:
        return [15];
      case 0x28:
        return [...family.firmware.map(bcd), 0, 1, 3, 0x16];
      case 0x29:
        return [BATTERY >> 8, BATTERY & 0xff];
      case 0x2a:
        return [0x0f];
      case 0x2d:
        return [0];
      case 0x2e:
        return [2];
      case 0x2f:
        return longWord(Number(serial));
      case 0x60:
        return [this.#tariffNow() - 1];
      case 0x65:
        return [family.hasRelay ? 0x55 : 0, 0];
      case 0x66:
        return manufactured.map(bcd);
      case 0x67:
        return [5, 5, 5, 5];
      case 0x68:
        return [0];
      case 0x69:
        return [...bcdFigure(Math.floor((this.wall() - this.historyFrom) / 3600), 3), ...bcdFigure(minute === 0 ? 1 : 0, 3)];
      case 0x80:
        return [0];
      case 0x82:
        return [0];
      default:
        return null;
    }
  }

  #values(command: number, [kind = 0]: readonly number[]): Data {
    const { hasReactive } = this.spec.family;
    const now = instantaneousAt(this.spec, this.ledger, this.clock.run());
    const [P = 0, Q = 0, S = 0] = [now.P[1], now.Q[1], now.S[1]].map((value) => Math.round((value ?? 0) / 100));
    switch (command) {
      case 0x21:
        return dated(this.wall());
      case 0x26:
        return bcdFigure(Math.floor(P / 10), 2);
      case 0x27:
        return this.#registers('A+', this.clock.run());
      case 0x63:
        return [
          ...bcdFigure(Math.floor((now.U[0] ?? 0) / 10), 2),
          ...bcdFigure(Math.floor((now.I[0] ?? 0) / 10), 2),
          ...bcdFigure(Math.abs(P), 3),
        ];
      case 0x81:
        return [...bcdFigure(now.F, 2), this.#tariffNow() - 1, P < 0 ? 0x02 : 0, ...timed(this.wall())];
      case 0x85:
        return hasReactive ? this.#registers('R+', this.clock.run()) : null;
      case 0x86:
        if (kind === 1) return [kind, this.#relay === RELAY.off ? 0 : 1];
        if (kind === 0xff) return [kind, 0x02, 0x06];
        if (!hasReactive || kind > 2) return null;
        return kind === 0 ? [kind, ...bcdFigure(Math.abs(Q), 3)] : [kind, ...bcdFigure(now.cos[1] ?? 0, 2), ...bcdFigure(S, 3)];
      default:
        return null;
    }
  }

  #archives(command: number, data: readonly number[]): Data {
    const [first = 0] = data;
    switch (command) {
      case 0x30:
        return data.length === 1 ? Array.from({ length: 16 }, () => 0xff) : null;
      case 0x31:
        return data.length === 1 ? tariffPoints() : null;
      case 0x32:
        return this.#monthSlice('A+', first);
      case 0x38:
        return this.spec.family.hasReactive ? this.#monthSlice('R+', first) : null;
      case 0x33:
        return first <= 2 ? this.#maxima(first) : null;
      case 0x37:
        return this.spec.family.hasHalfHours ? this.#byDate(data) : null;
      default:
        return null;
    }
  }

  #events(command: number, [n = 0, ...rest]: readonly number[]): Data {
    switch (command) {
      case 0x2b:
        return this.#last('power-off');
      case 0x2c:
        return this.#last('power-on');
      case 0x61:
        return this.#last('cover-opened');
      case 0x62:
        return this.#last('cover-closed');
      case 0x34:
        return this.#event(n, ({ kind }) => (kind === 'power-on' ? 1 : kind === 'power-off' ? 0 : null));
      case 0x35:
        return this.#event(n, ({ kind }) => (kind === 'cover-opened' ? 1 : kind === 'cover-closed' ? 0 : null));
      case 0x36:
        return this.#event(n, (event) => (event.kind === 'reprogrammed' ? event.code : null), [0]);
      case 0x3a:
        return this.#event(n, (event) => (event.kind === 'reprogrammed' && event.code === 0x71 ? event.code : null));
      case 0x39:
        return rest.length === 1 ? Array.from({ length: 6 }, () => 0xff) : null;
      default:
        return null;
    }
  }

  #write(command: number, data: readonly number[]): Data {
    const [first = 0] = data;
    const number = data.reduce((sum, byte) => sum * 256 + byte, 0);
    if (command === 0x00) this.#address = number;
    if (command === 0x01) this.#group = number;
    if (command === 0x05) this.#season = first;
    if (command === 0x71) this.#relay = first;
    if (command === 0x02) {
      const [, hour = 0, minute = 0, second = 0, day = 0, month = 0, year = 0] = data.map((byte) => (byte >> 4) * 10 + (byte & 0x0f));
      this.setClock(wallStart(2000 + year, month, day) + hour * 3600 + minute * 60 + second);
    }
    this.happened({ kind: 'reprogrammed', code: command });
    return [];
  }

  /** T1..T4 in 10 Wh; before the registers are known all ones. */
  #registers(channel: 'A+' | 'R+', run: number): readonly number[] {
    return [1, 2, 3, 4].flatMap((tariff) => {
      const figure = this.ledger.registers(run, tariff)?.[channel] ?? null;
      return bcdFigure(figure === null ? null : Math.floor(figure / 10), 4);
    });
  }

  /** Reading at the start of a month (0 = January), of this year or the last; 0F = now. */
  #monthSlice(channel: 'A+' | 'R+', month: number): Data {
    if (month === 0x0f) return this.#registers(channel, this.clock.run());
    if (month > 11) return null;
    const { year, month: thisMonth } = wallFields(this.wall());
    return this.#registers(channel, this.clock.runAt(wallStart(month + 1 > thisMonth ? year - 1 : year, month + 1)));
  }

  /** The greatest voltage, current or power of yesterday, as the permanent and as the resettable one. */
  #maxima(kind: number): readonly number[] {
    const noon = Math.floor(this.wall() / DAY_S) * DAY_S - DAY_S / 2;
    const values = instantaneousAt(this.spec, this.ledger, this.clock.runAt(noon));
    const figure =
      [Math.floor((values.U[0] ?? 0) / 10), Math.floor((values.I[0] ?? 0) / 10), Math.floor(Math.abs(values.P[1] ?? 0) / 1000)][kind] ?? 0;
    const maximum = [...bcdFigure(figure, 2), ...timed(noon)];
    return [...maximum, ...maximum];
  }

  /** 37: reading at the start of a day (0) or month (1), eight half-hours (10..15); E0 tells the kind of meter. */
  #byDate([kind = 0, ...date]: readonly number[]): Data {
    const [day = 0, month = 0, year = 0] = date.map((byte) => (byte >> 4) * 10 + (byte & 0x0f));
    if (kind === 0xe0) return [0x01];
    if (date.length !== 3 || month < 1 || month > 12) return null;
    const start = wallStart(2000 + year, month, kind === 1 ? 1 : day);
    if (kind <= 1) {
      const isKept = start <= this.wall() && start >= this.historyFrom;
      const slice = isKept ? this.#registers('A+', this.clock.runAt(start)) : Array.from({ length: 16 }, () => 0xff);
      return withChecksum([...slice, ...timed(start)]);
    }
    if (kind < BLOCK.first || kind > BLOCK.last) return null;
    const first = start + (kind - BLOCK.first) * BLOCK.halves * SLOT_S;
    return Array.from({ length: BLOCK.halves }, (_, half) => {
      const counts = this.held(first + half * SLOT_S);
      return withChecksum(w2(counts === null ? null : counts[0]));
    }).flat();
  }

  #halfHour(startWall: WallSeconds): SlotCounts {
    return this.ledger.between(this.clock.runAt(startWall), this.clock.runAt(startWall + SLOT_S));
  }

  #last(kind: PlantEvent['kind']): readonly number[] {
    const event = this.events.findLast((each) => each.kind === kind);
    return event === undefined ? Array.from({ length: 7 }, () => 0) : dated(event.meterTime);
  }

  /** The nth event from the newest one that `code` knows: its code, the time, what else there is. */
  #event(n: number, code: (event: PlantEvent) => number | null, rest: readonly number[] = []): Data {
    if (n >= EVENT_SLOTS) return null;
    const known = this.events.filter((event) => code(event) !== null);
    const event = known.at(-1 - n);
    if (event === undefined) return Array.from({ length: 7 + rest.length }, () => 0xff);
    return [code(event) ?? 0, ...timed(event.meterTime), ...rest];
  }

  #tariffNow(): 1 | 2 {
    const { hour } = wallFields(this.wall());
    return hour >= 7 && hour < 23 ? 1 : 2;
  }
}

/** hh mm ss dd MM yy. */
function timed(at: WallSeconds): readonly number[] {
  const { second, minute, hour, day, month, year } = wallFields(at);
  return [hour, minute, second, day, month, year % 100].map(bcd);
}

/** The same after the day of the week, where Sunday is 0. */
function dated(at: WallSeconds): readonly number[] {
  return [wallFields(at).weekday % 7, ...timed(at)];
}

function withChecksum(data: readonly number[]): readonly number[] {
  const crc = checksum(Uint8Array.from(data));
  return [...data, crc & 0xff, crc >>> 8];
}

/** 31: hour with the tariff in its top two bits, minute; sixteen points, the unused ones all ones. */
function tariffPoints(): readonly number[] {
  const points = [0x07, 0x00, 0x40 | 0x23, 0x00];
  return [...points, ...Array.from({ length: 28 }, () => 0xff)];
}
