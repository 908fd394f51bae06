/** Search, line test, the meter's own pages, events and the training plant in a real browser, over scripted answers. */
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityFaults } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { type ScreenApi, startScreenApi } from '../support/screen-api.ts';

const SCREENS = [
  '#/search',
  '#/search/1',
  '#/search/3',
  '#/system',
  '#/system/1',
  '#/system/2',
  '#/events',
  '#/events?tab=journal',
  '#/points/1',
  '#/points/1?tab=history&period=month',
  '#/points/1?tab=events',
  '#/points/1?tab=installation',
  '#/points/1?tab=settings',
  '#/points/1?tab=inventory',
  '#/points/1?tab=writing',
  '#/training',
  '#/setup',
];

let browser: Browser;
let api: ScreenApi;

beforeAll(async () => {
  browser = await launchBrowser();
  api = await startScreenApi({ now: Date.now });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await api.stop();
});

/** A page at an address; what it complained of is collected. */
async function open(hash: string, options: { readonly colorScheme?: 'light' | 'dark'; readonly height?: number } = {}) {
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
  await page.getByTestId('nav-overview').waitFor();
  await goTo(page, hash);
  return { page, faults, close: () => context.close() };
}

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((next) => {
    window.location.hash = next;
  }, hash);
  await page.waitForLoadState('networkidle');
  await page.locator('main h1').waitFor();
}

describe('the screens of meters in a browser', { timeout: 60_000 }, () => {
  test.each(['light', 'dark'] as const)('are accessible and complain of nothing: %s', async (colorScheme) => {
    // Tall enough to hold every screen whole: contrast cannot be judged where a text is scrolled away.
    const { page, faults, close } = await open('#/search', { colorScheme, height: 6400 });
    for (const hash of SCREENS) {
      await goTo(page, hash);
      await page.locator('main .link-tabs, main .figures, main section').first().waitFor();
      expect([hash, await accessibilityFaults(page)]).toEqual([hash, []]);
    }
    expect(faults).toEqual([]);
    await close();
  });

  test('a search shows its plan before it starts, then what it finds', async () => {
    const { page, close } = await open('#/system/2');
    await page.getByRole('link', { name: 'Искать счётчики' }).click();
    expect(await page.getByTestId('search-line').inputValue()).toBe('serial:COM4:9600-8N1');
    await page.getByText('Не более 240 запросов', { exact: false }).waitFor();
    await page.getByTestId('search-start').click();
    await page.getByText('На одном адресе несколько счётчиков', { exact: false }).waitFor();
    const before = await page.getByTestId('table-search-log').getAttribute('aria-rowcount');
    api.step();
    await expect.poll(() => page.getByTestId('table-search-log').getAttribute('aria-rowcount')).toBe(String(Number(before) + 1));
    await page.getByRole('button', { name: 'Скопировать 8 строк файла загрузки' }).click();
    await page.getByRole('button', { name: 'Скопировано' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.split(/\r?\n/)).toHaveLength(10);
    expect(copied).toContain('M31589735;;serial:COM4:9600-8N1;mercury-23x;42;31589735;');
    await page.getByRole('button', { name: 'Приостановить' }).click();
    await page.getByRole('button', { name: 'Продолжить' }).click();
    await page.getByRole('button', { name: 'Приостановить' }).waitFor();
    await close();
  });

  test('a meter in quarantine fills the replacement in, or is rejected with a reason', async () => {
    const { page, faults, close } = await open('#/points/1?tab=installation');
    await page.getByText('Отвечает другой счётчик 47110352', { exact: false }).waitFor();
    await page.getByText('прочитано 59 интервалов', { exact: false }).waitFor();
    await page.getByTestId('stranger-replaces').click();
    expect(await page.getByTestId('change-serial').inputValue()).toBe('47110352');
    await page.getByTestId('change-reason').fill('Акт 17');
    await page.getByTestId('change-check').click();
    await page.getByTestId('change-preview').waitFor();
    await page.getByTestId('stranger-reject').click();
    expect(await page.getByTestId('stranger-reject-perform').isDisabled()).toBe(true);
    await page.getByTestId('stranger-reason').fill('проверка переносным счётчиком');
    await page.getByTestId('stranger-reject-perform').click();
    await page.getByTestId('stranger').waitFor({ state: 'hidden' });
    expect(faults).toEqual([]);
    await close();
  });

  test('writing is shut until its door is opened, and asks for the serial and the document', async () => {
    const { page, close } = await open('#/points/1?tab=writing');
    await page.getByText('Запись в счётчики выключена', { exact: false }).waitFor();
    expect(await page.getByTestId('write-plan').count()).toBe(0);
    await page.getByRole('link', { name: 'Открыть настройку' }).click();
    await page.getByTestId('writes-switch').click();
    await page.getByTestId('writes-confirm').click();
    await page.getByText('включена', { exact: true }).waitFor();
    await goTo(page, '#/points/1?tab=writing');
    await page.getByTestId('write-plan').click();
    await page.getByText('15 03 0D 14 30 05 A1 77').waitFor();
    const write = page.getByTestId('write-perform');
    await page.getByTestId('write-confirmation').fill('31589701');
    await page.getByTestId('write-reason').fill('Акт 15 от 21.11.2026');
    expect(await write.isDisabled()).toBe(true);
    await page.getByTestId('write-confirmation').fill('31589700');
    await page.getByTestId('write-reason').fill('');
    expect(await write.isDisabled()).toBe(true);
    await page.getByTestId('write-reason').fill('Акт 15 от 21.11.2026');
    await write.click();
    await page.getByTestId('write-report').waitFor();
    await close();
  });

  test('a group of the inventory is read item by item, and a silent item says so', async () => {
    const { page, close } = await open('#/points/1?tab=inventory');
    await page.getByRole('button', { name: /Энергия/ }).click();
    await page.getByTestId('read-group').click();
    await page.getByText('Счётчик не ответил вовремя').first().waitFor();
    await page.getByTestId('table-inventory').locator('.cell-button').first().click();
    await page.getByTitle('energy.A+.sum', { exact: true }).waitFor();
    await close();
  });

  test('a day that its registers do not confirm stands among what is wrong, with its cause and the way to its meter', async () => {
    const { page, close } = await open('#/events');
    const row = page.getByTestId('table-mismatches').getByRole('row', { name: /Ввод 2/ });
    await row.getByText('похоже, профиль сдвинут на интервал').waitFor();
    await page.getByText('Каналы', { exact: true }).click();
    await page.getByTestId('table-mismatches').waitFor({ state: 'detached' });
    await page.getByText('Всё', { exact: true }).click();
    await row.getByRole('link').last().click();
    await page.getByTestId('outlook').waitFor();
    await close();
  });

  test('a fault is put in force on the training plant and ended', async () => {
    const { page, close } = await open('#/training');
    await page.getByPlaceholder('Выберите вид').click();
    await page.getByRole('option', { name: 'Линия оборвана' }).click();
    await page.getByTestId('fault-set').click();
    const row = page.getByTestId('table-faults').getByRole('row', { name: /Линия оборвана/ });
    await row.getByRole('button', { name: 'Снять' }).click();
    await row.waitFor({ state: 'detached' });
    await close();
  });

  test('the training plant is named on every screen while it is looked at', async () => {
    const { page, close } = await open('#/training');
    expect(await page.getByTestId('training-banner').count()).toBe(0);
    await page.getByTestId('training-show').click();
    await page.getByTestId('training-banner').waitFor();
    await page.getByRole('button', { name: 'Вернуться к объекту' }).click();
    await page.getByTestId('training-banner').waitFor({ state: 'detached' });
    await close();
  });
});
