/** Meters without a profile in the whole product, in simulated time: their half-hours are what went through them, to the rounding of registers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type App, createApp } from '../../src/main/app.ts';
import { CONTINUOUS_PLAN } from '../../src/main/engine/work.ts';
import { parseImportFile } from '../../src/main/import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../src/main/line/line-address.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { TRAINING_PLANT } from '../../src/main/simulator/layout.ts';
import { createPlant } from '../../src/main/simulator/plant.ts';
import { openStore, openStoreReader } from '../../src/main/store/store.ts';
import type { MethodName, MethodResult } from '../../src/shared/api/methods.ts';
import { DEFAULT_SETTINGS } from '../../src/shared/api/settings.ts';
import { FakeClock } from '../support/fake-clock.ts';

vi.mock('node:net', async (original) => ({ ...(await original<object>()), ...(await import('../support/memory-net.ts')) }));

const HALF_HOUR_S = 1800;
/** One line with a meter that freezes its registers and one that can only be read in time. */
const LAYOUT = [
  {
    name: 'ТП',
    code: 'P',
    line: 'L',
    points: (['m230frozen', 'm230plain'] as const).flatMap((wanted) =>
      TRAINING_PLANT.flatMap(({ points }) => points.filter(({ family }) => family === wanted)).slice(0, 1),
    ),
  },
];
const seconds = (time: string) => Date.parse(`2026-11-24T${time}Z`) / 1000;

