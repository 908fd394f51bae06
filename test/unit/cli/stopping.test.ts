/** Ctrl+C while a command is at work: nothing half done, and the commands go on from there. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseArguments } from '../../../src/main/cli/args.ts';
import type { Command } from '../../../src/main/cli/command.ts';
import { exportOnecCommand } from '../../../src/main/cli/commands/export-1c.ts';
import { reportCommand } from '../../../src/main/cli/commands/report.ts';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { openStore, openStoreReader } from '../../../src/main/store/store.ts';
import { importRow, interval, MIDNIGHT, stored } from '../store/support.ts';

async function dataFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-stopping-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const store = openStore({ folder, clock: systemClock, logger: silentLogger });
  store.plant.applyImport([importRow(1), importRow(2)], 180, 'test');
  await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(0, 10), interval(1, 20)] });
  store.close();
  return folder;
}

/** Runs a command; Ctrl+C comes when it says `stopAt`. */
async function run(command: Command, words: readonly string[], stopAt: string | null) {
  const stop = new AbortController();
  const results: object[] = [];
  const said: string[] = [];
  const io = {
    out: (result: object) => results.push(result) > 0,
    drained: async () => {},
    log: () => {},
    progress: (text: string) => {
      said.push(text);
      if (text === stopAt) stop.abort();
    },
    signal: stop.signal,
  };
  const code = await command.run(parseArguments([...words], { ...command.flags, trace: 'switch' }, command.words), io);
  return { code, results, said };
}

describe('Ctrl+C', () => {
  test('ends a package for 1C before it has its number, and leaves neither files nor the folder', async () => {
    const folder = await dataFolder();
    const out = join(folder, 'out');
    const words = ['--data', folder, '--kind', 'IV', '--from', '2026-11-22', '--to', '2026-11-22', '--format', 'csv', '--out', out];
    await expect(run(exportOnecCommand, words, 'points: 1 of 2')).rejects.toMatchObject({ code: 'api/cancelled' });
    expect([existsSync(out), readdirSync(join(folder, 'packages'))]).toEqual([false, []]);
    const reader = openStoreReader({ folder });
    expect(reader.packages.list(0, 10).total).toBe(0);
    reader.close();
    const whole = await run(exportOnecCommand, words, null);
    expect(whole).toMatchObject({ code: 0, results: [{ number: 1, state: 'delivered' }] });
    // The line is taken away at the end.
    expect(whole.said).toEqual(['points: 0 of 2', 'points: 1 of 2', '']);
    expect(readdirSync(out)).toHaveLength(2);
  });

  test('ends a report, and leaves no half of a file', async () => {
    const folder = await dataFolder();
    const out = join(folder, 'out');
    const words = ['completeness', '--data', folder, '--from', '2026-11-22', '--to', '2026-11-22', '--out', out];
    await expect(run(reportCommand, words, 'points: 1 of 2')).rejects.toMatchObject({ code: 'api/cancelled' });
    expect(readdirSync(out)).toEqual([]);
    expect(await run(reportCommand, words, null)).toMatchObject({ code: 0 });
    expect(readdirSync(out)).toEqual(['report_completeness_SITE1_20261122_20261122.xlsx']);
  });
});
