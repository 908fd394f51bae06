/** What may be written to a meter, and nothing else. Every one of them is off until a site switches writing on. */
import { z } from 'zod';

/** Speeds that a link byte can name (mercury.md 9, codes 14 and 15). */
export const WRITABLE_BAUD_RATES = [300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] as const;
export const WRITABLE_PARITIES = ['none', 'odd', 'even'] as const;

export const meterWrite = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('clock-correct') })
    .describe('Moves the clock to the time of the PC within 4 minutes, once a day; no interval is lost'),
  z
    .strictObject({ kind: z.literal('clock-set') })
    .describe('Sets the clock to the time of the PC by whatever it takes; disturbs the order of the profile'),
  z.strictObject({ kind: z.literal('address'), address: z.number().int().min(1).max(0xffffffff) }).describe('New network address'),
  z
    .strictObject({
      kind: z.literal('line-parameters'),
      baudRate: z.literal(WRITABLE_BAUD_RATES),
      parity: z.enum(WRITABLE_PARITIES),
      multiplier: z.number().int().min(1).max(255).default(1).describe('Of the system time-out'),
    })
    .describe('Speed and parity of the interface that is used; the line must be changed with it'),
  z.strictObject({ kind: z.literal('season-off') }).describe('The meter no longer moves its clock in spring and autumn'),
  z.strictObject({ kind: z.literal('relay'), isOn: z.boolean() }).describe('Connects or disconnects the load'),
  z
    .strictObject({ kind: z.literal('profile-period'), minutes: z.number().int().min(1).max(60) })
    .describe('Period of the load profile; the profile in the meter is wiped'),
]);
export type MeterWrite = z.infer<typeof meterWrite>;
export const METER_WRITE_KINDS = meterWrite.options.map((option) => option.shape.kind.value);
export type MeterWriteKind = MeterWrite['kind'];

/** One request of a write as it would go over the wire; a password in it is masked with `**`. */
export interface PlannedRequest {
  readonly label: string;
  /** Hex bytes with spaces, checksum included. */
  readonly hex: string;
}

/** What a setting was before a write, or is after it; `null` = the meter does not tell. */
export interface SettingValue {
  /** Name of a decoded field (docs/decode-fields.md). */
  readonly name: string;
  readonly value: string | null;
  readonly unit: string | null;
}

/** `refused` by a status of the meter; `unknown` when nothing came back and the meter's state does not tell either. */
export const WRITE_OUTCOMES = ['done', 'refused', 'unknown'] as const;
export type WriteOutcome = (typeof WRITE_OUTCOMES)[number];
