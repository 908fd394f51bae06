/** The exchange in a real browser: calendar, packages, jobs and receivers, over scripted answers. */
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityFaults } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { type ScreenApi, startScreenApi } from '../support/screen-api.ts';
import { EXCHANGE_RECEIVERS, EXCHANGE_SCHEDULES } from '../support/screen-exchange.ts';

/** 30 November, noon in Moscow: the month is nearly whole. */
const NOON = Date.parse('2026-11-30T09:00:00Z');
const SCREENS = ['', '?tab=packages', '?tab=make', '?tab=schedules', '?tab=receivers', '/87', '/96'];

let browser: Browser;
let api: ScreenApi;

beforeAll(async () => {
  browser = await launchBrowser();
  api = await startScreenApi({ now: () => NOON, settings: { schedules: [...EXCHANGE_SCHEDULES], ...EXCHANGE_RECEIVERS } });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await api.stop();
});

async function open(address: string, options: { readonly colorScheme?: 'light' | 'dark'; readonly height?: number } = {}) {
  const { colorScheme = 'light', height = 800 } = options;
  const context = await browser.newContext({ viewport: { width: 1280, height }, colorScheme, locale: 'ru-RU', bypassCSP: true });
  await context.grantPermissions(['clipboard-read']);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(api.openUrl);
  await page.getByTestId('nav-packages').click();
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, `#/packages${address}`);
  await page.locator('main h1').waitFor();
  return { page, faults, close: () => context.close() };
}

const cellOf = (page: Page, day: number) => page.getByTestId('table-calendar').locator(`[data-cell="0 ${day - 1}"]`);

describe('the exchange', { timeout: 120_000 }, () => {
  test('the calendar leads from a rejected day to its package, its reasons and a new package', async () => {
    const { page, faults, close } = await open('');
    const all = await page.getByTestId('table-packages').locator('tbody tr').count();
    await cellOf(page, 21).click();
    await page.getByText('Откройте пакет: в квитанции указана причина отказа.').waitFor();
    expect(all).toBeGreaterThan(1);
    expect(await page.getByTestId('table-packages').locator('tbody tr').count()).toBe(1);
    await page.getByTestId('table-packages').getByRole('link').first().click();
    await page.getByText('1С отклонила пакет').waitFor();
    await page.getByTestId('table-faults').getByText('период в 1С закрыт').waitFor();
    await page.getByRole('button', { name: 'Сформировать за этот период заново' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByTestId('preview-changes').getByText('изменилось 4').waitFor();
    expect(await dialog.getByText('21.11.2026', { exact: true }).count()).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    await close();
  });

  test('the calendar is walked by the keyboard', async () => {
    const { page, close } = await open('');
    await cellOf(page, 1).focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-cell'))).toBe('0 27');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    // The month of a statement is one cell.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-cell'))).toBe('2 0');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByText('1С, показания за 01.11.2026').waitFor();
    await close();
  });

  test('packages are filtered, and their table is copied with its heads', async () => {
    const { page, close } = await open('?tab=packages');
    const table = page.getByTestId('table-all-packages');
    await table.getByLabel('Отбор: Состояние').fill('отклон');
    await page.getByText(/показано 1 из/).waitFor();
    await table.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+c');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^Номер\tПолучатель.*\r?\n87\t1С\tИнтервалы 30 минут/);
    await close();
  });

  test('what has changed since it was sent is found and goes out as a package of changes', async () => {
    const { page, faults, close } = await open('?tab=make');
    await page.getByTestId('corrections-look').click();
    const row = page.getByTestId('table-corrections').locator('tbody tr');
    await row.getByText('Интервалы 30 минут').waitFor();
    await row.getByRole('button', { name: 'Передать изменения' }).click();
    await page.getByText('10.11.2026–28.11.2026').waitFor();
    await page.locator('main').getByText('изменения', { exact: true }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  test('a job is run, looked into, and changed only when its fields make sense', async () => {
    const { page, faults, close } = await open('?tab=schedules');
    await page.getByTestId('table-jobs').getByText('есть 87').waitFor();
    await page.getByTestId('job-run-daily-iv').click();
    await page.getByText('Итог запуска: выполнено.').waitFor();
    await page.getByTestId('job-log-supplier').click();
    await page.getByRole('dialog').getByText('Папка обмена недоступна', { exact: false }).first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'job-log-supplier');
    await page.getByTestId('job-edit-daily-rd').click();
    const form = page.getByTestId('job-form');
    const save = form.getByTestId('job-save');
    await form.getByLabel('Не позже').fill('05:00');
    await form.getByText('Раньше времени запуска: ждать будет нечего').waitFor();
    expect(await save.isDisabled()).toBe(true);
    await form.getByLabel('Не позже').fill('10:15');
    await save.click();
    await page.getByTestId('table-jobs').getByText('до 10:15').waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  test('a receiver is added with a folder of its own, and a column of the first is left out', async () => {
    const { page, faults, close } = await open('?tab=receivers');
    await page.getByTestId('receiver-add').click();
    const form = page.getByTestId('receiver-form');
    await form.getByLabel('Название').fill('Бухгалтерия');
    await form.getByLabel('Папка обмена').fill('\\\\holding\\energy');
    await form.getByText('Эта папка уже занята другим получателем').waitFor();
    await form.getByLabel('Папка обмена').fill('\\\\buh\\energy');
    await form.getByTestId('receiver-save').click();
    await page.getByTestId('table-receivers').getByText('Бухгалтерия').waitFor();
    await page.getByTestId('receiver-edit-1c').click();
    await form.locator('summary').click();
    await form.getByTestId('column-choices').getByText('losses', { exact: true }).click();
    await form.getByTestId('receiver-save').click();
    await form.waitFor({ state: 'hidden' });
    await page.getByTestId('receiver-edit-1c').click();
    await form.locator('summary').click();
    expect(await form.getByTestId('column-choices').locator('li').last().textContent()).toContain('losses');
    expect(faults).toEqual([]);
    await close();
  });

  test.each(SCREENS.flatMap((screen) => (['light', 'dark'] as const).map((scheme) => [screen, scheme] as const)))(
    'is accessible: %s %s',
    async (screen, colorScheme) => {
      const { page, close } = await open(screen, { colorScheme, height: 1600 });
      await page.waitForLoadState('networkidle');
      expect(await accessibilityFaults(page)).toEqual([]);
      await close();
    },
  );
});
