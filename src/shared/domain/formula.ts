/**
 * Calculated points and groups: a signed sum of points and of other formulas, such as `+1 P1 -1 P2 -0.5 P3`. Data only;
 * whether a set of formulas holds together is checked by `checkFormulas`.
 */
import { z } from 'zod';
import { CHANNELS } from './channel.ts';

const key = z.number().int().positive();

export const formulaTerm = z.object({
  coefficient: z
    .object({ numerator: z.number().int(), denominator: z.number().int().positive() })
    .describe('Exact: -0.5 is -1/2, a third is 1/3')
    .refine(({ numerator }) => numerator !== 0, 'A term with coefficient 0 says nothing'),
  of: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('point'), pointId: key, channel: z.enum(CHANNELS).describe('Of the point') }),
    z.object({ kind: z.literal('formula'), formulaId: key }),
  ]),
});
export type FormulaTerm = z.infer<typeof formulaTerm>;

export const formula = z.object({
  id: key,
  name: z.string().min(1),
  unit: z.enum(['Wh', 'varh']).describe('Of every term: active and reactive energy are never added'),
  terms: z.array(formulaTerm).min(1).max(500),
});
export type Formula = z.infer<typeof formula>;

/** What a set of formulas may do wrong; each makes the formula unusable, together with all that refer to it. */
export const FORMULA_FAULTS = ['unknown-point', 'unknown-formula', 'unit-mixed', 'cycle', 'too-deep'] as const;
export type FormulaFaultCode = (typeof FORMULA_FAULTS)[number];

export interface FormulaFault {
  readonly formulaId: number;
  readonly code: FormulaFaultCode;
  /** Index of the term that is wrong. */
  readonly term: number;
}
