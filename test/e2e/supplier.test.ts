/** The supplier's file in a real browser: settings, a held day, a file, a file of others beside it, accessibility. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Headless, startHeadless } from '../../src/main/headless.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { openStore, type Store } from '../../src/main/store/store.ts';
import { NO_FACTS } from '../../src/shared/domain/meter.ts';
import { accessibilityFaults } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { HALF_HOUR, importRow, stored } from '../unit/store/support.ts';

const SCREENS = fileURLToPath(new URL('../../out/renderer', import.meta.url));
const DAY_S = 86_400;
/** Midnight of Moscow that began today. */
const today = Math.floor((Date.now() / 1000 + 10_800) / DAY_S) * DAY_S - 10_800;
const dateOf = (at: number) => new Date((at + 10_800) * 1000).toISOString().slice(0, 10);
const yesterday = dateOf(today - DAY_S);
const printed = (date: string) => date.split('-').reverse().join('.');

let browser: Browser;
let folder: string;
let service: Headless;

/** Half-hours of both points from `from` on, until today. */
async function fill(store: Store, from: number): Promise<void> {
  const facts = { ...NO_FACTS, constantImpPerKwh: 1000, profilePeriodMin: 30 };
  for (const meterId of [1, 2]) {
    const starts = Array.from({ length: (today - from) / HALF_HOUR }, (_, index) => from + index * HALF_HOUR);
    const counts = { 'A+': 2000 * meterId, 'A-': null, 'R+': 300, 'R-': null };
    const intervals = starts.map((startUtc) => ({
      startUtc,
      lengthS: HALF_HOUR,
      counts,
      flags: [],
      source: 'profile' as const,
      exchange: null,
    }));
    await stored(store, { meterId, atUtc: today, facts, intervals });
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-e2e-supplier-'));
  mkdirSync(join(folder, 'out'));
  const dataFolder = join(folder, 'data');
  const store = openStore({ folder: dataFolder, clock: systemClock, logger: silentLogger });
  const line = 'tcp:127.0.0.1:9:9600-8N1';
  const rows = [1, 2].map((n) => importRow(n, { line, pointName: `Ввод ${n}`, code80020: `56000000000000${n}` }));
  store.plant.applyImport(rows, 180, 'test');
  await fill(store, today - DAY_S);
  store.close();
  browser = await launchBrowser();
  service = await startHeadless({
    dataFolder,
    port: 0,
    clock: systemClock,
    logger: silentLogger,
    screensFolder: SCREENS,
    checkResults: true,
  });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(hash: string, height = 800): Promise<{ page: Page; faults: string[]; close(): Promise<void> }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height },
    locale: 'ru-RU',
    timezoneId: 'America/New_York',
    bypassCSP: true,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(service.openUrl);
  await page.getByTestId('nav-overview').waitFor();
  await go(page, hash);
  await page.locator('main h1').waitFor();
  return { page, faults, close: () => context.close() };
}

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((next) => {
    window.location.hash = next;
  }, hash);
}

describe("the supplier's file", { timeout: 120_000 }, () => {
  test('is set up, held while data are lacking, made, and beside a file of others it agrees', async () => {
    const { page, faults, close } = await open(`#/supplier?date=${yesterday}`);
    await page.getByText('не указан ИНН отправителя', { exact: false }).waitFor();
    await page.getByRole('link', { name: 'Открыть настройку' }).click();
    await page.getByLabel('ИНН').fill('7701234567');
    await page.getByLabel('Название', { exact: true }).fill('АО «Завод»');
    await page.getByLabel('Код группы').fill('5600010901');
    await page.getByLabel('Название группы').fill('Площадка 1');
    await page.getByLabel('Папка для файлов').fill(join(folder, 'out'));
    await page.getByTestId('supplier-save').click();
    await page.getByText('Сохранено').waitFor();
    // The day before yesterday has no data at all; it may be of another month.
    const empty = dateOf(today - 2 * DAY_S);
    await go(page, `#/supplier?date=${empty}`);
    const table = page.getByTestId('table-supplier');
    await table.getByRole('button', { name: printed(empty) }).click();
    await page.getByTestId('supplier-reasons').getByText('нет данных').first().waitFor();
    await page.getByTestId('supplier-make').click();
    await table.getByText('придержан').first().waitFor();
    await page.keyboard.press('Escape');
    await go(page, `#/supplier?date=${yesterday}`);
    await table.getByRole('button', { name: printed(yesterday) }).click();
    await page.getByText('Будет сделан файл с номером 1.').waitFor();
    await page.getByTestId('supplier-contents').getByText('560000000000001').waitFor();
    await page.getByTestId('supplier-make').click();
    await page.getByText('данные не изменились', { exact: false }).waitFor();
    const name = `80020_7701234567_${yesterday.replaceAll('-', '')}_1_5600010900.xml`;
    expect(readdirSync(join(folder, 'out'))).toEqual([name]);
    await page.keyboard.press('Escape');
    await table.getByText('передан', { exact: true }).waitFor();
    await page.getByTestId('tab-received').click();
    await page.locator('input[type=file]').setInputFiles(join(folder, 'out', name));
    await page.getByText('данные приняты', { exact: false }).waitFor();
    await page.getByTestId('table-received').getByText('сходится', { exact: true }).first().waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  test.each(['#/supplier', '#/supplier?tab=received', '#/supplier?tab=settings'])('is accessible: %s', async (hash) => {
    // Tall enough to hold every screen whole: contrast cannot be judged where a text is scrolled away.
    const { page, close } = await open(hash, 3200);
    await page.waitForLoadState('networkidle');
    await page.locator('.link-tabs').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await close();
  });
});
