import { expect, test } from 'vitest';
import { z } from 'zod';
import type { PackageFields } from '../../../src/main/store/store.ts';
import { ONEC_FORMATS, ONEC_KINDS } from '../../../src/shared/api/settings.ts';
import type { PackageAck, PackageContent, SentDay } from '../../../src/shared/domain/package.ts';
import { MIDNIGHT, temporaryStore } from './support.ts';

const ackRecord = z.strictObject({
  readUtc: z.number().int(),
  status: z.enum(['accepted', 'partial', 'rejected']),
  rowsOk: z.number().int().nullable(),
  rowsBad: z.number().int().nullable(),
  text: z.string(),
  faults: z.array(z.strictObject({ row: z.number().int().nullable(), key: z.string(), reason: z.string() })),
  faultCount: z.number().int(),
  digest: z.string(),
});

const record = z.strictObject({
  id: z.number().int(),
  receiver: z.string(),
  siteCode: z.string(),
  number: z.number().int(),
  packId: z.string(),
  kind: z.enum(ONEC_KINDS),
  format: z.enum(ONEC_FORMATS),
  formats: z.array(z.enum(ONEC_FORMATS)),
  mode: z.enum(['full', 'delta']),
  from: z.iso.date(),
  to: z.iso.date(),
  createdUtc: z.number().int(),
  createdOffsetMin: z.number().int(),
  folder: z.string(),
  job: z.string().nullable(),
  replacesPackId: z.string().nullable(),
  deliveredUtc: z.number().int().nullable(),
  ack: ackRecord.nullable(),
  state: z.enum(['made', 'delivered', 'accepted', 'partial', 'rejected', 'failed']),
  error: z.string().nullable(),
  content: z
    .strictObject({
      rows: z.number().int(),
      missingRows: z.number().int(),
      controlSum: z.string().nullable(),
      files: z.array(z.strictObject({ name: z.string(), bytes: z.number().int(), sha256: z.string() })),
    })
    .nullable(),
});

const fields = (n: number, changes: Partial<PackageFields> = {}): PackageFields => ({
  receiver: '1C',
  siteCode: 'SITE1',
  packId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  kind: 'IV',
  format: 'csv',
  formats: ['csv'],
  mode: 'full',
  from: '2026-11-21',
  to: '2026-11-21',
  createdUtc: MIDNIGHT,
  createdOffsetMin: 180,
  folder: 'D:\\exchange',
  job: null,
  replacesPackId: null,
  ...changes,
});
const UNTOUCHED = { state: 'made', error: null, content: null, deliveredUtc: null, ack: null } as const;
const CONTENT: PackageContent = {
  rows: 192,
  missingRows: 2,
  controlSum: '12345678901234567.125',
  files: [{ name: 'a.csv', bytes: 9, sha256: 'ff' }],
};
const day = (revision: number): SentDay => ({
  key: 'P1;A+',
  day: '2026-11-21',
  rows: [
    [MIDNIGHT, revision, 1, '1,234'],
    [MIDNIGHT + 1800, revision, 2, ''],
  ],
});

test('numbers run without holes for each receiver apart', () => {
  const { store } = temporaryStore();
  expect(store.packages.highestNumber('1C')).toBe(0);
  const numbers = [fields(1), fields(2), fields(3, { receiver: 'other' }), fields(4)].map((one) => store.packages.reserve(one).number);
  expect(numbers).toEqual([1, 2, 1, 3]);
  expect(store.packages.highestNumber('1C')).toBe(3);
});

test('a number stays above those that were seen among files', () => {
  const { store } = temporaryStore();
  expect(store.packages.reserve(fields(1), 41).number).toBe(42);
  expect(store.packages.reserve(fields(2), 7).number).toBe(43);
});

