import { crc16modbus } from 'crc';
import type { MeterSettings } from '../../../../src/main/drivers/driver.ts';
import { mercury200 } from '../../../../src/main/drivers/mercury-200/driver.ts';
import { data, meterSettings, type Scripted, ScriptedLink } from '../scripted-link.ts';

export const ADDRESS = 41_744_475;
export const SERIAL_REPLY = '02 7C F8 5B';
/** Sunday, 22 November 2026, 12:00:05 on the meter's wall. */
export const CLOCK_REPLY = '00 12 00 05 22 11 26';

/** Data bytes as hex, without address and command; `null` = silence. */
export type Answer = string | Scripted;
export type Answers = Readonly<Record<string, Answer | ((times: number) => Answer)>>;

/** A meter that answers the requests of `answers` (body as hex without spaces) and is silent to all others but its serial. */
export function connect(answers: Answers, changes: Partial<MeterSettings> = {}) {
  const all: Answers = { '2F': SERIAL_REPLY, '21': CLOCK_REPLY, ...answers };
  const link = new ScriptedLink(
    changes.address ?? ADDRESS,
    (body, times) => {
      const answer = all[body] ?? null;
      const scripted = typeof answer === 'function' ? answer(times) : answer;
      return typeof scripted === 'string' ? [...data(body.slice(0, 2)), ...data(scripted)] : scripted;
    },
    Date.UTC(2026, 10, 22, 9),
    4,
  );
  const settings = meterSettings({ address: ADDRESS, expectedSerial: '41744475', ...changes });
  return { link, session: mercury200.connect(link, settings, () => link.nowMs) };
}

/** Bytes with their CRC16, made apart from the product's own. */
export function sealed(...bytes: readonly number[]): number[] {
  const crc = crc16modbus(Buffer.from(bytes));
  return [...bytes, crc & 0xff, crc >> 8];
}

/** A block of eight half-hours; `null` = FF. */
export function block(...counts: readonly (number | null)[]): string {
  const filled = [...counts, ...Array<null>(8).fill(null)].slice(0, 8);
  const bytes = filled.flatMap((count) => (count === null ? [0xff, 0xff, 0xff, 0xff] : sealed(count & 0xff, count >> 8)));
  return Buffer.from(bytes).toString('hex');
}
