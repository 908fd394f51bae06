import { describe, expect, test } from 'vitest';
import { Site } from '../../../src/main/api/site.ts';
import { why } from '../../../src/main/api/why.ts';
import type { InstallationRecord } from '../../../src/shared/domain/plant.ts';
import { HALF_HOUR, interval, MIDNIGHT, storeWithMeters, stored } from '../store/support.ts';

const explain = () => [];

/** P1 with both meters one after the other; `changes` are those of its installations. */
async function siteWith(...changes: readonly Partial<InstallationRecord>[]) {
  const { store, clock } = storeWithMeters();
  for (const meterId of [1, 2]) {
    await stored(store, { meterId, atUtc: MIDNIGHT, intervals: [0, 1, 2, 3].map((n) => interval(n, 10 * meterId)) });
  }
  const plant = store.plant.load();
  const [first] = plant.installations;
  if (first === undefined) throw new Error('a point is installed');
  const meters = plant.meters.map((meter) => ({ ...meter, facts: { ...meter.facts, constantImpPerKwh: 1000 } }));
  const installations = changes.map((change, index) => ({ ...first, id: index + 1, ...change }));
  return new Site({
    store: { ...store, plant: { ...store.plant, load: () => ({ ...plant, meters, installations }) } },
    clock,
    engine: () => null,
  });
}

describe('why a figure is what it is', () => {
  test('just after a replacement on the half-hour it is the new meter’s', async () => {
    const swap = MIDNIGHT + 2 * HALF_HOUR;
    const site = await siteWith({ toUtc: swap }, { fromUtc: swap, meterId: 2 });
    const serialAt = (offsetS: number) => {
      const { meter_serial, interval: row } = why(site, 'P1', swap + offsetS, explain);
      return [meter_serial, row.primary['A+']];
    };
    // 10 and 20 counts at A 1000 are 5 and 10 Wh, times 120.
    expect([serialAt(-1), serialAt(0), serialAt(HALF_HOUR - 1)]).toEqual([
      ['01000001', '0.6'],
      ['01000002', '1.2'],
      ['01000002', '1.2'],
    ]);
  });

  test('the interval inside which the ratio changed has counts, but neither a primary figure nor a formula', async () => {
    const change = MIDNIGHT + 2 * HALF_HOUR + 600;
    const site = await siteWith({ toUtc: change }, { fromUtc: change, ct: { primary: 100, secondary: 5 } });
    const answers = [change - HALF_HOUR, change - 1, change, change + HALF_HOUR].map((at) => why(site, 'P1', at, explain));
    expect(
      answers.map((answer) => [answer.interval.counts['A+'], answer.interval.primary['A+'], answer.formula?.ct_ratio ?? null]),
    ).toEqual([
      [10, '0.6', '600/5'],
      [10, null, null],
      [10, null, null],
      [10, '0.1', '100/5'],
    ]);
    expect(answers[1]?.interval.secondary['A+']).toBe('0.005');
  });
});
