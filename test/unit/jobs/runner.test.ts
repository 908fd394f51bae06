import { describe, expect, test } from 'vitest';
import { siteZone } from '../../../src/main/metering/zone.ts';
import { JobRunner, type JobRunnerDeps } from '../../../src/main/jobs/runner.ts';
import type { JobRunStore, TaskResult } from '../../../src/main/jobs/task.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { AppError } from '../../../src/shared/api/errors.ts';
import { type OnecSchedule, onecSchedule, type Schedule } from '../../../src/shared/api/schedules.ts';
import type { JobRun, Period } from '../../../src/shared/domain/job-run.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ZONE = siteZone('Europe/Moscow');

const intervals: OnecSchedule = onecSchedule.parse({
  id: 'daily-iv',
  kind: 'IV',
  at: '06:00',
  period: 'previous-day',
  whenComplete: true,
  latest: '09:00',
  isEnabled: true,
});
const readings: OnecSchedule = { ...intervals, id: 'daily-rd', kind: 'RD' };

/** Runs as plain rows. */
class MemoryRuns implements JobRunStore {
  rows: JobRun[] = [];

  last(job: string): JobRun | null {
    return this.rows.findLast((run) => run.job === job) ?? null;
  }

  madePeriods(job: string, fromDay: string): readonly Period[] {
    return this.rows.filter((run) => run.job === job && run.isBooked && run.outcome !== 'failed' && run.from >= fromDay);
  }

  add(run: Omit<JobRun, 'id'>): JobRun {
    const added = { ...run, id: this.rows.length + 1 };
    this.rows.push(added);
    return added;
  }

  tryAgain(id: number, last: Pick<JobRun, 'endedUtc' | 'durationMs' | 'message'>): JobRun {
    const { endedUtc, durationMs, message } = last;
    this.rows = this.rows.map((run) => (run.id === id ? { ...run, tries: run.tries + 1, endedUtc, durationMs, message } : run));
    const changed = this.rows.find((run) => run.id === id);
    if (changed === undefined) throw new Error('no such run');
    return changed;
  }

  forget(beforeUtc: number): void {
    this.rows = this.rows.filter(({ startedUtc }) => startedUtc >= beforeUtc);
  }
}

/** A plant at 02:00 of 22 November at the site: readings are whole, intervals are not. */
function watched(over: Partial<JobRunnerDeps> = {}) {
  const clock = new FakeClock('2026-11-21T23:00:00Z');
  const made: string[] = [];
  const runs = new MemoryRuns();
  const plant = {
    failing: '',
    complete: new Set(['RD']),
    isReady: true,
    result: { outcome: 'made', made: [], error: null } as TaskResult,
    schedules: [intervals, readings] as Schedule[],
    rounds: 0,
  };
  const deps: JobRunnerDeps = {
    tasks: {
      onec: {
        isReady: () => plant.isReady,
        madePeriods: () => [],
        isComplete: ({ kind }) => plant.complete.has(kind),
        settled: () => ({ expected: 48, settled: 47 }),
        make: ({ id, kind }, { from }, job) => {
          if (id === plant.failing) return Promise.reject(new AppError('export/unsupported', 'no'));
          made.push(`${kind} ${from}${job === null ? ' unbooked' : ''}`);
          return Promise.resolve(plant.result);
        },
      },
    },
    rounds: [{ name: 'packages', everyMs: 10 * MINUTE, run: async () => void (plant.rounds += 1) }],
    runs,
    schedules: () => plant.schedules,
    zone: () => ZONE,
    clock,
    nowUtc: () => Math.floor(clock.now() / 1000),
    log: silentLogger,
    onChanged: () => {},
    ...over,
  };
  return { clock, made, runs, plant, runner: new JobRunner(deps), again: () => new JobRunner(deps) };
}

