/** Schemas of the calendar of packages: what was handed over, and what should have been. */
import { z } from 'zod';
import { id, isoDate, isoInstant } from './values.ts';

export const PACKAGE_STATES = ['made', 'delivered', 'accepted', 'partial', 'rejected', 'failed'] as const;
export const CALENDAR_STATES = [...PACKAGE_STATES, 'not-due', 'waiting', 'missing'] as const;

export const handedOver = z.object({
  id: id.describe('Of the package, of the supplier’s file, or of the run that made the report'),
  name: z.string().describe('Number of the package, or name of the file'),
  mode: z.enum(['full', 'delta']),
  from: isoDate,
  to: isoDate,
  createdAt: isoInstant,
  state: z.enum(PACKAGE_STATES),
  missing: z.number().int().describe('Figures that it lacks'),
});

export const calendarCell = z.object({
  from: isoDate,
  to: isoDate.describe('Inclusive'),
  state: z
    .enum(CALENDAR_STATES)
    .describe(
      'Of the newest thing over the period; not-due not expected or not yet, waiting for figures, missing its latest hour has passed',
    ),
  isLate: z.boolean().describe('It came after its latest hour'),
  isCorrected: z.boolean().describe('Changes were handed over afterwards'),
  isIncomplete: z.boolean().describe('The last whole one lacks figures'),
  latest: isoInstant.nullable().describe('Until when it is expected; null when no schedule asks for it'),
  things: z.array(handedOver).describe('Newest first'),
});
export type CalendarCellRow = z.infer<typeof calendarCell>;

export const calendarStream = z.object({
  what: z.enum(['onec', 'xml80020', 'report']),
  receiver: z.string().describe('Id of the receiver or name of the report'),
  receiverName: z.string(),
  kind: z.string().describe('Kind of the package or format of the report'),
  period: z.enum(['day', 'month']),
  jobs: z.array(z.string()).describe('Schedules that are switched on'),
  cells: z.array(calendarCell).describe('One for each day, or one for the month'),
});
export type CalendarStreamRow = z.infer<typeof calendarStream>;

export const packageCalendar = z.object({
  from: isoDate,
  to: isoDate.describe('Inclusive'),
  today: isoDate,
  streams: z.array(calendarStream),
});
export type PackageCalendar = z.infer<typeof packageCalendar>;