test('a package is numbered, filled and delivered, and comes back whole', () => {
  const { store } = temporaryStore();
  const made = store.packages.reserve(fields(1, { job: 'daily-iv' }));
  expect(record.parse(made)).toEqual({ ...fields(1, { job: 'daily-iv' }), ...UNTOUCHED, id: 1, number: 1 });
  store.packages.complete(made.id, CONTENT);
  store.packages.setState(made.id, 'failed', 'export/folder-unavailable: gone', MIDNIGHT + 60);
  expect(record.parse(store.packages.get(1))).toEqual({
    ...made,
    content: CONTENT,
    state: 'failed',
    error: 'export/folder-unavailable: gone',
  });
  expect(store.packages.unfinished('1C')).toHaveLength(1);
  store.packages.setState(made.id, 'delivered', null, MIDNIGHT + 120);
  store.packages.setState(made.id, 'delivered', null, MIDNIGHT + 180);
  expect(store.packages.get(1)?.deliveredUtc).toBe(MIDNIGHT + 120);
  expect(store.packages.unfinished('1C')).toEqual([]);
  expect(store.packages.get(2)).toBeNull();
});

test('the list is paged, newest first', () => {
  const { store } = temporaryStore();
  for (const n of [1, 2, 3, 4, 5]) store.packages.reserve(fields(n));
  const { rows, total } = store.packages.list(1, 2);
  expect(rows.map(({ id }) => id)).toEqual([4, 3]);
  expect(total).toBe(5);
});

/** A package that says this much of the rows of a day. */
function sent(
  store: ReturnType<typeof temporaryStore>['store'],
  n: number,
  days: readonly SentDay[],
  changes: Partial<PackageFields> = {},
) {
  const made = store.packages.reserve(fields(n, changes));
  store.packages.begin(made.id);
  store.packages.remember(made.id, days);
  return made;
}

const DAYS = { from: '2026-11-01', to: '2026-11-30' };
const ALL = Number.MAX_SAFE_INTEGER;

test('what was sent last is what the highest complete package said of each key and day', () => {
  const { store } = temporaryStore();
  const ids = [
    sent(store, 1, [day(0), { ...day(0), key: 'P1;A-' }, { ...day(5), key: 'P10;A+' }]).id,
    sent(store, 2, [day(1)]).id,
    sent(store, 3, [day(2)]).id,
  ];
  for (const id of ids.slice(0, 2)) store.packages.complete(id, CONTENT);
  // The third was cut off while it was rendered: it was never said.
  expect(store.packages.sentBefore('1C', 'IV', 'P1', DAYS, ALL)).toEqual([day(1), { ...day(0), key: 'P1;A-' }]);
  expect(store.packages.sentBefore('1C', 'IV', 'P1', DAYS, 2)).toEqual([day(0), { ...day(0), key: 'P1;A-' }]);
  expect(store.packages.sentBefore('1C', 'IV', 'P10', DAYS, ALL)).toEqual([{ ...day(5), key: 'P10;A+' }]);
  expect(store.packages.sentBefore('other', 'IV', 'P1', DAYS, ALL)).toEqual([]);
  expect(store.packages.sentBefore('1C', 'RD', 'P1', DAYS, ALL)).toEqual([]);
  expect(store.packages.sentBefore('1C', 'IV', 'P', DAYS, ALL)).toEqual([]);
  expect(store.packages.sentBefore('1C', 'IV', 'P1', { from: '2026-11-22', to: '2026-11-30' }, ALL)).toEqual([]);
  expect(store.packages.sentRange('1C', 'IV')).toEqual({ from: '2026-11-21', to: '2026-11-21' });
  expect(store.packages.sentRange('1C', 'RD')).toBeNull();
});

test('a package that is rendered again forgets what the earlier try said', () => {
  const { store } = temporaryStore();
  const { id } = sent(store, 1, [day(0), { ...day(0), key: 'P2;A+' }]);
  store.packages.complete(id, CONTENT);
  store.packages.begin(id);
  store.packages.remember(id, [day(3)]);
  store.packages.complete(id, { ...CONTENT, rows: 1, controlSum: null });
  expect(store.packages.get(id)?.content).toEqual({ ...CONTENT, rows: 1, controlSum: null });
  expect(store.packages.sentBefore('1C', 'IV', 'P1', DAYS, ALL)).toEqual([day(3)]);
  expect(store.packages.sentBefore('1C', 'IV', 'P2', DAYS, ALL)).toEqual([]);
});

