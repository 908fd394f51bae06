import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KEY_FILE, keyFileSecrets } from '../../../src/main/platform/secrets.ts';
import { temporaryFolder } from './support.ts';

const PLAIN = Uint8Array.of(1, 2, 3, 4, 5, 6);
const unreadable = expect.objectContaining({ code: 'store/corrupt', hint: expect.any(String) });

describe('secrets under a key file', () => {
  test('open to what was sealed, also after a restart, and never look the same twice', () => {
    const folder = temporaryFolder();
    const secrets = keyFileSecrets(folder);
    const [first, second] = [secrets.seal(PLAIN), secrets.seal(PLAIN)];
    expect(first).not.toEqual(second);
    expect(Buffer.from(first).includes(Buffer.from(PLAIN))).toBe(false);
    const later = keyFileSecrets(folder);
    expect([later.open(first), later.open(second), later.open(secrets.seal(new Uint8Array()))]).toEqual([PLAIN, PLAIN, new Uint8Array()]);
  });

  test('make the key at the first need, for its owner only', () => {
    const folder = temporaryFolder();
    const secrets = keyFileSecrets(folder);
    expect(readdirSync(folder)).toEqual([]);
    secrets.seal(PLAIN);
    expect(readdirSync(folder)).toEqual([KEY_FILE]);
    expect(readFileSync(join(folder, KEY_FILE))).toHaveLength(32);
    if (process.platform !== 'win32') expect(statSync(join(folder, KEY_FILE)).mode & 0o777).toBe(0o600);
  });

  test('refuse every sealed text with a changed, missing or added byte', () => {
    const secrets = keyFileSecrets(temporaryFolder());
    const sealed = secrets.seal(PLAIN);
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = sealed.map((byte, at) => (at === index ? byte ^ 1 : byte));
      expect(() => secrets.open(changed)).toThrow(unreadable);
      expect(() => secrets.open(sealed.subarray(0, index))).toThrow(unreadable);
    }
    expect(() => secrets.open(Uint8Array.of(...sealed, 0))).toThrow(unreadable);
  });

  test('refuse what another key sealed, and say so when the key is gone or cut short', () => {
    const folder = temporaryFolder();
    const sealed = keyFileSecrets(folder).seal(PLAIN);
    const other = keyFileSecrets(temporaryFolder());
    other.seal(PLAIN);
    expect(() => other.open(sealed)).toThrow(unreadable);
    writeFileSync(join(folder, KEY_FILE), new Uint8Array(31));
    expect(() => keyFileSecrets(folder).open(sealed)).toThrow(unreadable);
    expect(() => keyFileSecrets(folder).seal(PLAIN)).toThrow(unreadable);
    rmSync(join(folder, KEY_FILE));
    expect(() => keyFileSecrets(folder).open(sealed)).toThrow(unreadable);
    expect(readdirSync(folder)).toEqual([]);
  });
});
