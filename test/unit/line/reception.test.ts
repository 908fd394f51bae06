import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelTiming } from '../../../src/main/line/channel-timing.ts';
import { parseLineAddress } from '../../../src/main/line/line-address.ts';
import { Reception } from '../../../src/main/line/reception.ts';
import type { ExchangeRequest, FrameMatch } from '../../../src/shared/domain/exchange.ts';

const CHANNEL = channelTiming(parseLineAddress('tcp:10.0.0.5:4001'));
const REPLY = Uint8Array.of(0x7e, 1, 2, 3, 4, 5, 0x7f);

/** Finds REPLY anywhere in what came. */
function match(received: Uint8Array): FrameMatch {
  for (let at = 0; at + REPLY.length <= received.length; at += 1) {
    if (REPLY.every((byte, index) => received[at + index] === byte)) {
      return { kind: 'frame', frame: received.subarray(at, at + REPLY.length) };
    }
  }
  if (received.length >= REPLY.length) return { kind: 'damaged', code: 'transport/bad-checksum' };
  return { kind: 'incomplete', missing: REPLY.length - received.length };
}

const REQUEST: ExchangeRequest = {
  label: 'test',
  bytes: Uint8Array.of(0x10, 0x08, 0x00, 0xaa, 0xbb),
  replyBytes: REPLY.length,
  timing: { silenceMs: 5, firstByteMs: 150, interByteMs: 25 },
  match,
};

/** Feeds bytes in portions, a portion every `stepMs`, until the reception wants no more. */
function feed(bytes: Uint8Array, portions: readonly number[], stepMs: number): Reception {
  const reception = new Reception(REQUEST, CHANNEL, 0);
  let at = 0;
  for (let index = 0; at < bytes.length; index += 1) {
    const nowMs = 10 + index * stepMs;
    if (index > 0 && reception.verdict().untilMs <= nowMs) break;
    const size = portions[index % portions.length] ?? 1;
    reception.add(bytes.subarray(at, at + size), nowMs);
    at += size;
  }
  return reception;
}

const portions = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });

describe('a reception', () => {
  it('finds the frame after echo and noise, however the bytes are split', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.uint8Array({ maxLength: 20 }),
        portions,
        fc.integer({ min: 0, max: 60 }),
        (hasEcho, noise, sizes, stepMs) => {
          const bytes = Uint8Array.of(...(hasEcho ? REQUEST.bytes : []), ...noise, ...REPLY);
          expect(feed(bytes, sizes, stepMs).verdict().ending).toEqual({ frame: REPLY });
        },
      ),
    );
  });

  it('ends in time whatever comes, and never with a frame that did not come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), portions, fc.integer({ min: 0, max: 400 }), (bytes, sizes, stepMs) => {
        const reception = feed(bytes, sizes, stepMs);
        const { untilMs, ending } = reception.verdict();
        expect(untilMs).toBeLessThanOrEqual(10 + 2000 + 400);
        if ('frame' in ending) expect(Buffer.from(reception.received).includes(Buffer.from(ending.frame))).toBe(true);
        else expect(ending.code).toMatch(/^transport\//);
      }),
    );
  });

  it('gives the reply its whole time while there is only echo, whole or in part', () => {
    const reception = new Reception(REQUEST, CHANNEL, 0);
    const silentUntilMs = reception.verdict().untilMs;
    reception.add(REQUEST.bytes.subarray(0, 3), 10);
    expect(reception.verdict().untilMs).toBe(silentUntilMs);
    reception.add(REQUEST.bytes.subarray(3), 12);
    expect(reception.verdict()).toEqual({ untilMs: silentUntilMs, ending: { code: 'transport/echo' } });
    expect(reception.firstByteMs).toBeCloseTo(10 - (5 * 11_000) / 9600, 6);
  });

  it('measures the first byte from the end of the request, and never below zero', () => {
    const reception = new Reception(REQUEST, CHANNEL, 100);
    expect(reception.firstByteMs).toBeNull();
    reception.add(REPLY, 101);
    expect(reception.firstByteMs).toBe(0);
  });
});
