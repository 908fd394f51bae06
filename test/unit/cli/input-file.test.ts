import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settingsCommand } from '../../../src/main/cli/commands/settings.ts';
import { readInputText } from '../../../src/main/cli/input-file.ts';
import { parseArguments } from '../../../src/main/cli/args.ts';
import { asAppError } from '../../../src/shared/api/errors.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-input-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(content: string | Uint8Array): string {
  const path = join(folder, 'file.json');
  writeFileSync(path, content);
  return path;
}

function faultOf(read: () => unknown) {
  try {
    read();
  } catch (error) {
    return asAppError(error);
  }
  throw new Error('nothing was refused');
}

test('a byte order mark is no part of the text', () => {
  expect(readInputText(file('\uFEFF{"a":1}'))).toBe('{"a":1}');
});

test('a file of a gigabyte is refused before it is read', () => {
  const path = file('{}');
  truncateSync(path, 2 ** 30);
  const before = process.memoryUsage.rss();
  expect(faultOf(() => readInputText(path))).toMatchObject({ code: 'api/invalid-argument', message: expect.stringContaining('10 MB') });
  expect(process.memoryUsage.rss() - before).toBeLessThan(50 * 2 ** 20);
});

test('text in another encoding and files that are not there are refused by name', () => {
  const cp1251 = file(Uint8Array.of(0xc7, 0xe0, 0xe2, 0xee, 0xe4));
  expect(faultOf(() => readInputText(cp1251))).toMatchObject({ code: 'api/invalid-argument', message: expect.stringContaining('UTF-8') });
  expect(faultOf(() => readInputText(join(folder, 'none')))).toMatchObject({
    code: 'api/invalid-argument',
    context: { file: expect.any(String) },
  });
  expect(faultOf(() => readInputText(folder))).toMatchObject({ code: 'api/invalid-argument' });
});

test.each([
  ['{"__proto__":{"site":{"name":"чужой"}}}', '__proto__'],
  ['{"site":{"__proto__":{"code":"X"}}}', '__proto__'],
  ['{"site":{"code":"../../etc"}}', 'site.code'],
  ['{"schedules":{"0":{}}}', 'schedules'],
])('settings %s are refused and change nothing', async (text, field) => {
  const data = join(folder, 'data');
  const args = (...words: string[]) => parseArguments(words, settingsCommand.flags, settingsCommand.words);
  const shown: unknown[] = [];
  const io = { out: (value: unknown) => shown.push(value) } as unknown as Parameters<typeof settingsCommand.run>[1];
  await settingsCommand.run(args('--data', data), io);
  const refused = await settingsCommand.run(args('--data', data, '--set', file(text)), io).then(
    () => null,
    (error: unknown) => asAppError(error),
  );
  expect(refused).toMatchObject({ code: 'api/invalid-argument' });
  expect(JSON.stringify(refused?.context)).toContain(field);
  await settingsCommand.run(args('--data', data), io);
  expect(shown[1]).toEqual(shown[0]);
});
