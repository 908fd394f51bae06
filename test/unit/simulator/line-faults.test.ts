import { expect, test } from 'vitest';
import { faultTarget } from '../../../src/main/simulator/faults.ts';
import { LINE, SERIAL_READ, serialOf, serialPlant } from './lines.ts';
import { dataOf, hex, request } from './readers.ts';

const isGood = (bytes: Uint8Array, address: number) => {
  try {
    return dataOf(bytes, address).length > 0;
  } catch {
    return false;
  }
};

test('a silent line brings nothing from any address, not even from 0', async () => {
  const { listener, meter, plant } = await serialPlant([{ kind: 'silent-line', line: LINE }]);
  for (const address of [0, meter.address]) expect(await listener.ask(address, SERIAL_READ)).toHaveLength(0);
  plant.clearFault({ kind: 'silent-line', line: LINE });
  expect(serialOf(dataOf(await listener.ask(meter.address, SERIAL_READ), meter.address))).toBe(meter.serial);
});

test('lost replies were on the wire, lost requests never reached a meter', async () => {
  for (const of of ['replies', 'requests'] as const) {
    const { listener, meter, plant } = await serialPlant([{ kind: 'loss', rate: 0.5, of }]);
    let answered = 0;
    for (let exchange = 0; exchange < 60; exchange += 1) answered += (await listener.ask(meter.address, [0x00])).length > 0 ? 1 : 0;
    expect(answered).toBeGreaterThan(15);
    expect(answered).toBeLessThan(45);
    expect(plant.lines[0]?.traffic.replies).toBe(of === 'replies' ? 60 : answered);
  }
});

test('a reply cut short is the beginning of the true one', async () => {
  const { listener, meter, plant } = await serialPlant();
  const whole = await listener.ask(meter.address, SERIAL_READ);
  plant.setFault({ kind: 'truncate', rate: 1 });
  for (let exchange = 0; exchange < 10; exchange += 1) {
    const cut = await listener.ask(meter.address, SERIAL_READ);
    expect(cut.length).toBeGreaterThan(0);
    expect(cut.length).toBeLessThan(10);
    expect(cut).toEqual(whole.slice(0, cut.length));
  }
});

test('an echoing adapter returns the request when it has left, then the reply comes at its time', async () => {
  const { listener, meter, meters } = await serialPlant([{ kind: 'echo' }]);
  const asked = request(meter.address, ...SERIAL_READ);
  const answer = await listener.ask(meter.address, SERIAL_READ);
  expect(hex(answer.slice(0, 5))).toBe(hex(asked));
  expect(serialOf(dataOf(answer.slice(5), meter.address))).toBe(meter.serial);
  expect(listener.segments[0]?.ms).toBeCloseTo(5 * 1.0417, 2);
  expect(listener.segments.at(-1)?.ms).toBeCloseTo(15 * 1.0417 + 20, 2);
  const free = Array.from({ length: 240 }, (_, at) => at + 1).find((each) => meters.every(({ address }) => address !== each)) ?? 0;
  expect(hex(await listener.ask(free, SERIAL_READ))).toBe(hex(request(free, ...SERIAL_READ)));
});

test('noise stands before the reply, after it or in the silence, and leads with FF', async () => {
  const { listener, meter, plant } = await serialPlant();
  const whole = await listener.ask(meter.address, SERIAL_READ);
  for (const place of ['before', 'after', 'between'] as const) {
    plant.setFault({ kind: 'noise', rate: 1, bytes: 3, place });
    const lengths = new Set<number>();
    for (let exchange = 0; exchange < 20; exchange += 1) {
      const heard = await listener.ask(meter.address, SERIAL_READ);
      const stray = heard.length - whole.length;
      lengths.add(stray);
      const reply = place === 'before' ? heard.slice(stray) : heard.slice(0, whole.length);
      expect(hex(reply)).toBe(hex(whole));
      expect(heard[place === 'before' ? 0 : whole.length]).toBe(0xff);
      if (place === 'between') expect(listener.segments).toHaveLength(2);
    }
    expect(lengths).toEqual(new Set([1, 2, 3]));
  }
});

test('noise comes on a silent address too', async () => {
  const { listener, meter } = await serialPlant([{ kind: 'noise', rate: 1 }, { kind: 'silent-line' }]);
  const heard = await listener.ask(meter.address, SERIAL_READ);
  expect(heard[0]).toBe(0xff);
  expect(heard.length).toBeLessThanOrEqual(4);
});

