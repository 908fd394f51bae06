/** From the bytes of an exchange to its fields, whatever the driver: what "where from" and the command line show. */
import type { DecodedField } from '../shared/api/methods.ts';
import type { DriverId } from '../shared/domain/point.ts';
import { decode } from './protocol/mercury/decode.ts';

export interface ExplainContext {
  readonly constantImpPerKwh: number | null;
  readonly firmware: string | null;
}

/** Fields of a request and its response; none when this version has no decoder for the driver or the bytes make no sense. */
export function explainExchange(driver: DriverId, request: Uint8Array, response: Uint8Array, context: ExplainContext): DecodedField[] {
  if (driver !== 'mercury-23x') return [];
  const result = decode(request, response, {
    ...(context.constantImpPerKwh === null ? {} : { constant_imp_per_kwh: context.constantImpPerKwh }),
    ...(context.firmware === null ? {} : { firmware: context.firmware }),
  });
  return result.ok ? [...result.fields] : [];
}
