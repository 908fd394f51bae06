import { describe, expect, test } from 'vitest';
import { completenessMap } from '../../../src/main/api/completeness.ts';
import { Site } from '../../../src/main/api/site.ts';
import { DEFAULT_SETTINGS } from '../../../src/shared/api/settings.ts';
import { NO_FACTS } from '../../../src/shared/domain/meter.ts';
import { gap, HALF_HOUR, interval, MIDNIGHT, stored, storeWithMeters } from '../store/support.ts';

/** Two points in UTC; it is noon of the second day, and the ring of each meter holds four days. */
async function site() {
  const { store, clock } = storeWithMeters(2);
  store.settings.save({ ...DEFAULT_SETTINGS, site: { ...DEFAULT_SETTINGS.site, timeZone: 'UTC' } }, 'test');
  const facts = { ...NO_FACTS, profilePeriodMin: 30, ringSlots: 192 };
  const day = Array.from({ length: 48 }, (_, n) => interval(n, n));
  await stored(
    store,
    { meterId: 1, atUtc: MIDNIGHT, facts, intervals: day },
    { meterId: 2, atUtc: MIDNIGHT, facts, intervals: day.slice(0, 40) },
  );
  await clock.advance((MIDNIGHT + 72 * HALF_HOUR) * 1000 - clock.now());
  return { store, clock, site: new Site({ store, clock, engine: () => null }) };
}
const map = (on: Site) => completenessMap(on, '2026-11-22', '2026-11-24');

describe('a map of points by days', () => {
  test('counts what should be there by now, day by day of the site', async () => {
    const { site: on } = await site();
    const [first, second] = map(on).points;
    expect(first?.days.map(({ day, expected, received, open }) => [day, expected, received, open])).toEqual([
      ['2026-11-22', 48, 48, 0],
      ['2026-11-23', 24, 0, 24],
      ['2026-11-24', 0, 0, 0],
    ]);
    expect(second?.days[0]).toMatchObject({ expected: 48, received: 40, open: 8, lost: 0 });
  });

  test('names the cause of what is absent and when the meter forgets it', async () => {
    const { store, site: on } = await site();
    await stored(store, {
      meterId: 2,
      atUtc: MIDNIGHT,
      gaps: [gap(40, 46, { reason: 'silent' }), gap(46, 48, { reason: 'meter-off', state: 'proven-absent' })],
    });
    const { points, forgetting, totals, outlook } = map(on);
    expect(points[1]?.days[0]).toMatchObject({
      open: 6,
      lost: 2,
      reason: 'silent',
      deadline: new Date((MIDNIGHT + (40 + 193) * HALF_HOUR) * 1000).toISOString().replace('.000', ''),
    });
    expect(forgetting[0]).toMatchObject({ code: 'P2', reason: 'silent', intervals: 6 });
    expect(totals).toEqual({ expected: 144, received: 88, lost: 2, open: 54 });
    expect(outlook).toBe('incomplete');
  });

  test('tells what comes by itself from what is stuck', async () => {
    const { store, site: on } = await site();
    expect(map(on).outlook).toBe('on-track');
    await stored(store, { meterId: 2, atUtc: MIDNIGHT, gaps: [gap(40, 48, { reason: 'denied' })] });
    expect(map(on).outlook).toBe('at-risk');
    expect(completenessMap(on, '2026-11-22', '2026-11-22').points[0]?.days).toHaveLength(1);
  });

  test('counts as lost what the ring has passed over, whatever the ledger still hopes for', async () => {
    const { store, clock, site: on } = await site();
    await stored(store, { meterId: 2, atUtc: MIDNIGHT, gaps: [gap(40, 48, { reason: 'silent' })] });
    // The ring of 192 half-hours comes round to the 40th after 193 more.
    await clock.advance((MIDNIGHT + (43 + 193) * HALF_HOUR) * 1000 - clock.now());
    expect(completenessMap(on, '2026-11-22', '2026-11-22').points[1]?.days[0]).toMatchObject({ lost: 4, open: 4 });
  });

  test('counts the half-hour of a replacement once, and has it only when both meters have given their part', async () => {
    const { store, site: on } = await site();
    const atUtc = MIDNIGHT + 20 * HALF_HOUR + 600;
    const nothing = { driver: null, address: null, accessLevel: null, password: null, ct: null, vt: null };
    const change = {
      kind: 'replace-meter' as const,
      pointCode: 'P1',
      atUtc,
      reason: 'act',
      serial: '40000001',
      finalRegisters: [],
      firstRegisters: [],
    };
    store.plant.applyChange({ ...change, ...nothing }, 0, 'test');
    on.refresh();
    const first = () => completenessMap(on, '2026-11-22', '2026-11-22').points[0]?.days[0];
    expect(first()).toMatchObject({ expected: 48, received: 20, open: 28 });
    const id = store.plant.load().meters.find(({ serial }) => serial === '40000001')?.id ?? 0;
    await stored(store, { meterId: id, atUtc: MIDNIGHT, intervals: Array.from({ length: 28 }, (_, n) => interval(20 + n, n)) });
    expect(first()).toMatchObject({ expected: 48, received: 48, open: 0 });
  });

  test('shows a day whose sum does not match its registers', async () => {
    const { store, site: on } = await site();
    const record = { meterId: 1, startUtc: MIDNIGHT, endUtc: MIDNIGHT + 86_400, figures: {}, checkedUtc: MIDNIGHT };
    store.dayChecks.save([{ ...record, verdict: 'mismatch', diagnosis: 'shifted-by-a-slot' }]);
    expect(map(on).points[0]?.days.map(({ mismatch }) => mismatch)).toEqual(['shifted-by-a-slot', null, null]);
  });

  test('is refused for a period that is empty or longer than a quarter', async () => {
    const { site: on } = await site();
    expect(() => completenessMap(on, '2026-11-22', '2026-11-21')).toThrow(/1 to 92/);
    expect(() => completenessMap(on, '2026-01-01', '2026-12-31')).toThrow(/1 to 92/);
  });
});
