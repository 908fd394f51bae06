import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../../src/main/engine/engine.ts';
import type { LineLoan } from '../../../src/main/engine/ports.ts';
import { CONTINUOUS_PLAN, type PollPlan } from '../../../src/main/engine/work.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { AppError, asAppError, type ErrorCode } from '../../../src/shared/api/errors.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryStore, plantOf, ScriptedLine, ScriptedMeter, scriptedDriver } from '../../support/scripted-plant.ts';

let clock: FakeClock;
let store: MemoryStore;
let meters: ScriptedMeter[];
let line: ScriptedLine;
let engine: Engine;

function build(meterCount: number, plan: Partial<PollPlan> = {}): void {
  meters = Array.from({ length: meterCount }, (_, index) => new ScriptedMeter(index + 1, 1));
  line = new ScriptedLine(clock);
  const plant = { ...plantOf(meters), lines: [{ id: 1, name: 'line 1', address: 'serial:COM4:9600-8N1' }] };
  engine = createEngine({
    plant,
    store,
    openLine: () => line,
    drivers: new Map([['mercury-23x', scriptedDriver(meters, new Map([[1, line]]), clock)]]),
    clock,
    logger: silentLogger,
    plan: { ...CONTINUOUS_PLAN, depthDays: 2, ...plan },
  });
  void engine.run();
}

beforeEach(() => {
  clock = new FakeClock('2026-11-22T09:10:00Z');
  store = new MemoryStore();
});

afterEach(async () => {
  const stopped = engine.stop();
  await clock.advance(60_000);
  await stopped;
});

const meter = (index: number) => meters[index] as ScriptedMeter;

/** What has become of a promise by now. */
function fate(promise: Promise<unknown>) {
  const seen: { value?: unknown; code?: ErrorCode; atMs?: number } = {};
  promise.then(
    (value) => Object.assign(seen, { value, atMs: clock.monotonic() }),
    (error: unknown) => Object.assign(seen, { code: asAppError(error).code, atMs: clock.monotonic() }),
  );
  return seen;
}

