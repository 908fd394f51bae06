import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadingFrames, overheardPasswords, repeatsCode } from '../../../src/main/drivers/mercury-frames.ts';
import { isModbusTcp, withoutEcho } from '../../../src/main/line/evidence.ts';
import { framed } from './scripted-link.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);
const REQUEST = framed(94, [0x08, 0x00]);
/** Identity of a meter as published (mercury.md 6.1): serial 41906467. */
const REPLY = framed(94, [0x29, 0x5a, 0x40, 0x43, 0x16, 0x06, 0x14]);

describe('the echo of a request', () => {
  it('is taken from the front, as often as it came', () => {
    expect(withoutEcho(REQUEST, bytes(...REQUEST, ...REPLY))).toEqual({ body: REPLY, echoes: 1 });
    expect(withoutEcho(REQUEST, bytes(...REQUEST, ...REQUEST))).toEqual({ body: bytes(), echoes: 2 });
    expect(withoutEcho(REQUEST, REPLY)).toEqual({ body: REPLY, echoes: 0 });
  });

  it('is not seen in a part of the request', () => {
    expect(withoutEcho(REQUEST, REQUEST.subarray(0, -1)).echoes).toBe(0);
  });
});

describe('frames of somebody else', () => {
  it('are found one behind the other, and not behind noise', () => {
    const energy = framed(12, [0x05, 0x00, 0x00]);
    expect(leadingFrames(bytes(...energy, ...REPLY, 0xff))).toEqual([energy, REPLY]);
    expect(leadingFrames(bytes(0xff, ...energy))).toEqual([]);
  });

  it('are rare in any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 12 }), { minLength: 100, maxLength: 100 }), (bursts) => {
        expect(bursts.filter((burst) => leadingFrames(burst).length > 0).length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the frames of Modbus TCP', () => {
  it('are recognised by the transaction of the request, protocol 0 and a length that fits', () => {
    expect(isModbusTcp(REQUEST, bytes(0x5e, 0x08, 0, 0, 0, 3, 0x5e, 0x88, 0x0b))).toBe(true);
    expect(isModbusTcp(REQUEST, bytes(0x5e, 0x08, 0, 0, 0, 4, 0x5e, 0x88, 0x0b))).toBe(false);
    expect(isModbusTcp(REQUEST, bytes(0x5f, 0x08, 0, 0, 0, 3, 0x5e, 0x88, 0x0b))).toBe(false);
    expect(isModbusTcp(REQUEST, REPLY)).toBe(false);
    expect(isModbusTcp(REQUEST, bytes())).toBe(false);
  });
});

describe('the mode that repeats the code of the request', () => {
  it('is recognised by one byte more that is the code', () => {
    expect(repeatsCode(REQUEST, 10, framed(94, [0x08, 0x29, 0x5a, 0x40, 0x43, 0x16, 0x06, 0x14]))).toBe(true);
    expect(repeatsCode(REQUEST, 10, REPLY)).toBe(false);
    expect(repeatsCode(REQUEST, 10, framed(95, [0x08, 0x29, 0x5a, 0x40, 0x43, 0x16, 0x06, 0x14]))).toBe(false);
  });
});

describe('a password of another master', () => {
  it('is found where a channel is opened, and nowhere else', () => {
    const opening = framed(12, [0x01, 0x01, 1, 1, 1, 1, 1, 1]);
    expect(overheardPasswords(bytes(0xff, ...opening, ...framed(12, [0])))).toEqual([[4, 12]]);
    expect(overheardPasswords(REPLY)).toEqual([]);
  });
});
