/** Schemas of the supplier's file (80020, 80040): days of a month, one file with its history, what a day would be. */
import { z } from 'zod';
import { HOLD_CODES, SUPPLIER_FILE_STATES } from '../domain/supplier-file.ts';
import { channel, decimal, id, isoDate, isoInstant, page } from './values.ts';

/** What the settings lack before any file can be made. */
export const SUPPLIER_PROBLEMS = [
  'sender-inn',
  'sender-name',
  'area-code',
  'area-name',
  'aiis-code',
  'name-template',
  'no-points',
  'repeated-code',
  'no-delivery',
] as const;
export type SupplierProblem = (typeof SUPPLIER_PROBLEMS)[number];

export const holdReason = z.object({
  code: z.enum(HOLD_CODES),
  pointCode: z.string().nullable().describe('Code of the point in the file; null = the file as a whole'),
  pointName: z.string().nullable(),
  channel: channel.nullable().describe('null = the whole point'),
  from: isoInstant.nullable(),
  to: isoInstant.nullable().describe('Not included'),
  rule: z.string().nullable().describe('Rule of `check-80020` that refuses the file'),
  text: z.string().nullable().describe('What it found'),
});

export const heldDay = z.object({ since: isoInstant, checkedAt: isoInstant, reasons: z.array(holdReason) });

const channelSum = z.object({ channel, sum: decimal.describe('kWh or kvarh as printed in the file') });

export const supplierFile = z.object({
  id,
  number: z.number().int(),
  messageClass: z.enum(['80020', '80040']),
  day: isoDate.describe('Of the market zone or of the site, by the settings'),
  timestamp: z.string().describe('yyyyMMddHHmmss as in the file'),
  madeAt: isoInstant,
  job: z.string().nullable().describe('Schedule that made it; null = by hand'),
  state: z.enum(SUPPLIER_FILE_STATES),
  stateAt: isoInstant,
  note: z.string().nullable().describe('Error code and message, status of the reply, hours waited'),
  name: z.string(),
  bytes: z.number().int(),
  sha256: z.string().describe('Of the XML document'),
  points: z.number().int(),
  channels: z.number().int().describe('Channels of all points'),
  sums: z.array(channelSum),
  nonCommercial: z.number().int().describe('Half-hours with status 1'),
  isSigned: z.boolean(),
  folder: z.string().nullable(),
  folderAt: isoInstant.nullable(),
  isMailed: z.boolean(),
  mailAt: isoInstant.nullable(),
  staleAt: isoInstant.nullable().describe('Since when other figures are known than it holds; a correction would tell them'),
  messageId: z.string().nullable(),
});
export type SupplierFile = z.infer<typeof supplierFile>;

export const SUPPLIER_DAY_STATES = ['future', 'unbegun', 'waiting', 'late', 'held', ...SUPPLIER_FILE_STATES] as const;
export type SupplierDayState = (typeof SUPPLIER_DAY_STATES)[number];

export const supplierDay = z.object({
  day: isoDate,
  state: z
    .enum(SUPPLIER_DAY_STATES)
    .describe(
      'Of its newest file, or why there is none: not over yet, before the first file ever made, not made, not made and past its deadline, held',
    ),
  deadline: isoInstant,
  isComplete: z
    .boolean()
    .nullable()
    .describe(
      'Everything that can be had is stored; null = it was not looked at: the day has its file, is not over or lies back more than a week',
    ),
  file: supplierFile.nullable().describe('The newest, which is the one that counts'),
  files: z.number().int().describe('With all corrections'),
  hold: heldDay.nullable(),
});
export type SupplierDay = z.infer<typeof supplierDay>;

export const refusedReply = z.object({ name: z.string(), seenAt: isoInstant, error: z.string() });

export const supplierMonth = z.object({
  month: z.string().regex(/^\d{4}-\d{2}$/),
  problems: z.array(z.enum(SUPPLIER_PROBLEMS)).describe('What the settings lack; empty = files can be made'),
  points: z.number().int().describe('Points with a code'),
  hasMailPassword: z.boolean(),
  nextNumber: z.number().int().describe('As far as the database knows'),
  days: z.array(supplierDay),
  refusedReplies: z.array(refusedReply),
});
export type SupplierMonth = z.infer<typeof supplierMonth>;

export const SUPPLIER_OUTCOMES = ['held', 'same', 'new', 'correction'] as const;

export const supplierPreview = z.object({
  day: isoDate,
  outcome: z.enum(SUPPLIER_OUTCOMES).describe('What making it would come to'),
  number: z.number().int().nullable().describe('That it would have; null = held'),
  reasons: z.array(holdReason),
  points: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      channels: z.array(
        z.object({
          channel,
          sum: decimal.describe('As it would be printed'),
          exact: decimal.describe('Before rounding'),
          carry: decimal.describe('What goes over to the next day'),
          nonCommercial: z.number().int(),
        }),
      ),
    }),
  ),
  leftOut: z.array(z.object({ code: z.string(), name: z.string() })).describe('Points with a code that had no meter all day'),
  changedDays: z.array(isoDate).describe('Later days of the month whose files would differ after it'),
});
export type SupplierPreview = z.infer<typeof supplierPreview>;

export const supplierOutcome = z.object({
  outcome: z.enum(SUPPLIER_OUTCOMES),
  file: supplierFile.nullable(),
  hold: heldDay.nullable(),
  changedDays: z.array(isoDate),
});
export type SupplierOutcome = z.infer<typeof supplierOutcome>;

