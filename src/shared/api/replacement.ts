/** Schemas of figures that stand in for those that nobody measured, of readings that people write down, and of closed months. */
import { z } from 'zod';
import { MONTH_LACKS } from '../domain/closing.ts';
import { REPLACEMENT_METHODS, REPLACEMENT_OBSTACLES } from '../domain/replacement.ts';
import { absenceReason, channel, decimal, id, isoDate, isoInstant } from './values.ts';

export const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .describe('YYYY-MM of the site');
const wholeWh = z
  .string()
  .regex(/^-?\d{1,18}$/)
  .describe('Whole Wh or varh');
export const author = z.string().trim().min(1).max(100).describe('The person who decides');
export const whyText = z.string().trim().min(1).max(500);
const replacementMethod = z.enum(REPLACEMENT_METHODS);

export const replacementBasis = z.object({
  points: z
    .array(z.object({ code: z.string(), sharePpm: z.number().int().describe('1 000 000 = as counted there') }))
    .describe('Other points that it is made of'),
  windows: z
    .array(
      z.object({
        from: isoInstant,
        to: isoInstant,
        energy: wholeWh.describe('By the readings at both ends, primary side'),
        known: wholeWh.describe('Of that measured or replaced inside already'),
        isManual: z.boolean().describe('A person wrote one of the readings down'),
      }),
    )
    .describe('Readings between which it was shared out'),
  shapes: z
    .array(
      z.object({
        day: isoDate,
        likeDay: isoDate.nullable().describe('Day of the same point whose hours it has got'),
        neighbour: z.string().nullable().describe('Point whose hours of the same day it has got; both null = even'),
      }),
    )
    .describe('Where the shape of each day comes from'),
  referenceMonth: z.string().nullable().describe('Month whose consumption it repeats'),
  maxPower: wholeWh.nullable().describe('W'),
  hoursPerDay: z.number().int().nullable(),
  isSplitByLaw: z.boolean(),
});
export type ReplacementBasisView = z.infer<typeof replacementBasis>;

export const replacementProposal = z.object({
  pointId: id,
  code: z.string(),
  name: z.string(),
  substation: z.string(),
  channel,
  from: isoInstant,
  to: isoInstant,
  intervals: z.number().int(),
  minutes: z.number().int().describe('Of one interval'),
  state: z.enum(['missing', 'incomplete']).describe('Incomplete: there is a figure that is not to be trusted, or only a part of one'),
  reason: absenceReason.nullable().describe('Why the first interval is absent; null when it is there'),
  measured: wholeWh.nullable().describe('What is there of it, not to be trusted; null = nothing'),
  options: z
    .array(
      z.object({
        method: replacementMethod,
        energy: wholeWh,
        fingerprint: z.string().describe('Of its figures: approve names it, so that nobody approves what he has not seen'),
        basis: replacementBasis,
      }),
    )
    .describe('In the order of the settings; the first is proposed'),
  obstacles: z
    .array(z.object({ method: replacementMethod, obstacle: z.enum(REPLACEMENT_OBSTACLES) }))
    .describe('Why the other rules have no figure'),
});
export type ReplacementProposal = z.infer<typeof replacementProposal>;

export const replacementDecision = z.object({
  decisionId: id,
  pointId: id,
  code: z.string(),
  name: z.string(),
  channel,
  from: isoInstant,
  to: isoInstant,
  intervals: z.number().int(),
  energy: wholeWh,
  method: replacementMethod,
  basis: replacementBasis,
  author: z.string(),
  reason: z.string(),
  document: z.string().nullable(),
  madeAt: isoInstant,
  withdrawn: z.object({ at: isoInstant, by: z.string(), reason: z.string() }).nullable().describe('null = in force'),
  notNeeded: z.number().int().describe('Intervals that were measured after all: their figure is the measured one'),
});
export type ReplacementDecisionView = z.infer<typeof replacementDecision>;

export const replacementMonth = z.object({
  month,
  from: isoInstant,
  to: isoInstant,
  isClosed: z.boolean(),
  proposals: z.array(replacementProposal).describe('Gaps that nobody has filled, by point, channel and time'),
  decisions: z.array(replacementDecision).describe('What was approved, in order of time'),
});
export type ReplacementMonth = z.infer<typeof replacementMonth>;

export const replacementChoice = z.strictObject({
  pointId: id,
  channel,
  from: isoInstant.describe('Start of the gap as it was proposed'),
  method: replacementMethod,
  fingerprint: z.string().max(64).nullable().default(null).describe('Of the option; needed unless the method is manual'),
  energy: wholeWh.nullable().default(null).describe('Of the whole gap, primary side; only with the method manual'),
});

