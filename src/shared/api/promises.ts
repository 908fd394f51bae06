/** Schemas of what is promised to the work on a line, and what it waited. */
import { z } from 'zod';
import { LINE_PROMISES, type WorkClass } from '../domain/line-promise.ts';

const WORK_CLASSES = Object.keys(LINE_PROMISES) as [WorkClass, ...WorkClass[]];
const figures = z.object({ p50Ms: z.number(), p95Ms: z.number(), maxMs: z.number() }).nullable().describe('null = there was none');

export const classWaits = z.object({
  class: z.enum(WORK_CLASSES),
  promiseS: z.number().describe('Done within so many seconds of the moment at which it was due, in 95 of 100 cases'),
  count: z.number().int().describe('Pieces of work done in the last hour'),
  toStart: figures.describe('From the moment at which it was due to its first exchange'),
  toDone: figures.describe('And to its end: what is promised'),
});
export type LineWaits = z.infer<typeof classWaits>;
