import { describe, expect, test } from 'vitest';
import { Site } from '../../../src/main/api/site.ts';
import { intervalRows } from '../../../src/main/api/intervals.ts';
import type { Store } from '../../../src/main/store/store.ts';
import type { MeterReplacement, PlantChange } from '../../../src/shared/domain/plant-change.ts';
import { HALF_HOUR, importRow, interval, MIDNIGHT, storeWithMeters, temporaryStore } from './support.ts';

const NOON = MIDNIGHT + 24 * HALF_HOUR;
const energy = (wh: number | null) => ({ 'A+': wh, 'A-': null, 'R+': null, 'R-': null });

function replacement(changes: Partial<MeterReplacement> = {}): MeterReplacement {
  return {
    kind: 'replace-meter',
    pointCode: 'P1',
    atUtc: NOON,
    reason: 'act 17',
    serial: '40000001',
    driver: null,
    address: null,
    accessLevel: null,
    password: null,
    ct: null,
    vt: null,
    finalRegisters: [{ tariff: 0, energy: energy(5000) }],
    firstRegisters: [{ tariff: 0, energy: energy(12) }],
    ...changes,
  };
}

/** P1 and P2 with a day of intervals each; it is the next midnight. */
async function plantOfTwo() {
  const opened = storeWithMeters(2);
  await opened.clock.advance((MIDNIGHT + 96 * HALF_HOUR) * 1000 - opened.clock.now());
  for (const meterId of [1, 2]) {
    const intervals = Array.from({ length: 24 }, (_, n) => interval(n, 100 + n));
    await Promise.all([opened.store.commit({ meterId, atUtc: MIDNIGHT, intervals }), opened.store.flush()]);
  }
  return { ...opened, site: () => new Site({ store: opened.store, clock: opened.clock, engine: () => null }) };
}

const codeOf = (run: () => unknown): unknown => {
  try {
    run();
    return null;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};
const change = (store: Store, wanted: PlantChange) => store.plant.applyChange(wanted, 180, 'engineer');

describe('another meter at a point', () => {
  test('leaves the history with the former one and takes the address over', async () => {
    const { store, site } = await plantOfTwo();
    change(store, replacement());
    const { meters, installations } = store.plant.load();
    expect(meters.find(({ id }) => id === 1)?.removedUtc).not.toBeNull();
    const added = meters.find(({ serial }) => serial === '40000001');
    expect(added).toMatchObject({ address: 1, lineId: 1, removedUtc: null, hasPassword: false, clock: { offsetMin: 180 } });
    expect(installations.filter(({ pointId }) => pointId === 1)).toMatchObject([
      { meterId: 1, toUtc: NOON, lastRegisters: [{ tariff: 0, energy: energy(5000) }] },
      {
        meterId: added?.id,
        fromUtc: NOON,
        toUtc: null,
        ct: { primary: 600, secondary: 5 },
        firstRegisters: [{ tariff: 0, energy: energy(12) }],
      },
    ]);
    const rows = [...intervalRows(site(), [site().pointByCode('P1')], MIDNIGHT, MIDNIGHT + 48 * HALF_HOUR)];
    expect(rows.map(({ meter_serial }) => meter_serial)).toEqual([...Array(24).fill('01000001'), ...Array(24).fill('40000001')]);
    expect(rows.filter(({ reason }) => reason === null)).toHaveLength(24);
  });

  test('names the interval that both meters hold a part of', async () => {
    const { store } = await plantOfTwo();
    expect(store.plant.checkChange(replacement()).splitStartUtc).toBeNull();
    expect(store.plant.checkChange(replacement({ atUtc: NOON + 600 })).splitStartUtc).toBe(NOON);
  });

  test('is refused where it cannot be, and then nothing is changed', async () => {
    const { store } = await plantOfTwo();
    const before = store.plant.load();
    const refused = (changes: Partial<MeterReplacement>) => codeOf(() => change(store, replacement(changes)));
    expect(refused({ pointCode: 'P9' })).toBe('api/not-found');
    expect(refused({ serial: '01000001' })).toBe('api/conflict');
    expect(refused({ serial: '01000002' })).toBe('api/conflict');
    expect(refused({ address: 2 })).toBe('api/conflict');
    expect(refused({ atUtc: MIDNIGHT + 97 * HALF_HOUR })).toBe('api/invalid-argument');
    expect(store.plant.load()).toEqual(before);
  });

  test('is refused with a final reading below one that the meter has told', async () => {
    const { store } = await plantOfTwo();
    const registers = [{ kind: 'now' as const, momentUtc: NOON - 60, tariff: 0, energy: energy(6000) }];
    await Promise.all([store.commit({ meterId: 1, atUtc: NOON, registers }), store.flush()]);
    expect(codeOf(() => change(store, replacement()))).toBe('api/invalid-argument');
    change(store, replacement({ finalRegisters: [{ tariff: 0, energy: energy(null) }] }));
  });

  test('may bring a meter back that stood somewhere before, with a password of its own', async () => {
    const { store } = await plantOfTwo();
    change(store, replacement({ password: Uint8Array.of(1, 2, 3, 4, 5, 6) }));
    change(store, replacement({ pointCode: 'P2', serial: '01000001', address: 7 }));
    const plant = store.plant.load();
    expect(plant.meters.find(({ id }) => id === 1)).toMatchObject({ address: 7, removedUtc: null });
    expect(plant.meters).toHaveLength(3);
    expect(store.plant.password(3)).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6));
    expect(store.plant.password(1)).toBeNull();
  });
});

