/** Meters without supply, in simulated time: zero where a whole substation was dead and it is proven, a warning where one meter was alone. */
import { expect, test, vi } from 'vitest';
import { TRAINING_PLANT } from '../../src/main/simulator/layout.ts';
import type { IntervalRow, MethodResult } from '../../src/shared/api/methods.ts';
import { simulatedProduct } from '../support/simulated-product.ts';

vi.mock('node:net', async (original) => ({ ...(await original<object>()), ...(await import('../support/memory-net.ts')) }));

const rows = TRAINING_PLANT.flatMap(({ points }) => points).filter(
  ({ family, load, lostPhases }) => family === 'm234' && load !== 'standby' && lostPhases.length === 0,
);

/** Two meters of one substation; those that are cut have no supply for five hours, `hoursAgo` before the product begins. */
async function lookAt(cut: readonly [boolean, boolean], hoursAgo = 12) {
  const outages = [{ agoMin: hoursAgo * 60, forMin: 300 }];
  const points = cut.flatMap((isCut, index) => rows.slice(index, index + 1).map((row) => ({ ...row, outages: isCut ? outages : [] })));
  const { clock, plant, call } = await simulatedProduct([{ name: 'ТП-1', code: 'P', line: 'L', points }], {
    start: '2026-11-23T21:15:00Z',
  });
  await clock.advance(3 * 3_600_000);
  const codes = plant.truth.meters.map(({ pointCode }) => pointCode);
  const intervals = async (pointCode: string): Promise<IntervalRow[]> =>
    (
      (await call('intervals.list', { pointCode, from: '2026-11-21T21:00:00Z', to: '2026-11-23T21:00:00Z', limit: 1000 })) as {
        readonly rows: IntervalRow[];
      }
    ).rows;
  const attention = ((await call('overview.get', {})) as MethodResult<'overview.get'>).attention.filter(
    ({ code }) => code === 'supply-off-alone',
  );
  const why = async (pointCode: string, at: string) => (await call('why.get', { pointCode, at })) as MethodResult<'why.get'>;
  return { codes, intervals, attention, why };
}

const NONE = { 'A+': null, 'A-': null, 'R+': null, 'R-': null };

test('a dead substation: journal, registers and neighbours prove the zero', { timeout: 60_000 }, async () => {
  const { codes, intervals, attention, why } = await lookAt([true, true]);
  for (const code of codes) {
    const dead = (await intervals(code)).filter(({ flags }) => flags.includes('proven-off'));
    expect(dead).toHaveLength(9);
    for (const row of dead) expect([row.counts['A+'], row.primary['A+'], row.reason]).toEqual([0, '0', null]);
  }
  expect(attention).toEqual([]);
  const [first] = (await intervals(codes[0] ?? '')).filter(({ flags }) => flags.includes('proven-off'));
  const told = await why(codes[0] ?? '', first?.intervalStart ?? '');
  // No exchange brought it: the proof is of journal, registers and neighbours.
  expect(told).toMatchObject({ interval: { flags: ['proven-off'], reason: null }, exchange: null });
});

test('a meter that was alone without supply stays absent, and asks for attention', { timeout: 60_000 }, async () => {
  const { codes, intervals, attention } = await lookAt([true, false]);
  const absent = (await intervals(codes[0] ?? '')).filter(({ reason }) => reason !== null);
  expect(absent).toHaveLength(9);
  for (const row of absent) expect([row.counts, row.reason]).toEqual([NONE, 'meter-off']);
  expect(attention.map(({ params }) => params.code)).toEqual([codes[0]]);
  expect((await intervals(codes[1] ?? '')).every(({ reason }) => reason === null)).toBe(true);
});

test('without registers at the midnights around it nothing is proven', { timeout: 60_000 }, async () => {
  const { codes, intervals, attention } = await lookAt([true, true], 36);
  for (const code of codes) {
    const absent = (await intervals(code)).filter(({ reason }) => reason !== null);
    expect(absent).toHaveLength(9);
    for (const row of absent) expect([row.counts, row.reason]).toEqual([NONE, 'meter-off']);
  }
  expect(attention).toEqual([]);
});
