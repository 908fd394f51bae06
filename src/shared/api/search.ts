/** Searching lines for meters and testing lines: what is asked, how it goes, what came out. */
import { z } from 'zod';
import { FINDING_CODES } from '../domain/finding.ts';
import { DRIVER_IDS } from '../domain/point.ts';
import { id, isoDate, isoInstant } from './values.ts';

export const finding = z.object({
  code: z.enum(FINDING_CODES),
  weight: z.enum(['fault', 'attention', 'info']),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});

/** Speed and character format of a bus, as LINE writes it: `9600-8N1`. */
export const lineSetting = z.string().regex(/^\d{3,6}-[78][NEO][12]$/, 'speed and format, for example 9600-8N1');

export const searchRequest = z.strictObject({
  line: z.string().min(1).describe('LINE text; a line of the plant is searched beside its polling'),
  driver: z.enum(DRIVER_IDS).default('mercury-23x'),
  serials: z
    .array(z.string().regex(/^\d{6,9}$/))
    .max(1000)
    .default([])
    .describe('Expected meters: their derived addresses come first'),
  addresses: z
    .object({ from: z.number().int().min(1), to: z.number().int().min(1) })
    .nullable()
    .default(null)
    .describe('Range to go through after the serials; null = every legal address when there are no serials, else none'),
  settings: z
    .array(lineSetting)
    .max(40)
    .default([])
    .describe("Speeds and formats to try on a serial line; empty = the one of LINE. A gateway's far speed cannot be changed from here"),
  isThorough: z.boolean().default(false).describe('Wait as long as the documents allow, and ask silent addresses twice'),
});
export type SearchRequest = z.output<typeof searchRequest>;

export const searchPlan = z.object({
  settings: z.array(z.object({ setting: lineSetting, addresses: z.number().int(), seconds: z.number() })),
  exchanges: z.number().int().describe('The most that it can take'),
  seconds: z.number().describe('The longest that it takes on a line of its own; polling beside it makes it longer'),
});
export type SearchPlan = z.infer<typeof searchPlan>;

export const foundMeter = z.object({
  line: z.string(),
  setting: lineSetting,
  address: z.number().int(),
  serial: z.string(),
  driver: z.enum(DRIVER_IDS),
  manufactured: isoDate.nullable(),
  firstByteMs: z.number().nullable(),
  pointCode: z.string().nullable().describe('Point of the plant that this serial is installed at; null = not in the plant'),
  isExpected: z.boolean().describe('One of the serials that were given'),
});
export type FoundMeter = z.infer<typeof foundMeter>;

export const SEARCH_STATES = ['waiting', 'running', 'paused', 'done', 'cancelled', 'failed'] as const;
export const searchState = z.object({
  id,
  line: z.string(),
  state: z.enum(SEARCH_STATES),
  isThorough: z.boolean(),
  startedAt: isoInstant,
  endedAt: isoInstant.nullable(),
  done: z.number().int().describe('Exchanges'),
  total: z.number().int(),
  secondsLeft: z.number().nullable(),
  setting: lineSetting.nullable().describe('The one in work'),
  address: z.number().int().nullable().describe('The one in work'),
  found: z.array(foundMeter),
  missing: z.array(z.string()).describe('Serials that were given and did not answer so far'),
  findings: z.array(finding),
  neighbours: z
    .array(z.object({ pointCode: z.string(), ageS: z.number().nullable() }))
    .describe('Points polled on the same line and the age of their values'),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type SearchState = z.infer<typeof searchState>;

/** One raw exchange of a search or a line test, in the spirit of the search log of 2013. */
export const logEntry = z.object({
  sequence: z.number().int().positive(),
  at: isoInstant,
  setting: lineSetting,
  address: z.number().int().nullable(),
  request: z.string().describe('hex with spaces'),
  response: z.string().describe('hex with spaces, everything that came; empty = nothing'),
  firstByteMs: z.number().nullable(),
  verdict: z.enum(['meter', 'late', 'silence', 'damaged', 'echo', 'collision', 'stray', 'other']),
  text: z.string().describe("In the protocol's words: `No answer from 94`"),
});
export type LogEntry = z.infer<typeof logEntry>;

export const LINE_TEST_GRADES = ['good', 'fair', 'poor', 'failed'] as const;
export const lineTestMeter = z.object({
  pointCode: z.string().nullable(),
  serial: z.string(),
  address: z.number().int(),
  exchanges: z.number().int(),
  lost: z.number().int().describe('No frame came'),
  damaged: z.number().int().describe('Bytes came, and no good frame among them'),
  retries: z.number().int(),
  firstByteP50Ms: z.number().nullable(),
  firstByteP99Ms: z.number().nullable(),
  grade: z.enum(LINE_TEST_GRADES),
});
export const lineTest = z.object({
  id,
  lineId: id,
  line: z.string(),
  state: z.enum(SEARCH_STATES),
  startedAt: isoInstant,
  endedAt: isoInstant.nullable(),
  done: z.number().int(),
  total: z.number().int(),
  exchanges: z.number().int(),
  lost: z.number().int(),
  damaged: z.number().int(),
  echoes: z.number().int(),
  strayBytes: z.number().int(),
  firstByteP50Ms: z.number().nullable(),
  firstByteP99Ms: z.number().nullable(),
  grade: z.enum(LINE_TEST_GRADES).nullable().describe('null until it has ended'),
  meters: z.array(lineTestMeter),
  findings: z.array(finding),
});
export type LineTest = z.infer<typeof lineTest>;
