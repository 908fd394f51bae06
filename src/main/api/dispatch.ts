import type { z } from 'zod';
import type { CallContext, Dispatch, Outcome } from '../../shared/api/dispatch.ts';
import { AppError, errorShape } from '../../shared/api/errors.ts';
import { METHODS } from '../../shared/api/methods.ts';
import type { MethodName, MethodResult } from '../../shared/api/methods.ts';
import { hasRole } from '../../shared/api/roles.ts';
import type { Logger } from '../platform/logger.ts';

/** Parameters as a handler gets them: validated, defaults filled in. */
export type HandlerParams<N extends MethodName> = z.output<(typeof METHODS)[N]['params']>;

/** One handler for each method: a missing one does not compile. A handler throws AppError for what the caller should know. */
export type Handlers = {
  readonly [N in MethodName]: (params: HandlerParams<N>, context: CallContext) => Promise<MethodResult<N>> | MethodResult<N>;
};

export interface DispatchOptions {
  readonly logger: Logger;
  /** Also holds results against their schemas: tests and development, since it costs time on long lists. */
  readonly checkResults?: boolean;
}

type Schemas = {
  readonly [N in MethodName]: { readonly params: z.ZodType<HandlerParams<N>>; readonly result: z.ZodType<MethodResult<N>> };
};
const SCHEMAS: Schemas = METHODS;

/** More faults than a person reads help nobody. */
const FAULTS_SHOWN = 20;

export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}

/**
 * The one way into the handlers, whatever the transport: validates, calls, maps errors. The dispatch it returns never
 * rejects. Absent parameters count as `{}`. Errors: `api/not-found` for an unknown method, `api/forbidden` below the method's role,
 * `api/invalid-argument` with `details.faults` (path and message each), what the handler threw, or `bug` whose message says nothing of the inside.
 */
export function createDispatch(handlers: Handlers, options: DispatchOptions): Dispatch {
  const { logger, checkResults = false } = options;

  const call = async <N extends MethodName>(name: N, params: unknown, context: CallContext): Promise<MethodResult<N>> => {
    const { role } = METHODS[name];
    if (!hasRole(context.role, role)) {
      throw new AppError('api/forbidden', `${name} needs the role ${role}`, {
        context: { method: name, role: context.role, needed: role },
      });
    }
    const parsed = SCHEMAS[name].params.safeParse(params ?? {});
    if (!parsed.success) throw invalidArgument(name, parsed.error);
    const result = await handlers[name](parsed.data, context);
    if (checkResults) checkResult(name, result);
    return result;
  };

  return async (name, params, context): Promise<Outcome<unknown>> => {
    try {
      if (!isMethodName(name)) throw new AppError('api/not-found', 'There is no such method', { context: { method: name.slice(0, 100) } });
      return { ok: true, data: await call(name, params, context) };
    } catch (error) {
      if (error instanceof AppError && error.code !== 'bug') {
        logger.debug({ method: name, code: error.code, transport: context.transport }, error.message);
        return { ok: false, error: errorShape(error) };
      }
      logger.error({ method: name, transport: context.transport, ...describe(error) }, 'A method failed unexpectedly');
      return { ok: false, error: { code: 'bug', message: 'Feeder failed inside; its log has the details', details: { method: name } } };
    }
  };
}

function invalidArgument(name: MethodName, error: z.ZodError): AppError {
  const faults = error.issues.slice(0, FAULTS_SHOWN).map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const first = faults[0];
  const message = first === undefined ? 'Invalid parameters' : `${first.path === '' ? 'parameters' : first.path}: ${first.message}`;
  return new AppError('api/invalid-argument', message, { context: { method: name, faults } });
}

function checkResult(name: MethodName, result: unknown): void {
  const checked = SCHEMAS[name].result.safeParse(result);
  if (!checked.success) throw new AppError('bug', `The result of ${name} is not what the contract says`, { cause: checked.error });
}

function describe(error: unknown): { error: string; stack?: string | undefined; cause?: string } {
  if (!(error instanceof Error)) return { error: typeof error === 'string' ? error : 'a thrown value that is no Error' };
  const cause = error.cause instanceof Error ? { cause: error.cause.stack ?? error.cause.message } : {};
  return { error: error.message, stack: error.stack, ...cause };
}
