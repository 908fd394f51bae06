import { expect, test } from 'vitest';
import { Site } from '../../../src/main/api/site.ts';
import { WRITE_BEGUN, WRITE_DONE, WriteDesk } from '../../../src/main/api/write-desk.ts';
import type { Engine, MeterSession } from '../../../src/main/engine/engine.ts';
import type { CallContext } from '../../../src/shared/api/dispatch.ts';
import { AppError } from '../../../src/shared/api/errors.ts';
import { DEFAULT_SETTINGS } from '../../../src/shared/api/settings.ts';
import type { MeterWrite } from '../../../src/shared/domain/meter-write.ts';
import { importRow, temporaryStore } from '../store/support.ts';

const ENGINEER: CallContext = { transport: 'http', role: 'engineer' };
const RELAY_OFF: MeterWrite = { kind: 'relay', isOn: false };
const BEFORE = [{ name: 'relay', value: 'on', unit: null }];
const AFTER = [{ name: 'relay', value: 'off', unit: null }];

/** A desk over a real store and an engine that hands every errand to `session`; `written` counts the writes that went out. */
function deskWith(
  options: { isEnabled?: boolean; outcome?: () => Promise<unknown>; deviationsMs?: readonly number[]; restart?: () => Promise<void> } = {},
) {
  const { store, clock } = temporaryStore();
  const rows = [1, 2, 3, 4, 5].map((n) => importRow(n, { role: n === 1 ? 'settlement' : 'technical' }));
  store.plant.applyImport(rows, 180, 'test');
  if (options.isEnabled !== false) store.settings.save({ ...DEFAULT_SETTINGS, writes: { isEnabled: true } }, 'test');
  let written = 0;
  let restarts = 0;
  const session: Partial<MeterSession> = {
    planWrite: () =>
      Promise.resolve({
        value: { requests: [{ label: 'relay off', hex: '05 03 31 01' }], before: BEFORE, accessLevel: 2 as const },
        exchanges: [],
      }),
    performWrite: async () => {
      written += 1;
      await options.outcome?.();
      return { value: { outcome: 'done', status: 0, after: AFTER }, exchanges: [] };
    },
  };
  const engine: Partial<Engine> = {
    ask: (_meterId, _label, run) => run(session as MeterSession),
    meter: (meterId) => {
      const clockDeviationMs = options.deviationsMs?.[meterId - 1] ?? null;
      return { live: { atUtc: null, values: {}, clockDeviationMs } } as ReturnType<Engine['meter']>;
    },
  };
  const site = new Site({ store, clock, engine: () => engine as Engine });
  let lastId = 0;
  const desk = new WriteDesk({
    site,
    store,
    clock,
    newId: () => `plan-${++lastId}`,
    onPlantChanged: async () => {
      restarts += 1;
      await options.restart?.();
    },
  });
  return { desk, store, clock, site, written: () => written, restarts: () => restarts };
}

const actions = (store: ReturnType<typeof deskWith>['store']) =>
  store.audit
    .list(0, 100)
    .rows.map(({ action }) => action)
    .filter((action) => action.startsWith('meter.'));

test('a dry run shows the bytes and the setting, and writes nothing', async () => {
  const { desk, store, written } = deskWith();
  const plan = await desk.plan(2, RELAY_OFF);
  expect(plan).toMatchObject({ obstacles: [], needsReason: false, before: BEFORE, requests: [{ hex: '05 03 31 01' }], accessLevel: 2 });
  expect(written()).toBe(0);
  expect(actions(store)).toEqual([]);
});

test('writing is off until it is switched on, also for a plan that was made while it was on', async () => {
  const off = deskWith({ isEnabled: false });
  const plan = await off.desk.plan(2, RELAY_OFF);
  expect(plan.obstacles).toEqual(['off']);
  await expect(off.desk.perform(plan.planId, plan.confirmation, null, ENGINEER)).rejects.toMatchObject({ code: 'api/forbidden' });
  const on = deskWith();
  const early = await on.desk.plan(2, RELAY_OFF);
  on.store.settings.save(DEFAULT_SETTINGS, 'test');
  on.site.refresh();
  await expect(on.desk.perform(early.planId, early.confirmation, null, ENGINEER)).rejects.toMatchObject({
    code: 'api/forbidden',
    context: { obstacles: ['off'] },
  });
  expect(off.written() + on.written()).toBe(0);
});

test('a settlement meter is not written without a document, even by an administrator', async () => {
  const { desk, written } = deskWith();
  const plan = await desk.plan(1, RELAY_OFF);
  expect(plan.needsReason).toBe(true);
  for (const reason of [null, '', '   ']) {
    await expect(desk.perform(plan.planId, plan.confirmation, reason, { transport: 'ipc', role: 'administrator' })).rejects.toMatchObject({
      code: 'api/forbidden',
      context: { obstacles: ['settlement-without-reason'] },
    });
  }
  expect(written()).toBe(0);
  expect(await desk.perform(plan.planId, plan.confirmation, 'акт 17 от 25.11.2026', ENGINEER)).toMatchObject({ outcome: 'done' });
});

