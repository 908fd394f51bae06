/**
 * Writes: 03 (mercury.md 9). Words go out high byte first, while most replies have the low byte first: nothing here shares code
 * with the readers. Every reply is a status; level 2 unless noted.
 */
import type { WallTime } from '../../../shared/domain/time.ts';
import type { Command } from './command.ts';
import { bcdByte } from './formats.ts';
import { type AccessLevel, PASSWORD_LENGTH, statusCommand } from './session.ts';

/** Which profile a period is for: the codes differ. */
export type ProfileNumber = 1 | 2;
/** The two interfaces of a meter by their code of 03: additional and main. */
export const PORTS = { additional: 0x14, main: 0x15 } as const;
export type Port = keyof typeof PORTS;
/** Speeds by their code in the link byte; 230 knows the first six. */
export const LINK_SPEEDS = [9600, 4800, 2400, 1200, 600, 300, 19200, 38400, 57600, 115200] as const;
export const LINK_PARITIES = ['none', 'odd', 'even'] as const;
/** One point of a day's tariff schedule. */
export interface SchedulePoint {
  /** 0..24; 24 = unused. */
  readonly hour: number;
  readonly minute: number;
  readonly tariff: 1 | 2 | 3 | 4;
}
/** When the season changes: hour, weekday of the last week of the month, month. */
export interface SeasonSwitch {
  readonly hour: number;
  readonly weekday: number;
  readonly month: number;
}

/** Label and legal numbers of bytes after the code. */
interface Write {
  readonly label: string;
  readonly lengths: readonly number[];
  readonly isSecret?: true;
}

const WRITES: Readonly<Record<number, Write>> = {
  0x00: { label: 'profile period', lengths: [2] },
  0x05: { label: 'network address', lengths: [1] },
  0x06: { label: 'second profile period', lengths: [2] },
  0x08: { label: 'freeze', lengths: [0] },
  0x0c: { label: 'clock', lengths: [8] },
  0x0d: { label: 'clock correction', lengths: [3] },
  0x12: { label: 'protocol of a port', lengths: [6] },
  0x14: { label: 'link of the additional interface', lengths: [1, 2] },
  0x15: { label: 'link of the main interface', lengths: [1, 2] },
  0x16: { label: 'restart', lengths: [0] },
  0x18: { label: 'season switching', lengths: [1] },
  0x19: { label: 'season switch times', lengths: [6] },
  0x1b: { label: 'transformer ratios', lengths: [4] },
  0x1d: { label: 'tariff schedule', lengths: [19] },
  0x1e: { label: 'holidays', lengths: [5] },
  0x1f: { label: 'password', lengths: [13], isSecret: true },
  0x21: { label: 'closing of registers', lengths: [0] },
  0x26: { label: 'power limit delay', lengths: [2] },
  0x2c: { label: 'power limit', lengths: [3] },
  0x2d: { label: 'power limit control', lengths: [1] },
  0x2e: { label: 'energy limit', lengths: [5] },
  0x2f: { label: 'energy limit control', lengths: [1] },
  0x30: { label: 'output mode', lengths: [1] },
  0x31: { label: 'load', lengths: [1] },
  0x32: { label: 'time-out multiplier', lengths: [1] },
};

/** Period of a profile, 1..60 min (1..45 on old 230); with `wipes` its memory is initialised, which takes minutes. */
export function periodWrite(profile: ProfileNumber, minutes: number, wipes: boolean): Command<null> {
  return write(profile === 1 ? 0x00 : 0x06, minutes, wipes ? 1 : 0);
}

/** New address, 1..240; levels 1 and 2. The reply comes from the new address. */
export function addressWrite(address: number): Command<null> {
  return { ...write(0x05, address), replyAddress: address };
}

/** Freezes the registers and instantaneous values for 08 14: no channel; to the broadcast address nobody answers. */
export function freezeWrite(): Command<null> {
  return write(0x08);
}

/** Sets the clock; the order of the profile suffers. */
export function clockSetWrite(wall: WallTime, isSummer: boolean): Command<null> {
  const { year, month, day, hour, minute, second } = wall;
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay() || 7;
  return write(0x0c, ...[second, minute, hour, weekday, day, month, year % 100].map(bcdByte), isSummer ? 0 : 1);
}

/** Moves the clock to this time of its own day, within 4 minutes, once a day; levels 1 and 2. */
export function clockCorrectWrite({ hour, minute, second }: Pick<WallTime, 'hour' | 'minute' | 'second'>): Command<null> {
  return write(0x0d, ...[second, minute, hour].map(bcdByte));
}

/** Protocol of a port: 0 Mercury, 1 SPODES; pause between bytes, ms; idle time, s. */
export function protocolWrite(port: number, protocol: 0 | 1, interByteMs: number, idleS: number): Command<null> {
  return write(0x12, port, protocol, 0, interByteMs & 0xff, interByteMs >> 8, idleS);
}

