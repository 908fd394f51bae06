import { describe, expect, it } from 'vitest';
import { createBridge } from '../../src/main/electron/bridge.ts';
import { serveIpc } from '../../src/main/electron/ipc.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { stubApi } from '../support/stub-api.ts';
import { fakeIpc } from './ways-in.ts';

function openIpc() {
  const stub = stubApi();
  const ipc = fakeIpc();
  const stop = serveIpc({ ipcMain: ipc.ipcMain, api: stub.api, pages: () => [ipc.page], logger: silentLogger });
  return { stub, ipc, stop, bridge: createBridge(ipc.renderer) };
}

describe('the IPC adapter', () => {
  it.each([
    ['a foreign page', { url: 'https://evil.example/', parent: null }],
    ['a page whose host only begins like ours', { url: 'app://feeder.evil/index.html', parent: null }],
    ['a frame inside our page', { url: 'app://feeder/index.html', parent: {} }],
    ['a frame that is gone', null],
  ])('a call from %s is refused', async (_title, frame) => {
    const { ipc, bridge } = openIpc();
    ipc.frame = frame;
    expect(await bridge.call('system.status', {})).toMatchObject({ ok: false, error: { code: 'api/forbidden' } });
  });

  it('a name that is no text is refused', async () => {
    const { ipc } = openIpc();
    expect(await ipc.renderer.invoke('feeder:call', { name: 1 }, {})).toMatchObject({ ok: false, error: { code: 'api/invalid-argument' } });
  });

  it('a page that is gone is sent nothing', () => {
    const { ipc, stub } = openIpc();
    ipc.isPageGone = true;
    expect(() => stub.events.emit('data.changed', { pointIds: [1] })).not.toThrow();
  });

  it('the page gets call and subscribe and nothing of the channel itself', () => {
    const { bridge } = openIpc();
    expect(Object.keys(bridge)).toEqual(['call', 'subscribe']);
    const heard: unknown[][] = [];
    const listener = (...args: unknown[]) => void heard.push(args);
    const { bridge: page, stub } = openIpc();
    page.subscribe(listener);
    stub.events.emit('data.changed', { pointIds: [7] });
    expect(heard).toEqual([[{ name: 'data.changed', payload: { pointIds: [7] } }]]);
  });

  it('after the stop calls find no handler and events no page', async () => {
    const { bridge, stop, stub } = openIpc();
    const heard: unknown[] = [];
    bridge.subscribe((event) => heard.push(event));
    stop();
    stub.events.emit('data.changed', { pointIds: [7] });
    expect(heard).toEqual([]);
    await expect(bridge.call('system.status', {})).rejects.toThrow('No handler');
  });
});
