import { describe, expect, test } from 'vitest';
import { intervalRows } from '../../../src/main/api/intervals.ts';
import { Site } from '../../../src/main/api/site.ts';
import { answeringInPlace, strangerRows } from '../../../src/main/api/strangers.ts';
import { openStore } from '../../../src/main/store/store.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import type { MeterReplacement } from '../../../src/shared/domain/plant-change.ts';
import { askedMeters } from '../../../src/shared/domain/plant.ts';
import { HALF_HOUR, interval, MIDNIGHT, storeWithMeters } from './support.ts';

const NOON = MIDNIGHT + 24 * HALF_HOUR;
const SERIAL = '40000001';
const SIGHTING = { expectedMeterId: 1, serial: SERIAL, firstSeenUtc: NOON, lastSeenUtc: NOON + 200 };
const ASSIGNMENT: MeterReplacement = {
  kind: 'replace-meter',
  pointCode: 'P1',
  atUtc: NOON + 600,
  reason: 'act 17',
  serial: SERIAL,
  driver: null,
  address: null,
  accessLevel: null,
  password: null,
  ct: null,
  vt: null,
  finalRegisters: [],
  firstRegisters: [],
};

/** Two points; at noon another meter answers in place of the first, and the evening of it is stored. */
async function quarantined() {
  const opened = storeWithMeters(2);
  await opened.clock.advance((MIDNIGHT + 48 * HALF_HOUR) * 1000 - opened.clock.now());
  const { store, clock } = opened;
  const meterId = store.strangers.meet(SIGHTING) ?? 0;
  const commit = async (id: number, starts: readonly number[]) => {
    const intervals = starts.map((n) => interval(n, id * 1000 + n));
    await Promise.all([store.commit({ meterId: id, atUtc: MIDNIGHT, intervals }), store.flush()]);
  };
  await commit(1, [...Array(24).keys()]);
  await commit(meterId, [25, 26, 27, 28]);
  const site = () => new Site({ store, clock, engine: () => null });
  const rows = () => [...intervalRows(site(), [site().pointByCode('P1')], MIDNIGHT, MIDNIGHT + 30 * HALF_HOUR)];
  return { ...opened, meterId, site, rows };
}

