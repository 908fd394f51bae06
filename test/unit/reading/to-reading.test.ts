import { describe, expect, it } from 'vitest';
import { MERCURY_23X_TABLE } from '../../../src/main/drivers/mercury-23x/table.ts';
import type { IntervalFlag, MeterInterval } from '../../../src/shared/domain/interval.ts';
import { INSTANTANEOUS_KEYS, type InstantaneousKey } from '../../../src/shared/domain/quantity.ts';
import { INSTANTANEOUS_QUANTITIES, intervalObis } from '../../../src/shared/reading/quantities.ts';
import { reading } from '../../../src/shared/reading/reading.ts';
import { toReading, type ReadingParts } from '../../../src/shared/reading/to-reading.ts';
import { schemaErrors } from './json-schema.ts';

const AT = Date.UTC(2026, 10, 22, 9, 0, 5) / 1000;
const HALF_HOUR = Date.UTC(2026, 10, 22, 8, 30) / 1000;

const BARE: ReadingParts = {
  atUtc: AT,
  offsetMin: 180,
  hostUptimeS: 12,
  meter: {
    driver: 'mercury-23x',
    serial: '01234567',
    address: 67,
    line: 'tcp:10.0.0.5:4001',
    model: 'Mercury 230 ART-01',
    clock: { offsetMin: 180, seasonBit: 'ignored' },
    facts: { firmware: '2.2.2', manufactured: '2013-02-05', constantImpPerKwh: 5000 },
  },
  point: { code: 'TP1-01', ct: { primary: 600, secondary: 5 }, vt: { primary: 1, secondary: 1 }, valuesArePrimary: false },
  session: { outcome: 'opened', error: null },
};

const CLOCK = { wall: { year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 3 }, isSummer: false, deviationMs: -2100 };

function interval(flags: readonly IntervalFlag[], counts: Partial<MeterInterval['counts']> = {}, startUtc = HALF_HOUR) {
  return {
    startUtc,
    lengthS: 1800,
    counts: { 'A+': 7, 'A-': null, 'R+': 0, 'R-': 65535, ...counts },
    flags,
    source: 'profile' as const,
  };
}

/** What was built must be valid by both validators, or the case proves nothing. */
function built(parts: Partial<ReadingParts>) {
  const record = toReading({ ...BARE, ...parts });
  expect(reading.parse(record)).toEqual(record);
  expect(schemaErrors(record)).toEqual([]);
  return record;
}

describe('a reading', () => {
  it('carries the identity and the moment with the offset of the site', () => {
    const record = built({ clock: CLOCK });
    expect(record).toMatchObject({
      at: '2026-11-22T12:00:05+03:00',
      meter: { medium: 'electricity', driver: 'mercury-23x', address: '67', serial: '01234567', firmware: '2.2.2' },
      point: { code: 'TP1-01', ctRatio: { primary: 600, secondary: 5 } },
      absences: [],
    });
  });

  it('writes offsets west of UTC and of a broken hour', () => {
    expect(built({ offsetMin: -210 }).at).toBe('2026-11-22T05:30:05-03:30');
    expect(built({ offsetMin: 0 }).at).toBe('2026-11-22T09:00:05+00:00');
  });

  it('shows the wall clock of the meter as it stood, with its basis and deviation', () => {
    expect(built({ clock: CLOCK }).clock).toEqual({
      wall: '2026-11-22T12:00:03',
      offsetMin: 180,
      seasonBit: 'ignored',
      isSummer: false,
      deviationMs: -2100,
    });
  });

  it('gives every null outside the lists a reason', () => {
    const record = built({
      hostUptimeS: null,
      point: null,
      session: null,
      meter: { ...BARE.meter, model: null, facts: { ...BARE.meter.facts, firmware: null } },
      clock: { ...CLOCK, wall: null, isSummer: null },
      reasons: { '/meter/model': 'unsupported' },
    });
    expect(record.absences).toEqual([
      { field: '/hostUptimeS', reason: 'not-read' },
      { field: '/meter/model', reason: 'unsupported' },
      { field: '/meter/firmware', reason: 'not-read' },
      { field: '/point', reason: 'not-assigned' },
      { field: '/session', reason: 'not-read' },
      { field: '/clock/wall', reason: 'not-read' },
      { field: '/clock/isSummer', reason: 'not-read' },
    ]);
  });

  it('tells a list that did not come from one that was not asked for', () => {
    const record = built({ clock: CLOCK, session: { outcome: 'failed', error: 'session/denied' }, reasons: { '/registers': 'denied' } });
    expect(record.absences).toEqual([{ field: '/registers', reason: 'denied' }]);
    expect('registers' in record || 'intervals' in record).toBe(false);
  });

  it('drops a reason for what came after all', () => {
    expect(built({ clock: CLOCK, instantaneous: {}, reasons: { '/instantaneous': 'silent', '/clock': 'silent' } }).absences).toEqual([]);
  });
});

