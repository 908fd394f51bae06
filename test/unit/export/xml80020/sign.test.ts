import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nodeFiles } from '../../../../src/main/export/xml80020/files.ts';
import { sign, systemCommand } from '../../../../src/main/export/xml80020/sign.ts';
import { systemClock } from '../../../../src/main/platform/clock.ts';

const file = { name: 'a b.xml', bytes: new TextEncoder().encode('<a/>') };
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

async function folder(): Promise<string> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'feeder-sign-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return path.join(root, '1');
}

/** A program of the system: Node with a script of its own, which is what stands here for a signing program. */
const node = (script: string) => [process.execPath, '-e', script, '{file}'];
const depsAt = (place: string) => ({ files: nodeFiles, run: systemCommand(systemClock), folder: place });

test('what the command leaves in the folder is what goes out, the file itself first', async () => {
  const place = await folder();
  const command = node(
    "require('fs').writeFileSync(process.argv[1] + '.sig', 'signature of ' + require('fs').readFileSync(process.argv[1]))",
  );
  const left = await sign(depsAt(place), command, file);
  expect(left.map(({ name, bytes }) => [name, text(bytes)])).toEqual([
    ['a b.xml', '<a/>'],
    ['a b.xml.sig', 'signature of <a/>'],
  ]);
});

test('a command that signs in place or makes another file of it decides what goes out', async () => {
  const place = await folder();
  const command = node("const fs = require('fs'); fs.renameSync(process.argv[1], process.argv[1] + '.p7m')");
  expect((await sign(depsAt(place), command, file)).map(({ name }) => name)).toEqual(['a b.xml.p7m']);
});

test('nothing of an earlier attempt is taken for a signature', async () => {
  const place = await folder();
  await nodeFiles.makeFolder(place);
  await writeFile(path.join(place, 'old.sig'), 'old');
  expect((await sign(depsAt(place), node(''), file)).map(({ name }) => name)).toEqual(['a b.xml']);
});

test('no shell reads the arguments: what looks like a command in them is text', async () => {
  const place = await folder();
  const left = await sign(
    depsAt(place),
    [...node("require('fs').writeFileSync('said', process.argv[2])"), '; touch evil & $(touch evil)'],
    file,
  );
  expect(left.map(({ name, bytes }) => [name, text(bytes)])).toContainEqual(['said', '; touch evil & $(touch evil)']);
  expect(await readdir(place)).not.toContain('evil');
});

test.each([
  ['fails', node("console.error('нет ключа'); process.exit(3)"), /ended with 3: нет ключа/],
  ['is not there', ['/no/such/program', '{file}'], /cannot be started/],
  ['leaves nothing', node("require('fs').rmSync(process.argv[1])"), /left no file/],
  ['leaves an empty file', node("require('fs').writeFileSync(process.argv[1] + '.sig', '')"), /is empty/],
])('a command that %s has not signed', async (_title, command, message) => {
  await expect(sign(depsAt(await folder()), command, file)).rejects.toMatchObject({
    code: 'export/sign-failed',
    message: expect.stringMatching(message) as string,
  });
});

test('a command that does not end is ended', async () => {
  const limits: { readonly ms: number; readonly run: () => void }[] = [];
  const after = (ms: number, run: () => void) => {
    limits.push({ ms, run });
    return () => {};
  };
  const run = systemCommand({ ...systemClock, after });
  const signing = sign({ files: nodeFiles, run, folder: await folder() }, node('setInterval(() => {}, 1000)'), file);
  const refused = expect(signing).rejects.toMatchObject({ code: 'export/sign-failed', message: expect.stringMatching(/60 s/) as string });
  // The limit begins with the program, which begins once its file is written.
  while (limits.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(limits.map(({ ms }) => ms)).toEqual([60_000]);
  limits[0]?.run();
  await refused;
});
