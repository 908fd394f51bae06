import type { ErrorShape } from './errors.ts';
import type { EventName, EventPayload } from './events.ts';
import type { MethodName, MethodParams, MethodResult } from './methods.ts';
import type { Role } from './roles.ts';

/** How results cross every transport: a rejected Electron `invoke` would lose the error's fields. */
export type Outcome<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: ErrorShape };

/** Whose data a client looks at: those of the site, or those of the training plant beside it. */
export const WORKSPACES = ['site', 'training'] as const;
export type Workspace = (typeof WORKSPACES)[number];

/** Who calls. Until there are users, whoever holds the token or the window is the administrator: the transports say so. */
export interface CallContext {
  readonly transport: 'ipc' | 'http' | 'websocket' | 'cli';
  readonly role: Role;
}

/** The one way in: validates the parameters, calls the handler, maps errors. Never rejects. */
export type Dispatch = (name: string, params: unknown, context: CallContext) => Promise<Outcome<unknown>>;

export interface ApiEvent<N extends EventName = EventName> {
  readonly name: N;
  readonly payload: EventPayload<N>;
}

export interface ApiServer {
  readonly dispatch: Dispatch;
  /** Returns the unsubscribe function. */
  subscribe(listener: (event: ApiEvent) => void): () => void;
  /** The same contract over the training plant; absent where there is none. */
  readonly training?: ApiServer;
}

/** The server of a workspace; `null` where there is none. */
export function serverOf(api: ApiServer, workspace: unknown): ApiServer | null {
  if (workspace === undefined || workspace === 'site') return api;
  return workspace === 'training' ? (api.training ?? null) : null;
}

/** The typed client's view of the contract. */
export interface ApiClient {
  /** Rejects with AppError. */
  call<N extends MethodName>(name: N, params: MethodParams<N>): Promise<MethodResult<N>>;
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
}