const polled = (store: Awaited<ReturnType<typeof quarantined>>['store']) => askedMeters(store.plant.load(), 1).map(({ serial }) => serial);
const codeOf = (run: () => unknown): unknown => {
  try {
    run();
    return null;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('a meter that answers in place of another', () => {
  test('is a meter of its own at that address, read at level 1 by the clock of the other, and no figure of the point', async () => {
    const { store, meterId, rows } = await quarantined();
    const plant = store.plant.load();
    expect(plant.meters.find(({ id }) => id === meterId)).toMatchObject({
      serial: SERIAL,
      lineId: 1,
      address: 1,
      driver: 'mercury-23x',
      accessLevel: 1,
      hasPassword: false,
      removedUtc: null,
      clock: plant.meters.find(({ id }) => id === 1)?.clock,
    });
    expect(plant.installations.some((one) => one.meterId === meterId)).toBe(false);
    expect(polled(store)).toContain(SERIAL);
    expect(rows().filter(({ reason }) => reason === null)).toHaveLength(24);
    expect(store.strangers.list()).toMatchObject([{ meterId, expectedMeterId: 1, state: 'quarantined', firstSeenUtc: NOON }]);
    expect(store.audit.list(0, 1).rows[0]).toMatchObject({ action: 'stranger.quarantine', subject: `meter ${SERIAL}` });
    expect(store.audit.verify().ok).toBe(true);
  });

  test('is one meter however often it is heard, also after the program was down', async () => {
    const { store, folder, clock, meterId } = await quarantined();
    expect(store.strangers.meet({ ...SIGHTING, firstSeenUtc: NOON + 900, lastSeenUtc: NOON + 1000 })).toBe(meterId);
    store.close();
    const again = openStore({ folder, clock, logger: silentLogger });
    expect(again.strangers.meet({ ...SIGHTING, firstSeenUtc: NOON + 5000, lastSeenUtc: NOON + 5200 })).toBe(meterId);
    expect(again.strangers.list()).toMatchObject([{ firstSeenUtc: NOON, lastSeenUtc: NOON + 5200 }]);
    expect(again.plant.load().meters).toHaveLength(3);
    again.close();
  });

  test('that is the replacement brings what was read of it since then into the point', async () => {
    const { store, meterId, rows, site } = await quarantined();
    const plan = store.plant.applyChange(ASSIGNMENT, 180, 'engineer');
    expect(plan.splitStartUtc).toBe(NOON);
    expect(store.plant.load().meters.find(({ id }) => id === meterId)).toMatchObject({
      quarantinedUtc: null,
      removedUtc: null,
      accessLevel: 1,
    });
    expect(polled(store)).not.toContain('01000001');
    const found = rows();
    expect(found.filter(({ reason }) => reason === null)).toHaveLength(28);
    expect(found.filter(({ meter_serial }) => meter_serial === SERIAL).map(({ counts }) => counts['A+'])).toEqual(
      expect.arrayContaining([25, 26, 27, 28].map((n) => meterId * 1000 + n)),
    );
    expect(strangerRows(site())).toMatchObject([{ state: 'assigned', who: 'engineer', reason: 'act 17', intervals: 4 }]);
  });

  test('leaves the address to the known one of another point, and two of them may wait there', async () => {
    const { store } = await quarantined();
    const second = store.strangers.meet({ ...SIGHTING, serial: '40000002', lastSeenUtc: NOON + 900 });
    expect(second).not.toBeNull();
    store.plant.applyChange({ ...ASSIGNMENT, serial: '40000003' }, 180, 'engineer');
    expect(polled(store).sort()).toEqual(['01000002', SERIAL, '40000002', '40000003']);
    // A known meter of the line still holds its address.
    expect(codeOf(() => store.plant.moveMeter(2, 1, 'engineer', null))).toBe('api/conflict');
  });

  test('and is rejected is not asked any more; its data stay, and it is not taken in again', async () => {
    const { store, meterId, rows, site } = await quarantined();
    const told = () => answeringInPlace(site(), site().pointByCode('P1').meter);
    expect(told()).toEqual({ stranger: SERIAL, quarantined: '2026-11-22T12:00:00Z', intervals: 4 });
    store.strangers.reject(SERIAL, 'engineer', 'a portable meter');
    expect(told()).toBeNull();
    expect(polled(store)).not.toContain(SERIAL);
    expect(store.intervals.count(meterId, MIDNIGHT, MIDNIGHT + 48 * HALF_HOUR)).toBe(4);
    expect(rows().filter(({ reason }) => reason === null)).toHaveLength(24);
    expect(store.strangers.meet({ ...SIGHTING, lastSeenUtc: NOON + 9000 })).toBeNull();
    expect(store.strangers.latest(1)).toMatchObject({ state: 'rejected', reason: 'a portable meter', lastSeenUtc: NOON + 9000 });
    store.strangers.meet({ ...SIGHTING, serial: '40000002', lastSeenUtc: NOON + 9600 });
    expect(told()).toMatchObject({ stranger: '40000002', intervals: 0 });
    expect(codeOf(() => store.strangers.reject(SERIAL, 'engineer', 'twice'))).toBe('api/conflict');
    expect(codeOf(() => store.strangers.reject('777', 'engineer', 'nobody'))).toBe('api/not-found');
    expect(store.audit.ofAction('stranger.reject', 0, 2).rows).toMatchObject([{ subject: `meter ${SERIAL}`, reason: 'a portable meter' }]);
  });

  test('may still be made the meter of the point after it was rejected', async () => {
    const { store, rows } = await quarantined();
    store.strangers.reject(SERIAL, 'engineer', 'a slip');
    store.plant.applyChange(ASSIGNMENT, 180, 'engineer');
    expect(polled(store)).toContain(SERIAL);
    expect(rows().filter(({ reason }) => reason === null)).toHaveLength(28);
    expect(store.strangers.latest(1)?.state).toBe('assigned');
  });

  test('and refuses its passwords is never polled again, wherever it is met', async () => {
    const { store, meterId } = await quarantined();
    store.strangers.refused(meterId);
    expect(polled(store)).not.toContain(SERIAL);
    expect(store.strangers.meet(SIGHTING)).toBeNull();
    expect(store.strangers.meet({ ...SIGHTING, expectedMeterId: 2 })).toBeNull();
    expect(polled(store)).not.toContain(SERIAL);
    expect(store.strangers.list()).toMatchObject([{ deniedUtc: expect.any(Number) }, { deniedUtc: expect.any(Number) }]);
  });

  test('is not taken in where it has its place on a line already', async () => {
    const { store } = await quarantined();
    expect(store.strangers.meet({ ...SIGHTING, serial: '01000002' })).toBeNull();
    expect(store.strangers.meet({ ...SIGHTING, expectedMeterId: 2 })).toBeNull();
    expect(store.strangers.list()).toHaveLength(1);
  });

  test('and stood at a point before keeps its history there', async () => {
    const { store } = await quarantined();
    store.plant.applyChange({ ...ASSIGNMENT, serial: '40000009' }, 180, 'engineer');
    const back = store.strangers.meet({ expectedMeterId: 2, serial: '01000001', firstSeenUtc: NOON + 9000, lastSeenUtc: NOON + 9100 });
    expect(back).toBe(1);
    const plant = store.plant.load();
    expect(plant.meters.find(({ id }) => id === 1)).toMatchObject({ address: 2, removedUtc: null, quarantinedUtc: expect.any(Number) });
    expect(plant.installations.find(({ meterId }) => meterId === 1)).toMatchObject({ toUtc: NOON + 600 });
  });
});