test('a late reply takes the place of the next one of its length, which then is late itself', async () => {
  const { listener, meter, meters, plant } = await serialPlant([{ kind: 'late-reply', rate: 1, delay_ms: 200 }]);
  const second = meters[1] ?? meter;
  expect(await listener.ask(meter.address, SERIAL_READ, 200)).toHaveLength(0);
  const heard = await listener.ask(second.address, SERIAL_READ, 200);
  expect(heard).toHaveLength(10);
  expect(serialOf(dataOf(heard, meter.address))).toBe(meter.serial);
  plant.clearFault({ kind: 'late-reply', rate: 1 });
  const both = await listener.ask(meter.address, SERIAL_READ, 200);
  expect(both).toHaveLength(20);
  expect(new Set([both[0], both[10]])).toEqual(new Set([meter.address, second.address]));
});

test('two meters of one address collide where their replies overlap; by luck one of the two serials is read', async () => {
  const { listener, meter, plant } = await serialPlant([], { latencyMs: [5, 15] });
  plant.setFault({ kind: 'duplicate-address', serial: meter.serial });
  const twin = plant.faults[0]?.twin ?? '';
  expect(twin).toMatch(/^\d{8}$/);
  expect(plant.truth.meters.map(({ serial }) => serial)).not.toContain(twin);
  expect(twin.slice(-3)).toBe(meter.serial.slice(-3));
  const read = new Set<string>();
  let garbled = 0;
  for (let exchange = 0; exchange < 60; exchange += 1) {
    const heard = await listener.ask(meter.address, SERIAL_READ);
    expect(heard.length).toBeGreaterThan(0);
    const frames = [heard.slice(0, 10), heard.slice(-10)].filter((each) => isGood(each, meter.address));
    for (const each of frames) read.add(serialOf(dataOf(each, meter.address)));
    if (frames.length === 0) garbled += 1;
  }
  for (const serial of read) expect([meter.serial, twin]).toContain(serial);
  expect(read.size).toBe(2);
  expect(garbled).toBeGreaterThan(20);
  plant.clearFault({ kind: 'duplicate-address', serial: meter.serial });
  expect(serialOf(dataOf(await listener.ask(meter.address, SERIAL_READ), meter.address))).toBe(meter.serial);
});

test('all meters answer to address 0 at once: bytes come, seldom a frame', async () => {
  const { listener, meters } = await serialPlant([], { latencyMs: [5, 50] });
  let good = 0;
  for (let exchange = 0; exchange < 20; exchange += 1) {
    const heard = await listener.ask(0, SERIAL_READ);
    expect(heard.length).toBeGreaterThan(0);
    good += isGood(heard.slice(0, 10), 0) ? 1 : 0;
  }
  expect(good).toBeLessThan(10);
  // Equal replies lie on each other and stay whole: 00 00 01 B0 is what one meter would have said.
  const same = await serialPlant([], { latencyMs: [10, 10] });
  expect(hex(await same.listener.ask(0, [0x00]))).toBe('00 00 01 B0');
  expect(meters.length).toBeGreaterThan(1);
});

test('a meter that lost its address answers to 0 alone', async () => {
  const { listener, meter, meters, plant } = await serialPlant([{ kind: 'zero-only', point: 'TP1-01' }]);
  expect(await listener.ask(meter.address, SERIAL_READ)).toHaveLength(0);
  for (const { serial } of meters.slice(1)) plant.setFault({ kind: 'dead-meter', serial });
  expect(serialOf(dataOf(await listener.ask(0, SERIAL_READ), 0))).toBe(meter.serial);
});

test('a flapping meter is there for a while and gone for a while', async () => {
  const { clock, listener, meter } = await serialPlant([{ kind: 'flapping', point: 'TP1-01' }]);
  const states: boolean[] = [];
  for (let half = 0; half < 8; half += 1) {
    states.push((await listener.ask(meter.address, [0x00], 995)).length > 0);
    await clock.advance(29_000);
  }
  expect(states).toEqual([true, true, false, false, true, true, false, false]);
  const quick = await serialPlant([{ kind: 'flapping', point: 'TP1-01', on_s: 1, off_s: 3 }]);
  const seconds: boolean[] = [];
  for (let second = 0; second < 8; second += 1) seconds.push((await quick.listener.ask(quick.meter.address, [0x00], 995)).length > 0);
  expect(seconds).toEqual([true, false, false, false, true, false, false, false]);
});

test('a foreign master is heard with its requests and the replies to them', async () => {
  const { clock, listener, meter } = await serialPlant([{ kind: 'foreign-master', period_ms: 1000 }]);
  await clock.advance(1200);
  expect(hex(listener.bytes.slice(0, 5))).toBe(hex(request(meter.address, ...SERIAL_READ)));
  expect(serialOf(dataOf(listener.bytes.slice(5), meter.address))).toBe(meter.serial);
});

