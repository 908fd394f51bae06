import { describe, expect, test } from 'vitest';
import { MeterLedger } from '../../../src/main/engine/ledger.ts';

const HALF_HOUR = 1800;
const DAY = 86_400;
const range = (fromUtc: number, toUtc: number) => ({ fromUtc, toUtc });
const noDeadline = () => null;

test('everything in the window that is not stored is open', () => {
  const ledger = new MeterLedger();
  ledger.open(range(0, DAY), [range(3600, 7200)]);
  expect(ledger.openRanges).toEqual([range(0, 3600), range(7200, DAY)]);
  expect(ledger.isComplete).toBe(false);
});

test('a ledger that was never opened is not complete', () => {
  expect(new MeterLedger().isComplete).toBe(false);
});

test('the newest interval is read first, so that yesterday is complete before last month', () => {
  const ledger = new MeterLedger();
  ledger.open(range(0, 30 * DAY), [range(10 * DAY, 11 * DAY)]);
  expect(ledger.next(30 * DAY, HALF_HOUR, noDeadline)?.range).toEqual(range(11 * DAY, 30 * DAY));
});

test('what the ring is about to overwrite goes before the newest', () => {
  const ledger = new MeterLedger();
  ledger.open(range(0, 30 * DAY), []);
  const next = ledger.next(30 * DAY, HALF_HOUR, (start) => start + 31 * DAY);
  expect(next?.isUrgent).toBe(true);
  expect(next?.range).toEqual(range(0, 17 * HALF_HOUR));
  expect(next?.deadlineUtc).toBe(31 * DAY);
});

test('what is about to be overwritten and was not found waits for its turn, the next one does not', () => {
  const ledger = new MeterLedger();
  const now = 1_000_000 * 1800;
  ledger.open({ fromUtc: now - 100 * 1800, toUtc: now }, []);
  const deadlineOf = (start: number) => start + 101 * 1800;
  const next = () => ledger.next(now, 1800, deadlineOf);
  expect(next()).toMatchObject({ isUrgent: true, range: { fromUtc: now - 100 * 1800 } });
  ledger.calmDown({ fromUtc: now - 100 * 1800, toUtc: now - 83 * 1800 }, 1800);
  expect(next()).toMatchObject({ isUrgent: true, range: { fromUtc: now - 83 * 1800 } });
  ledger.calmDown({ fromUtc: now - 83 * 1800, toUtc: now }, 1800);
  expect(next()).toMatchObject({ isUrgent: false, range: { toUtc: now } });
  expect(ledger.openRanges).toHaveLength(1);
});

test('an interval that is postponed is passed over until its moment', () => {
  const ledger = new MeterLedger();
  ledger.open(range(0, 3 * HALF_HOUR), []);
  ledger.postpone(2 * HALF_HOUR, 10_000);
  expect(ledger.next(9_999, HALF_HOUR, noDeadline)?.range).toEqual(range(0, 2 * HALF_HOUR));
  expect(ledger.next(10_000, HALF_HOUR, noDeadline)?.range).toEqual(range(0, 3 * HALF_HOUR));
});

test('an interval that was closed on the strength of a batch opens again when the store refused it', () => {
  const ledger = new MeterLedger();
  ledger.open(range(0, 4 * HALF_HOUR), []);
  ledger.close([range(HALF_HOUR, 3 * HALF_HOUR)]);
  expect(ledger.openRanges).toEqual([range(0, HALF_HOUR), range(3 * HALF_HOUR, 4 * HALF_HOUR)]);
  ledger.reopen([range(HALF_HOUR, 3 * HALF_HOUR)]);
  expect(ledger.openRanges).toEqual([range(0, 4 * HALF_HOUR)]);
});

test('time passing adds what has ended and nothing twice', () => {
  const ledger = new MeterLedger();
  ledger.open(range(0, HALF_HOUR), [range(0, HALF_HOUR)]);
  expect(ledger.extendTo(3 * HALF_HOUR)).toBe(true);
  expect(ledger.extendTo(3 * HALF_HOUR)).toBe(false);
  expect(ledger.openRanges).toEqual([range(HALF_HOUR, 3 * HALF_HOUR)]);
});

test('rows of the ledger carry the reason, the tries and the moment of the overwriting', () => {
  const ledger = new MeterLedger();
  ledger.open(range(0, HALF_HOUR), []);
  expect(ledger.blame('silent', 500, true)).toBe(true);
  expect(ledger.blame('silent', 900, true)).toBe(false);
  expect(ledger.rows(900, 960, (start) => start + DAY)).toEqual([
    { fromUtc: 0, toUtc: HALF_HOUR, reason: 'silent', sinceUtc: 500, tries: 2, nextTryUtc: 960, deadlineUtc: DAY, state: 'open' },
  ]);
});

describe('a period that a person wants read again', () => {
  const period = { fromUtc: 3600, toUtc: 7200 };

  test('is open although it is stored, and stays so when the window is worked out anew', () => {
    const ledger = new MeterLedger();
    const window = { fromUtc: 0, toUtc: 18_000 };
    ledger.open(window, [window]);
    ledger.ask(period);
    expect(ledger.openRanges).toEqual([period]);
    ledger.open(window, [window]);
    expect(ledger.openRanges).toEqual([period]);
    ledger.close([{ fromUtc: 3600, toUtc: 5400 }]);
    ledger.open(window, [window]);
    expect(ledger.openIn(window)).toEqual([{ fromUtc: 5400, toUtc: 7200 }]);
    ledger.close([period]);
    expect(ledger.isComplete).toBe(true);
  });

  test('waits for the window, and what lies before it is left out', () => {
    const ledger = new MeterLedger();
    ledger.ask(period);
    expect(ledger.openIn(period)).toEqual([period]);
    ledger.open({ fromUtc: 5400, toUtc: 9000 }, [{ fromUtc: 5400, toUtc: 9000 }]);
    expect(ledger.openIn(period)).toEqual([{ fromUtc: 5400, toUtc: 7200 }]);
  });
});
