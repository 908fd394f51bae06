import { expect, test } from 'vitest';
import { RingMap } from '../../../src/main/engine/ring-map.ts';
import type { ProfileHead, ProfileSlot } from '../../../src/main/drivers/driver.ts';

const HALF_HOUR = 1800;
const NEWEST = 1_000_000 * HALF_HOUR;
const RING = 256;
const head: ProfileHead = {
  newestStartUtc: NEWEST,
  periodMin: 30,
  ringSlots: RING,
  place: 10,
  hasOverflowed: null,
  isCalendar: false,
  maxBatch: 17,
  position: null,
};
const wall = { year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 0 };

const at = (halfHoursBack: number) => ({ fromUtc: NEWEST - halfHoursBack * HALF_HOUR, toUtc: NEWEST - (halfHoursBack - 1) * HALF_HOUR });
const counts = { 'A+': 1, 'A-': null, 'R+': null, 'R-': null };
const record = (slotsBack: number, halfHoursBack: number): ProfileSlot => ({
  slotsBack,
  kind: 'interval',
  isCut: false,
  stamp: wall,
  interval: { startUtc: at(halfHoursBack).fromUtc, lengthS: HALF_HOUR, counts, flags: [] },
});
const blank = (slotsBack: number): ProfileSlot => ({ slotsBack, kind: 'never-written' });

function mapOf(...slots: ProfileSlot[]): RingMap {
  const map = new RingMap();
  map.useHead(head);
  map.learn(slots, []);
  return map;
}

/** Everything behind these places is known and older, so that nothing is left to be read for a hole. */
const behind = (fromBack: number, fromHalfHours: number) =>
  Array.from({ length: 80 }, (_, index) => record(fromBack + index, fromHalfHours + index));

test('a time is looked for as far back as the head tells', () => {
  expect(mapOf().nextPlace(at(40))?.likelyBack).toBe(40);
});

test('a record that stands elsewhere moves the search by as much', () => {
  expect(mapOf(record(40, 37)).nextPlace(at(40))?.likelyBack).toBe(43);
  expect(mapOf(record(40, 44)).nextPlace(at(40))?.likelyBack).toBe(36);
});

test('an outdated place is no end of the search: it is of the lap before', () => {
  const map = mapOf(record(40, 40 + RING));
  expect(map.nextPlace(at(41))?.likelyBack).toBe(41);
  expect(map.nextPlace(at(300))?.likelyBack).toBe(RING - 1);
});

test('neighbours with time missing between them prove that the clock was set', () => {
  const map = mapOf(record(1, 1), ...behind(2, 5));
  expect(map.nextPlace(at(3))).toBeNull();
  expect(map.absenceOf(at(3))).toEqual({ reason: 'clock-changed', hole: { fromUtc: at(4).fromUtc, toUtc: at(2).toUtc } });
});

test('places that were skipped for as long prove that the meter was off', () => {
  const map = mapOf(record(1, 1), record(2, 2 + RING), record(3, 3 + RING), record(4, 4 + RING), ...behind(5, 5));
  expect(map.absenceOf(at(3)).reason).toBe('meter-off');
});

test('fewer skipped places than time prove a set clock, not an outage alone', () => {
  const map = mapOf(record(1, 1), record(2, 2 + RING), ...behind(3, 5));
  expect(map.absenceOf(at(3)).reason).toBe('clock-changed');
});

test('places that were never written prove that nothing was recorded', () => {
  const map = mapOf(record(1, 1), blank(2), blank(3), blank(4), ...behind(5, 5));
  expect(map.absenceOf(at(3)).reason).toBe('never-recorded');
});

test('nothing is proven while a place between was not read', () => {
  expect(mapOf(record(1, 1), record(2, 2 + RING), ...behind(4, 4)).nextPlace(at(2))?.likelyBack).toBe(3);
});

test('what is older than the oldest record was overwritten', () => {
  const map = mapOf(record(RING - 1, RING - 1));
  expect(map.nextPlace(at(RING + 20))).toBeNull();
  expect(map.absenceOf(at(RING + 20)).reason).toBe('overwritten');
});

test('an oldest place that was written again meanwhile is no record of the future', () => {
  const map = mapOf(record(RING - 1, -1), record(RING - 2, RING - 2));
  expect(map.recordsOf(at(-1))).toEqual([]);
  expect(map.nextPlace(at(3))?.likelyBack).toBe(3);
  expect(map.absenceOf(at(RING - 1)).reason).toBe('overwritten');
});

test('more places than time send the search on beside the time where records were added', () => {
  const map = mapOf(record(1, 1), record(20, 10));
  expect(map.nextPlace(at(12))).not.toBeNull();
  expect(map.nextPlace(at(1))).not.toBeNull();
});

test('a head that moved on by as many places as half-hours keeps what is known, and opens what is new', () => {
  const map = mapOf(...behind(0, 0));
  expect(map.useHead({ ...head, newestStartUtc: NEWEST + 2 * HALF_HOUR, place: 12 })).toEqual({
    fromUtc: at(-1).fromUtc,
    toUtc: at(-2).toUtc,
  });
  expect(map.nextPlace(at(81))?.likelyBack).toBe(83);
  expect(map.nextPlace(at(-1))?.likelyBack).toBe(1);
});

test('a head with more records than time opens as many intervals again', () => {
  const map = mapOf(...behind(0, 0));
  expect(map.useHead({ ...head, newestStartUtc: NEWEST - HALF_HOUR, place: 13 })).toEqual({ fromUtc: at(4).fromUtc, toUtc: at(1).toUtc });
  expect(map.nextPlace(at(40))?.likelyBack).toBe(39);
});

test('in a calendar each place is its time, whatever lies beside it', () => {
  const map = new RingMap();
  map.useHead({ ...head, place: null, isCalendar: true });
  expect(map.nextPlace(at(4))?.likelyBack).toBe(4);
  map.learn([blank(4)], []);
  expect(map.nextPlace(at(4))).toBeNull();
  expect(map.absenceOf(at(4))).toEqual({ reason: 'never-recorded', hole: at(4) });
  expect(map.nextPlace(at(RING))).toBeNull();
  expect(map.absenceOf(at(RING)).reason).toBe('overwritten');
});

test('parts are whole when the places beside them are known', () => {
  const part = record(5, 5);
  if (part.kind !== 'interval') throw new Error('a record is an interval');
  const cut: ProfileSlot = { ...part, isCut: true };
  expect(mapOf(cut).nextPlace(at(5))?.likelyBack).toBe(6);
  expect(mapOf(cut, record(6, 6)).nextPlace(at(5))?.likelyBack).toBe(4);
  expect(mapOf(record(4, 4), cut, record(6, 6)).nextPlace(at(5))).toBeNull();
});
