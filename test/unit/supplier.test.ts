import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Site } from '../../src/main/api/site.ts';
import { supplierAttention } from '../../src/main/api/supplier-attention.ts';
import { supplierHandlers } from '../../src/main/api/supplier.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { createSupplierDesk } from '../../src/main/supplier.ts';
import { AppError } from '../../src/shared/api/errors.ts';
import { METHODS } from '../../src/shared/api/methods.ts';
import type { Xml80020Settings } from '../../src/shared/api/settings-80020.ts';
import { settings as settingsSchema } from '../../src/shared/api/settings.ts';
import { NO_FACTS } from '../../src/shared/domain/meter.ts';
import { HALF_HOUR, importRow, stored, temporaryStore } from './store/support.ts';

const DAY = '2026-11-21';
const SENDER = '7701234567';
/** 00:00 of the day by Moscow. */
const START = Date.parse('2026-11-20T21:00:00Z') / 1000;
const context = { transport: 'cli', role: 'engineer' } as const;
const nameOf = (number: number) => `80020_${SENDER}_20261121_${number}_5600010900.xml`;

/** One point with a code; the clock stands at 12:00 of the day after by Moscow, which is the deadline. */
function plant(over: Partial<Xml80020Settings> = {}) {
  const { store, clock, folder } = temporaryStore();
  store.plant.applyImport([importRow(1, { code80020: '560000000000001' }), importRow(2)], 180, 'test');
  const out = join(folder, 'out');
  const replies = join(folder, 'replies');
  for (const made of [out, replies]) mkdirSync(made);
  const site = new Site({ store, clock, engine: () => null });
  const set = (more: Partial<Xml80020Settings>) => {
    const sender = { inn: SENDER, name: 'АО «Завод»' };
    const area = { inn: '5600010901', name: 'Площадка' };
    const delivery = { folder: out, mail: null, repliesFolder: replies };
    store.settings.save(settingsSchema.parse({ ...store.settings.load(), xml80020: { sender, area, delivery, ...more } }), 'test');
    site.refresh();
  };
  set(over);
  const changed: string[] = [];
  const supplier = createSupplierDesk({
    store,
    site,
    clock,
    logger: silentLogger,
    onChanged: (day) => changed.push(day),
    sendLetter: () => Promise.reject(new AppError('export/mail-unavailable', 'down')),
  });
  const handlers = supplierHandlers({ site, store, supplier });
  const fill = async (from = 0, to = 48, count = 2000) => {
    const intervals = Array.from({ length: to - from }, (_, index) => ({
      startUtc: START + (from + index) * HALF_HOUR,
      lengthS: HALF_HOUR,
      counts: { 'A+': count, 'A-': null, 'R+': 0, 'R-': null },
      flags: [],
      source: 'profile' as const,
      exchange: null,
    }));
    const facts = { ...NO_FACTS, constantImpPerKwh: 1000, profilePeriodMin: 30 };
    await stored(store, { meterId: 1, atUtc: START, facts, intervals });
    site.refresh();
  };
  return { store, clock, site, set, supplier, handlers, fill, changed, out, replies };
}

const dayOf = async ({ handlers }: ReturnType<typeof plant>, day = DAY) => {
  const month = await handlers['supplier.month']({ month: day.slice(0, 7) }, context);
  METHODS['supplier.month'].result.parse(month);
  return month.days.find((one) => one.day === day);
};

