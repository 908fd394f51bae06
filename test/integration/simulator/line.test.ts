import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { TRAINING_PLANT } from '../../../src/main/simulator/layout.ts';
import { createPlant, type Plant, type PlantOptions } from '../../../src/main/simulator/plant.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { dataOf, energies, hex, profileRecord, request, sealed } from '../../unit/simulator/readers.ts';
import { LOGIN, RawClient, answerTo } from './client.ts';

const started: { plant: Plant; clients: RawClient[] }[] = [];

async function start(options: Partial<PlantOptions> = {}) {
  const clock = new FakeClock('2026-11-22T09:10:00Z');
  const plant = createPlant({ clock, hasWireTime: false, latencyMs: [0, 0], deviationS: [0, 0], ...options });
  await plant.start();
  const clients: RawClient[] = [];
  started.push({ plant, clients });
  const client = async (line = 0) => {
    const opened = await RawClient.open(plant.lines[line]?.port ?? 0);
    clients.push(opened);
    return opened;
  };
  /** The first meter of a line with the makers' password in binary digits. */
  const meter = (line = 0) => {
    const found = plant.truth.meters.find((candidate) => candidate.line === plant.lines[line]?.name);
    if (found === undefined) throw new Error(`line ${line} has no meter`);
    return found;
  };
  return { plant, clock, client, meter };
}

afterEach(async () => {
  for (const { plant, clients } of started.splice(0)) {
    for (const client of clients) client.close();
    await plant.stop();
  }
});

