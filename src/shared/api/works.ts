/** The contract of work that takes its time: what of it is in hand, how far it is, and how it is stopped. */
import { z } from 'zod';
import { WORK_KINDS, WORK_STAGES } from '../domain/work.ts';
import type { Role } from './roles.ts';
import { isoInstant } from './values.ts';

const count = z.number().int().nonnegative();

/** Parameter of the methods that are such work. */
export const workId = z
  .string()
  .min(1)
  .max(64)
  .optional()
  .describe('Name that the caller gives to this work, to know it in work.list and to stop it; made by the server when left out');

export const workItem = z.object({
  id: z.string(),
  kind: z.enum(WORK_KINDS),
  name: z.string().nullable().describe('Kind of a package, name of a report; null = the kind of the work says it all'),
  from: z.string().nullable().describe('First day, or the month'),
  to: z.string().nullable().describe('Inclusive'),
  startedAt: isoInstant,
  stage: z.enum(WORK_STAGES),
  done: count,
  of: count.describe('0 = nothing that could be counted'),
  state: z.enum(['running', 'committed', 'stopping', 'ended']).describe('committed = it goes to its end and cannot be stopped any more'),
});
export type WorkItem = z.infer<typeof workItem>;

const operator: Role = 'operator';

export const WORK_METHODS = {
  'work.list': {
    description: 'Work in hand that somebody waits for, the oldest first',
    params: z.strictObject({}),
    result: z.array(workItem),
    role: operator,
  },
  'work.cancel': {
    description: 'Stops a work: its call ends with api/cancelled and nothing of it is kept. Refused once it is committed',
    params: z.strictObject({ workId: z.string().min(1).max(64) }),
    result: workItem,
    role: operator,
  },
} as const;
