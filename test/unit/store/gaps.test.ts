import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ABSENCE_REASONS } from '../../../src/shared/domain/interval.ts';
import type { Gap } from '../../../src/shared/domain/gap.ts';
import { gap, HALF_HOUR, interval, MIDNIGHT, stored, storeWithMeters } from './support.ts';

const utc = z.number().int();
const gapRow = z.strictObject({
  meterId: z.number().int(),
  fromUtc: utc,
  toUtc: utc,
  reason: z.enum(ABSENCE_REASONS),
  sinceUtc: utc,
  tries: z.number().int(),
  nextTryUtc: utc.nullable(),
  deadlineUtc: utc.nullable(),
  state: z.enum(['open', 'proven-absent']),
});

/** Rows as [first half-hour, half-hour after the last, reason]. */
function short(gaps: readonly Gap[]) {
  return gaps.map(({ fromUtc, toUtc, reason }) => [(fromUtc - MIDNIGHT) / HALF_HOUR, (toUtc - MIDNIGHT) / HALF_HOUR, reason]);
}

describe('the gap ledger', () => {
  test('keeps what it is told, of each meter apart', async () => {
    const { store } = storeWithMeters();
    const first = gap(0, 4, { nextTryUtc: MIDNIGHT + 5, deadlineUtc: MIDNIGHT + 9, tries: 3 });
    const second = gap(2, 3, { reason: 'never-recorded', state: 'proven-absent' });
    await stored(store, { meterId: 2, atUtc: MIDNIGHT, gaps: [second] }, { meterId: 1, atUtc: MIDNIGHT, gaps: [first] });
    expect(z.array(gapRow).parse(store.gaps.list())).toEqual([
      { meterId: 1, ...first },
      { meterId: 2, ...second },
    ]);
    expect(store.gaps.list(2)).toEqual([{ meterId: 2, ...second }]);
  });

  test('a stored interval splits the row that it lies in', async () => {
    const { store } = storeWithMeters(1);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, gaps: [gap(0, 10)] });
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(3, 1), interval(4, 1)] });
    expect(short(store.gaps.list(1))).toEqual([
      [0, 3, 'not-read'],
      [5, 10, 'not-read'],
    ]);
  });

  test('a row of a batch replaces what was inside its range and leaves the rest', async () => {
    const { store } = storeWithMeters(1);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, gaps: [gap(0, 4), gap(4, 6, { reason: 'silent' }), gap(8, 12)] });
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, gaps: [gap(3, 10, { reason: 'line-down' })] });
    expect(short(store.gaps.list(1))).toEqual([
      [0, 3, 'not-read'],
      [3, 10, 'line-down'],
      [10, 12, 'not-read'],
    ]);
  });

  test('neighbours that tell the same become one row with the earlier deadline', async () => {
    const { store } = storeWithMeters(1);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, gaps: [gap(0, 4, { deadlineUtc: 200, tries: 1 })] });
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, gaps: [gap(4, 6, { deadlineUtc: 100, tries: 4 }), gap(6, 7, { sinceUtc: 1 })] });
    expect(store.gaps.list(1)).toEqual([
      { meterId: 1, ...gap(0, 6, { deadlineUtc: 100, tries: 4 }) },
      { meterId: 1, ...gap(6, 7, { sinceUtc: 1 }) },
    ]);
  });

  test('intervals of the same batch win over its rows, and so do those stored before', async () => {
    const { store } = storeWithMeters(1);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(1, 1)] });
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, gaps: [gap(0, 6)], intervals: [interval(4, 1)] });
    expect(short(store.gaps.list(1))).toEqual([
      [0, 1, 'not-read'],
      [2, 4, 'not-read'],
      [5, 6, 'not-read'],
    ]);
  });

  test('holds exactly what a table of half-hours says, whatever the order of batches', async () => {
    const slot = fc.integer({ min: 0, max: 15 });
    const rows = fc.record({
      from: slot,
      length: fc.integer({ min: 1, max: 8 }),
      reason: fc.constantFrom('not-read', 'silent', 'meter-off'),
    });
    const batch = fc.record({ gaps: fc.array(rows, { maxLength: 3 }), intervals: fc.array(slot, { maxLength: 3 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 6 }), async (batches) => {
        const { store } = storeWithMeters(1);
        const expected = new Map<number, string>();
        const kept = new Set<number>();
        for (const { gaps, intervals } of batches) {
          await stored(store, {
            meterId: 1,
            atUtc: MIDNIGHT,
            gaps: gaps.map(({ from, length, reason }) => gap(from, from + length, { reason: reason as Gap['reason'] })),
            intervals: intervals.map((n) => interval(n, n)),
          });
          for (const n of intervals) kept.add(n);
          for (const { from, length, reason } of gaps) for (let n = from; n < from + length; n += 1) expected.set(n, reason);
          for (const n of kept) expected.delete(n);
          const ledger = short(store.gaps.list(1));
          const told = ledger.flatMap(([from, to, reason]) =>
            Array.from({ length: Number(to) - Number(from) }, (_, n) => [Number(from) + n, reason]),
          );
          expect(told).toEqual([...expected].sort(([a], [b]) => a - b));
          for (const [index, row] of ledger.entries())
            expect(row).not.toMatchObject([ledger[index - 1]?.[1], expect.anything(), ledger[index - 1]?.[2]]);
        }
        store.close();
      }),
      { numRuns: 40 },
    );
  });
});
