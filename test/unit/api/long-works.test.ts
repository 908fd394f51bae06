import { describe, expect, test } from 'vitest';
import { LongWorks } from '../../../src/main/api/long-works.ts';
import type { WorkItem } from '../../../src/shared/api/works.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function worksOf() {
  const clock = new FakeClock('2026-11-22T09:00:00Z');
  const told: WorkItem[] = [];
  let ids = 0;
  const works = new LongWorks({
    clock,
    newId: () => `made-${(ids += 1)}`,
    onChanged: (item) => told.push(item),
  });
  return { clock, works, told, states: () => told.map(({ state, done, of }) => `${state} ${done}/${of}`) };
}

const SUBJECT = { kind: 'package', name: 'IV', from: '2026-01-01', to: '2026-12-31' } as const;

describe('long work', () => {
  test('is listed with how far it is, told at most every quarter of a second, and told when it ends', async () => {
    const { clock, works, states } = worksOf();
    const done = works.run(SUBJECT, 'mine', async (progress) => {
      for (let point = 0; point < 6; point += 1) {
        await progress.step({ stage: 'points', done: point, of: 6 });
        await clock.advance(100);
      }
      expect(works.list()).toEqual([
        { id: 'mine', ...SUBJECT, startedAt: '2026-11-22T09:00:00Z', stage: 'points', done: 5, of: 6, state: 'running' },
      ]);
      return 'result';
    });
    await expect(done).resolves.toBe('result');
    expect(states()).toEqual(['running 0/0', 'running 0/6', 'running 3/6', 'ended 5/6']);
    expect(works.list()).toEqual([]);
  });

  test('ends at its next step once it is cancelled, and its caller hears so', async () => {
    const { works, states } = worksOf();
    let steps = 0;
    const done = works.run(SUBJECT, undefined, async (progress) => {
      for (; steps < 10; steps += 1) {
        if (steps === 2) expect(works.cancel('made-1')).toMatchObject({ id: 'made-1', state: 'stopping' });
        await progress.step({ stage: 'points', done: steps, of: 10 });
      }
    });
    await expect(done).rejects.toMatchObject({ code: 'api/cancelled' });
    expect(steps).toBe(2);
    expect(states().slice(-2)).toEqual(['stopping 1/10', 'ended 1/10']);
    expect(() => works.cancel('made-1')).toThrow(expect.objectContaining({ code: 'api/not-found' }));
  });

  test('goes to its end once it keeps what it made: whoever asks is refused', async () => {
    const { works, states } = worksOf();
    const done = works.run(SUBJECT, 'mine', async (progress) => {
      await progress.step({ stage: 'points', done: 0, of: 1 });
      progress.commit();
      expect(() => works.cancel('mine')).toThrow(expect.objectContaining({ code: 'api/conflict' }));
      works.stop();
      await progress.step({ stage: 'files', done: 0, of: 0 });
      return progress.signal.aborted;
    });
    await expect(done).resolves.toBe(false);
    expect(states()).toContain('committed 0/0');
  });

  test('that was to stop before it keeps anything is stopped there', async () => {
    const { works } = worksOf();
    const done = works.run(SUBJECT, 'mine', async (progress) => {
      works.cancel('mine');
      progress.commit();
    });
    await expect(done).rejects.toMatchObject({ code: 'api/cancelled' });
  });

  test('of an id that is in hand is refused, the one in hand goes on', async () => {
    const { works } = worksOf();
    const first = works.run(SUBJECT, 'mine', async (progress) => progress.step({ stage: 'points', done: 0, of: 1 }));
    await expect(works.run(SUBJECT, 'mine', async () => {})).rejects.toMatchObject({ code: 'api/conflict' });
    await first;
    await works.run(SUBJECT, 'mine', async () => {});
  });
});