/** Lets the sockets work until a condition holds. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise<void>((resolve) => setImmediate(resolve));
}

test('all 70 meters answer on their lines with their serials and let themselves be opened', async () => {
  const { plant, client } = await start();
  const clients = await Promise.all([0, 1, 2, 3].map((line) => client(line)));
  for (const { serial, address, line, driver } of plant.truth.meters) {
    const on = clients[plant.lines.findIndex(({ name }) => name === line)];
    if (driver === 'mercury-200') {
      // Serial, a binary number: the reply repeats address and command.
      const head = [address >>> 24, (address >> 16) & 0xff, (address >> 8) & 0xff, address & 0xff, 0x2f];
      on?.socket.write(sealed(head));
      const reply = [...((await on?.take(11)) ?? [])];
      const number = Number(serial);
      expect(reply).toEqual([...sealed([...head, number >>> 24, (number >> 16) & 0xff, (number >> 8) & 0xff, number & 0xff])]);
      continue;
    }
    const data = (await on?.ask(address, [0x08, 0x00], 10)) ?? [];
    expect(
      data
        .slice(0, 4)
        .map((byte) => String(byte).padStart(2, '0'))
        .join(''),
    ).toBe(serial);
    const binary = (await on?.ask(address, LOGIN, 4)) ?? [];
    const isOpen = binary[0] === 0 || (await on?.ask(address, [0x01, 0x01, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31], 4))?.[0] === 0;
    expect(isOpen).toBe(true);
    expect(await on?.ask(address, [0x08, 0x05], 5)).toEqual([0, address]);
  }
});

test('what the wire brings is the truth: registers and every half-hour of the profile', async () => {
  const { plant, client, meter } = await start({ historyDays: 3 });
  const { serial, address } = meter();
  const raw = await client();
  await raw.ask(address, LOGIN, 4);
  const now = Date.parse('2026-11-22T09:10:00Z') / 1000;
  const truth = plant.truth.register(serial, 'now', now, 0);
  expect(energies(await raw.ask(address, [0x05, 0x00, 0x00], 19))).toEqual([truth?.['A+'], truth?.['A-'], truth?.['R+'], truth?.['R-']]);
  const starts = plant.truth.expectedStarts(serial, 0, now);
  expect(starts).toHaveLength(144);
  for (let first = 1; first + 16 <= 144; first += 17) {
    const data = await raw.ask(address, [0x06, 0x03, (first * 16) >> 8, (first * 16) & 0xff, 0xff], 258);
    for (let place = 0; place < 17; place += 1) {
      const record = profileRecord(data, place * 15);
      const startUtc = starts[first + place - 1] ?? 0;
      const stamp = new Date((startUtc + 1800 + 3 * 3600) * 1000).toISOString().slice(0, 16).replace('T', ' ');
      const real = plant.truth.interval(serial, startUtc);
      expect(record?.stamp).toBe(stamp);
      expect(record?.counts).toEqual([real?.['A+'], real?.['A-'], real?.['R+'], real?.['R-']]);
    }
  }
});

test('another address, the broadcast, a bad checksum and a wrong length stay without an answer', async () => {
  const { plant, meter } = await start();
  const port = plant.lines[0]?.port ?? 0;
  const { address } = meter();
  const taken = new Set(plant.truth.meters.filter(({ line }) => line === plant.lines[0]?.name).map((each) => each.address));
  const free = Array.from({ length: 240 }, (_, index) => index + 1).find((candidate) => !taken.has(candidate)) ?? 0;
  expect(hex(await answerTo(port, request(address, 0x00)))).toBe(hex(request(address, 0x00)));
  const wrong = request(address, 0x00);
  wrong[2] = (wrong[2] ?? 0) ^ 1;
  for (const bytes of [request(free, 0x00), request(0xfe, 0x03, 0x08), wrong, request(address, 0x08), request(address, 0x00).slice(0, 3)]) {
    expect(hex(await answerTo(port, bytes))).toBe('');
  }
});

test('address 0 is answered by a meter that is alone on its line, with 0 in the reply; several are a garble', async () => {
  const crowded = await start();
  const garble = await answerTo(crowded.plant.lines[0]?.port ?? 0, request(0, 0x08, 0x00));
  expect(garble).toHaveLength(10);
  expect(() => dataOf(garble, 0)).toThrow('bad checksum');
  const [substation] = TRAINING_PLANT;
  if (substation === undefined) throw new Error('the plant has no substation');
  const lone = await start({ layout: [{ ...substation, points: substation.points.slice(0, 1) }] });
  const raw = await lone.client();
  const data = await raw.ask(0, [0x08, 0x00], 10);
  expect(
    data
      .slice(0, 4)
      .map((byte) => String(byte).padStart(2, '0'))
      .join(''),
  ).toBe(lone.meter().serial);
});

test('a request in two segments is one request unless the line is silent for 5 ms between', async () => {
  const { clock, client, meter } = await start();
  const { address } = meter();
  const raw = await client();
  const whole = request(address, 0x08, 0x00);
  raw.socket.write(whole.slice(0, 2));
  await until(() => raw.socket.bytesWritten === 2);
  raw.socket.write(whole.slice(2));
  expect(await raw.take(10)).toHaveLength(10);
  // Half a request, then silence, then a whole one: only the whole one is answered.
  const other = await client();
  other.socket.write(whole.slice(0, 4));
  for (let turn = 0; turn < 50; turn += 1) await clock.advance(1);
  expect(await other.ask(address, [0x00], 4)).toEqual([0]);
});

test('requests of two clients are served one after the other, each to its asker', async () => {
  const { plant, client } = await start();
  const [first, second] = plant.truth.meters;
  const [a, b] = [await client(), await client()];
  const [one, two] = await Promise.all([a.ask(first?.address ?? 0, [0x08, 0x00], 10), b.ask(second?.address ?? 0, [0x08, 0x00], 10)]);
  expect(one).not.toEqual(two);
});

test('with time on the wire a reply takes request, latency and reply at 9600', async () => {
  const { plant, clock, client, meter } = await start({ hasWireTime: true, latencyMs: [20, 20] });
  const raw = await client();
  raw.socket.write(request(meter().address, 0x08, 0x00));
  await until(() => plant.lines[0]?.traffic.requests === 1);
  // 5 bytes + 20 ms + 10 bytes at 1.0417 ms.
  await clock.advance(35.5);
  expect(raw.received).toHaveLength(0);
  await clock.advance(0.2);
  expect(dataOf(await raw.take(10), meter().address)).toHaveLength(7);
  expect(plant.lines[0]?.traffic).toEqual({ requests: 1, replies: 1, requestBytes: 5, replyBytes: 10, meterMs: 20, hastyRequests: 0 });
});

test('a long reply begins to arrive long before it ends', async () => {
  const { plant, clock, client, meter } = await start({ hasWireTime: true, latencyMs: [10, 10] });
  const { address } = meter();
  const raw = await client();
  raw.socket.write(request(address, ...LOGIN));
  await until(() => plant.lines[0]?.traffic.requests === 1);
  await clock.advance(100);
  await raw.take(4);
  raw.socket.write(request(address, 0x06, 0x03, 0x00, 0x10, 0xff));
  await until(() => plant.lines[0]?.traffic.requests === 2);
  // 8 bytes + 10 ms + the first 16 bytes.
  await clock.advance((8 + 16) * (10_000 / 9600) + 10.1);
  await until(() => raw.received.length > 0);
  expect(raw.received).toHaveLength(16);
  await clock.advance(241 * (10_000 / 9600));
  expect(raw.received.length).toBeLessThan(258);
  await clock.advance(2);
  expect(dataOf(await raw.take(258), address)).toHaveLength(255);
});

test('without time on the wire only the latency of the meter passes', async () => {
  const { plant, clock, client, meter } = await start({ latencyMs: [30, 30] });
  const raw = await client();
  raw.socket.write(request(meter().address, 0x00));
  await until(() => plant.lines[0]?.traffic.requests === 1);
  await clock.advance(29.9);
  expect(raw.received).toHaveLength(0);
  await clock.advance(0.2);
  expect(await raw.take(4)).toHaveLength(4);
});

test('a broadcast freezes every meter of the line at once and nobody answers', async () => {
  const { plant, client, meter } = await start();
  const port = plant.lines[0]?.port ?? 0;
  expect(await answerTo(port, request(0xfe, 0x03, 0x08))).toHaveLength(0);
  const raw = await client();
  for (const { address } of [meter(), plant.truth.meters[1] ?? meter()]) {
    await raw.ask(address, LOGIN, 4);
    expect(hex(await raw.ask(address, [0x08, 0x14, 0xe0], 11))).toBe('00 10 12 07 22 11 26 01');
  }
  const other = await client(1);
  await other.ask(meter(1).address, LOGIN, 4);
  // The other line has heard nothing: its meters still show the freeze of their installation.
  expect(hex(await other.ask(meter(1).address, [0x08, 0x14, 0xe0], 11))).not.toBe('00 10 12 07 22 11 26 01');
});

test('a request that does not wait for the silence of the bus is counted', async () => {
  const { plant, clock, client, meter } = await start();
  const raw = await client();
  await raw.ask(meter().address, [0x00], 4);
  await clock.advance(5);
  await raw.ask(meter().address, [0x00], 4);
  expect(plant.lines[0]?.traffic.hastyRequests).toBe(0);
  await clock.advance(3.9);
  await raw.ask(meter().address, [0x00], 4);
  expect(plant.lines[0]?.traffic).toMatchObject({ requests: 3, replies: 3, hastyRequests: 1 });
});

test('a dead meter is silent, its neighbour is not, and it comes back', async () => {
  const { plant, client } = await start();
  const port = plant.lines[0]?.port ?? 0;
  const [dead, living] = plant.truth.meters;
  plant.setFault({ kind: 'dead-meter', point: dead?.pointCode });
  expect(await answerTo(port, request(dead?.address ?? 0, 0x00))).toHaveLength(0);
  const raw = await client();
  expect(await raw.ask(living?.address ?? 0, [0x00], 4)).toEqual([0]);
  plant.clearFault({ kind: 'dead-meter', serial: dead?.serial });
  expect(await raw.ask(dead?.address ?? 0, [0x00], 4)).toEqual([0]);
});

test('a dropped line tears its connections, refuses new ones and opens again on the same port', async () => {
  const { plant, clock, client, meter } = await start();
  const raw = await client();
  const port = plant.lines[0]?.port ?? 0;
  const closed = once(raw.socket, 'close');
  raw.socket.on('error', () => {});
  plant.setFault({ kind: 'drop-line', line: 'ТП-1', for_s: 20 });
  await closed;
  const refused = connect({ port, host: '127.0.0.1' });
  await expect(once(refused, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const neighbour = await client(1);
  expect(await neighbour.ask(meter(1).address, [0x00], 4)).toEqual([0]);
  await clock.advance(20_000);
  expect(plant.lines[0]?.port).toBe(port);
  const again = await client();
  expect(await again.ask(meter().address, [0x00], 4)).toEqual([0]);
});

test('faults of the start come and go at their time', async () => {
  const { plant, clock, client, meter } = await start({ faults: [{ kind: 'dead-meter', point: 'TP1-01', after_s: 10, for_s: 5 }] });
  const port = plant.lines[0]?.port ?? 0;
  const raw = await client();
  expect(await raw.ask(meter().address, [0x00], 4)).toEqual([0]);
  await clock.advance(10_000);
  expect(await answerTo(port, request(meter().address, 0x00))).toHaveLength(0);
  await clock.advance(5_000);
  expect(await raw.ask(meter().address, [0x00], 4)).toEqual([0]);
});

test('with every reply corrupted none passes its checksum, and clearing the fault heals the line', async () => {
  const { plant, client, meter } = await start();
  plant.setFault({ kind: 'corrupt', rate: 1, line: 'ТП-1' });
  const port = plant.lines[0]?.port ?? 0;
  for (let exchange = 0; exchange < 20; exchange += 1) {
    const reply = await answerTo(port, request(meter().address, 0x08, 0x00));
    expect(reply.length).toBeGreaterThan(0);
    expect(() => dataOf(reply, meter().address)).toThrow();
  }
  const neighbour = await client(1);
  expect(await neighbour.ask(meter(1).address, [0x08, 0x00], 10)).toHaveLength(7);
  plant.clearFault({ kind: 'corrupt', rate: 1, line: 'ТП-1' });
  const raw = await client();
  expect(await raw.ask(meter().address, [0x08, 0x00], 10)).toHaveLength(7);
});

test('segments of one byte bring the same reply', async () => {
  const { plant, clock, client, meter } = await start({ hasWireTime: true });
  plant.setFault({ kind: 'segments', bytes: 1 });
  const raw = await client();
  raw.socket.write(request(meter().address, 0x08, 0x00));
  await until(() => plant.lines[0]?.traffic.requests === 1);
  for (let step = 0; step < 200 && raw.received.length < 10; step += 1) {
    await clock.advance(1);
  }
  const { length } = raw.segments;
  expect(dataOf(await raw.take(10), meter().address)).toHaveLength(7);
  expect(length).toBeGreaterThan(4);
});

test('a plant on a port that is taken says so and leaves nothing open', async () => {
  const { plant } = await start();
  const taken = plant.lines[1]?.port ?? 0;
  const second = createPlant({ clock: new FakeClock(), portBase: taken - 1 });
  await expect(second.start()).rejects.toMatchObject({ code: 'line/open-failed' });
  const probe = connect({ port: taken - 1, host: '127.0.0.1' });
  const isOurs = plant.lines.some(({ port }) => port === taken - 1);
  if (!isOurs) await expect(once(probe, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  probe.destroy();
});