test('another serial than that of the meter confirms nothing', async () => {
  const { desk, written } = deskWith();
  const plan = await desk.plan(2, RELAY_OFF);
  await expect(desk.perform(plan.planId, '01000003', null, ENGINEER)).rejects.toMatchObject({ code: 'api/invalid-argument' });
  expect(written()).toBe(0);
});

test('a write is recorded before the first byte and after the last one', async () => {
  const seen: string[][] = [];
  const made = deskWith({
    outcome: async () => {
      seen.push(actions(made.store));
    },
  });
  const plan = await made.desk.plan(2, RELAY_OFF);
  const report = await made.desk.perform(plan.planId, plan.confirmation, 'заявка 5', ENGINEER);
  expect(seen).toEqual([[WRITE_BEGUN]]);
  const [last] = made.store.audit.list(0, 1).rows;
  expect(last).toMatchObject({
    id: report.auditId,
    action: WRITE_DONE,
    who: 'engineer (http)',
    subject: 'meter 01000002',
    oldValue: JSON.stringify(BEFORE),
    reason: 'заявка 5',
  });
  expect(JSON.parse(last?.newValue ?? '')).toMatchObject({ pointCode: 'P2', kind: 'relay', outcome: 'done', after: AFTER });
  expect(made.desk.list(0, 10)).toMatchObject({ total: 1, rows: [{ pointCode: 'P2', meterSerial: '01000002', outcome: 'done' }] });
});

test('a plan is good for one write: what failed is not repeated', async () => {
  const { desk, written } = deskWith({ outcome: () => Promise.reject(new AppError('transport/timeout', 'no answer')) });
  const plan = await desk.plan(2, RELAY_OFF);
  await expect(desk.perform(plan.planId, plan.confirmation, null, ENGINEER)).rejects.toMatchObject({ code: 'transport/timeout' });
  await expect(desk.perform(plan.planId, plan.confirmation, null, ENGINEER)).rejects.toMatchObject({ code: 'api/not-found' });
  expect(written()).toBe(1);
  expect(desk.list(0, 10).rows).toMatchObject([{ outcome: 'unknown' }]);
});

test('a plan grows old in five minutes', async () => {
  const { desk, clock, written } = deskWith();
  const plan = await desk.plan(2, RELAY_OFF);
  await clock.advance(5 * 60_000 + 1);
  await expect(desk.perform(plan.planId, plan.confirmation, null, ENGINEER)).rejects.toMatchObject({ code: 'api/not-found' });
  expect(written()).toBe(0);
});

test('no clock is set while most meters disagree with the PC alike', async () => {
  const { desk } = deskWith({ deviationsMs: [3_600_000, 90_000, 3_600_400, 3_599_900, 3_600_100] });
  expect((await desk.plan(2, { kind: 'clock-correct' })).obstacles).toEqual(['clock-in-doubt']);
  expect((await desk.plan(2, RELAY_OFF)).obstacles).toEqual([]);
});

test('no meter is sent to the address of another one on its line', async () => {
  const { desk, written } = deskWith();
  const plan = await desk.plan(2, { kind: 'address', address: 3 });
  expect(plan.obstacles).toEqual(['address-taken']);
  await expect(desk.perform(plan.planId, plan.confirmation, null, ENGINEER)).rejects.toMatchObject({ code: 'api/forbidden' });
  expect(written()).toBe(0);
});

test('a new address is that of the plan from then on', async () => {
  const { desk, site, store, restarts } = deskWith();
  const plan = await desk.plan(2, { kind: 'address', address: 77 });
  await desk.perform(plan.planId, plan.confirmation, null, ENGINEER);
  expect(site.point(2).meter.address).toBe(77);
  expect(restarts()).toBe(1);
  expect(actions(store)).toEqual(['meter.move', WRITE_DONE, WRITE_BEGUN]);
});

test('a write that was done stays done on record, whatever becomes of polling after it', async () => {
  const { desk, store, site } = deskWith({ restart: () => Promise.reject(new AppError('store/disk-full', 'no space')) });
  const plan = await desk.plan(2, { kind: 'address', address: 77 });
  await expect(desk.perform(plan.planId, plan.confirmation, null, ENGINEER)).rejects.toMatchObject({ code: 'store/disk-full' });
  expect(desk.list(0, 10).rows.map(({ outcome }) => outcome)).toEqual(['done']);
  expect(actions(store).filter((action) => action === WRITE_DONE)).toHaveLength(1);
  expect(site.point(2).meter.address).toBe(77);
});
