import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openStoreReader } from '../../../src/main/store/store.ts';
import type { MeterFacts } from '../../../src/shared/domain/meter.ts';
import { INSTANTANEOUS_KEYS, type InstantaneousValues, UNITS } from '../../../src/shared/domain/quantity.ts';
import { REGISTER_KINDS, type RegisterKind, type RegisterReading } from '../../../src/shared/domain/register.ts';
import { MIDNIGHT, stored, storeWithMeters } from './support.ts';

const energy = z.number().int().nonnegative().nullable();
const register = z.strictObject({
  kind: z.enum(REGISTER_KINDS),
  momentUtc: z.number().int(),
  tariff: z.number().int(),
  energy: z.strictObject({ 'A+': energy, 'A-': energy, 'R+': energy, 'R-': energy }),
  meterId: z.number().int(),
});
const quantity = z.strictObject({ count: z.number().int(), scale: z.number().int(), unit: z.enum(UNITS) });
const sample = z.strictObject({ atUtc: z.number().int(), values: z.partialRecord(z.enum(INSTANTANEOUS_KEYS), quantity.nullable()) });

function reading(kind: RegisterKind, momentUtc: number, tariff: number, wh: number): RegisterReading {
  return { kind, momentUtc, tariff, energy: { 'A+': wh, 'A-': null, 'R+': 0, 'R-': null } };
}

describe('registers', () => {
  test('are listed by meter, moment, kind and tariff', async () => {
    const { store } = storeWithMeters();
    const later = MIDNIGHT + 3600;
    await stored(
      store,
      { meterId: 2, atUtc: later, registers: [reading('now', MIDNIGHT, 0, 9)] },
      {
        meterId: 1,
        atUtc: later,
        registers: [
          reading('month-start', MIDNIGHT, 0, 5_000_000_000),
          reading('now', later, 1, 3),
          reading('now', later, 0, 4),
          reading('now', MIDNIGHT, 0, 1),
          reading('day-start', MIDNIGHT, 0, 2),
        ],
      },
    );
    const list = store.registers.list([2, 1, 2]);
    expect(z.array(register).parse(list)).toEqual(list);
    expect(list.map(({ meterId, kind, tariff, energy: { 'A+': wh } }) => [meterId, kind, tariff, wh])).toEqual([
      [1, 'now', 0, 1],
      [1, 'day-start', 0, 2],
      [1, 'month-start', 0, 5_000_000_000],
      [1, 'now', 0, 4],
      [1, 'now', 1, 3],
      [2, 'now', 0, 9],
    ]);
    expect(store.registers.list([1], { fromUtc: later, toUtc: later + 1 })).toHaveLength(2);
  });

  test('the same moment again takes the new figures', async () => {
    const { store } = storeWithMeters(1);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, registers: [reading('day-start', MIDNIGHT, 0, 1)] });
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, registers: [reading('day-start', MIDNIGHT, 0, 2)] });
    expect(store.registers.list([1]).map((row) => row.energy['A+'])).toEqual([2]);
  });

  test('the latest are the last of each kind and tariff, though tariffs are read seconds apart', async () => {
    const { store } = storeWithMeters(1);
    const hour = MIDNIGHT + 3600;
    const registers = [
      reading('now', MIDNIGHT, 0, 1),
      reading('now', MIDNIGHT, 1, 1),
      reading('now', hour, 0, 2),
      reading('now', hour + 2, 1, 3),
      reading('now', hour + 60, 0, 4),
      reading('day-start', MIDNIGHT, 0, 5),
    ];
    await stored(store, { meterId: 1, atUtc: hour, registers });
    expect(store.registers.latest(1)).toEqual([registers[4], registers[3], registers[5]]);
    expect(store.registers.latest(2)).toEqual([]);
  });
});

describe('samples', () => {
  const values = (count: number): InstantaneousValues => ({
    P: { count, scale: -2, unit: 'W' },
    U1: { count: 0, scale: -2, unit: 'V' },
    cos: null,
  });

  test('a later read of the same minute replaces the earlier one', async () => {
    const { store } = storeWithMeters(1);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT + 3, sample: values(1) }, { meterId: 1, atUtc: MIDNIGHT + 59, sample: values(-2) });
    await stored(store, { meterId: 1, atUtc: MIDNIGHT + 60, sample: values(3) });
    const list = store.samples.range(1, MIDNIGHT, MIDNIGHT + 120);
    expect(z.array(sample).parse(list)).toEqual(list);
    expect(list).toEqual([
      { atUtc: MIDNIGHT + 59, values: values(-2) },
      { atUtc: MIDNIGHT + 60, values: values(3) },
    ]);
  });

  test('the last one of each meter is found, by the writer at once and by a reader beside it', async () => {
    const { store, folder } = storeWithMeters(3);
    expect(store.samples.last(1)).toBeNull();
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, sample: values(1) });
    for (let minute = 1; minute < 40; minute += 1)
      await stored(store, { meterId: 2, atUtc: MIDNIGHT + minute * 60, sample: values(minute) });
    const expected = new Map([
      [1, { atUtc: MIDNIGHT, values: values(1) }],
      [2, { atUtc: MIDNIGHT + 39 * 60, values: values(39) }],
    ]);
    expect(store.samples.lastAll()).toEqual(expected);
    const reader = openStoreReader({ folder });
    expect(reader.samples.lastAll()).toEqual(expected);
    expect(reader.samples.last(3)).toBeNull();
    await stored(store, { meterId: 1, atUtc: MIDNIGHT + 7200, sample: values(8) });
    expect(store.samples.last(1)).toEqual(reader.samples.last(1));
    reader.close();
  });
});

describe('clocks and facts', () => {
  test('the last deviation of each clock is told', async () => {
    const { store } = storeWithMeters();
    expect(store.clocks.last(1)).toBeNull();
    await stored(
      store,
      { meterId: 1, atUtc: MIDNIGHT, clock: { atUtc: MIDNIGHT, deviationMs: 5 } },
      { meterId: 1, atUtc: MIDNIGHT, clock: { atUtc: MIDNIGHT + 9, deviationMs: -1234.4 } },
      { meterId: 2, atUtc: MIDNIGHT, clock: { atUtc: MIDNIGHT + 10, deviationMs: 0 } },
    );
    expect(store.clocks.last(1)).toEqual({ atUtc: MIDNIGHT + 9, deviationMs: -1234 });
    expect(store.clocks.last(2)).toEqual({ atUtc: MIDNIGHT + 10, deviationMs: 0 });
  });

  test('facts become those of the meter, absent ones included', async () => {
    const { store } = storeWithMeters(1);
    const facts: MeterFacts = {
      firmware: '7.2.1',
      manufactured: '2013-02-05',
      constantImpPerKwh: 1000,
      profilePeriodMin: 30,
      hasProfile: true,
      ringSlots: 4080,
      variantHex: 'B4E3C2',
      memory: { passwordForm: 'ascii', unsupported: ['temperature'] },
    };
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, facts });
    expect(store.plant.load().meters[0]?.facts).toEqual(facts);
    await stored(store, { meterId: 1, atUtc: MIDNIGHT, facts: { ...facts, hasProfile: false, ringSlots: null, memory: {} } });
    expect(store.plant.load().meters[0]?.facts).toEqual({ ...facts, hasProfile: false, ringSlots: null, memory: {} });
  });
});
