import { beforeEach, expect, test } from 'vitest';
import type { Gap } from '../../../src/shared/domain/gap.ts';
import { MeterLedger } from '../../../src/main/engine/ledger.ts';
import { ProfileReader } from '../../../src/main/engine/profile-reader.ts';
import type { MeterSession, ProfileHead, ProfileSlot } from '../../../src/main/drivers/driver.ts';

const HALF_HOUR = 1800;
const NEWEST = 1_000_000 * HALF_HOUR;
const head: ProfileHead = {
  newestStartUtc: NEWEST,
  periodMin: 30,
  ringSlots: 256,
  place: 10,
  hasOverflowed: null,
  isCalendar: false,
  maxBatch: 17,
  position: null,
};
const window = { fromUtc: NEWEST - 9 * HALF_HOUR, toUtc: NEWEST + HALF_HOUR };

let ledger: MeterLedger;
let nowUtc: number;
let reader: ProfileReader;
let gaps: Omit<Gap, 'meterId'>[];

beforeEach(() => {
  ledger = new MeterLedger();
  ledger.open(window, []);
  nowUtc = NEWEST + HALF_HOUR + 5;
  gaps = [];
  const save = (batch: { gaps?: readonly Omit<Gap, 'meterId'>[] }) => void gaps.push(...(batch.gaps ?? []));
  reader = new ProfileReader({ ledger, nowUtc: () => nowUtc, save });
});

const next = () => ledger.next(nowUtc, HALF_HOUR, () => null)?.range;
const sessionOf = (slot: (slotsBack: number) => ProfileSlot) =>
  ({
    readProfile: (_head: ProfileHead, slotsBack: number, count: number) =>
      Promise.resolve({ value: Array.from({ length: count }, (_, index) => slot(slotsBack + count - 1 - index)), exchanges: [] }),
  }) as unknown as MeterSession;
const damaged = sessionOf((slotsBack) => ({ slotsBack, kind: 'implausible', why: 'month 13', hex: '0A' }));

test('an empty ring proves that nothing was recorded', async () => {
  reader.useHead({ ...head, newestStartUtc: null, place: null });
  await reader.read(damaged, window);
  expect(gaps).toMatchObject([{ ...window, reason: 'never-recorded', state: 'proven-absent' }]);
  expect(next()).toBeUndefined();
});

test('bytes that make no sense prove nothing: two tries, then others first, and an hour later again', async () => {
  reader.useHead(head);
  await reader.read(damaged, next() ?? window);
  expect(next()?.toUtc).toBe(window.toUtc);
  await reader.read(damaged, next() ?? window);
  expect(next()?.toUtc).toBe(window.toUtc - HALF_HOUR);
  expect(gaps).toEqual([]);
  expect(ledger.openRanges).toEqual([window]);
  nowUtc += 3601;
  expect(next()?.toUtc).toBe(window.toUtc);
});

test('a lost session forgets where the head stands, not what the ring holds', async () => {
  const counts = { 'A+': 1, 'A-': null, 'R+': null, 'R-': null };
  const stamp = { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
  let newestUtc = NEWEST;
  let reads = 0;
  const whole = sessionOf((slotsBack) => {
    reads += 1;
    const interval = { startUtc: newestUtc - slotsBack * HALF_HOUR, lengthS: HALF_HOUR, counts, flags: [] };
    return { slotsBack, kind: 'interval', isCut: false, stamp, interval };
  });
  reader.useHead(head);
  for (let read = 0; read < 2; read += 1) await reader.read(whole, next() ?? window);
  expect(ledger.isComplete).toBe(true);
  reader.forgetHead();
  expect(reader.head).toBeNull();
  await reader.read(whole, window);
  expect(reads).toBe(10);
  newestUtc += HALF_HOUR;
  reader.useHead({ ...head, newestStartUtc: newestUtc, place: 11 });
  // An old record that is asked for again is found where it has moved to, by one read.
  ledger.ask({ fromUtc: window.fromUtc, toUtc: window.fromUtc + HALF_HOUR });
  await reader.read(whole, { fromUtc: window.fromUtc, toUtc: window.fromUtc + HALF_HOUR });
  expect([reads, ledger.isComplete]).toEqual([11, true]);
});

test('a search that finds nothing in six reads lets the newer intervals have their turn', async () => {
  reader.useHead(head);
  const blank = sessionOf((slotsBack) => ({ slotsBack, kind: 'never-written' }));
  const urgent = { fromUtc: window.fromUtc, toUtc: window.fromUtc + HALF_HOUR };
  const isUrgent = () => ledger.next(nowUtc, HALF_HOUR, (start) => start + 20 * HALF_HOUR)?.isUrgent;
  for (let read = 0; read < 5; read += 1) await reader.read(blank, urgent, true);
  expect(ledger.next(nowUtc, HALF_HOUR, (start) => start + 20 * HALF_HOUR)?.range.fromUtc).toBe(urgent.fromUtc);
  await reader.read(blank, urgent, true);
  expect(isUrgent()).toBe(true);
  expect(ledger.next(nowUtc, HALF_HOUR, (start) => start + 20 * HALF_HOUR)?.range.fromUtc).toBe(urgent.toUtc);
});

test('what the meter has not closed yet is asked for a little later, without an exchange', async () => {
  reader.useHead({ ...head, newestStartUtc: NEWEST - 2 * HALF_HOUR });
  const silent = {
    readProfile: () => Promise.reject(new Error('nothing is to be read')),
  } as unknown as MeterSession;
  await reader.read(silent, window);
  expect(next()?.toUtc).toBe(window.toUtc - 2 * HALF_HOUR);
  nowUtc += 21;
  expect(next()?.toUtc).toBe(window.toUtc);
});
