import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import fastify from 'fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type ApiServer, type Outcome, serverOf } from '../../shared/api/dispatch.ts';
import { AppError, errorShape } from '../../shared/api/errors.ts';
import type { ErrorCode } from '../../shared/api/errors.ts';
import { METHODS } from '../../shared/api/methods.ts';
import type { Logger } from '../platform/logger.ts';
import { hasKnownHost, hasOwnOrigin } from './origin.ts';
import { SCREEN_HEADERS } from './screen-headers.ts';
import { SOCKET_PROTOCOL, serveSocket, tokenOfSocket } from './socket.ts';
import { isSameToken } from './token.ts';

export interface HttpOptions {
  readonly api: ApiServer;
  /** Loopback unless the owner of the plant's network decides otherwise. */
  readonly host?: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly token: string;
  /** Folder of the built screens; `null` serves the API alone. */
  readonly screensFolder: string | null;
  readonly logger: Logger;
}

export interface HttpServer {
  /** With the real port, without a path: `http://127.0.0.1:8710`. */
  readonly url: string;
  /** Ends open requests and sockets. */
  close(): Promise<void>;
}

/** An import file of a few thousand points is below 1 MB; base64 adds a third. */
const BODY_LIMIT_BYTES = 12 * 1024 * 1024;

/**
 * The API over HTTP and WebSocket, and the screens. Routes: `POST /api/call/:method` with a bearer token and the
 * parameters as JSON, `GET /api/health` without a token, `GET /api/socket` as a WebSocket (see serveSocket); calls and
 * sockets with `?workspace=training` go to the training plant.
 * Rejects with `api/conflict` when the port is taken.
 */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { api, host = '127.0.0.1', port, token, screensFolder, logger } = options;
  const app = fastify({ bodyLimit: BODY_LIMIT_BYTES, forceCloseConnections: true });

  // Before the hooks below: a socket that they refuse is closed by this plugin.
  await app.register(fastifyWebsocket, {
    preClose(done) {
      // No waiting for the answer of a client that may hang.
      for (const client of app.websocketServer.clients) {
        client.close(1001, 'Feeder stops');
        client.terminate();
      }
      app.websocketServer.close(() => done());
    },
    options: {
      maxPayload: BODY_LIMIT_BYTES,
      handleProtocols: (protocols: Set<string>) => (protocols.has(SOCKET_PROTOCOL) ? SOCKET_PROTOCOL : false),
    },
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SCREEN_HEADERS);
    if (!hasKnownHost(request.headers.host, host)) return refuse(reply, 403, 'api/forbidden', 'This host name is not served');
    if (!hasOwnOrigin(request.headers.origin, request.headers.host))
      return refuse(reply, 403, 'api/forbidden', 'Foreign pages are not served');
    if (request.url.startsWith('/api/')) reply.header('Cache-Control', 'no-store');
    return undefined;
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return refuse(reply, status, 'api/invalid-argument', error.message);
    logger.error({ error: error.stack ?? error.message }, 'A request failed');
    return refuse(reply, status, 'bug', 'Feeder failed inside; its log has the details');
  });
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'api/not-found', 'There is nothing at this address'));
  // JSON only, so that a page elsewhere cannot send a form; a call without parameters may come without a body.
  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, {});
    else void parseJson(request, body, done);
  });

  app.get('/api/health', () => ({ ok: true }));

  const requireBearer = async (request: FastifyRequest, reply: FastifyReply) => {
    const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined || !isSameToken(given, token)) return refuseToken(reply);
    return undefined;
  };
  app.post<{ Params: { method: string }; Querystring: { workspace?: string } }>(
    '/api/call/:method',
    { onRequest: requireBearer },
    async (request, reply) => {
      const { method } = request.params;
      const server = serverOf(api, request.query.workspace);
      if (server === null) return refuse(reply, 404, 'api/not-found', 'There is no such workspace');
      const outcome = await server.dispatch(method, request.body, { transport: 'http', role: 'administrator' });
      return reply.code(Object.hasOwn(METHODS, method) ? 200 : 404).send(outcome);
    },
  );

  const requireSocketToken = async (request: FastifyRequest, reply: FastifyReply) => {
    const given = tokenOfSocket(request.headers['sec-websocket-protocol']);
    if (given === null || !isSameToken(given, token)) return refuseToken(reply);
    return undefined;
  };
  app.get<{ Querystring: { workspace?: string } }>('/api/socket', { websocket: true, onRequest: requireSocketToken }, (socket, request) => {
    const server = serverOf(api, request.query.workspace);
    if (server === null) socket.close(1008, 'There is no such workspace');
    else serveSocket(socket, server, logger);
  });

  if (screensFolder !== null) await app.register(fastifyStatic, { root: screensFolder, cacheControl: false });

  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw listenError(error, host, port);
  }
  const address = app.server.address();
  const realPort = address === null || typeof address === 'string' ? port : address.port;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${realPort}`;
  logger.info({ url }, 'The API listens');
  return { url, close: () => app.close() };
}

function refuse(reply: FastifyReply, status: number, code: ErrorCode, message: string): FastifyReply {
  const outcome: Outcome<never> = { ok: false, error: errorShape(new AppError(code, message)) };
  return reply.code(status).send(outcome);
}

function refuseToken(reply: FastifyReply): FastifyReply {
  reply.header('WWW-Authenticate', 'Bearer');
  return refuse(reply, 401, 'api/unauthorised', 'The token is missing or wrong');
}

function listenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error;
  const message = code === 'EADDRINUSE' ? `Port ${port} is taken by another program` : `Port ${port} may not be opened`;
  return new AppError('api/conflict', message, {
    context: { host, port },
    hint: 'Choose another port, or 0 for any free one',
    cause: error,
  });
}
