/** Explains a recorded exchange of a 23x meter: any bytes in, fields or an error out. */
import { isSameBytes } from '../../../shared/domain/bytes.ts';
import type { DecodedField } from '../../../shared/api/methods.ts';
import { AppError, type ErrorShape, errorShape } from '../../../shared/api/errors.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { Command } from './command.ts';
import { commandOf } from './commands.ts';
import { explainBody, explainData } from './explain.ts';
import type { DataField, DecodeContext } from './fields.ts';
import { hexOf } from './formats.ts';
import { checkFrame, frameData, matchReply, repeatsCode } from './frame.ts';
import { isStatusByte, STATUS_LENGTH, statusMeaning } from './status.ts';

/** One line of output of `feeder decode` (CLI contract). */
export type DecodeResult =
  | { readonly ok: true; readonly fields: readonly DecodedField[] }
  | { readonly ok: false; readonly error: ErrorShape };

/**
 * Fields of a request and its response, either of which may be absent. Never throws. Without the request a response can
 * only be split into address, data and checksum: it carries no command code.
 */
export function decode(request: Uint8Array | null, response: Uint8Array | null, context: DecodeContext = {}): DecodeResult {
  try {
    if (request === null && response === null) throw new AppError('api/invalid-argument', 'There is neither a request nor a response');
    const asked = request === null ? [] : requestFields(request);
    const answered = response === null ? [] : responseFields(request, response, context);
    return { ok: true, fields: [...asked, ...answered] };
  } catch (error) {
    return { ok: false, error: errorShape(error) };
  }
}

function requestFields(request: Uint8Array): DecodedField[] {
  checkFrame(request);
  const body = frameData(request);
  const command = commandOf(body);
  const parameters = command === null ? [rest(body, 1)] : explainBody(command, body);
  const code = {
    name: 'command',
    value: command?.label ?? `code ${hexOf(body.subarray(0, 1))}`,
    unit: null,
    offset: 0,
    length: command === null ? 1 : body.length,
  };
  return frameFields(request, 0, 'request', [code, ...parameters.filter(({ length }) => length > 0)]);
}

function responseFields(request: Uint8Array | null, response: Uint8Array, context: DecodeContext): DecodedField[] {
  const command = request === null ? null : commandOf(frameData(request));
  const frame = request === null ? whole(response) : command === null ? afterEcho(request, response) : replyTo(request, command, response);
  const start = frame.byteOffset - response.byteOffset;
  const data = frameData(frame);
  const isStatus = frame.length === STATUS_LENGTH && isStatusByte(data[0] ?? 0xff);
  const isRepeating = command !== null && !isStatus && repeatsCode(frame, command.body[0] ?? 0xff, command.replyLengths);
  const parts = isStatus
    ? statusFields(data[0] ?? 0)
    : command === null
      ? [rest(data, 0)]
      : isRepeating
        ? repeatingFields(command, data, context)
        : explainData(command, data, context);
  const around = [
    ...(start === 0 ? [] : [outside(request, response.subarray(0, start), 0)]),
    ...(start + frame.length === response.length ? [] : [outside(null, response.subarray(start + frame.length), start + frame.length)]),
  ];
  const isAmbiguous = request !== null && command?.replyMayEqualRequest === true && start === 0 && isSameBytes(request, frame);
  const echo: DecodedField[] = isAmbiguous
    ? [{ name: 'echo.possible', value: 'true', unit: null, bytes: [0, frame.length], in: 'response' }]
    : [];
  return [...around, ...frameFields(frame, start, 'response', parts), ...echo];
}

/** The reply among what arrived: echo and noise around it are passed over. Throws what makes it no reply. */
function replyTo(request: Uint8Array, command: Command<unknown>, response: Uint8Array): Uint8Array {
  const address = command.replyAddress ?? request[0] ?? 0;
  const isEchoPossible = command.replyMayEqualRequest === true;
  const match = matchReply(address, command.replyLengths, response, isEchoPossible ? {} : { request });
  if (match.kind === 'frame' || match.kind === 'tentative') return match.frame;
  if (isSameBytes(request, response)) {
    throw new ProtocolError('transport/echo', 'The response is a copy of the request: the adapter hears itself', {
      offset: 0,
      expectation: 'a reply of the meter',
    });
  }
  const expectation = `${command.replyLengths.join(' or ')} bytes, or ${STATUS_LENGTH} with a status`;
  if (match.kind === 'incomplete') {
    // Four bytes are meant as a status: then the checksum is what is wrong.
    if (response.length === STATUS_LENGTH) checkFrame(response);
    throw new ProtocolError('transport/short-frame', `${command.label}: the response has ${response.length} bytes`, {
      offset: response.length,
      expectation,
    });
  }
  if (match.code === 'transport/bad-checksum') checkFrame(response);
  throw new ProtocolError(match.code, `${command.label}: no reply among the ${response.length} bytes of the response`, {
    offset: 0,
    expectation,
  });
}

/** A command that is not known: the whole response must be its reply, after a copy of the request at most. */
function afterEcho(request: Uint8Array, response: Uint8Array): Uint8Array {
  const hasEcho = response.length > request.length && isSameBytes(request, response.subarray(0, request.length));
  return whole(hasEcho ? response.subarray(request.length) : response);
}

function whole(response: Uint8Array): Uint8Array {
  checkFrame(response);
  return response;
}

/** A reply that repeats the code of its request: the rest is explained one byte further. */
function repeatingFields(command: Command<unknown>, data: Uint8Array, context: DecodeContext): DataField[] {
  const after = data.subarray(1);
  const parts = after.length === 1 && isStatusByte(after[0] ?? 0xff) ? statusFields(after[0] ?? 0) : explainData(command, after, context);
  return [
    { name: 'repeated_code', value: hexOf(data.subarray(0, 1)), unit: null, offset: 0, length: 1 },
    ...parts.map((part) => ({ ...part, offset: part.offset + 1 })),
  ];
}

function statusFields(status: number): DataField[] {
  return [
    { name: 'status', value: String(status), unit: null, offset: 0, length: 1 },
    { name: 'status.meaning', value: statusMeaning(status), unit: null, offset: 0, length: 1 },
  ];
}

function rest(data: Uint8Array, offset: number): DataField {
  return { name: 'data', value: hexOf(data.subarray(offset)), unit: null, offset, length: data.length - offset };
}

/** Bytes before or after the reply. */
function outside(request: Uint8Array | null, bytes: Uint8Array, offset: number): DecodedField {
  const name = request !== null && isSameBytes(request, bytes) ? 'echo' : 'noise';
  return { name, value: hexOf(bytes), unit: null, bytes: [offset, bytes.length], in: 'response' };
}

/** Address, parts by their places in the data, checksum; `start` is the frame's place in the bytes given. */
function frameFields(frame: Uint8Array, start: number, side: 'request' | 'response', parts: readonly DataField[]): DecodedField[] {
  const end = frame.length - 2;
  return [
    { name: 'address', value: String(frame[0] ?? 0), unit: null, bytes: [start, 1], in: side },
    ...parts.map(
      ({ name, value, unit, offset, length }): DecodedField => ({ name, value, unit, bytes: [start + 1 + offset, length], in: side }),
    ),
    { name: 'crc', value: hexOf(frame.subarray(end)), unit: null, bytes: [start + end, 2], in: side },
  ];
}