describe('the watch', () => {
  test('makes each period in its minute and never twice', async () => {
    const { clock, made, runner, plant } = watched();
    runner.start();
    await clock.advance(0);
    expect([made, plant.rounds]).toEqual([['RD 2026-11-20'], 1]);
    await clock.advance(4 * HOUR);
    expect(made).toEqual(['RD 2026-11-20', 'RD 2026-11-21']);
    await clock.advance(3 * HOUR);
    expect(made).toEqual(['RD 2026-11-20', 'RD 2026-11-21', 'IV 2026-11-21']);
    await clock.advance(MINUTE);
    expect(plant.rounds).toBe(43);
    await runner.stop();
    await clock.advance(48 * HOUR);
    expect(made).toHaveLength(3);
  });

  test('nothing is made before there are points and a folder', async () => {
    const { clock, made, runner, plant } = watched();
    plant.isReady = false;
    runner.start();
    await clock.advance(24 * HOUR);
    expect(made).toEqual([]);
    expect(runner.views()[0]?.state).toBe('not-ready');
    await runner.stop();
  });

  test('what was missed while the program stood still is made up for after the next start', async () => {
    const { clock, made, runner, again } = watched();
    runner.start();
    await clock.advance(0);
    await runner.stop();
    made.length = 0;
    await clock.advance(3 * 24 * HOUR);
    const next = again();
    next.start();
    await clock.advance(0);
    expect(made).toEqual(['RD 2026-11-21', 'RD 2026-11-22', 'RD 2026-11-23']);
    await next.stop();
  });

  test('a clock that jumps ahead and back makes nothing twice and leaves nothing out', async () => {
    const { clock, made, runner } = watched();
    runner.start();
    await clock.advance(0);
    clock.jump(28 * HOUR);
    await clock.advance(MINUTE);
    expect(made).toEqual(['RD 2026-11-20', 'RD 2026-11-21', 'RD 2026-11-22']);
    clock.jump(-28 * HOUR);
    await clock.advance(30 * HOUR);
    expect(made.filter((text) => text.startsWith('RD'))).toEqual(['RD 2026-11-20', 'RD 2026-11-21', 'RD 2026-11-22']);
    await runner.stop();
  });

  test('a clock that was years ahead at the start does not make the jobs wait for years', async () => {
    const { clock, made, runner, plant } = watched();
    clock.jump(4 * 365 * 24 * HOUR);
    plant.complete.clear();
    runner.start();
    await clock.advance(MINUTE);
    clock.jump(-4 * 365 * 24 * HOUR);
    await clock.advance(7 * HOUR);
    expect(made).toEqual(['IV 2026-11-21', 'RD 2026-11-21']);
    await runner.stop();
  });

  test('a schedule that is added or switched off counts from the next look on', async () => {
    const { clock, made, runner, plant } = watched();
    plant.schedules = [];
    runner.start();
    await clock.advance(HOUR);
    expect(made).toEqual([]);
    plant.schedules = [readings];
    await clock.advance(MINUTE);
    expect(made).toEqual(['RD 2026-11-20']);
    plant.schedules = [{ ...readings, isEnabled: false }];
    await clock.advance(24 * HOUR);
    expect(made).toHaveLength(1);
    await runner.stop();
  });
});

describe('a job that fails', () => {
  test('does not keep the others back, is put off for longer and longer, and stands in one row', async () => {
    const { clock, made, runs, runner, plant } = watched();
    plant.complete.add('IV');
    plant.failing = 'daily-iv';
    runner.start();
    await clock.advance(0);
    expect(made).toEqual(['RD 2026-11-20']);
    // Tries after 0, 1, 3, 8, 18, 48 minutes.
    await clock.advance(48 * MINUTE);
    expect(runs.rows.filter(({ job }) => job === 'daily-iv')).toMatchObject([{ outcome: 'failed', error: 'export/unsupported', tries: 6 }]);
    expect(runner.views()[0]).toMatchObject({ state: 'retrying', lastRun: { tries: 6 } });
    expect(runner.views()[0]?.retryUtc).toBe(Math.floor(clock.now() / 1000) + 3600);
    await clock.advance(59 * MINUTE);
    expect(runs.last('daily-iv')?.tries).toBe(6);
    plant.failing = '';
    await clock.advance(MINUTE);
    expect(made).toEqual(['RD 2026-11-20', 'IV 2026-11-20']);
    expect(runs.last('daily-iv')).toMatchObject({ outcome: 'made', tries: 1, error: null });
    expect(runner.views()[0]?.state).toBe('idle');
    await runner.stop();
  });

  test('is tried at once when its settings are other ones', async () => {
    const { clock, made, runner, plant } = watched();
    plant.schedules = [readings];
    plant.failing = 'daily-rd';
    runner.start();
    await clock.advance(10 * MINUTE);
    plant.failing = '';
    plant.schedules = [{ ...readings, at: '05:00' }];
    await clock.advance(MINUTE);
    expect(made).toEqual(['RD 2026-11-20']);
    await runner.stop();
  });

  test('holds back its later periods, so that they do not go out before', async () => {
    const { clock, made, runner, plant } = watched();
    plant.schedules = [readings];
    runner.start();
    await clock.advance(0);
    plant.failing = 'daily-rd';
    await clock.advance(55 * HOUR);
    expect(made).toEqual(['RD 2026-11-20']);
    plant.failing = '';
    await clock.advance(HOUR);
    expect(made).toEqual(['RD 2026-11-20', 'RD 2026-11-21', 'RD 2026-11-22', 'RD 2026-11-23']);
    await runner.stop();
  });

  test('a round that fails stops neither the jobs nor the next round', async () => {
    let tries = 0;
    const { clock, made, runner } = watched({
      rounds: [
        {
          name: 'broken',
          everyMs: 10 * MINUTE,
          run: () => {
            tries += 1;
            return Promise.reject(new Error('no'));
          },
        },
      ],
    });
    runner.start();
    await clock.advance(10 * MINUTE);
    expect([tries, made]).toEqual([2, ['RD 2026-11-20']]);
    await runner.stop();
  });
});

