/** A point whose meter people read, from the import file to the files for 1C, through the handlers of the API. */
import { describe, expect, test } from 'vitest';
import { completenessMap } from '../../../src/main/api/completeness.ts';
import { pointConsumption } from '../../../src/main/api/consumption.ts';
import { intervalRows } from '../../../src/main/api/intervals.ts';
import { livePoint } from '../../../src/main/api/live-view.ts';
import { attentionList, overview } from '../../../src/main/api/overview.ts';
import { LongWorks } from '../../../src/main/api/long-works.ts';
import { readingHandlers } from '../../../src/main/api/reading-desk.ts';
import { replacementHandlers } from '../../../src/main/api/replacement-desk.ts';
import { isSettled } from '../../../src/main/api/settled.ts';
import { settlementSource } from '../../../src/main/api/settlement-source.ts';
import { Site } from '../../../src/main/api/site.ts';
import { storedTroubles } from '../../../src/main/api/stored-troubles.ts';
import type { OnecKind } from '../../../src/shared/api/receivers.ts';
import type { CallContext } from '../../../src/shared/api/dispatch.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../../src/shared/api/settings.ts';
import { rowsOfPoint } from '../../../src/main/export/onec/rows.ts';
import { dayFigures } from '../../../src/main/export/xml80020/figures.ts';
import { NO_FACTS } from '../../../src/shared/domain/meter.ts';
import { importRow, interval, MIDNIGHT, stored, temporaryStore } from '../store/support.ts';

const CONTEXT: CallContext = { transport: 'ipc', role: 'administrator' };
const BY = { author: 'Иванов', reason: 'обход' };
const DAY = '2026-11-22';
const DAY_S = 86_400;

/** P1 is polled and whole on the 22nd; H1 has no link, its ratio is 200/5. The 22nd is over. */
async function desk() {
  const { store, clock } = temporaryStore();
  store.settings.save({ ...DEFAULT_SETTINGS, site: { ...DEFAULT_SETTINGS.site, timeZone: 'UTC' } }, 'test');
  const byHand = {
    pointCode: 'H1',
    line: '',
    driver: 'manual',
    address: null,
    code80020: '0077',
    ct: { primary: 200, secondary: 5 },
  } as const;
  store.plant.applyImport([importRow(1), importRow(2, byHand)], 0, 'test');
  const intervals = Array.from({ length: 48 }, (_, n) => interval(n, 1));
  await stored(store, { meterId: 1, atUtc: MIDNIGHT, facts: { ...NO_FACTS, profilePeriodMin: 30, constantImpPerKwh: 500 }, intervals });
  await clock.advance((MIDNIGHT + DAY_S + 3600) * 1000 - clock.now());
  const site = new Site({ store, clock, engine: () => null });
  const works = new LongWorks({ clock, newId: () => 'work', onChanged: () => {} });
  const deps = { site, store, works, onReplaced: () => {} };
  return { store, site, pointId: site.pointByCode('H1').point.id, ...replacementHandlers(deps), ...readingHandlers(deps) };
}

type Desk = Awaited<ReturnType<typeof desk>>;

async function enter(on: Desk, at: string, reading: string, isConfirmed = false) {
  const register = { pointId: on.pointId, at, channel: 'A+' as const, tariff: 0, reading, isRollOver: false };
  return on['readings.enter']({ ...register, ...BY, isConfirmed }, CONTEXT);
}

function exported(on: Desk, kind: OnecKind) {
  const { point } = on.site.pointByCode('H1');
  return rowsOfPoint(point, settlementSource(on.site), { kind, from: DAY, to: DAY, zone: on.site.zone });
}

/** A+ of the 22nd as the supplier's file would have it. */
async function marketDay(on: Desk) {
  const { xml80020 } = DEFAULT_SETTINGS;
  const settings: Settings = { ...on.site.settings, xml80020: { ...xml80020, time: 'local', missing: 'replacement', channels: ['01'] } };
  return (await dayFigures(settings, settlementSource(on.site), DAY, new Map())).composed;
}

/** The only gap of the 22nd. */
async function gapOfDay(on: Desk) {
  const { proposals } = await on['replacements.propose']({ month: '2026-11', pointCode: 'H1' }, CONTEXT);
  const gap = proposals.find(({ channel, to }) => channel === 'A+' && to === '2026-11-23T00:00:00Z');
  if (gap === undefined) throw new Error('a gap was expected');
  return gap;
}

