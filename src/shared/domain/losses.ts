/** Losses between a metering point and the boundary that its energy is settled at, as data of an installation. */
import { z } from 'zod';

const figure = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .describe('Exact decimal, not negative');

/** A part of the metered energy, as contracts state it. */
const percentLosses = z.object({
  kind: z.literal('percent'),
  active: figure.describe('Percent of the active energy'),
  reactive: figure.describe('Percent of the reactive energy'),
});

/** A power transformer by its plate or test report. */
const transformerLosses = z.object({
  kind: z.literal('transformer'),
  noLoadW: figure.describe('No-load losses dP0, W'),
  loadW: figure.describe('Load losses dPk at rated power, W'),
  ratedVA: figure.describe('Rated power, VA').refine((text) => /[1-9]/.test(text), 'A transformer has a rated power'),
  noLoadCurrentPercent: figure.nullable().describe('I0, percent of the rated current; null = reactive losses are not known'),
  shortCircuitPercent: figure.nullable().describe('uk, percent; null = reactive losses are not known'),
});

/** A line, three phases alike. */
const lineLosses = z.object({
  kind: z.literal('line'),
  resistanceOhm: figure.describe('Of one phase'),
  reactanceOhm: figure.nullable().describe('Of one phase; null = reactive losses are not known'),
  voltageV: figure.describe('Nominal, phase to phase').refine((text) => /[1-9]/.test(text), 'A line has a voltage'),
});

export const lossModel = z.discriminatedUnion('kind', [percentLosses, transformerLosses, lineLosses]);
export type LossModel = z.infer<typeof lossModel>;

/**
 * What lies between a meter and its balance boundary. `behind-boundary`: the meter stands on the consumer's side of the losses,
 * so they are added to what it counts; `before-boundary`: they are taken off.
 */
export const boundaryLosses = z.object({
  meterStands: z.enum(['behind-boundary', 'before-boundary']),
  elements: z.array(lossModel).min(1).describe('Each reckoned from the metered energy'),
});
export type BoundaryLosses = z.infer<typeof boundaryLosses>;
