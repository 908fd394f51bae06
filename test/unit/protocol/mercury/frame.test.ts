import { crc16modbus } from 'crc';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc16 } from '../../../../src/main/protocol/mercury/crc.ts';
import { checkFrame, encodeFrame, frameData, matchReply, repeatsCode } from '../../../../src/main/protocol/mercury/frame.ts';
import { bytesOf } from './vectors.ts';

const join = (...parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const ENERGY_REQUEST = bytesOf('80 05 00 00 11 D9').map((byte) => byte);
const ENERGY = encodeFrame(0x80, [0x30, 0, 0x28, 0xc5, 0xff, 0xff, 0xff, 0xff, 4, 0, 0x9c, 0x95, 0xff, 0xff, 0xff, 0xff]);

test('the checksum is the one of an independent implementation for any bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => crc16(bytes) === crc16modbus(Buffer.from(bytes))));
});

test('the checksums printed in the documents come out', () => {
  for (const frame of ['5E 00 39 D0', '00 00 01 B0', '01 00 00 20', '22 08 18 D6 00', '80 00 60 70']) {
    const bytes = bytesOf(frame);
    expect(encodeFrame(bytes[0] ?? 0, bytes.subarray(1, -2))).toEqual(bytes);
  }
});

test('a frame comes back out of any segment it was put in, whatever lies around it', () => {
  const noise = fc.array(fc.constantFrom(0x00, 0xff, 0x0d, 0x0a, 0x41), { maxLength: 12 }).map((bytes) => Uint8Array.from(bytes));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 240 }),
      fc.uint8Array({ minLength: 2, maxLength: 255 }),
      noise,
      noise,
      (address, data, before, after) => {
        const frame = encodeFrame(address, data);
        const match = matchReply(address, [frame.length], join(before, frame, after));
        expect(match.kind).toBe('frame');
        if (match.kind === 'frame') expect(hex(match.frame)).toBe(hex(frame));
        expect(hex(frameData(frame))).toBe(hex(data));
      },
    ),
    { numRuns: 200 },
  );
});

test('data that begin like a frame of four bytes are still data, when those are no status', () => {
  const frame = encodeFrame(0, [13, 192]);
  expect(matchReply(0, [frame.length], frame)).toEqual({ kind: 'frame', frame });
});

test('no truncation of a frame is taken for the frame', () => {
  for (let length = 0; length < ENERGY.length; length += 1) {
    expect(matchReply(0x80, [19], ENERGY.subarray(0, length))).toEqual({ kind: 'incomplete', missing: 19 - length });
  }
});

test('no single flipped bit leaves a frame that is accepted', () => {
  for (let bit = 0; bit < ENERGY.length * 8; bit += 1) {
    const damaged = Uint8Array.from(ENERGY);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(matchReply(0x80, [19], damaged)).toEqual({ kind: 'damaged', code: 'transport/bad-checksum' });
    expect(() => checkFrame(damaged)).toThrow(/checksum/);
  }
});

test('random bytes are judged, never thrown at, and never taken for a reply without a good checksum', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 0, max: 240 }),
      fc.constantFrom([4], [10], [19], [89, 98, 81], [258]),
      (bytes, address, lengths) => {
        const match = matchReply(address, lengths, bytes, { request: bytes.subarray(0, 5) });
        if (match.kind === 'frame' || match.kind === 'tentative') {
          expect(crc16modbus(Buffer.from(match.frame.subarray(0, -2)))).toBe((match.frame.at(-1) ?? 0) * 256 + (match.frame.at(-2) ?? 0));
          expect(match.frame[0]).toBe(address);
        }
      },
    ),
    { numRuns: 500 },
  );
});

describe('an echo', () => {
  const request = encodeFrame(0x80, [0x08, 0x11, 0x11]);
  const reply = encodeFrame(0x80, [0x00, 0x5b, 0x56]);

  test('of as many bytes as the reply is not the reply', () => {
    expect(request).toHaveLength(reply.length);
    expect(matchReply(0x80, [6], request, { request }).kind).toBe('damaged');
  });

  test('before the reply is passed over', () => {
    expect(matchReply(0x80, [6], join(request, reply), { request })).toEqual({ kind: 'frame', frame: reply });
  });

  test('of the request to close the channel is not the status "internal error" that it looks like', () => {
    const close = encodeFrame(0x00, [0x02]);
    expect(hex(close)).toBe('00028071');
    expect(matchReply(0x00, [4], close, { request: close }).kind).toBe('damaged');
    expect(matchReply(0x00, [4], join(close, encodeFrame(0x00, [0x00])), { request: close })).toMatchObject({ kind: 'frame' });
  });
});