describe('another ratio', () => {
  test('holds from its moment on, and the figures before keep the former one', async () => {
    const { store, site } = await plantOfTwo();
    const at = MIDNIGHT + 10 * HALF_HOUR;
    const ratios = { ct: { primary: 1000, secondary: 5 }, vt: { primary: 1, secondary: 1 } };
    change(store, { kind: 'change-ratio', pointCode: 'P1', atUtc: at, reason: 'new transformers', ...ratios });
    await Promise.all([store.commit({ meterId: 1, atUtc: NOON, facts: { ...factsOf(store), constantImpPerKwh: 1000 } }), store.flush()]);
    const rows = [...intervalRows(site(), [site().pointByCode('P1')], MIDNIGHT + 9 * HALF_HOUR, MIDNIGHT + 11 * HALF_HOUR)];
    // 109 / 2000 x 120 and 110 / 2000 x 200.
    expect(rows.map(({ primary }) => primary['A+'])).toEqual(['6.54', '11']);
  });

  test('is refused inside an interval: one meter cannot say which part belongs to which', async () => {
    const { store } = await plantOfTwo();
    const ratios = { ct: { primary: 1, secondary: 1 }, vt: { primary: 1, secondary: 1 } };
    expect(codeOf(() => change(store, { kind: 'change-ratio', pointCode: 'P1', atUtc: NOON + 1, reason: 'x', ...ratios }))).toBe(
      'api/invalid-argument',
    );
  });
});

describe('a point that is off', () => {
  test('expects nothing, keeps its history, and goes on from where it is switched on', async () => {
    const { store, site } = await plantOfTwo();
    change(store, { kind: 'switch-off', pointCode: 'P1', atUtc: NOON, reason: 'repair' });
    expect(store.plant.load().meters.find(({ id }) => id === 1)?.removedUtc).not.toBeNull();
    const day = () => [...intervalRows(site(), [site().pointByCode('P1')], MIDNIGHT, MIDNIGHT + 48 * HALF_HOUR)];
    expect(site().pointByCode('P1').isOff).toBe(true);
    expect(day()).toHaveLength(24);
    change(store, { kind: 'switch-on', pointCode: 'P1', atUtc: NOON + 6 * HALF_HOUR, reason: 'done' });
    expect(site().pointByCode('P1').isOff).toBe(false);
    expect(day()).toHaveLength(24 + 18);
    expect(store.plant.load().meters.find(({ id }) => id === 1)?.removedUtc).toBeNull();
  });

  test('is not switched off twice, nor on while its address is taken', async () => {
    const { store } = await plantOfTwo();
    const off: PlantChange = { kind: 'switch-off', pointCode: 'P1', atUtc: NOON, reason: 'repair' };
    const on: PlantChange = { ...off, kind: 'switch-on', atUtc: NOON + HALF_HOUR };
    expect(codeOf(() => change(store, on))).toBe('api/conflict');
    change(store, off);
    expect(codeOf(() => change(store, off))).toBe('api/conflict');
    expect(codeOf(() => change(store, { ...on, atUtc: NOON - HALF_HOUR }))).toBe('api/invalid-argument');
    change(store, replacement({ pointCode: 'P2', address: 1 }));
    expect(codeOf(() => change(store, on))).toBe('api/conflict');
  });
});

test('every change is in the audit log with who, from when and why', async () => {
  const { store } = await plantOfTwo();
  change(store, replacement());
  const [entry] = store.audit.ofAction('point.replace-meter', 0, 10).rows;
  expect(entry).toMatchObject({ who: 'engineer', subject: 'point P1', reason: 'act 17' });
  expect(JSON.parse(entry?.newValue ?? '')).toMatchObject({ at: NOON, serial: '40000001', address: 1 });
  expect(JSON.parse(entry?.oldValue ?? '')).toMatchObject({ serial: '01000001' });
});

test('a point that never had a meter elsewhere is imported as before', () => {
  const { store } = temporaryStore();
  store.plant.applyImport([importRow(1)], 180, 'test');
  expect(store.plant.load().installations).toMatchObject([{ fromUtc: null, toUtc: null, firstRegisters: [], lastRegisters: [] }]);
});

function factsOf(store: Store) {
  const meter = store.plant.load().meters[0];
  if (meter === undefined) throw new Error('the plant has a meter');
  return meter.facts;
}

describe('a point without a link', () => {
  async function plantByHand() {
    const { store, clock } = temporaryStore();
    const byHand = { line: '', driver: 'manual', address: null } as const;
    store.plant.applyImport([importRow(1, byHand), importRow(2, byHand)], 180, 'test');
    await clock.advance((MIDNIGHT + 96 * HALF_HOUR) * 1000 - clock.now());
    return store;
  }

  test('gets another meter that people read, and is switched off and on, beside others of its kind', async () => {
    const store = await plantByHand();
    change(store, replacement());
    expect(store.plant.load().meters.at(-1)).toMatchObject({ serial: '40000001', driver: 'manual', lineId: null, address: null });
    change(store, { kind: 'switch-off', pointCode: 'P2', atUtc: NOON, reason: 'act 18' });
    change(store, { kind: 'switch-on', pointCode: 'P2', atUtc: NOON + HALF_HOUR, reason: 'act 19' });
    expect(store.plant.load().installations.filter(({ toUtc }) => toUtc === null)).toHaveLength(2);
  });

  test('gets no meter that somebody would have to ask', async () => {
    const store = await plantByHand();
    const refused = (changes: Partial<MeterReplacement>) => {
      try {
        change(store, replacement(changes));
      } catch (error) {
        return (error as { context?: { obstacle?: unknown } }).context?.obstacle;
      }
      return null;
    };
    expect(refused({ address: 7 })).toBe('no-link');
    expect(refused({ driver: 'mercury-23x' })).toBe('no-link');
    expect(store.plant.load().meters).toHaveLength(2);
  });
});
