import { expect, test } from 'vitest';
import { LiveReader } from '../../../src/main/engine/live-reader.ts';
import { CONTINUOUS_PLAN } from '../../../src/main/engine/work.ts';
import type { MeterSession } from '../../../src/main/drivers/driver.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const session = { readInstantaneous: async () => ({ value: {}, exchanges: [] }) } as unknown as MeterSession;

async function pauseAfterRead({ isFilling, isWatched }: { isFilling: boolean; isWatched: boolean }): Promise<number> {
  const clock = new FakeClock('2026-11-22T09:10:00Z');
  const live = new LiveReader({ clock, plan: CONTINUOUS_PLAN, isFilling: () => isFilling, save: () => {} });
  if (isWatched) live.watch();
  await live.read(session);
  return (live.dueAt - clock.monotonic()) / 1000;
}

test.each([
  [{ isFilling: false, isWatched: false }, 15],
  [{ isFilling: true, isWatched: false }, 30],
  // Who looks at a point does not care what else the line has to do.
  [{ isFilling: false, isWatched: true }, 4],
  [{ isFilling: true, isWatched: true }, 4],
])('with %j the values are read again after %i s', async (state, pauseS) => {
  expect(await pauseAfterRead(state)).toBe(pauseS);
});
