import { expect, test } from 'vitest';
import { createServices } from '../../../src/renderer/client/services.ts';
import { createTreeSlice } from '../../../src/renderer/features/points/slice.ts';
import { createWhySlice } from '../../../src/renderer/features/consumption/slice.ts';
import { repeat } from '../../../src/renderer/client/clock.ts';
import { scriptedClock, scriptedTransport, settled } from './scripted.ts';

function setUp() {
  const transport = scriptedTransport();
  return { transport, services: createServices(transport, scriptedClock()) };
}

test('of two questions on the way the later one wins, whichever answer comes last', async () => {
  const { transport, services } = setUp();
  const store = services.slice(createWhySlice);
  const ask = (pointCode: string) => void store.getState().load({ pointCode, at: '2026-11-21T11:00:00Z' });
  ask('first');
  ask('second');
  transport.asked[1]?.answer({ ok: true, data: { point_code: 'second' } });
  await settled();
  transport.asked[0]?.answer({ ok: true, data: { point_code: 'first' } });
  await settled();
  expect(store.getState()).toMatchObject({ data: { point_code: 'second' }, params: { pointCode: 'second' }, isLoading: false });
});

test('old data stay while new are asked and when that fails', async () => {
  const { transport, services } = setUp();
  const store = services.slice(createTreeSlice);
  void store.getState().load({});
  transport.asked[0]?.answer({ ok: true, data: [{ id: 1, name: 'ТП-1', points: [] }] });
  await settled();
  void store.getState().load({});
  expect(store.getState()).toMatchObject({ isLoading: true, data: [{ id: 1 }] });
  transport.asked[1]?.answer({ ok: false, error: { code: 'line/lost', message: 'inside', hint: 'look', details: { line: 'COM4' } } });
  await settled();
  const { data, error } = store.getState();
  expect(data).toMatchObject([{ id: 1 }]);
  expect(error).toMatchObject({ code: 'line/lost', hint: 'look', context: { line: 'COM4' } });
});

test('a slice is made once', () => {
  const { services } = setUp();
  expect(services.slice(createTreeSlice)).toBe(services.slice(createTreeSlice));
});

test('a repeated task runs at every term until it is stopped', () => {
  const clock = scriptedClock();
  let runs = 0;
  const stop = repeat(clock, 1000, () => {
    runs += 1;
  });
  clock.advance(3500);
  expect(runs).toBe(3);
  stop();
  clock.advance(5000);
  expect(runs).toBe(3);
});
