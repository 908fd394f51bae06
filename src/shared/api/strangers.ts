/** Schemas of meters that answer in place of others. */
import { z } from 'zod';
import { STRANGER_STATES } from '../domain/stranger.ts';
import { id, isoInstant } from './values.ts';

export const strangerRow = z.object({
  serial: z.string(),
  expectedSerial: z.string().describe('Of the meter in whose place it answers'),
  pointId: id.nullable().describe('Where that one stands; null = nowhere any more'),
  pointCode: z.string().nullable(),
  pointName: z.string().nullable(),
  line: z.string(),
  address: z.number().int(),
  state: z.enum(STRANGER_STATES).describe('`quarantined` waits for a decision'),
  firstSeen: isoInstant,
  lastSeen: isoInstant,
  intervals: z.number().int().nonnegative().describe('Stored of it, whatever period'),
  isDenied: z.boolean().describe('It has refused the default passwords: nothing is read of it'),
  decidedAt: isoInstant.nullable(),
  who: z.string().nullable(),
  reason: z.string().nullable(),
});
export type StrangerRow = z.infer<typeof strangerRow>;

export const strangerRejection = z.strictObject({
  serial: z.string().regex(/^\d{1,20}$/),
  reason: z.string().trim().min(1).max(500).describe('Why it has no business there'),
});
