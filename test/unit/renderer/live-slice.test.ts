import { expect, test } from 'vitest';
import { createServices } from '../../../src/renderer/client/services.ts';
import { createLiveSlice } from '../../../src/renderer/features/live/slice.ts';
import { livePoint, scriptedClock, scriptedTransport, settled } from './scripted.ts';

function setUp() {
  const transport = scriptedTransport();
  const services = createServices(transport, scriptedClock());
  const store = services.slice(createLiveSlice);
  const snapshot = async (sequence: number, names: readonly string[]) => {
    const points = names.map((name, index) => livePoint(index + 1, { name }));
    transport.asked.shift()?.answer({ ok: true, data: { sequence, at: '2026-11-21T11:00:00Z', points } });
    await settled();
  };
  const event = (sequence: number, pointId: number, name: string) =>
    transport.emit({ name: 'live.changed', payload: { sequence, points: [livePoint(pointId, { name })] } });
  const names = () => store.getState().points?.map(({ name }) => name);
  return { transport, store, services, snapshot, event, names };
}

test('events change the points of the snapshot and keep their order', async () => {
  const { snapshot, event, names, store } = setUp();
  await snapshot(7, ['a', 'b']);
  event(8, 2, 'B');
  event(9, 1, 'A');
  expect(names()).toEqual(['A', 'B']);
  expect(store.getState().sequence).toBe(9);
});

test('events that arrive while the snapshot is on the way are applied to it, older ones are not', async () => {
  const { snapshot, event, names } = setUp();
  event(6, 1, 'old');
  event(7, 1, 'old too');
  event(8, 2, 'B');
  await snapshot(7, ['a', 'b']);
  expect(names()).toEqual(['a', 'B']);
});

test('after a jump in the sequence the snapshot is asked again', async () => {
  const { transport, snapshot, event, names } = setUp();
  await snapshot(7, ['a', 'b']);
  expect(transport.asked).toHaveLength(0);
  event(9, 2, 'half the truth');
  expect(transport.asked.map(({ name }) => name)).toEqual(['live.list']);
  expect(names()).toEqual(['a', 'b']);
  await snapshot(9, ['a2', 'b2']);
  expect(names()).toEqual(['a2', 'b2']);
});

test('a jump among the events kept during the snapshot asks once more', async () => {
  const { transport, snapshot, event, names } = setUp();
  event(10, 1, 'x');
  await snapshot(7, ['a']);
  expect(transport.asked).toHaveLength(1);
  await snapshot(10, ['y']);
  expect(names()).toEqual(['y']);
});

test('a new connection starts from a new snapshot', async () => {
  const { transport, snapshot, names } = setUp();
  await snapshot(7, ['a']);
  transport.connect('down');
  transport.connect('up');
  expect(transport.asked).toHaveLength(1);
  await snapshot(1, ['after the restart']);
  expect(names()).toEqual(['after the restart']);
});

test('a refused snapshot keeps the old points and names the error', async () => {
  const { transport, snapshot, store, names, event } = setUp();
  await snapshot(7, ['a']);
  event(9, 1, 'gap');
  transport.asked.shift()?.answer({ ok: false, error: { code: 'store/corrupt', message: 'inside' } });
  await settled();
  expect(names()).toEqual(['a']);
  expect(store.getState().error?.code).toBe('store/corrupt');
});

test('a first visit while the server is out of reach says so instead of an empty table', () => {
  const services = createServices(scriptedTransport('down'), scriptedClock());
  expect(services.slice(createLiveSlice).getState()).toMatchObject({ points: null, error: { code: 'api/cancelled' } });
});

test('ages follow the clock of the server, not that of the browser', () => {
  const { transport, services } = setUp();
  const status = { now: '1970-01-01T01:00:00.000Z' };
  // Only the moment matters here.
  transport.emit({ name: 'status.changed', payload: status as never });
  expect(services.serverNow()).toBe(3_600_000);
});
