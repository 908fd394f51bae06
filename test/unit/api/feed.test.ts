import { expect, onTestFinished, test, vi } from 'vitest';
import { ApiEvents } from '../../../src/main/api/events.ts';
import { EngineFeed } from '../../../src/main/api/feed.ts';
import { Site } from '../../../src/main/api/site.ts';
import { createEngine } from '../../../src/main/engine/engine.ts';
import { CONTINUOUS_PLAN } from '../../../src/main/engine/work.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { systemStatus } from '../../../src/shared/api/methods.ts';
import { sampleOf } from '../../support/sample.ts';
import { MemoryStore, plantOf, ScriptedLine } from '../../support/scripted-plant.ts';
import { storeWithMeters } from '../store/support.ts';

test('the plant is read again soon after facts of a meter were stored, and otherwise once a minute', async () => {
  const { store, clock } = storeWithMeters(1);
  const site = new Site({ store, clock, engine: () => null });
  const refresh = vi.spyOn(site, 'refresh');
  const feed = new EngineFeed({
    site,
    events: new ApiEvents(silentLogger),
    clock,
    status: () => systemStatus.parse(sampleOf(systemStatus, 'output')),
  });
  onTestFinished(() => feed.stop());
  const openLine = () => new ScriptedLine(clock);
  const deps = { store: new MemoryStore(), openLine, drivers: new Map(), clock, logger: silentLogger, plan: CONTINUOUS_PLAN };
  feed.follow(createEngine({ plant: plantOf([]), ...deps }));
  await clock.advance(59_000);
  expect(refresh).toHaveBeenCalledTimes(0);
  await clock.advance(1000);
  expect(refresh).toHaveBeenCalledTimes(1);
  feed.factsStored();
  await clock.advance(5000);
  expect(refresh).toHaveBeenCalledTimes(2);
  await clock.advance(50_000);
  expect(refresh).toHaveBeenCalledTimes(2);
});
