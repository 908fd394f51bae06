import { expect, test } from 'vitest';
import { WaitRecord } from '../../../src/main/engine/wait-record.ts';

const of = (record: WaitRecord, now: number, name: string) => record.figures(now).find((waits) => waits.class === name);

test('waits are told by class with their promise, at most a fifth too long', () => {
  const record = new WaitRecord();
  for (let n = 1; n <= 100; n += 1) record.add('screen', 0, n, n * 10);
  const waits = of(record, 1000, 'screen');
  expect(waits).toMatchObject({ promiseS: 1, count: 100, toDone: { maxMs: 1000 }, toStart: { maxMs: 100 } });
  expect(waits?.toDone?.p50Ms).toBeGreaterThanOrEqual(500);
  expect(waits?.toDone?.p50Ms).toBeLessThanOrEqual(600);
  expect(waits?.toDone?.p95Ms).toBeGreaterThanOrEqual(950);
  expect(of(record, 1000, 'clock')).toMatchObject({ count: 0, toStart: null, toDone: null });
});

test('what is older than an hour is forgotten', () => {
  const record = new WaitRecord();
  record.add('clock', 0, 5, 10);
  expect(of(record, 3_500_000, 'clock')?.count).toBe(1);
  expect(of(record, 3_700_000, 'clock')?.count).toBe(0);
});

test('work that began before it was due waited for nothing', () => {
  const record = new WaitRecord();
  record.add('live', 100, 40, 50);
  expect(of(record, 100, 'live')?.toDone).toEqual({ p50Ms: 0, p95Ms: 0, maxMs: 0 });
});
