/** Reports in a real browser over the app itself: the paper, its files, and what it is made from. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, createApp } from '../../src/main/app.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { openStore } from '../../src/main/store/store.ts';
import { type HttpServer, startHttp } from '../../src/main/transport/http.ts';
import { accessibilityFaults } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { importRow, interval, MIDNIGHT, stored } from '../unit/store/support.ts';

const TABS = ['reports', 'balance', 'losses', 'formulas', 'paper'];

let folder: string;
let app: App;
let http: HttpServer;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-e2e-reports-'));
  const store = openStore({ folder, clock: systemClock, logger: silentLogger });
  store.plant.applyImport([importRow(1, { role: 'settlement' }), importRow(2)], 180, 'test');
  await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(0, 10), interval(1, 20)] });
  store.close();
  app = await createApp({ dataFolder: folder, clock: systemClock, logger: silentLogger });
  const screensFolder = fileURLToPath(new URL('../../out/renderer', import.meta.url));
  http = await startHttp({ api: app.api, port: 0, token: 'reports', screensFolder, logger: silentLogger });
  browser = await launchBrowser();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await http.close();
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(query: string, height = 900) {
  const context = await browser.newContext({ viewport: { width: 1280, height }, locale: 'ru-RU', bypassCSP: true, acceptDownloads: true });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(`${http.url}/#token=reports`);
  await page.getByTestId('nav-reports').waitFor();
  await page.evaluate((next) => {
    window.location.hash = `#/reports?${next}`;
  }, query);
  await page.locator('main h1').waitFor();
  return { page, faults, close: () => context.close() };
}

describe('the screen of the reports', { timeout: 60_000 }, () => {
  test.each(TABS)('is accessible and complains of nothing: %s', async (tab) => {
    const { page, faults, close } = await open(`tab=${tab}&report=completeness&date=2026-11-22`, 2400);
    await page.locator(tab === 'reports' ? '.paper-table' : '.report-editor').waitFor();
    await page.waitForLoadState('networkidle');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  test('shows the paper, and hands over the same report as a file', async () => {
    const { page, close } = await open('report=hourly-matrix&period=day&date=2026-11-22&points=1');
    await page.locator('.paper-table').getByText('22.11.2026').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('report-xlsx').click()]);
    expect(download.suggestedFilename()).toBe('report_hourly-matrix_SITE1_20261122_20261122.xlsx');
    const file = join(folder, 'downloaded.xlsx');
    await download.saveAs(file);
    expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK');
    await close();
  });

  test('the list is walked by the arrows and opened by Enter', async () => {
    const { page, close } = await open('report=completeness&date=2026-11-22');
    await page.getByTestId('report-completeness').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('За период замещённых данных нет.').waitFor();
    await close();
  });

  test('a balance that is set changes the report, a faulty formula is named by its part', async () => {
    const { page, close } = await open('tab=balance');
    await page.getByRole('button', { name: 'Добавить все точки подстанции' }).click();
    await page.getByTestId('report-save').click();
    await page.getByText('Сохранено').waitFor();
    await page.getByTestId('tab-formulas').click();
    await page.getByRole('button', { name: 'Добавить формулу' }).click();
    await page.getByLabel('Название').fill('Вводы');
    await page.getByRole('textbox', { name: 'Формула' }).fill('P1 + P77');
    await page.getByTestId('report-save').click();
    await page.getByTestId('formula-faults').getByText('нет точки с кодом P77').waitFor();
    await page.getByTestId('tab-reports').click();
    await page.getByTestId('report-balance').click();
    await page.getByText('Баланс не рассчитан: нет полных данных по точкам', { exact: false }).waitFor();
    await close();
  });
});
