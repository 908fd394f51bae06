import fc from 'fast-check';
import { crc16modbus } from 'crc';
import { describe, expect, test } from 'vitest';
import type { AppError } from '../../../../src/shared/api/errors.ts';
import { ProtocolError } from '../../../../src/main/protocol/protocol-error.ts';
import type { Command200 } from '../../../../src/main/protocol/mercury-200/command.ts';
import { commandOf, commandOfReply, COMMANDS_200 } from '../../../../src/main/protocol/mercury-200/commands.ts';
import { decode200 } from '../../../../src/main/protocol/mercury-200/decode.ts';
import { encodeFrame, frameAddress, frameBody, frameData, matchReply, MAX_DATA } from '../../../../src/main/protocol/mercury-200/frame.ts';
import { serialReplies } from '../../../../src/main/protocol/mercury-200/identity.ts';

const address = fc.integer({ min: 0, max: 0xffff_ffff });
const byte = fc.nat(255);
const command = fc.constantFrom(...COMMANDS_200);

/** A reply with data that look like BCD half of the time. */
function dataOf({ replyData }: Command200<unknown>): fc.Arbitrary<Uint8Array> {
  const digits = fc.nat(99).map((number) => (Math.floor(number / 10) << 4) | (number % 10));
  const length = replyData === 'any' ? fc.nat(MAX_DATA) : fc.constantFrom(...replyData);
  return length.chain((size) =>
    fc
      .oneof(fc.uint8Array({ minLength: size, maxLength: size }), fc.array(digits, { minLength: size, maxLength: size }))
      .map((data) => Uint8Array.from(data)),
  );
}

const exchange = command.chain((asked) => fc.tuple(fc.constant(asked), address, dataOf(asked)));
const replyOf = (asked: Command200<unknown>, from: number, data: Uint8Array) => encodeFrame(from, [asked.body[0] ?? 0, ...data]);
const match = (asked: Command200<unknown>, from: number, received: Uint8Array, request?: Uint8Array) =>
  matchReply(from, asked.body[0] ?? 0, asked.replyData, received, request === undefined ? {} : { request });

describe('a frame', () => {
  test('carries the checksum that a library computes, and comes apart into what it was made of', () => {
    fc.assert(
      fc.property(address, fc.uint8Array({ minLength: 1, maxLength: 33 }), (to, body) => {
        const frame = encodeFrame(to, body);
        const crc = crc16modbus(Buffer.from(frame.subarray(0, -2)));
        expect([...frame.subarray(-2)]).toEqual([crc & 0xff, crc >> 8]);
        expect(frameAddress(frame)).toBe(to);
        expect(frameBody(frame)).toEqual(Uint8Array.from(body));
      }),
    );
  });
});

