import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import type { Fault } from '../../../src/main/simulator/faults.ts';
import { createPlant, type Plant, type PlantOptions } from '../../../src/main/simulator/plant.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { LINE, SERIAL_READ, serialOf } from '../../unit/simulator/lines.ts';
import { dataOf, hex, request } from '../../unit/simulator/readers.ts';
import { RawClient } from './client.ts';

const started: { plant: Plant; clients: RawClient[] }[] = [];

async function start(faults: readonly Fault[] = [], options: Partial<PlantOptions> = {}) {
  const clock = new FakeClock('2026-11-22T09:10:00Z');
  const plant = createPlant({ clock, historyDays: 0, hasWireTime: false, latencyMs: [20, 20], faults, ...options });
  await plant.start();
  const clients: RawClient[] = [];
  started.push({ plant, clients });
  const client = async () => {
    const opened = await RawClient.open(plant.lines[0]?.port ?? 0);
    opened.socket.on('error', () => {});
    clients.push(opened);
    return opened;
  };
  const [meter] = plant.truth.meters;
  if (meter === undefined) throw new Error('the plant has no meter');
  /** Sends a request and waits until the gateway has it. */
  const send = async (raw: RawClient, bytes: Uint8Array) => {
    raw.segments.length = 0;
    raw.socket.write(bytes);
    await clock.advance(0);
    for (let turn = 0; turn < 20; turn += 1) await turnOfTheLoop();
  };
  /** Everything that comes within so many simulated milliseconds after a request. */
  const ask = async (raw: RawClient, body: readonly number[], waitMs: number) => {
    await send(raw, request(meter.address, ...body));
    await clock.advance(waitMs);
    for (let turn = 0; turn < 20; turn += 1) await turnOfTheLoop();
    return raw.received;
  };
  return { clock, plant, client, meter, send, ask };
}

afterEach(async () => {
  for (const { plant, clients } of started.splice(0)) {
    for (const client of clients) client.close();
    await plant.stop();
  }
});

function turnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function isClosed(raw: RawClient): Promise<boolean> {
  if (!raw.socket.closed) await once(raw.socket, 'close');
  return raw.socket.closed;
}

test('a slow gateway brings the reply whole after its latency', async () => {
  const { clock, client, meter, send } = await start([{ kind: 'slow-gateway', latency_ms: 700, jitter_ms: 100 }]);
  const raw = await client();
  await send(raw, request(meter.address, ...SERIAL_READ));
  await clock.advance(719);
  expect(raw.received).toHaveLength(0);
  await clock.advance(102);
  expect(serialOf(dataOf(await raw.take(10), meter.address))).toBe(meter.serial);
});

test('jitter never changes the order of bytes', async () => {
  const { client, meter, ask } = await start(
    [
      { kind: 'slow-gateway', latency_ms: 100, jitter_ms: 300 },
      { kind: 'segments', bytes: 1 },
    ],
    { hasWireTime: true },
  );
  const raw = await client();
  for (let exchange = 0; exchange < 5; exchange += 1) {
    expect(serialOf(dataOf(await ask(raw, SERIAL_READ, 2000), meter.address))).toBe(meter.serial);
  }
});

test('a gateway of one client refuses the second, and a stale connection holds the place for a while', async () => {
  const { clock, client, meter } = await start([{ kind: 'one-client', stale_s: 30 }]);
  const first = await client();
  const answer = first.ask(meter.address, SERIAL_READ, 10);
  await turnOfTheLoop();
  const second = await client();
  expect(await isClosed(second)).toBe(true);
  for (let turn = 0; turn < 50; turn += 1) await clock.advance(1);
  expect(await answer).toHaveLength(7);
  first.close();
  for (let turn = 0; turn < 20; turn += 1) await turnOfTheLoop();
  expect(await isClosed(await client())).toBe(true);
  await clock.advance(30_000);
  const third = await client();
  const again = third.ask(meter.address, SERIAL_READ, 10);
  for (let turn = 0; turn < 50; turn += 1) await clock.advance(1);
  expect(await again).toHaveLength(7);
});

