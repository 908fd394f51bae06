import { describe, expect, test } from 'vitest';
import { history } from '../../../src/main/api/history.ts';
import { Site } from '../../../src/main/api/site.ts';
import type { HistoryRequest } from '../../../src/shared/api/history.ts';
import { HALF_HOUR, MIDNIGHT, stored, storeWithMeters } from '../store/support.ts';

/** 00:00 of 2026-11-22 in Moscow. */
const LOCAL_MIDNIGHT = MIDNIGHT - 6 * HALF_HOUR;

/** Half-hours since the midnight of Moscow with 120 times their own power at the first point, in tenths of a watt. */
async function site(...halfHours: readonly number[]) {
  const { store, clock } = storeWithMeters(1);
  await stored(
    store,
    ...halfHours.map((n) => ({
      meterId: 1,
      atUtc: MIDNIGHT,
      extremes: {
        startUtc: LOCAL_MIDNIGHT + n * HALF_HOUR,
        values: {
          P: { scale: -1, min: n, max: n + 10, sum: 3 * n + 10, reads: 3 },
          F: { scale: -2, min: 4990, max: 5010, sum: 10_000, reads: 2 },
        },
      },
    })),
  );
  return { store, clock, site: new Site({ store, clock, engine: () => null }) };
}
const day: HistoryRequest = { pointId: 1, quantity: 'P', from: '2026-11-22', to: '2026-11-22', step: 'half-hour' };

describe('the history of a point', () => {
  test('has the half-hours of the days of the site that were read, primary', async () => {
    const { site: on } = await site(-1, 0, 47, 48);
    expect(history(on, day)).toEqual({
      pointId: 1,
      quantity: 'P',
      unit: 'W',
      from: '2026-11-21T21:00:00Z',
      to: '2026-11-22T21:00:00Z',
      step: 'half-hour',
      rows: [
        { start: '2026-11-21T21:00:00Z', minutes: 30, min: '0', mean: '40', max: '120', reads: 3 },
        { start: '2026-11-22T20:30:00Z', minutes: 30, min: '564', mean: '604', max: '684', reads: 3 },
      ],
    });
    expect(history(on, { ...day, quantity: 'F' }).rows[0]).toMatchObject({ min: '49.9', mean: '50', max: '50.1' });
    expect(history(on, { ...day, quantity: 'U1' }).rows).toEqual([]);
  });

  test('by days has one row for each day with a read', async () => {
    const { site: on } = await site(0, 10, 48);
    const { rows } = history(on, { ...day, from: '2026-11-20', to: '2026-11-23', step: 'day' });
    expect(rows).toEqual([
      { start: '2026-11-21T21:00:00Z', minutes: 1440, min: '0', mean: '100', max: '240', reads: 6 },
      { start: '2026-11-22T21:00:00Z', minutes: 1440, min: '576', mean: '616', max: '696', reads: 3 },
    ]);
  });

  test('says nothing of the half-hour in which the meter was changed, and takes each side by its own ratio', async () => {
    const { store, clock, site: on } = await site(2, 3);
    await clock.advance((MIDNIGHT + 86_400) * 1000 - clock.now());
    store.plant.applyChange(
      {
        kind: 'replace-meter',
        pointCode: 'P1',
        atUtc: LOCAL_MIDNIGHT + 3 * HALF_HOUR + 60,
        reason: 'act',
        serial: '47110352',
        driver: null,
        address: null,
        accessLevel: null,
        password: null,
        ct: { primary: 100, secondary: 5 },
        vt: null,
        finalRegisters: [],
        firstRegisters: [],
      },
      180,
      'test',
    );
    on.refresh();
    const values = { P: { scale: 0, min: 7, max: 9, sum: 16, reads: 2 } };
    const after = [3, 4].map((n) => ({ meterId: 2, atUtc: MIDNIGHT, extremes: { startUtc: LOCAL_MIDNIGHT + n * HALF_HOUR, values } }));
    await stored(store, ...after);
    expect(history(on, day).rows.map(({ start, min }) => [start, min])).toEqual([
      ['2026-11-21T22:00:00Z', '24'],
      ['2026-11-21T23:00:00Z', '140'],
    ]);
  });

  test('refuses what is not there and what nobody can look at', async () => {
    const { site: on } = await site();
    const refusal = (code: string) => expect.objectContaining({ code });
    expect(() => history(on, { ...day, pointId: 9 })).toThrow(refusal('api/not-found'));
    expect(() => history(on, { ...day, from: '2026-11-23' })).toThrow(refusal('api/invalid-argument'));
    expect(() => history(on, { ...day, from: '2025-11-22' })).toThrow(refusal('api/invalid-argument'));
    expect(history(on, { ...day, from: '2025-11-22', step: 'day' }).rows).toEqual([]);
  });
});
