/** Explains a recorded exchange of a meter of the 200 family: any bytes in, fields or an error out. */
import { isSameBytes } from '../../../shared/domain/bytes.ts';
import { AppError, type ErrorShape, errorShape } from '../../../shared/api/errors.ts';
import type { DecodedField } from '../../../shared/api/methods.ts';
import { hexOf } from '../mercury/formats.ts';
import { ProtocolError } from '../protocol-error.ts';
import { type DataField, field } from '../mercury/fields.ts';
import { commandOf, commandOfReply } from './commands.ts';
import type { Command200 } from './command.ts';
import { ADDRESS_LENGTH, checkFrame, frameAddress, frameBody, frameData, matchReply } from './frame.ts';
import { writeOf } from './writes.ts';

/** One line of output of `feeder decode` (CLI contract). */
export type DecodeResult =
  | { readonly ok: true; readonly fields: readonly DecodedField[] }
  | { readonly ok: false; readonly error: ErrorShape };

/** Fields of a request and its response, either of which may be absent. Never throws: a reply names its command, so it is read alone as well. */
export function decode200(request: Uint8Array | null, response: Uint8Array | null): DecodeResult {
  try {
    if (request === null && response === null) throw new AppError('api/invalid-argument', 'There is neither a request nor a response');
    const asked = request === null ? [] : requestFields(request);
    const answered = response === null ? [] : responseFields(request, response);
    return { ok: true, fields: [...asked, ...answered] };
  } catch (error) {
    return { ok: false, error: errorShape(error) };
  }
}

function requestFields(request: Uint8Array): DecodedField[] {
  checkFrame(request);
  const body = frameBody(request);
  const command = commandOf(body);
  const parameters = body.length > 1 ? [field('parameters', hexOf(body.subarray(1)), null, 1, body.length - 1)] : [];
  return frameFields(request, 0, 'request', [codeField(command?.label, body), ...parameters]);
}

function responseFields(request: Uint8Array | null, response: Uint8Array): DecodedField[] {
  const body = request === null ? null : frameBody(request);
  const asked = body === null ? null : commandOf(body);
  const frame = request === null ? whole(response) : replyTo(request, asked, response);
  const start = frame.byteOffset - response.byteOffset;
  const end = start + frame.length;
  const data = frameData(frame);
  const command = asked ?? commandOfReply(frameBody(frame)[0] ?? -1, data);
  const parts =
    command === null || !isLegal(command, data) ? rest(data) : command.fields(data).map((part) => ({ ...part, offset: part.offset + 1 }));
  return [
    ...(start === 0 ? [] : [outside(request, response.subarray(0, start), 0)]),
    ...(end === response.length ? [] : [outside(null, response.subarray(end), end)]),
    ...frameFields(frame, start, 'response', [codeField(command?.name, frameBody(frame)), ...parts]),
  ];
}

/** The reply among what arrived: echo and noise around it are passed over. Throws what makes it no reply. */
function replyTo(request: Uint8Array, command: Command200<unknown> | null, response: Uint8Array): Uint8Array {
  const body = frameBody(request);
  const address = writeOf(body)?.replyAddress ?? frameAddress(request);
  const lengths = command?.replyData ?? 'any';
  const match = matchReply(address, body[0] ?? 0, lengths, response, { request });
  if (match.kind === 'frame' || match.kind === 'tentative') return match.frame;
  if (isSameBytes(request, response)) {
    throw new ProtocolError('transport/echo', 'The response is a copy of the request: the adapter hears itself', {
      offset: 0,
      expectation: 'a reply of the meter',
    });
  }
  const code = match.kind === 'incomplete' ? 'transport/short-frame' : match.code;
  if (code === 'transport/bad-checksum') checkFrame(response);
  throw new ProtocolError(code, `${command?.label ?? 'The request'}: no reply among the ${response.length} bytes of the response`, {
    offset: code === 'transport/short-frame' ? response.length : 0,
    expectation: lengths === 'any' ? 'a frame' : `${lengths.join(' or ')} data bytes`,
  });
}

function whole(response: Uint8Array): Uint8Array {
  checkFrame(response);
  return response;
}

function isLegal({ replyData }: Command200<unknown>, data: Uint8Array): boolean {
  return replyData === 'any' || replyData.includes(data.length);
}

function codeField(text: string | undefined, body: Uint8Array): DataField {
  return field('command', text ?? `code ${hexOf(body.subarray(0, 1))}`, null, 0, 1);
}

function rest(data: Uint8Array): DataField[] {
  return data.length === 0 ? [] : [field('data', hexOf(data), null, 1, data.length)];
}

/** Bytes before or after the reply. */
function outside(request: Uint8Array | null, bytes: Uint8Array, offset: number): DecodedField {
  const name = request !== null && isSameBytes(request, bytes) ? 'echo' : 'noise';
  return { name, value: hexOf(bytes), unit: null, bytes: [offset, bytes.length], in: 'response' };
}

/** Address, parts by their places in the body, checksum; `start` is the frame's place in the bytes given. */
function frameFields(frame: Uint8Array, start: number, side: 'request' | 'response', parts: readonly DataField[]): DecodedField[] {
  const end = frame.length - 2;
  return [
    { name: 'address', value: String(frameAddress(frame)), unit: null, bytes: [start, ADDRESS_LENGTH], in: side },
    ...parts.map(
      ({ name, value, unit, offset, length }): DecodedField => ({
        name,
        value,
        unit,
        bytes: [start + ADDRESS_LENGTH + offset, length],
        in: side,
      }),
    ),
    { name: 'crc', value: hexOf(frame.subarray(end)), unit: null, bytes: [start + end, 2], in: side },
  ];
}
