import { expect, onTestFinished, test, vi } from 'vitest';
import type { ApiEvent } from '../../../src/shared/api/dispatch.ts';
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

function feedOver(listener: ((event: ApiEvent) => void) | null) {
  const { store, clock } = storeWithMeters(2);
  const site = new Site({ store, clock, engine: () => null });
  const refresh = vi.spyOn(site, 'refresh');
  const load = vi.spyOn(store.plant, 'load');
  const status = vi.fn(() => systemStatus.parse(sampleOf(systemStatus, 'output')));
  const events = new ApiEvents(silentLogger);
  if (listener !== null) events.subscribe(listener);
  const feed = new EngineFeed({ site, events, clock, status });
  onTestFinished(() => feed.stop());
  const openLine = () => new ScriptedLine(clock);
  const deps = { store: new MemoryStore(), openLine, drivers: new Map(), clock, logger: silentLogger, plan: CONTINUOUS_PLAN };
  feed.follow(createEngine({ plant: plantOf([]), ...deps }));
  return { site, store, clock, feed, refresh, load, status };
}

test('what a meter tells of itself holds with the next data, and the plant is not read again for it', async () => {
  const { site, clock, feed, load } = feedOver(null);
  const [first, second] = site.points;
  if (first === undefined || second === undefined) throw new Error('two points are expected');
  feed.factsStored(first.meter.id, { ...first.meter.facts, firmware: '9.9' });
  await clock.advance(5000);
  expect(site.points.map(({ meter }) => meter.facts.firmware)).toEqual(['9.9', second.meter.facts.firmware]);
  expect(site.plant.meters.find(({ id }) => id === first.meter.id)?.facts.firmware).toBe('9.9');
  expect(load).toHaveBeenCalledTimes(1);
});

test('the plant is read again once a minute: what a person has entered for a moment to come holds from then on', async () => {
  const { clock, refresh } = feedOver(null);
  await clock.advance(59_000);
  expect(refresh).toHaveBeenCalledTimes(0);
  await clock.advance(1000);
  expect(refresh).toHaveBeenCalledTimes(1);
});

test('a status is made only for who hears it', async () => {
  const heard: string[] = [];
  const silent = feedOver(null);
  const listened = feedOver(({ name }) => heard.push(name));
  await Promise.all([silent.clock.advance(5000), listened.clock.advance(5000)]);
  expect(silent.status).not.toHaveBeenCalled();
  expect(heard).toEqual(['status.changed']);
});
