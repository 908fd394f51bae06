/** The first day: an empty site leads to its import from every screen that hands something over, and from there to a closed month. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { startTrainingService, type TrainingService } from '../support/training-service.ts';

const EMPTY = ['#/packages', '#/packages?tab=make', '#/supplier', '#/reports', '#/closing?tab=months', '#/closing'];

let folder: string;
let browser: Browser;
let service: TrainingService;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-e2e-first-'));
  browser = await launchBrowser();
  service = await startTrainingService({ folder, historyDays: 2, isEmpty: true });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('an empty site leads to the import, and from there to a closed month', { timeout: 240_000 }, async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'ru-RU' });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  await page.goto(service.openUrl);
  for (const hash of EMPTY) {
    await page.evaluate((next) => {
      window.location.hash = next;
    }, hash);
    await page.locator('main .empty').getByRole('link', { name: 'Загрузить точки учёта' }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll('main .empty').length === 1);
  }
  await page.getByRole('link', { name: 'Загрузить точки учёта' }).click();
  const file = { name: 'points.csv', mimeType: 'text/csv', buffer: Buffer.from(service.plant.importFile()) };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: 'Добавить 70 точек' }).click();
  await page.getByText('опрос начат', { exact: false }).waitFor();

  // What a meter keeps is known once it has been read: until then the list of what is open still changes.
  await service.untilComplete();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('месяцы');
  await page.keyboard.press('Enter');
  await page.getByTestId('table-months').waitFor();
  // Two months ago the plant kept nothing: no interval of it comes while the month is being closed.
  for (let step = 0; step < 2; step += 1) await page.getByRole('button', { name: 'Раньше' }).first().click();
  await page.getByTestId('month-close').and(page.locator(':enabled')).click();
  const dialog = page.getByRole('dialog');
  const hasLacks = (await dialog.getByTestId('month-confirm').count()) > 0;
  if (hasLacks) await dialog.getByTestId('month-confirm').check();
  await dialog.getByTestId('decide-author').fill('Иванова А. П.');
  await dialog.getByTestId('decide-reason').fill('До ввода в эксплуатацию');
  await dialog.getByTestId('decide').click();
  await page.getByTestId('month-state').getByText('Закрыт').waitFor();

  await page.getByTestId('nav-overview').click();
  await page.getByTestId('table-handed-over').getByText('Закрытие месяца').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});
