/** Files of the supplier's layout as a script has them checked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, deflateRawSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { CHECK_RULES } from '../../src/shared/domain/market-check.ts';
import { feeder } from '../support/feeder-process.ts';
import { changed, SAMPLE, SAMPLE_NAME } from '../unit/export/xml80020/support.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-80020-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

function put(name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

// Each test starts two processes or three: on a busy machine that takes its time.
describe('feeder check-80020', { timeout: 60_000 }, () => {
  test('tells header, rules and sums of a sound file, and the same of an archive of it', async () => {
    const plain = await feeder(['check-80020', put(SAMPLE_NAME, SAMPLE)]);
    expect(plain.code).toBe(0);
    expect(plain.lines[0]).toMatchObject({
      file: SAMPLE_NAME,
      header: { class: '80020', number: '4690', day: '20211031', areas: [{ inn: '5600010901', points: 1 }] },
    });
    expect(plain.lines.filter(({ rule }) => rule !== undefined).map(({ rule, verdict }) => [rule, verdict])).toEqual(
      CHECK_RULES.map((rule) => [rule, 'ok']),
    );
    const sums = plain.lines.filter(({ sum }) => sum !== undefined);
    expect(sums).toHaveLength(2);
    expect(sums[0]).toMatchObject({ sum: { point: '562080073213101', channel: '01', quantity: 'A+' }, hours: { length: 24 } });
    expect(plain.lines.at(-1)).toEqual({ file: SAMPLE_NAME, verdict: 'ok', faults: [], warnings: [], points: 1, channels: 2 });
    const zipped = await feeder(['check-80020', put(SAMPLE_NAME.replace('.xml', '.zip'), zipSync({ [SAMPLE_NAME]: SAMPLE }))]);
    expect(zipped).toEqual(plain);
  });

  test('ends with 3 when a rule is broken, and with 0 when one only warns', async () => {
    const broken = await feeder(['check-80020', put(SAMPLE_NAME, changed('<value>827</value>', '<value>827.5</value>'))]);
    expect(broken.code).toBe(3);
    expect(broken.lines.at(-1)).toMatchObject({ verdict: 'fault', faults: ['schema', 'value-form'] });
    expect(await feeder(['check-80020', '--decimals', '1', join(folder, SAMPLE_NAME)])).toMatchObject({ code: 0 });
    const warned = await feeder(['check-80020', put(SAMPLE_NAME, changed('<value>827</value>', '<value status="1">827</value>'))]);
    expect(warned).toMatchObject({ code: 0 });
    expect(warned.lines.at(-1)).toMatchObject({ verdict: 'warning', warnings: ['non-commercial'] });
  });

  test('wants growing numbers of the files of one day', async () => {
    const first = put(SAMPLE_NAME, SAMPLE);
    const second = put(SAMPLE_NAME.replace('4690', '4691'), changed('number="4690"', 'number="4691"'));
    expect(await feeder(['check-80020', first, second])).toMatchObject({ code: 0 });
    const { code, lines } = await feeder(['check-80020', second, first]);
    expect(code).toBe(3);
    expect(lines.at(-1)).toMatchObject({ file: SAMPLE_NAME, faults: ['number'] });
  });

  test('goes on with the others when one cannot be read, and ends with its error', async () => {
    const bomb = put('bomb.xml', new TextEncoder().encode('<!DOCTYPE m [<!ENTITY a "b">]><m>&a;</m>'));
    const { code, lines } = await feeder(['check-80020', bomb, join(folder, 'nowhere.xml'), put(SAMPLE_NAME, SAMPLE)]);
    expect(code).toBe(1);
    expect(lines.filter(({ verdict, faults }) => verdict === 'ok' && faults !== undefined)).toHaveLength(1);
    expect(lines.slice(-2)).toMatchObject([
      { error: { code: 'import/forbidden', details: { file: bomb } } },
      { error: { code: 'api/not-found' } },
    ]);
  });

  test('refuses an archive that inflates to 1 GB by what it says of itself', async () => {
    const small = await feeder(['check-80020', put('small.zip', zeros(1))]);
    expect(small.lines).toMatchObject([{ error: { code: 'import/too-large', message: expect.stringContaining('400 times') } }]);
    const bomb = zeros(1024);
    expect(bomb.length).toBeLessThan(5 * 1024 ** 2);
    const { code, lines } = await feeder(['check-80020', put('bomb.zip', bomb)]);
    expect(code).toBe(1);
    expect(lines).toMatchObject([{ error: { code: 'import/too-large', message: expect.stringContaining('1073741824 bytes') } }]);
  });

  test('refuses a template, a number of decimals and a zone that are none', async () => {
    const file = put(SAMPLE_NAME, SAMPLE);
    for (const flags of [
      ['--name-template', '{day}'],
      ['--decimals', '4'],
      ['--timezone', 'Mars/Olympus'],
    ]) {
      expect(await feeder(['check-80020', ...flags, file])).toMatchObject({
        code: 1,
        lines: [{ error: { code: 'api/invalid-argument' } }],
      });
    }
  });
});

/** An archive of so many megabytes of zeros that no one ever holds: one flushed stretch of the compression, time and again. */
function zeros(megabytes: number): Uint8Array {
  const stretch = deflateRawSync(new Uint8Array(1024 ** 2), { finishFlush: constants.Z_FULL_FLUSH });
  const packed = Buffer.concat([...Array.from({ length: megabytes }, () => stretch), Buffer.from([3, 0])]);
  const name = Buffer.from('80020.xml');
  const header = Buffer.alloc(26);
  for (const [at, value] of [
    [0, 20],
    [4, 8],
  ] as const)
    header.writeUInt16LE(value, at);
  header.writeUInt32LE(packed.length, 14);
  header.writeUInt32LE(megabytes * 1024 ** 2, 18);
  header.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), header, name, packed]);
  const directory = Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), header, Buffer.alloc(14), name]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  for (const at of [8, 10]) end.writeUInt16LE(1, at);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return new Uint8Array(Buffer.concat([local, directory, end]));
}
