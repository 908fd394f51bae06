import { ProtocolError } from '../protocol-error.ts';
import { frameData, repeatsCode } from './frame.ts';
import { isRepeatStatus, isStatusByte, repeatModeError, STATUS_LENGTH, statusError } from './status.ts';

/** One request of the 23x family and what its reply means. */
export interface Command<T> {
  /** Same for every address and parameter of the command. */
  readonly name: string;
  /** What a meter is remembered to lack, where it may lack one parameter of the command and have another; the name otherwise. */
  readonly capability?: string;
  /** For logs and provenance, without secrets: `energy array 0 tariff 1`. */
  readonly label: string;
  /** Request without address and checksum. */
  readonly body: Uint8Array;
  /** Legal lengths of the whole reply, the most likely first (mercury.md 1.3). */
  readonly replyLengths: readonly number[];
  /** The body holds a password. */
  readonly isSecret?: true;
  /** The reply comes from this address instead of the one asked: the meter has just taken it (mercury.md 9). */
  readonly replyAddress?: number;
  /** A good reply may be a copy of the request: an echo cannot be told from it (mercury.md 13.1). */
  readonly replyMayEqualRequest?: true;
  /** Data bytes, without address and checksum, to the value. Throws ProtocolError; never reads past the end. */
  readonly parse: (data: Uint8Array) => T;
}

/**
 * Value of a reply frame whose checksum and address are good (`matchReply`). A status in place of data is thrown by its
 * consequence: `session/closed`, `session/denied`, `meter/unsupported`, `meter/refused`. A meter that repeats the code of its
 * requests is `meter/unsupported` with `repeatsCode` in the context: every value would stand one byte further.
 */
export function parseReply<T>(command: Command<T>, frame: Uint8Array): T {
  const status = frame[1] ?? 0xff;
  const isExpected = command.replyLengths.includes(frame.length);
  if (frame.length === STATUS_LENGTH && isRepeatStatus(status)) throw repeatModeError(command.label);
  if (isExpected) return command.parse(frameData(frame));
  if (repeatsCode(frame, command.body[0] ?? 0xff, command.replyLengths)) throw repeatModeError(command.label);
  if (frame.length === STATUS_LENGTH && isStatusByte(status)) throw statusError(status, command.label);
  throw new ProtocolError('transport/unexpected-length', `${command.label}: the reply has ${frame.length} bytes`, {
    offset: frame.length,
    expectation: `${command.replyLengths.join(' or ')} bytes`,
    context: { command: command.label },
  });
}
