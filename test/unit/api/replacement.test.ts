import { describe, expect, test } from 'vitest';
import { closingHandlers } from '../../../src/main/api/closing-desk.ts';
import { readingHandlers } from '../../../src/main/api/reading-desk.ts';
import { LongWorks } from '../../../src/main/api/long-works.ts';
import type { WorkItem } from '../../../src/shared/api/works.ts';
import { replacementHandlers } from '../../../src/main/api/replacement-desk.ts';
import { settlementSource } from '../../../src/main/api/settlement-source.ts';
import { Site } from '../../../src/main/api/site.ts';
import { judgeRows, sentDays } from '../../../src/main/export/onec/revisions.ts';
import type { OnecRow } from '../../../src/main/export/onec/row.ts';
import { rowsOfPoint } from '../../../src/main/export/onec/rows.ts';
import type { CallContext } from '../../../src/shared/api/dispatch.ts';
import { DEFAULT_REPLACEMENT, type ReplacementSettings } from '../../../src/shared/api/replacement-settings.ts';
import { DEFAULT_SETTINGS } from '../../../src/shared/api/settings.ts';
import type { SentDay } from '../../../src/shared/domain/package.ts';
import { NO_FACTS } from '../../../src/shared/domain/meter.ts';
import { HALF_HOUR, interval, MIDNIGHT, stored, storeWithMeters } from '../store/support.ts';

const CONTEXT: CallContext = { transport: 'ipc', role: 'administrator' };
const BY = { author: 'Иванов', reason: 'акт 12' };
const DAY = '2026-11-22';
const DAY_S = 86_400;

/** A day of 1 Wh a half-hour on the meter's side, 120 Wh with the ratio 600/5, without those named. */
const dayWithout = (...holes: readonly number[]) =>
  Array.from({ length: 48 }, (_, n) => n)
    .filter((n) => !holes.includes(n))
    .map((n) => interval(n, 1));

const registers = (atUtc: number, aPlus: number) => ({
  kind: 'day-start' as const,
  momentUtc: atUtc,
  tariff: 0,
  energy: { 'A+': aPlus, 'A-': null, 'R+': null, 'R-': null },
});

/** Two points in UTC; P1 lacks two half-hours of the 22nd, and its registers say that they took 5 Wh on the meter's side. */
async function desk(replacement: Partial<ReplacementSettings> = {}) {
  const { store, clock } = storeWithMeters(2);
  const settings = { ...DEFAULT_SETTINGS, site: { ...DEFAULT_SETTINGS.site, timeZone: 'UTC' } };
  store.settings.save({ ...settings, replacement: { ...DEFAULT_REPLACEMENT, ...replacement } }, 'test');
  const facts = { ...NO_FACTS, profilePeriodMin: 30, constantImpPerKwh: 500 };
  await stored(
    store,
    {
      meterId: 1,
      atUtc: MIDNIGHT,
      facts,
      intervals: dayWithout(10, 11),
      registers: [registers(MIDNIGHT, 100), registers(MIDNIGHT + DAY_S, 151)],
    },
    { meterId: 2, atUtc: MIDNIGHT, facts, intervals: dayWithout() },
  );
  await clock.advance((MIDNIGHT + DAY_S) * 1000 - clock.now());
  const site = new Site({ store, clock, engine: () => null });
  const changed: string[] = [];
  let step: (item: WorkItem) => void = () => {};
  const onStep = (next: typeof step) => {
    step = next;
  };
  let turns = 0;
  // A quarter of a second passes from one look at the clock to the next: every step is told.
  const steady = { now: () => clock.now(), monotonic: () => (turns += 250) };
  const works = new LongWorks({ clock: steady, newId: () => 'work', onChanged: (item) => step(item) });
  const deps = { site, store, works, onReplaced: (month: string) => changed.push(month) };
  return { store, clock, site, works, onStep, changed, ...replacementHandlers(deps), ...readingHandlers(deps), ...closingHandlers(deps) };
}

type Desk = Awaited<ReturnType<typeof desk>>;

/** Gaps of A+ of the 22nd at P1. */
async function gaps(on: Desk) {
  const { proposals } = await on['replacements.propose']({ month: '2026-11', pointCode: 'P1' }, CONTEXT);
  return proposals.filter(({ channel, from }) => channel === 'A+' && from.startsWith(DAY));
}

