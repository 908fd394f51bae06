import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRotatingFile } from '../../../src/main/platform/rotating-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const line = (number: number) => `${String(number).padStart(9, '0')}\n`;

describe('a rotating log file', () => {
  it('keeps the newest lines in a bounded number of bounded files', () => {
    const file = openRotatingFile({ path: join(folder, 'feeder.log'), maxBytes: 30, files: 3 });
    for (let number = 0; number < 20; number += 1) file.write(line(number));
    file.close();
    expect(readdirSync(folder).sort()).toEqual(['feeder.log', 'feeder.log.1', 'feeder.log.2']);
    expect(read('feeder.log')).toBe(line(18) + line(19));
    expect(read('feeder.log.1')).toBe(line(15) + line(16) + line(17));
    expect(read('feeder.log.2')).toBe(line(12) + line(13) + line(14));
  });

  it('goes on where it stopped, and counts what is there already', () => {
    const path = join(folder, 'logs', 'feeder.log');
    const first = openRotatingFile({ path, maxBytes: 30, files: 2 });
    first.write(line(1));
    first.write(line(2));
    first.close();
    const second = openRotatingFile({ path, maxBytes: 30, files: 2 });
    second.write(line(3));
    second.write(line(4));
    second.close();
    expect(readFileSync(path, 'utf8')).toBe(line(4));
    expect(readFileSync(`${path}.1`, 'utf8')).toBe(line(1) + line(2) + line(3));
  });

  it('starts over in place when only one file is wanted', () => {
    const file = openRotatingFile({ path: join(folder, 'feeder.log'), maxBytes: 20, files: 1 });
    for (let number = 0; number < 5; number += 1) file.write(line(number));
    file.close();
    expect(readdirSync(folder)).toEqual(['feeder.log']);
    expect(read('feeder.log')).toBe(line(4));
  });

  it('keeps the bound on size when a file cannot be put aside', () => {
    // A folder in the way stands for a file that another program holds.
    mkdirSync(join(folder, 'feeder.log.1', 'inside'), { recursive: true });
    const file = openRotatingFile({ path: join(folder, 'feeder.log'), maxBytes: 30, files: 2 });
    for (let number = 0; number < 10; number += 1) file.write(line(number));
    file.close();
    expect(statSync(join(folder, 'feeder.log')).size).toBeLessThanOrEqual(30);
    expect(read('feeder.log')).toContain(line(9));
  });

  it('writes a longer line whole', () => {
    const file = openRotatingFile({ path: join(folder, 'feeder.log'), maxBytes: 10, files: 2 });
    file.write(`${'я'.repeat(100)}\n`);
    file.close();
    expect(read('feeder.log')).toBe(`${'я'.repeat(100)}\n`);
  });

  it('survives a folder that is taken away, and tells later how many lines were lost', () => {
    const path = join(folder, 'logs', 'feeder.log');
    const file = openRotatingFile({ path, maxBytes: 30, files: 2 });
    file.write(line(1));
    rmSync(join(folder, 'logs'), { recursive: true });
    // A file where the folder should be: neither rename nor open can succeed.
    const blocker = openRotatingFile({ path: join(folder, 'logs'), maxBytes: 30, files: 2 });
    blocker.close();
    for (let number = 2; number < 8; number += 1) file.write(line(number));
    rmSync(join(folder, 'logs'));
    file.write(line(8));
    file.close();
    // Lines 2 and 3 still went into the file that had been open.
    const told = readFileSync(`${path}.1`, 'utf8');
    expect(JSON.parse(told)).toMatchObject({ level: 'warn', dropped: 4 });
    expect(readFileSync(path, 'utf8')).toBe(line(8));
  });
});
