/** Building blocks of the API's schemas. Payloads are plain JSON: time is ISO 8601 UTC, figures are exact decimal strings. */
import { z } from 'zod';
import { CHANNELS } from '../domain/channel.ts';
import { FINDING_CODES } from '../domain/finding.ts';
import { ABSENCE_REASONS, INTERVAL_FLAGS } from '../domain/interval.ts';

export const id = z.number().int().positive();
export const isoInstant = z.iso.datetime({ offset: true }).describe('ISO 8601 with an offset; results are in UTC with Z');
export const isoDate = z.iso.date().describe('A calendar day in the zone of the site');
export const decimal = z
  .string()
  .regex(/^-?\d+(\.\d*[1-9])?$/)
  .describe('Exact decimal: no exponent, no trailing zeros');
export const channel = z.enum(CHANNELS);
export const absenceReason = z.enum(ABSENCE_REASONS);
export const intervalFlag = z.enum(INTERVAL_FLAGS);

/** `ok` works, `attention` works with a reservation, `fault` does not work, `no-data` nothing to judge by, `unchecked` never asked yet. */
export const state = z.enum(['ok', 'attention', 'fault', 'no-data', 'unchecked']);
export type State = z.infer<typeof state>;

export const measured = z.object({
  value: decimal,
  unit: z.string().describe('W, var, VA, V, A, Hz, deg, percent, degC, or "one" for a bare number'),
  side: z.enum(['primary', 'secondary']).describe('Side of the measuring transformers that the figure belongs to'),
});
export type Measured = z.infer<typeof measured>;

export const completeness = z.object({
  expected: z.number().int().nonnegative().describe('Intervals that should exist by now'),
  received: z.number().int().nonnegative(),
});
export type Completeness = z.infer<typeof completeness>;

export const perChannel = <T extends z.ZodType>(value: T) => z.object({ 'A+': value, 'A-': value, 'R+': value, 'R-': value });

export const page = z.object({ offset: z.number().int().nonnegative().default(0), limit: z.number().int().min(1).max(1000).default(100) });

/** What a person or a rule should look at; the text is made by the screens from `code` and `params`. */
export const attention = z.object({
  code: z.enum([
    'line-down',
    'meter-silent',
    'meter-denied',
    'wrong-serial',
    'clock-deviation',
    'pc-clock-wrong',
    'sum-mismatch',
    'supply-off-alone',
    'phase-lost',
    'data-missing',
    'package-failed',
    'job-failed',
    'job-late',
    'package-rejected',
    'package-partial',
    'package-late',
    'ack-refused',
    'supplier-file-held',
    'supplier-file-due',
    'supplier-file-failed',
    'supplier-file-rejected',
    'supplier-file-no-reply',
    'supplier-file-changed',
    'supplier-reply-refused',
    'store-trouble',
    'backup-failed',
    'meter-unsupported',
    ...FINDING_CODES,
  ]),
  state,
  subject: z.object({
    kind: z.enum(['site', 'line', 'substation', 'point', 'package', 'supplier-file', 'job']),
    id: id.nullable(),
    name: z.string(),
  }),
  since: isoInstant.nullable(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});
export type Attention = z.infer<typeof attention>;
