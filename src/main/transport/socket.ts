import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { ApiServer, Outcome } from '../../shared/api/dispatch.ts';
import { AppError, errorShape } from '../../shared/api/errors.ts';
import type { Logger } from '../platform/logger.ts';

/** Subprotocols that a client offers: this one and `token.<token>`; the server picks this one, so the token is not echoed. */
export const SOCKET_PROTOCOL = 'feeder';
const TOKEN_PROTOCOL = 'token.';

/** What a client may leave unread. Past it the socket is dropped: the client connects anew and asks for the snapshots. */
const BUFFER_LIMIT_BYTES = 8 * 1024 * 1024;

const request = z.object({ id: z.union([z.string().max(100), z.number()]), method: z.string(), params: z.unknown().optional() });

type Frame =
  | { readonly id: string | number | null; readonly outcome: Outcome<unknown> }
  | { readonly event: string; readonly payload: unknown };

/** The token that a client offers in `Sec-WebSocket-Protocol`, which is the only header that a page can set; `null` without one. */
export function tokenOfSocket(header: string | undefined): string | null {
  const offered = (header ?? '').split(',').map((protocol) => protocol.trim());
  const carrier = offered.find((protocol) => protocol.startsWith(TOKEN_PROTOCOL));
  return carrier !== undefined && offered.includes(SOCKET_PROTOCOL) ? carrier.slice(TOKEN_PROTOCOL.length) : null;
}

/**
 * One client on a WebSocket. Frames are JSON text: client `{id, method, params}`, server `{id, outcome}` in the order
 * of completion and `{event, payload}` in the order of the events. A frame that is no request gets an outcome with
 * `id: null`.
 */
export function serveSocket(socket: WebSocket, api: ApiServer, logger: Logger): void {
  const send = (frame: Frame) => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > BUFFER_LIMIT_BYTES) {
      logger.warn({ bufferedBytes: socket.bufferedAmount }, 'A client does not read what it subscribed to: dropped');
      socket.terminate();
      return;
    }
    socket.send(JSON.stringify(frame));
  };

  const answer = async (text: string) => {
    const parsed = request.safeParse(parseJson(text));
    if (!parsed.success) {
      send({
        id: null,
        outcome: { ok: false, error: errorShape(new AppError('api/invalid-argument', 'A frame is {id, method, params}')) },
      });
      return;
    }
    const { id, method, params } = parsed.data;
    send({ id, outcome: await api.dispatch(method, params, { transport: 'websocket', role: 'administrator' }) });
  };

  const unsubscribe = api.subscribe((event) => send({ event: event.name, payload: event.payload }));
  socket.on('close', unsubscribe);
  socket.on('error', (error) => logger.warn({ error: error.message }, 'A client broke off'));
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) {
      socket.close(1003, 'Text frames only');
      return;
    }
    answer(data.toString('utf8')).catch((error: unknown) => {
      logger.error({ error: error instanceof Error ? error.stack : error }, 'A frame could not be answered');
      socket.terminate();
    });
  });
}

/** `undefined` for text that is no JSON; the schema then refuses it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
