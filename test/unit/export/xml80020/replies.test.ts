import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { zipOne } from '../../../../src/main/export/xml80020/archive.ts';
import { type ReplyFolder, ReplyWatch } from '../../../../src/main/export/xml80020/replies.ts';
import { nodeReplyFolder } from '../../../../src/main/platform/reply-folder.ts';
import { silentLogger } from '../../../../src/main/platform/logger.ts';
import { DAY, nameOf, rig, settingsWith } from './maker-support.ts';

const reply = (name: string, status: number | string) =>
  `<?xml version="1.0" encoding="windows-1251"?>\r\n<message class="80021" version="1" id="1"><file zip="0"><name>${name}</name></file><reply><status>${status}</status></reply></message>`;

async function sent(replyWithinH: number | null = 4) {
  const r = await rig();
  await r.maker().make({ day: DAY, job: null });
  const folder = path.join(r.root, 'replies');
  await mkdir(folder);
  const settings = settingsWith({ replyWithinH, delivery: { folder: r.out, mail: null, repliesFolder: folder } }).xml80020;
  let reads = 0;
  const replies: ReplyFolder = {
    ...nodeReplyFolder,
    read: (file, mostBytes) => {
      reads += 1;
      return nodeReplyFolder.read(file, mostBytes);
    },
  };
  const watch = new ReplyWatch({
    store: r.store,
    replies,
    settings: () => settings,
    clock: r.clock,
    log: silentLogger,
    onChanged: () => {},
  });
  const put = (name: string, content: string | Uint8Array) => writeFile(path.join(folder, name), content);
  return { ...r, watch, put, reads: () => reads };
}

test.each([
  [0, 'accepted'],
  [1, 'accepted-with-remarks'],
  [2, 'rejected'],
  [3, 'rejected'],
  [4, 'rejected'],
])('a reply with status %i makes the file %s', async (status, state) => {
  const { watch, put, store } = await sent();
  await put('80021_1.xml', reply(nameOf(1), status));
  await watch.look();
  expect(store.get(1)).toMatchObject({ state, note: String(status) });
  expect(store.repliesOf(1)).toMatchObject([{ name: '80021_1.xml', status }]);
});

test('a zipped reply and another way of writing our name count as well', async () => {
  const { watch, put, store } = await sent();
  const bytes = new TextEncoder().encode(reply(nameOf(1).toUpperCase().replace('.XML', '.zip'), 0));
  await put('80021_1.zip', zipOne({ name: '80021_1.xml', bytes }, DAY));
  await watch.look();
  expect(store.get(1)?.state).toBe('accepted');
});

test.each([
  ['of another file', reply('80020_7701234567_20261121_77_5600010900.xml', 0), /api\/not-found/],
  ['of another sender', reply('80020_7709999999_20261121_1_5600010900.xml', 0), /api\/not-found/],
  ['with the number of our file and another day', reply('80020_7701234567_20261120_1_5600010900.xml', 3), /api\/not-found/],
  ['with a path in the name', reply(`..\\..\\${nameOf(1)}`, 0), /import\//],
  ['with a status that is none', reply(nameOf(1), 9), /import\/wrong-layout/],
  ['with entities', `<!DOCTYPE a [<!ENTITY b "c">]>${reply(nameOf(1), 0).slice(46)}`, /import\//],
  ['that is cut off', reply(nameOf(1), 0).slice(0, 150), /import\//],
  ['that is no XML', 'hello', /import\//],
  ['that is no reply', '<message class="80020"/>', /import\//],
])('a reply %s is refused once, named, and changes nothing', async (_title, content, error) => {
  const { watch, put, store, reads } = await sent();
  await put('80021_1.xml', content);
  await watch.look();
  await watch.look();
  expect(store.get(1)?.state).toBe('sent');
  expect(store.refusedReplies(10)).toMatchObject([{ name: '80021_1.xml', error: expect.stringMatching(error) as string }]);
  expect(reads()).toBe(1);
});

test('a file too large for a reply is refused without being read', async () => {
  const { watch, put, store, reads } = await sent();
  await put('80021_1.xml', new Uint8Array(1_000_001));
  await put('notes.txt', 'not looked at');
  await watch.look();
  await watch.look();
  expect([reads(), store.refusedReplies(10).length, store.refusedReplies(10)[0]?.error]).toEqual([0, 1, 'import/too-large: 1000001 bytes']);
});

test('an archive that would inflate beyond any reply is refused', async () => {
  const { watch, put, store } = await sent();
  const bytes = new TextEncoder().encode(reply(nameOf(1), 0) + ' '.repeat(2_000_000));
  await put('80021_1.zip', zipOne({ name: '80021_1.xml', bytes }, DAY));
  await watch.look();
  expect([store.get(1)?.state, store.refusedReplies(10)[0]?.error]).toEqual(['sent', expect.stringMatching(/^import\/too-large/)]);
});

test('a reply that was still being written is judged anew when it is whole', async () => {
  const { watch, put, store } = await sent();
  await put('80021_1.xml', reply(nameOf(1), 0).slice(0, 100));
  await watch.look();
  await put('80021_1.xml', reply(nameOf(1), 0));
  await watch.look();
  expect(store.get(1)?.state).toBe('accepted');
});

test('a later reply about the same file has the last word; the same one again has none', async () => {
  const { watch, put, store } = await sent();
  await put('a.xml', reply(nameOf(1), 3));
  await watch.look();
  await put('b.xml', reply(nameOf(1), 0));
  await watch.look();
  await put('c.xml', reply(nameOf(1), 3));
  await watch.look();
  expect([store.get(1)?.state, store.repliesOf(1).length]).toEqual(['accepted', 2]);
});

test('without a reply in time the file says so, and a late one still counts', async () => {
  const { watch, put, store, clock } = await sent(4);
  await clock.advance(4 * 3_600_000 - 1000);
  await watch.look();
  expect(store.get(1)?.state).toBe('sent');
  await clock.advance(1000);
  await watch.look();
  expect(store.get(1)).toMatchObject({ state: 'no-reply', note: '4' });
  await put('80021_1.xml', reply(nameOf(1), 0));
  await watch.look();
  expect(store.get(1)?.state).toBe('accepted');
});

test('who expects no replies waits for none, and a folder that is not there is no fault', async () => {
  const { watch, store, clock } = await sent(null);
  await clock.advance(1000 * 3_600_000);
  await watch.look();
  expect(store.get(1)?.state).toBe('sent');
});