describe('by hand', () => {
  test('the newest period goes out now; an incomplete one is not booked, and goes out again by the schedule', async () => {
    const { clock, made, runs, runner, plant } = watched();
    plant.schedules = [intervals];
    runner.start();
    await clock.advance(0);
    const run = await runner.run('daily-iv');
    expect(run).toMatchObject({ cause: 'hand', from: '2026-11-21', outcome: 'made', isBooked: false });
    await clock.advance(8 * HOUR);
    expect(made).toEqual(['IV 2026-11-21 unbooked', 'IV 2026-11-21']);
    expect(runs.rows.map(({ cause }) => cause)).toEqual(['hand', 'schedule']);
    await runner.stop();
  });

  test('a complete period that went out by hand is not sent a second time', async () => {
    const { clock, made, runner } = watched();
    await runner.run('daily-rd');
    runner.start();
    await clock.advance(8 * HOUR);
    expect(made.filter((text) => text.startsWith('RD'))).toEqual(['RD 2026-11-21']);
    await runner.stop();
  });

  test('a failure is told in the run, a job that is not there by an error', async () => {
    const { runner, plant } = watched();
    plant.failing = 'daily-rd';
    expect(await runner.run('daily-rd')).toMatchObject({ outcome: 'failed', error: 'export/unsupported' });
    await expect(runner.run('nothing')).rejects.toMatchObject({ code: 'api/not-found' });
  });
});

test('a job that waits says for what, how much is there, and until when', async () => {
  const { clock, runner } = watched();
  runner.start();
  await clock.advance(5 * HOUR);
  const view = runner.views()[0];
  expect(view).toMatchObject({
    state: 'waiting',
    waits: { period: { from: '2026-11-21', to: '2026-11-21' }, untilUtc: Date.parse('2026-11-22T06:00:00Z') / 1000 },
    nextUtc: Date.parse('2026-11-23T03:00:00Z') / 1000,
    lastRun: null,
  });
  expect(view?.waits?.settled).toEqual({ expected: 48, settled: 47 });
  await runner.stop();
});

test('a new job does not wait for what was due before it, complete or not', async () => {
  const { clock, runner, plant, made } = watched();
  plant.schedules = [{ ...intervals, whenComplete: false }];
  runner.start();
  await clock.advance(0);
  expect([runner.views()[0]?.state, runner.views()[0]?.waits, made]).toEqual(['idle', null, []]);
  await runner.stop();
});

test('runs are kept for 400 days', async () => {
  const { clock, runs, runner, plant } = watched();
  plant.schedules = [readings];
  runner.start();
  await clock.advance(0);
  await runner.stop();
  plant.schedules = [];
  await clock.advance(0);
  clock.jump(401 * 24 * HOUR);
  const next = watched({ runs, clock, nowUtc: () => Math.floor(clock.now() / 1000), schedules: () => [] });
  next.runner.start();
  await clock.advance(0);
  expect(runs.rows).toEqual([]);
  await next.runner.stop();
});
