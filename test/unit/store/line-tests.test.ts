import { expect, test } from 'vitest';
import type { LineTest } from '../../../src/shared/api/search.ts';
import { storeWithMeters } from './support.ts';

function lineTest(id: number, startedAt: string): LineTest {
  return {
    id,
    lineId: 1,
    line: 'tcp:10.0.0.5:4001',
    state: 'done',
    startedAt,
    endedAt: startedAt,
    done: 100,
    total: 100,
    exchanges: 100,
    lost: 3,
    damaged: 0,
    echoes: 0,
    strayBytes: 0,
    firstByteP50Ms: 31,
    firstByteP99Ms: 58,
    grade: 'fair',
    meters: [],
    findings: [{ code: 'loss', weight: 'attention', params: { rate: 3 } }],
  };
}

test('tests of a line are kept as they ended and listed newest first', () => {
  const { store } = storeWithMeters(1);
  expect(store.lineTests.highestId()).toBe(0);
  const older = lineTest(1, '2026-11-22T10:00:00.250Z');
  const newer = lineTest(2, '2026-11-23T10:00:00Z');
  store.lineTests.add(older);
  store.lineTests.add(newer);
  expect(store.lineTests.list(1)).toEqual([newer, older]);
  expect(store.lineTests.list(2)).toEqual([]);
  expect(store.lineTests.get(1)).toEqual(older);
  expect(store.lineTests.get(3)).toBeNull();
  expect(store.lineTests.highestId()).toBe(2);
});