async function approveFirst(on: Desk, over: object = {}) {
  const [gap] = await gaps(on);
  const [option] = gap?.options ?? [];
  if (gap === undefined || option === undefined) throw new Error('a proposal was expected');
  const { pointId, channel, from } = gap;
  const choice = { pointId, channel, from, method: option.method, fingerprint: option.fingerprint, energy: null, ...over };
  const [decision] = await on['replacements.approve']({ month: '2026-11', choices: [choice], ...BY, document: null }, CONTEXT);
  if (decision === undefined) throw new Error('a decision was expected');
  return decision;
}

const isImport = (row: OnecRow) => 'channel' in row && row.channel === 'A+';

/** IV rows of P1 for A+ as a package would send them, with the memory of what was sent. */
function exported(on: Desk, sent: Map<string, SentDay>) {
  const point = on.site.plant.points.find(({ code }) => code === 'P1');
  if (point === undefined) throw new Error('P1');
  const request = { kind: 'IV' as const, from: DAY, to: DAY, zone: on.site.zone };
  const judged = judgeRows(point, rowsOfPoint(point, settlementSource(on.site), request), [...sent.values()], request);
  for (const day of sentDays(judged)) sent.set(`${day.key}${day.day}`, day);
  return judged.flatMap(({ row }) => (isImport(row) ? [{ figure: row.figure, status: row.status, revision: row.revision }] : []));
}

describe('what the program proposes', () => {
  test('a gap with the energy that the registers counted, and why the rules before it have none', async () => {
    const on = await desk();
    expect(await gaps(on)).toMatchObject([
      {
        code: 'P1',
        from: '2026-11-22T05:00:00Z',
        to: '2026-11-22T06:00:00Z',
        intervals: 2,
        state: 'missing',
        reason: 'not-read',
        measured: null,
        // 51 less 46 on the meter's side, times 120.
        options: [{ method: 'readings-by-profile', energy: '600', basis: { windows: [{ energy: '6120', known: '5520' }] } }],
        obstacles: [
          { method: 'control', obstacle: 'not-configured' },
          { method: 'opposite-end', obstacle: 'not-configured' },
          { method: 'bus-balance', obstacle: 'not-configured' },
          { method: 'legal', obstacle: 'no-reference-month' },
          { method: 'manual', obstacle: 'needs-a-person' },
        ],
      },
    ]);
  });

  test('what is absent of a day that is not over is on its way, and is no gap yet', async () => {
    const on = await desk();
    await on.clock.advance(12 * 3_600_000);
    expect((await gaps(on)).map(({ to }) => to)).toEqual(['2026-11-22T06:00:00Z']);
    const { proposals } = await on['replacements.propose']({ month: '2026-11', pointCode: 'P2' }, CONTEXT);
    expect(proposals.map(({ channel, to }) => [channel, to])).toEqual([
      ['A+', '2026-11-22T00:00:00Z'],
      ['R+', '2026-11-22T00:00:00Z'],
    ]);
    await on.clock.advance(12 * 3_600_000);
    const later = await on['replacements.propose']({ month: '2026-11', pointCode: 'P2' }, CONTEXT);
    expect(later.proposals.map(({ channel, from, to }) => [channel, from, to])).toContainEqual([
      'A+',
      '2026-11-23T00:00:00Z',
      '2026-11-24T00:00:00Z',
    ]);
  });

  test('the order of the site decides which comes first', async () => {
    const rules = { pointCode: 'P1', oppositeEnd: null, bus: [], profileOf: null, maxPowerKw: null, hoursPerDay: 24, registerDigits: null };
    const on = await desk({ methods: ['control', 'readings-by-profile'], points: [{ ...rules, control: 'P2' }] });
    const [gap] = await gaps(on);
    expect(gap?.options.map(({ method, energy }) => [method, energy])).toEqual([
      ['control', '240'],
      ['readings-by-profile', '600'],
    ]);
  });

  test('the day of the chart tells what is handed on and what is proposed', async () => {
    const on = await desk();
    const { rows } = await on['replacements.day'](
      { pointId: 1, channel: 'A+', day: DAY, method: 'readings-by-profile', manual: null },
      CONTEXT,
    );
    expect(rows).toHaveLength(48);
    expect(rows[9]).toMatchObject({ status: 'valid', energy: '0.12', proposed: null });
    expect(rows[10]).toMatchObject({ status: 'missing', energy: null, proposed: '0.3' });
    const own = {
      pointId: 1,
      channel: 'A+' as const,
      day: DAY,
      method: 'manual' as const,
      manual: { from: '2026-11-22T05:00:00Z', energy: '77' },
    };
    const drawn = await on['replacements.day'](own, CONTEXT);
    expect(drawn.rows.slice(9, 13).map(({ proposed }) => proposed)).toEqual([null, '0.039', '0.038', null]);
  });
});

