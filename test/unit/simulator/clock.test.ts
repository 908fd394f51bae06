import { expect, test } from 'vitest';
import { MeterClock } from '../../../src/main/simulator/meter-clock.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { oneMeter, type OneMeter } from './meters.ts';
import { energies, hex, profileRecord } from './readers.ts';

const MINUTE = 60_000;
const clockOf = () => {
  const time = new FakeClock('2026-11-22T09:00:00Z');
  return { time, clock: new MeterClock(time, 0) };
};
const time = ({ ask, login }: OneMeter): string => {
  login();
  const [second, minute, hour, , day] = ask('04 00') ?? [];
  return hex([day ?? 0, hour ?? 0, minute ?? 0, second ?? 0]);
};

test('an undisturbed clock shows run time, and every wall time was reached when it says so', () => {
  const { clock } = clockOf();
  expect(clock.wall()).toBe(clock.run());
  expect(clock.runAt(clock.wall() + 5000)).toBe(clock.run() + 5000);
});

test('a drifting clock gains its seconds a day, evenly, and tells when it will show a time', async () => {
  const { time: pc, clock } = clockOf();
  const start = clock.run();
  clock.drift(86);
  await pc.advance(12 * 3_600_000);
  expect(clock.wall() - clock.run()).toBe(43);
  await pc.advance(12 * 3_600_000);
  expect(clock.wall() - clock.run()).toBe(86);
  const midday = start + 43_200;
  expect(clock.wall(clock.runAt(midday))).toBe(midday);
  expect(clock.wall(clock.runAt(midday) - 1)).toBeLessThan(midday);
});

test('a correction is made up one second in four, and nothing is skipped or shown twice', async () => {
  const { time: pc, clock } = clockOf();
  clock.correct(-60);
  let before = clock.wall();
  for (let second = 0; second < 300; second += 1) {
    await pc.advance(1000);
    const now = clock.wall();
    expect(now - before).toBeGreaterThanOrEqual(0);
    expect(now - before).toBeLessThanOrEqual(1);
    before = now;
  }
  expect(clock.wall() - clock.run()).toBe(-60);
  expect(clock.isCorrecting()).toBe(false);
});

test('a clock set forward reaches the times between at the leap, one set back shows them again', async () => {
  const { time: pc, clock } = clockOf();
  const now = clock.run();
  clock.set(now + 3600);
  expect(clock.runAt(now + 1800)).toBe(now);
  await pc.advance(600_000);
  clock.set(now);
  expect(clock.runAt(now + 100)).toBe(now + 700);
});

test('03 0D corrects the clock once a day, within four minutes, and flags E-47 and the records meanwhile', async () => {
  const plant = oneMeter({ family: 'm234' }, { at: '2026-11-22T08:58:00Z' });
  const { ask, login, clock } = plant;
  login();
  expect(ask('03 0D 00 05 12')).toEqual([1]);
  expect(ask('03 0D 60 00 12')).toEqual([1]);
  expect(ask('03 0D 00 00 12')).toEqual([0]);
  expect(hex(ask('08 0A') ?? [])).toBe('00 40 00 00 00 00');
  expect(ask('03 0D 00 00 12')).toEqual([4]);
  await clock.advance(2 * MINUTE);
  // The record of 12:00 was closed while the clock was slewing.
  const number = (login(), ask('08 13')?.slice(0, 2) ?? []);
  const read = profileRecord(
    ask(`06 03 ${hex([(number[0] ?? 0) * 16 + ((number[1] ?? 0) >> 4), ((number[1] ?? 0) << 4) & 0xff])} 0F`) ?? [],
  );
  expect(read).toMatchObject({ stamp: '2026-11-22 12:00' });
  expect((read?.status ?? 0) & 0x02).toBe(2);
  await clock.advance(6 * MINUTE);
  expect(time(plant)).toBe('22 12 08 00');
  expect(hex(ask('08 0A') ?? [])).toBe('00 00 00 00 00 00');
  expect(hex(ask('04 02 00') ?? [])).toBe('00 58 11 22 11 26 00 00 12 22 11 26');
  await clock.advance(12 * 60 * MINUTE);
  login();
  expect(ask('03 0D 00 09 00')).toEqual([0]);
});

test('03 0C sets the clock at level 2 alone, and breaks the order of the profile', async () => {
  const plant = oneMeter({ family: 'm234' }, { at: '2026-11-22T09:10:00Z' });
  const { ask, login, clock, meter } = plant;
  login();
  const set = '03 0C 00 20 13 07 22 11 26 01';
  expect(ask(set)).toEqual([3]);
  login(2);
  expect(ask('03 0C 00 61 13 07 22 11 26 01')).toEqual([1]);
  const before = energies(ask('05 00 00') ?? []);
  expect(ask(set)).toEqual([0]);
  expect(time(plant)).toBe('22 13 20 00');
  expect(energies(ask('05 00 00') ?? [])).toEqual(before);
  await clock.advance(10 * MINUTE);
  login();
  const stamps = [240, 241, 242].map((number) => profileRecord(ask(`06 03 ${hex([number >> 4, (number << 4) & 0xff])} 0F`) ?? [])?.stamp);
  // Closed by the old clock at 12:10; the next record is of another hour, though it follows at once.
  expect(stamps).toEqual(['2026-11-22 12:00', '2026-11-22 12:10', '2026-11-22 13:30']);
  expect(hex(ask('04 02 FF') ?? [])).toBe('00 10 12 22 11 26 00 20 13 22 11 26 00');
  expect(meter.events.map(({ kind }) => kind)).toContain('clock-set');
});

test('a clock set back brings the same half-hour a second time', async () => {
  const { ask, login, clock, meter } = oneMeter({ family: 'm230' });
  await clock.advance(40 * MINUTE);
  meter.setClock(meter.wall() - 30 * 60);
  await clock.advance(60 * MINUTE);
  login();
  const stamps = [241, 242, 243, 244].map((number) =>
    profileRecord(ask(`06 03 ${hex([number >> 4, (number << 4) & 0xff])} 0F`) ?? [])?.stamp.slice(11),
  );
  expect(stamps).toEqual(['12:30', '12:40', '12:30', '13:00']);
  const half = Date.parse('2026-11-22T12:00:00Z') / 1000;
  const whole = meter.ledger.between(half, half + 1800);
  // Half past twelve was counted twice: the meter holds both, and only their sum is to be had.
  expect(meter.held(half)?.[0]).toBeGreaterThan(whole[0]);
});

test('a stale season bit says summer, in the clock and in every record, and the clock stays', () => {
  const { ask, login } = oneMeter({ family: 'm230', season: 'stale' });
  login();
  expect(hex(ask('04 00') ?? [])).toBe('00 00 12 07 22 11 26 00');
  expect(hex(ask('08 09') ?? [])).toBe('00 08');
  expect((ask('08 13')?.[2] ?? 0xff) & 0x08).toBe(0);
});
