/** The exchange over a real store: what changed since it was sent, and what of it asks for attention. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attention } from '../../../src/shared/api/values.ts';
import { packagePreview, packageSummary as summarySchema } from '../../../src/shared/api/packages.ts';
import { DEFAULT_SETTINGS, type Settings, settings as settingsSchema } from '../../../src/shared/api/settings.ts';
import { receiversOf } from '../../../src/shared/api/receivers.ts';
import { NO_FACTS } from '../../../src/shared/domain/meter.ts';
import { attentionAdvice } from '../../../src/shared/i18n/causes.ts';
import { packageDetail } from '../../../src/shared/i18n/packages.ts';
import { packageSummary } from '../../../src/main/api/packages.ts';
import { packageTroubles } from '../../../src/main/api/package-troubles.ts';
import { Site } from '../../../src/main/api/site.ts';
import { createPackageDesk } from '../../../src/main/packages.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { HALF_HOUR, interval, MIDNIGHT, stored, storeWithMeters } from '../store/support.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const days = { from: '2026-11-22', to: '2026-11-22' };
const order = { kind: 'IV', ...days } as const;

/** Two points in UTC with a day of half-hours each; it is six in the morning of the next day. */
async function exchange(onec: Partial<Settings['onec']> = {}) {
  const { store, clock, folder } = storeWithMeters(2);
  const out = join(folder, 'out');
  mkdirSync(join(out, 'ack'), { recursive: true });
  const settings = { ...DEFAULT_SETTINGS, site: { ...DEFAULT_SETTINGS.site, timeZone: 'UTC' } };
  store.settings.save({ ...settings, onec: { ...DEFAULT_SETTINGS.onec, folder: out, ...onec } }, 'test');
  const facts = { ...NO_FACTS, profilePeriodMin: 30, constantImpPerKwh: 1000 };
  const day = Array.from({ length: 48 }, (_, n) => interval(n, n));
  await stored(
    store,
    { meterId: 1, atUtc: MIDNIGHT, facts, intervals: day },
    { meterId: 2, atUtc: MIDNIGHT, facts, intervals: day.slice(0, 40) },
  );
  await clock.advance((MIDNIGHT + 60 * HALF_HOUR) * 1000 - clock.now());
  const site = new Site({ store, clock, engine: () => null });
  const desk = createPackageDesk({ store, site, clock, logger: silentLogger, onChanged: () => {} });
  const answer = (number: number, text: string) =>
    writeFileSync(join(out, 'ack', `EN_SITE1_IV_20261122_20261122_${String(number).padStart(8, '0')}.ack`), text);
  return { store, clock, site, desk, out, folder, answer, day };
}

describe('corrections', () => {
  test('are the packages that late data make necessary, by kinds; once they are sent there are none', async () => {
    const { store, desk, day } = await exchange();
    expect(await desk.corrections({ receiver: '1c' })).toEqual([]);
    await desk.make(order, null);
    await desk.make({ ...order, kind: 'DY' }, null);
    expect(await desk.corrections({ receiver: '1c' })).toEqual([]);
    await stored(store, { meterId: 2, atUtc: MIDNIGHT, intervals: day.slice(40, 45) });
    const corrections = await desk.corrections({ receiver: '1c' });
    for (const each of corrections) packagePreview.parse(each);
    // Five half-hours of A+ and R+; of the day only A+ differs, since the 45 zeros of R+ add up to what the 40 did.
    expect(corrections).toMatchObject([
      { kind: 'IV', mode: 'delta', ...days, rows: 10, changes: { changed: 10, new: 0 } },
      { kind: 'DY', mode: 'delta', ...days, rows: 1 },
    ]);
    expect(corrections[0]?.differences[0]).toMatchObject({
      pointCode: 'P2',
      at: new Date((MIDNIGHT + 40 * HALF_HOUR) * 1000).toISOString().replace('.000', ''),
      change: 'changed',
      before: { figures: '', status: 2, revision: 1 },
      now: { status: 0, revision: 2 },
    });
    for (const { kind, from, to } of corrections) {
      const record = await desk.make({ kind, from, to, mode: 'delta' }, null);
      expect(record).toMatchObject({ state: 'delivered', mode: 'delta' });
    }
    expect(await desk.corrections({ receiver: '1c' })).toEqual([]);
    expect(await desk.corrections({ receiver: '1c', from: '2026-12-01' })).toEqual([]);
  });
});

