import { describe, expect, it } from 'vitest';
import { DRIVERS } from '../../../src/main/drivers/registry.ts';
import type { LineLoan } from '../../../src/main/engine/ports.ts';
import { openEngineLine } from '../../../src/main/lines.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { SearchDesk } from '../../../src/main/search/desk.ts';
import { createPlant } from '../../../src/main/simulator/plant.ts';
import { asAppError } from '../../../src/shared/api/errors.ts';
import type { LineTest, SearchState } from '../../../src/shared/api/search.ts';
import type { Plant } from '../../../src/shared/domain/plant.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { searchRequest } from '../../support/search-rig.ts';

const LINE = 'ТП-1';
const HERE = 'serial:/dev/bus:9600-8N1';

/** A desk over one serial bus whose meters are set to `live`; the plant has it as line 1 when it is known. */
function makeDesk(options: { live?: string; isKnown?: boolean } = {}) {
  const clock = new FakeClock('2026-11-22T09:10:00Z');
  const [baudRate = '', format = ''] = (options.live ?? '9600-8N1').split('-');
  const bus = createPlant({ clock, historyDays: 0, settings: { baudRate: Number(baudRate), format } });
  const meters = bus.truth.meters.filter(({ line }) => line === LINE).slice(0, 4);
  const lines = [{ id: 1, name: LINE, address: HERE }];
  const record = {
    lineId: 1,
    driver: 'mercury-23x',
    accessLevel: 1,
    hasPassword: false,
    removedUtc: null,
    quarantinedUtc: null,
  } as const;
  const plant = {
    lines: options.isKnown === false ? [] : lines,
    meters: meters.map(({ serial, address }, index) => ({ ...record, id: index + 1, serial, address })),
  } as unknown as Plant;
  const kept: LineTest[] = [];
  const told: SearchState[] = [];
  const retuned: (string | null)[] = [];
  const polled = openEngineLine(clock, silentLogger, (line) => bus.serialPort(LINE, line.settings))({ id: 1, name: LINE, address: HERE });
  /** The engine's loan: the line is open when a slice begins. */
  const lend = (): LineLoan => {
    let isOpen = false;
    return {
      async slice(work) {
        if (!isOpen) await polled.open();
        isOpen = true;
        return work({
          baudRate: polled.baudRate,
          exchange: (request) => polled.exchange(request),
          listen: (request) => polled.listen(request),
          async retune(setting) {
            retuned.push(setting);
            await polled.retune(setting);
          },
        });
      },
      release: () => polled.close(),
    };
  };
  const desk = new SearchDesk({
    drivers: DRIVERS,
    clock,
    logger: silentLogger,
    plant: () => plant,
    lend,
    openLine: openEngineLine(clock, silentLogger, (line) => bus.serialPort(LINE, line.settings)),
    pointOf: (serial) => (meters.some((meter) => meter.serial === serial) ? `P-${serial}` : null),
    neighbours: () => [{ pointCode: 'P-1', ageS: 3 }],
    tests: {
      list: () => [...kept].reverse(),
      get: (id) => kept.find((test) => test.id === id) ?? null,
      highestId: () => Math.max(0, ...kept.map(({ id }) => id)),
      add: (test) => void kept.push(test),
    },
    onSearch: (state) => void told.push(state),
    onTest: () => {},
  });
  return { desk, clock, meters, kept, told, retuned };
}

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return asAppError(error).code;
  }
  return 'nothing was thrown';
};

describe('the desk of searches', () => {
  it('searches a line of the plant in slices, with its points and neighbours, and tells of it at most once a second', async () => {
    const { desk, clock, meters, told } = makeDesk();
    const { id } = desk.start(searchRequest({ serials: meters.map(({ serial }) => serial) }));
    expect(desk.search(id).neighbours).toEqual([{ pointCode: 'P-1', ageS: 3 }]);
    await clock.advance(5000);
    const state = desk.search(id);
    expect(state).toMatchObject({ state: 'done', missing: [] });
    expect(state.found.map(({ pointCode }) => pointCode)).toEqual(state.found.map(({ serial }) => `P-${serial}`));
    expect(told.length).toBeLessThan(6);
    expect(told.at(-1)).toEqual(state);
    expect(desk.log(id).last).toBe(state.done);
  });

  it('tries the speed that the text names although the plant has the port with another', async () => {
    const { desk, clock, meters, retuned } = makeDesk({ live: '2400-8O1' });
    const { id } = desk.start(searchRequest({ line: 'serial:/dev/bus:2400-8O1', serials: meters.map(({ serial }) => serial) }));
    await clock.advance(20_000);
    expect(desk.search(id)).toMatchObject({ state: 'done', missing: [] });
    expect(retuned).toEqual(['2400-8O1']);
  });

  it('opens a line that the plant does not have, and has no neighbours there', async () => {
    const { desk, clock, meters } = makeDesk({ isKnown: false });
    const { id } = desk.start(searchRequest({ serials: [meters[0]?.serial ?? ''] }));
    await clock.advance(3000);
    expect(desk.search(id)).toMatchObject({ state: 'done', missing: [], neighbours: [] });
  });

  it('refuses a second task on a line, unknown numbers, and a driver that searches by serials alone', async () => {
    const { desk, clock } = makeDesk();
    const { id } = desk.start(searchRequest());
    expect(codeOf(() => desk.start(searchRequest({ line: 'serial:/dev/bus:2400-8N1' })))).toBe('api/conflict');
    expect(codeOf(() => desk.startTest(1, 10))).toBe('api/conflict');
    expect(codeOf(() => desk.search(9))).toBe('api/not-found');
    expect(codeOf(() => desk.startTest(9, 10))).toBe('api/not-found');
    expect(codeOf(() => desk.plan(searchRequest({ driver: 'mercury-200' })))).toBe('api/invalid-argument');
    desk.cancel(id);
    await clock.advance(1000);
    expect(desk.search(id).state).toBe('cancelled');
    expect(desk.start(searchRequest()).state).toBe('running');
    await clock.finish(desk.stop());
    expect(desk.searches().map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
  });

  it('forgets the oldest of many searches, and never one that still runs', async () => {
    const { desk, clock } = makeDesk();
    const paused = desk.start(searchRequest());
    desk.pause(paused.id);
    for (let n = 1; n <= 51; n += 1) {
      const { id } = desk.start(searchRequest({ line: `serial:/dev/other-${n}:9600-8N1` }));
      desk.cancel(id);
      await clock.advance(1000);
    }
    expect(desk.searches()).toHaveLength(50);
    expect(desk.search(paused.id).state).toBe('paused');
    expect(codeOf(() => desk.search(paused.id + 1))).toBe('api/not-found');
    await clock.finish(desk.stop());
    expect(desk.search(paused.id).state).toBe('cancelled');
  });

  it('keeps a test that ran to its end, and not one that was cancelled', async () => {
    const { desk, clock, meters, kept } = makeDesk();
    const { id } = desk.startTest(1, 10);
    await clock.advance(60_000);
    expect(desk.test(id)).toMatchObject({ state: 'done', grade: 'good', exchanges: 10 * meters.length });
    expect(desk.tests(1)).toEqual([desk.test(id)]);
    const second = desk.startTest(1, 100);
    expect(second.id).toBe(id + 1);
    await clock.advance(1000);
    desk.cancelTest(second.id);
    await clock.advance(1000);
    expect(desk.test(second.id)).toMatchObject({ state: 'cancelled', grade: null });
    expect(kept).toHaveLength(1);
  });
});
