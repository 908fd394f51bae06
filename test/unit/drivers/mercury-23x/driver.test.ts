import { describe, expect, test } from 'vitest';
import { isoUtc } from '../../../../src/shared/domain/time.ts';
import type { MeterSettings } from '../../../../src/main/drivers/driver.ts';
import { boundaryOf, midnightUtc } from '../../../../src/main/drivers/wall-clock.ts';
import { mercury23x } from '../../../../src/main/drivers/mercury-23x/driver.ts';
import { data, meterSettings, type Scripted, ScriptedLink } from '../scripted-link.ts';

const SERIAL = '0C 22 38 12 16 06 14';
const VARIANT = 'B4 64 C2 94 DF 58';
const LONG_PASSPORT = data(`${SERIAL} 09 00 00 ${VARIANT} 7E F5 32 3A 40 00 00 00`);
const RATIOS = data('00 01 00 78');
const UNSUPPORTED = [1];

function connect(answers: Readonly<Record<string, Scripted | ((times: number) => Scripted)>>, changes: Partial<MeterSettings> = {}) {
  const link = new ScriptedLink(18, (body, times) => {
    const answer = answers[body];
    if (answer === undefined) return UNSUPPORTED;
    return typeof answer === 'function' ? answer(times) : answer;
  });
  return { link, session: mercury23x.connect(link, meterSettings(changes), () => link.nowMs) };
}

describe('the description', () => {
  test('comes from the long passport where the firmware has it', async () => {
    const { link, session } = connect({ '080100': LONG_PASSPORT, '0802': RATIOS });
    const { value, exchanges } = await session.describe();
    expect(value).toEqual({
      serial: '12345618',
      manufactured: '2020-06-22',
      firmware: '9.0.0',
      variantHex: 'B464C294DF58',
      constantImpPerKwh: 1000,
      hasProfile: true,
      ringSlots: 8192,
      phases: 3,
      nominalVoltageV: '230',
      nominalCurrentA: '5',
      sumsByModulus: true,
      internalRatioVt: 1,
      internalRatioCt: 120,
      address: 18,
    });
    expect(exchanges.map(({ label }) => label)).toEqual(['long passport', 'transformer ratios']);
    expect(link.asked).toEqual(['080100', '0802']);
    expect(session.memory).toMatchObject({ serial: '12345618', firmware: '9.0.0' });
  });

  test('falls back to the short passport, and the long one is not asked for again', async () => {
    const { link, session } = connect({ '0801': LONG_PASSPORT.slice(0, 16) });
    expect((await session.describe()).value).toMatchObject({ firmware: '9.0.0', constantImpPerKwh: 1000, internalRatioVt: null });
    expect(link.asked).toEqual(['080100', '0801', '0802']);
    expect(session.memory.unsupported).toEqual(['long-passport', 'ratios']);
    const later = connect({ '0801': LONG_PASSPORT.slice(0, 16) }, { memory: session.memory });
    await later.session.describe();
    expect(later.link.asked).toEqual(['0801']);
  });

  test('falls back to firmware and variant apart, in words or in silence', async () => {
    const { link, session } = connect({
      '080100': null,
      '0801': UNSUPPORTED,
      '0800': data(SERIAL),
      '0803': [2, 1, 0],
      '0812': data(VARIANT),
      '0802': RATIOS,
    });
    expect((await session.describe()).value).toMatchObject({
      serial: '12345618',
      firmware: '2.1.0',
      variantHex: 'B464C294DF58',
      internalRatioCt: 120,
    });
    expect(link.asked).toEqual(['080100', '0800', '080100', '0800', '080100', '0800', '0801', '0800', '0803', '0812', '0802']);
    expect(session.memory.unsupported).toEqual(['long-passport', 'passport']);
  });

  test('of a meter that fell silent is a fault, not a lack', async () => {
    const { session } = connect({ '080100': null, '0800': null });
    await expect(session.describe()).rejects.toMatchObject({ code: 'transport/timeout' });
    expect(session.memory.unsupported).toBeUndefined();
  });

  test('that falls silent at the last question is a fault as well: nothing is remembered as missing', async () => {
    const { session } = connect({ '080100': null, '0800': (times) => (times < 3 ? data(SERIAL) : null) });
    await expect(session.describe()).rejects.toMatchObject({ code: 'transport/timeout' });
    expect(session.memory.unsupported).toBeUndefined();
  });

  test('that has answered a question before and now falls silent to it alone is on a bad line: nothing is remembered as missing', async () => {
    const healthy = { '0800': data(SERIAL), '080100': LONG_PASSPORT };
    const { session } = connect({ ...healthy, '0802': (times) => (times === 1 ? RATIOS : null) });
    await session.describe();
    await expect(session.describe()).rejects.toMatchObject({ code: 'transport/timeout' });
    expect(session.memory.unsupported).toBeUndefined();
  });

  test('of another serial is refused', async () => {
    const { session } = connect({ '080100': LONG_PASSPORT }, { expectedSerial: '12345699' });
    await expect(session.describe()).rejects.toMatchObject({ code: 'meter/wrong-serial' });
  });

  test('with another firmware voids what was learned of the old one, but not the form of the password', async () => {
    const memory = {
      serial: '12345618',
      firmware: '2.1.0',
      passwordForm: 'ascii',
      profileAddressing: 'bytes',
      unsupported: ['ratios'],
    } as const;
    const { session } = connect({ '080100': LONG_PASSPORT, '0802': RATIOS }, { memory });
    await session.describe();
    expect(session.memory).toEqual({ serial: '12345618', firmware: '9.0.0', passwordForm: 'ascii', answered: ['ratios'] });
  });

  test('without a variant knows neither constant nor ring', async () => {
    const { session } = connect({ '0800': data(SERIAL), '0803': [9, 0, 0] });
    expect((await session.describe()).value).toMatchObject({
      firmware: '9.0.0',
      variantHex: null,
      constantImpPerKwh: null,
      hasProfile: null,
      ringSlots: null,
    });
  });
});

