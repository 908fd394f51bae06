/** Draws the screens for the documentation: the demo in a real browser, two sizes, both themes. `npm run screenshots`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import { startTrainingService } from './support/training-service.ts';
import { launchBrowser } from './support/browser.ts';

const OUT = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

const SCREENS: readonly { readonly name: string; readonly open: (page: Page) => Promise<void> }[] = [
  { name: 'overview', open: (page) => page.getByTestId('nav-overview').click() },
  { name: 'live', open: (page) => page.getByTestId('nav-live').click() },
  {
    name: 'consumption',
    open: async (page) => {
      await page.getByTestId('nav-consumption').click();
      const tree = page.locator('aside.tree');
      if ((await tree.locator('input[type=checkbox]:checked').count()) === 0) {
        for (const name of ['Станочный участок 1', 'Станки с ЧПУ']) await tree.getByText(name, { exact: true }).first().click();
        await page.getByRole('button', { name: 'Раньше' }).first().click();
      }
      await page.getByTestId('table-consumption').getByText('00:00–00:30').first().waitFor();
    },
  },
  { name: 'packages', open: (page) => page.getByTestId('nav-packages').click() },
  { name: 'system', open: (page) => page.getByTestId('nav-system').click() },
  { name: 'setup', open: (page) => page.getByTestId('nav-setup').click() },
  {
    name: 'point',
    open: async (page) => {
      await page.getByTestId('nav-live').click();
      await page.getByTestId('table-live').getByRole('link').first().click();
    },
  },
];

const folder = mkdtempSync(join(tmpdir(), 'feeder-shots-'));
mkdirSync(OUT, { recursive: true });
const service = await startTrainingService({ folder, historyDays: 40 });
const browser = await launchBrowser();
try {
  await service.untilComplete();
  const yesterday = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Moscow' }).format(Date.now() - 86_400_000);
  for (const kind of ['IV', 'RD']) await service.call('packages.make', { kind, from: yesterday, to: yesterday });
  for (const { width, height } of SIZES) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        locale: 'ru-RU',
        timezoneId: 'America/New_York',
      });
      const page = await context.newPage();
      await page.goto(service.openUrl);
      for (const screen of SCREENS) {
        await screen.open(page);
        await page.waitForLoadState('networkidle');
        await page.evaluate(() => document.fonts.ready);
        const suffix = colorScheme === 'light' ? '' : '-dark';
        await page.screenshot({ path: join(OUT, `${screen.name}-${width}${suffix}.png`), animations: 'disabled' });
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
}
