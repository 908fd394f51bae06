/** Gaps, readings and the closing of a month in a real browser, over scripted answers. */
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityFaults } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { type ScreenApi, startScreenApi } from '../support/screen-api.ts';

const TABS = ['#/closing', '#/closing?tab=readings', '#/closing?tab=months', '#/closing?tab=rules'];

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

async function open(hash: string, colorScheme: 'light' | 'dark' = 'light', height = 900) {
  const context = await browser.newContext({ viewport: { width: 1280, height }, colorScheme, locale: 'ru-RU', bypassCSP: true });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  const goTo = async (next: string) => {
    await page.evaluate((target) => {
      window.location.hash = target;
    }, next);
    await page.waitForLoadState('networkidle');
    await page.locator('main section').first().waitFor();
  };
  await page.goto(api.openUrl);
  await page.getByTestId('nav-overview').waitFor();
  await goTo(hash);
  return { page, faults, goTo, close: () => context.close() };
}

describe('replacement and closing in a browser', { timeout: 60_000 }, () => {
  test.each(['light', 'dark'] as const)('is accessible and complains of nothing: %s', async (colorScheme) => {
    const { page, faults, goTo, close } = await open(TABS[0] ?? '', colorScheme, 4000);
    for (const hash of TABS) {
      await goTo(hash);
      expect([hash, await accessibilityFaults(page)]).toEqual([hash, []]);
    }
    expect(faults).toEqual([]);
    await close();
  });

  test('gaps are ticked, approved with an author and a reason, and one is taken back', async () => {
    const { page, faults, close } = await open('#/closing');
    const gaps = page.getByTestId('table-gaps');
    await gaps.getByText('Освещение цеха 3').waitFor();
    await page.getByTestId('why-not').getByText('по балансу шин: у источника самого нет достоверных данных').waitFor();
    // One has no proposal: it cannot be ticked.
    expect(await gaps.locator('tbody input:disabled').count()).toBe(1);
    await gaps.locator('thead input').check();
    await page.getByText('Выбрано 3 промежутка', { exact: false }).waitFor();
    await page.getByTestId('approve').click();
    expect(await page.getByTestId('decide').isDisabled()).toBe(true);
    await page.getByTestId('decide-author').fill('Иванов И. И.');
    await page.getByTestId('decide-reason').fill('Акт № 12');
    await page.getByTestId('decide').click();
    const decisions = page.getByTestId('table-decisions');
    await expect.poll(() => decisions.locator('tbody tr').count()).toBe(3);
    await expect.poll(() => gaps.locator('tbody input').count()).toBe(1);
    await page.getByTestId('withdraw').first().click();
    await page.getByTestId('decide-reason').fill('ошибка в акте');
    await page.getByTestId('decide').click();
    await decisions.getByText('Иванов И. И.: ошибка в акте', { exact: false }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  test('a reading that runs backwards is not recorded, an unusual one is after a word', async () => {
    const { page, faults, close } = await open('#/closing?tab=readings');
    await page.getByTestId('reading-point').click();
    await page.getByRole('option').nth(5).click();
    await page.getByTestId('reading-value').fill('2 100,5');
    await page.getByTestId('decide-author').fill('Петров П. П.');
    await page.getByTestId('reading-reason').fill('обход');
    await page.getByTestId('reading-check').click();
    await page.getByText('Показание меньше предыдущего', { exact: false }).waitFor();
    expect(await page.getByTestId('reading-save').isDisabled()).toBe(true);
    await page.getByTestId('reading-value').fill('2 400,5');
    await page.getByTestId('reading-check').click();
    await page.getByText('Расход заметно отличается', { exact: false }).waitFor();
    expect(await page.getByTestId('reading-save').isDisabled()).toBe(true);
    await page.getByTestId('reading-confirm').check();
    await page.getByTestId('reading-save').click();
    await page.getByTestId('table-readings').getByText('Петров П. П.').waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  test('a month is closed by whoever has seen what is open, and opened again with a reason', async () => {
    const { page, faults, close } = await open('#/closing?tab=months');
    await page.getByTestId('month-close').click();
    await page.getByTestId('decide-author').fill('Иванов И. И.');
    await page.getByTestId('decide-reason').fill('Отчёт сдан');
    expect(await page.getByTestId('decide').isDisabled()).toBe(true);
    await page.getByTestId('month-confirm').check();
    await page.getByTestId('decide').click();
    await expect.poll(() => page.getByTestId('month-state').textContent()).toBe('Закрыт');
    await page.getByText('После закрытия изменились 4 получаса', { exact: false }).waitFor();
    await page.getByTestId('month-open').click();
    await page.getByTestId('decide-reason').fill('пришли данные');
    await page.getByTestId('decide').click();
    await expect.poll(() => page.getByTestId('month-state').textContent()).toBe('Открыт');
    await page.getByText('открыл Иванов И. И.', { exact: false }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });
});
