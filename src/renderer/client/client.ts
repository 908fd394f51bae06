import type { ApiClient, ApiEvent } from '../../shared/api/dispatch.ts';
import { AppError } from '../../shared/api/errors.ts';
import type { EventName, EventPayload } from '../../shared/api/events.ts';
import type { MethodName, MethodParams, MethodResult } from '../../shared/api/methods.ts';
import type { Transport } from './transport.ts';

/** The typed contract over any transport. Calls reject with AppError. */
export function apiClient(transport: Transport): ApiClient {
  return {
    async call<N extends MethodName>(name: N, params: MethodParams<N>): Promise<MethodResult<N>> {
      const outcome = await transport.call(name, params);
      // The one place where the contract is taken on trust: the server checks its results against it in its tests.
      if (outcome.ok) return outcome.data as MethodResult<N>;
      const { code, message, hint, details } = outcome.error;
      throw new AppError(code, message, {
        ...(hint === undefined ? {} : { hint }),
        ...(details === undefined ? {} : { context: details }),
      });
    },
    on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
      return transport.subscribe((event) => {
        if (isNamed(event, name)) listener(event.payload);
      });
    },
  };
}

function isNamed<N extends EventName>(event: ApiEvent, name: N): event is ApiEvent<N> {
  return event.name === name;
}
