import { describe, expect, it } from 'vitest';
import { type Bus, createBus, type ObservedExchange } from '../../../src/main/line/bus.ts';
import { type ChannelTiming, channelTiming } from '../../../src/main/line/channel-timing.ts';
import { parseLineAddress } from '../../../src/main/line/line-address.ts';
import type { Logger } from '../../../src/main/platform/logger.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { AppError, asAppError } from '../../../src/shared/api/errors.ts';
import type { ExchangeReply, ExchangeRequest, FrameMatch, Heard, ListenRequest } from '../../../src/shared/domain/exchange.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryPort, type Responder } from '../../support/memory-port.ts';

/** 11 bits a byte at 9600. */
const BYTE_MS = 11_000 / 9600;
const SERIAL = channelTiming(parseLineAddress('serial:COM4:9600-8N1'));
const TCP = channelTiming(parseLineAddress('tcp:10.0.0.5:4001'));
const TIMING = { silenceMs: 5, firstByteMs: 150, interByteMs: 25 };

const bytes = (...values: number[]) => Uint8Array.from(values);
const REQUEST = bytes(0x10, 0x08, 0x00, 0xaa, 0xbb);

/** A toy protocol: `7E LEN body.. SUM`, where SUM is the sum of the body; a frame without a body is a status. */
function frame(...body: number[]): Uint8Array {
  return bytes(
    0x7e,
    body.length,
    ...body,
    body.reduce((sum, byte) => (sum + byte) % 256, 0),
  );
}

function matchToy(expected: number): ExchangeRequest['match'] {
  return (received): FrameMatch => {
    for (let at = 0; at + 2 < received.length; at += 1) {
      const length = received[at + 1] ?? 0;
      const whole = received.subarray(at, at + length + 3);
      if (received[at] !== 0x7e || whole.length < length + 3) continue;
      const sum = whole.subarray(2, -1).reduce((total, byte) => (total + byte) % 256, 0);
      if (sum !== whole.at(-1)) continue;
      if (whole.length === expected) return { kind: 'frame', frame: whole };
      if (length === 0) return { kind: 'tentative', frame: whole, settleMs: 20 };
    }
    if (received.length >= expected) return { kind: 'damaged', code: 'transport/bad-checksum' };
    return { kind: 'incomplete', missing: expected - received.length };
  };
}

const REPLY = frame(1, 2, 3, 4, 5, 6, 7);

function request(over: Partial<ExchangeRequest> = {}): ExchangeRequest {
  return { label: 'serial number', bytes: REQUEST, replyBytes: 10, match: matchToy(10), timing: TIMING, ...over };
}

interface Rig {
  readonly clock: FakeClock;
  readonly port: MemoryPort;
  readonly bus: Bus;
  readonly seen: ObservedExchange[];
}

async function rig(respond: Responder, channel: ChannelTiming = SERIAL, logger: Logger = silentLogger): Promise<Rig> {
  const clock = new FakeClock();
  const port = new MemoryPort(clock, respond);
  const seen: ObservedExchange[] = [];
  const bus = createBus(port, { clock, logger, channel, onExchange: (observed) => seen.push(observed) });
  await bus.open();
  return { clock, port, bus, seen };
}

interface Ending {
  readonly reply: ExchangeReply | null;
  readonly error: AppError | null;
  /** From the call to the end, by the fake clock. */
  readonly tookMs: number;
}

/** Runs one exchange to its end, moving the clock a millisecond at a time. */
async function run({ clock, bus }: Rig, asked: ExchangeRequest = request()): Promise<Ending> {
  const startMs = clock.monotonic();
  let ending: Ending | null = null;
  const note = (reply: ExchangeReply | null, error: AppError | null) => {
    ending = { reply, error, tookMs: clock.monotonic() - startMs };
  };
  bus.exchange(asked).then(
    (reply) => note(reply, null),
    (error: unknown) => note(null, asAppError(error)),
  );
  for (let moved = 0; moved < 20_000; moved += 1) {
    if (ending !== null) return ending;
    await clock.advance(1);
  }
  throw new Error('the exchange did not end');
}

const whole: Responder = () => [{ afterMs: 40, bytes: REPLY }];

