/** A PC whose clock jumps or is wrong: the half-hours go by the clocks of the meters. */
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../src/main/engine/engine.ts';
import { PcClock } from '../../../src/main/engine/pc-clock.ts';
import { CONTINUOUS_PLAN } from '../../../src/main/engine/work.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryStore, plantOf, ScriptedLine, ScriptedMeter, scriptedDriver } from '../../support/scripted-plant.ts';

const HOUR_MS = 3_600_000;
const HALF_HOUR = 1800;

describe('the clock of the PC', () => {
  test('is believed until most meters tell alike that it is wrong', () => {
    const clock = new FakeClock();
    const pc = new PcClock(clock);
    pc.measured(1, -HOUR_MS);
    pc.measured(2, -HOUR_MS - 800);
    expect(pc.errorMs).toBe(0);
    pc.measured(3, -HOUR_MS + 900);
    pc.measured(4, -2 * HOUR_MS);
    expect(pc.errorMs).toBe(-HOUR_MS);
    expect(pc.now()).toBe(clock.now() - HOUR_MS);
  });

  test('that jumps takes away what was measured against it; that it runs on does not', async () => {
    const clock = new FakeClock();
    const pc = new PcClock(clock);
    for (const meterId of [1, 2, 3]) pc.measured(meterId, -HOUR_MS);
    await clock.advance(HOUR_MS);
    pc.look();
    expect([pc.jumps, pc.errorMs]).toEqual([0, -HOUR_MS]);
    clock.jump(-HOUR_MS);
    pc.look();
    expect([pc.jumps, pc.errorMs]).toEqual([1, 0]);
  });
});

describe.each([
  ['an hour back', -HOUR_MS],
  ['an hour forward', HOUR_MS],
  ['a day forward', 24 * HOUR_MS],
  ['to the year 2010', -16 * 365 * 24 * HOUR_MS],
])('a PC clock that jumps %s', (_, jumpMs) => {
  test('neither misplaces a half-hour nor keeps one from being read', async () => {
    const clock = new FakeClock('2026-11-22T09:10:00Z');
    const store = new MemoryStore();
    const meters = [1, 2, 3, 4].map((id) => new ScriptedMeter(id, 1));
    const lines = new Map([[1, new ScriptedLine(clock)]]);
    const engine = createEngine({
      plant: plantOf(meters),
      store,
      openLine: (record) => lines.get(record.id) ?? new ScriptedLine(clock),
      drivers: new Map([['mercury-23x', scriptedDriver(meters, lines, clock, 60)]]),
      clock,
      logger: silentLogger,
      plan: { ...CONTINUOUS_PLAN, depthDays: 2 },
    });
    void engine.run();
    await clock.advance(10 * 60_000);
    clock.jump(jumpMs);
    for (const meter of meters) Object.assign(meter, { clockDeviationMs: -jumpMs, stampsByItsClock: true });
    await clock.advance(2 * HOUR_MS);
    const trueNow = Math.floor((clock.now() - jumpMs) / 1000);
    const newest = (Math.floor(trueNow / HALF_HOUR) - 1) * HALF_HOUR;
    for (const meter of meters) {
      const stored = store.intervals.get(meter.record.id);
      expect(Math.max(...(stored?.keys() ?? []))).toBe(newest);
      for (const [start, interval] of stored ?? []) expect(interval.counts).toEqual(meter.counts(start));
    }
    expect(store.duplicates).toBe(0);
    const stopped = engine.stop();
    await clock.advance(120_000);
    await stopped;
  });
});
