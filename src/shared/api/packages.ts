/** The contract of the 1C exchange: packages, what they would hold, what their receivers answered. */
import { z } from 'zod';
import { FIRST_RECEIVER, ONEC_FORMATS, ONEC_KINDS } from './receivers.ts';
import { channel, decimal, id, isoDate, isoInstant } from './values.ts';
import { workId } from './works.ts';

const kind = z.enum(ONEC_KINDS);
const format = z.enum(ONEC_FORMATS);
const mode = z.enum(['full', 'delta']);
const receiverId = z.string().min(1).max(40);
const count = z.number().int().nonnegative();

const packageAck = z.object({
  status: z.enum(['accepted', 'partial', 'rejected']),
  at: isoInstant.describe('When it was read here'),
  rowsOk: count.nullable().describe('null = the answer does not say'),
  rowsBad: count.nullable(),
  text: z.string().describe("In the receiver's own words"),
  faults: z
    .array(
      z.object({
        row: count.nullable().describe('Number in the data file, from 1'),
        key: z.string(),
        reason: z.string().describe("In the receiver's own words; period_closed = its month is closed for changes"),
      }),
    )
    .describe('The first of them'),
  faultCount: count.describe('All of them'),
});

export const packageSummary = z.object({
  id,
  receiver: z.string(),
  number: z.number().int(),
  packId: z.string(),
  kind,
  format: format.describe('The first of the formats'),
  formats: z.array(format).describe('All of them, under the one number'),
  mode,
  from: isoDate,
  to: isoDate.describe('Inclusive'),
  createdAt: isoInstant,
  deliveredAt: isoInstant.nullable().describe('null = not yet, or before this was noted'),
  rows: z.number().int(),
  missingRows: z.number().int().describe('Rows with status 2'),
  controlSum: decimal.nullable(),
  state: z.enum(['made', 'delivered', 'accepted', 'partial', 'rejected', 'failed']),
  error: z.string().nullable(),
  folder: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.number().int(), sha256: z.string() })),
  job: z.string().nullable().describe('Schedule that made it; null = by hand'),
  replacesPackId: z.string().nullable().describe('Package of the same kind and period that this one repeats in full'),
  ack: packageAck.nullable().describe('null = the receiver has not answered'),
});
export type PackageSummary = z.infer<typeof packageSummary>;

const changes = z.object({
  new: count.describe('Never told to the receiver'),
  changed: count.describe('Told with another figure or status'),
  same: count,
  withdrawn: count.describe('Told before and no row any more: goes out empty with status 2'),
});

const toldRow = z.object({
  figures: z.string().describe('Printed figures, parted by a slash where a row has several; empty = none'),
  status: count.describe('0 valid, 1 replaced, 2 missing or incomplete, 3 disputed'),
  revision: count,
});

const difference = z.object({
  pointCode: z.string(),
  key: z.string().describe('Point, meter, channel and tariff as the natural key has them'),
  at: isoInstant.describe('Start of the interval, day or month, or the moment of the reading'),
  change: z.enum(['changed', 'withdrawn']),
  before: toldRow,
  now: toldRow,
});

export const packagePreview = z.object({
  receiver: z.string(),
  kind,
  mode,
  from: isoDate,
  to: isoDate,
  rows: z.number().int().describe('Of the package'),
  missingRows: z.number().int(),
  controlSum: decimal.nullable(),
  isEnded: z.boolean().describe('False when the period is not over yet'),
  isFirst: z.boolean().describe('Nothing of this period was ever told to the receiver'),
  changes: changes.describe('How all rows of the period stand to what the receiver was told'),
  held: count.describe('Rows that differ and stay as they were told, because their month is closed'),
  differences: z.array(difference).describe('The first of them, before and now'),
  points: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      rows: z.number().int(),
      missingRows: z.number().int(),
      energy: decimal.nullable(),
      changes,
      channels: z.array(changes.extend({ channel: channel.nullable() })),
    }),
  ),
});
export type PackagePreview = z.infer<typeof packagePreview>;

const previewFields = {
  kind,
  from: isoDate,
  to: isoDate,
  format: format.optional().describe('Instead of all formats that the receiver takes'),
  receiver: receiverId.default(FIRST_RECEIVER),
  mode: mode.default('full').describe('delta = only the rows that differ from what the receiver was told'),
};

export const packageRequest = z.strictObject({
  ...previewFields,
  folder: z.string().min(1).optional().describe('Instead of the folder in the settings'),
  workId,
});

export const correctionsRequest = z.strictObject({
  receiver: receiverId.default(FIRST_RECEIVER),
  from: isoDate.optional().describe('First day to look at; the first that was sent, at most 92 days before `to`, when not given'),
  to: isoDate.optional().describe('Inclusive; the last that was sent when not given'),
  workId,
});

export const corrections = z
  .array(packagePreview)
  .describe('A package of corrections for each kind of which something was sent and has changed since');
