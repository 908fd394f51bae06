import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../../src/main/engine/engine.ts';
import { CONTINUOUS_PLAN, type PollPlan } from '../../../src/main/engine/work.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { MemoryStore, plantOf, ScriptedLine, ScriptedMeter, scriptedDriver } from '../../support/scripted-plant.ts';

const HALF_HOUR_MS = 1_800_000;
const at = (time: string) => Date.parse(`2026-11-22T${time}Z`) / 1000;
let clock: FakeClock;
let store: MemoryStore;
let meters: ScriptedMeter[];
let line: ScriptedLine;
let engine: Engine;

function start(plan: Partial<PollPlan> = {}): void {
  engine = createEngine({
    plant: { ...plantOf(meters), lines: [{ id: 1, name: 'line 1', address: 'serial:COM4:9600-8N1' }] },
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
  line = new ScriptedLine(clock);
  meters = [1, 2].map((id) => new ScriptedMeter(id, 1));
  for (const meter of meters) meter.hasProfile = false;
});

afterEach(async () => {
  const stopped = engine.stop();
  await clock.advance(120_000);
  await stopped;
});

const first = () => meters[0] as ScriptedMeter;
const until = (time: string) => clock.advance(at(time) * 1000 - clock.now());
/** Stored half-hours of the first meter: start -> counts of A+. */
const stored = () => [...(store.intervals.get(1)?.values() ?? [])].map(({ startUtc, counts }) => [hour(startUtc), counts['A+']]);
const hour = (utc: number) => new Date(utc * 1000).toISOString().slice(11, 16);
/** Ranges proven absent for this reason, of the first meter. */
const proven = (reason: string) =>
  store
    .gaps(1)
    .filter((gap) => gap.reason === reason)
    .map(({ fromUtc, toUtc }) => [hour(fromUtc), hour(toUtc)]);

test('two freezes in a row at the boundaries make a half-hour in whole watt-hours, marked as such', async () => {
  start();
  await until('10:20:00');
  expect(line.broadcasts).toEqual([at('09:30:00') * 1000, at('10:00:00') * 1000]);
  for (const meter of meters) {
    expect([...(store.intervals.get(meter.record.id)?.values() ?? [])]).toEqual([
      {
        startUtc: at('09:30:00'),
        lengthS: 1800,
        counts: { 'A+': 3600, 'A-': null, 'R+': 1800, 'R-': null },
        flags: ['frozen'],
        source: 'frozen-registers',
      },
    ]);
    expect(engine.meter(meter.record.id)).toMatchObject({ health: 'ok', openRanges: [] });
  }
});

test('what lies before the first freeze is unsupported, everything from then on is expected', async () => {
  start();
  await until('09:20:00');
  expect(store.gaps(1)).toMatchObject([{ fromUtc: at('09:00:00') - 2 * 86_400, toUtc: at('09:00:00'), reason: 'unsupported' }]);
  await until('10:00:00');
  await clock.advance(35);
  expect(proven('unsupported')).toEqual([
    ['09:00', '09:00'],
    ['09:00', '09:30'],
  ]);
  expect(engine.meter(1)?.openRanges).toEqual([{ fromUtc: at('09:30:00'), toUtc: at('10:00:00') }]);
  await clock.advance(60_000);
  expect(engine.meter(1)?.openRanges).toEqual([]);
});

test('the line is free at the boundary although it is lent and full of other work', async () => {
  meters = [...meters, ...Array.from({ length: 20 }, (_, index) => new ScriptedMeter(index + 3, 1))];
  start({ livePeriodS: 2, depthDays: 80 });
  const loan = engine.lend(1);
  const scan = async () => {
    for (;;) await loan.slice(() => clock.sleep(450));
  };
  scan().catch(() => undefined);
  await until('12:00:30');
  expect(line.broadcasts.map((ms) => ms % HALF_HOUR_MS)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(stored()).toHaveLength(5);
});

test('a retuned line has its own setting again when the registers are frozen', async () => {
  start();
  const loan = engine.lend(1);
  const scan = async () => {
    for (;;) {
      await loan.slice(async (access) => {
        await access.retune('2400-8O1');
        await clock.sleep(400);
      });
    }
  };
  scan().catch(() => undefined);
  const settings: (string | null | undefined)[] = [];
  const { onBroadcast } = line;
  line.onBroadcast = () => {
    settings.push(line.settings.at(-1));
    onBroadcast();
  };
  await until('10:10:00');
  expect(settings).toEqual([null, null]);
});

test('a meter that did not hear the broadcast has no half-hour on either side of it', async () => {
  start();
  await until('10:15:00');
  first().missedFreezes = 1;
  await until('12:10:00');
  expect(stored()).toEqual([
    ['09:30', 3600],
    ['11:00', 3600],
    ['11:30', 3600],
  ]);
  expect(proven('never-recorded')).toEqual([
    ['10:00', '10:30'],
    ['10:30', '11:00'],
  ]);
  expect(store.intervals.get(2)?.size).toBe(5);
});

test('a broken line at the boundary leaves two half-hours that nobody can have any more', async () => {
  start();
  await until('10:29:00');
  line.isDown = true;
  await until('10:30:05');
  line.isDown = false;
  await until('12:10:00');
  expect(stored().map(([from]) => from)).toEqual(['09:30', '11:00', '11:30']);
  expect(proven('never-recorded')).toEqual([
    ['10:00', '10:30'],
    ['10:30', '11:00'],
  ]);
});

test('frozen registers are read later in the half-hour when the meter was silent at the boundary', async () => {
  start();
  await until('10:00:00');
  await clock.advance(10);
  first().isDead = true;
  await until('10:20:00');
  expect(engine.meter(1)).toMatchObject({ health: 'silent', openRanges: [{ fromUtc: at('09:30:00'), toUtc: at('10:00:00') }] });
  expect(store.lastReason(1)).toBe('silent');
  first().isDead = false;
  await until('10:22:00');
  expect(stored()).toEqual([['09:30', 3600]]);
});

test('registers not read in their half-hour are lost with it', async () => {
  start();
  await until('10:00:00');
  await clock.advance(10);
  first().isDead = true;
  await until('10:40:00');
  first().isDead = false;
  await until('12:10:00');
  expect(stored().map(([from]) => from)).toEqual(['11:00', '11:30']);
  expect(proven('never-recorded')).toEqual([
    ['09:30', '10:30'],
    ['10:30', '11:00'],
  ]);
});

test('registers that ran backwards make no half-hour, the next one begins from them', async () => {
  start();
  await until('10:10:00');
  first().registerLossWh = 50_000;
  await until('11:10:00');
  expect(stored().map(([from]) => from)).toEqual(['09:30', '10:30']);
  expect(proven('never-recorded')).toEqual([['10:00', '10:30']]);
});

test('a clock of the meter that is hours off moves nothing, a freeze at another moment than ours counts for nothing', async () => {
  first().clockDeviationMs = -3 * 3_600_000 - 17_000;
  start();
  await until('10:10:00');
  expect(stored()).toEqual([['09:30', 3600]]);
  first().freezeStampErrorMs = -60_000;
  await until('11:10:00');
  expect(stored()).toEqual([['09:30', 3600]]);
  expect(proven('never-recorded')).toEqual([
    ['10:00', '10:30'],
    ['10:30', '11:00'],
  ]);
});

test('a clock of the meter that was corrected since it was last read is read anew before its freeze is judged', async () => {
  start();
  await until('10:20:00');
  first().clockDeviationMs = 120_000;
  await until('10:31:00');
  expect(stored().map(([from]) => from)).toEqual(['09:30', '10:00']);
  expect(engine.meter(1)?.live.clockDeviationMs).toBe(120_000);
});

test('a PC clock that was set between two boundaries makes no half-hour of their difference', async () => {
  start();
  await until('10:10:00');
  clock.jump(60_000);
  await until('11:40:00');
  expect(stored().map(([from]) => from)).toEqual(['09:30', '10:30', '11:00']);
  expect(proven('never-recorded')).toEqual([['10:00', '10:30']]);
});

test('without a freeze in the firmware the registers are read at the boundary itself', async () => {
  first().freezing = 'timed';
  start();
  await until('10:10:00');
  const counts = store.intervals.get(1)?.get(at('09:30:00'))?.counts;
  expect(Math.abs((counts?.['A+'] ?? 0) - 3600)).toBeLessThanOrEqual(2);
  expect(store.intervals.get(1)?.get(at('09:30:00'))?.flags).toEqual(['frozen']);
});

test('a read at the boundary that comes too late counts for nothing', async () => {
  first().freezing = 'timed';
  start();
  await until('10:00:00');
  await clock.advance(10);
  first().isDead = true;
  await clock.advance(20_000);
  first().isDead = false;
  await until('11:10:00');
  expect(stored().map(([from]) => from)).toEqual(['10:30']);
  expect(proven('never-recorded')).toEqual([
    ['09:30', '10:00'],
    ['10:00', '10:30'],
  ]);
});

test('a meter that has neither is asked once, and its half-hours stay unsupported', async () => {
  meters = [first()];
  first().freezing = null;
  start();
  await until('11:10:00');
  expect(first().frozenReads).toBe(1);
  expect(line.broadcasts).toHaveLength(1);
  expect(proven('never-recorded')).toEqual([]);
  expect(proven('unsupported').at(-1)).toEqual(['10:30', '11:00']);
  expect(engine.meter(1)?.health).toBe('ok');
});

test('after a stop half-hours without Feeder are never recorded, not unsupported', async () => {
  start();
  await until('10:10:00');
  const stopped = engine.stop();
  await clock.advance(1000);
  await stopped;
  await until('11:40:00');
  start();
  await until('12:40:00');
  expect(stored().map(([from]) => from)).toEqual(['09:30', '12:00']);
  expect(proven('never-recorded')).toEqual([
    ['10:00', '11:30'],
    ['11:30', '12:00'],
  ]);
});

test('a poll freezes nothing', async () => {
  start({ mode: 'once', journalsPeriodS: null });
  await until('09:31:00');
  expect(line.broadcasts).toEqual([]);
  expect(store.gaps(1)).toMatchObject([{ reason: 'unsupported' }]);
});