export const replacementDayRequest = z.strictObject({
  pointId: id,
  channel,
  day: isoDate,
  method: replacementMethod.nullable().default(null).describe('null = nothing is proposed'),
  manual: z
    .strictObject({ from: isoInstant.describe('Start of the gap'), energy: wholeWh })
    .nullable()
    .default(null)
    .describe('Figure of the person; only with the method manual'),
});

export const replacementDay = z.object({
  day: isoDate,
  likeDay: isoDate.nullable(),
  rows: z.array(
    z.object({
      start: isoInstant,
      minutes: z.number().int(),
      status: z.enum(['valid', 'replaced', 'incomplete', 'missing']),
      energy: decimal.nullable().describe('kWh or kvarh that is handed on now'),
      proposed: decimal.nullable().describe('kWh or kvarh by the method asked for'),
      like: decimal.nullable().describe('kWh or kvarh of the like day at the same time of day'),
    }),
  ),
});
export type ReplacementDay = z.infer<typeof replacementDay>;

/** Doubts about a reading; the first two cannot be, the others want a confirmation. */
export const READING_DOUBTS = ['in-the-future', 'runs-backwards', 'above-max-power', 'unusual', 'nothing-to-compare'] as const;

export const newReading = z.strictObject({
  pointId: id,
  at: isoInstant,
  channel,
  tariff: z.number().int().min(0).max(8).default(0).describe('0 = sum of tariffs'),
  reading: z
    .string()
    .regex(/^\d{1,15}$/)
    .describe('Whole Wh or varh as the meter shows, before the ratios'),
  isRollOver: z.boolean().default(false).describe('The register ran over its last digit since the reading before'),
});

export const readingCheck = z.object({
  doubts: z.array(z.object({ code: z.enum(READING_DOUBTS), isRefusal: z.boolean() })),
  before: z.object({ at: isoInstant, reading: wholeWh }).nullable(),
  after: z.object({ at: isoInstant, reading: wholeWh }).nullable(),
  energy: wholeWh.nullable().describe('Since the reading before, primary side'),
  usual: wholeWh.nullable().describe('What as long a time takes here, primary side'),
  countsFrom: isoInstant.describe('Border of two half-hours that the reading counts at'),
});
export type ReadingCheck = z.infer<typeof readingCheck>;

export const manualReading = z.object({
  readingId: id,
  pointId: id,
  code: z.string(),
  name: z.string(),
  at: isoInstant,
  channel,
  tariff: z.number().int(),
  reading: wholeWh,
  isRollOver: z.boolean(),
  author: z.string(),
  reason: z.string(),
  madeAt: isoInstant,
  withdrawn: z.object({ at: isoInstant, by: z.string(), reason: z.string() }).nullable(),
});
export type ManualReadingView = z.infer<typeof manualReading>;

const monthLack = z.object({
  kind: z.enum(MONTH_LACKS),
  pointCode: z.string().nullable(),
  channel: channel.nullable(),
  intervals: z.number().int().nullable(),
  receiver: z.string().nullable(),
  number: z.number().int().nullable().describe('Of the package'),
});
export type MonthLackView = z.infer<typeof monthLack>;

export const monthRow = z.object({
  month,
  isOver: z.boolean(),
  closed: z.object({ at: isoInstant, by: z.string(), reason: z.string(), lacks: z.number().int() }).nullable().describe('null = open'),
  energy: wholeWh.nullable().describe('A+ of all points at the last closing'),
  replaced: wholeWh.nullable(),
  history: z
    .array(
      z.object({
        closedAt: isoInstant,
        closedBy: z.string(),
        closedReason: z.string(),
        openedAt: isoInstant.nullable(),
        openedBy: z.string().nullable(),
        openedReason: z.string().nullable(),
      }),
    )
    .describe('Every closing, the last first'),
});
export type MonthRow = z.infer<typeof monthRow>;

export const monthCheck = z.object({
  month,
  isOver: z.boolean(),
  isClosed: z.boolean(),
  energy: wholeWh.describe('A+ of all points that is handed on'),
  replaced: wholeWh.describe('What of it is replaced'),
  replacedShare: decimal.nullable().describe('Percent, two digits; null = there is no energy'),
  waiting: z.number().int().describe('Gaps that nobody has filled'),
  lacks: z.array(monthLack).describe('What is open'),
  confirmation: z.string().describe('Names what is open: closing asks for it when there is something'),
  changedSince: z
    .object({ intervals: z.number().int(), energy: wholeWh.describe('A+, now less at the closing') })
    .nullable()
    .describe('What was stored after the closing and is not handed on; null while the month is open'),
});
export type MonthCheck = z.infer<typeof monthCheck>;
