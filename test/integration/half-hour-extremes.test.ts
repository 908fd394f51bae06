/** Real drivers over the training plant into a real database: what becomes of every read, across a restart in the middle of a half-hour. */
import { expect, test } from 'vitest';
import { history } from '../../src/main/api/history.ts';
import { Site } from '../../src/main/api/site.ts';
import { DRIVERS } from '../../src/main/drivers/registry.ts';
import { createEngine } from '../../src/main/engine/engine.ts';
import { CONTINUOUS_PLAN } from '../../src/main/engine/work.ts';
import { engineStore, openEngineLine } from '../../src/main/lines.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { createPlant } from '../../src/main/simulator/plant.ts';
import type { InstantaneousKey } from '../../src/shared/domain/quantity.ts';
import { lineOf } from '../support/simulated-engine.ts';
import { importRow, temporaryStore } from '../unit/store/support.ts';

test('every read of a half-hour is in its extremes, whatever ended in its middle', async () => {
  const { store, clock } = temporaryStore();
  await clock.advance(Date.parse('2026-11-22T09:00:10Z') - clock.now());
  const plant = createPlant({ clock, layout: [lineOf('A', 1)] });
  const [meter] = plant.truth.meters;
  if (meter === undefined) throw new Error('the plant is empty');
  const { serial, address, driver } = meter;
  store.plant.applyImport([{ ...importRow(1), line: 'serial:/dev/line1:9600-8N1', serial, address, driver }], 180, 'test');

  let reads = 0;
  const polledFor = async (minutes: number) => {
    const engine = createEngine({
      plant: store.plant.load(),
      store: engineStore(store),
      openLine: openEngineLine(clock, silentLogger, ({ settings }) => plant.serialPort('A', settings)),
      drivers: DRIVERS,
      clock,
      logger: silentLogger,
      plan: { ...CONTINUOUS_PLAN, depthDays: 1 },
    });
    let lastUtc: number | null = null;
    engine.subscribe({
      live(meterId) {
        const atUtc = engine.meter(meterId)?.live.atUtc ?? null;
        if (atUtc !== lastUtc) reads += 1;
        lastUtc = atUtc;
      },
    });
    void engine.run();
    await clock.advance(minutes * 60_000);
    const stopped = engine.stop();
    await clock.advance(5000);
    await stopped;
  };

  await polledFor(10);
  await polledFor(10);
  expect(reads).toBeGreaterThan(60);
  const site = new Site({ store, clock, engine: () => null });
  const row = (quantity: InstantaneousKey) =>
    history(site, { pointId: 1, quantity, from: '2026-11-22', to: '2026-11-22', step: 'half-hour' }).rows;
  for (const quantity of ['P', 'U1', 'I2', 'F'] as const) {
    const [only, ...others] = row(quantity);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ start: '2026-11-22T09:00:00Z', minutes: 30, reads });
    const [min, mean, max] = [only?.min, only?.mean, only?.max].map(Number) as [number, number, number];
    expect(min).toBeLessThanOrEqual(mean);
    expect(mean).toBeLessThanOrEqual(max);
  }
  expect(Number(row('P')[0]?.max)).toBeGreaterThan(Number(row('P')[0]?.min));
});
