import { describe, expect, it } from 'vitest';
import { type ComposedDay, composeDay, type MarketFigure, marketDocument } from '../../../../src/main/export/xml80020/compose.ts';
import { marketDay } from '../../../../src/main/export/xml80020/day.ts';
import { add, compare, rational, ZERO } from '../../../../src/main/metering/energy.ts';
import { siteZone } from '../../../../src/main/metering/zone.ts';
import { DAY, figuresOf, orderOf, pointOf } from './support.ts';

const POINT = '562080073213101';

function ready(composed: ComposedDay) {
  if (composed.kind !== 'ready') throw new Error(`held: ${JSON.stringify(composed.holds)}`);
  return composed;
}

function holdsOf(composed: ComposedDay) {
  return composed.kind === 'held'
    ? composed.holds.map(({ reason, channel, fromUtc, toUtc }) => ({
        reason,
        channel,
        from: (fromUtc - DAY.fromUtc) / 1800,
        to: (toUtc - DAY.fromUtc) / 1800,
      }))
    : [];
}

/** Measured all day but for some half-hours. */
function withGap(at: readonly number[], gap: Omit<MarketFigure, 'startUtc'>): MarketFigure[] {
  return figuresOf(DAY, 1400).map((figure, index) => (at.includes(index) ? { ...gap, startUtc: figure.startUtc } : figure));
}