test('a foreign master closes the channel that we opened', async () => {
  const { clock, listener, meter, plant } = await serialPlant();
  expect(dataOf(await listener.ask(meter.address, [0x01, 0x01, 1, 1, 1, 1, 1, 1]), meter.address)).toEqual([0]);
  plant.setFault({ kind: 'foreign-master', period_ms: 100 });
  await clock.advance(500);
  plant.clearFault({ kind: 'foreign-master' });
  await clock.advance(100);
  expect(dataOf(await listener.ask(meter.address, [0x08, 0x05]), meter.address)).toEqual([5]);
});

test('a foreign master spoils a request or a reply that it talks into', async () => {
  // Ours goes out at 5 ms; theirs begins at 7 ms, in the middle of our request, or at 35 ms, in the middle of the reply.
  const early = await serialPlant([{ kind: 'foreign-master', period_ms: 1007 }]);
  await early.clock.advance(1000);
  expect(await early.listener.ask(early.meter.address, SERIAL_READ)).toHaveLength(0);
  const late = await serialPlant([{ kind: 'foreign-master', period_ms: 1035 }]);
  await late.clock.advance(1000);
  const heard = await late.listener.ask(late.meter.address, SERIAL_READ);
  expect(heard.length).toBeGreaterThan(4);
  expect(isGood(heard.slice(0, 10), late.meter.address)).toBe(false);
});

test('a request into the talk of a foreign master is lost', async () => {
  const { clock, listener, meter, plant } = await serialPlant([{ kind: 'foreign-master', period_ms: 1000 }]);
  await clock.advance(1003);
  const heard = await listener.ask(meter.address, [0x00], 300);
  expect(plant.lines[0]?.traffic).toMatchObject({ requests: 1, replies: 0, hastyRequests: 1 });
  // Only the foreign reply is left: the serial number nobody here asked for.
  expect(serialOf(dataOf(heard.slice(-10), meter.address))).toBe(meter.serial);
});

test('the faults in force are told by target, and leave when they end', async () => {
  const { clock, meter, plant } = await serialPlant([
    { kind: 'dead-meter', point: 'TP1-01' },
    { kind: 'echo', line: LINE, for_s: 10 },
    { kind: 'loss', rate: 0.1 },
    { kind: 'noise', rate: 0.1, after_s: 20 },
  ]);
  const now = clock.now();
  expect(plant.faults.map(({ fault, line, serial, sinceMs, untilMs }) => [fault.kind, line, serial, sinceMs, untilMs])).toEqual([
    ['dead-meter', LINE, meter.serial, now, null],
    ['echo', LINE, null, now, now + 10_000],
    ['loss', null, null, now, null],
    ['noise', null, null, null, null],
  ]);
  expect(plant.faults.map(({ fault }) => faultTarget(fault))).toEqual(['TP1-01', LINE, '', '']);
  plant.setFault({ kind: 'loss', rate: 0.2 });
  await clock.advance(20_000);
  expect(plant.faults.map(({ fault }) => fault.kind)).toEqual(['dead-meter', 'loss', 'noise']);
  // What is told can be given back.
  for (const { fault } of plant.faults) plant.clearFault(fault);
  expect(plant.faults).toEqual([]);
  expect(() => plant.setFault({ kind: 'zero-only', point: 'TP9-99' })).toThrow(expect.objectContaining({ code: 'api/not-found' }));
  expect(() => plant.setFault({ kind: 'echo', line: 'ТП-9' })).toThrow(expect.objectContaining({ code: 'api/not-found' }));
});

test('a fault that is to begin can be taken back', async () => {
  const { clock, listener, meter, plant } = await serialPlant([{ kind: 'silent-line', after_s: 10 }]);
  plant.clearFault({ kind: 'silent-line' });
  expect(plant.faults).toEqual([]);
  await clock.advance(11_000);
  expect(await listener.ask(meter.address, [0x00])).toHaveLength(4);
});

test('one seed gives one course of things, byte by byte and moment by moment', async () => {
  const course = async (seed: number) => {
    const { listener, meter } = await serialPlant(
      [
        { kind: 'loss', rate: 0.2 },
        { kind: 'corrupt', rate: 0.2 },
        { kind: 'noise', rate: 0.3 },
        { kind: 'late-reply', rate: 0.2, delay_ms: 300 },
        { kind: 'foreign-master', period_ms: 333 },
      ],
      { seed, latencyMs: [5, 50] },
    );
    const heard: string[] = [];
    for (let exchange = 0; exchange < 40; exchange += 1) {
      await listener.ask(meter.address, SERIAL_READ);
      heard.push(...listener.segments.map(({ ms, bytes }) => `${ms.toFixed(3)} ${hex(bytes)}`));
    }
    return heard;
  };
  expect(await course(1)).toEqual(await course(1));
  expect(await course(1)).not.toEqual(await course(2));
});
