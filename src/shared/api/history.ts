/** What instantaneous values were over days and years: smallest, mean and largest of every read. */
import { z } from 'zod';
import { INSTANTANEOUS_KEYS } from '../domain/quantity.ts';
import { decimal, id, isoDate, isoInstant } from './values.ts';

export const HISTORY_STEPS = ['half-hour', 'day'] as const;
export type HistoryStep = (typeof HISTORY_STEPS)[number];

/** The most steps of one answer: a quarter of half-hours, thirteen years of days. */
export const HISTORY_STEPS_LIMIT = 5000;

export const historyRequest = z.strictObject({
  pointId: id,
  quantity: z.enum(INSTANTANEOUS_KEYS),
  from: isoDate,
  to: isoDate.describe(`Inclusive; ${HISTORY_STEPS_LIMIT} steps at most`),
  step: z.enum(HISTORY_STEPS),
});
export type HistoryRequest = z.infer<typeof historyRequest>;

export const historyRow = z.object({
  start: isoInstant,
  minutes: z.number().int().describe('Real length: 1380 or 1500 on a day when the zone changed'),
  min: decimal,
  mean: decimal.describe('Of all reads, rounded once to the last digit that the meter gives'),
  max: decimal,
  reads: z.number().int().positive(),
});
export type HistoryRow = z.infer<typeof historyRow>;

export const history = z.object({
  pointId: id,
  quantity: z.enum(INSTANTANEOUS_KEYS),
  unit: z.string().describe('W, var, VA, V, A, Hz, deg, percent, degC, or "one" for a bare number; primary side'),
  from: isoInstant,
  to: isoInstant,
  step: z.enum(HISTORY_STEPS),
  rows: z
    .array(historyRow)
    .describe('Steps with at least one read, in order of time; none for the half-hour in which the meter or its ratio was changed'),
});
export type History = z.infer<typeof history>;
