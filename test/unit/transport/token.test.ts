import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSameToken, loadToken, tokenFile } from '../../../src/main/transport/token.ts';

describe('the token of a data folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'feeder-token-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const mode = () => statSync(tokenFile(folder)).mode & 0o777;

  it('is made once and stays, readable by its owner alone', () => {
    const token = loadToken(folder);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(readFileSync(tokenFile(folder), 'utf8').trim()).toBe(token);
    expect(mode()).toBe(0o600);
    expect(loadToken(folder)).toBe(token);
  });

  it('differs from folder to folder', () => {
    const other = mkdtempSync(join(tmpdir(), 'feeder-token-'));
    expect(loadToken(folder)).not.toBe(loadToken(other));
    rmSync(other, { recursive: true });
  });

  it('is closed to others again when somebody opened it', () => {
    const token = loadToken(folder);
    chmodSync(tokenFile(folder), 0o644);
    expect(loadToken(folder)).toBe(token);
    expect(mode()).toBe(0o600);
  });

  it.each(['', 'short', 'with spaces in it, which no token has, and long enough'])('is replaced when the file holds "%s"', (text) => {
    writeFileSync(tokenFile(folder), text, { mode: 0o644 });
    expect(loadToken(folder)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(mode()).toBe(0o600);
  });

  it('is the same only when every character is', () => {
    expect(isSameToken('abc', 'abc')).toBe(true);
    expect(isSameToken('abd', 'abc')).toBe(false);
    expect(isSameToken('ab', 'abc')).toBe(false);
    expect(isSameToken('', 'abc')).toBe(false);
  });
});