describe('an exchange', () => {
  it('returns the frame with its times, in one write', async () => {
    const line = await rig(whole);
    const { reply, tookMs } = await run(line);
    expect(reply?.frame).toEqual(REPLY);
    expect(line.port.written.map((write) => write.bytes)).toEqual([REQUEST]);
    expect(reply?.exchange).toMatchObject({ label: 'serial number', request: REQUEST, response: REPLY, received: REPLY, attempt: 1 });
    expect(reply?.exchange.durationMs).toBe(40);
    expect(reply?.exchange.firstByteMs).toBeCloseTo(40 - 5 * BYTE_MS, 6);
    expect(reply?.exchange.sentAtMs).toBe(Date.parse('2026-11-22T09:00:00.005Z'));
    expect(tookMs).toBeLessThanOrEqual(46);
  });

  it('ends with the last byte of a reply that comes byte by byte', async () => {
    const line = await rig(() => [...REPLY].map((byte, index) => ({ afterMs: 100 + index * 20, bytes: bytes(byte) })));
    const { reply } = await run(line);
    expect(reply?.frame).toEqual(REPLY);
    expect(reply?.exchange.durationMs).toBe(280);
    expect(reply?.exchange.firstByteMs).toBeCloseTo(100 - 5 * BYTE_MS, 6);
  });

  it('waits out a pause of 250 ms between the segments of a gateway', async () => {
    const late: Responder = () => [
      { afterMs: 600, bytes: REPLY.subarray(0, 4) },
      { afterMs: 850, bytes: REPLY.subarray(4) },
    ];
    expect((await run(await rig(late, TCP))).reply?.frame).toEqual(REPLY);
  });

  it('skips noise before the frame, even when the noise comes long before it', async () => {
    const noisy: Responder = () => [
      { afterMs: 6, bytes: bytes(0x00) },
      { afterMs: 150, bytes: REPLY },
    ];
    const { reply } = await run(await rig(noisy));
    expect(reply?.frame).toEqual(REPLY);
    expect(reply?.exchange.received).toEqual(bytes(0x00, ...REPLY));
  });

  it('is not deceived by the echo of the request, whose silence after it may be long', async () => {
    const echoing: Responder = (sent) => [
      { afterMs: 6, bytes: sent },
      { afterMs: 140, bytes: REPLY },
    ];
    const { reply } = await run(await rig(echoing));
    expect(reply?.frame).toEqual(REPLY);
    expect(reply?.exchange.received).toEqual(bytes(...REQUEST, ...REPLY));
    expect(reply?.exchange.firstByteMs).toBeCloseTo(140 - 5 * BYTE_MS, 6);
  });

  it('does not take an echo that looks like a good frame for the reply', async () => {
    const twin = frame(9, 9, 9, 9, 9, 9, 9);
    const echoing: Responder = (sent) => [
      { afterMs: 12, bytes: sent },
      { afterMs: 90, bytes: REPLY },
    ];
    const { reply } = await run(await rig(echoing), request({ bytes: twin }));
    expect(reply?.frame).toEqual(REPLY);
  });

  it('says that only the echo came back', async () => {
    const { error } = await run(await rig((sent) => [{ afterMs: 6, bytes: sent }]));
    expect(error?.code).toBe('transport/echo');
    expect(error?.context).toMatchObject({ requestHex: '10 08 00 AA BB', receivedHex: '10 08 00 AA BB' });
  });

  it('takes the first of two replies and drops the second as stray', async () => {
    const twice: Responder = (_, index) =>
      index === 0
        ? [
            { afterMs: 40, bytes: REPLY },
            { afterMs: 43, bytes: frame(7, 7, 7, 7, 7, 7, 7) },
          ]
        : [{ afterMs: 40, bytes: REPLY }];
    const line = await rig(twice);
    expect((await run(line)).reply?.frame).toEqual(REPLY);
    expect((await run(line)).reply?.frame).toEqual(REPLY);
    expect(line.bus.counters().strayBytes).toBe(10);
  });

  it('accepts a short status once nothing follows it', async () => {
    const { reply, tookMs } = await run(await rig(() => [{ afterMs: 40, bytes: frame() }]));
    expect(reply?.frame).toEqual(frame());
    expect(reply?.exchange.durationMs).toBe(40);
    expect(tookMs).toBeGreaterThanOrEqual(60);
    expect(tookMs).toBeLessThan(75);
  });

  it('prefers the long reply that goes on after bytes that look like a status', async () => {
    // 7E 00 00 is a whole status, and also how this longer reply begins.
    const long = bytes(0x7e, 0x00, 0x00, 1, 2, 3, 4, 5, 6, 7);
    const match = (received: Uint8Array): FrameMatch =>
      received.length === 10 ? { kind: 'frame', frame: received } : matchToy(10)(received.subarray(0, 3));
    const split: Responder = () => [
      { afterMs: 40, bytes: long.subarray(0, 3) },
      { afterMs: 55, bytes: long.subarray(3, 6) },
      { afterMs: 70, bytes: long.subarray(6) },
    ];
    expect((await run(await rig(split), request({ match }))).reply?.frame).toEqual(long);
  });

  it('ends a broadcast after its bits and the silence, with no frame', async () => {
    const line = await rig(() => []);
    const { reply, tookMs } = await run(line, request({ replyBytes: 0 }));
    expect(reply?.frame).toEqual(bytes());
    expect(reply?.exchange.durationMs).toBeCloseTo(5 * BYTE_MS, 6);
    expect(tookMs).toBeGreaterThanOrEqual(Math.floor(5 + 5 * BYTE_MS + 5));
    expect(line.bus.counters()).toMatchObject({ exchanges: 1, failures: 0 });
  });
});

