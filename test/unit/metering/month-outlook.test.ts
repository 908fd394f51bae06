import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Gap } from '../../../src/shared/domain/gap.ts';
import { type MeterLedgerState, monthOutlook } from '../../../src/main/metering/month-outlook.ts';
import { siteZone } from '../../../src/main/metering/zone.ts';
import { utc } from './plant.ts';

const zone = siteZone('Europe/Moscow');
const nowUtc = utc('2026-11-20T09:00:00Z');
/** Midnights of the site. */
const local = (date: string, time = '00:00') => utc(`${date}T${time}:00+03:00`);

function gap(fromUtc: number, toUtc: number, over: Partial<Gap> = {}): Gap {
  return {
    meterId: 1,
    fromUtc,
    toUtc,
    reason: 'silent',
    sinceUtc: fromUtc,
    tries: 1,
    nextTryUtc: null,
    deadlineUtc: null,
    state: 'open',
    ...over,
  };
}

/** A ring of 4096 slots keeps 85 days and 8 hours. */
const meterOf = (meterId: number, gaps: readonly Gap[], over: Partial<MeterLedgerState> = {}): MeterLedgerState => ({
  meterId,
  lengthS: 1800,
  ringSlots: 4096,
  gaps,
  ...over,
});
const outlook = (meters: readonly MeterLedgerState[], over: { date?: string; nowUtc?: number } = {}) =>
  monthOutlook({ date: '2026-11-20', nowUtc, zone, meters, ...over });

