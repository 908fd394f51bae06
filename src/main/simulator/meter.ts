import { CHANNELS, type PerChannel } from '../../shared/domain/channel.ts';
import type { Clock } from '../platform/clock.ts';
import type { MeterSpec } from './assembly.ts';
import { EnergyLedger, SLOT_S, wallFields, wallStart, type WallSeconds } from './energy.ts';
import { variantBytes } from './families.ts';
import { groupValues, singleValue } from './instantaneous-commands.ts';
import { instantaneousAt } from './instantaneous.ts';
import { ProfileMemory } from './profile.ts';
import { bcd, e4, frame } from './wire.ts';

/** Reply without address and checksum; `null` = the meter stays silent. */
export type Answer = readonly number[] | null;

/** Status replies (mercury.md 1.2). */
const DONE = [0];
const BAD_COMMAND = [1];
const INTERNAL_ERROR = [2];
const LEVEL_TOO_LOW = [3];
const CHANNEL_CLOSED = [5];

/** Winter time of Moscow, which all meters of the plant keep. */
export const METER_OFFSET_S = 3 * 3600;
const SEASON_WINTER = 1;
const PASSWORDS = { binary: 0x00, ascii: 0x30 };
/** Lengths of a request body, command code included; a request of another length gets no answer (1.2). */
const LENGTHS: Readonly<Record<number, readonly number[]>> = {
  0x00: [1],
  0x01: [8],
  0x02: [1],
  0x04: [2, 3],
  0x05: [3],
  0x06: [5],
  0x08: [2, 3],
};

/** One meter seen from the line: what it answers to a request that was addressed to it and came with a good checksum. */
export class SimulatedMeter {
  readonly spec: MeterSpec;
  readonly ledger: EnergyLedger;
  readonly profile: ProfileMemory;
  readonly #clock: Clock;
  /** Monotonic time until which the channel stays open. */
  #openUntilMs = -Infinity;
  #hasMisfit = false;
  #frozenAt: WallSeconds | null = null;

  constructor(spec: MeterSpec, clock: Clock, historyDays: number) {
    this.spec = spec;
    this.#clock = clock;
    const firstSlot = Math.floor((this.wall() - historyDays * 86400) / SLOT_S);
    const lastYear = wallStart(wallFields(this.wall()).year - 1, 1);
    this.ledger = new EnergyLedger(spec, Math.floor(Math.min(lastYear, firstSlot * SLOT_S) / 86400));
    this.profile = new ProfileMemory(spec, this.ledger, firstSlot);
  }

  /** What the meter's clock shows now. */
  wall(): WallSeconds {
    return Math.floor(this.#clock.now() / 1000) + METER_OFFSET_S + this.spec.deviationS;
  }

  /** The address that it listens to. */
  get address(): number {
    return this.spec.address;
  }

  /** Is the request for this meter alone? */
  hears(request: Uint8Array): boolean {
    return request[0] === this.address;
  }

  /** The whole reply to a request with a good checksum, under the address that was asked; `null` = silence. */
  reply(request: Uint8Array): Uint8Array | null {
    const data = this.answer(request.subarray(1, -2));
    return data === null ? null : frame(request[0] ?? 0, data);
  }

  /** Answers a request body: command code and parameters. */
  answer(body: Uint8Array): Answer {
    const [command = 0] = body;
    if (LENGTHS[command]?.includes(body.length) === false) return null;
    const isOpen = this.#clock.monotonic() < this.#openUntilMs;
    const isFree = command === 0x00 || command === 0x01 || isSerialRead(body) || isFreeze(body);
    if (!isOpen && !isFree) return CHANNEL_CLOSED;
    // Every correct request starts the lifetime of an open channel anew (2).
    if (isOpen) this.#keepOpen();
    return this.#dispatch(body);
  }

  /** Does what a broadcast asks: of all commands the freeze alone makes sense for everybody (1.1). */
  obey(body: Uint8Array): void {
    if (isFreeze(body)) this.#frozenAt = this.wall();
  }

  #dispatch(body: Uint8Array): Answer {
    const [command = 0, first = 0, second = 0, third = 0, fourth = 0] = body;
    switch (command) {
      case 0x00:
        return DONE;
      case 0x01:
        return this.#open(first, body.subarray(2));
      case 0x02:
        this.#openUntilMs = -Infinity;
        return DONE;
      case 0x03:
        if (!isFreeze(body)) return BAD_COMMAND;
        this.obey(body);
        return DONE;
      case 0x04:
        return body.length === 2 && first === 0x00 ? timeBytes(this.wall()) : BAD_COMMAND;
      case 0x05:
        return this.#energy(first >>> 4, first & 0x0f, second);
      case 0x06:
        return this.#memory(first, (second << 8) | third, fourth);
      case 0x08:
        return body.length === 2 ? this.#parameter(first) : this.#parameterOf(first, second);
      default:
        return BAD_COMMAND;
    }
  }