describe('a failed exchange', () => {
  it('gives up on a silent meter after transmission, its own wait and the channel latency', async () => {
    const serial = await run(await rig(() => []));
    expect(serial.error?.code).toBe('transport/timeout');
    expect(serial.error?.context).toMatchObject({
      port: 'memory:test',
      label: 'serial number',
      requestHex: '10 08 00 AA BB',
      receivedHex: '',
      firstByteMs: null,
    });
    expect(serial.tookMs).toBeGreaterThanOrEqual(5 + 5 * BYTE_MS + 200);
    expect(serial.tookMs).toBeLessThan(5 + 5 * BYTE_MS + 205);
    const tcp = await run(await rig(() => [], TCP));
    expect(tcp.tookMs).toBeGreaterThanOrEqual(5 + 5 * BYTE_MS + 650);
    expect(tcp.tookMs).toBeLessThan(5 + 5 * BYTE_MS + 655);
  });

  it('grows its wait with the time of the request on a slow bus', async () => {
    const slow = channelTiming(parseLineAddress('serial:COM4:300-8N1'));
    const { tookMs } = await run(await rig(() => [], slow));
    expect(tookMs).toBeGreaterThanOrEqual((5 * 11_000) / 300 + 200);
  });

  it('says that a reply broke off, after the tolerance for pauses', async () => {
    const { error, tookMs } = await run(await rig(() => [{ afterMs: 190, bytes: REPLY.subarray(0, 6) }]));
    expect(error?.code).toBe('transport/short-frame');
    expect(error?.context['receivedHex']).toBe('7E 07 01 02 03 04');
    expect(tookMs).toBeGreaterThanOrEqual(5 + 190 + 75);
    expect(tookMs).toBeLessThan(5 + 190 + 85);
  });

  it('passes the verdict of the protocol on damaged bytes, after a short tail', async () => {
    const damaged = Uint8Array.from(REPLY, (byte, index) => (index === 4 ? byte ^ 1 : byte));
    const { error, tookMs } = await run(await rig(() => [{ afterMs: 40, bytes: damaged }]));
    expect(error?.code).toBe('transport/bad-checksum');
    expect(tookMs).toBeLessThan(5 + 40 + 85);
  });

  it('finds the good frame in the tail after as many bytes as were expected', async () => {
    const delayed: Responder = () => [
      { afterMs: 40, bytes: bytes(0xff, 0xff, ...REPLY.subarray(0, 8)) },
      { afterMs: 60, bytes: REPLY.subarray(8) },
    ];
    expect((await run(await rig(delayed))).reply?.frame).toEqual(REPLY);
  });

  it('ends although the line never stops chattering', async () => {
    const chatter: Responder = () => Array.from({ length: 400 }, (_, index) => ({ afterMs: 20 + index * 20, bytes: bytes(0x55) }));
    const { error, tookMs } = await run(await rig(chatter));
    expect(error?.code).toBe('transport/bad-checksum');
    expect(tookMs).toBeLessThan(1100);
  });

  it('ends at once with line/lost when the line is torn away in the middle', async () => {
    const line = await rig(() => [{ afterMs: 50, bytes: REPLY.subarray(0, 2) }]);
    const heard: AppError[] = [];
    line.bus.onLost((error) => heard.push(error));
    line.clock.after(60, () => line.port.lose(new AppError('line/lost', 'unplugged')));
    const { error, tookMs } = await run(line);
    expect(error).toMatchObject({ code: 'line/lost', message: 'unplugged' });
    expect(error?.context).toMatchObject({ label: 'serial number', receivedHex: '7E 07' });
    expect(tookMs).toBeLessThanOrEqual(61);
    expect(heard).toHaveLength(1);
    expect(line.bus.isOpen).toBe(false);
    expect(line.seen).toMatchObject([{ code: 'line/lost' }]);
  });

  it('ends with line/lost when the line is closed under it, and that is no loss', async () => {
    const line = await rig(() => []);
    let losses = 0;
    line.bus.onLost(() => (losses += 1));
    line.clock.after(30, () => void line.bus.close());
    expect((await run(line)).error?.code).toBe('line/lost');
    expect(losses).toBe(0);
  });

  it('passes on the typed error of a failed write', async () => {
    const line = await rig(() => []);
    line.port.writeResult = () => Promise.reject(new AppError('line/lost', 'write failed', { hint: 'plug it in' }));
    const { error, tookMs } = await run(line);
    expect(error).toMatchObject({ code: 'line/lost', message: 'write failed', hint: 'plug it in' });
    expect(tookMs).toBeLessThan(10);
  });

  it('takes a line for lost that does not take bytes any more', async () => {
    const line = await rig(() => []);
    line.port.writeResult = () => new Promise(() => {});
    expect((await run(line)).error?.code).toBe('line/lost');
  });

  it('counts the wait for a reply from the end of a slow write', async () => {
    const line = await rig(() => [{ afterMs: 400, bytes: REPLY }]);
    line.port.writeResult = () => line.clock.sleep(300).then(() => undefined);
    // Counted from the start of the write the wait would be over at 356 ms.
    const slow = await run(line, request({ timing: { ...TIMING, firstByteMs: 300 } }));
    expect(slow.reply?.frame).toEqual(REPLY);
  });

  it('is rejected with line/lost when the line is not open', async () => {
    const line = await rig(whole);
    await line.bus.close();
    expect((await run(line)).error?.code).toBe('line/lost');
    expect(line.port.written).toEqual([]);
    await line.bus.open();
    expect((await run(line)).reply?.frame).toEqual(REPLY);
  });

  it('reports a fault in the protocol as a bug and leaves the line usable', async () => {
    const line = await rig(whole);
    const broken = request({
      match: () => {
        throw new TypeError('no such field');
      },
    });
    expect((await run(line, broken)).error).toMatchObject({ code: 'bug', message: 'no such field' });
    expect((await run(line)).reply?.frame).toEqual(REPLY);
  });
});

