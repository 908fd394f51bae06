import { expect, test } from 'vitest';
import { StrangerWatch } from '../../../src/main/engine/stranger-watch.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const OWN = '10000001';
const OTHER = '99999999';
const START = Date.parse('2026-11-22T09:10:00Z') / 1000;

function watching() {
  const clock = new FakeClock('2026-11-22T09:10:00Z');
  const told: { readonly serial: string; readonly sinceUtc: number }[] = [];
  const watch = new StrangerWatch({ serial: OWN, clock, onStranger: (serial, sinceUtc) => told.push({ serial, sinceUtc }) });
  const hear = (serial: string, times: number) => {
    for (let time = 0; time < times; time += 1) watch.heard(serial);
  };
  return { clock, watch, told, hear };
}

test('ten answers of the same other meter in a row make it the one that stands there, since the first of them', async () => {
  const { clock, watch, told, hear } = watching();
  hear(OWN, 3);
  hear(OTHER, 9);
  await clock.advance(60_000);
  expect(watch.isSettled).toBe(false);
  expect(told).toEqual([]);
  hear(OTHER, 1);
  expect(watch.isSettled).toBe(true);
  expect(told).toEqual([{ serial: OTHER, sinceUtc: START }]);
});

test('it is told again every ten minutes while it answers, and at once when whoever was told could not keep it', async () => {
  const { clock, told, hear } = watching();
  hear(OTHER, 30);
  expect(told).toHaveLength(1);
  await clock.advance(600_000);
  hear(OTHER, 2);
  expect(told).toHaveLength(2);
  let tries = 0;
  const failing = new StrangerWatch({
    serial: OWN,
    clock,
    onStranger: () => {
      tries += 1;
      throw new Error('full');
    },
  });
  for (let time = 0; time < 9; time += 1) failing.heard(OTHER);
  expect(() => failing.heard(OTHER)).toThrow('full');
  expect(() => failing.heard(OTHER)).toThrow('full');
  expect(tries).toBe(2);
});

test('two meters that take turns are no replacement, however often one of them is the louder', async () => {
  const { clock, told, hear } = watching();
  for (let hour = 0; hour < 72; hour += 1) {
    hear(OTHER, 12);
    if (hour === 0) expect(told).toHaveLength(1);
    hear(OWN, 1);
    await clock.advance(3_600_000);
  }
  expect(told).toHaveLength(1);
});

test('once the other has been alone for a day, it stands there', async () => {
  const { clock, told, hear } = watching();
  hear(OTHER, 3);
  hear(OWN, 1);
  hear(OTHER, 12);
  await clock.advance(86_000_000);
  hear(OTHER, 3);
  expect(told).toEqual([]);
  await clock.advance(1_000_000);
  hear(OTHER, 1);
  expect(told).toHaveLength(1);
});

test('a third meter that follows is told as the second was', () => {
  const { told, hear } = watching();
  hear(OTHER, 10);
  hear('88888888', 10);
  expect(told.map(({ serial }) => serial)).toEqual([OTHER, '88888888']);
});

test('the right meter is never told of', () => {
  const { told, hear } = watching();
  hear(OWN, 100);
  expect(told).toEqual([]);
});
