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