describe('the manners of a line', () => {
  it('refuses a second exchange while one is in flight', async () => {
    const line = await rig(whole);
    const first = line.bus.exchange(request());
    await expect(line.bus.exchange(request())).rejects.toMatchObject({ code: 'bug' });
    await line.clock.advance(100);
    await expect(first).resolves.toMatchObject({ frame: REPLY });
  });

  it('keeps the silence between the last byte of a reply and the next request', async () => {
    const line = await rig(whole);
    await run(line);
    await run(line);
    const [first, second] = line.port.written;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0) - 40).toBeGreaterThanOrEqual(5);
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0) - 40).toBeLessThan(7);
  });

  it('drops and counts a late reply, and starts the silence anew after it', async () => {
    const line = await rig((_, index) => (index === 0 ? [] : [{ afterMs: 40, bytes: REPLY }]));
    expect((await run(line)).error?.code).toBe('transport/timeout');
    const late = frame(9, 9, 9, 9, 9, 9, 9);
    line.port.receiveAfter(50, late);
    const { reply } = await run(line, request({ timing: { ...TIMING, silenceMs: 300 } }));
    expect(reply?.frame).toEqual(REPLY);
    const [first, second] = line.port.written;
    // 210 ms until the time-out, 50 ms until the late reply, 300 ms of silence.
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(550);
    expect(line.bus.counters()).toMatchObject({ strayBytes: 10, exchanges: 2, failures: 1 });
  });

  it('empties the input before every request', async () => {
    const line = await rig(whole);
    await run(line);
    await run(line);
    expect(line.port.discards).toBeGreaterThanOrEqual(2);
  });

  it('does not wait for ever for the silence of somebody else', async () => {
    const line = await rig(() => []);
    for (let at = 1; at < 5000; at += 3) line.port.receiveAfter(at, bytes(0x55));
    const { error, tookMs } = await run(line);
    expect(error?.code).toBe('transport/bad-checksum');
    expect(tookMs).toBeLessThan(2000 + 1100);
  });

  it('opens a port anew that has gone quiet for a minute, in case it died without a word', async () => {
    const line = await rig((_, index) => (index === 0 ? [{ afterMs: 40, bytes: REPLY }] : []));
    await run(line);
    const ask = async () => (await run(line)).error?.code;
    await ask();
    await ask();
    await line.clock.advance(61_000);
    // The third silent exchange is needed too: two prove little, however long ago.
    expect(await ask()).toBe('transport/timeout');
    expect(line.port.opens).toBe(1);
    expect(await ask()).toBe('transport/timeout');
    expect(line.port.opens).toBe(2);
    // It did not help: the meters are silent, not the port. The next try is ten minutes away.
    for (let minute = 0; minute < 9; minute += 1) {
      await line.clock.advance(60_000);
      await ask();
    }
    expect(line.port.opens).toBe(2);
    await line.clock.advance(60_000);
    await ask();
    expect(line.port.opens).toBe(3);
  });

  it('tells that the line is down when a quiet port cannot be opened anew', async () => {
    const line = await rig((_, index) => (index === 0 ? [{ afterMs: 40, bytes: REPLY }] : []));
    for (let asked = 0; asked < 4; asked += 1) await run(line);
    await line.clock.advance(61_000);
    line.port.openFault = new AppError('line/open-failed', 'gone');
    expect((await run(line)).error).toMatchObject({ code: 'line/open-failed' });
    expect(line.bus.isOpen).toBe(false);
  });

  it('does not take a pause in the polling for silence', async () => {
    const line = await rig(whole);
    await run(line);
    await line.clock.advance(3_600_000);
    await run(line);
    expect(line.port.opens).toBe(1);
  });

  it('hands every exchange to its observer and counts it', async () => {
    const line = await rig((_, index) => (index === 1 ? [] : [{ afterMs: 40, bytes: REPLY }]));
    await run(line);
    await run(line, request({ attempt: 2 }));
    expect(line.seen.map(({ code, exchange, isSecret }) => [code, exchange.attempt, exchange.response, isSecret])).toEqual([
      [null, 1, REPLY, false],
      ['transport/timeout', 2, null, false],
    ]);
    const counters = line.bus.counters();
    expect(counters).toMatchObject({
      exchanges: 2,
      failures: 1,
      failuresByCode: { 'transport/timeout': 1 },
      bytesOut: 10,
      bytesIn: 10,
      bytes: 20,
      strayBytes: 0,
    });
    expect(counters.busyMs).toBeGreaterThanOrEqual(40 + 200 + 5 * BYTE_MS);
    expect(counters.busyMs).toBeLessThan(40 + 205 + 5 * BYTE_MS);
    expect(counters.lastExchangeAtMs).toBe(line.clock.now());
  });

  it('shows a password to nobody: not to observers, errors, traces, not even as an echo', async () => {
    const lines: unknown[] = [];
    const note = (fields: unknown, message: string) => lines.push(typeof fields === 'function' ? fields() : fields, message);
    const logger: Logger = { trace: note, debug: note, info: note, warn: note, error: note, child: () => logger };
    const secret = request({
      label: 'open channel level 1',
      secret: true,
      bytes: bytes(0x10, 0x01, 0x01, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36),
    });
    const echoing: Responder = (sent, index) => [
      { afterMs: 10, bytes: sent },
      ...(index === 0 ? [] : [{ afterMs: 60, bytes: REPLY }]),
      { afterMs: 800, bytes: sent },
    ];
    const line = await rig(echoing, SERIAL, logger);
    const echoed = await run(line, secret);
    expect(echoed.error?.code).toBe('transport/echo');
    const opened = await run(line, secret);
    expect(opened.reply?.frame).toEqual(REPLY);
    await line.clock.advance(1000);
    expect(line.bus.counters().strayBytes).toBe(18);
    expect(line.seen.map((observed) => observed.isSecret)).toEqual([true, true]);
    const told = [
      ...line.seen.flatMap(({ exchange, strayBefore }) => [exchange.request, exchange.received, strayBefore]),
      opened.reply?.exchange.request,
    ];
    for (const shown of told) expect([...(shown ?? [])].join()).not.toContain('49,50,51');
    const text = JSON.stringify([lines, echoed.error?.context]);
    expect(text).toContain('open channel level 1');
    expect(text).not.toMatch(/31 ?32 ?33/);
  });
});

