/** Every request of the 23x family with replies: published ones, and made ones where none is published. */
import { crc16modbus } from 'crc';
import { AppError } from '../../src/shared/api/errors.ts';
import { type Command, parseReply } from '../../src/main/protocol/mercury/command.ts';
import { commandOf } from '../../src/main/protocol/mercury/commands.ts';
import { decode } from '../../src/main/protocol/mercury/decode.ts';
import { encodeFrame, frameData, isDoubtful, matchReply } from '../../src/main/protocol/mercury/frame.ts';
import { isStatusByte, STATUS_LENGTH } from '../../src/main/protocol/mercury/status.ts';
import { bytesOf, loadVectors } from '../unit/protocol/mercury/vectors.ts';
import { Dice, type FuzzFamily, type GenuineExchange } from './fuzz.ts';

/** One request of every layout; the replies to them are made. */
export const EVERY_REQUEST: readonly string[] = [
  '00',
  '01 01 01 01 01 01 01 01',
  '02',
  ...['00 1E 01', '05 40', '06 03 01', '08', '0C 00 55 10 03 05 03 08 01', '0D 00 00 12', '12 01 00 00 10 00 05'].map(
    (write) => `03 ${write}`,
  ),
  ...['14 03 01', '15 00', '16', '18 01', '19 02 07 03 03 07 10', '1B 00 01 00 01', '1E 0B 08 00 00 00'].map((write) => `03 ${write}`),
  '03 1D 02 00 02 00 40 00 27 00 69 00 2B 00 72 00 34 00 56 00 38',
  '03 1F 01 31 31 31 31 31 31 41 41 41 41 41 41',
  ...['21', '26 00 1E', '2C 00 01 F4', '2D 01', '2E 01 00 00 10 00', '2F 00', '30 01', '31 00', '32 01'].map((write) => `03 ${write}`),
  ...['00', '01 03', '01 FF', '02 FE', '0A 05', '0A FF', '0A FE', '12 00', '13 05', '13 FE', '14 FF'].map((journal) => `04 ${journal}`),
  ...['20 FE', '2F 63', '30 FA', '31 00', '32 F9 07', '87 00', '87 FE'].map((journal) => `04 ${journal}`),
  ...['00 00', '3B 04', '00 06', '60 00', '60 06', 'C0 05'].map((energy) => `05 ${energy}`),
  ...['03 00 10 0F', '83 00 10 FF', '05 00 10 0F', '05 00 10 FF', '13 00 10 10', '43 00 10 02', '02 06 A6 10'].map((read) => `06 ${read}`),
  ...['00', '01', '01 00', '02', '03', '04', '05', '07', '08', '08 00', '09', '0A', '0B', '0C 02', '0D 01', '12', '13', '15'].map(
    (read) => `08 ${read}`,
  ),
  ...['17', '18', '19', '1A 01', '1B', '1C', '1D', '1E', '1F', '20', '21', '22 02 00 02', '23 0B', '24', '26', '2B', '2D', '2F'].map(
    (read) => `08 ${read}`,
  ),
  ...['11 00', '11 12', '11 20', '11 30', '11 40', '11 61', '11 70', '14 00', '14 11', '14 30', '14 40', '14 E0', '14 F1'].map(
    (read) => `08 ${read}`,
  ),
  ...['16 00', '16 11', '16 30', '16 40', '16 51', '16 61', '16 70', '16 81', '16 A0'].map((read) => `08 ${read}`),
  '15 00 00',
  '16 03 00 00 01',
  '16 05 00 10 11',
  '17 33 00',
  '18 00 23 06 19 02',
  '18 03 01 06 19 00',
];

const ADDRESS = 0x42;

/** Exchanges of the family: those that are published, then each request with a reply of each legal length and a status. */
export function exchanges23x(seed: number): readonly GenuineExchange[] {
  // A published echo is no reply.
  const published = loadVectors().flatMap(({ id, request_hex, response_hex }) =>
    request_hex === null || response_hex === null || id.startsWith('echo-')
      ? []
      : [{ request: bytesOf(request_hex), response: bytesOf(response_hex) }],
  );
  const dice = new Dice(seed);
  // Status 2 after 02 would be a copy of the request.
  const made = EVERY_REQUEST.flatMap((body) => {
    const request = encodeFrame(ADDRESS, bytesOf(body));
    const { replyLengths, replyAddress = ADDRESS } = known(request);
    return [STATUS_LENGTH, ...replyLengths].map((length) => ({
      request,
      response: encodeFrame(
        replyAddress,
        length === STATUS_LENGTH ? [dice.roll(2)] : Array.from({ length: length - 3 }, () => dice.roll(256)),
      ),
    }));
  });
  return [...published, ...made];
}

/** The family for the fuzzing. */
export function family23x(seed: number): FuzzFamily {
  const exchanges = exchanges23x(seed).map(({ request, response }) => {
    const command = known(request);
    return { request, response, command, address: command.replyAddress ?? request[0] ?? 0 };
  });
  const at = (index: number) => {
    const exchange = exchanges[index];
    if (exchange === undefined) throw new RangeError(`There is no exchange ${index}`);
    return exchange;
  };
  return {
    id: 'mercury-23x',
    headLength: 1,
    exchanges,
    judge: (index, received) => {
      const { request, command, address } = at(index);
      const match = matchReply(address, command.replyLengths, received, command.replyMayEqualRequest === true ? {} : { request });
      const result = decode(request, received);
      if (!result.ok && result.error.code === 'bug') throw new Error(result.error.message);
      if (match.kind !== 'frame' && match.kind !== 'tentative') return null;
      try {
        parseReply(command, match.frame);
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'bug') throw error;
      }
      // A session believes it only when it has come twice.
      return isDoubtful(match.frame) ? null : match.frame;
    },
    isSound: (index, frame) => frame[0] === at(index).address && crc16modbus(Buffer.from(frame)) === 0,
    windows: (index, received) => {
      const { request, command, address } = at(index);
      return windowsOf(received, address, request[1] ?? 0, command.replyLengths);
    },
  };
}

/** Places where a reply, a status at the end, or a reply that repeats the code would be taken for a good checksum. */
function windowsOf(received: Uint8Array, address: number, code: number, lengths: readonly number[]): number {
  let windows = 0;
  for (let start = 0; start + STATUS_LENGTH <= received.length; start += 1) {
    if (received[start] !== address) continue;
    const room = received.length - start;
    for (const length of lengths) {
      if (length <= room) windows += 1;
      if (length < room && received[start + 1] === code) windows += 1;
    }
    if (room <= STATUS_LENGTH + 3 && isStatusByte(received[start + 1] ?? 0xff)) windows += 1;
    if (room > STATUS_LENGTH && received[start + 1] === code) windows += 1;
  }
  return windows;
}

function known(request: Uint8Array): Command<unknown> {
  const command = commandOf(frameData(request));
  if (command === null) throw new Error(`Nothing knows the request ${Buffer.from(request).toString('hex')}`);
  return command;
}
