/** Jobs by the clock: what is handed over, when, and how long it waits for its data. */
import { z } from 'zod';
import { REPORT_FORMATS, REPORT_NAMES } from './reports.ts';
import { FIRST_RECEIVER, ONEC_KINDS } from './receivers.ts';

/** `hh:mm` of a day, on the wall clock of the site. */
export const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'hh:mm');

/** Latin letters and digits: the id of a receiver stands in commands and in the store. */
const receiverId = z.string().regex(/^[a-z0-9-]{1,40}$/);

const common = {
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  at: clockTime.describe('Local time of the site'),
  period: z
    .enum(['previous-day', 'previous-month'])
    .describe('Daily jobs take the day before; monthly jobs run on `dayOfMonth` and take the month before'),
  dayOfMonth: z.number().int().min(1).max(28).default(1).describe('Of monthly jobs'),
  whenComplete: z.boolean().describe('Wait until the period is as complete as `threshold` asks for, at the latest until `latest`'),
  threshold: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(100)
    .describe('Percent of the expected figures that are stored or proven absent; 100 = every one'),
  latest: clockTime,
  isEnabled: z.boolean(),
};

export const onecSchedule = z.strictObject({
  what: z.literal('onec').default('onec'),
  receiver: receiverId.default(FIRST_RECEIVER),
  kind: z.enum(ONEC_KINDS),
  corrections: z.boolean().default(false).describe('Also hands over what has changed in periods that were sent before'),
  ...common,
});
export type OnecSchedule = z.infer<typeof onecSchedule>;

export const xml80020Schedule = z.strictObject({ what: z.literal('xml80020'), ...common });
export type Xml80020Schedule = z.infer<typeof xml80020Schedule>;

export const reportSchedule = z.strictObject({
  what: z.literal('report'),
  report: z.enum(REPORT_NAMES).describe('Of all points; the balance of all substations that have one'),
  format: z.enum(REPORT_FORMATS),
  folder: z.string().trim().min(1).max(500),
  ...common,
});
export type ReportSchedule = z.infer<typeof reportSchedule>;

/** A schedule that does not say what it hands over is one of packages for 1C: it was stored before there was anything else. */
export const schedule = z.union([onecSchedule, xml80020Schedule, reportSchedule]);
export type Schedule = z.infer<typeof schedule>;
export type ScheduleWhat = Schedule['what'];

export const schedules = z.array(schedule).max(50);

const DAILY = {
  what: 'onec',
  receiver: FIRST_RECEIVER,
  corrections: false,
  at: '06:00',
  period: 'previous-day',
  dayOfMonth: 1,
  whenComplete: true,
  threshold: 100,
  latest: '09:00',
  isEnabled: true,
} as const;

export const DEFAULT_SCHEDULES: readonly Schedule[] = [
  { ...DAILY, id: 'daily-iv', kind: 'IV' },
  { ...DAILY, id: 'daily-rd', kind: 'RD' },
];
