import type { ApiServer } from '../../src/shared/api/dispatch.ts';
import { AppError } from '../../src/shared/api/errors.ts';
import { METHOD_NAMES, METHODS } from '../../src/shared/api/methods.ts';
import { createDispatch } from '../../src/main/api/dispatch.ts';
import type { Handlers } from '../../src/main/api/dispatch.ts';
import { ApiEvents } from '../../src/main/api/events.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { sampleOf } from './sample.ts';

export interface StubApi {
  readonly api: ApiServer;
  readonly events: ApiEvents;
}

/** The real dispatch over handlers that answer with a small valid result; the two named ones fail in the two ways a handler can. */
export function stubApi(): StubApi {
  const answers = METHOD_NAMES.map((name) => [name, () => sampleOf(METHODS[name].result, 'output')] as const);
  // One handler for each name by construction, each with a result that its own schema has just accepted.
  const handlers = Object.fromEntries(answers) as unknown as Handlers;
  const events = new ApiEvents(silentLogger);
  const dispatch = createDispatch(
    {
      ...handlers,
      'points.get': ({ pointId }) => {
        if (pointId === 404)
          throw new AppError('api/not-found', 'There is no such point', { context: { pointId }, hint: 'Ask points.tree' });
        if (pointId === 500) throw new Error('secret inside');
        return METHODS['points.get'].result.parse(sampleOf(METHODS['points.get'].result, 'output'));
      },
      'registers.list': ({ limit }) => ({ rows: [], total: limit }),
    },
    { logger: silentLogger, checkResults: true },
  );
  return { api: { dispatch, subscribe: (listener) => events.subscribe(listener) }, events };
}
