/** A meter without a link in a real browser over the whole product: imported, read by a person, replaced, shown. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHeadless, type Headless } from '../../src/main/headless.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { launchBrowser } from '../support/browser.ts';

const SCREENS = fileURLToPath(new URL('../../out/renderer', import.meta.url));
const FILE = [
  'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio',
  'ТП-1;H1;Освещение склада;;manual;;00000077;;;200/5;1',
  '',
].join('\r\n');

let browser: Browser;
let folder: string;
let service: Headless;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-by-hand-'));
  browser = await launchBrowser();
  service = await startHeadless({ dataFolder: folder, port: 0, clock: systemClock, logger: silentLogger, screensFolder: SCREENS });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** First day of the month that lies so many months before this one, in Moscow. */
function firstDay(monthsAgo: number): string {
  const now = new Date(systemClock.now() + 10_800_000);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsAgo, 1)).toISOString().slice(0, 10);
}

test('a meter that people read has figures by their readings and by a person’s leave', { timeout: 120_000 }, async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'ru-RU', bypassCSP: true });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(service.openUrl);
  await page.getByTestId('nav-setup').click();
  const choose = (text: string) =>
    page.locator('input[type=file]').setInputFiles({ name: 'points.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await choose(FILE.replace(';;manual;;', ';tcp:10.0.0.5:4001;manual;;'));
  await page.getByTestId('import-faults').getByText('у счётчика без связи (manual) пусто', { exact: false }).waitFor();
  await choose(FILE);
  await page.getByTestId('import-apply').click();

  await page.getByTestId('nav-live').click();
  await page.getByTestId('table-live').getByText('без связи: показания вручную').first().waitFor();
  await page.getByTestId('table-live').getByText('Освещение склада').click();
  await page.getByText('Показания этого счётчика снимают вручную', { exact: false }).waitFor();

  const goTo = (hash: string) =>
    page.evaluate((target) => {
      window.location.hash = target;
    }, hash);
  const enter = async (day: string, value: string) => {
    await page.getByTestId('reading-date').fill(day);
    await page.getByTestId('reading-value').fill(value);
    await page.getByTestId('reading-check').click();
  };
  await goTo(`#/closing?tab=readings&date=${firstDay(1)}`);
  await page.getByTestId('reading-point').click();
  await page.getByRole('option').first().click();
  await page.getByTestId('decide-author').fill('Петров П. П.');
  await page.getByTestId('reading-reason').fill('обход');
  await enter(firstDay(1), '1 000,5');
  await page.getByTestId('reading-confirm').check();
  await page.getByTestId('reading-save').click();
  await expect.poll(() => page.getByTestId('table-readings').locator('tbody tr').count()).toBe(1);
  await enter(firstDay(0), '1 031,5');
  await page.getByTestId('reading-save').click();
  await expect.poll(() => page.getByTestId('table-readings').locator('tbody tr').count()).toBe(2);

  await goTo(`#/closing?date=${firstDay(1)}`);
  const gaps = page.getByTestId('table-gaps');
  await gaps.getByText('Освещение склада').waitFor();
  await gaps.locator('thead input').check();
  await page.getByTestId('approve').click();
  await page.getByTestId('decide-author').fill('Иванов И. И.');
  await page.getByTestId('decide-reason').fill('Акт № 12');
  await page.getByTestId('decide').click();
  await expect.poll(() => page.getByTestId('table-decisions').locator('tbody tr').count()).toBe(1);

  await goTo(`#/consumption?points=1&period=month&step=day&date=${firstDay(1)}`);
  await page.getByText('замещённые данные').first().waitFor();
  // 31 kWh of the meter's side times 40.
  await page
    .getByText(/1[\s\u00a0\u202f]?240[,.]/)
    .first()
    .waitFor();
  expect(await page.getByTestId('error').count()).toBe(0);
  expect(faults).toEqual([]);
  await context.close();
});
