import { describe, expect, it } from 'vitest';
import { gradeOf, lineGrade, percentile } from '../../../src/main/search/grade.ts';
import type { Fault } from '../../../src/main/simulator/faults.ts';
import { createPlant } from '../../../src/main/simulator/plant.ts';
import type { LineTest } from '../../../src/shared/api/search.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeLineTest } from '../../support/search-rig.ts';

const LINE = 'ТП-1';

async function tested(faults: readonly Fault[] = [], options: { exchanges?: number; dead?: number } = {}): Promise<LineTest> {
  const clock = new FakeClock('2026-11-22T09:10:00Z');
  const plant = createPlant({ clock, historyDays: 0, latencyMs: [10, 40] });
  for (const fault of faults) plant.setFault(fault);
  const meters = plant.truth.meters.filter(({ line }) => line === LINE).slice(0, 5);
  for (const { serial } of meters.slice(0, options.dead ?? 0)) plant.setFault({ kind: 'dead-meter', serial });
  const test = makeLineTest(clock, (settings) => plant.serialPort(LINE, settings), meters, options.exchanges);
  await clock.finish(test.run());
  return test.result();
}

describe('a line test', () => {
  it('asks each meter a hundred times, and a sound line is good', async () => {
    const result = await tested();
    expect(result).toMatchObject({
      state: 'done',
      grade: 'good',
      exchanges: 500,
      done: 500,
      total: 500,
      lost: 0,
      damaged: 0,
      findings: [],
    });
    expect(result.meters).toHaveLength(5);
    for (const meter of result.meters) expect(meter).toMatchObject({ exchanges: 100, lost: 0, retries: 0, grade: 'good' });
    // 10 to 40 ms of a meter, then ten bytes at 9600 baud before the adapter hands them over.
    expect(result.firstByteP50Ms).toBeGreaterThan(20);
    expect(result.firstByteP99Ms).toBeLessThan(60);
  });

  it('counts what was lost and what came damaged apart, and the tries that it took', async () => {
    const lossy = await tested([{ kind: 'loss', rate: 0.1 }]);
    expect(lossy.lost).toBeGreaterThan(25);
    expect(lossy.lost).toBeLessThan(80);
    expect(lossy).toMatchObject({ damaged: 0, grade: 'poor', findings: [{ code: 'loss' }] });
    expect(lossy.meters.reduce((sum, { retries }) => sum + retries, 0)).toBeGreaterThanOrEqual(lossy.lost);
    const damaged = await tested([{ kind: 'corrupt', rate: 0.03 }]);
    expect(damaged).toMatchObject({ lost: 0, grade: 'fair', findings: [{ code: 'corruption' }] });
  });

  it('calls answers that break off truncation, and neither noise nor corruption nor loss', async () => {
    const cut = await tested([{ kind: 'truncate', rate: 0.1 }]);
    expect(cut).toMatchObject({ grade: 'poor', findings: [{ code: 'truncation' }] });
    expect(cut.findings).toHaveLength(1);
    expect(cut.damaged).toBeGreaterThan(25);
  });

  it('names an echo and noise, and such a line is fair at best', async () => {
    expect(await tested([{ kind: 'echo' }], { exchanges: 20 })).toMatchObject({ echoes: 100, grade: 'fair', findings: [{ code: 'echo' }] });
    const noisy = await tested([{ kind: 'noise', rate: 0.1 }], { exchanges: 40 });
    expect(noisy).toMatchObject({ lost: 0, grade: 'fair', findings: [{ code: 'noise' }] });
    expect(noisy.strayBytes).toBeGreaterThan(20);
  });

  it('fails a dead meter and leaves the others their grade', async () => {
    const result = await tested([], { exchanges: 20, dead: 1 });
    expect(result.meters.map(({ grade }) => grade)).toEqual(['failed', 'good', 'good', 'good', 'good']);
    expect(result.findings).toEqual([]);
  });

  it('fails a silent line and says that nobody was heard', async () => {
    expect(await tested([{ kind: 'silent-line' }], { exchanges: 10 })).toMatchObject({
      grade: 'failed',
      firstByteP50Ms: null,
      findings: [{ code: 'line-silent' }],
    });
  });

  it('gets no grade when it is cancelled', async () => {
    const clock = new FakeClock();
    const plant = createPlant({ clock, historyDays: 0 });
    const meters = plant.truth.meters.filter(({ line }) => line === LINE);
    const test = makeLineTest(clock, (settings) => plant.serialPort(LINE, settings), meters);
    const run = test.run();
    await clock.advance(2000);
    test.cancel();
    await clock.finish(run);
    expect(test.result()).toMatchObject({ state: 'cancelled', grade: null });
    expect(test.result().done).toBeGreaterThan(10);
  });
});

describe('grades', () => {
  it('go by the share of failed exchanges', () => {
    expect([0, 1, 2, 5, 6, 50, 51, 100].map((failures) => gradeOf(100, failures))).toEqual([
      'good',
      'good',
      'fair',
      'fair',
      'poor',
      'poor',
      'failed',
      'failed',
    ]);
    expect(gradeOf(0, 0)).toBe('failed');
  });

  it('of a line are lowered by stray bytes, and never raised', () => {
    const clean = { exchanges: 100, lost: 0, damaged: 0, echoes: 0, strays: 1 };
    expect(lineGrade(clean)).toBe('good');
    expect(lineGrade({ ...clean, strays: 2 })).toBe('fair');
    expect(lineGrade({ ...clean, strays: 50, lost: 20 })).toBe('poor');
  });

  it('rest on percentiles that are measured values', () => {
    expect(percentile([], 0.5)).toBeNull();
    expect(percentile([30, 10, 20], 0.5)).toBe(20);
    expect(
      percentile(
        Array.from({ length: 100 }, (_, index) => index + 1),
        0.99,
      ),
    ).toBe(99);
  });
});