test('the clock is compared with the PC at the middle of the exchange', async () => {
  const { session } = connect({ '0400': data('05 00 12 07 22 11 26 01') });
  const { value } = await session.readClock();
  expect(value).toMatchObject({ isSummer: false, wall: { year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 5 } });
  expect(isoUtc(value.meterUtc)).toBe('2026-11-22T09:00:05Z');
  expect(value.deviationMs).toBe(4950);
});

describe('registers', () => {
  const energy = (wh: number) => [0x00, 0x00, wh & 0xff, wh >> 8, 0xff, 0xff, 0xff, 0xff, 0, 0, 1, 0, 0xff, 0xff, 0xff, 0xff];
  const CLOCK = data('00 30 12 07 22 11 26 01');

  test('of now come tariff by tariff, at the moment of the read', async () => {
    const { link, session } = connect({ '050000': energy(300), '050001': energy(100) });
    const { value, exchanges } = await session.readRegisters('now', [0, 1]);
    const at = { kind: 'now', momentUtc: Date.UTC(2026, 10, 22, 9) / 1000 };
    expect(value).toEqual([
      { ...at, tariff: 0, energy: { 'A+': 300, 'A-': null, 'R+': 1, 'R-': null } },
      { ...at, tariff: 1, energy: { 'A+': 100, 'A-': null, 'R+': 1, 'R-': null } },
    ]);
    expect(exchanges.map(({ label }) => label)).toEqual(['energy array 0 tariff 0', 'energy array 0 tariff 1']);
    expect(link.asked).toEqual(['050000', '050001']);
  });

  test.each([
    ['day-start', 0, '05C002', '2026-11-21T21:00:00Z'],
    ['day-start', 1, '05D002', '2026-11-20T21:00:00Z'],
    ['month-start', 0, '05BB02', '2026-10-31T21:00:00Z'],
    ['month-start', 1, '05BA02', '2026-09-30T21:00:00Z'],
    ['year-start', 0, '059002', '2025-12-31T21:00:00Z'],
    ['year-start', 1, '05A002', '2024-12-31T21:00:00Z'],
  ] as const)("of %s, %i periods back, belong to that boundary of the meter's own clock", async (kind, back, body, moment) => {
    const { link, session } = connect({ '0400': CLOCK, [body]: energy(7) });
    const { value } = await session.readRegisters(kind, [2], back);
    expect(link.asked).toEqual(['0400', body]);
    expect(value).toEqual([
      { kind, momentUtc: Date.parse(moment) / 1000, tariff: 2, energy: { 'A+': 7, 'A-': null, 'R+': 1, 'R-': null } },
    ]);
  });

  test('of a tariff that the meter does not keep are left out, the others stay', async () => {
    const { session } = connect({ '050000': energy(300), '050001': energy(300) });
    const { value } = await session.readRegisters('now', [0, 1, 2, 3]);
    expect(value.map(({ tariff }) => tariff)).toEqual([0, 1]);
  });

  test('that the meter lacks are unsupported', async () => {
    const { session } = connect({ '0400': CLOCK });
    await expect(session.readRegisters('year-start', [0])).rejects.toMatchObject({ code: 'meter/unsupported' });
  });

  test.each([
    ['just before midnight', '58 59 23 07 22 11 26 01'],
    ['just after midnight', '02 00 00 01 23 11 26 01'],
  ])('are not labelled with a day that is not sure: %s', async (_, clock) => {
    const { session } = connect({ '0400': data(clock), '05C000': energy(7) });
    await expect(session.readRegisters('day-start', [0])).rejects.toMatchObject({ code: 'meter/refused' });
  });

  test('whose reading lasted into the next day are not labelled either', async () => {
    const { link, session } = connect({
      '0400': data('50 59 23 07 22 11 26 01'),
      '05C000': () => {
        link.nowMs += 8000;
        return energy(7);
      },
      '05C001': energy(7),
    });
    await expect(session.readRegisters('day-start', [0, 1])).rejects.toMatchObject({ code: 'meter/refused' });
  });
});

