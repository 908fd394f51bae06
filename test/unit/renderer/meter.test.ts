import { describe, expect, test } from 'vitest';
import { createTexts } from '../../../src/renderer/app/texts.ts';
import { createServices } from '../../../src/renderer/client/services.ts';
import { eventDetail } from '../../../src/renderer/features/events/event-detail.ts';
import { type CurrentFinding, eventParams, findingGroups } from '../../../src/renderer/features/events/slice.ts';
import { sharePercent, worstMeters } from '../../../src/renderer/features/lines/slice.ts';
import { configurationRows } from '../../../src/renderer/features/meter/configuration.ts';
import { createReadingsSlice, groupItems } from '../../../src/renderer/features/meter/slice.ts';
import { FIRST_DRAFT, writeOf } from '../../../src/renderer/features/meter/write-draft.ts';
import { durationText } from '../../../src/renderer/ui/duration.ts';
import { RUSSIAN_NUMBERS } from '../../../src/renderer/ui/format.ts';
import type { Locale } from '../../../src/renderer/ui/locale.ts';
import { siteTime } from '../../../src/renderer/ui/time.ts';
import type { LineTest } from '../../../src/shared/api/search.ts';
import { METER_WRITE_KINDS } from '../../../src/shared/domain/meter-write.ts';
import { scriptedClock, scriptedTransport, settled } from './scripted.ts';

const texts = await createTexts('ru');
const locale: Locale = { t: texts.t, language: 'ru', numbers: RUSSIAN_NUMBERS, time: siteTime('Europe/Moscow') };

describe('everything that a meter holds', () => {
  function setUp() {
    const transport = scriptedTransport();
    const store = createServices(transport, scriptedClock()).slice(createReadingsSlice);
    store.getState().choose(1);
    const asked = () => transport.asked.map(({ params }) => (params as { key: string }).key);
    const answer = async () => {
      transport.asked.shift()?.answer({ ok: true, data: { key: '', at: '2026-11-21T11:00:00Z', fields: [] } });
      await settled();
    };
    return { transport, store, asked, answer };
  }

  test('is read one item after another, and an item that fails does not stop the rest', async () => {
    const { transport, store, asked, answer } = setUp();
    void store.getState().read(['a', 'b', 'c']);
    expect(asked()).toEqual(['a']);
    await answer();
    expect(store.getState().run).toMatchObject({ done: 1, total: 3, key: 'b' });
    transport.asked.shift()?.answer({ ok: false, error: { code: 'transport/timeout', message: 'inside' } });
    await settled();
    await answer();
    expect(store.getState().run).toBeNull();
    expect(Object.values(store.getState().byKey).map(({ error }) => error?.code ?? null)).toEqual([null, 'transport/timeout', null]);
  });

  test('stops after the item in work when it is told to', async () => {
    const { store, asked, answer } = setUp();
    void store.getState().read(['a', 'b', 'c']);
    store.getState().cancel();
    await answer();
    expect(asked()).toEqual([]);
    expect(store.getState()).toMatchObject({ run: null, byKey: { a: { error: null } } });
  });

  test('is forgotten when another meter is looked at, the answer on the way included', async () => {
    const { store, answer } = setUp();
    void store.getState().read(['a', 'b']);
    store.getState().choose(2);
    await answer();
    expect(store.getState()).toMatchObject({ pointId: 2, byKey: {}, run: null });
  });

  test('stands in groups, those of a newer server last', () => {
    const item = (group: string) => ({ key: group, group, label: group });
    expect(groupItems(['new', 'energy', 'identity', 'energy'].map(item)).map(({ group, items }) => [group, items.length])).toEqual([
      ['identity', 1],
      ['energy', 2],
      ['new', 1],
    ]);
  });
});

describe('the settings of a meter', () => {
  test('are told in words, and what the meter does not say stays absent', () => {
    const rows = configurationRows({ firmware: '7.14', profilePeriodMin: 60, switchesSeason: true, ratioCt: null, faults: [] }, locale);
    expect(rows).toEqual([
      { name: 'Версия ПО', value: '7.14' },
      { name: 'Период профиля', value: '60 мин' },
      { name: 'Сезонный перевод часов', value: 'да' },
      { name: 'Ктт внутри счётчика', value: null },
      { name: 'Неисправности по слову состояния', value: 'нет' },
    ]);
  });

  test('of a newer server are shown under their own names', () => {
    expect(configurationRows({ relayMode: 'auto' }, locale)).toEqual([{ name: 'relayMode', value: 'auto' }]);
  });
});

describe('a write', () => {
  test('is made of the values of its own kind alone', () => {
    expect(writeOf(FIRST_DRAFT)).toEqual({ kind: 'clock-correct' });
    expect(writeOf({ ...FIRST_DRAFT, kind: 'relay', isOn: true })).toEqual({ kind: 'relay', isOn: true });
    expect(writeOf({ ...FIRST_DRAFT, kind: 'line-parameters', baudRate: '2400', parity: 'even' })).toMatchObject({
      baudRate: 2400,
      parity: 'even',
    });
  });

  test('of no address, a broken one or an impossible period is none', () => {
    expect(writeOf({ ...FIRST_DRAFT, kind: 'address' })).toBeNull();
    expect(writeOf({ ...FIRST_DRAFT, kind: 'address', address: '2x' })).toBeNull();
    expect(writeOf({ ...FIRST_DRAFT, kind: 'profile-period', minutes: '61' })).toBeNull();
  });

  test('can be chosen of every kind that the contract knows', () => {
    for (const kind of METER_WRITE_KINDS) expect(writeOf({ ...FIRST_DRAFT, kind, address: '21' })).toMatchObject({ kind });
  });
});

