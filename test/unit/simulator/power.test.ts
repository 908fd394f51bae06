import { expect, test } from 'vitest';
import { CHANNELS } from '../../../src/shared/domain/channel.ts';
import { oneMeter, type OneMeter } from './meters.ts';
import { energies, hex, profileRecord, type ProfileRecord } from './readers.ts';

const INCOMPLETE = 0x02;
const MINUTE = 60_000;

/** The record at a place of the ring, by its number; five days of history are 240 records. */
const record = ({ ask, login }: OneMeter, number: number): ProfileRecord | null => {
  login();
  return profileRecord(ask(`06 03 ${hex([number >> 4, (number << 4) & 0xff])} 0F`) ?? []);
};
const last = ({ ask, login }: OneMeter): number => {
  login();
  const [high = 0, low = 0] = ask('08 13') ?? [];
  return high * 256 + low;
};
/** Takes the supply away at 12:00 + `fromMin` and brings it back at 12:00 + `toMin`. */
async function outage(plant: OneMeter, fromMin: number, toMin: number): Promise<void> {
  const { clock, meter } = plant;
  await clock.advance(fromMin * MINUTE);
  meter.cutSupply();
  await clock.advance((toMin - fromMin) * MINUTE);
  meter.restoreSupply();
}

test('a record that the cut closes has odd minutes and the incomplete flag, and so has the one after it', async () => {
  const plant = oneMeter({ family: 'm234' });
  await outage(plant, 17, 42);
  await plant.clock.advance(60 * MINUTE);
  expect(last(plant)).toBe(243);
  expect([241, 242, 243].map((number) => record(plant, number)?.stamp)).toEqual([
    '2026-11-22 12:17',
    '2026-11-22 13:00',
    '2026-11-22 13:30',
  ]);
  expect([240, 241, 242, 243].map((number) => (record(plant, number)?.status ?? 0) & INCOMPLETE)).toEqual([0, 2, 2, 0]);
});

test('during an outage the pointer goes on and the skipped places keep what they held: nothing at first, one ring ago later', async () => {
  const fresh = oneMeter({ family: 'm230' });
  await outage(fresh, 10, 130);
  await fresh.clock.advance(20 * MINUTE);
  const [high = 0, low = 0] = (fresh.login(), fresh.ask('08 13') ?? []);
  // Records 242, 243 and 244 are missing, 245 ends at 14:30; this family gives byte addresses.
  expect((high * 256 + low) / 16).toBe(245);
  expect([241, 242, 244, 245].map((number) => record(fresh, number)?.stamp)).toEqual([
    '2026-11-22 12:10',
    undefined,
    undefined,
    '2026-11-22 14:30',
  ]);
  // 4096 places are overwritten after 85 days: where nothing came, the record of one ring ago is still there.
  const wrapped = oneMeter({ family: 'm230' }, { historyDays: 90 });
  await outage(wrapped, 10, 130);
  await wrapped.clock.advance(20 * MINUTE);
  const ago = new Date(Date.parse('2026-11-22T13:00:00Z') - 4096 * 30 * MINUTE).toISOString().slice(0, 16).replace('T', ' ');
  expect(record(wrapped, 90 * 48 + 2 - 4096)?.stamp).toBe(ago);
});

test('two cuts within one half-hour leave three records of it, and their sum is what was counted', async () => {
  const plant = oneMeter({ family: 'm236', load: 'serverRoom' });
  await outage(plant, 5, 7);
  await outage(plant, 4, 6);
  await plant.clock.advance(30 * MINUTE);
  expect([241, 242, 243].map((number) => record(plant, number)?.stamp)).toEqual([
    '2026-11-22 12:05',
    '2026-11-22 12:11',
    '2026-11-22 12:30',
  ]);
  const parts = [241, 242, 243].map((number) => record(plant, number)?.counts[0] ?? Number.NaN);
  const slot = Date.parse('2026-11-22T12:00:00Z') / 1_800_000;
  expect(parts.reduce((sum, count) => sum + count)).toBe(plant.meter.ledger.slot(slot)[0]);
  // 26 of 30 minutes had supply.
  expect(plant.meter.ledger.slot(slot)[0]).toBe(Math.floor(((plant.meter.ledger.fullSlot(slot)[0] ?? 0) * 26) / 30));
});

test('without supply a meter hears nothing, counts nothing and forgets its channel', async () => {
  const { meter, ask, login, clock } = oneMeter({ family: 'm234', load: 'serverRoom' });
  login();
  const before = energies(ask('05 00 00') ?? []);
  meter.cutSupply();
  expect(meter.hears(Uint8Array.of(meter.address, 0, 0, 0))).toBe(false);
  await clock.advance(3 * 60 * MINUTE);
  meter.restoreSupply();
  expect(meter.hears(Uint8Array.of(meter.address, 0, 0, 0))).toBe(true);
  expect(ask('08 05')).toEqual([5]);
  login();
  expect(energies(ask('05 00 00') ?? [])).toEqual(before);
  await clock.advance(30 * MINUTE);
  login();
  expect(energies(ask('05 00 00') ?? [])[0]).toBeGreaterThan(before[0] ?? 0);
});

test('a day with an outage agrees with its start-of-day registers', async () => {
  const plant = oneMeter({ family: 'm234', isTwoWay: true });
  await outage(plant, 47, 47 + 190);
  await plant.clock.advance(13 * 60 * MINUTE);
  plant.login();
  const [today, yesterday] = ['05 C0 00', '05 D0 00'].map((body) => energies(plant.ask(body) ?? []));
  const sums = CHANNELS.map(() => 0);
  // 22.11. begins after record 216.
  for (let number = 217; number <= last(plant); number += 1) {
    const read = record(plant, number);
    if (read === null || read.stamp > '2026-11-23 00:00' || read.stamp <= '2026-11-22 00:00') continue;
    read.counts.forEach((count, channel) => {
      sums[channel] = (sums[channel] ?? 0) + (count ?? 0);
    });
  }
  CHANNELS.forEach((_, channel) => {
    const grown = (today?.[channel] ?? 0) - (yesterday?.[channel] ?? 0);
    expect(Math.abs(grown - ((sums[channel] ?? 0) * 500) / plant.meter.spec.connection.constant)).toBeLessThan(1);
  });
});

test('an outage of the layout happened before the start: journal, profile and registers know it', () => {
  const plant = oneMeter({ family: 'm230', load: 'standby' });
  const { meter, ask, login } = plant;
  // 1210 minutes before 12:00 of 22.11.: from 15:50 to 17:25 of the day before.
  login();
  expect(hex(ask('04 01 00') ?? [])).toBe('00 00 12 17 11 26 00 50 15 21 11 26');
  expect(hex(ask('04 01 01') ?? [])).toBe('00 25 17 21 11 26 00 00 00 00 00 00');
  // Record 199 ends at 15:30 of that day.
  expect([199, 200, 201, 202, 203, 204].map((number) => record(plant, number)?.stamp.slice(11))).toEqual([
    '15:30',
    '15:50',
    undefined,
    undefined,
    '17:30',
    '18:00',
  ]);
  const at = Date.parse('2026-11-21T16:00:00Z') / 1000;
  expect(meter.ledger.registers(at, 0)).toEqual(meter.ledger.registers(at + 3600, 0));
});