describe('what asks for attention', () => {
  test('a package that was rejected, with the reason that its period is closed, until a new answer', async () => {
    const { site, desk, answer } = await exchange();
    const { packId } = await desk.make(order, null);
    answer(1, `pack_id=${packId}\nstatus=rejected\nrows_bad=384\ntext=period_closed\n`);
    await desk.resume();
    const [trouble, ...others] = packageTroubles(site);
    expect(others).toEqual([]);
    expect(attention.parse(trouble)).toMatchObject({
      code: 'package-rejected',
      state: 'fault',
      subject: { kind: 'package', id: 1, name: '1' },
      params: { receiver: '1С', reason: 'period_closed', rows: 384 },
    });
    expect(packageDetail(trouble as never, 'ru')).toBe('1С: период закрыт, не принято строк: 384');
    expect(attentionAdvice('package-rejected', 'ru').todo).toContain('период в 1С закрыт');
    const record = site.store.packages.get(1);
    expect(summarySchema.parse(record === null ? null : packageSummary(record))).toMatchObject({
      state: 'rejected',
      ack: { text: 'period_closed' },
    });
    answer(1, `pack_id=${packId}\nstatus=partial\nrows_bad=1\n`);
    await desk.resume();
    expect(packageTroubles(site)).toMatchObject([{ code: 'package-partial', state: 'attention' }]);
    answer(1, `pack_id=${packId}\nstatus=accepted\n`);
    await desk.resume();
    expect(packageTroubles(site)).toEqual([]);
  });

  test('an answer that does not come within its hours, only where answers are expected', async () => {
    const late = { acknowledges: { isExpected: true, withinH: 24, folder: null } };
    const { site, desk, clock, store } = await exchange(late);
    await desk.make(order, null);
    await clock.advance(24 * HOUR_MS);
    expect(packageTroubles(site)).toEqual([]);
    await clock.advance(2 * HOUR_MS);
    expect(packageTroubles(site)).toMatchObject([{ code: 'package-late', state: 'attention', params: { hours: 26, receiver: '1С' } }]);
    expect(packageDetail(packageTroubles(site)[0] as never, 'ru')).toBe('1С: 26 ч без ответа');
    store.settings.save(
      { ...site.settings, onec: { ...site.settings.onec, acknowledges: { ...late.acknowledges, isExpected: false } } },
      'test',
    );
    site.refresh();
    expect(packageTroubles(site)).toEqual([]);
  });

  test('a file that is no answer, by its name and what is wrong, until it is gone', async () => {
    const { site, desk, answer } = await exchange();
    const { packId } = await desk.make(order, null);
    answer(1, 'pack_id=00000000-0000-0000-0000-000000000000\nstatus=accepted\n');
    await desk.resume();
    const [trouble] = packageTroubles(site);
    expect(trouble).toMatchObject({
      code: 'ack-refused',
      params: { error: 'other-pack-id', file: 'EN_SITE1_IV_20261122_20261122_00000001.ack' },
    });
    expect(packageDetail(trouble as never, 'ru')).toBe('EN_SITE1_IV_20261122_20261122_00000001.ack: идентификатор не от этого пакета');
    answer(1, `pack_id=${packId}\nstatus=accepted\n`);
    await desk.resume();
    expect(packageTroubles(site)).toEqual([]);
  });

  test('a package whose folder is lost, until it is back', async () => {
    const { site, desk, out, clock } = await exchange();
    renameSync(out, `${out}-lost`);
    await desk.make(order, null);
    expect(packageTroubles(site)).toMatchObject([{ code: 'package-failed', params: { error: 'export/folder-unavailable', folder: out } }]);
    renameSync(`${out}-lost`, out);
    await clock.advance(DAY_MS);
    await desk.resume();
    expect(packageTroubles(site)).toEqual([]);
  });
});

describe('receivers in the settings', () => {
  /** As version 0.2 stored it. */
  const OLD = {
    ...Object.fromEntries(Object.entries(DEFAULT_SETTINGS).filter(([key]) => key !== 'receivers')),
    onec: { name: '1С', folder: '\\\\server\\exchange', encoding: 'windows-1251' },
  };

  test('settings of before mean what they meant: one receiver, CSV, no answers expected', () => {
    const parsed = settingsSchema.parse(OLD);
    expect(receiversOf(parsed)).toMatchObject([
      { id: '1c', folder: '\\\\server\\exchange', formats: ['csv'], csv: { separator: ';', decimal: ',' }, shortNames: false, columns: {} },
    ]);
    expect(parsed).toEqual({ ...DEFAULT_SETTINGS, onec: { ...DEFAULT_SETTINGS.onec, folder: '\\\\server\\exchange' } });
  });

  const other = (id: string, folder: string | null, more: object = {}) => ({ id, name: 'Цех', folder, encoding: 'utf-8', ...more });
  test.each([
    ['two with one id', [other('a', 'x'), other('a', 'y')]],
    ['one that takes the first id', [other('1c', 'x')]],
    ['two in one folder, however it is written', [other('a', '//SERVER/exchange/')]],
    ['a column that is not there', [other('a', 'x', { columns: { IV: ['energy', 'price'] } })]],
    ['a column twice', [other('a', 'x', { columns: { IV: ['energy', 'energy'] } })]],
    ['no format', [other('a', 'x', { formats: [] })]],
    ['a comma for both', [other('a', 'x', { csv: { separator: ',', decimal: ',' } })]],
  ])('%s is refused', (_title, receivers) => {
    expect(settingsSchema.safeParse({ ...OLD, receivers }).success).toBe(false);
  });

  test('two without a folder yet, and two with their own, are taken', () => {
    expect(settingsSchema.safeParse({ ...OLD, receivers: [other('a', null), other('b', null), other('c', 'z')] }).success).toBe(true);
  });
});
