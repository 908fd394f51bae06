import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiEvent } from '../../src/shared/api/dispatch.ts';
import { EVENT_NAMES, EVENTS } from '../../src/shared/api/events.ts';
import { METHOD_NAMES, METHODS } from '../../src/shared/api/methods.ts';
import { sampleOf } from '../support/sample.ts';
import { stubApi } from '../support/stub-api.ts';
import type { StubApi } from '../support/stub-api.ts';
import { WAYS_IN, WAYS_WITH_EVENTS } from './ways-in.ts';
import type { WayIn, WayInWithEvents } from './ways-in.ts';

describe.each(Object.entries(WAYS_IN))('the contract over %s', (_title, open) => {
  let stub: StubApi;
  let wayIn: WayIn;

  beforeEach(async () => {
    stub = stubApi();
    wayIn = await open(stub.api);
  });
  afterEach(() => wayIn.close());

  it.each(METHOD_NAMES)('%s is reached and answers what its schema says', async (name) => {
    const outcome = await wayIn.call(name, sampleOf(METHODS[name].params, 'input'));
    expect(outcome.ok, JSON.stringify(outcome)).toBe(true);
    if (outcome.ok) expect(METHODS[name].result.parse(outcome.data)).toEqual(outcome.data);
  });

  it('a method without parameters may be called without any', async () => {
    expect(await wayIn.call('system.status')).toMatchObject({ ok: true });
  });

  it('defaults of parameters are filled in before the handler sees them', async () => {
    expect(await wayIn.call('registers.list', {})).toEqual({ ok: true, data: { rows: [], total: 100 } });
  });

  it('invalid parameters come back as an error that names each fault by its path', async () => {
    const params = { pointIds: [1, 'two'], from: '22.11.2026', to: '2026-11-22', step: 'day', channel: 'A+' };
    const outcome = await wayIn.call('consumption.get', params);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'api/invalid-argument', details: { method: 'consumption.get' } } });
    if (outcome.ok) return;
    const { faults } = outcome.error.details as { faults: { path: string; message: string }[] };
    expect(faults.map((fault) => fault.path)).toEqual(['pointIds.1', 'from']);
    expect(outcome.error.message).toMatch(/^pointIds\.1: /);
  });

  it('a parameter that the contract does not know is refused', async () => {
    expect(await wayIn.call('points.get', { pointId: 1, isAdmin: true })).toMatchObject({
      ok: false,
      error: { code: 'api/invalid-argument' },
    });
  });

  it.each(['no.such', 'toString', '__proto__', 'constructor'])('%s is no method', async (name) => {
    expect(await wayIn.call(name, {})).toMatchObject({ ok: false, error: { code: 'api/not-found', details: { method: name } } });
  });

  it('an error of a handler keeps its code, message, hint and details', async () => {
    expect(await wayIn.call('points.get', { pointId: 404 })).toEqual({
      ok: false,
      error: { code: 'api/not-found', message: 'There is no such point', hint: 'Ask points.tree', details: { pointId: 404 } },
    });
  });

  it('an unexpected failure is a bug that tells nothing of the inside', async () => {
    const outcome = await wayIn.call('points.get', { pointId: 500 });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'bug' } });
    expect(JSON.stringify(outcome)).not.toContain('secret');
  });

  it('many calls at once each get their own answer', async () => {
    const limits = Array.from({ length: 100 }, (_unused, index) => index + 1);
    const outcomes = await Promise.all(limits.map((limit) => wayIn.call('registers.list', { limit })));
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.data : outcome.error))).toEqual(limits.map((total) => ({ rows: [], total })));
  });
});

describe.each(Object.entries(WAYS_WITH_EVENTS))('events over %s', (_title, open) => {
  let stub: StubApi;
  let wayIn: WayInWithEvents;

  beforeEach(async () => {
    stub = stubApi();
    wayIn = await open(stub.api);
  });
  afterEach(() => wayIn.close());

  it('arrive complete and in their order, each with the next sequence number', async () => {
    const point = METHODS['live.list'].result.parse(sampleOf(METHODS['live.list'].result, 'output')).points;
    const heard: ApiEvent[] = [];
    const stop = wayIn.subscribe((event) => heard.push(event));
    for (let sequence = 1; sequence <= 300; sequence += 1) stub.events.emit('live.changed', { sequence, points: point });
    // An answer is sent after the events before it, so all of them are here when it is.
    await wayIn.call('system.status');
    expect(heard.map((event) => event.name)).toEqual(Array.from({ length: 300 }, () => 'live.changed'));
    expect(heard.map((event) => EVENTS['live.changed'].parse(event.payload).sequence)).toEqual(
      Array.from({ length: 300 }, (_unused, index) => index + 1),
    );
    expect(heard[0]?.payload).toEqual({ sequence: 1, points: point });

    stop();
    stub.events.emit('live.changed', { sequence: 301, points: [] });
    await wayIn.call('system.status');
    expect(heard).toHaveLength(300);
  });

  it('of every name are carried', async () => {
    const heard: ApiEvent[] = [];
    wayIn.subscribe((event) => heard.push(event));
    for (const name of EVENT_NAMES) stub.events.emit(name, EVENTS[name].parse(sampleOf(EVENTS[name], 'output')));
    await wayIn.call('system.status');
    expect(heard.map((event) => event.name)).toEqual(EVENT_NAMES);
  });
});