test('the package that a repeat stands for is the last complete full one of the same kind and period', () => {
  const { store } = temporaryStore();
  const find = () => store.packages.lastFull('1C', 'IV', '2026-11-21', '2026-11-21');
  const made = store.packages.reserve(fields(1));
  expect(find()).toBeNull();
  store.packages.complete(made.id, CONTENT);
  for (const [n, changes] of [
    [2, { mode: 'delta' }],
    [3, { to: '2026-11-22' }],
    [4, { kind: 'RD' }],
  ] as const)
    store.packages.complete(store.packages.reserve(fields(n, changes)).id, CONTENT);
  expect(find()).toBe(fields(1).packId);
});

const ANSWER: PackageAck = {
  readUtc: MIDNIGHT + 600,
  status: 'partial',
  rowsOk: 190,
  rowsBad: 2,
  text: 'Период закрыт',
  faults: [{ row: 7, key: 'P1;A+', reason: 'period_closed' }],
  faultCount: 2,
  digest: 'ab',
};

test('an answer becomes the state of its package, and a later one takes its place', () => {
  const { store } = temporaryStore();
  const { id } = store.packages.reserve(fields(1));
  store.packages.complete(id, CONTENT);
  store.packages.setState(id, 'delivered', null, MIDNIGHT);
  expect(store.packages.unanswered('1C', MIDNIGHT + 1).map((one) => one.id)).toEqual([id]);
  expect(store.packages.unanswered('1C', MIDNIGHT)).toEqual([]);
  store.packages.saveAck(id, ANSWER);
  expect(record.parse(store.packages.get(id))).toMatchObject({ state: 'partial', ack: ANSWER });
  expect(store.packages.refused('1C').map((one) => one.id)).toEqual([id]);
  expect(store.packages.unanswered('1C', MIDNIGHT + 1)).toEqual([]);
  store.packages.saveAck(id, { ...ANSWER, status: 'accepted', rowsBad: null, faults: [], faultCount: 0 });
  expect(record.parse(store.packages.byNumber('1C', 1))).toMatchObject({ state: 'accepted', ack: { rowsBad: null, faults: [] } });
  expect(store.packages.refused('1C')).toEqual([]);
});

test('accepted packages are pruned once, and no others', () => {
  const { store } = temporaryStore();
  const ids = [1, 2, 3].map((n) => store.packages.reserve(fields(n, { createdUtc: MIDNIGHT + n })).id);
  for (const id of ids.slice(0, 2)) store.packages.saveAck(id, { ...ANSWER, status: 'accepted' });
  const prunable = (beforeUtc: number) => store.packages.prunable('1C', beforeUtc).map((one) => one.id);
  expect([prunable(MIDNIGHT + 2), prunable(MIDNIGHT + 9)]).toEqual([ids.slice(0, 1), ids.slice(0, 2)]);
  store.packages.markPruned(ids[0] ?? 0, MIDNIGHT + 9);
  expect(prunable(MIDNIGHT + 9)).toEqual(ids.slice(1, 2));
});

test('a file that is no answer is remembered until it is dropped', () => {
  const { store } = temporaryStore();
  const refused = { receiver: '1C', folder: 'D:\\ack', file: 'a.ack', reason: 'not-text', digest: 'x', foundUtc: MIDNIGHT } as const;
  store.packages.saveRefusedAck(refused);
  store.packages.saveRefusedAck({ ...refused, digest: 'y' });
  expect(store.packages.refusedAcks('1C')).toEqual([{ ...refused, digest: 'y' }]);
  expect(store.packages.refusedAcks('other')).toEqual([]);
  store.packages.dropRefusedAck('1C', 'D:\\ack', 'a.ack');
  expect(store.packages.refusedAcks('1C')).toEqual([]);
});

test('an unknown package is refused', () => {
  const { store } = temporaryStore();
  const missing = expect.objectContaining({ code: 'api/not-found' });
  expect(() => store.packages.setState(9, 'delivered', null, 0)).toThrow(missing);
  expect(() => store.packages.complete(9, CONTENT)).toThrow(missing);
  expect(() => store.packages.begin(9)).toThrow(missing);
  expect(() => store.packages.remember(9, [day(0)])).toThrow(missing);
  expect(() => store.packages.saveAck(9, ANSWER)).toThrow(missing);
});