/** Speed, parity and multiplier of a port. The open access to level 2 and the repeating of request codes (bits 6, 7) are switched off. */
export function linkWrite(
  port: Port,
  baudRate: (typeof LINK_SPEEDS)[number],
  parity: (typeof LINK_PARITIES)[number],
  multiplier: number,
): Command<null> {
  return write(PORTS[port], LINK_SPEEDS.indexOf(baudRate) | (LINK_PARITIES.indexOf(parity) << 4), multiplier);
}

/** Restarts the meter, about 2 s; no reply is promised. */
export function restartWrite(): Command<null> {
  return write(0x16);
}

/** Allows or forbids that the meter moves its clock in spring and autumn. */
export function seasonWrite(isForbidden: boolean): Command<null> {
  return write(0x18, isForbidden ? 1 : 0);
}

/** When the season changes, twice. */
export function seasonTimesWrite(first: SeasonSwitch, second: SeasonSwitch): Command<null> {
  return write(0x19, ...[first, second].flatMap(({ hour, weekday, month }) => [hour, weekday, month].map(bcdByte)));
}

/** Ratios for reference: Kn, Kt, 1..65535. */
export function ratiosWrite(vt: number, ct: number): Command<null> {
  return write(0x1b, ...bigEndian(vt, 2), ...bigEndian(ct, 2));
}

/** Half a day's schedule: bits of months (January = 0), half, bits of weekdays (Monday = 0), eight points of which unused ones are 24:00. */
export function scheduleWrite(months: number, half: 0 | 1, weekdays: number, points: readonly SchedulePoint[]): Command<null> {
  const filled = Array.from({ length: 8 }, (_, index): SchedulePoint => points[index] ?? { hour: 24, minute: 0, tariff: 1 });
  // The half's bit stands above the months in the first byte: inferred from a figure.
  const mask = months | (half << 12);
  return write(0x1d, ...bigEndian(mask, 2), weekdays, ...filled.flatMap(({ hour, minute, tariff }) => [minute, (tariff << 5) | hour]));
}

/** Holidays of a month: bit 0 of the first byte is day 1. */
export function holidaysWrite(month: number, days: readonly number[]): Command<null> {
  const mask = new Uint8Array(4);
  for (const day of days) mask[(day - 1) >> 3] = (mask[(day - 1) >> 3] ?? 0) | (1 << ((day - 1) & 7));
  return write(0x1e, month, ...mask);
}

/** New password of a level, each six bytes as they go over the wire. */
export function passwordWrite(level: AccessLevel, old: Uint8Array, next: Uint8Array): Command<null> {
  return write(0x1f, level, ...old, ...next);
}

/** Closes the registers into the archives. */
export function closeRegistersWrite(): Command<null> {
  return write(0x21);
}

/** Seconds over the power limit before it counts. Reads back low byte first (08 08). */
export function limitDelayWrite(seconds: number): Command<null> {
  return write(0x26, ...bigEndian(seconds, 2));
}

/** Power limit in hundredths of a watt. Reads back as V3 (08 19). */
export function powerLimitWrite(centiwatts: number): Command<null> {
  return write(0x2c, ...bigEndian(centiwatts, 3));
}

/** Watching of the power limit or of the energy limit. */
export function limitControlWrite(limit: 'power' | 'energy', isOn: boolean): Command<null> {
  return write(limit === 'power' ? 0x2d : 0x2f, isOn ? 1 : 0);
}

/** Energy limit of a tariff, Wh. */
export function energyLimitWrite(tariff: number, wattHours: number): Command<null> {
  return write(0x2e, tariff, ...bigEndian(wattHours, 4));
}

/** Output as telemetry (0) or load control (1). Newer firmware takes 00..03 for its disconnector: same length, another meaning. */
export function outputModeWrite(mode: number): Command<null> {
  return write(0x30, mode);
}

/** Load on or off by the interface. */
export function loadWrite(isOn: boolean): Command<null> {
  return write(0x31, isOn ? 0 : 1);
}

/** Multiplier of the system time-out, 1..255. */
export function multiplierWrite(multiplier: number): Command<null> {
  return write(0x32, multiplier);
}

/** Command of a request body that begins with 03; `null` for a code or a length that does not exist. */
export function writeCommandOf(body: Uint8Array): Command<null> | null {
  const [, code = 0xff, address = 0] = body;
  if (WRITES[code]?.lengths.includes(body.length - 2) !== true) return null;
  const command = write(code, ...body.subarray(2));
  return code === 0x05 ? { ...command, replyAddress: address } : command;
}

/** Places of the two passwords in the body of 1F. */
export const PASSWORDS_AT = [3, 3 + PASSWORD_LENGTH] as const;

function write(code: number, ...parameters: readonly number[]): Command<null> {
  const { label, isSecret } = WRITES[code] ?? { label: 'unknown' };
  const hex = code.toString(16).padStart(2, '0').toUpperCase();
  return { ...statusCommand(`write-${hex}`, `write ${label}`, [0x03, code, ...parameters]), ...(isSecret === true ? { isSecret } : {}) };
}

function bigEndian(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** (bytes - 1 - index)) & 0xff);
}
