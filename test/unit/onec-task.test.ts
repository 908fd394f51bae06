import { describe, expect, test } from 'vitest';
import type { PackageDesk, PackageOrder } from '../../src/main/api/package-desk.ts';
import { Site } from '../../src/main/api/site.ts';
import { onecTask } from '../../src/main/onec-task.ts';
import { AppError } from '../../src/shared/api/errors.ts';
import type { PackagePreview } from '../../src/shared/api/methods.ts';
import { type OnecSchedule, onecSchedule } from '../../src/shared/api/schedules.ts';
import { DEFAULT_SETTINGS } from '../../src/shared/api/settings.ts';
import type { PackageRecord } from '../../src/shared/domain/package.ts';
import { storeWithMeters, temporaryStore } from './store/support.ts';

const schedule: OnecSchedule = onecSchedule.parse({
  id: 'daily-iv',
  kind: 'IV',
  at: '06:00',
  period: 'previous-day',
  whenComplete: true,
  latest: '09:00',
  isEnabled: true,
});
const DAY = { from: '2026-11-21', to: '2026-11-21' };

/** A desk that notes what is asked of it; `changed` are the days whose rows differ from what was sent. */
function rig(
  over: { changed?: string[]; sent?: { from: string; to: string } | null; record?: Partial<PackageRecord>; isDeltaRefused?: boolean } = {},
) {
  const { store, clock } = storeWithMeters(1);
  store.settings.save({ ...DEFAULT_SETTINGS, onec: { ...DEFAULT_SETTINGS.onec, folder: 'out' } }, 'test');
  const orders: (PackageOrder & { job: string | null })[] = [];
  const looked: string[] = [];
  const records: PackageRecord[] = [];
  const desk: PackageDesk = {
    preview: ({ from, to }) => {
      looked.push(from === to ? from : `${from}..${to}`);
      return Promise.resolve({ rows: over.changed?.includes(from) === true ? 3 : 0 } as PackagePreview);
    },
    corrections: () => Promise.resolve([]),
    make: (order, job) => {
      if (order.mode === 'delta' && over.isDeltaRefused === true) return Promise.reject(new AppError('api/conflict', 'no'));
      orders.push({ ...order, job });
      const record = {
        id: orders.length,
        number: 100 + orders.length,
        from: order.from,
        to: order.to,
        job,
        state: 'delivered',
        mode: order.mode ?? 'full',
        content: { missingRows: 0 },
        error: null,
        ...over.record,
      } as PackageRecord;
      records.push(record);
      return Promise.resolve(record);
    },
    redeliver: () => Promise.reject(new Error('not asked for')),
  };
  const task = onecTask({
    site: new Site({ store, clock, engine: () => null }),
    desk,
    packages: { sentRange: () => over.sent ?? null },
    packageDays: { periodsOfJob: (id) => records.filter(({ job, mode }) => job === id && mode === 'full') },
  });
  return { task, orders, looked };
}

describe('a package of a job', () => {
  test('goes to the receiver of the schedule, in all formats that it takes', async () => {
    const { task, orders, looked } = rig();
    expect(await task.make(schedule, DAY, 'daily-iv')).toEqual({
      outcome: 'made',
      made: [{ kind: 'package', id: 1, name: '101' }],
      error: null,
    });
    expect(orders).toEqual([{ receiver: '1c', kind: 'IV', ...DAY, job: 'daily-iv' }]);
    expect(looked).toEqual([]);
  });

  test('says that figures are missing, and why it waits', async () => {
    const content = { missingRows: 2 } as PackageRecord['content'];
    expect(await rig({ record: { content } }).task.make(schedule, DAY, null)).toMatchObject({ outcome: 'incomplete', error: null });
    const waiting = rig({ record: { state: 'failed', error: 'store/disk-full: no room' } });
    expect(await waiting.task.make(schedule, DAY, null)).toMatchObject({ outcome: 'undelivered', error: { code: 'store/disk-full' } });
  });
});

describe('corrections', () => {
  const corrected = { ...schedule, corrections: true };

  test('are one package from the first day that changed to the last, beside the package of the period', async () => {
    const { task, orders, looked } = rig({ sent: { from: '2026-11-10', to: '2026-11-20' }, changed: ['2026-11-12', '2026-11-18'] });
    expect((await task.make(corrected, DAY, 'daily-iv')).made.map(({ name }) => name)).toEqual(['101', '102']);
    expect(looked).toHaveLength(11);
    expect(orders[1]).toEqual({ receiver: '1c', kind: 'IV', from: '2026-11-12', to: '2026-11-18', mode: 'delta', job: 'daily-iv' });
  });

  test('are no package when nothing has changed or nothing was ever sent', async () => {
    const same = rig({ sent: { from: '2026-11-10', to: '2026-11-20' } });
    expect((await same.task.make(corrected, DAY, 'daily-iv')).made).toHaveLength(1);
    const never = rig();
    await never.task.make(corrected, DAY, 'daily-iv');
    expect(never.looked).toEqual([]);
  });

  test('are looked for 92 days back, and in statements by whole months', async () => {
    const long = rig({ sent: { from: '2025-01-01', to: '2026-11-20' } });
    await long.task.make(corrected, DAY, null);
    expect([long.looked[0], long.looked.length]).toEqual(['2026-08-21', 92]);
    const months = rig({ sent: { from: '2026-01-01', to: '2026-10-31' } });
    await months.task.make({ ...corrected, kind: 'MN' }, { from: '2026-11-01', to: '2026-11-30' }, null);
    expect(months.looked).toEqual(['2026-08-01..2026-08-31', '2026-09-01..2026-09-30', '2026-10-01..2026-10-31']);
  });

  test('that fail do not undo the package of the period, and those that succeed do not stand for a period', async () => {
    const sent = { from: '2026-11-20', to: '2026-11-20' };
    const failing = rig({ sent, changed: ['2026-11-20'], isDeltaRefused: true });
    expect(await failing.task.make(corrected, DAY, 'daily-iv')).toMatchObject({
      outcome: 'made',
      made: [{ name: '101' }],
      error: { code: 'api/conflict' },
    });
    const { task } = rig({ sent, changed: ['2026-11-20'] });
    await task.make(corrected, DAY, 'daily-iv');
    expect(task.madePeriods(corrected)).toMatchObject([DAY]);
    expect(task.madePeriods({ ...corrected, id: 'other' })).toEqual([]);
  });
});

test('a job is ready when its receiver has a folder and the site has points', () => {
  const { task } = rig();
  expect(task.isReady(schedule)).toBe(true);
  expect(task.isReady({ ...schedule, receiver: 'other' })).toBe(false);
  const { store, clock } = temporaryStore();
  const empty = onecTask({
    site: new Site({ store, clock, engine: () => null }),
    desk: {
      preview: () => Promise.reject(new Error('not asked for')),
      corrections: () => Promise.resolve([]),
      make: () => Promise.reject(new Error('not asked for')),
      redeliver: () => Promise.reject(new Error('not asked for')),
    },
    packages: { sentRange: () => null },
    packageDays: { periodsOfJob: () => [] },
  });
  expect(empty.isReady(schedule)).toBe(false);
});