describe('work that a person waits for', () => {
  test('is done on the open session before anything else, and brings its result', async () => {
    build(8, { depthDays: 60 });
    await clock.advance(3000);
    const opens = meter(5).opens;
    const askedAt = clock.monotonic();
    const asked = fate(
      engine.ask(6, 'inventory', async (session) => {
        await session.readConfiguration().catch(() => undefined);
        return 'brought';
      }),
    );
    await clock.advance(200);
    expect(asked.value).toBe('brought');
    // One exchange was in flight at most.
    expect((asked.atMs ?? Number.POSITIVE_INFINITY) - askedAt).toBeLessThanOrEqual(opens === 0 ? 200 : 60);
  });

  test('goes in the order of asking and is never repeated', async () => {
    build(2);
    await clock.advance(20_000);
    const runs: string[] = [];
    const ask = (meterId: number, name: string) =>
      fate(
        engine.ask(meterId, name, async () => {
          runs.push(name);
          throw new AppError('transport/timeout', 'no answer');
        }),
      );
    const asked = [ask(2, 'first'), ask(1, 'second'), ask(1, 'third')];
    await clock.advance(60_000);
    expect(runs).toEqual(['first', 'second', 'third']);
    expect(asked.map(({ code }) => code)).toEqual(['transport/timeout', 'transport/timeout', 'transport/timeout']);
  });

  test('does not make a meter silent when the meter refuses it, but does when the meter does not answer', async () => {
    build(1);
    await clock.advance(20_000);
    for (const code of ['meter/unsupported', 'meter/refused', 'data/implausible', 'session/denied', 'api/not-found'] as const) {
      const asked = fate(engine.ask(1, 'refused', () => Promise.reject(new AppError(code, 'no'))));
      await clock.advance(100);
      expect(asked.code).toBe(code);
      expect(engine.meter(1)?.health).toBe('ok');
    }
    fate(engine.ask(1, 'unanswered', () => Promise.reject(new AppError('transport/timeout', 'no answer'))));
    await clock.advance(100);
    expect(engine.meter(1)).toMatchObject({ health: 'silent', code: 'transport/timeout' });
  });

  test('is tried on a silent meter at once', async () => {
    build(1);
    meter(0).isDead = true;
    await clock.advance(300_000);
    meter(0).isDead = false;
    const asked = fate(engine.ask(1, 'serial', async (session) => (await session.identify()).value.serial));
    await clock.advance(200);
    expect(asked.value).toBe('10000001');
    expect(engine.meter(1)?.health).toBe('ok');
  });

  test('is refused with the code of its health where the password was refused or another meter answers, without an exchange', async () => {
    build(2);
    meter(0).refusesPassword = true;
    meter(1).answersAs = '99999999';
    const early = fate(engine.ask(1, 'early', () => Promise.resolve(1)));
    const alsoEarly = fate(engine.ask(1, 'also early', () => Promise.resolve(1)));
    await clock.advance(20_000);
    expect([early.code, alsoEarly.code]).toEqual(['session/denied', 'session/denied']);
    const { exchanges } = meter(0);
    const asked = [1, 2].map((id) => fate(engine.ask(id, 'late', () => Promise.resolve(1))));
    await clock.advance(1000);
    expect(asked.map(({ code }) => code)).toEqual(['session/denied', 'meter/wrong-serial']);
    expect(meter(0)).toMatchObject({ exchanges, opens: 1 });
  });

  test('is refused while the line is down, for a meter that is not polled, and when the engine stops', async () => {
    build(1);
    await clock.advance(5000);
    line.isDown = true;
    const onTheWay = fate(engine.ask(1, 'on the way', async (session) => session.identify()));
    const behind = fate(engine.ask(1, 'behind', async (session) => session.identify()));
    await clock.advance(1000);
    expect([onTheWay.code, behind.code]).toEqual(['line/lost', 'line/lost']);
    const down = fate(engine.ask(1, 'down', async (session) => session.identify()));
    const unknown = fate(engine.ask(9, 'unknown', async (session) => session.identify()));
    await clock.advance(0);
    expect([down.code, unknown.code]).toEqual(['line/open-failed', 'api/not-found']);
    line.isDown = false;
    await clock.advance(60_000);
    const running = fate(engine.ask(1, 'running', () => clock.sleep(100)));
    await clock.advance(50);
    const waiting = fate(engine.ask(1, 'waiting', async (session) => session.identify()));
    const stopped = engine.stop();
    await clock.advance(1000);
    await stopped;
    expect([running.value, waiting.code]).toEqual([true, 'api/cancelled']);
    expect(fate(engine.ask(1, 'after', async (session) => session.identify()))).toEqual({});
    await expect(engine.ask(1, 'after', async (session) => session.identify())).rejects.toMatchObject({ code: 'api/cancelled' });
  });

  test('is done while the store refuses, since its result is for the person', async () => {
    build(1);
    await clock.advance(5000);
    store.fault = new AppError('store/disk-full', 'no space left');
    await clock.advance(20_000);
    const asked = fate(engine.ask(1, 'serial', async (session) => (await session.identify()).value.serial));
    await clock.advance(1000);
    expect(asked.value).toBe('10000001');
  });
});