describe('what a person approves', () => {
  test('counts from then on, with the gap still told, and goes into the audit', async () => {
    const on = await desk();
    const decision = await approveFirst(on);
    expect(decision).toMatchObject({
      energy: '600',
      intervals: 2,
      method: 'readings-by-profile',
      author: 'Иванов',
      withdrawn: null,
      notNeeded: 0,
    });
    expect(await gaps(on)).toEqual([]);
    expect(exported(on, new Map()).slice(9, 12)).toEqual([
      { figure: 120n, status: 0, revision: 1 },
      { figure: 300n, status: 1, revision: 1 },
      { figure: 300n, status: 1, revision: 1 },
    ]);
    // The gap itself stays: nothing was stored in the place of the meter's own record.
    expect(on.store.intervals.count(1, MIDNIGHT, MIDNIGHT + DAY_S)).toBe(46);
    const [entry] = on.store.audit.list(0, 1).rows;
    expect(entry).toMatchObject({ who: 'Иванов (ipc)', action: 'replacement.approve', subject: 'point P1', reason: 'акт 12' });
    expect(on.store.audit.verify()).toEqual({ ok: true, brokenAt: null });
    expect(on.changed).toEqual(['2026-11']);
  });

  test('is taken back with a reason: the gap is open again and may be filled anew', async () => {
    const on = await desk();
    const { decisionId } = await approveFirst(on);
    const view = await on['replacements.withdraw']({ decisionId, author: 'Петров', reason: 'ошибка' }, CONTEXT);
    expect(view.withdrawn).toMatchObject({ by: 'Петров', reason: 'ошибка' });
    expect(await gaps(on)).toHaveLength(1);
    expect(on.store.audit.list(0, 1).rows[0]).toMatchObject({ action: 'replacement.withdraw', reason: 'ошибка' });
    expect(() => on['replacements.withdraw']({ decisionId, ...BY }, CONTEXT)).toThrow(/already/);
    expect((await approveFirst(on)).decisionId).not.toBe(decisionId);
  });

  test('must be what was seen: other figures by now are refused, and so is a gap that is filled', async () => {
    const on = await desk();
    await expect(approveFirst(on, { fingerprint: 'x' })).rejects.toMatchObject({ code: 'api/conflict' });
    const [gap] = await gaps(on);
    await stored(on.store, { meterId: 1, atUtc: MIDNIGHT + DAY_S, intervals: [interval(10, 4)] });
    const choice = {
      pointId: 1,
      channel: 'A+' as const,
      from: gap?.from ?? '',
      method: 'readings-by-profile' as const,
      fingerprint: gap?.options[0]?.fingerprint ?? '',
      energy: null,
    };
    const approve = { month: '2026-11', choices: [choice], ...BY, document: null };
    await expect(on['replacements.approve'](approve, CONTEXT)).rejects.toThrow(/no such gap/);
  });

  test('of several choices all are put in or none', async () => {
    const on = await desk();
    const [gap] = await gaps(on);
    const choice = {
      pointId: 1,
      channel: 'A+' as const,
      from: gap?.from ?? '',
      method: 'manual' as const,
      fingerprint: null,
      energy: '77',
    };
    const twice = { month: '2026-11', choices: [choice, choice], ...BY, document: null };
    await expect(on['replacements.approve'](twice, CONTEXT)).rejects.toThrow(/replaced already/);
    expect(await gaps(on)).toHaveLength(1);
    expect(on.store.replacements.decisions(0, MIDNIGHT * 2)).toEqual([]);
  });

  test('may be a figure of his own, shared out over the gap', async () => {
    const on = await desk();
    expect(await approveFirst(on, { method: 'manual', fingerprint: null, energy: '77' })).toMatchObject({ method: 'manual', energy: '77' });
    expect(exported(on, new Map()).slice(10, 12)).toEqual([
      { figure: 39n, status: 1, revision: 1 },
      { figure: 38n, status: 1, revision: 1 },
    ]);
  });
});

