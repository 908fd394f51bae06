import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { DailyBackups } from '../../src/main/backups.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { AppError } from '../../src/shared/api/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from './store/support.ts';

function daily(start: string) {
  const clock = new FakeClock(start);
  const folder = temporaryFolder();
  const made: string[] = [];
  const disk = { isFull: false };
  const backUpTo = async (file: string) => {
    made.push(new Date(clock.now()).toISOString());
    if (disk.isFull) throw new AppError('store/disk-full', 'full');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, 'x');
  };
  const today = () => new Date(clock.now()).toISOString().slice(0, 10);
  const backups = new DailyBackups({ store: { folder, backUpTo }, clock, logger: silentLogger, chosenFolder: () => null, today });
  return { clock, backups, made, disk };
}

test('a copy is made every day, away from the half-hours', async () => {
  const { clock, backups, made } = daily('2026-11-24T08:59:30Z');
  backups.start();
  await clock.advance(3 * 86_400_000);
  await backups.stop();
  expect(made.map((at) => at.slice(0, 10))).toEqual(['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27']);
  for (const at of made) expect(Number(at.slice(14, 16)) % 30).toBeGreaterThanOrEqual(2);
  expect(backups.status()).toMatchObject({ isRunning: false, failure: null, files: [{ day: '2026-11-27' }, {}, {}, {}] });
});

test('one that fails is told, tried again an hour later, and forgotten once it went well', async () => {
  const { clock, backups, made, disk } = daily('2026-11-24T09:10:00Z');
  disk.isFull = true;
  backups.start();
  await clock.advance(10 * 60_000);
  expect(made).toHaveLength(1);
  expect(backups.status().failure).toMatchObject({ code: 'store/disk-full' });
  disk.isFull = false;
  await clock.advance(3_600_000);
  expect(made).toHaveLength(2);
  expect(backups.status().failure).toBeNull();
  await backups.stop();
});

test('two are not made at once', async () => {
  const { backups } = daily('2026-11-24T09:10:00Z');
  const first = backups.make();
  await expect(backups.make()).rejects.toMatchObject({ code: 'api/conflict' });
  await first;
});