describe('a month of the supplier', () => {
  test('shows a day from nothing over its hold to the reply', async () => {
    const p = plant({ replyWithinH: 4 });
    await p.fill(0, 47);
    expect(await dayOf(p)).toMatchObject({ state: 'unbegun', file: null, files: 0, isComplete: false, deadline: '2026-11-22T09:00:00Z' });
    expect(await p.handlers['supplier.make']({ day: DAY }, context)).toMatchObject({
      outcome: 'held',
      hold: { reasons: [{ code: 'missing', channel: 'A+', from: '2026-11-21T20:30:00Z', to: '2026-11-21T21:00:00Z' }, { channel: 'R+' }] },
    });
    expect(await dayOf(p)).toMatchObject({ state: 'held', hold: { since: '2026-11-22T09:00:00Z' } });
    await p.fill(47, 48);
    expect(p.supplier.isComplete(DAY)).toBe(true);
    expect(await p.handlers['supplier.make']({ day: DAY }, context)).toMatchObject({
      outcome: 'new',
      file: {
        number: 1,
        state: 'sent',
        sums: [
          { channel: 'A+', sum: '5760' },
          { channel: 'R+', sum: '0' },
        ],
        points: 1,
        channels: 2,
      },
    });
    expect(await dayOf(p)).toMatchObject({ state: 'sent', files: 1, hold: null, isComplete: null });
    expect(readdirSync(p.out)).toEqual([nameOf(1)]);
    writeFileSync(
      join(p.replies, 'r.xml'),
      `<message class="80021" version="1"><file zip="0"><name>${nameOf(1)}</name></file><reply><status>2</status></reply></message>`,
    );
    p.supplier.start();
    await settled(() => p.store.supplierFiles.get(1)?.state === 'rejected');
    await p.supplier.stop();
    expect(await dayOf(p)).toMatchObject({ state: 'rejected', file: { note: '2' } });
    const card = await p.handlers['supplier.get']({ fileId: 1 }, context);
    METHODS['supplier.get'].result.parse(card);
    expect(card).toMatchObject({
      replies: [{ name: 'r.xml', status: 2 }],
      steps: [{ state: 'made' }, { state: 'sent' }, { state: 'rejected' }],
    });
    expect(p.changed).toContain(DAY);
  });

  test('names what the settings lack, and then refuses to make a file', async () => {
    const p = plant({ sender: { inn: '', name: 'А' }, aiisCode: '1234567800' });
    const month = await p.handlers['supplier.month']({ month: '2026-11' }, context);
    expect(month).toMatchObject({ problems: ['sender-inn', 'aiis-code'], points: 1, hasMailPassword: false, nextNumber: 1 });
    expect(p.supplier.isReady()).toBe(false);
    await expect(p.handlers['supplier.make']({ day: DAY }, context)).rejects.toMatchObject({ code: 'api/invalid-argument' });
  });

  test('a preview tells exactly what would be made, by point and channel', async () => {
    const p = plant();
    await p.fill();
    const preview = await p.handlers['supplier.preview']({ day: DAY }, context);
    METHODS['supplier.preview'].result.parse(preview);
    expect(preview).toMatchObject({
      outcome: 'new',
      number: 1,
      points: [{ code: '560000000000001', channels: [{ channel: 'A+', sum: '5760', exact: '5760', carry: '0' }, { channel: 'R+' }] }],
    });
  });

  test('a job finds the days that it has made', async () => {
    const p = plant();
    await p.fill();
    await p.supplier.make({ day: DAY, job: 'daily' });
    expect([p.supplier.madeDays('daily'), p.supplier.madeDays('other')]).toEqual([[DAY], []]);
  });
});

describe('what asks for attention', () => {
  const codes = ({ site }: ReturnType<typeof plant>) =>
    supplierAttention(site).map(({ code, state, subject }) => [code, state, subject.name]);

  test('a day without its file is told two hours before the deadline, and is a fault after it', async () => {
    const p = plant();
    await p.fill();
    await p.supplier.make({ day: DAY, job: null });
    // 09:59 and 10:00 by Moscow of the 23rd, for the file of the 22nd.
    await p.clock.advance(22 * 3_600_000 - 60_000);
    expect(codes(p)).toEqual([]);
    await p.clock.advance(60_000);
    expect(codes(p)).toEqual([['supplier-file-due', 'attention', '2026-11-22']]);
    await p.clock.advance(2 * 3_600_000);
    expect(codes(p)).toEqual([['supplier-file-due', 'fault', '2026-11-22']]);
  });

  test('who has not begun is not told of days without a file', async () => {
    const p = plant();
    await p.clock.advance(5 * 86_400_000);
    expect(codes(p)).toEqual([]);
  });

  test('a held day is told at once, with its reason and the points', async () => {
    const p = plant({ deadline: '13:00' });
    await p.fill(0, 47);
    await p.supplier.make({ day: DAY, job: null });
    expect(supplierAttention(p.site)).toMatchObject([
      {
        code: 'supplier-file-held',
        state: 'attention',
        subject: { name: DAY },
        params: { reason: 'missing', points: 1, deadline: '2026-11-22T10:00:00Z' },
      },
    ]);
    await p.clock.advance(3_600_000);
    expect(codes(p)).toEqual([['supplier-file-held', 'fault', DAY]]);
  });

  test('figures that change after a day was handed over are told by the next look at it', async () => {
    const p = plant();
    await p.fill();
    await p.supplier.make({ day: DAY, job: null });
    await p.fill(0, 48, 2100);
    p.supplier.start();
    await p.clock.advance(6 * 60_000);
    await settled(() => p.store.supplierFiles.get(1)?.staleUtc !== null);
    await p.supplier.stop();
    expect(codes(p)).toEqual([['supplier-file-changed', 'attention', DAY]]);
    expect(await dayOf(p)).toMatchObject({ state: 'sent', file: { staleAt: expect.any(String) as string } });
  });

  test('a file that did not get there, and one without a reply, are told by their cause', async () => {
    const mail = { host: 'h', port: 25, security: 'none' as const, user: '', from: 'a@b', to: ['c@d'], subject: 's' };
    const p = plant();
    await p.fill();
    p.set({ delivery: { folder: null, mail, repliesFolder: null }, replyWithinH: 1 });
    await p.supplier.make({ day: DAY, job: null });
    expect(supplierAttention(p.site)).toMatchObject([
      { code: 'supplier-file-failed', state: 'fault', params: { number: 1, error: 'export/mail-unavailable' } },
    ]);
    p.store.supplierFiles.setState(1, 'sent', null, p.site.nowUtc());
    p.supplier.start();
    await p.clock.advance(3_600_000);
    await settled(() => p.store.supplierFiles.get(1)?.state === 'no-reply');
    await p.supplier.stop();
    expect(codes(p)).toEqual([['supplier-file-no-reply', 'attention', DAY]]);
  });
});

/** Work that waits for the disk is not over when the clock stands. */
async function settled(isDone: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !isDone(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