describe('a line lent', () => {
  /** Takes slices one after another for as long as the loan lasts; what each slice did is the test's. */
  function sliceForever(loan: LineLoan, ms: number) {
    const starts: number[] = [];
    const run = async () => {
      for (;;) {
        await loan.slice(async () => {
          starts.push(clock.monotonic());
          await clock.sleep(ms);
        });
      }
    };
    const ended = fate(run());
    return { starts, ended };
  }

  test('takes turns half and half with a back-fill that fills the line', async () => {
    build(4, { depthDays: 60 });
    await clock.advance(3000);
    const { starts } = sliceForever(engine.lend(1), 300);
    const before = line.log.length;
    await clock.advance(10_000);
    const polledMs = (line.log.length - before) * 30;
    expect(starts.length * 300).toBeGreaterThan(3800);
    expect(polledMs).toBeGreaterThan(4500);
  });

  test('has nearly the whole line when nothing is due', async () => {
    build(2, { livePeriodS: 60 });
    await clock.advance(30_000);
    const { starts } = sliceForever(engine.lend(1), 300);
    await clock.advance(9000);
    expect(starts.length).toBeGreaterThanOrEqual(28);
  });

  test('keeps the promises of live values and half-hours', async () => {
    build(16, { livePeriodS: 5 });
    await clock.advance(120_000);
    sliceForever(engine.lend(1), 400);
    for (let second = 0; second < 1500; second += 1) {
      await clock.advance(1000);
      const nowUtc = clock.now() / 1000;
      for (const one of meters) expect(nowUtc - (engine.meter(one.record.id)?.live.atUtc ?? 0)).toBeLessThan(5 + 2.5);
    }
    // 09:30 has passed: its records came within seconds.
    const ended = Date.parse('2026-11-22T09:00:00Z') / 1000;
    for (const one of meters) expect(store.intervals.get(one.record.id)?.has(ended)).toBe(true);
  });

  test('goes on slowly where live values alone fill the line', async () => {
    build(40, { livePeriodS: 1 });
    await clock.advance(60_000);
    const { starts } = sliceForever(engine.lend(1), 300);
    await clock.advance(60_000);
    expect(starts.length).toBeGreaterThanOrEqual(9);
  });

  test('can be a line without meters', async () => {
    build(0);
    await clock.advance(60_000);
    const { starts, ended } = sliceForever(engine.lend(1), 300);
    await clock.advance(3000);
    expect(starts.length).toBeGreaterThanOrEqual(10);
    const stopped = engine.stop();
    await clock.advance(1000);
    await stopped;
    expect(ended.code).toBe('api/cancelled');
  });

  test('is lent once at a time, and again when it was given back', async () => {
    build(1);
    const loan = engine.lend(1);
    expect(() => engine.lend(1)).toThrow(expect.objectContaining({ code: 'api/conflict' }));
    expect(() => engine.lend(2)).toThrow(expect.objectContaining({ code: 'api/not-found' }));
    const waiting = fate(loan.slice(() => Promise.resolve(1)));
    await loan.release();
    const after = fate(loan.slice(() => Promise.resolve(1)));
    await clock.advance(1000);
    expect([waiting.code, after.code]).toEqual(['api/cancelled', 'api/cancelled']);
    const again = fate(engine.lend(1).slice(() => Promise.resolve(2)));
    await clock.advance(1000);
    expect(again.value).toBe(2);
  });

  test('has its own setting again before polling goes on, and the borrower his in the next slice', async () => {
    build(1);
    await clock.advance(20_000);
    const loan = engine.lend(1);
    const first = fate(loan.slice((access) => access.retune('2400-8O1')));
    await clock.advance(10);
    expect(first.atMs).toBeDefined();
    expect(line.settings).toEqual(['2400-8O1']);
    const before = line.log.length;
    await clock.advance(30_000);
    expect(line.log.length).toBeGreaterThan(before);
    expect(line.settings).toEqual(['2400-8O1', null]);
    void loan.slice(() => clock.sleep(100));
    await clock.advance(50);
    expect(line.settings).toEqual(['2400-8O1', null, '2400-8O1']);
    const released = fate(loan.release());
    await clock.advance(20);
    expect(released.atMs).toBeUndefined();
    await clock.advance(100);
    expect(released.atMs).toBeDefined();
    expect(line.settings.at(-1)).toBeNull();
  });

  test('ends with the loan, and the engine stops, also after a fault of the program on the line', async () => {
    build(2);
    const run = fate(engine.run());
    line.retune = (setting) => (setting === null ? Promise.reject(new Error('no such thing')) : Promise.resolve());
    const loan = engine.lend(1);
    const tuned = loan.slice((access) => access.retune('2400-8O1'));
    const given = fate(tuned.then(() => loan.release()));
    await clock.advance(1000);
    const waiting = fate(engine.ask(1, 'inventory', () => Promise.resolve(1)));
    await clock.advance(5000);
    expect(run.code).toBe('bug');
    expect(given.atMs).toBeDefined();
    expect(waiting.code).toBe('api/cancelled');
    expect(engine.lines()[0]?.state).toBe('stopped');
    const stopped = fate(engine.stop());
    await clock.advance(1000);
    expect(stopped).toEqual({ value: undefined, atMs: clock.monotonic() - 1000 });
  });

  test('goes on being polled when the borrower asks for a setting that it does not have', async () => {
    build(2);
    line.retune = () => Promise.reject(new AppError('api/invalid-argument', 'The speed behind a gateway is set in the gateway'));
    const loan = engine.lend(1);
    const tuned = fate(loan.slice((access) => access.retune('2400-8O1')));
    await clock.advance(5000);
    expect(tuned.code).toBe('api/invalid-argument');
    await clock.advance(60_000);
    expect(engine.lines()[0]?.state).toBe('connected');
    expect(line.log.at(-1)?.atMs).toBeGreaterThan(clock.monotonic() - 30_000);
    const given = fate(loan.release());
    await clock.advance(1000);
    expect(given.atMs).toBeDefined();
  });

  test('hands what a slice throws to the borrower alone', async () => {
    build(1);
    await clock.advance(5000);
    const loan = engine.lend(1);
    const failed = fate(loan.slice(() => Promise.reject(new AppError('transport/timeout', 'no answer'))));
    await clock.advance(100);
    expect(failed.code).toBe('transport/timeout');
    expect(engine.meter(1)?.health).toBe('ok');
  });

  test('rejects its slices while the line is down and goes on when it is open again', async () => {
    build(1);
    await clock.advance(5000);
    const loan = engine.lend(1);
    line.isDown = true;
    const lost = fate(loan.slice((access) => access.retune('2400-8N1')));
    const behind = fate(loan.slice(() => Promise.resolve(1)));
    await clock.advance(500);
    expect([lost.code, behind.code]).toEqual(['line/lost', 'line/lost']);
    expect(engine.lines()[0]?.state).toBe('down');
    await expect(loan.slice(() => Promise.resolve(1))).rejects.toMatchObject({ code: 'line/open-failed' });
    line.isDown = false;
    await clock.advance(60_000);
    const again = fate(loan.slice(() => Promise.resolve(2)));
    await clock.advance(1000);
    expect(again.value).toBe(2);
  });
});

