import { beforeEach, expect, test } from 'vitest';
import { PastDaysReader } from '../../../src/main/engine/past-days-reader.ts';
import type { MeterSession } from '../../../src/main/drivers/driver.ts';
import { AppError } from '../../../src/shared/api/errors.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const DAY = 86_400;
/** 22 November 2026 by the meter, three hours ahead of UTC. */
const TODAY = Date.parse('2026-11-22T00:00:00Z') / 1000 / DAY;
const basis = { offsetMin: 180, seasonBit: 'ignored' as const };
let clock: FakeClock;
let asked: number[];
let saved: number[];
let known: number[];
let refusesBefore: number;
let reader: PastDaysReader;

const session = {
  readPastDayStart: (day: number) => {
    asked.push(day);
    if (day < refusesBefore) return Promise.reject(new AppError('meter/unsupported', 'no such day'));
    const energy = { 'A+': day, 'A-': null, 'R+': null, 'R-': null };
    const held = { kind: 'day-start' as const, momentUtc: day * DAY - 3 * 3600, tariff: 0, energy };
    return Promise.resolve({ value: day % 2 === 0 ? [held] : [], exchanges: [] });
  },
} as unknown as MeterSession;

beforeEach(() => {
  clock = new FakeClock('2026-11-22T09:10:00Z');
  [asked, saved, known, refusesBefore] = [[], [], [], 0];
  reader = new PastDaysReader({
    clock,
    isWanted: true,
    basis,
    known: () => known,
    save: ({ registers = [] }) => saved.push(...registers.map(({ momentUtc }) => momentUtc)),
  });
});

async function round(): Promise<void> {
  for (let step = 0; step < 100 && reader.dueAt <= clock.monotonic(); step += 1) await reader.read(() => Promise.resolve(session));
}

test('a day a step, the newest first, from before yesterday to forty days back', async () => {
  await round();
  expect(asked).toEqual(Array.from({ length: 39 }, (_, index) => TODAY - 2 - index));
  expect(saved).toEqual(asked.filter((day) => day % 2 === 0).map((day) => day * DAY - 3 * 3600));
});

test('days that are stored are not asked for, and the rest once a day', async () => {
  known = Array.from({ length: 40 }, (_, index) => (TODAY - 3 - index) * DAY - 3 * 3600);
  await round();
  expect(asked).toEqual([TODAY - 2]);
  await round();
  expect(asked).toHaveLength(1);
  await clock.advance(DAY * 1000);
  await round();
  expect(asked).toEqual([TODAY - 2, TODAY - 1, TODAY - 2]);
});

test('a refusal ends the round: older days are kept no better', async () => {
  refusesBefore = TODAY - 5;
  await round();
  expect(asked).toEqual([TODAY - 2, TODAY - 3, TODAY - 4, TODAY - 5, TODAY - 6]);
});

test('silence is the business of who asks, and the same day is asked for again', async () => {
  const silent = () => Promise.reject(new AppError('transport/timeout', 'no answer'));
  await expect(reader.read(silent)).rejects.toMatchObject({ code: 'transport/timeout' });
  await reader.read(() => Promise.resolve(session));
  expect(asked).toEqual([TODAY - 2]);
});

test('a poll reads none', () => {
  const deps = { clock, isWanted: false, basis, known: () => known, save: () => undefined };
  expect(new PastDaysReader(deps).dueAt).toBe(Number.POSITIVE_INFINITY);
});