describe('registers of a reading', () => {
  const energy = { 'A+': 9_007_199_254_740_991, 'A-': null, 'R+': 0, 'R-': 5 };
  const record = () => built({ clock: CLOCK, registers: [{ kind: 'month-start', momentUtc: HALF_HOUR, tariff: 2, energy }] });

  it('are exact figures with OBIS code, unit, side and the moment of the boundary', () => {
    expect(record().registers?.[0]).toEqual({
      quantity: 'A+',
      tariff: 2,
      obis: '1-0:1.8.2*255',
      value: '9007199254740991',
      unit: 'Wh',
      scaler: 0,
      side: 'secondary',
      moment: '2026-11-22T08:30:00Z',
      kind: 'month-start',
      quality: 'valid',
      reason: null,
    });
    expect(record().registers?.[3]).toMatchObject({ quantity: 'R-', obis: '1-0:4.8.2*255', unit: 'varh', value: '5' });
  });

  it('tell a zero from a channel that the meter does not keep', () => {
    expect(record().registers?.[2]).toMatchObject({ quantity: 'R+', value: '0', quality: 'valid', reason: null });
    expect(record().registers?.[1]).toMatchObject({ quantity: 'A-', value: null, scaler: null, quality: 'missing', reason: 'unsupported' });
  });

  it('are on the primary side when the meter itself counts primary energy', () => {
    const point = { code: 'TP1-01', ct: { primary: 1, secondary: 1 }, vt: { primary: 1, secondary: 1 }, valuesArePrimary: true };
    const { registers, instantaneous } = built({
      point,
      registers: [{ kind: 'now', momentUtc: AT, tariff: 0, energy }],
      instantaneous: { P: { count: 1, scale: 0, unit: 'W' }, F: { count: 5001, scale: -2, unit: 'Hz' } },
    });
    expect(registers?.map(({ side }) => side)).toEqual(['primary', 'primary', 'primary', 'primary']);
    expect(instantaneous?.map(({ quantity, side }) => [quantity, side])).toEqual([
      ['P', 'primary'],
      ['F', 'none'],
    ]);
  });
});

describe('intervals of a reading', () => {
  it('keep the counts and say how they scale', () => {
    const [first] = built({ intervals: [interval([])] }).intervals ?? [];
    expect(first).toMatchObject({ start: '2026-11-22T08:30:00Z', lengthS: 1800, source: 'profile', quality: 'valid', flags: [] });
    // N/(2A) kWh: 7 counts at A = 5000 are 0.7 Wh.
    expect(first?.figures[0]).toEqual({
      quantity: 'A+',
      obis: '1-0:1.29.0*255',
      count: 7,
      multiplier: 500,
      divisor: 5000,
      unit: 'Wh',
      side: 'secondary',
      reason: null,
    });
    expect(first?.figures.map(({ count, reason }) => [count, reason])).toEqual([
      [7, null],
      [null, 'unsupported'],
      [0, null],
      [65535, null],
    ]);
  });

  it('say that counts of frozen registers are watt-hours whatever the meter', () => {
    const [first] = built({ intervals: [{ ...interval(['frozen']), source: 'frozen-registers' }] }).intervals ?? [];
    expect(first).toMatchObject({ source: 'frozen-registers', figures: [{ count: 7, multiplier: 500, divisor: 500 }, {}, {}, {}] });
  });

  it('have no scale while the constant of the meter is unknown', () => {
    const meter = { ...BARE.meter, facts: { ...BARE.meter.facts, constantImpPerKwh: null } };
    const [first] = built({ meter, intervals: [interval([])] }).intervals ?? [];
    expect(first?.figures[0]).toMatchObject({ count: 7, multiplier: null, divisor: null });
  });

  it('stand in the order of their starts, absent ones with the reason of the gap', () => {
    const { intervals } = built({
      intervals: [interval([], {}, HALF_HOUR + 1800), interval([], {}, HALF_HOUR - 1800)],
      absentIntervals: [{ startUtc: HALF_HOUR, lengthS: 1800, reason: 'meter-off' }],
    });
    expect(intervals?.map(({ start, quality, source }) => [start.slice(11, 16), quality, source])).toEqual([
      ['08:00', 'valid', 'profile'],
      ['08:30', 'missing', null],
      ['09:00', 'valid', 'profile'],
    ]);
    expect(intervals?.[1]?.figures.map(({ count, reason }) => [count, reason])).toEqual(Array(4).fill([null, 'meter-off']));
  });

  it.each<[readonly IntervalFlag[], string]>([
    [[], 'valid'],
    [['frozen'], 'valid'],
    [['power-cut', 'incomplete'], 'valid-cut'],
    [['incomplete'], 'incomplete'],
    [['clock-set'], 'incomplete-clock'],
    [['clock-corrected', 'power-cut'], 'incomplete-clock'],
    [['season-changed'], 'incomplete-clock'],
    [['initialised', 'clock-set'], 'incomplete-init'],
  ])('with the marks %j have the quality %s', (flags, quality) => {
    expect(built({ intervals: [interval(flags)] }).intervals?.[0]).toMatchObject({ flags, quality });
  });
});