describe('a reply', () => {
  test('is found whole, after an echo and before noise', () => {
    fc.assert(
      fc.property(exchange, fc.uint8Array({ maxLength: 3 }), ([asked, from, data], noise) => {
        const request = encodeFrame(from, asked.body);
        const reply = replyOf(asked, from, data);
        fc.pre(Buffer.compare(request, reply) !== 0);
        const found = match(asked, from, Uint8Array.from([...request, ...reply, ...noise]), request);
        if (found.kind !== 'frame' && found.kind !== 'tentative') throw new Error(found.kind);
        // Where any length is legal a shorter frame may be whole by chance: its bytes are a part of the reply all the same.
        if (asked.replyData === 'any') expect(reply.subarray(0, found.frame.length)).toEqual(found.frame);
        else expect(found.frame).toEqual(reply);
      }),
    );
  });

  test('is not found in any of its beginnings', () => {
    fc.assert(
      fc.property(exchange, ([asked, from, data]) => {
        fc.pre(asked.replyData !== 'any');
        const reply = replyOf(asked, from, data);
        for (let length = 0; length < reply.length; length += 1) {
          const found = match(asked, from, reply.subarray(0, length));
          // Two legal lengths: the shorter frame may be whole by chance.
          if (found.kind === 'frame') expect(found.frame.length).toBeLessThan(reply.length);
          else expect(found.kind).not.toBe('tentative');
        }
      }),
    );
  });

  test('with one bit turned is no reply', () => {
    fc.assert(
      fc.property(exchange, ([asked, from, data]) => {
        const reply = replyOf(asked, from, data);
        for (let bit = 0; bit < reply.length * 8; bit += 1) {
          const turned = Uint8Array.from(reply, (value, index) => (index === bit >> 3 ? value ^ (1 << (bit & 7)) : value));
          const found = match(asked, from, turned);
          if (found.kind === 'frame' || found.kind === 'tentative') expect(found.frame.length).toBeLessThan(reply.length);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('of another meter or to another command is not taken', () => {
    fc.assert(
      fc.property(exchange, address, byte, ([asked, from, data], other, code) => {
        fc.pre(asked.replyData !== 'any' && other !== from && code !== asked.body[0]);
        const wanted = match(asked, from, encodeFrame(other, [asked.body[0] ?? 0, ...data]));
        expect(wanted).toEqual({ kind: 'damaged', code: 'transport/wrong-address' });
        expect(match(asked, from, encodeFrame(from, [code, ...data])).kind).not.toBe('frame');
      }),
    );
  });

  test('that is a copy of the request is an echo', () => {
    for (const asked of COMMANDS_200) {
      const request = encodeFrame(411_486, asked.body);
      expect(match(asked, 411_486, request, request).kind, asked.label).not.toBe('frame');
    }
  });
});

describe('every command', () => {
  test('is known again by its bytes, and its name by its reply alone where that can be', () => {
    for (const asked of COMMANDS_200) {
      expect(commandOf(asked.body), asked.label).toMatchObject({ name: asked.name, body: asked.body, replyData: asked.replyData });
    }
    expect(commandOfReply(0x27, new Uint8Array(16))?.name).toBe('active-energy');
    expect(commandOfReply(0x37, new Uint8Array(32))).toBeNull();
  });

  test('makes a value or a ProtocolError of any data, and never reads past the end', () => {
    fc.assert(
      fc.property(command, fc.uint8Array({ maxLength: 40 }), (asked, data) => {
        for (const use of [asked.parse, asked.fields]) {
          try {
            use(data);
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
            expect((error as AppError).context).toMatchObject({ offset: expect.any(Number), expectation: expect.any(String) });
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('places its fields inside the data', () => {
    fc.assert(
      fc.property(exchange, ([asked, , data]) => {
        try {
          for (const { offset, length, name } of asked.fields(data)) {
            expect(offset, name).toBeGreaterThanOrEqual(0);
            expect(offset + length, name).toBeLessThanOrEqual(data.length);
          }
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });
});

test('any bytes are explained or refused in words', () => {
  const bytes = fc.option(
    fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      exchange.map(([asked, from, data]) => replyOf(asked, from, data)),
    ),
    { nil: null },
  );
  fc.assert(
    fc.property(bytes, bytes, (request, response) => {
      const result = decode200(request, response);
      if (!result.ok) expect(result.error.code).not.toBe('bug');
    }),
    { numRuns: 2000 },
  );
});

test('serial numbers are found among any bytes, and only with a good checksum', () => {
  fc.assert(
    fc.property(address, fc.integer({ min: 1, max: 99_999_999 }), fc.uint8Array({ maxLength: 9 }), (from, serial, noise) => {
      const reply = encodeFrame(from, [0x2f, serial >>> 24, (serial >> 16) & 0xff, (serial >> 8) & 0xff, serial & 0xff]);
      const found = serialReplies(Uint8Array.from([...noise, ...reply, ...noise]));
      expect(found).toContainEqual({ address: from, serial: String(serial).padStart(8, '0'), offset: noise.length, length: 11 });
      expect(serialReplies(reply.subarray(0, -1))).toEqual([]);
      expect(frameData(reply)).toHaveLength(4);
    }),
  );
});