describe('a status reply where data are expected', () => {
  const status = (byte: number) => encodeFrame(0x80, [byte]);

  test('waits for what may follow it', () => {
    expect(matchReply(0x80, [19], status(0x05))).toEqual({ kind: 'tentative', frame: status(0x05), settleMs: 20 });
  });

  test('is found behind an echo and before noise of the transceiver', () => {
    const received = join(ENERGY_REQUEST, status(0x01), Uint8Array.of(0xff, 0x00));
    expect(matchReply(0x80, [19], received, { request: ENERGY_REQUEST })).toMatchObject({ kind: 'tentative', frame: status(0x01) });
  });

  test('counts only as 00 to 05 or 80 to 85', () => {
    const accepted = Array.from({ length: 256 }, (_, byte) => byte).filter(
      (byte) => matchReply(0x80, [19], status(byte)).kind === 'tentative',
    );
    expect(accepted).toEqual([0, 1, 2, 3, 4, 5, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85]);
    expect(matchReply(0x80, [4], status(0x06)).kind).toBe('damaged');
  });

  test('with zeros of the transceiver behind it is no data reply, although its checksum is still good', () => {
    const padded = join(status(0x01), Uint8Array.of(0x00, 0x00));
    expect(crc16(padded)).toBe(0);
    expect(matchReply(0x80, [6], padded)).toMatchObject({ kind: 'tentative', frame: status(0x01) });
  });

  test('is not seen in two bytes of data that are by chance the checksum of what stands before them', () => {
    const flags = encodeFrame(0x1d, [0x00, 0x08]);
    expect(flags).toEqual(join(encodeFrame(0x1d, [0x00]), Uint8Array.of(0x00)));
    expect(matchReply(0x1d, [5], flags)).toEqual({ kind: 'frame', frame: flags });
  });

  test('gives way to the data that follow it', () => {
    expect(matchReply(0x80, [19], join(status(0x05), ENERGY))).toEqual({ kind: 'frame', frame: ENERGY });
    expect(matchReply(0x80, [19], join(status(0x05), ENERGY.subarray(0, 7))).kind).toBe('incomplete');
  });
});

test('a good frame of another address is named as such', () => {
  expect(matchReply(0x81, [19], ENERGY)).toEqual({ kind: 'damaged', code: 'transport/wrong-address' });
});

test('bytes that are neither too few nor of a legal length are named as such', () => {
  expect(matchReply(0x80, [5], ENERGY.subarray(0, 12))).toEqual({ kind: 'damaged', code: 'transport/unexpected-length' });
});

test('resynchronisation drops everything but the frame it waits for, statuses included', () => {
  const late = encodeFrame(0x80, [1, 2, 3, 4, 5, 6, 7]);
  const right = encodeFrame(0x80, [41, 90, 64, 67, 22, 6, 20]);
  const accepts = (frame: Uint8Array) => frame[1] === 41;
  expect(matchReply(0x80, [10], encodeFrame(0x80, [0x05]), { accepts }).kind).toBe('incomplete');
  expect(matchReply(0x80, [10], late, { accepts }).kind).toBe('damaged');
  expect(matchReply(0x80, [10], join(late, right), { accepts })).toEqual({ kind: 'frame', frame: right });
});

describe('a reply of a meter that repeats request codes', () => {
  const request = encodeFrame(0x80, [0x05, 0x00, 0x00]);
  const repeated = encodeFrame(0x80, [0x05, ...ENERGY.subarray(1, -2)]);

  test('is found, waits for what may follow, and is named as such', () => {
    const match = matchReply(0x80, [19], repeated, { request });
    expect(match).toMatchObject({ kind: 'tentative', frame: repeated });
    expect(repeatsCode(repeated, 0x05, [19])).toBe(true);
    expect(repeatsCode(ENERGY, 0x05, [19])).toBe(false);
  });

  test('is found as a status as well', () => {
    const status = encodeFrame(0x80, [0x05, 0x01]);
    expect(matchReply(0x80, [19], status, { request })).toMatchObject({ kind: 'tentative', frame: status });
  });

  test('gives way to a reply that does not', () => {
    expect(matchReply(0x80, [19], join(repeated, ENERGY), { request })).toEqual({ kind: 'frame', frame: ENERGY });
  });

  test('is none with another code, and a status with a zero behind it is none', () => {
    expect(matchReply(0x80, [19], encodeFrame(0x80, [0x06, ...ENERGY.subarray(1, -2)]), { request }).kind).toBe('damaged');
    const padded = join(encodeFrame(0x80, [0x05]), Uint8Array.of(0));
    expect(matchReply(0x80, [19], padded, { request })).toMatchObject({ kind: 'tentative', frame: padded.subarray(0, 4) });
    // An echo of the channel test with a zero behind it.
    const test0 = encodeFrame(0x00, [0x00]);
    expect(matchReply(0x00, [10], join(test0, Uint8Array.of(0)), { request: test0 }).kind).not.toBe('frame');
  });
});

test('a shorter legal reply with zeros behind it is not taken for a longer one', () => {
  const short = encodeFrame(0x12, [0, 0, 4, 0]);
  expect(matchReply(0x12, [9, 7, 8], join(short, Uint8Array.of(0, 0)))).toEqual({ kind: 'frame', frame: short });
});

test('an echo is not taken for a reply together with the first zeros of the reply behind it', () => {
  const request = encodeFrame(0x00, [0x08, 0x02]);
  const reply = encodeFrame(0x00, [0x00, 0x01, 0x00, 0x78]);
  expect(matchReply(0x00, [7], join(request, reply), { request })).toEqual({ kind: 'frame', frame: reply });
});