describe('instantaneous values of a reading', () => {
  it('are exact decimals with the resolution of the meter, in the order of the keys', () => {
    const { instantaneous } = built({
      instantaneous: {
        cos: { count: 739, scale: -3, unit: 'one' },
        angle12: null,
        U2: { count: 0, scale: -2, unit: 'V' },
        Q: { count: -2620, scale: -2, unit: 'var' },
      },
    });
    expect(instantaneous).toEqual([
      { quantity: 'Q', obis: null, value: '-26.2', unit: 'var', scaler: -2, side: 'secondary', quality: 'valid', reason: null },
      { quantity: 'U2', obis: '1-0:52.7.0*255', value: '0', unit: 'V', scaler: -2, side: 'secondary', quality: 'valid', reason: null },
      { quantity: 'cos', obis: '1-0:13.7.0*255', value: '0.739', unit: 'one', scaler: -3, side: 'none', quality: 'valid', reason: null },
      { quantity: 'angle12', obis: null, value: null, unit: 'deg', scaler: null, side: 'none', quality: 'missing', reason: 'unsupported' },
    ]);
  });

  it('are called by the codes that the drivers use', () => {
    const isKey = (key: string): key is InstantaneousKey => INSTANTANEOUS_KEYS.some((known) => known === key);
    const coded = MERCURY_23X_TABLE.rows.flatMap(({ key, obis, unit }) => (isKey(key) && obis !== null ? [{ key, obis, unit }] : []));
    expect(coded.length).toBeGreaterThan(10);
    expect(coded).toEqual(coded.map(({ key }) => ({ key, ...INSTANTANEOUS_QUANTITIES[key] })));
  });
});

describe('OBIS codes of a reading', () => {
  it('are those of the standard: signed sums by 16, phases 20 apart, integrals of a recording period by 29', () => {
    const codes = (keys: readonly InstantaneousKey[]) => keys.map((key) => INSTANTANEOUS_QUANTITIES[key].obis);
    expect(codes(['P', 'P1', 'P2', 'P3'])).toEqual(['1-0:16.7.0*255', '1-0:36.7.0*255', '1-0:56.7.0*255', '1-0:76.7.0*255']);
    expect(codes(['S', 'S1', 'S2', 'S3'])).toEqual(['1-0:9.7.0*255', '1-0:29.7.0*255', '1-0:49.7.0*255', '1-0:69.7.0*255']);
    expect(codes(['I1', 'I2', 'I3', 'F'])).toEqual(['1-0:31.7.0*255', '1-0:51.7.0*255', '1-0:71.7.0*255', '1-0:14.7.0*255']);
    expect(codes(['KU1', 'T'])).toEqual(['1-0:32.7.124*255', '0-0:96.9.0*255']);
    expect(intervalObis('R-')).toBe('1-0:4.29.0*255');
  });

  it('name one quantity each', () => {
    const codes = Object.values(INSTANTANEOUS_QUANTITIES).flatMap(({ obis }) => obis ?? []);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
