/** Long work in a real browser over the app itself: how far it is, and its end by a person. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, createApp } from '../../src/main/app.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { openStore } from '../../src/main/store/store.ts';
import { type HttpServer, startHttp } from '../../src/main/transport/http.ts';
import { accessibilityFaults } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { importRow } from '../unit/store/support.ts';

/** A month of so many points takes several times the second after which a bar is shown, on any machine. */
const POINTS = 2400;

let folder: string;
let app: App;
let http: HttpServer;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-e2e-work-'));
  const store = openStore({ folder, clock: systemClock, logger: silentLogger });
  const rows = Array.from({ length: POINTS }, (_, index) => importRow(index + 1));
  store.plant.applyImport(rows, 180, 'test');
  store.close();
  app = await createApp({ dataFolder: folder, clock: systemClock, logger: silentLogger });
  const screensFolder = fileURLToPath(new URL('../../out/renderer', import.meta.url));
  http = await startHttp({ api: app.api, port: 0, token: 'work', screensFolder, logger: silentLogger });
  browser = await launchBrowser();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await http.close();
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});

const listed = async () => {
  const answer = await app.api.dispatch('work.list', {}, { transport: 'cli', role: 'operator' });
  return answer.ok ? answer.data : answer.error;
};

async function askMonth(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.location.hash = '#/packages?tab=make&date=2026-10-15';
  });
  await page.locator('.make-form').getByText('Месяц', { exact: true }).click();
}

test('the month of a package is counted point by point, stopped by a person and begun again', { timeout: 120_000 }, async () => {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'ru-RU', bypassCSP: true })).newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(`${http.url}/#token=work`);
  await page.getByTestId('nav-packages').waitFor();
  await askMonth(page);
  const bar = page.locator('[data-testid=work][data-kind=package-preview]');
  await bar.getByText(/точка \d[\d\s]* из 2\s?400, идёт/).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);

  // Whoever leaves the screen finds the work again.
  await page.getByTestId('nav-overview').click();
  await bar.waitFor({ state: 'detached' });
  await page.getByTestId('nav-packages').click();
  await askMonth(page);
  await bar.waitFor();
  await bar.getByTestId('work-stop').click();
  await page.getByTestId('stopped').waitFor();
  await bar.waitFor({ state: 'detached' });
  expect(await listed()).toEqual([]);

  await page.getByTestId('stopped').getByRole('button', { name: 'Повторить' }).click();
  await bar.waitFor();
  expect(faults).toEqual([]);
});