test('data that come late win by themselves, as the next revision, and the replacement says that it was not needed', async () => {
  const on = await desk();
  const sent = new Map<string, SentDay>();
  expect(exported(on, sent)[10]).toEqual({ figure: null, status: 2, revision: 1 });
  await approveFirst(on);
  expect(exported(on, sent)[10]).toEqual({ figure: 300n, status: 1, revision: 2 });
  await stored(on.store, { meterId: 1, atUtc: MIDNIGHT + DAY_S, intervals: [interval(10, 4)] });
  const rows = exported(on, sent);
  expect(rows[10]).toEqual({ figure: 480n, status: 0, revision: 3 });
  expect(rows[11]).toEqual({ figure: 300n, status: 1, revision: 2 });
  expect(rows[9]).toEqual({ figure: 120n, status: 0, revision: 1 });
  const { decisions } = await on['replacements.propose']({ month: '2026-11', pointCode: 'P1' }, CONTEXT);
  expect(decisions).toMatchObject([{ intervals: 2, notNeeded: 1, withdrawn: null }]);
});

describe('readings that people bring', () => {
  const reading = (over: object = {}) => ({
    pointId: 1,
    at: '2026-11-23T00:00:00Z',
    channel: 'A+' as const,
    tariff: 0,
    reading: '151',
    isRollOver: false,
    ...over,
  });

  test('are held against those before: backwards is refused, unusual wants a word', async () => {
    const on = await desk();
    const doubts = async (over: object) => (await on['readings.check'](reading(over), CONTEXT)).doubts.map(({ code }) => code);
    await stored(on.store, { meterId: 1, atUtc: MIDNIGHT, registers: [registers(MIDNIGHT - DAY_S, 50)] });
    expect(await doubts({ at: '2026-11-22T12:00:00Z', reading: '99' })).toEqual(['runs-backwards']);
    expect(await doubts({ at: '2026-11-22T12:00:00Z', reading: '152' })).toEqual(['runs-backwards']);
    expect(await doubts({ at: '2026-11-22T12:00:00Z', reading: '125' })).toEqual([]);
    expect(await doubts({ at: '2026-11-22T12:00:00Z', reading: '101' })).toEqual(['unusual']);
    expect(await doubts({ at: '2026-11-24T00:00:00Z', reading: '200' })).toEqual(['in-the-future']);
    const enter = { ...reading({ at: '2026-11-22T12:00:00Z', reading: '101' }), ...BY };
    expect(() => on['readings.enter']({ ...enter, isConfirmed: false }, CONTEXT)).toThrow(/does not fit/);
    expect(await on['readings.enter']({ ...enter, isConfirmed: true }, CONTEXT)).toMatchObject({ reading: '101', author: 'Иванов' });
    expect(() => on['readings.enter']({ ...enter, reading: '99', isConfirmed: true }, CONTEXT)).toThrow(/does not fit/);
  });

  test('make energy between two of them, which a person approves like any other', async () => {
    const on = await desk();
    // P2 from the 20th to the 22nd was never read.
    const enter = (at: string, text: string) =>
      on['readings.enter']({ ...reading({ pointId: 2, at, reading: text }), ...BY, isConfirmed: true }, CONTEXT);
    await enter('2026-11-20T00:00:00Z', '1000');
    await enter('2026-11-22T00:00:00Z', '1096');
    const { proposals } = await on['replacements.propose']({ month: '2026-11', pointCode: 'P2' }, CONTEXT);
    const [gap] = proposals.filter(({ channel }) => channel === 'A+');
    // The gap reaches back to the first of the month, where nobody read the register.
    expect(gap?.obstacles).toContainEqual({ method: 'readings-by-profile', obstacle: 'no-reading-before' });
    await enter('2026-11-01T00:00:00Z', '88');
    const [readable] = (await on['replacements.propose']({ month: '2026-11', pointCode: 'P2' }, CONTEXT)).proposals.filter(
      ({ channel }) => channel === 'A+',
    );
    expect(readable?.options[0]).toMatchObject({ method: 'readings-by-profile', energy: String((1096 - 88) * 120) });
    expect(readable?.options[0]?.basis.windows.map(({ energy, isManual }) => [energy, isManual])).toEqual([
      [String((1000 - 88) * 120), true],
      [String(96 * 120), true],
    ]);
    expect(on.store.audit.list(0, 1).rows[0]).toMatchObject({ action: 'reading.enter', subject: 'point P2' });
  });

  test('stand once, and are taken back with a reason', async () => {
    const on = await desk();
    const enter = { ...reading({ at: '2026-11-22T12:00:00Z', reading: '125' }), ...BY, isConfirmed: false };
    const { readingId } = await on['readings.enter'](enter, CONTEXT);
    expect(() => on['readings.enter'](enter, CONTEXT)).toThrow(/written down already/);
    expect(await on['readings.withdraw']({ readingId, ...BY }, CONTEXT)).toMatchObject({ withdrawn: { by: 'Иванов' } });
    await on['readings.enter'](enter, CONTEXT);
    expect(await on['readings.list']({ month: '2026-11' }, CONTEXT)).toHaveLength(2);
  });
});

