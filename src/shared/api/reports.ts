/** Reports: their names, what is asked of them, and the sheet that every form of them is made from. */
import { z } from 'zod';
import { CHANNELS } from '../domain/channel.ts';
import { id, isoDate } from './values.ts';

export const REPORT_NAMES = [
  'hourly-matrix',
  'month-statement',
  'integral-act',
  'balance',
  'maximum-power',
  'completeness',
  'replaced',
  'events',
  'tenants',
] as const;
export type ReportName = (typeof REPORT_NAMES)[number];

export const REPORT_FORMATS = ['xlsx', 'pdf'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** What may be chosen for a report besides its period. */
export const REPORT_CHOICES = ['points', 'channel', 'substation', 'formulas'] as const;

export const reportRequest = z.strictObject({
  name: z.enum(REPORT_NAMES),
  from: isoDate,
  to: isoDate.describe('Inclusive'),
  pointIds: z.array(id).max(1000).optional().describe('All points when left out'),
  substationId: id.optional().describe('Points of this substation only; the balance is made of one'),
  formulaIds: z.array(id).max(200).optional().describe('Calculated groups; alone they are the whole report'),
  channel: z.enum(CHANNELS).default('A+'),
});
export type ReportRequest = z.output<typeof reportRequest>;

/**
 * What is to be known of a figure: `replaced` a replacement stands in it; `incomplete` a part is lacking or not to be trusted;
 * `missing` there is none; `void` the day has no such hour, or it has not come yet.
 */
export const REPORT_MARKS = ['replaced', 'incomplete', 'missing', 'void'] as const;
export type ReportMark = (typeof REPORT_MARKS)[number];

export const reportColumn = z.object({
  title: z.string(),
  unit: z.string().nullable(),
  kind: z.enum(['text', 'number', 'day', 'moment']),
  digits: z.number().int().min(0).max(6).describe('After the point, for numbers'),
  width: z.number().int().positive().describe('Characters'),
});
export type ReportColumn = z.infer<typeof reportColumn>;

export const reportCell = z.object({
  value: z.string().nullable().describe('Text, decimal with the digits of its column, ISO date, or ISO moment with the offset of the site'),
  mark: z.enum(REPORT_MARKS).nullable(),
});
export type ReportCell = z.infer<typeof reportCell>;

export const reportRow = z.object({
  kind: z.enum(['data', 'group', 'subtotal', 'total']),
  cells: z.array(reportCell).describe('In the order of the columns; a group has its name alone'),
});
export type ReportRow = z.infer<typeof reportRow>;

export const reportFact = z.object({ label: z.string(), value: z.string() });
export type ReportFact = z.infer<typeof reportFact>;

export const reportSection = z.object({
  name: z.string().describe('Of the sheet'),
  heading: z.string().nullable(),
  facts: z.array(reportFact),
  columns: z.array(reportColumn),
  rows: z.array(reportRow),
  results: z.array(reportFact).describe('What follows from the rows: verdicts and differences'),
  notes: z.array(z.string()),
});
export type ReportSection = z.infer<typeof reportSection>;

export const reportSheet = z.object({
  name: z.enum(REPORT_NAMES),
  title: z.string(),
  isLandscape: z.boolean(),
  head: z.array(reportFact),
  sections: z.array(reportSection),
  hiddenSections: z.number().int().nonnegative().describe('Left out here, not in the files'),
  signatures: z.array(z.object({ position: z.string(), name: z.string() })),
  rows: z.number().int(),
  missing: z.number().int().describe('Figures that are missing or incomplete'),
});
export type ReportSheet = z.infer<typeof reportSheet>;

export const reportListItem = z.object({
  name: z.enum(REPORT_NAMES),
  title: z.string(),
  purpose: z.string(),
  choices: z.array(z.enum(REPORT_CHOICES)),
  mostDays: z.number().int().positive(),
});
export type ReportListItem = z.infer<typeof reportListItem>;

export const reportOrder = z.strictObject({
  request: reportRequest,
  format: z.enum(REPORT_FORMATS),
  folder: z.string().trim().min(1).max(500).nullable().default(null).describe('null = the file comes with the answer'),
});

export const madeReport = z.object({
  file: z.string().describe('Name; with its folder where one was given'),
  bytes: z.number().int(),
  rows: z.number().int(),
  missing: z.number().int(),
  contentBase64: z.string().nullable().describe('null when it was written into a folder'),
});
export type MadeReport = z.infer<typeof madeReport>;