describe('a point whose meter people read', () => {
  test('stands in every list, is silent nowhere and lowers the completeness of nothing', async () => {
    const on = await desk();
    const { site } = on;
    expect(livePoint(site, site.pointByCode('H1'))).toMatchObject({ state: 'no-data', reason: 'manual', line: null, at: null });
    expect(attentionList(site).filter(({ subject }) => subject.name === 'Feeder 2')).toEqual([]);
    expect(storedTroubles(site)).toEqual([]);
    const { yesterday, substations } = overview(site);
    expect(yesterday.completeness).toEqual({ expected: 48, received: 48 });
    expect(substations).toMatchObject([{ points: 2, silentPoints: 0 }]);
    const map = completenessMap(site, DAY, DAY);
    expect(map).toMatchObject({ outlook: 'complete', totals: { expected: 48, received: 48, lost: 0, open: 0 }, forgetting: [] });
    expect(map.points.find(({ code }) => code === 'H1')?.days).toMatchObject([{ expected: 0, reason: 'unsupported' }]);
    expect([...intervalRows(site, [site.pointByCode('H1')], MIDNIGHT, MIDNIGHT + 1800)]).toMatchObject([
      { point_code: 'H1', counts: { 'A+': null }, reason: 'unsupported' },
    ]);
    expect(isSettled(site, 'IV', { from: DAY, to: DAY }, 100)).toBe(true);
  });

  test('gives figures only by readings of people, spread by a person’s leave and marked as replaced', async () => {
    const on = await desk();
    await enter(on, '2026-11-22T00:00:00Z', '1000000', true);
    await enter(on, '2026-11-23T00:00:00Z', '1002400');
    const before = exported(on, 'IV');
    expect(before).toHaveLength(48);
    expect(new Set(before.map(({ figure, status }) => `${figure} ${status}`))).toEqual(new Set(['null 2']));

    expect(await marketDay(on)).toMatchObject({ kind: 'held', holds: [{ reason: 'missing', pointCode: '0077' }] });
    const { proposals } = await on['replacements.propose']({ month: '2026-11', pointCode: 'H1' }, CONTEXT);
    // What lies before the first reading does not keep what lies between two from being filled.
    expect(proposals.map(({ from, to, reason }) => [from, to, reason])).toEqual([
      ['2026-11-01T00:00:00Z', '2026-11-22T00:00:00Z', 'unsupported'],
      ['2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z', 'unsupported'],
    ]);
    const gap = await gapOfDay(on);
    const option = gap.options.find(({ method }) => method === 'readings-by-profile');
    // 2400 Wh of the meter's side times 40.
    expect(option?.energy).toBe('96000');
    const { pointId, channel, from } = gap;
    const choice = { pointId, channel, from, method: 'readings-by-profile' as const, fingerprint: option?.fingerprint ?? '', energy: null };
    await on['replacements.approve']({ month: '2026-11', choices: [choice], ...BY, document: null }, CONTEXT);

    const rows = exported(on, 'IV');
    expect(new Set(rows.map(({ status, method }) => `${status} ${method}`))).toEqual(new Set(['1 profile']));
    expect(rows.reduce((sum, { figure }) => sum + (figure ?? 0n), 0n)).toBe(96_000n);
    expect(exported(on, 'DY')).toMatchObject([{ figure: 96_000n, status: 1, method: 'profile', tariff: 0, serial: '01000002' }]);
    const day = await marketDay(on);
    expect(day).toMatchObject({ kind: 'ready', channels: [{ pointCode: '0077', channel: 'A+', sum: '96', nonCommercial: 48 }] });
    const shown = pointConsumption(on.site, pointId, { from: DAY, to: '2026-11-23', step: 'day', channel: 'A+' });
    expect(shown).toMatchObject({
      total: '96000',
      completeness: { expected: 50, received: 48 },
      rows: [
        { energy: '96000', expected: 48, received: 48, reason: null, origin: 'replaced' },
        { energy: null, expected: 2, received: 0, reason: 'unsupported' },
      ],
    });
    // The shape is assumed: it has no maximum.
    expect(shown.peak).toBeNull();
    expect(exported(on, 'RF')).toMatchObject([{ serial: '01000002' }]);
  });

  test('has the readings of its midnights in the statement, by hand', async () => {
    const on = await desk();
    await enter(on, '2026-11-22T00:00:00Z', '1000000', true);
    expect(exported(on, 'RD')).toMatchObject([
      { figure: 1_000_000n, status: 0, method: 'manual', channel: 'A+', tariff: 0 },
      { figure: null, status: 2, method: 'auto' },
    ]);
  });

  test('refuses a reading that runs backwards', async () => {
    const on = await desk();
    await enter(on, '2026-11-22T00:00:00Z', '1000000', true);
    await expect(enter(on, '2026-11-23T00:00:00Z', '999999', true)).rejects.toThrow(/does not fit/);
  });
});

test('a point that lives by files of another organisation is listed and shows what they tell', async () => {
  const { store, site } = await desk();
  const file = {
    senderInn: '7700000000',
    senderName: 'Сети',
    messageClass: '80020',
    number: 1,
    day: DAY,
    timestamp: '',
    name: 'f',
    sha256: 'a',
  };
  const intervals = Array.from({ length: 48 }, (_, n) => [MIDNIGHT + n * 1800, 1800, n === 5 ? null : '2', 1] as const);
  const day = { senderInn: '7700000000', areaInn: '7700000000', pointCode: '63', channel: 'A+' as const, day: DAY, intervals };
  store.received.add({ ...file, receivedUtc: MIDNIGHT, who: 'test' }, [day]);
  store.received.addSources('7700000000', [], [{ code: 'R1', name: 'Ввод', substation: 'ПС', code80020: '63' }], 'test', MIDNIGHT);
  site.refresh();
  expect(site.received).toMatchObject([{ point: { code: 'R1' }, substation: 'ПС' }]);
  const pointId = site.received[0]?.point.id ?? 0;
  expect(pointConsumption(site, pointId, { from: DAY, to: DAY, step: 'day', channel: 'A+' })).toMatchObject({
    code: 'R1',
    total: '94000',
    peak: null,
    rows: [{ energy: '94000', expected: 48, received: 47, reason: 'not-read', origin: 'received' }],
  });
});
