/** Schemas of the cross-check: sums of closed meter-days against the registers at both midnights. */
import { z } from 'zod';
import { DAY_CHECK_OBSTACLES, DAY_DIAGNOSES, DAY_VERDICTS } from '../domain/day-check.ts';
import { decimal, id, perChannel } from './values.ts';

const channelCheck = z.object({
  sum: decimal.describe('Of the stored intervals, Wh or varh of the secondary side'),
  difference: decimal.describe('Of the registers; negative when they ran backwards'),
  tolerance: decimal.describe('One count for each interval and two steps of the registers'),
  agrees: z.boolean(),
});

/** One closed day of one meter, by the meter's own clock. */
export const dayCheckRow = z.object({
  point_id: id,
  point_code: z.string(),
  point_name: z.string(),
  meter_serial: z.string(),
  day: z.iso.date().describe('By the clock of the meter'),
  verdict: z.enum(DAY_VERDICTS),
  diagnosis: z
    .enum([...DAY_DIAGNOSES, ...DAY_CHECK_OBSTACLES])
    .nullable()
    .describe('What is likely behind a mismatch, or why nothing can be compared'),
  channels: perChannel(channelCheck.nullable()).nullable().describe('Null where the meter does not keep the channel on both sides'),
  checked_at: z.iso.datetime(),
});
export type DayCheckRow = z.infer<typeof dayCheckRow>;