describe('what the engine remembers of a meter', () => {
  test('is given to every later session, also what was learned just before a fault', async () => {
    build(1);
    meter(0).teaches = { unsupported: ['energy.9'] };
    meter(0).refusesPassword = true;
    await clock.advance(5000);
    expect(store.batches.findLast(({ facts }) => facts !== undefined)?.facts?.memory).toEqual({ unsupported: ['energy.9'] });
  });

  test('is kept through a reconnect and void once the firmware is another', async () => {
    build(1);
    meter(0).teaches = { unsupported: ['energy.9'] };
    await clock.advance(20_000);
    meter(0).teaches = {};
    line.isDown = true;
    await clock.advance(30_000);
    line.isDown = false;
    await clock.advance(60_000);
    expect(line.opens).toBeGreaterThan(1);
    expect(meter(0).remembered).toEqual({ unsupported: ['energy.9'] });
    await engine.stop();

    const facts = store.batches.findLast((batch) => batch.facts !== undefined)?.facts;
    build(0);
    meters = [new ScriptedMeter(1, 1)];
    const changed = { ...meter(0).record, facts: facts ?? meter(0).record.facts };
    meter(0).firmware = '9.1.0';
    engine = createEngine({
      plant: { ...plantOf(meters), meters: [changed] },
      store,
      openLine: () => line,
      drivers: new Map([['mercury-23x', scriptedDriver(meters, new Map([[1, line]]), clock)]]),
      clock,
      logger: silentLogger,
      plan: CONTINUOUS_PLAN,
    });
    void engine.run();
    await clock.advance(20_000);
    expect(meter(0).remembered).toEqual({});
    expect(store.batches.findLast((batch) => batch.facts !== undefined)?.facts).toMatchObject({ firmware: '9.1.0', memory: {} });
  });
});