describe('a calendar boundary', () => {
  const wall = (month: number, day: number, hour = 12, minute = 0, second = 0) => ({ year: 2026, month, day, hour, minute, second });

  test('crosses months and years backwards', () => {
    expect(boundaryOf('day-start', 1, wall(3, 1), 0)).toMatchObject({ year: 2026, month: 2, day: 28 });
    expect(boundaryOf('month-start', 1, wall(1, 15), 0)).toMatchObject({ year: 2025, month: 12, day: 1 });
  });

  test('is in doubt for five seconds on either side of midnight', () => {
    expect(boundaryOf('day-start', 0, wall(3, 2, 0, 0, 4), 0)).toBeNull();
    expect(boundaryOf('day-start', 0, wall(3, 2, 0, 0, 5), 0)).toMatchObject({ day: 2 });
    expect(boundaryOf('day-start', 0, wall(3, 2, 23, 59, 54), 0)).toMatchObject({ day: 2 });
    expect(boundaryOf('day-start', 0, wall(3, 2, 23, 59, 54), 1)).toBeNull();
  });

  test('has the season of its own date, not of today', () => {
    const basis = { offsetMin: 60, seasonBit: 'applied' } as const;
    const at = (month: number, day: number) => isoUtc(midnightUtc(wall(month, day, 0), basis));
    expect(at(1, 1)).toBe('2025-12-31T23:00:00Z');
    expect(at(3, 29)).toBe('2026-03-28T23:00:00Z');
    expect(at(3, 30)).toBe('2026-03-29T22:00:00Z');
    expect(at(7, 1)).toBe('2026-06-30T22:00:00Z');
    expect(at(10, 25)).toBe('2026-10-24T22:00:00Z');
    expect(at(10, 26)).toBe('2026-10-25T23:00:00Z');
  });
});

describe('instantaneous values', () => {
  const group = (values: number) => Array.from({ length: values }, (_, index) => [0, index + 1, 0]).flat();
  const GROUPS = {
    '081600': group(4),
    '081604': group(4),
    '081608': group(4),
    '081611': group(3),
    '081621': group(3),
    '081630': group(4),
    '081640': group(1),
  };

  test.each([78, 86, 95])('come in one exchange of %i data bytes', async (length) => {
    const { link, session } = connect({ '0816A0': Array.from<number>({ length }).fill(0) });
    const { value } = await session.readInstantaneous();
    expect(value.P).toEqual({ count: 0, scale: -2, unit: 'W' });
    expect(value).not.toHaveProperty('T');
    expect(link.asked).toEqual(['0816A0']);
  });

  test('come group by group where the block is unknown, and the block is not asked for again', async () => {
    const { link, session } = connect(GROUPS);
    const { value, exchanges } = await session.readInstantaneous();
    expect(value).toMatchObject({
      P3: { count: 4 },
      U3: { count: 3, unit: 'V' },
      I1: { count: 1, scale: -3 },
      F: { count: 1, unit: 'Hz' },
    });
    expect(exchanges).toHaveLength(7);
    await session.readInstantaneous();
    expect(link.asked.filter((body) => body === '0816A0')).toHaveLength(1);
  });

  test('of a group that the type lacks are absent, and the others are there', async () => {
    const { session } = connect({ ...GROUPS, '081604': UNSUPPORTED });
    const { value } = await session.readInstantaneous();
    expect(value).toMatchObject({ Q: null, Q1: null, Q2: null, Q3: null, S: { count: 1 } });
  });

  test('of none are unsupported', async () => {
    const { session } = connect({});
    await expect(session.readInstantaneous()).rejects.toMatchObject({ code: 'meter/unsupported' });
  });

  test('that need a higher level say so', async () => {
    const { session } = connect({ '0816A0': [3] });
    await expect(session.readInstantaneous()).rejects.toMatchObject({ code: 'session/denied', hint: expect.stringContaining('level 2') });
  });
});
