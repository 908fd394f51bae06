import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Bus } from '../../../src/main/line/bus.ts';
import type { Port } from '../../../src/main/line/port.ts';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { createPtyPair, type PtyPair } from './pty-pair.ts';
import { answerRequests, lineOf, nextLoss, REPLY, request } from './toy-meter.ts';

let pair: PtyPair;
let meter: Port;
let bus: Bus;

beforeEach(async () => {
  pair = createPtyPair();
  await pair.plug();
  bus = lineOf(`serial:${pair.near}:9600-8N1`).bus;
  meter = lineOf(`serial:${pair.far}:9600-8N1`).port;
});

afterEach(async () => {
  await bus.close();
  await meter.close();
  await pair.remove();
});

describe('a serial line', () => {
  it('carries every byte value both ways', async () => {
    await meter.open();
    await bus.open();
    answerRequests(meter, () => void meter.write(REPLY));
    const { frame, exchange } = await bus.exchange(request());
    expect(frame).toEqual(REPLY);
    expect(exchange.durationMs).toBeGreaterThan(0);
    // A second one finds the line as clean as the first.
    expect((await bus.exchange(request())).frame).toEqual(REPLY);
    expect(bus.counters()).toMatchObject({ exchanges: 2, failures: 0, bytesIn: 512, bytesOut: 10, strayBytes: 0 });
  });

  it.each(['8E1', '8O1', '7E1', '8N2'])('opens with %s', async (format) => {
    const other = lineOf(`serial:${pair.near}:2400-${format}`).port;
    await other.open();
    await other.close();
  });

  it('collects a reply that trickles in byte by byte', async () => {
    await meter.open();
    await bus.open();
    answerRequests(meter, () => {
      const send = (at: number) => {
        if (at >= REPLY.length) return;
        void meter.write(REPLY.subarray(at, at + 1)).then(() => systemClock.after(1, () => send(at + 1)));
      };
      send(0);
    });
    expect((await bus.exchange(request())).frame).toEqual(REPLY);
  });

  it('drops what lay there before the request', async () => {
    await meter.open();
    await bus.open();
    answerRequests(meter, () => void meter.write(REPLY));
    const { frame } = await bus.exchange(request());
    expect(frame).toEqual(REPLY);
    await meter.write(Uint8Array.of(1, 2, 3));
    const { exchange } = await bus.exchange(request({ timing: { silenceMs: 50, firstByteMs: 150, interByteMs: 25 } }));
    expect(exchange.received).toEqual(REPLY);
  });

  it('gives up on a meter that does not answer', async () => {
    await bus.open();
    await expect(bus.exchange(request())).rejects.toMatchObject({ code: 'transport/timeout' });
  });

  it('is refused while another program holds the port', async () => {
    await bus.open();
    const second = lineOf(`serial:${pair.near}:9600-8N1`).port;
    await expect(second.open()).rejects.toMatchObject({ code: 'line/in-use', context: { port: `serial:${pair.near}` } });
    await bus.close();
    await second.open();
    await second.close();
  });

  it('is not opened when the adapter is not there, and says so', async () => {
    const absent = lineOf('serial:/dev/feeder-no-such-adapter:9600-8N1').port;
    await expect(absent.open()).rejects.toMatchObject({
      code: 'line/open-failed',
      message: 'serial:/dev/feeder-no-such-adapter is not there',
    });
  });

  it('notices the unplug at once and works again after the plug', async () => {
    await meter.open();
    await bus.open();
    const lost = nextLoss(bus);
    const asked = new Promise<void>((resolve) => answerRequests(meter, resolve));
    const unanswered = bus.exchange(request({ timing: { silenceMs: 5, firstByteMs: 15_000, interByteMs: 25 } }));
    const failed = expect(unanswered).rejects.toMatchObject({ code: 'line/lost', context: { label: 'everything' } });
    await asked;
    await pair.unplug();
    await failed;
    expect((await lost).code).toBe('line/lost');
    expect(bus.isOpen).toBe(false);
    await expect(bus.open()).rejects.toMatchObject({ code: 'line/open-failed' });

    await pair.plug();
    await bus.open();
    await meter.close();
    await meter.open();
    answerRequests(meter, () => void meter.write(REPLY));
    expect((await bus.exchange(request())).frame).toEqual(REPLY);
  });

  it('notices the unplug at the latest with the next request', async () => {
    await meter.open();
    await bus.open();
    answerRequests(meter, () => void meter.write(REPLY));
    await bus.exchange(request());
    const lost = nextLoss(bus);
    await pair.unplug();
    // The hang-up of an idle pseudo-terminal is not always told; a request finds it out.
    await expect(bus.exchange(request())).rejects.toMatchObject({ code: 'line/lost' });
    expect((await lost).code).toBe('line/lost');
  });
});
