import { createServer, request } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { METHODS } from '../../src/shared/api/methods.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { startHttp } from '../../src/main/transport/http.ts';
import type { HttpServer } from '../../src/main/transport/http.ts';
import { sampleOf } from '../support/sample.ts';
import { stubApi } from '../support/stub-api.ts';
import type { StubApi } from '../support/stub-api.ts';
import { TOKEN, openSocket } from './ways-in.ts';

const BEARER = { authorization: `Bearer ${TOKEN}` };
const JSON_BODY = { 'content-type': 'application/json' };

describe('the HTTP server', () => {
  let folder: string;
  let stub: StubApi;
  let server: HttpServer;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'feeder-http-'));
    mkdirSync(join(folder, 'screens/assets'), { recursive: true });
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    writeFileSync(join(folder, 'screens/index.html'), '<title>Feeder</title>');
    writeFileSync(join(folder, 'screens/assets/main.js'), 'export {};');
    stub = stubApi();
    server = await startHttp({ api: stub.api, port: 0, token: TOKEN, screensFolder: join(folder, 'screens'), logger: silentLogger });
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const call = (method: string, init: RequestInit = {}) =>
    fetch(`${server.url}/api/call/${method}`, { method: 'POST', headers: { ...BEARER, ...JSON_BODY }, body: '{}', ...init });

  /** fetch sets Host by itself; this does not. */
  const getWith = (path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      request(`${server.url}${path}`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });

  it.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['a token that only begins right', { authorization: `Bearer ${TOKEN}x` }],
    ['another scheme', { authorization: `Basic ${TOKEN}` }],
  ])('a call with %s is answered with 401 and reaches no handler', async (_title, headers) => {
    const response = await call('system.status', { headers: { ...JSON_BODY, ...headers } });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ ok: false, error: { code: 'api/unauthorised' } });
  });

  it.each([
    ['no protocols', []],
    ['no token', ['feeder']],
    ['a wrong token', ['feeder', 'token.wrong']],
    ['a token without the protocol of the product', [`token.${TOKEN}`]],
  ])('a socket with %s is refused before it opens', async (_title, protocols) => {
    await expect(openSocket(server.url, protocols)).rejects.toThrow('401');
  });

  it('the socket never echoes the token', async () => {
    const socket = await openSocket(server.url, [`token.${TOKEN}`, 'feeder']);
    expect(socket.protocol).toBe('feeder');
  });

  it('a host name that a foreign page could have rebound is refused', async () => {
    expect(await getWith('/api/health', { host: 'evil.example' })).toBe(403);
    expect(await getWith('/api/health', { host: `evil.example:${new URL(server.url).port}` })).toBe(403);
    expect(await getWith('/api/health', { host: 'localhost:1' })).toBe(200);
    expect(await getWith('/', { host: '127.0.0.1.evil.example' })).toBe(403);
  });

  it('a page of another origin reaches neither calls nor the socket', async () => {
    const foreign = { origin: 'http://evil.example' };
    expect((await call('system.status', { headers: { ...BEARER, ...JSON_BODY, ...foreign } })).status).toBe(403);
    await expect(openSocket(server.url, ['feeder', `token.${TOKEN}`], foreign)).rejects.toThrow('403');
    const own = await openSocket(server.url, ['feeder', `token.${TOKEN}`], { origin: server.url });
    expect(own.readyState).toBe(own.OPEN);
  });

  it('health needs no token and tells nothing else', async () => {
    const response = await fetch(`${server.url}/api/health`);
    expect(await response.text()).toBe('{"ok":true}');
  });

  it('an unknown method is 404, an error of a known one is 200 with the outcome', async () => {
    expect((await call('no.such')).status).toBe(404);
    const response = await call('points.get', { body: '{"pointId":404}' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ ok: false, error: { code: 'api/not-found' } });
  });

  it('a body that is no JSON, of another type or too long is refused with an outcome', async () => {
    const broken = await call('system.status', { body: '{"a":' });
    expect(broken.status).toBe(400);
    expect(await broken.json()).toMatchObject({ ok: false, error: { code: 'api/invalid-argument' } });
    expect((await call('system.status', { body: '{"__proto__":{}}' })).status).toBe(400);
    expect((await call('system.status', { headers: { ...BEARER, 'content-type': 'text/plain' } })).status).toBe(415);
    const long = await call('import.check', { body: JSON.stringify({ fileBase64: 'A'.repeat(12 * 1024 * 1024) }) });
    expect(long.status).toBe(413);
  });

  it('an import file of 8 MB passes', async () => {
    const response = await call('import.check', { body: JSON.stringify({ fileBase64: 'A'.repeat(11_000_000) }) });
    expect(await response.json()).toMatchObject({ ok: true });
  });

  it('the screens come with headers that allow their own scripts only', async () => {
    const response = await fetch(`${server.url}/`);
    expect(await response.text()).toBe('<title>Feeder</title>');
    const csp = response.headers.get('content-security-policy') ?? '';
    expect(csp).toContain("script-src 'self'");
    expect(csp).toContain("frame-ancestors 'none'");
    expect(csp).not.toMatch(/script-src[^;]*unsafe/);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect((await fetch(`${server.url}/assets/main.js`)).headers.get('content-type')).toMatch(/javascript/);
  });

  it.each(['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/..%5c..%5csecret.txt'])(
    '%s leads out of the screens: refused',
    async (path) => {
      expect(await getWith(path, {})).toBeGreaterThanOrEqual(400);
    },
  );

  it('a frame that is no request gets an outcome without an id and the socket lives on', async () => {
    const socket = await openSocket(server.url, ['feeder', `token.${TOKEN}`]);
    const answers: unknown[] = [];
    for (const frame of ['no json', '[]', '{"id":{},"method":"system.status"}', '{"id":"a","method":"settings.get"}']) {
      socket.send(frame);
      const [data] = (await once(socket, 'message')) as [Buffer];
      answers.push(JSON.parse(data.toString()));
    }
    const refused = { id: null, outcome: { ok: false, error: { code: 'api/invalid-argument' } } };
    expect(answers).toMatchObject([refused, refused, refused, { id: 'a', outcome: { ok: true } }]);
  });

  it('a binary frame ends the socket', async () => {
    const socket = await openSocket(server.url, ['feeder', `token.${TOKEN}`]);
    socket.send(Buffer.from([1, 2, 3]));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1003);
  });

  it('a client that does not read is dropped, others go on', async () => {
    const slow = await openSocket(server.url, ['feeder', `token.${TOKEN}`]);
    const closed = once(slow, 'close');
    slow.pause();
    const quick = await openSocket(server.url, ['feeder', `token.${TOKEN}`]);
    const status = METHODS['system.status'].result.parse(sampleOf(METHODS['system.status'].result, 'output'));
    const heavy = { ...status, product: 'x'.repeat(1024 * 1024) };
    // The kernel's buffers take a few MB before the server sees that nobody reads.
    for (let sent = 0; sent < 40; sent += 1) {
      const heard = once(quick, 'message');
      stub.events.emit('status.changed', heavy);
      await heard;
    }
    slow.resume();
    const [code] = (await closed) as [number];
    expect(code).toBe(1006);
    expect(quick.readyState).toBe(quick.OPEN);
  });

  it('closing ends open sockets and forgets their subscriptions', async () => {
    let subscriptions = 0;
    const counted = await startHttp({
      api: {
        dispatch: stub.api.dispatch,
        subscribe: () => {
          subscriptions += 1;
          return () => {
            subscriptions -= 1;
          };
        },
      },
      port: 0,
      token: TOKEN,
      screensFolder: null,
      logger: silentLogger,
    });
    const socket = await openSocket(counted.url, ['feeder', `token.${TOKEN}`]);
    expect(subscriptions).toBe(1);
    const closed = once(socket, 'close');
    await counted.close();
    await closed;
    await vi.waitFor(() => expect(subscriptions).toBe(0));
    await expect(fetch(`${counted.url}/api/health`)).rejects.toThrow('fetch failed');
  });

  it('closing does not wait for a client that hangs', async () => {
    const hanging = await openSocket(server.url, ['feeder', `token.${TOKEN}`]);
    hanging.pause();
    await server.close();
    hanging.terminate();
  }, 5_000);

  it('a taken port is a conflict that says what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const start = startHttp({ api: stub.api, port, token: TOKEN, screensFolder: null, logger: silentLogger });
    await expect(start).rejects.toMatchObject({ code: 'api/conflict', context: { port }, hint: expect.stringContaining('port') as string });
    other.close();
  });
});