describe('outlook of a month', () => {
  test('without gaps a running month is on its way and a past one is complete', () => {
    const running = outlook([meterOf(1, [])]);
    expect(running).toMatchObject({ fromUtc: local('2026-11-01'), toUtc: local('2026-12-01'), verdict: 'on-track', nextForgetsUtc: null });
    expect(running.meters).toEqual([{ meterId: 1, verdict: 'on-track', openSlots: 0, lostSlots: 0, nextForgetsUtc: null, days: [] }]);
    expect(outlook([meterOf(1, [])], { nowUtc: local('2026-12-01') }).verdict).toBe('complete');
    expect(outlook([], { nowUtc: local('2026-12-01') - 1 }).verdict).toBe('on-track');
  });

  test('an open gap names each day and when the ring forgets it', () => {
    const [meter] = outlook([meterOf(1, [gap(local('2026-11-03', '22:00'), local('2026-11-05', '01:00'))])]).meters;
    const forgets = (date: string, time: string) => local(date, time) + 4097 * 1800;
    expect(meter).toMatchObject({ verdict: 'filling', openSlots: 54, lostSlots: 0, nextForgetsUtc: forgets('2026-11-03', '22:00') });
    const common = { reason: 'silent', fate: 'in-meter' };
    expect(meter?.days).toEqual([
      { ...common, date: '2026-11-03', slots: 4, forgetsUtc: forgets('2026-11-03', '22:00') },
      { ...common, date: '2026-11-04', slots: 48, forgetsUtc: forgets('2026-11-04', '00:00') },
      { ...common, date: '2026-11-05', slots: 2, forgetsUtc: forgets('2026-11-05', '00:00') },
    ]);
  });

  test('only the part of a gap that lies in the month counts', () => {
    const meters = [meterOf(1, [gap(local('2026-10-30'), local('2026-11-02'))])];
    expect(outlook(meters).meters[0]).toMatchObject({ openSlots: 48, days: [{ date: '2026-11-01' }] });
    expect(outlook(meters, { date: '2026-10-01' }).meters[0]).toMatchObject({ openSlots: 96 });
    expect(outlook(meters, { date: '2026-12-31' }).meters[0]?.days).toEqual([]);
  });

  test('what the ring has passed over is lost, slot by slot', () => {
    const from = local('2026-11-05');
    // 20 slots of the day are overwritten by then, the 21st is next.
    const late = from + 4097 * 1800 + 19 * 1800;
    const [meter] = outlook([meterOf(1, [gap(from, local('2026-11-06'))])], { nowUtc: late }).meters;
    expect(meter).toMatchObject({ verdict: 'lost', openSlots: 28, lostSlots: 20, nextForgetsUtc: late + 1800 });
    expect(meter?.days.map(({ date, slots, fate }) => [date, slots, fate])).toEqual([
      ['2026-11-05', 20, 'forgotten'],
      ['2026-11-05', 28, 'in-meter'],
    ]);
  });

  test('what is proven absent is lost with its reason', () => {
    const proven = gap(local('2026-11-05', '10:00'), local('2026-11-05', '12:00'), { state: 'proven-absent', reason: 'meter-off' });
    expect(outlook([meterOf(1, [proven])]).meters[0]).toMatchObject({
      verdict: 'lost',
      lostSlots: 4,
      nextForgetsUtc: null,
      days: [{ date: '2026-11-05', slots: 4, reason: 'meter-off', fate: 'forgotten', forgetsUtc: null }],
    });
  });

  test('a gap that nobody can read without a person asks for one', () => {
    const verdict = (reason: Gap['reason']) => outlook([meterOf(1, [gap(local('2026-11-05'), local('2026-11-06'), { reason })])]).verdict;
    expect((['denied', 'wrong-serial', 'unsupported', 'silent', 'line-down', 'not-read'] as const).map(verdict)).toEqual([
      'needs-person',
      'needs-person',
      'needs-person',
      'filling',
      'filling',
      'filling',
    ]);
  });

  test('a meter whose ring is not known is judged by the deadline of its ledger, else promises nothing', () => {
    const range = [local('2026-11-05', '23:00'), local('2026-11-06', '01:00')] as const;
    const days = (deadlineUtc: number | null) =>
      outlook([meterOf(1, [gap(...range, { deadlineUtc })], { ringSlots: null })]).meters[0]?.days;
    expect(days(nowUtc + 60)?.map(({ forgetsUtc }) => forgetsUtc)).toEqual([nowUtc + 60, nowUtc + 60 + 3600]);
    expect(days(null)?.map(({ fate, forgetsUtc }) => [fate, forgetsUtc])).toEqual([
      ['in-meter', null],
      ['in-meter', null],
    ]);
  });

  test('the meter that forgets first stands first and the month is as bad as its worst meter', () => {
    const open = (from: string, to: string, over: Partial<Gap> = {}) => gap(local(from), local(to), over);
    const found = outlook([
      meterOf(1, []),
      meterOf(2, [open('2026-11-09', '2026-11-10')]),
      meterOf(3, [open('2026-11-05', '2026-11-06', { state: 'proven-absent' })]),
      meterOf(4, [open('2026-11-02', '2026-11-03', { reason: 'denied' })]),
      meterOf(5, [open('2026-11-12', '2026-11-13')], { ringSlots: 48 * 9 }),
    ]);
    expect(found.meters.map(({ meterId }) => meterId)).toEqual([5, 4, 2, 3, 1]);
    expect(found.verdict).toBe('lost');
    expect(found.nextForgetsUtc).toBe(found.meters[0]?.nextForgetsUtc);
  });

  test('gaps are told in the order of time, and meters alike in the order of their numbers', () => {
    const days = ['2026-11-09', '2026-11-02', '2026-11-05'].map((date) => gap(local(date), local(date, '12:00')));
    const meters = [3, 1, 2].map((meterId) => meterOf(meterId, days));
    const found = outlook(meters).meters;
    expect(found.map(({ meterId }) => meterId)).toEqual([1, 2, 3]);
    expect(found[0]?.days.map(({ date }) => date)).toEqual(['2026-11-02', '2026-11-05', '2026-11-09']);
  });

  test('days of 46 and 50 half-hours and hourly profiles have as many slots as they have', () => {
    const day = (date: string, next: string, lengthS = 1800) =>
      outlook([meterOf(1, [gap(zone.startOfDay(date), zone.startOfDay(next))], { ringSlots: null, lengthS })], { date }).meters[0]?.days;
    expect(day('2011-03-27', '2011-03-28')).toMatchObject([{ date: '2011-03-27', slots: 46 }]);
    expect(day('2014-10-26', '2014-10-27')).toMatchObject([{ date: '2014-10-26', slots: 50 }]);
    expect(day('2026-11-05', '2026-11-06', 3600)).toMatchObject([{ date: '2026-11-05', slots: 24 }]);
  });

  test('every absent slot of the month is told once, by the day of its start', () => {
    const slot = fc.integer({ min: -200, max: 1700 });
    fc.assert(
      fc.property(
        slot,
        slot,
        fc.integer({ min: 0, max: 6000 }),
        fc.option(fc.integer({ min: 1, max: 8192 })),
        (a, b, elapsed, ringSlots) => {
          const monthUtc = local('2026-11-01');
          const [from, to] = [monthUtc + Math.min(a, b) * 1800, monthUtc + Math.max(a, b) * 1800];
          const now = monthUtc + elapsed * 1800;
          const [meter] = outlook([meterOf(1, [gap(from, to)], { ringSlots })], { nowUtc: now }).meters;
          const byHand = new Map<string, number>();
          for (let start = from; start < to; start += 1800) {
            if (start < monthUtc || start >= local('2026-12-01')) continue;
            const fate = ringSlots !== null && start + (ringSlots + 1) * 1800 <= now ? 'forgotten' : 'in-meter';
            const key = `${zone.dateOf(start)} ${fate}`;
            byHand.set(key, (byHand.get(key) ?? 0) + 1);
          }
          expect(new Map(meter?.days.map(({ date, fate, slots }) => [`${date} ${fate}`, slots]))).toEqual(byHand);
        },
      ),
    );
  });
});
