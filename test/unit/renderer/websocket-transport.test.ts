import { describe, expect, test } from 'vitest';
import type { ApiEvent } from '../../../src/shared/api/dispatch.ts';
import { type SocketEvents, webSocketTransport } from '../../../src/renderer/client/websocket-transport.ts';
import { scriptedClock, settled } from './scripted.ts';

function setUp(isRefused = false) {
  const clock = scriptedClock();
  const sockets: { readonly events: SocketEvents; readonly sent: unknown[] }[] = [];
  const transport = webSocketTransport({
    clock,
    isRefused: () => Promise.resolve(isRefused),
    open: (events) => {
      const sent: unknown[] = [];
      sockets.push({ events, sent });
      return { send: (text) => void sent.push(JSON.parse(text)) };
    },
  });
  const last = () => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('No socket was opened');
    return socket;
  };
  return { clock, sockets, transport, last };
}

describe('the way over a WebSocket', () => {
  test('matches answers to their calls, in whatever order they come', async () => {
    const { transport, last } = setUp();
    last().events.onOpen();
    const first = transport.call('live.list', {});
    const second = transport.call('points.get', { pointId: 3 });
    expect(last().sent).toEqual([
      { id: 1, method: 'live.list', params: {} },
      { id: 2, method: 'points.get', params: { pointId: 3 } },
    ]);
    last().events.onText('{"id":2,"outcome":{"ok":true,"data":"b"}}');
    last().events.onText('{"id":1,"outcome":{"ok":false,"error":{"code":"bug","message":"m"}}}');
    expect(await second).toEqual({ ok: true, data: 'b' });
    expect(await first).toEqual({ ok: false, error: { code: 'bug', message: 'm' } });
  });

  test('hands on known events and passes over the others', () => {
    const { transport, last } = setUp();
    const seen: ApiEvent[] = [];
    transport.subscribe((event) => void seen.push(event));
    last().events.onOpen();
    last().events.onText('{"event":"data.changed","payload":{"pointIds":[1]}}');
    last().events.onText('{"event":"of.a.newer.server","payload":{}}');
    expect(seen).toEqual([{ name: 'data.changed', payload: { pointIds: [1] } }]);
  });

  test('settles what was on the way when the socket closes, and calls in between at once', async () => {
    const { transport, last } = setUp();
    last().events.onOpen();
    const waiting = transport.call('live.list', {});
    last().events.onClose();
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'api/cancelled' } });
    expect(await transport.call('live.list', {})).toMatchObject({ ok: false, error: { code: 'api/cancelled' } });
  });

  test('tries again with growing pauses and begins anew after a success', async () => {
    const { clock, sockets, transport, last } = setUp();
    const pauses: number[] = [];
    for (const pause of [500, 1000, 2000, 4000, 8000, 15_000, 15_000]) {
      const opened = sockets.length;
      last().events.onClose();
      await settled();
      expect(transport.connection()).toBe('down');
      clock.advance(pause - 1);
      expect(sockets).toHaveLength(opened);
      clock.advance(1);
      expect(sockets).toHaveLength(opened + 1);
      pauses.push(pause);
    }
    last().events.onOpen();
    expect(transport.connection()).toBe('up');
    const opened = sockets.length;
    last().events.onClose();
    await settled();
    clock.advance(500);
    expect(sockets).toHaveLength(opened + 1);
  });

  test('stops when the token is refused', async () => {
    const { clock, sockets, transport, last } = setUp(true);
    last().events.onClose();
    await settled();
    expect(transport.connection()).toBe('refused');
    clock.advance(60_000);
    expect(sockets).toHaveLength(1);
  });

  test('gives a call up that is never answered', async () => {
    const { clock, transport, last } = setUp();
    last().events.onOpen();
    const call = transport.call('live.list', {});
    clock.advance(60_000);
    expect(await call).toMatchObject({ ok: false });
    expect(clock.waiting).toBe(0);
  });
});
