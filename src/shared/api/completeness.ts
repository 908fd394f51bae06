/** Schemas of what is there and what is not: points by days, and periods asked for again. */
import { z } from 'zod';
import { absenceReason, id, isoDate, isoInstant } from './values.ts';

export const completenessDay = z.object({
  day: isoDate,
  expected: z.number().int().describe('Intervals that should exist by now'),
  received: z.number().int(),
  lost: z.number().int().describe('Proven absent: no meter holds them any more'),
  open: z.number().int().describe('Absent, and still worth asking for'),
  reason: absenceReason.nullable().describe('Of most of the absent ones; null when none is. With none expected: why none is'),
  deadline: isoInstant.nullable().describe('When the meter forgets the first of the open ones; null when it is not known or none is open'),
  mismatch: z.string().nullable().describe('Why the sum of the day and its registers differ; null while they agree or were not compared'),
});
export type CompletenessDay = z.infer<typeof completenessDay>;

/** Open intervals of one meter with one reason. */
export const forgetting = z.object({
  pointId: id,
  code: z.string(),
  name: z.string(),
  meterSerial: z.string(),
  intervals: z.number().int(),
  from: isoInstant.describe('Start of the first'),
  to: isoInstant.describe('End of the last'),
  reason: absenceReason,
  deadline: isoInstant.nullable().describe('When the meter forgets the first; null when its memory is not known'),
});
export type Forgetting = z.infer<typeof forgetting>;

/** `complete` nothing is absent, `on-track` what is absent comes by itself, `at-risk` it does not come now, `incomplete` something is lost. */
export const OUTLOOKS = ['complete', 'on-track', 'at-risk', 'incomplete'] as const;

export const completenessMap = z.object({
  from: isoDate,
  to: isoDate.describe('Inclusive'),
  outlook: z.enum(OUTLOOKS),
  totals: z.object({ expected: z.number().int(), received: z.number().int(), lost: z.number().int(), open: z.number().int() }),
  points: z.array(
    z.object({
      pointId: id,
      code: z.string(),
      name: z.string(),
      substation: z.string(),
      meterSerial: z.string().describe('Of the last meter of the period'),
      days: z.array(completenessDay),
    }),
  ),
  forgetting: z.array(forgetting).describe('What may be lost, the nearest deadline first'),
});
export type CompletenessMap = z.infer<typeof completenessMap>;

export const rereadRow = z.object({
  rereadId: id,
  pointCode: z.string(),
  meterSerial: z.string(),
  from: isoInstant,
  to: isoInstant,
  askedAt: isoInstant,
  who: z.string(),
  reason: z.string().nullable(),
  endedAt: isoInstant.nullable(),
  outcome: z.enum(['done', 'cancelled']).nullable().describe('null = it waits for the meter'),
  waitsFor: absenceReason.nullable().describe('What stands in the way now; null = nothing, or it has ended'),
  open: z.number().int().nullable().describe('Intervals not read yet; null when it has ended'),
  found: z.number().int().nullable().describe('Intervals that had been absent and came'),
  changed: z.number().int().nullable().describe('Intervals whose figures turned out to be other ones'),
});
export type RereadRow = z.infer<typeof rereadRow>;
