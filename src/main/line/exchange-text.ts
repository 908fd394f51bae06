import type { ErrorCode } from '../../shared/api/errors.ts';
import type { ExchangeRequest } from '../../shared/domain/exchange.ts';

/** A place among bytes: [from, to). */
export type ByteRange = readonly [from: number, to: number];

/** Bytes for a log or an error's context: `5E 00 39 D0`; only their number when they may hold a password, `**` where one stands. */
export function hexText(bytes: Uint8Array, isMasked: boolean, passwords: readonly ByteRange[] = []): string {
  if (isMasked) return `(${bytes.length} bytes, not shown)`;
  const text = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase());
  for (const [from, to] of passwords) text.fill('**', from, to);
  return text.join(' ');
}

const FAILURES: Readonly<Partial<Record<ErrorCode, string>>> = {
  'transport/timeout': 'no answer',
  'transport/short-frame': 'the answer broke off',
  'transport/bad-checksum': 'the answer came damaged',
  'transport/wrong-address': 'the answer came from another address',
  'transport/unexpected-length': 'the answer has another length than was asked for',
  'transport/echo': 'only our own request came back',
};

/** One sentence for people: what was asked and what became of it. */
export function failureText(code: ErrorCode, request: ExchangeRequest): string {
  return `${request.label}: ${FAILURES[code] ?? code}`;
}
