/** Status replies `addr status crc` and what follows from them (mercury.md 1.2). */
import type { ErrorCode } from '../../../shared/api/errors.ts';
import { ProtocolError } from '../protocol-error.ts';

/** Whole length of a status reply. */
export const STATUS_LENGTH = 4;

const CONSEQUENCES: Readonly<Record<number, { readonly code: ErrorCode; readonly meaning: string; readonly hint?: string }>> = {
  1: { code: 'meter/unsupported', meaning: 'bad command or parameter' },
  2: { code: 'meter/refused', meaning: 'internal error of the meter' },
  3: { code: 'session/denied', meaning: 'access level too low', hint: 'Give the meter access level 2 and its password' },
  4: { code: 'meter/refused', meaning: 'the clock was already corrected today' },
  5: { code: 'session/closed', meaning: 'the channel is not open' },
};

/** Only 00..05 and, in "repeat code" mode, 80..85 are statuses: other four-byte frames are chance (mercury.md 13.4). */
export function isStatusByte(byte: number): boolean {
  return (byte & 0x7f) <= 5;
}

/** 80..85: the high nibble tells that replies repeat the code of the request (mercury.md 1.2). */
export function isRepeatStatus(byte: number): boolean {
  return byte >= 0x80 && isStatusByte(byte);
}

/** What follows from "repeat request code" mode: nothing can be read until it is off. */
export function repeatModeError(label: string): ProtocolError {
  return new ProtocolError('meter/unsupported', `${label}: the meter repeats the code of the request in its replies`, {
    offset: 1,
    expectation: 'data without the code of the request',
    context: { command: label, repeatsCode: true },
    hint: "Switch the mode off with the maker's configurator: bit 7 of the link parameters (03 15, and 03 14 for the additional interface)",
  });
}

/** Meaning of the low nibble, for people. */
export function statusMeaning(status: number): string {
  return (status & 0x0f) === 0 ? 'done' : (CONSEQUENCES[status & 0x0f]?.meaning ?? 'unknown');
}

/**
 * What a status in place of data means for the one who asked. 0 says "done" where data were due: a late reply to
 * something else, hence a fault of the exchange.
 */
export function statusError(status: number, label: string): ProtocolError {
  const known = CONSEQUENCES[status & 0x0f];
  const context = { command: label, status };
  if (known === undefined) {
    return new ProtocolError('transport/unexpected-length', `${label}: a status reply (${status}) came in place of data`, {
      offset: 1,
      expectation: 'data',
      context,
    });
  }
  return new ProtocolError(known.code, `${label}: ${known.meaning} (status ${status & 0x0f})`, {
    offset: 1,
    expectation: 'status 0 or data',
    context,
    ...(known.hint === undefined ? {} : { hint: known.hint }),
  });
}
