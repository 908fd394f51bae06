import { AppError, type ErrorCode, type ErrorDetails } from '../../shared/api/errors.ts';

interface ProtocolErrorDetails extends ErrorDetails {
  /** Byte of the given bytes where reading failed, from 0. */
  readonly offset: number;
  /** What should have stood there. */
  readonly expectation: string;
}

/** Bytes that are not what the protocol says; `context` carries `offset` and `expectation`. The only error that a codec throws. */
export class ProtocolError extends AppError {
  constructor(code: ErrorCode, message: string, { offset, expectation, context, ...rest }: ProtocolErrorDetails) {
    super(code, message, { ...rest, context: { ...context, offset, expectation } });
    this.name = 'ProtocolError';
  }
}

/** Bytes of the right shape with an impossible meaning: bad BCD, month 13. */
export function implausible(message: string, offset: number, expectation: string): ProtocolError {
  return new ProtocolError('data/implausible', message, { offset, expectation });
}
