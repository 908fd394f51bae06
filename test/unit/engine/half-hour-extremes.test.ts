import { describe, expect, onTestFinished, test } from 'vitest';
import { createEngine } from '../../../src/main/engine/engine.ts';
import { ExtremesGatherer } from '../../../src/main/engine/half-hour-extremes.ts';
import { CONTINUOUS_PLAN, type PollPlan } from '../../../src/main/engine/work.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { mergeByKey } from '../../../src/shared/domain/extremes.ts';
import type { InstantaneousValues } from '../../../src/shared/domain/quantity.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryStore, plantOf, ScriptedLine, ScriptedMeter, scriptedDriver } from '../../support/scripted-plant.ts';

const at = (time: string) => Date.parse(`2026-11-22T${time}Z`) / 1000;
const power = (count: number, scale = 0): InstantaneousValues => ({ P: { count, scale, unit: 'W' } });

describe('the extremes of a half-hour', () => {
  test('are those of every read in it, and are told by the first read of the next one', () => {
    const gatherer = new ExtremesGatherer();
    expect([5, -3, 4].map((count, index) => gatherer.add(power(count), at('10:00:00') + index * 899))).toEqual([null, null, null]);
    expect(gatherer.add(power(9), at('10:30:00'))).toEqual({
      startUtc: at('10:00:00'),
      values: { P: { scale: 0, min: -3, max: 5, sum: 6, reads: 3 } },
    });
    expect(gatherer.flush()).toEqual({ startUtc: at('10:30:00'), values: { P: { scale: 0, min: 9, max: 9, sum: 9, reads: 1 } } });
  });

  test('know nothing of values that the meter does not have, and of half-hours without a read', () => {
    const gatherer = new ExtremesGatherer();
    expect(gatherer.flush()).toBeNull();
    gatherer.add({ P: null }, at('10:00:00'));
    expect(gatherer.add(power(1), at('10:30:00'))).toBeNull();
    gatherer.add({ P: null, U1: { count: 2310, scale: -1, unit: 'V' } }, at('10:31:00'));
    expect(gatherer.add(power(2), at('13:00:00'))).toMatchObject({ values: { P: { reads: 1 }, U1: { reads: 1, min: 2310 } } });
    expect(gatherer.end(at('13:29:59'))).toBeNull();
    expect(gatherer.end(at('13:30:00'))).toMatchObject({ startUtc: at('13:00:00') });
    expect(gatherer.end(at('14:00:00'))).toBeNull();
  });

  test('go to the half-hour that the PC said, also after its clock was set back', () => {
    const gatherer = new ExtremesGatherer();
    gatherer.add(power(7), at('10:30:05'));
    expect(gatherer.add(power(8), at('10:29:50'))).toMatchObject({ startUtc: at('10:30:00'), values: { P: { max: 7 } } });
    expect(gatherer.flush()).toMatchObject({ startUtc: at('10:00:00'), values: { P: { max: 8 } } });
  });

  test('of figures in tens of watts and in watts are counted in watts', () => {
    const gatherer = new ExtremesGatherer();
    gatherer.add(power(12, 1), at('10:00:00'));
    gatherer.add(power(95, 0), at('10:00:15'));
    gatherer.add(power(13, 1), at('10:00:30'));
    expect(gatherer.flush()?.values).toEqual({ P: { scale: 0, min: 95, max: 130, sum: 345, reads: 3 } });
  });

  test('never mix units', () => {
    const wrong: InstantaneousValues = { P: { count: 1, scale: 0, unit: 'var' } };
    expect(() => new ExtremesGatherer().add(wrong, at('10:00:00'))).toThrow(expect.objectContaining({ code: 'bug' }));
  });
});

describe('polling', () => {
  function running(counts: () => number, plan: Partial<PollPlan> = {}) {
    const clock = new FakeClock('2026-11-22T09:10:00Z');
    const store = new MemoryStore();
    const meters = [new ScriptedMeter(1, 1)];
    const lines = new Map([[1, new ScriptedLine(clock)]]);
    const driver = scriptedDriver(meters, lines, clock);
    const engine = createEngine({
      plant: plantOf(meters),
      store,
      openLine: () => lines.get(1) ?? new ScriptedLine(clock),
      drivers: new Map([
        [
          'mercury-23x',
          {
            ...driver,
            connect(...args: Parameters<typeof driver.connect>) {
              const session = driver.connect(...args);
              const read = session.readInstantaneous.bind(session);
              session.readInstantaneous = async () => ({ ...(await read()), value: power(counts()) });
              return session;
            },
          },
        ],
      ]),
      clock,
      logger: silentLogger,
      plan: { ...CONTINUOUS_PLAN, depthDays: 1, ...plan },
    });
    const stop = async () => {
      const stopped = engine.stop();
      await clock.advance(60_000);
      await stopped;
    };
    onTestFinished(stop);
    const run = engine.run();
    const extremes = () => store.batches.flatMap((batch) => batch.extremes ?? []);
    return { clock, store, meter: meters[0] as ScriptedMeter, run, stop, extremes };
  }

  test('hands over what no minute sample shows: a peak between two of them', async () => {
    let reads = 0;
    const { clock, store, extremes } = running(() => {
      reads += 1;
      return reads % 4 === 2 ? 999 : 100;
    });
    await clock.advance(21 * 60_000);
    const samples = store.batches.flatMap(({ sample }) => sample?.P?.count ?? []);
    const [first] = extremes();
    expect(first?.startUtc).toBe(at('09:00:00'));
    expect(first?.values.P?.reads).toBeGreaterThan(3 * 18);
    expect(first?.values.P).toMatchObject({ min: 100, max: 999 });
    expect(samples.length).toBeLessThan(25);
  });

  test('closes a half-hour although the meter fell silent in it', async () => {
    const { clock, meter, extremes } = running(() => 7);
    await clock.advance(5 * 60_000);
    meter.isDead = true;
    await clock.advance(16 * 60_000);
    expect(extremes().map(({ startUtc }) => startUtc)).toEqual([at('09:00:00')]);
  });

  test('once hands over what it has read before it ends', async () => {
    const { clock, run, extremes } = running(() => 7, { mode: 'once' });
    await clock.advance(60_000);
    await run;
    expect(extremes()).toEqual([{ startUtc: at('09:00:00'), values: { P: { scale: 0, min: 7, max: 7, sum: 7, reads: 1 } } }]);
  });

  test('stops in the middle of a half-hour without losing what it has read of it', async () => {
    let reads = 0;
    const { clock, stop, extremes } = running(() => (reads += 1));
    await clock.advance(5 * 60_000);
    expect(extremes()).toEqual([]);
    await stop();
    expect(extremes()).toEqual([
      { startUtc: at('09:00:00'), values: { P: { scale: 0, min: 1, max: reads, sum: (reads * (reads + 1)) / 2, reads } } },
    ]);
  });
});

test('two parts of a half-hour make the whole of it', () => {
  const [whole, first, second] = [new ExtremesGatherer(), new ExtremesGatherer(), new ExtremesGatherer()];
  for (const [index, count] of [4, 8, -1, 3, 12, 5].entries()) {
    for (const gatherer of [whole, index < 2 ? first : second]) gatherer.add(power(count), at('10:00:00') + index);
  }
  const frequency: InstantaneousValues = { F: { count: 5002, scale: -2, unit: 'Hz' } };
  for (const gatherer of [whole, second]) gatherer.add(frequency, at('10:10:00'));
  expect(mergeByKey(first.flush()?.values ?? {}, second.flush()?.values ?? {})).toEqual(whole.flush()?.values);
});
