/** The training plant as a person uses it: a simulated plant with a data folder of its own, beside the real one. */
import { z } from 'zod';
import { isoInstant } from './values.ts';

export const trainingFault = z.object({
  kind: z.string(),
  target: z.string().describe('Name of the line, code of the point, or empty for the whole plant'),
  since: isoInstant.nullable().describe('null = it is to begin later'),
  until: isoInstant.nullable(),
  params: z.record(z.string(), z.unknown()),
});
export const trainingStatus = z.object({
  isRunning: z.boolean(),
  startedAt: isoInstant.nullable(),
  seed: z.number().int(),
  lines: z.array(z.object({ name: z.string(), address: z.string(), meters: z.number().int() })),
  points: z.array(z.object({ code: z.string(), name: z.string(), line: z.string() })),
  faults: z.array(trainingFault),
  faultKinds: z.array(
    z.object({
      kind: z.string(),
      target: z.enum(['line', 'point', 'plant']),
      fields: z.array(z.object({ name: z.string(), type: z.enum(['number', 'text', 'phases']), isRequired: z.boolean() })),
    }),
  ),
});
export type TrainingStatus = z.infer<typeof trainingStatus>;
