/** What every family says in the same way: answers with their provenance, and faults with whom and what they are about. */
import { AppError } from '../../shared/api/errors.ts';
import type { CompletedExchange } from '../../shared/domain/exchange.ts';

/** A parsed reply with its provenance. */
export interface Answer<T> {
  readonly value: T;
  readonly exchange: CompletedExchange;
  /** The accepted frame. */
  readonly frame: Uint8Array;
}

/** Another meter answers at this address: `meter/wrong-serial` with both serials. */
export function wrongSerial(address: number, expected: string, actual: string): AppError {
  return new AppError('meter/wrong-serial', `Address ${address} is answered by meter ${actual}, not ${expected}`, {
    context: { address, expected, actual },
    hint: 'Check which meter hangs at this address: replace the meter in the plan or correct its serial',
  });
}

/** Silence to one question of a meter that answers others: `meter/unsupported`. */
export function silentTo(label: string, cause: AppError): AppError {
  return new AppError('meter/unsupported', `${label}: the meter stays silent, yet it answers other requests`, { cause });
}

/** The same fault with the meter and the command that it happened to. */
export function inContext(
  error: AppError,
  context: { readonly address: number; readonly serial: string | null; readonly command: string },
): AppError {
  return new AppError(error.code, error.message, {
    context: { ...error.context, ...context },
    cause: error,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  });
}
