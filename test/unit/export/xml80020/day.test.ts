import { describe, expect, it } from 'vitest';
import { daylightSavingOf, marketDay, type MarketTime, timestampText } from '../../../../src/main/export/xml80020/day.ts';
import { siteZone } from '../../../../src/main/metering/zone.ts';
import { isoUtc } from '../../../../src/shared/domain/time.ts';

const local = (name: string): MarketTime => ({ kind: 'local', zone: siteZone(name) });
const shown = (date: string, time: MarketTime) =>
  marketDay(date, time).halfHours.map(({ start, end, isSummer }) => `${start}-${end}${isSummer ? ' s' : ''}`);

describe('the day of a file', () => {
  it('is 48 half-hours of UTC+3 in zone 1, wherever the site is', () => {
    const day = marketDay('2021-10-31', { kind: 'market', zone: 1 });
    expect(day.halfHours).toHaveLength(48);
    expect([isoUtc(day.fromUtc), isoUtc(day.toUtc)]).toEqual(['2021-10-30T21:00:00Z', '2021-10-31T21:00:00Z']);
    expect(day.halfHours[0]).toMatchObject({ start: '0000', end: '0030', isSummer: false });
    expect(day.halfHours[47]).toMatchObject({ start: '2330', end: '0000' });
    expect(day.isTransition).toBe(false);
  });

  it('is local 02:00 to 02:00 of the next day for a site at UTC+5 that reports to zone 1', () => {
    const zone = siteZone('Asia/Yekaterinburg');
    const { fromUtc, toUtc } = marketDay('2025-03-09', { kind: 'market', zone: 1 });
    expect([fromUtc, toUtc].map((at) => [zone.dateOf(at), zone.wallOf(at).hour])).toEqual([
      ['2025-03-09', 2],
      ['2025-03-10', 2],
    ]);
  });

  it('is counted by UTC+10 in zone 3', () => {
    expect(isoUtc(marketDay('2025-03-09', { kind: 'market', zone: 3 }).fromUtc)).toBe('2025-03-08T14:00:00Z');
  });

  it('keeps 48 half-hours in the zones of the market on days on which Moscow set its clock', () => {
    for (const date of ['2010-03-28', '2011-03-27', '2014-10-26'])
      expect(marketDay(date, { kind: 'market', zone: 1 }).halfHours).toHaveLength(48);
  });

  it('has the repeated hour twice in local time, the summer half-hours marked up to the change', () => {
    expect(shown('2014-10-26', local('Europe/Moscow')).slice(0, 8)).toEqual([
      '0000-0030 s',
      '0030-0100 s',
      '0100-0130 s',
      '0130-0200 s',
      '0100-0130',
      '0130-0200',
      '0200-0230',
      '0230-0300',
    ]);
    expect(shown('2014-10-26', local('Europe/Moscow'))).toHaveLength(50);
  });

  it('leaves the skipped hour out in local time and marks what comes after it', () => {
    const day = shown('2011-03-27', local('Europe/Moscow'));
    expect(day).toHaveLength(46);
    expect(day.slice(2, 6)).toEqual(['0100-0130', '0130-0200', '0300-0330 s', '0330-0400 s']);
    expect(day.at(-1)).toBe('2330-0000 s');
  });

  // Zones and dates of quality.md 2, checked there against the database.
  it.each([
    ['Europe/Moscow', '2014-10-26', 50],
    ['Europe/Moscow', '2011-03-27', 46],
    ['Asia/Magadan', '2014-10-26', 52],
    ['Europe/Samara', '2014-10-26', 48],
    ['Asia/Kamchatka', '2014-10-26', 48],
    ['Europe/Volgograd', '2018-10-28', 46],
    ['Europe/Volgograd', '2020-12-27', 50],
    ['Asia/Novosibirsk', '2016-07-24', 46],
    ['Europe/Saratov', '2016-12-04', 46],
    ['Europe/Moscow', '2015-10-25', 48],
    ['Asia/Vladivostok', '2026-03-29', 48],
  ])('%s %s has %i half-hours by the local clock', (name, date, count) => {
    const day = marketDay(date, local(name));
    expect(day.halfHours).toHaveLength(count);
    expect(day.isTransition).toBe(count !== 48);
    expect(day.halfHours.at(-1)?.end).toBe('0000');
    expect(day.halfHours.map(({ startUtc }) => startUtc)).toEqual(Array.from({ length: count }, (_, index) => day.fromUtc + index * 1800));
  });

  it('says 2 for daylight saving on a day of a change and what the recipient wants on others', () => {
    expect(daylightSavingOf(marketDay('2014-10-26', local('Europe/Moscow')), 0)).toBe(2);
    expect(daylightSavingOf(marketDay('2014-10-26', { kind: 'market', zone: 1 }), 0)).toBe(0);
    expect(daylightSavingOf(marketDay('2021-10-31', local('Europe/Moscow')), 1)).toBe(1);
  });

  it('stamps its creation by the clock of the day', () => {
    const at = Date.UTC(2021, 10, 1, 5, 15, 3) / 1000;
    expect(timestampText(at, { kind: 'market', zone: 1 })).toBe('20211101081503');
    expect(timestampText(at, { kind: 'market', zone: 3 })).toBe('20211101151503');
    expect(timestampText(at, local('Asia/Yekaterinburg'))).toBe('20211101101503');
  });

  it('refuses what is no date', () => {
    expect(() => marketDay('2021-02-29', { kind: 'market', zone: 1 })).toThrow(expect.objectContaining({ code: 'api/invalid-argument' }));
  });
});