test('a gateway of one client may drop the first for the second, and drops all but one when it becomes one', async () => {
  const { clock, client, meter, plant } = await start();
  const [first, second] = [await client(), await client()];
  for (let turn = 0; turn < 20; turn += 1) await turnOfTheLoop();
  plant.setFault({ kind: 'one-client', line: LINE, second: 'drops-first' });
  expect(await isClosed(second)).toBe(true);
  expect(first.socket.closed).toBe(false);
  const third = await client();
  expect(await isClosed(first)).toBe(true);
  const answer = third.ask(meter.address, SERIAL_READ, 10);
  for (let turn = 0; turn < 50; turn += 1) await clock.advance(1);
  expect(await answer).toHaveLength(7);
});

test('a frozen gateway keeps its connections, takes new ones and says nothing', async () => {
  const { client, ask, meter, plant } = await start();
  const raw = await client();
  expect(await ask(raw, SERIAL_READ, 100)).toHaveLength(10);
  plant.setFault({ kind: 'frozen-gateway' });
  const other = await client();
  for (const each of [raw, other]) {
    expect(await ask(each, SERIAL_READ, 5000)).toHaveLength(0);
    expect(each.socket.closed).toBe(false);
  }
  plant.clearFault({ kind: 'frozen-gateway' });
  expect(serialOf(dataOf(await ask(raw, SERIAL_READ, 100), meter.address))).toBe(meter.serial);
});

test('a Modbus gateway is silent or answers with an exception in its own framing; no request reaches a meter', async () => {
  const { client, ask, meter, plant } = await start([{ kind: 'modbus-gateway' }]);
  const raw = await client();
  expect(await ask(raw, SERIAL_READ, 1000)).toHaveLength(0);
  plant.setFault({ kind: 'modbus-gateway', answer: 'exception' });
  const answer = await ask(raw, SERIAL_READ, 1000);
  expect(hex(answer)).toBe(hex([meter.address, 0x08, 0, 0, 0, 3, meter.address, 0x88, 0x0b]));
  expect(plant.lines[0]?.traffic.requests).toBe(0);
});

test('with another parity behind the gateway no reply is good; some come garbled, most not at all', async () => {
  const { client, ask, meter, plant } = await start([{ kind: 'wrong-parity' }]);
  const raw = await client();
  let silent = 0;
  let garbled = 0;
  for (let exchange = 0; exchange < 60; exchange += 1) {
    const heard = await ask(raw, SERIAL_READ, 50);
    if (heard.length === 0) silent += 1;
    else garbled += 1;
    expect(() => dataOf(heard, meter.address)).toThrow();
  }
  expect(silent).toBeGreaterThan(30);
  expect(garbled).toBeGreaterThan(0);
  plant.setFault({ kind: 'wrong-parity', baud_rate: 1200 });
  for (let exchange = 0; exchange < 30; exchange += 1) expect(await ask(raw, SERIAL_READ, 50)).toHaveLength(0);
  plant.clearFault({ kind: 'wrong-parity' });
  expect(await ask(raw, SERIAL_READ, 50)).toHaveLength(10);
});

test('every client of a gateway hears the foreign master', async () => {
  const { clock, client, meter } = await start([{ kind: 'foreign-master', line: LINE, period_ms: 400 }], { hasWireTime: true });
  const clients = [await client(), await client()];
  await clock.advance(500);
  for (const raw of clients) {
    const heard = await raw.take(15);
    expect(hex(heard.slice(0, 5))).toBe(hex(request(meter.address, ...SERIAL_READ)));
    expect(serialOf(dataOf(heard.slice(5), meter.address))).toBe(meter.serial);
  }
});

test('a late reply comes over the same connection after the time-out of the client', async () => {
  const { client, ask, clock, meter } = await start([{ kind: 'late-reply', rate: 1, delay_ms: 900 }]);
  const raw = await client();
  expect(await ask(raw, SERIAL_READ, 850)).toHaveLength(0);
  await clock.advance(100);
  expect(serialOf(dataOf(await raw.take(10), meter.address))).toBe(meter.serial);
});
