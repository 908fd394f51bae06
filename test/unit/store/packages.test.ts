import { expect, test } from 'vitest';
import { z } from 'zod';
import type { PackageFields } from '../../../src/main/store/store.ts';
import { ONEC_FORMATS, ONEC_KINDS } from '../../../src/shared/api/settings.ts';
import type { PackageContent, SentDay } from '../../../src/shared/domain/package.ts';
import { MIDNIGHT, temporaryStore } from './support.ts';

const record = z.strictObject({
  id: z.number().int(),
  receiver: z.string(),
  siteCode: z.string(),
  number: z.number().int(),
  packId: z.string(),
  kind: z.enum(ONEC_KINDS),
  format: z.enum(ONEC_FORMATS),
  mode: z.enum(['full', 'delta']),
  from: z.iso.date(),
  to: z.iso.date(),
  createdUtc: z.number().int(),
  createdOffsetMin: z.number().int(),
  folder: z.string(),
  job: z.string().nullable(),
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
  mode: 'full',
  from: '2026-11-21',
  to: '2026-11-21',
  createdUtc: MIDNIGHT,
  createdOffsetMin: 180,
  folder: 'D:\\exchange',
  job: null,
  ...changes,
});
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
  expect(record.parse(made)).toEqual({ ...fields(1, { job: 'daily-iv' }), id: 1, number: 1, state: 'made', error: null, content: null });
  store.packages.complete(made.id, CONTENT, [day(0)]);
  store.packages.setState(made.id, 'failed', 'export/folder-unavailable: gone');
  expect(record.parse(store.packages.get(1))).toEqual({
    ...made,
    content: CONTENT,
    state: 'failed',
    error: 'export/folder-unavailable: gone',
  });
  expect(store.packages.unfinished('1C')).toHaveLength(1);
  store.packages.setState(made.id, 'delivered', null);
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

test('what was sent last is what the highest package said of that key and day', () => {
  const { store } = temporaryStore();
  const [first, second] = [store.packages.reserve(fields(1)), store.packages.reserve(fields(2))];
  store.packages.complete(second.id, CONTENT, [day(1)]);
  store.packages.complete(first.id, CONTENT, [day(0), { ...day(0), key: 'P2;A+' }]);
  expect(store.packages.lastSent('1C', 'IV', 'P1;A+', '2026-11-21')).toEqual(day(1).rows);
  expect(store.packages.lastSent('1C', 'IV', 'P2;A+', '2026-11-21')).toEqual(day(0).rows);
  for (const [receiver, kind, key, date] of [
    ['other', 'IV', 'P1;A+', '2026-11-21'],
    ['1C', 'RD', 'P1;A+', '2026-11-21'],
    ['1C', 'IV', 'P1;A-', '2026-11-21'],
    ['1C', 'IV', 'P1;A+', '2026-11-20'],
  ] as const) {
    expect(store.packages.lastSent(receiver, kind, key, date)).toBeNull();
  }
});

test('content given again replaces what the package said before', () => {
  const { store } = temporaryStore();
  const { id } = store.packages.reserve(fields(1));
  store.packages.complete(id, CONTENT, [day(0), { ...day(0), key: 'P2;A+' }]);
  store.packages.complete(id, { ...CONTENT, rows: 1, controlSum: null }, [day(3)]);
  expect(store.packages.get(id)?.content).toEqual({ ...CONTENT, rows: 1, controlSum: null });
  expect(store.packages.lastSent('1C', 'IV', 'P1;A+', '2026-11-21')).toEqual(day(3).rows);
  expect(store.packages.lastSent('1C', 'IV', 'P2;A+', '2026-11-21')).toBeNull();
});

test('an unknown package is refused', () => {
  const { store } = temporaryStore();
  expect(() => store.packages.setState(9, 'delivered', null)).toThrow(expect.objectContaining({ code: 'api/not-found' }));
  expect(() => store.packages.complete(9, CONTENT, [])).toThrow(expect.objectContaining({ code: 'api/not-found' }));
});
