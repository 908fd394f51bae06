/** From the bytes of an exchange to its fields, whatever the driver: what "where from" and the command line show. */
import type { DecodedField } from '../shared/api/methods.ts';
import type { DriverId } from '../shared/domain/point.ts';
import { decode200 } from './protocol/mercury-200/decode.ts';
import { decode } from './protocol/mercury/decode.ts';

export interface ExplainContext {
  readonly constantImpPerKwh: number | null;
  readonly firmware: string | null;
}

/** Fields of a request and its response; none when the bytes make no sense. */
export function explainExchange(driver: DriverId, request: Uint8Array, response: Uint8Array, context: ExplainContext): DecodedField[] {
  const result =
    driver === 'mercury-200'
      ? decode200(request, response)
      : decode(request, response, {
          ...(context.constantImpPerKwh === null ? {} : { constant_imp_per_kwh: context.constantImpPerKwh }),
          ...(context.firmware === null ? {} : { firmware: context.firmware }),
        });
  return result.ok ? [...result.fields] : [];
}
