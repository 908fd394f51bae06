import type { ErrorCode } from '../../shared/api/errors.ts';
import type { ExchangeRequest } from '../../shared/domain/exchange.ts';

/** Bytes for a log or an error's context: `5E 00 39 D0`; only their number when they may hold a password. */
export function hexText(bytes: Uint8Array, isMasked: boolean): string {
  if (isMasked) return `(${bytes.length} bytes, not shown)`;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
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