export const supplierFileCard = z.object({
  file: supplierFile,
  steps: z.array(z.object({ at: isoInstant, state: z.enum(SUPPLIER_FILE_STATES), note: z.string().nullable() })),
  parts: z.array(z.object({ name: z.string(), bytes: z.number().int(), sha256: z.string() })).describe('As they are handed over'),
  replies: z.array(z.object({ name: z.string(), seenAt: isoInstant, status: z.number().int().min(0).max(4) })),
  others: z.array(supplierFile).describe('Other files of the same day, by number'),
});
export type SupplierFileCard = z.infer<typeof supplierFileCard>;

export const receivedImport = z.object({
  file: z.string(),
  sender: z.object({ inn: z.string(), name: z.string() }),
  messageClass: z.string(),
  number: z.number().int(),
  day: isoDate,
  outcome: z
    .enum(['stored', 'older', 'known'])
    .describe('`older`: a larger number of the day is there; `known`: the same bytes came before'),
  points: z.number().int(),
  channels: z.number().int(),
  faults: z.array(z.string()).describe('Rules of `check-80020` that the file breaks'),
  unknownPoints: z.array(z.string()).describe('Codes that no point of ours has'),
  sources: z.number().int().describe('Points that live by files of this sender from now on'),
});
export type ReceivedImport = z.infer<typeof receivedImport>;

export const receivedFile = z.object({
  id,
  sender: z.object({ inn: z.string(), name: z.string() }),
  messageClass: z.string(),
  number: z.number().int(),
  day: isoDate,
  name: z.string(),
  receivedAt: isoInstant,
  who: z.string(),
});
export type ReceivedFileRow = z.infer<typeof receivedFile>;

export const comparedChannel = z.object({
  pointCode: z.string().describe('In the file'),
  pointId: id.nullable().describe('null = no point of ours has this code'),
  pointName: z.string().nullable(),
  isSource: z.boolean().describe('The point lives by these figures: there is nothing of our own to compare'),
  channel,
  senderInn: z.string(),
  intervals: z.number().int(),
  onlyOurs: z.number().int(),
  onlyTheirs: z.number().int(),
  differing: z.number().int().describe('Intervals that differ by more than 1 kWh, which rounding can make'),
  ours: decimal.nullable().describe('kWh or kvarh over the intervals that both have'),
  theirs: decimal.nullable(),
  difference: decimal.nullable().describe('Theirs minus ours'),
  places: z.array(z.object({ start: isoInstant, ours: decimal.nullable(), theirs: decimal.nullable() })).describe('Where they differ'),
});
export type ComparedChannel = z.infer<typeof comparedChannel>;

const nothing = z.strictObject({});
const day = z.strictObject({ day: isoDate });
const fileId = z.strictObject({ fileId: id });

/** Methods of the supplier's file; they join those of `methods.ts`. */
export const SUPPLIER_METHODS = {
  'supplier.month': {
    description: "Days of a month with the supplier's files, what holds days back, what the settings lack",
    params: z.strictObject({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'YYYY-MM') }),
    result: supplierMonth,
    role: 'operator',
  },
  'supplier.preview': {
    description: "What the supplier's file of a day would hold; nothing is numbered or written",
    params: day,
    result: supplierPreview,
    role: 'operator',
  },
  'supplier.make': {
    description:
      'Makes the file of a day and hands it over. A day that lacks figures is held; one whose file would be the same keeps it, to the byte; changed figures make a correction with a larger number',
    params: day,
    result: supplierOutcome,
    role: 'operator',
  },
  'supplier.get': { description: 'One file with its history and replies', params: fileId, result: supplierFileCard, role: 'operator' },
  'supplier.repeat': {
    description: 'Hands a file over once more, byte for byte',
    params: fileId,
    result: supplierFile,
    role: 'operator',
  },
  'supplier.download': {
    description: 'Bytes of a file as they are handed over',
    params: fileId,
    result: z.array(z.object({ name: z.string(), base64: z.string() })),
    role: 'operator',
  },
  'supplier.import': {
    description:
      "Takes in a file 80020 or 80040 of somebody else, or an archive of them. With `isSource` the points of the file that have no meter here live by the sender's files; those that are not there are made",
    params: z.strictObject({
      fileBase64: z.string().max(100_000_000),
      name: z.string().min(1).max(200),
      isSource: z.boolean().default(false),
    }),
    result: z.array(receivedImport),
    role: 'engineer',
  },
  'supplier.received': {
    description: 'Files of others that were taken in, newest first',
    params: z.strictObject({ ...page.shape }),
    result: z.object({ rows: z.array(receivedFile), total: z.number().int() }),
    role: 'operator',
  },
  'supplier.compare': {
    description: 'Figures received for a day beside those of our own meters, by point and channel',
    params: day,
    result: z.array(comparedChannel),
    role: 'operator',
  },
  'supplier.dropSource': {
    description: 'A point lives by the files of others no more; what came stays',
    params: z.strictObject({ pointId: id }),
    result: nothing,
    role: 'engineer',
  },
  'supplier.setMailPassword': {
    description: 'Keeps the password of the mail account, sealed; null takes it away',
    params: z.strictObject({ password: z.string().min(1).max(200).nullable() }),
    result: nothing,
    role: 'engineer',
  },
} as const;