  #open(level: number, password: Uint8Array): Answer {
    if (level !== 1 && level !== 2) return BAD_COMMAND;
    const expected = PASSWORDS[this.spec.family.passwordForm] + level;
    if (!password.every((byte) => byte === expected)) return LEVEL_TOO_LOW;
    this.#keepOpen();
    return DONE;
  }

  #keepOpen(): void {
    this.#openUntilMs = this.#clock.monotonic() + this.spec.family.channelLifetimeS * 1000;
  }

  /** 05: energy (5). Tariff 6 is T1 T2 T3 T4 and the sum. */
  #energy(array: number, month: number, tariff: number): Answer {
    if (tariff === 6) {
      if (!this.spec.family.hasAllTariffs) return BAD_COMMAND;
      const parts = [1, 2, 3, 4, 0].map((each) => this.#energy(array, month, each));
      return parts.every((part) => part !== null && part.length > 1) ? parts.flatMap((part) => part ?? []) : BAD_COMMAND;
    }
    if (tariff > 4) return BAD_COMMAND;
    if (array === 6) return this.#phaseEnergy(tariff);
    const period = energyPeriod(this.wall(), array, month);
    if (period === null) return BAD_COMMAND;
    const end = this.ledger.registers(period.to, tariff);
    const start = period.from === null ? null : this.ledger.registers(period.from, tariff);
    return CHANNELS.flatMap((channel) => e4(difference(end, start, channel)));
  }

  #phaseEnergy(tariff: number): Answer {
    if (!this.spec.family.hasPhaseEnergy) return BAD_COMMAND;
    const total = this.ledger.registers(this.wall(), tariff)?.['A+'] ?? 0;
    return this.spec.phaseShares.flatMap((share) => e4(Math.floor((total * share) / 1000)));
  }

  /** 06: memory 3, full records only; a read that does not fit the structure raises E-07 (8.2). */
  #memory(place: number, low: number, count: number): Answer {
    if ((place & 0x7f) !== 0x03) return BAD_COMMAND;
    const read = this.profile.read(this.wall(), (place & 0x80 ? 0x10000 : 0) + low, count);
    if (read.kind === 'bytes') return read.bytes;
    if (read.kind === 'unknown') return null;
    this.#hasMisfit = true;
    return INTERNAL_ERROR;
  }

  #parameter(parameter: number): Answer {
    const { spec } = this;
    const { family } = spec;
    const identity = [...[0, 2, 4, 6].map((at) => Number(spec.serial.slice(at, at + 2))), ...spec.manufactured];
    const variant = variantBytes(family, spec.connection, spec.row.isTwoWay);
    switch (parameter) {
      case 0x00:
        return identity;
      case 0x01:
        return [...identity, ...family.firmware, ...variant.slice(0, 6)];
      case 0x02:
        return [...ratioWord(spec.row.vt), ...ratioWord(spec.row.ct)];
      case 0x03:
        return family.firmware;
      case 0x05:
        return [0, spec.address];
      case 0x0a:
        // Words most significant first, each low byte first (7); old firmware has no first word's low byte.
        return [0, 0, 0, 0, this.#hasMisfit ? 0x40 : 0, 0].slice(-family.statusWordBytes);
      case 0x12:
        return variant.slice(0, 6);
      case 0x13:
        return this.profile.descriptor(this.wall());
      default:
        return BAD_COMMAND;
    }
  }

  #parameterOf(parameter: number, argument: number): Answer {
    const { family, connection } = this.spec;
    if (parameter === 0x01 && argument === 0x00 && family.hasLongPassport) {
      const variant = variantBytes(family, connection, this.spec.row.isTwoWay);
      // Checksum of the program, variant code 50.58, variant bytes 7 and 8, two reserved bytes (6.1).
      return [...(this.#parameter(0x01) ?? []), 0x7e, 0xf5, 0x32, 0x3a, ...variant.slice(6), 0, 0];
    }
    if (parameter === 0x11) return singleValue(family, instantaneousAt(this.spec, this.ledger, this.wall()), argument) ?? BAD_COMMAND;
    if (parameter === 0x14) return this.#frozen(argument) ?? BAD_COMMAND;
    if (parameter === 0x16) return groupValues(family, instantaneousAt(this.spec, this.ledger, this.wall()), argument) ?? BAD_COMMAND;
    return BAD_COMMAND;
  }

  /** 08 14: time (E0) and energy by tariff (F0..F4) of the last freeze (6.3). `null` before the first one and for all else. */
  #frozen(quantity: number): Answer {
    if (this.#frozenAt === null) return null;
    if (quantity === 0xe0) return timeBytes(this.#frozenAt);
    if (quantity < 0xf0 || quantity > 0xf4) return null;
    const registers = this.ledger.registers(this.#frozenAt, quantity & 0x0f);
    return CHANNELS.flatMap((channel) => e4(registers?.[channel] ?? null));
  }
}

function isSerialRead(body: Uint8Array): boolean {
  return body.length === 2 && body[0] === 0x08 && body[1] === 0x00;
}

function isFreeze(body: Uint8Array): boolean {
  return body.length === 2 && body[0] === 0x03 && body[1] === 0x08;
}

/** Wall time as 04 00 and 08 14 E0 show it (4). */
function timeBytes(at: WallSeconds): readonly number[] {
  const { second, minute, hour, weekday, day, month, year } = wallFields(at);
  return [...[second, minute, hour, weekday, day, month, year % 100].map(bcd), SEASON_WINTER];
}

/** The boundaries that an array of 05 counts between; `from` null = since reset. `null` for arrays that do not exist. */
function energyPeriod(now: WallSeconds, array: number, month: number): { from: WallSeconds | null; to: WallSeconds } | null {
  const { year, month: thisMonth, day } = wallFields(now);
  const today = wallStart(year, thisMonth, day);
  const isMonth = month >= 1 && month <= 12;
  // Twelve slots: a month that has not come yet still holds last year's (5).
  const monthYear = month > thisMonth ? year - 1 : year;
  switch (array) {
    case 0x0:
      return { from: null, to: now };
    case 0x1:
      return { from: wallStart(year, 1), to: now };
    case 0x2:
      return { from: wallStart(year - 1, 1), to: wallStart(year, 1) };
    case 0x3:
      return isMonth ? { from: wallStart(monthYear, month), to: Math.min(now, wallStart(monthYear, month + 1)) } : null;
    case 0x4:
      return { from: today, to: now };
    case 0x5:
      return { from: today - 86400, to: today };
    case 0x9:
      return { from: null, to: wallStart(year, 1) };
    case 0xa:
      return { from: null, to: wallStart(year - 1, 1) };
    case 0xb:
      return isMonth ? { from: null, to: wallStart(monthYear, month) } : null;
    case 0xc:
      return { from: null, to: today };
    case 0xd:
      return { from: null, to: today - 86400 };
    default:
      return null;
  }
}

function difference(
  end: PerChannel<number | null> | null,
  start: PerChannel<number | null> | null,
  channel: keyof PerChannel<number>,
): number | null {
  const last = end?.[channel] ?? null;
  return last === null ? null : last - (start?.[channel] ?? 0);
}

/** Kn or Kt as the meter shows it: a whole number, high byte first (6.1). */
function ratioWord({ primary, secondary }: { primary: number; secondary: number }): readonly number[] {
  const quotient = Math.floor(primary / secondary);
  return [quotient >>> 8, quotient & 0xff];
}