describe('a month', () => {
  /** November is over. */
  async function december(on: Desk) {
    await on.clock.advance(Date.parse('2026-12-01T00:10:00Z') - on.clock.now());
    const check = await on['months.check']({ month: '2026-11' }, CONTEXT);
    return { check, close: (confirmation: string | null) => on['months.close']({ month: '2026-11', ...BY, confirmation }, CONTEXT) };
  }

  test('is closed when it is over and whoever closes it has named what is open', async () => {
    const on = await desk();
    await expect(on['months.close']({ month: '2026-11', ...BY, confirmation: null }, CONTEXT)).rejects.toThrow(/not over/);
    const { check, close } = await december(on);
    // 94 half-hours of 120 Wh; of two points 1,440 half-hours each are expected.
    expect(check).toMatchObject({ energy: '11280', replaced: '0', replacedShare: '0', isClosed: false, waiting: 10, changedSince: null });
    expect(check.lacks).toContainEqual({ kind: 'missing', pointCode: 'P1', channel: 'A+', intervals: 1394, receiver: null, number: null });
    await expect(close(null)).rejects.toThrow(/open place/);
    expect(await close(check.confirmation)).toMatchObject({
      closed: { by: 'Иванов', reason: 'акт 12', lacks: check.lacks.length },
      energy: '11280',
    });
    await expect(close(check.confirmation)).rejects.toThrow(/closed already/);
    expect(on.store.audit.list(0, 1).rows[0]).toMatchObject({ action: 'month.close', subject: 'month 2026-11', reason: 'акт 12' });
  });

  test('does not change after it: not by a person, and not by data that come late', async () => {
    const on = await desk();
    const { decisionId } = await approveFirst(on);
    const { check, close } = await december(on);
    expect(check).toMatchObject({ energy: '11880', replaced: '600', replacedShare: '5.05' });
    await close(check.confirmation);
    const sent = new Map<string, SentDay>();
    const before = exported(on, sent);
    expect(before[10]).toEqual({ figure: 300n, status: 1, revision: 1 });

    const refused = expect.objectContaining({
      code: 'api/conflict',
      context: expect.objectContaining({ obstacle: 'month-closed', month: '2026-11' }),
    });
    expect(() => on['replacements.withdraw']({ decisionId, ...BY }, CONTEXT)).toThrow(refused);
    const gap = {
      pointId: 2,
      channel: 'A+' as const,
      from: '2026-11-01T00:00:00Z',
      method: 'manual' as const,
      fingerprint: null,
      energy: '1',
    };
    await expect(on['replacements.approve']({ month: '2026-11', choices: [gap], ...BY, document: null }, CONTEXT)).rejects.toThrow(refused);
    const reading = { pointId: 1, at: '2026-11-22T12:00:00Z', channel: 'A+' as const, tariff: 0, reading: '125', isRollOver: false };
    expect(() => on['readings.enter']({ ...reading, ...BY, isConfirmed: true }, CONTEXT)).toThrow(refused);
    const ratio = {
      kind: 'change-ratio' as const,
      pointCode: 'P1',
      atUtc: MIDNIGHT,
      reason: 'act',
      ct: { primary: 100, secondary: 5 },
      vt: { primary: 1, secondary: 1 },
    };
    expect(() => on.store.plant.applyChange(ratio, 0, 'test')).toThrow(refused);
    // At the midnight that ends it the next month begins.
    expect(() => on.store.plant.checkChange({ ...ratio, atUtc: Date.parse('2026-12-01T00:00:00Z') / 1000 })).not.toThrow();

    await stored(on.store, { meterId: 1, atUtc: MIDNIGHT + DAY_S, intervals: [interval(10, 4), interval(48, 1)] });
    expect(exported(on, sent)).toEqual(before);
    expect(await on['months.check']({ month: '2026-11' }, CONTEXT)).toMatchObject({
      energy: '11880',
      isClosed: true,
      // 480 for 300, and a half-hour of the 23rd with its R+.
      changedSince: { intervals: 4, energy: '300' },
    });

    expect(await on['months.open']({ month: '2026-11', author: 'Сидоров', reason: 'пришли данные' }, CONTEXT)).toMatchObject({
      closed: null,
      history: [{ closedBy: 'Иванов', openedBy: 'Сидоров', openedReason: 'пришли данные' }],
    });
    expect(exported(on, sent)[10]).toEqual({ figure: 480n, status: 0, revision: 2 });
    expect(on.store.audit.list(0, 1).rows[0]).toMatchObject({ action: 'month.open', reason: 'пришли данные' });
    expect(() => on['months.open']({ month: '2026-11', ...BY }, CONTEXT)).toThrow(/not closed/);
    expect(on.store.audit.verify().ok).toBe(true);
  });

  test('is not closed over a decision that is made while its figures are worked out', async () => {
    const on = await desk();
    const { decisionId } = await approveFirst(on);
    const { check, close } = await december(on);
    const closing = close(check.confirmation);
    // The store is flushed and the first point is being looked at.
    await Promise.resolve();
    await on['replacements.withdraw']({ decisionId, ...BY }, CONTEXT);
    await expect(closing).rejects.toMatchObject({ code: 'api/conflict' });
    expect(on.store.months.list()).toEqual([]);
  });

  test('that is stopped while it is being closed stays open, whatever point it is at', async () => {
    const on = await desk();
    const { check } = await december(on);
    const month = '2026-11';
    const before = on.store.audit.list(0, 1);
    // Two points: the second step is told when the first point is behind.
    for (const at of [0, 1]) {
      on.onStep(({ state, done }) => {
        if (state === 'running' && done === at) on.works.cancel('work');
      });
      const closing = on['months.close']({ month, ...BY, confirmation: check.confirmation, workId: 'work' }, CONTEXT);
      await expect(closing).rejects.toMatchObject({ code: 'api/cancelled' });
      expect([on.store.months.list(), on.store.audit.list(0, 1)]).toEqual([[], before]);
    }
    on.onStep(() => {});
    await on['months.close']({ month, ...BY, confirmation: check.confirmation }, CONTEXT);
    expect(on.store.months.list()).toHaveLength(1);
  });

  test('closed with a hole keeps the hole, its neighbours are read as ever', async () => {
    const on = await desk();
    const { check, close } = await december(on);
    await close(check.confirmation);
    const next = Date.parse('2026-12-01T00:00:00Z') / 1000;
    await stored(on.store, { meterId: 1, atUtc: next, intervals: [{ ...interval(0, 9), startUtc: next }, interval(10, 4)] });
    const [point] = on.site.plant.points;
    if (point === undefined) throw new Error('P1');
    const rows = rowsOfPoint(point, settlementSource(on.site), { kind: 'IV', from: DAY, to: '2026-12-01', zone: on.site.zone });
    const figures = new Map(rows.filter(isImport).map((row) => [row.instantUtc, row.figure]));
    expect(figures.get(MIDNIGHT + 10 * HALF_HOUR)).toBeNull();
    expect(figures.get(MIDNIGHT + 9 * HALF_HOUR)).toBe(120n);
    expect(figures.get(next)).toBe(1080n);
  });
});
