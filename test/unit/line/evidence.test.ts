import { describe, expect, test } from 'vitest';
import { MERCURY_FRAMES } from '../../../src/main/drivers/mercury-frames.ts';
import { evidenceOf, foreignRequests, isModbusTcp } from '../../../src/main/line/evidence.ts';
import { encodeFrame } from '../../../src/main/protocol/mercury/frame.ts';

const bytes = (hex: string) => Uint8Array.from(hex.split(' ').map((byte) => Number.parseInt(byte, 16)));
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const REQUEST = bytes('22 08 18 D6 00');
const REPLY = encodeFrame(0x22, [0x00, 0x01]);
const kind = (received: Uint8Array) => evidenceOf(REQUEST, received, MERCURY_FRAMES).kind;

describe('the bytes that follow a request', () => {
  test('are nothing, an echo alone, an answer, or an answer behind an echo', () => {
    expect(evidenceOf(REQUEST, new Uint8Array(0), MERCURY_FRAMES)).toMatchObject({ hasEcho: false, kind: 'silence' });
    expect(evidenceOf(REQUEST, REQUEST, MERCURY_FRAMES)).toMatchObject({ hasEcho: true, kind: 'silence' });
    expect(evidenceOf(REQUEST, REPLY, MERCURY_FRAMES)).toMatchObject({ hasEcho: false, kind: 'frame' });
    expect(evidenceOf(REQUEST, join(REQUEST, REPLY), MERCURY_FRAMES)).toMatchObject({ hasEcho: true, rest: REPLY, kind: 'frame' });
  });

  test('are of somebody else when they hold a request that is not ours', () => {
    const foreign = encodeFrame(0x30, [0x08, 0x00]);
    expect(kind(foreign)).toBe('foreign');
    expect(kind(join(bytes('FF 00'), foreign, REPLY))).toBe('foreign');
    expect(foreignRequests(join(REQUEST, foreign), MERCURY_FRAMES, [REQUEST])).toEqual([foreign]);
  });

  test('are damaged when no frame is whole', () => {
    expect(kind(REPLY.map((byte, at) => (at === 1 ? byte ^ 0x10 : byte)))).toBe('other');
    expect(kind(REPLY.subarray(0, 3))).toBe('other');
  });

  test('of a gateway of Modbus TCP carry its header, and a damaged answer does not look like it', () => {
    const exception = bytes('22 08 00 00 00 03 22 88 0B');
    expect(isModbusTcp(REQUEST, exception)).toBe(true);
    expect(kind(exception)).toBe('modbus-tcp');
    expect(isModbusTcp(REQUEST, exception.subarray(0, 8))).toBe(false);
    expect(isModbusTcp(REQUEST, bytes('22 08 00 01 00 03 22 88 0B'))).toBe(false);
  });
});
