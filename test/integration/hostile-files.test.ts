/** What others may put before the commands and into the folders of a running service: nothing hangs, nothing is believed, nothing changes. */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseArguments } from '../../src/main/cli/args.ts';
import type { Command } from '../../src/main/cli/command.ts';
import { check80020Command } from '../../src/main/cli/commands/check-80020.ts';
import { import80020Command } from '../../src/main/cli/commands/import-80020.ts';
import { importCommand } from '../../src/main/cli/commands/import.ts';
import { settingsCommand } from '../../src/main/cli/commands/settings.ts';
import type { CommandIo } from '../../src/main/cli/io.ts';
import { MANDATORY_COLUMNS } from '../../src/main/import/import-cells.ts';
import { errorShape } from '../../src/shared/api/errors.ts';
import { zipOne } from '../../src/main/export/xml80020/archive.ts';
import { Site } from '../../src/main/api/site.ts';
import { createPackageDesk } from '../../src/main/packages.ts';
import { createSupplierDesk } from '../../src/main/supplier.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { openStore, openStoreReader, type Store } from '../../src/main/store/store.ts';
import { DEFAULT_SETTINGS } from '../../src/shared/api/settings.ts';
import { NO_FACTS } from '../../src/shared/domain/meter.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { feeder } from '../support/feeder-process.ts';
import { HALF_HOUR, importRow, stored, temporaryFolder } from '../unit/store/support.ts';

const GIGABYTE = 2 ** 30;
const SENDER = '7701234567';
const PACKAGE = 'EN_SITE1_IV_20261121_20261121_00000001';
const SUPPLIER_FILE = `80020_${SENDER}_20261121_1_5600010900.xml`;
const bytesOf = (text: string) => new TextEncoder().encode(text);
/** A pipe that nobody writes to: whoever opens it as a file waits for ever. */
const makePipe = (path: string) => void execFileSync('mkfifo', [path]);
const makeSparse = (path: string) => {
  writeFileSync(path, '');
  truncateSync(path, GIGABYTE);
};
const BOMB = `<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><message class="80020">&b;</message>`;

let folder = '';
beforeEach(() => {
  folder = temporaryFolder();
});

async function linesOf({ run, flags, words }: Command, given: readonly string[]): Promise<Record<string, unknown>[]> {
  const lines: Record<string, unknown>[] = [];
  const io: CommandIo = {
    out: (line) => lines.push({ ...line }) > 0,
    drained: () => Promise.resolve(),
    log: () => {},
    progress: () => {},
    signal: new AbortController().signal,
  };
  try {
    await run(parseArguments(given, flags, words), io);
  } catch (error) {
    lines.push({ error: errorShape(error) });
  }
  return lines;
}

async function linesOfProcess({ name }: Command, given: readonly string[]): Promise<Record<string, unknown>[]> {
  const { code, lines } = await feeder([name, ...given]);
  expect(code).toBe(1);
  return lines;
}