test('every half-hour between two boundaries that Feeder was there for, and no other', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-frozen-'));
  const clock = new FakeClock('2026-11-24T08:10:00Z');
  const plant = createPlant({ clock, historyDays: 1, layout: LAYOUT });
  await plant.start();
  const store = openStore({ folder, clock, logger: silentLogger });
  store.settings.save({ ...DEFAULT_SETTINGS, site: { ...DEFAULT_SETTINGS.site, timeZone: 'Europe/Moscow' } }, 'test');
  const rows = parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin: 180 }, (text) =>
    formatLineAddress(parseLineAddress(text)),
  );
  store.plant.applyImport(rows, 180, 'test');
  store.close();
  const start = async (): Promise<App> => {
    const app = await createApp({
      dataFolder: folder,
      clock,
      logger: silentLogger,
      plan: { ...CONTINUOUS_PLAN, depthDays: 1, livePeriodS: 300 },
    });
    await app.start();
    return app;
  };
  const until = (time: string) => clock.advance(seconds(time) * 1000 - clock.now());
  let app = await start();
  onTestFinished(async () => {
    await clock.finish(app.stop());
    await plant.stop();
    rmSync(folder, { recursive: true });
  });
  // Half past eight is the first boundary; at ten Feeder is not there; at half past eleven the line is torn.
  await until('09:50:00');
  await clock.finish(app.stop());
  await until('10:10:00');
  app = await start();
  await until('11:29:00');
  for (const { name } of plant.lines) plant.setFault({ kind: 'drop-line', line: name });
  await until('11:31:00');
  for (const { name } of plant.lines) plant.clearFault({ kind: 'drop-line', line: name });
  await until('12:40:00');
  const wanted = ['08:30', '09:00', '10:30', '12:00'];

  const reader = openStoreReader({ folder });
  onTestFinished(() => reader.close());
  const meters = plant.truth.meters.filter(({ intervals }) => intervals === 'registers');
  expect(meters).toHaveLength(2);
  for (const [place, meter] of meters.entries()) {
    const { id } = reader.plant.load().meters.find(({ serial }) => serial === meter.serial) ?? { id: 0 };
    const stored = reader.intervals.list(id, seconds('00:00:00'), seconds('23:00:00'));
    expect(stored.map(({ startUtc }) => new Date(startUtc * 1000).toISOString().slice(11, 16))).toEqual(wanted);
    for (const { startUtc, counts, flags } of stored) {
      expect(flags).toEqual(['frozen']);
      const real = plant.truth.interval(meter.serial, startUtc);
      for (const channel of meter.channels) {
        // Whole Wh between two registers: each is rounded down; a freeze of up to 3 s and a timed read of up to 15 s move the ends.
        const wh = ((real?.[channel] ?? NaN) * 500) / meter.constant;
        expect(Math.abs((counts[channel] ?? NaN) - wh)).toBeLessThanOrEqual(1 + wh * (place === 0 ? 0.004 : 0.02));
      }
    }
    const gaps = reader.gaps.list(id).filter(({ toUtc }) => toUtc <= seconds('12:30:00'));
    const lost = gaps.filter(({ reason }) => reason === 'never-recorded').flatMap(({ fromUtc, toUtc }) => halfHours(fromUtc, toUtc));
    expect([...new Set(lost)].sort()).toEqual(['09:30', '10:00', '11:00', '11:30']);
    expect(gaps.filter(({ state }) => state === 'open')).toEqual([]);

    const { pointCode } = meter;
    const { rows: shown } = await call(app, 'intervals.list', { pointCode, from: '2026-11-24T08:30:00Z', to: '2026-11-24T12:30:00Z' });
    expect(shown.map(({ intervalStart, flags, reason }) => [intervalStart.slice(11, 16), flags.join(), reason])).toEqual([
      ['08:30', 'frozen', null],
      ['09:00', 'frozen', null],
      ['09:30', '', 'never-recorded'],
      ['10:00', '', 'never-recorded'],
      ['10:30', 'frozen', null],
      ['11:00', '', 'never-recorded'],
      ['11:30', '', 'never-recorded'],
      ['12:00', 'frozen', null],
    ]);
    for (const row of shown.filter(({ reason }) => reason !== null)) {
      expect([row.counts, row.secondary, row.primary].flatMap((figures) => Object.values(figures))).toEqual(Array(12).fill(null));
    }

    const told = await call(app, 'why.get', { pointCode, at: '2026-11-24T10:40:00Z' });
    expect(told.interval).toEqual(shown.find(({ intervalStart }) => intervalStart.slice(11, 16) === '10:30'));
    // Counts are whole Wh, whatever the pulse constant of the meter; both stand on a direct connection.
    const wh = told.interval?.counts['A+'] ?? NaN;
    const kwh = (wh / 1000).toFixed(3).replace(/\.?0+$/, '');
    expect(told).toMatchObject({
      meter_serial: meter.serial,
      interval: { secondary: { 'A+': kwh, 'A-': null }, primary: { 'A+': kwh, 'A-': null } },
      formula: { constant_imp_per_kwh: 500, text: 'N / (2 × 500) × 1/1 × 1/1' },
      exchange: { label: place === 0 ? 'frozen energy tariff 0' : 'energy array 0 tariff 0', sentAt: expect.stringMatching(/T11:00:/) },
      revision: 1,
      gap: null,
    });
    // Its bytes hold the register at the end of a half-hour: between two that follow each other it has grown by the count.
    const registers = await Promise.all(
      ['08:40', '09:10'].map(async (at) => {
        const { exchange } = await call(app, 'why.get', { pointCode, at: `2026-11-24T${at}:00Z` });
        return Number(exchange?.fields.find(({ name }) => name === 'energy.A+')?.value);
      }),
    );
    expect((registers[1] ?? NaN) - (registers[0] ?? NaN)).toBe(shown[1]?.counts['A+']);
    const missing = await call(app, 'why.get', { pointCode, at: '2026-11-24T11:10:00Z' });
    expect(missing).toMatchObject({
      exchange: null,
      revision: null,
      interval: { reason: 'never-recorded' },
      gap: { reason: 'never-recorded', state: 'proven-absent' },
    });
  }
});

async function call<N extends MethodName>(app: App, name: N, params: object): Promise<MethodResult<N>> {
  const outcome = await app.api.dispatch(name, params, { role: 'operator', transport: 'test' } as never);
  if (!outcome.ok) throw new Error(`${name}: ${outcome.error.message}`);
  return outcome.data as MethodResult<N>;
}

function halfHours(fromUtc: number, toUtc: number): string[] {
  return Array.from({ length: (toUtc - fromUtc) / HALF_HOUR_S }, (_, index) =>
    new Date((fromUtc + index * HALF_HOUR_S) * 1000).toISOString().slice(11, 16),
  );
}