describe('listening', () => {
  const hear = async (
    line: Rig,
    over: Partial<ListenRequest> = {},
  ): Promise<{ heard: Heard | null; error: AppError | null; tookMs: number }> => {
    const startMs = line.clock.monotonic();
    let ending: { heard: Heard | null; error: AppError | null; tookMs: number } | null = null;
    const note = (heard: Heard | null, error: AppError | null) => {
      ending = { heard, error, tookMs: line.clock.monotonic() - startMs };
    };
    const isEnough = (received: Uint8Array) => received.length >= REPLY.length;
    line.bus.listen({ label: 'identity', bytes: REQUEST, silenceMs: 5, waitMs: 60, interByteMs: 25, isEnough, ...over }).then(
      (heard) => note(heard, null),
      (error: unknown) => note(null, asAppError(error)),
    );
    for (let moved = 0; moved < 5000; moved += 1) {
      if (ending !== null) return ending;
      await line.clock.advance(1);
    }
    throw new Error('the listening did not end');
  };

  it('waits exactly as long as it is told from the end of the request, also behind a gateway, and takes silence for no fault', async () => {
    const line = await rig(() => [], TCP);
    const { heard, tookMs } = await hear(line);
    expect(heard).toMatchObject({ firstByteMs: null, received: bytes(), strayBefore: bytes(), segments: 0 });
    expect(tookMs).toBe(5 + Math.ceil(5 * BYTE_MS + 60));
    expect(line.bus.counters()).toMatchObject({ exchanges: 1, failures: 0, bytesOut: 5 });
    expect(line.seen.map(({ code, isListening, exchange }) => [code, isListening, exchange.label])).toEqual([[null, true, 'identity']]);
  });

  it('ends as soon as enough has come', async () => {
    const { heard, tookMs } = await hear(await rig(() => [{ afterMs: 40, bytes: REPLY }]));
    expect(heard?.received).toEqual(REPLY);
    expect(heard?.firstByteMs).toBeCloseTo(40 - 5 * BYTE_MS, 6);
    expect(heard?.durationMs).toBe(40);
    expect(tookMs).toBe(45);
  });

  it('ends a pause after bytes that are not enough, and tells in how many pieces they came', async () => {
    const pieces: Responder = () => [
      { afterMs: 60, bytes: bytes(1) },
      { afterMs: 80, bytes: bytes(2, 3) },
    ];
    const { heard, tookMs } = await hear(await rig(pieces));
    expect(heard).toMatchObject({ received: bytes(1, 2, 3), segments: 2 });
    expect(tookMs).toBe(5 + 80 + 25);
  });

  it('leaves a reply its whole time to begin after noise or the echo of the request', async () => {
    const echoing: Responder = (sent) => [
      { afterMs: 6, bytes: sent },
      { afterMs: 62, bytes: REPLY },
    ];
    const { heard } = await hear(await rig(echoing), { isEnough: (received) => received.length >= 5 + REPLY.length });
    expect(heard?.received).toEqual(bytes(...REQUEST, ...REPLY));
    expect(heard?.firstByteMs).toBeCloseTo(62 - 5 * BYTE_MS, 6);
  });

  it('hands over what came before it while nobody had asked', async () => {
    const line = await rig(() => []);
    line.port.receiveAfter(10, REPLY);
    await line.clock.advance(100);
    expect((await hear(line)).heard?.strayBefore).toEqual(REPLY);
    expect((await hear(line)).heard?.strayBefore).toEqual(bytes());
    expect(line.seen.map(({ strayBefore }) => strayBefore.length)).toEqual([REPLY.length, 0]);
  });

  it('ends although the line never stops chattering', async () => {
    const chatter: Responder = () => Array.from({ length: 400 }, (_, index) => ({ afterMs: 10 * (index + 1), bytes: bytes(0xff) }));
    const { heard, tookMs } = await hear(await rig(chatter), { isEnough: () => false });
    expect(heard?.received.length).toBeGreaterThan(50);
    expect(tookMs).toBeLessThan(1100);
  });

  it('is rejected with line/lost when the line is torn away', async () => {
    const line = await rig(() => []);
    line.clock.after(20, () => line.port.lose(new AppError('line/lost', 'unplugged')));
    expect((await hear(line)).error?.code).toBe('line/lost');
    expect((await hear(line)).error?.code).toBe('line/lost');
  });
});
