/** Every command of the 200 family with replies: published ones, and made ones of each legal length. */
import { crc16modbus } from 'crc';
import { AppError } from '../../src/shared/api/errors.ts';
import type { Command200 } from '../../src/main/protocol/mercury-200/command.ts';
import { commandOf, COMMANDS_200 } from '../../src/main/protocol/mercury-200/commands.ts';
import { decode200 } from '../../src/main/protocol/mercury-200/decode.ts';
import {
  ADDRESS_LENGTH,
  encodeFrame,
  frameAddress,
  frameBody,
  frameData,
  matchReply,
  MAX_DATA,
  SHORTEST_FRAME,
} from '../../src/main/protocol/mercury-200/frame.ts';
import { bytesOf, loadVectors200 } from '../unit/protocol/mercury-200/vectors.ts';
import { Dice, type FuzzFamily } from './fuzz.ts';

const ADDRESS = 41_744_475;
/** Data of a made reply whose length no document says. */
const SOME_DATA = 8;

interface Exchange200 {
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  readonly command: Command200<unknown>;
}

/** The family for the fuzzing. */
export function family200(seed: number): FuzzFamily {
  const exchanges = exchangesOf(new Dice(seed));
  const at = (index: number) => {
    const exchange = exchanges[index];
    if (exchange === undefined) throw new RangeError(`There is no exchange ${index}`);
    return exchange;
  };
  return {
    id: 'mercury-200',
    headLength: ADDRESS_LENGTH + 1,
    exchanges,
    judge: (index, received) => {
      const { request, command, response } = at(index);
      const match = matchReply(frameAddress(response), command.body[0] ?? 0, command.replyData, received, { request });
      const result = decode200(request, received);
      if (!result.ok && result.error.code === 'bug') throw new Error(result.error.message);
      if (match.kind !== 'frame' && match.kind !== 'tentative') return null;
      try {
        command.parse(frameData(match.frame));
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'bug') throw error;
      }
      return match.frame;
    },
    isSound: (index, frame) => frameAddress(frame) === frameAddress(at(index).response) && crc16modbus(Buffer.from(frame)) === 0,
    windows: (index, received) => {
      const { command, response } = at(index);
      const { replyData, body } = command;
      let windows = 0;
      for (let start = 0; start + SHORTEST_FRAME <= received.length; start += 1) {
        if (received[start + ADDRESS_LENGTH] !== body[0] || frameAddress(received, start) !== frameAddress(response)) continue;
        const room = received.length - start - SHORTEST_FRAME;
        windows += replyData === 'any' ? Math.min(room, MAX_DATA) + 1 : replyData.filter((length) => length <= room).length;
      }
      return windows;
    },
  };
}

/** A reply that begins with a copy of its request is taken for an echo: it is left out. */
function exchangesOf(dice: Dice): readonly Exchange200[] {
  const published = loadVectors200().flatMap(({ request_hex, response_hex }) => {
    if (request_hex === null || response_hex === null) return [];
    const request = bytesOf(request_hex);
    const command = commandOf(frameBody(request));
    return command === null ? [] : [{ request, response: bytesOf(response_hex), command }];
  });
  const made = COMMANDS_200.flatMap((command) => {
    const code = command.body[0] ?? 0;
    // A new address answers the write itself.
    const from = code === 0x00 ? new DataView(command.body.buffer, command.body.byteOffset).getUint32(1) : ADDRESS;
    const request = encodeFrame(ADDRESS, command.body);
    const lengths = command.replyData === 'any' ? [SOME_DATA] : command.replyData;
    return lengths.map((length) => ({
      request,
      response: encodeFrame(from, [code, ...Array.from({ length }, () => dice.roll(256))]),
      command,
    }));
  });
  return [...published, ...made].filter(({ request, response }) => Buffer.compare(request, response.subarray(0, request.length)) !== 0);
}
