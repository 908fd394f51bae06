/** A call about the training plant never reaches the site, on any way in. */
import { expect, test } from 'vitest';
import { createBridge } from '../../src/main/electron/bridge.ts';
import { serveIpc } from '../../src/main/electron/ipc.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { startHttp } from '../../src/main/transport/http.ts';
import type { ApiEvent, ApiServer } from '../../src/shared/api/dispatch.ts';
import { stubApi } from '../support/stub-api.ts';
import { fakeIpc, openSocket, TOKEN } from './ways-in.ts';

/** Two servers that say which of them was called. */
function twoWorkspaces() {
  const [site, training] = [stubApi(), stubApi()];
  const named = (name: string, { api }: typeof site): ApiServer => ({
    ...api,
    dispatch: () => Promise.resolve({ ok: true, data: name }),
  });
  return { site, training, api: { ...named('site', site), training: named('training', training) } };
}

const post = (url: string, query: string) =>
  fetch(`${url}/api/call/system.status${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: '{}',
  });

test('over HTTP the query names the workspace, and an unknown one is nothing', async () => {
  const { api } = twoWorkspaces();
  const server = await startHttp({ api, port: 0, token: TOKEN, screensFolder: null, logger: silentLogger });
  const answer = async (query: string) => (await post(server.url, query)).json();
  expect(await answer('')).toEqual({ ok: true, data: 'site' });
  expect(await answer('?workspace=training')).toEqual({ ok: true, data: 'training' });
  expect(await answer('?workspace=other')).toMatchObject({ ok: false, error: { code: 'api/not-found' } });
  await server.close();
});

test('a socket stays in its workspace, for calls and events', async () => {
  const { api, site, training } = twoWorkspaces();
  const server = await startHttp({ api, port: 0, token: TOKEN, screensFolder: null, logger: silentLogger });
  const socket = await openSocket(server.url, ['feeder', `token.${TOKEN}`], {}, '?workspace=training');
  const frames: unknown[] = [];
  const answered = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      frames.push(JSON.parse(data.toString()));
      if (frames.length === 2) resolve();
    });
  });
  site.events.emit('data.changed', { pointIds: [1] });
  training.events.emit('data.changed', { pointIds: [2] });
  socket.send(JSON.stringify({ id: 1, method: 'system.status', params: {} }));
  await answered;
  expect(frames).toEqual([
    { event: 'data.changed', payload: { pointIds: [2] } },
    { id: 1, outcome: { ok: true, data: 'training' } },
  ]);
  await server.close();
});

test('over IPC each call names the workspace, and events come apart', async () => {
  const { api, site, training } = twoWorkspaces();
  const ipc = fakeIpc();
  const stop = serveIpc({ ipcMain: ipc.ipcMain, api, pages: () => [ipc.page], logger: silentLogger });
  const bridge = createBridge(ipc.renderer);
  const heard: ApiEvent[] = [];
  bridge.subscribe((event) => heard.push(event), 'training');
  site.events.emit('data.changed', { pointIds: [1] });
  training.events.emit('data.changed', { pointIds: [2] });
  expect(heard).toEqual([{ name: 'data.changed', payload: { pointIds: [2] } }]);
  expect(await bridge.call('system.status', {}, 'training')).toEqual({ ok: true, data: 'training' });
  expect(await bridge.call('system.status', {})).toEqual({ ok: true, data: 'site' });
  stop();
});

test('where there is no training plant its workspace is not found', async () => {
  const { api } = stubApi();
  const ipc = fakeIpc();
  const stop = serveIpc({ ipcMain: ipc.ipcMain, api, pages: () => [ipc.page], logger: silentLogger });
  expect(await createBridge(ipc.renderer).call('system.status', {}, 'training')).toMatchObject({ error: { code: 'api/not-found' } });
  stop();
});
