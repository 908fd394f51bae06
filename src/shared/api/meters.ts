/** What a person does with one meter: its own events, its settings, everything that it holds, and writing to it. */
import { z } from 'zod';
import { METER_EVENTS } from '../domain/meter-event.ts';
import { METER_WRITE_KINDS, meterWrite, WRITE_OUTCOMES } from '../domain/meter-write.ts';
import { finding } from './search.ts';
import { id, isoInstant } from './values.ts';

export const eventRow = z.object({
  pointId: id.nullable(),
  pointCode: z.string().nullable(),
  pointName: z.string().nullable(),
  meterSerial: z.string(),
  journal: z.number().int(),
  kind: z.enum(METER_EVENTS),
  at: isoInstant.describe("By the meter's own clock"),
  details: z.record(z.string(), z.unknown()),
});
export type EventRow = z.infer<typeof eventRow>;

export const inventoryItem = z.object({ key: z.string(), group: z.string(), label: z.string() });
export type InventoryItem = z.infer<typeof inventoryItem>;

export const meterAudit = z.object({
  pointId: id,
  meterSerial: z.string(),
  at: isoInstant.nullable().describe('When the settings were read; null = never'),
  configuration: z.record(z.string(), z.unknown()).nullable(),
  findings: z.array(finding),
});
export type MeterAudit = z.infer<typeof meterAudit>;

export const settingValue = z.object({ name: z.string(), value: z.string().nullable(), unit: z.string().nullable() });

/** Why a write is not allowed now; an empty list is leave to go on. */
export const WRITE_OBSTACLES = [
  'off',
  'settlement-without-reason',
  'clock-in-doubt',
  'address-taken',
  'meter-unavailable',
  'unsupported',
] as const;
export const writePlan = z.object({
  planId: z.string().describe('Good for five minutes and for one write'),
  pointId: id,
  pointCode: z.string(),
  meterSerial: z.string(),
  write: meterWrite,
  requests: z.array(z.object({ label: z.string(), hex: z.string() })),
  before: z.array(settingValue),
  accessLevel: z.union([z.literal(1), z.literal(2)]),
  obstacles: z.array(z.enum(WRITE_OBSTACLES)),
  needsReason: z.boolean().describe('A settlement meter: a reason document must be named'),
  confirmation: z.string().describe('Text that the person must type: the serial of the meter'),
});
export type WritePlan = z.infer<typeof writePlan>;

export const writeReport = z.object({
  outcome: z.enum(WRITE_OUTCOMES),
  status: z.number().int().nullable().describe('Status byte of the meter'),
  before: z.array(settingValue),
  after: z.array(settingValue),
  auditId: id,
});
export type WriteReport = z.infer<typeof writeReport>;

export const writeRow = z.object({
  auditId: id,
  at: isoInstant,
  who: z.string(),
  pointCode: z.string(),
  meterSerial: z.string(),
  kind: z.enum(METER_WRITE_KINDS),
  outcome: z.enum(WRITE_OUTCOMES),
  reason: z.string().nullable(),
});
