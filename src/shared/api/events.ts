import { z } from 'zod';
import { livePoint, systemStatus } from './methods.ts';
import { packageSummary } from './packages.ts';
import { lineTest, searchState } from './search.ts';
import { trainingStatus } from './training.ts';
import { workItem } from './works.ts';

/** name -> payload. Live events are coalesced to at most one a second. */
export const EVENTS = {
  'live.changed': z.object({
    sequence: z.number().int().describe('One more than the event before; after a jump ask live.list again'),
    points: z.array(livePoint),
  }),
  'status.changed': systemStatus,
  'data.changed': z.object({ pointIds: z.array(z.number().int()) }).describe('New intervals or registers were stored for these points'),
  'packages.changed': packageSummary,
  'supplier.changed': z.object({ day: z.string() }).describe("A day of the supplier's files has changed: ask supplier.month again"),
  'jobs.changed': z.object({}).describe('A job began, ended or was put off: ask jobs.list again'),
  'search.changed': searchState,
  'lineTest.changed': lineTest,
  'checks.changed': z.object({}).describe('Closed days were compared: ask checks.list again'),
  'findings.changed': z.object({ count: z.number().int() }).describe('Ask findings.list again'),
  'training.changed': trainingStatus,
  'work.changed': workItem,
  'replacements.changed': z
    .object({ month: z.string().nullable().describe('null = more than one may be') })
    .describe('A replacement, a reading or the closing of a month: ask replacements.propose and months.check again'),
} as const;

export type EventName = keyof typeof EVENTS;
export type EventPayload<N extends EventName> = z.output<(typeof EVENTS)[N]>;
export const EVENT_NAMES = Object.keys(EVENTS) as EventName[];