describe.skipIf(process.platform === 'win32')('a command', { timeout: 60_000 }, () => {
  test('that is given what is no sound file says so at once and changes nothing', async () => {
    const data = join(folder, 'data');
    const store = openStore({ folder: data, clock: new FakeClock(), logger: silentLogger });
    store.plant.applyImport([importRow(1)], 180, 'test');
    store.close();
    const stateOf = () => {
      const reader = openStoreReader({ folder: data });
      const state = JSON.stringify([reader.plant.load(), reader.settings.load(), reader.received.files(0, 10)]);
      reader.close();
      return state;
    };
    const before = stateOf();
    const at = (name: string) => join(folder, name);
    makePipe(at('pipe'));
    makeSparse(at('sparse'));
    mkdirSync(at('folder'));
    symlinkSync('/dev/zero', at('endless'));
    symlinkSync(at('turn'), at('turn'));
    writeFileSync(at('bomb.xml'), BOMB);
    writeFileSync(at('bomb.zip'), zipSync({ 'a.xml': new Uint8Array(40_000_000) }));
    writeFileSync(at('path.zip'), zipSync({ '../../etc/a.xml': bytesOf('<message/>') }));
    writeFileSync(at('utf16'), Buffer.from('\uFEFF{"site":{"name":"Завод"}}', 'utf16le'));
    writeFileSync(at('lines'), `${[...MANDATORY_COLUMNS].join(';')}\n${'x\n'.repeat(5_000_000)}`);
    writeFileSync(at('deep'), '{"site":'.repeat(500_000));
    writeFileSync(at('\u001B[2J\u0007.xml'), 'x');
    const commands = [
      { command: importCommand, words: ['--data', data] },
      { command: settingsCommand, words: ['--data', data, '--set'] },
      { command: import80020Command, words: ['--data', data] },
      { command: check80020Command, words: [] },
    ];
    const judge = (name: string, command: Command, lines: readonly Record<string, unknown>[]) => {
      const codes = lines.map((line) => (line['error'] as { code?: string } | undefined)?.code);
      expect([command.name, name, codes]).toEqual([command.name, name, [expect.stringMatching(/^(api|import)\//)]]);
      expect(JSON.stringify(lines).length).toBeLessThan(300_000);
    };
    // A command that waits for ever would stop this process as well.
    const waiting = ['pipe', 'endless'];
    const tries = waiting.flatMap((name) => commands.map((one) => ({ ...one, name })));
    await Promise.all(
      tries.map(async ({ command, words, name }) => judge(name, command, await linesOfProcess(command, [...words, at(name)]))),
    );
    for (const name of readdirSync(folder).filter((one) => one !== 'data' && !waiting.includes(one))) {
      for (const { command, words } of commands) judge(name, command, await linesOf(command, [...words, at(name)]));
    }
    expect(stateOf()).toBe(before);
  });
});

/** A service with one package and one supplier's file handed over, and the folders that others write into. */
async function handedOver(prepare: (folders: { readonly out: string; readonly supplier: string }) => void = () => {}) {
  const places = { out: join(folder, 'out'), supplier: join(folder, 'supplier'), replies: join(folder, 'replies') };
  for (const place of [join(places.out, 'ack'), places.supplier, places.replies]) mkdirSync(place, { recursive: true });
  prepare(places);
  const clock = new FakeClock('2026-11-22T06:00:00Z');
  const store = openStore({ folder: join(folder, 'data'), clock, logger: silentLogger });
  store.plant.applyImport([importRow(1, { code80020: '560000000000001' })], 180, 'test');
  store.settings.save(
    {
      ...DEFAULT_SETTINGS,
      onec: { ...DEFAULT_SETTINGS.onec, folder: places.out },
      xml80020: {
        ...DEFAULT_SETTINGS.xml80020,
        sender: { inn: SENDER, name: 'АО «Завод»' },
        area: { inn: '5600010901', name: 'Площадка' },
        delivery: { folder: places.supplier, mail: null, repliesFolder: places.replies },
      },
    },
    'test',
  );
  const start = Date.parse('2026-11-20T21:00:00Z') / 1000;
  const intervals = Array.from({ length: 48 }, (_, index) => ({
    startUtc: start + index * HALF_HOUR,
    lengthS: HALF_HOUR,
    counts: { 'A+': 2000 + index, 'A-': null, 'R+': 7, 'R-': null },
    flags: [],
    source: 'profile' as const,
    exchange: null,
  }));
  await stored(store, { meterId: 1, atUtc: start, facts: { ...NO_FACTS, constantImpPerKwh: 1000, profilePeriodMin: 30 }, intervals });
  const site = new Site({ store, clock, engine: () => null });
  const packages = createPackageDesk({ store, site, clock, logger: silentLogger, onChanged: () => {} });
  const desk = createSupplierDesk({ store, site, clock, logger: silentLogger, onChanged: () => {} });
  const record = await packages.make({ kind: 'IV', from: '2026-11-21', to: '2026-11-21', format: 'csv' }, null);
  const { kind } = await desk.make({ day: '2026-11-21', job: null });
  expect([record.number, kind]).toEqual([1, 'new']);
  const rounds = async () => {
    await packages.resume();
    desk.start();
    await desk.stop();
  };
  return { ...places, store, record, rounds };
}

const stateOf = (store: Store) => [store.packages.get(1)?.state, store.packages.get(1)?.ack, store.supplierFiles.get(1)?.state];

describe.skipIf(process.platform === 'win32')('a service', { timeout: 20_000 }, () => {
  test('takes no pipe, link, giant or archive that grows for an answer or a reply', async () => {
    const { out, replies, store, record, rounds } = await handedOver();
    expect(stateOf(store)).toEqual(['delivered', null, 'sent']);
    const ack = (ending: string) => join(out, 'ack', `${PACKAGE}.${ending}`);
    const accepted = `pack_id=${record.packId}\nstatus=accepted\n`;
    const reply = `<message class="80021" version="1" id="1"><file zip="0"><name>${SUPPLIER_FILE}</name></file><reply><status>0</status></reply></message>`;
    makePipe(ack('ack'));
    makePipe(join(replies, 'pipe.xml'));
    makeSparse(join(replies, 'sparse.xml'));
    symlinkSync('/dev/zero', join(replies, 'endless.xml'));
    writeFileSync(join(folder, 'elsewhere.xml'), reply);
    symlinkSync(join(folder, 'elsewhere.xml'), join(replies, 'link.xml'));
    mkdirSync(join(replies, 'folder.xml'));
    writeFileSync(join(replies, 'bomb.xml'), BOMB);
    writeFileSync(join(replies, 'bomb.zip'), zipOne({ name: 'a.xml', bytes: bytesOf(reply + ' '.repeat(2_000_000)) }, '2026-11-21'));
    writeFileSync(join(replies, 'path.zip'), zipSync({ '../a.xml': bytesOf(reply) }));
    writeFileSync(join(replies, '\u001B[2J\n.xml'), 'x');
    await rounds();
    expect(stateOf(store)).toEqual(['delivered', null, 'sent']);
    const refused = store.supplierFiles.refusedReplies(20).map(({ name, error }) => [name, error?.split(':')[0]]);
    expect(Object.fromEntries(refused)).toEqual({
      'sparse.xml': 'import/too-large',
      'bomb.xml': 'import/forbidden',
      'bomb.zip': 'import/too-large',
      'path.zip': 'import/forbidden',
      '\u001B[2J\n.xml': 'import/unreadable',
    });
    for (const make of [makeSparse, (path: string) => symlinkSync('/dev/zero', path), (path: string) => mkdirSync(path)]) {
      for (const ending of ['ack', 'err']) rmSync(ack(ending), { recursive: true, force: true });
      make(ack('ack'));
      await rounds();
      expect(stateOf(store)).toEqual(['delivered', null, 'sent']);
      // A list of faults that cannot be read refuses the whole answer, unless it is no file at all.
      rmSync(ack('ack'), { recursive: true, force: true });
      writeFileSync(ack('ack'), accepted.replace('accepted', 'partial'));
      makeSparse(ack('err'));
      await rounds();
      expect(stateOf(store)).toEqual(['delivered', null, 'sent']);
    }
    for (const ending of ['ack', 'err']) rmSync(ack(ending), { recursive: true, force: true });
    writeFileSync(ack('ack'), accepted);
    writeFileSync(join(replies, 'good.xml'), reply);
    await rounds();
    expect([store.packages.get(1)?.state, store.supplierFiles.get(1)?.state]).toEqual(['accepted', 'accepted']);
    store.close();
  });

  test('hands its files over where pipes bear their names, and numbers that nobody can have reached are not believed', async () => {
    const { out, supplier, store, rounds } = await handedOver((places) => {
      writeFileSync(join(places.supplier, SUPPLIER_FILE.replace('_1_', '_999999999999999_')), '');
      writeFileSync(join(places.out, `${PACKAGE.replace('00000001', '99999999999999999999')}.csv`), '');
    });
    const lost = [join(out, `${PACKAGE}.ok`), join(out, `${PACKAGE}.csv`), join(supplier, SUPPLIER_FILE)];
    for (const path of lost) {
      rmSync(path);
      makePipe(path);
      makePipe(`${path}.part`);
    }
    store.packages.setState(1, 'failed', null, 0);
    store.supplierFiles.reopen(1, 'test', 0);
    await rounds();
    expect(stateOf(store)).toEqual(['delivered', null, 'sent']);
    for (const path of lost) expect([path, lstatSync(path).isFile()]).toEqual([path, true]);
    store.close();
  });
});