describe('a composed day', () => {
  it('has every half-hour of every wanted channel, unmarked, and what it sums to', () => {
    const point = pointOf(POINT, { 'A+': figuresOf(DAY, 1400), 'A-': figuresOf(DAY, 0), 'R+': figuresOf(DAY, 600) });
    const { areas, channels } = ready(composeDay(orderOf(DAY, [point])));
    expect(areas[0]).toMatchObject({ inn: '5600010901', timeZone: '1' });
    const [active, reactive] = areas[0]?.points[0]?.channels ?? [];
    expect([active?.code, reactive?.code]).toEqual(['01', '03']);
    expect(active?.description).toBe('счетчик, акт. прием');
    expect(active?.periods.slice(0, 6).map(({ value }) => value)).toEqual(['1', '2', '1', '2', '1', '1']);
    expect(active?.periods[47]).toEqual({
      start: '2330',
      end: '0000',
      isSummer: false,
      value: '1',
      status: null,
      extendedStatus: null,
      param1: null,
    });
    expect(channels.map(({ channel, sum }) => [channel, sum])).toEqual([
      ['A+', '67'],
      ['R+', '29'],
    ]);
    // 48 x 1.4 = 67.2: what is written and what is carried are the exact energy.
    expect(compare(add(rational(67), channels[0]?.carry ?? ZERO), channels[0]?.exactSum ?? ZERO)).toBe(0);
  });

  it('begins with the remainder of the day before', () => {
    const order = orderOf(DAY, [pointOf(POINT, { 'A+': figuresOf(DAY, 1400) })]);
    const { areas } = ready(composeDay({ ...order, carryOf: () => rational(4, 10) }));
    expect(areas[0]?.points[0]?.channels[0]?.periods.slice(0, 3).map(({ value }) => value)).toEqual(['2', '1', '2']);
  });

  it('passes nothing on where the recipient compares each half-hour', () => {
    const order = orderOf(DAY, [pointOf(POINT, { 'A+': figuresOf(DAY, 1400) })], { rounding: 'none', decimals: 1 });
    const { areas, channels } = ready(composeDay({ ...order, carryOf: () => rational(4, 10) }));
    expect(new Set(areas[0]?.points[0]?.channels[0]?.periods.map(({ value }) => value))).toEqual(new Set(['1.4']));
    expect(channels[0]).toMatchObject({ sum: '67.2', carry: rational(4, 10) });
  });

  it('is held by what was not measured, neighbours as one stretch', () => {
    const gap = withGap([3, 4, 9], { energy: null, status: 'missing' });
    expect(holdsOf(composeDay(orderOf(DAY, [pointOf(POINT, { 'A+': gap })])))).toEqual([
      { reason: 'missing', channel: 'A+', from: 3, to: 5 },
      { reason: 'missing', channel: 'A+', from: 9, to: 10 },
    ]);
  });

  it('is held by a figure that lacks a part, and by half-hours that nobody told of', () => {
    const part = withGap([0], { energy: rational(1), status: 'incomplete' });
    expect(holdsOf(composeDay(orderOf(DAY, [pointOf(POINT, { 'A+': part.slice(0, 47) })], { missing: 'replacement' })))).toEqual([
      { reason: 'incomplete', channel: 'A+', from: 0, to: 1 },
      { reason: 'missing', channel: 'A+', from: 47, to: 48 },
    ]);
  });

  it('is held by replacements where the recipient takes measured figures alone', () => {
    const point = pointOf(POINT, { 'A+': withGap([5], { energy: rational(2), status: 'replaced' }) });
    expect(holdsOf(composeDay(orderOf(DAY, [point])))).toEqual([{ reason: 'replaced', channel: 'A+', from: 5, to: 6 }]);
  });

  it('sends replacements with status 1 where the recipient takes them', () => {
    const point = pointOf(POINT, { 'A+': withGap([5], { energy: rational(2), status: 'replaced' }) });
    const { areas, channels } = ready(composeDay(orderOf(DAY, [point], { missing: 'replacement' })));
    expect(areas[0]?.points[0]?.channels[0]?.periods.map(({ status }) => status).indexOf('1')).toBe(5);
    expect(channels[0]).toMatchObject({ nonCommercial: 1, sum: '68' });
  });

  it('sends zeros with status 1 only to a recipient who asks for them, which leave the remainder as it is', () => {
    const gap = withGap([5], { energy: null, status: 'missing' });
    const { areas, channels } = ready(composeDay(orderOf(DAY, [pointOf(POINT, { 'A+': gap })], { missing: 'zero' })));
    expect(areas[0]?.points[0]?.channels[0]?.periods[5]).toMatchObject({ value: '0', status: '1' });
    expect(channels[0]?.exactSum).toEqual(rational(47 * 1400, 1000));
    expect(areas[0]?.points[0]?.channels[0]?.periods.filter(({ status }) => status === '1')).toHaveLength(1);
  });

  it('never sends a half-hour without energy as a bare zero', () => {
    for (const missing of ['hold', 'replacement', 'zero'] as const) {
      const composed = composeDay(orderOf(DAY, [pointOf(POINT, { 'A+': withGap([5], { energy: null, status: 'missing' }) })], { missing }));
      if (composed.kind === 'ready') expect(composed.areas[0]?.points[0]?.channels[0]?.periods[5]?.status).toBe('1');
    }
  });

  it('names the group of points that a bypass stood in for', () => {
    const point = pointOf(POINT, { 'A+': withGap([5], { energy: rational(2), status: 'valid', bypassGroup: '77' }) });
    const { areas } = ready(composeDay(orderOf(DAY, [point])));
    expect(areas[0]?.points[0]?.channels[0]?.periods[5]).toMatchObject({ value: '2', status: '1', extendedStatus: '1114', param1: '77' });
  });

  it('leaves out channels that a point does not have, and is held by a point with none', () => {
    const { areas } = ready(composeDay(orderOf(DAY, [pointOf(POINT, { 'A+': figuresOf(DAY, 1000) })])));
    expect(areas[0]?.points[0]?.channels.map(({ code }) => code)).toEqual(['01']);
    expect(holdsOf(composeDay(orderOf(DAY, [pointOf(POINT, { 'A-': figuresOf(DAY, 1000) })])))).toEqual([
      { reason: 'no-channel', channel: null, from: 0, to: 48 },
    ]);
  });

  it('is held by a meter of hours, or has its halves', () => {
    const hours = DAY.halfHours
      .filter((_, index) => index % 2 === 0)
      .map(({ startUtc }): MarketFigure => ({ startUtc, energy: rational(7), status: 'valid' }));
    const point = pointOf(POINT, { 'A+': hours }, 3600);
    expect(holdsOf(composeDay(orderOf(DAY, [point])))).toEqual([{ reason: 'hourly', channel: null, from: 0, to: 48 }]);
    const { areas, channels } = ready(composeDay(orderOf(DAY, [point], { hourlyMeters: 'halves' })));
    expect(areas[0]?.points[0]?.channels[0]?.periods.slice(0, 4).map(({ value }) => value)).toEqual(['4', '3', '4', '3']);
    expect(channels[0]?.sum).toBe('168');
  });

  it('gives the same document again', () => {
    const time = { kind: 'local', zone: siteZone('Europe/Moscow') } as const;
    const day = marketDay('2014-10-26', time);
    const header = {
      messageClass: '80040',
      number: 7,
      createdUtc: 1_414_386_903,
      time,
      day,
      daylightSaving: 0,
      sender: { inn: '1834024515', name: 'ООО' },
    } as const;
    const make = () => marketDocument(header, ready(composeDay(orderOf(day, [pointOf(POINT, { 'A+': figuresOf(day, 333) })]))).areas);
    expect(make()).toEqual(make());
    expect(make()).toMatchObject({
      messageClass: '80040',
      version: '2',
      number: '7',
      timestamp: '20141027081503',
      daylightSaving: '2',
      day: '20141026',
    });
  });
});