describe('events', () => {
  test('are asked for whole days of the site', () => {
    const params = eventParams({ pointId: 3, kinds: ['power-off'], period: { kind: 'day', date: '2026-11-21' } }, siteTime('Asia/Omsk'));
    expect(params).toMatchObject({ pointId: 3, kinds: ['power-off'], from: '2026-11-20T18:00:00.000Z', to: '2026-11-21T18:00:00.000Z' });
    expect(Object.keys(eventParams({ pointId: null, kinds: [], period: null }, siteTime('UTC')))).toEqual(['offset', 'limit']);
  });

  test('days of the site are right on both sides of a change of the zone', () => {
    const berlin = siteTime('Europe/Berlin');
    expect(berlin.dayStart('2026-03-29')).toBe('2026-03-28T23:00:00.000Z');
    expect(berlin.dayStart('2026-03-30')).toBe('2026-03-29T22:00:00.000Z');
    expect(berlin.dayStart('2026-10-26')).toBe('2026-10-25T23:00:00.000Z');
  });

  test('tell their details in words and lose none that they do not know', () => {
    const detail = (details: Record<string, unknown>) => eventDetail({ details }, locale);
    expect(detail({ phase: 2 })).toBe('Фаза B');
    expect(detail({ durationMs: 340, percent: 71 })).toBe('340 мс; 71 %');
    expect(detail({ faults: ['E-48'] })).toMatch(/^E-48: .*батаре/);
    expect(detail({ seal: null, depth: 5 })).toBe('depth: 5');
  });
});

test('findings stand by what they are about, the worst subject first', () => {
  const finding = (weight: CurrentFinding['weight'], kind: 'line' | 'point', id: number): CurrentFinding => ({
    code: 'noise',
    weight,
    params: {},
    subject: { kind, id, name: `${kind} ${id}` },
    since: '2026-11-21T11:00:00Z',
  });
  const groups = findingGroups([
    finding('info', 'point', 1),
    finding('attention', 'point', 2),
    finding('attention', 'line', 1),
    finding('fault', 'point', 1),
  ]);
  expect(groups.map(({ subject, findings }) => [subject?.name, findings.length])).toEqual([
    ['point 1', 2],
    ['line 1', 1],
    ['point 2', 1],
  ]);
});

test('a setting that several meters have alike is told once, with all its points, after what is worse', () => {
  const setting = (code: CurrentFinding['code'], id: number, params: CurrentFinding['params'] = {}): CurrentFinding => ({
    code,
    weight: 'info',
    params,
    subject: { kind: 'point', id, name: `point ${id}` },
    since: '2026-11-21T11:00:00Z',
  });
  const points = [1, 2, 3, 4, 5];
  const groups = findingGroups([
    ...points.map((id) => setting('default-password', id)),
    setting('ring-short', 1, { days: 42 }),
    setting('ring-short', 2, { days: 85 }),
    { ...setting('meter-flapping', 3), weight: 'attention' },
    { ...setting('meter-flapping', 4), weight: 'attention' },
  ]);
  expect(groups.map(({ subject, findings }) => [subject?.name ?? null, findings.map(({ code }) => code).join(' ')])).toEqual([
    ['point 3', 'meter-flapping'],
    ['point 4', 'meter-flapping'],
    ['point 1', 'ring-short'],
    ['point 2', 'ring-short'],
    [null, points.map(() => 'default-password').join(' ')],
  ]);
  expect(groups.at(-1)?.findings.map(({ subject }) => subject.id)).toEqual(points);
  expect([1, 2, 5, 21].map((count) => locale.t('overview.pointCount', { count }))).toEqual([
    '1 точка учёта',
    '2 точки учёта',
    '5 точек учёта',
    '21 точка учёта',
  ]);
  expect(findingGroups([setting('default-password', 1)])[0]?.subject?.name).toBe('point 1');
});

test('a line test shows its worst meters first, and no share of nothing', () => {
  const meter = (serial: string, grade: LineTest['meters'][number]['grade'], lost: number) =>
    ({ serial, grade, lost, damaged: 0 }) as LineTest['meters'][number];
  const meters = worstMeters([meter('a', 'good', 1), meter('b', 'failed', 100), meter('c', 'good', 3), meter('d', 'poor', 9)]);
  expect(meters.map(({ serial }) => serial)).toEqual(['b', 'd', 'c', 'a']);
  expect([sharePercent(1, 3), sharePercent(0, 5), sharePercent(0, 0)]).toEqual(['33.3', '0', null]);
});

test('a time to wait is told in words and never promises less than it takes', () => {
  expect([0.2, 59.1, 87, 120, 3600, 3905].map((seconds) => durationText(seconds, locale.t))).toEqual([
    '1 с',
    '1 мин',
    '1 мин 27 с',
    '2 мин',
    '1 ч',
    '1 ч 5 мин',
  ]);
});
