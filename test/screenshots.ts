/**
 * Draws the screens for the documentation in a real browser in both themes: the demo in two sizes, and from scripted answers
 * what a plant does not show at once. `npm run screenshots`, or `npm run screenshots -- search line` for some of them.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { launchBrowser } from './support/browser.ts';
import { startScreenApi } from './support/screen-api.ts';
import { EXCHANGE_RECEIVERS, EXCHANGE_SCHEDULES } from './support/screen-exchange.ts';
import { DEFAULT_XML80020 } from '../src/shared/api/settings-80020.ts';
import type { Settings } from '../src/shared/api/settings.ts';
import { startTrainingService, type TrainingService } from './support/training-service.ts';

const OUT = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));
const SMALL = { width: 1280, height: 800 };
const LARGE = { width: 1920, height: 1080 };

interface Screen {
  readonly name: string;
  readonly open: (page: Page) => Promise<void>;
}

const at = (hash: string) => (page: Page) =>
  page.evaluate((next) => {
    window.location.hash = next;
  }, hash);

const OF_THE_DEMO: readonly Screen[] = [
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
  { name: 'setup', open: (page) => page.getByTestId('nav-setup').click() },
  {
    name: 'point',
    open: async (page) => {
      await page.getByTestId('nav-live').click();
      await page.getByTestId('table-live').getByRole('link').first().click();
    },
  },
];

/** Of the demo too, in one size. */
const MONTH_OF_THE_DEMO: readonly Screen[] = [
  { name: 'supplier', open: at('#/supplier') },
  {
    name: 'reports',
    open: async (page) => {
      await at('#/reports?report=integral-act')(page);
      await page.getByTestId('report-sheet').waitFor();
    },
  },
  { name: 'reports-balance', open: at('#/reports?tab=balance') },
  { name: 'reports-paper', open: at('#/reports?tab=paper') },
  {
    name: 'palette',
    open: async (page) => {
      await at('#/overview')(page);
      await page.keyboard.press('Control+k');
      await page.keyboard.type('замещ');
    },
  },
];

const SCRIPTED: readonly Screen[] = [
  { name: 'search', open: at('#/search/3') },
  { name: 'system', open: at('#/system') },
  { name: 'line', open: at('#/system/2') },
  { name: 'events', open: at('#/events') },
  { name: 'journal', open: at('#/events?tab=journal') },
  { name: 'history', open: at('#/points/1?tab=history&period=month') },
  { name: 'meter-settings', open: at('#/points/1?tab=settings') },
  {
    name: 'meter-inventory',
    open: async (page) => {
      await at('#/points/1?tab=inventory')(page);
      await page.getByRole('button', { name: /Энергия/ }).click();
      await page.getByTestId('read-group').click();
      await page.getByText('Счётчик не ответил вовремя').first().waitFor();
      await page.getByTestId('table-inventory').locator('.cell-button').first().click();
    },
  },
  {
    name: 'meter-writing',
    open: async (page) => {
      await at('#/points/1?tab=writing')(page);
      await page.getByTestId('write-plan').click();
      await page.getByTestId('write-confirmation').waitFor();
    },
  },
  { name: 'completeness', open: at('#/completeness') },
  {
    name: 'calendar',
    open: async (page) => {
      await at('#/packages')(page);
      await page.getByTestId('table-calendar').locator('[data-state="rejected"]').first().click();
    },
  },
  { name: 'packages-table', open: at('#/packages?tab=packages') },
  { name: 'package', open: at('#/packages/96') },
  {
    name: 'make-package',
    open: async (page) => {
      await at('#/packages?tab=make')(page);
      await page.getByTestId('table-differences').waitFor();
    },
  },
  { name: 'receivers', open: at('#/packages?tab=receivers') },
  {
    name: 'receiver',
    open: async (page) => {
      await at('#/packages?tab=receivers')(page);
      await page.getByTestId('receiver-edit-1c').click();
      await page.getByTestId('receiver-form').locator('summary').click();
    },
  },
  { name: 'schedules', open: at('#/packages?tab=schedules') },
  {
    name: 'schedule',
    open: async (page) => {
      await at('#/packages?tab=schedules')(page);
      await page.getByTestId('job-edit-daily-rd').click();
      await page.getByTestId('job-form').waitFor();
    },
  },
  {
    name: 'job-log',
    open: async (page) => {
      await at('#/packages')(page);
      await at('#/packages?tab=schedules')(page);
      await page.getByTestId('job-log-daily-iv').click();
      await page.getByTestId('table-job-log').waitFor();
    },
  },
  {
    name: 'closing',
    open: async (page) => {
      await at('#/closing')(page);
      await page.getByTestId('table-gaps').locator('thead input').check();
      await page.locator('.gap-chart canvas').waitFor();
    },
  },
  { name: 'supplier-settings', open: at('#/supplier?tab=settings') },
  { name: 'closing-readings', open: at('#/closing?tab=readings') },
  { name: 'closing-months', open: at('#/closing?tab=months') },
  { name: 'closing-rules', open: at('#/closing?tab=rules') },
  {
    name: 'installation',
    open: async (page) => {
      await at('#/points/1?tab=installation')(page);
      await page.getByTestId('change-serial').fill('47110352');
      await page.getByTestId('change-reason').fill('Акт № 17 от 21.11.2026');
      await page.getByTestId('change-check').click();
      await page.getByTestId('change-preview').waitFor();
    },
  },
  { name: 'training', open: at('#/training') },
];

const wanted = process.argv.slice(2);
const chosen = (screens: readonly Screen[]) => screens.filter(({ name }) => wanted.length === 0 || wanted.includes(name));

async function draw(browser: Browser, openUrl: string, screens: readonly Screen[], sizes: readonly (typeof SMALL)[]): Promise<void> {
  for (const { width, height } of sizes) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        locale: 'ru-RU',
        timezoneId: 'America/New_York',
      });
      const page = await context.newPage();
      await page.goto(openUrl);
      await page.getByTestId('nav-overview').waitFor();
      for (const screen of screens) {
        await screen.open(page);
        await page.waitForLoadState('networkidle');
        await page.locator('main h1').waitFor();
        await page.evaluate(() => document.fonts.ready);
        const suffix = colorScheme === 'light' ? '' : '-dark';
        await page.screenshot({ path: join(OUT, `${screen.name}-${width}${suffix}.png`), animations: 'disabled' });
      }
      await context.close();
    }
  }
}

async function drawDemo(browser: Browser): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-shots-'));
  const service = await startTrainingService({ folder, historyDays: 40, codedPoints: 6 });
  try {
    await service.untilComplete();
    const yesterday = moscowDay(1);
    for (const kind of ['IV', 'RD']) await service.call('packages.make', { kind, from: yesterday, to: yesterday });
    await handToSupplier(service);
    await draw(browser, service.openUrl, chosen(OF_THE_DEMO), [SMALL, LARGE]);
    await draw(browser, service.openUrl, chosen(MONTH_OF_THE_DEMO), [SMALL]);
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const PARTIES = {
  sender: { inn: '7800000000', name: 'АО «Полиграфмаш»' },
  area: { inn: '5600010901', name: 'Площадка 1' },
};

function moscowDay(daysAgo: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Moscow' }).format(Date.now() - daysAgo * 86_400_000);
}

/** The file of the supplier set up, and made for the week that is over. */
async function handToSupplier({ call, outFolder }: TrainingService): Promise<void> {
  const settings = (await call('settings.get')) as Settings;
  const { xml80020 } = settings;
  const delivery = { ...xml80020.delivery, folder: outFolder };
  await call('settings.set', { ...settings, xml80020: { ...xml80020, ...PARTIES, delivery } });
  for (let ago = 7; ago > 0; ago -= 1) await call('supplier.make', { day: moscowDay(ago) });
}

async function drawScripted(browser: Browser): Promise<void> {
  const api = await startScreenApi({
    now: Date.now,
    settings: {
      writes: { isEnabled: true },
      schedules: [...EXCHANGE_SCHEDULES],
      ...EXCHANGE_RECEIVERS,
      xml80020: {
        ...DEFAULT_XML80020,
        ...PARTIES,
        delivery: { ...DEFAULT_XML80020.delivery, folder: String.raw`\\server\energy\80020` },
      },
    },
  });
  try {
    await draw(browser, api.openUrl, chosen(SCRIPTED), [SMALL]);
  } finally {
    await api.stop();
  }
}

mkdirSync(OUT, { recursive: true });
const browser = await launchBrowser();
try {
  if (chosen([...OF_THE_DEMO, ...MONTH_OF_THE_DEMO]).length > 0) await drawDemo(browser);
  if (chosen(SCRIPTED).length > 0) await drawScripted(browser);
} finally {
  await browser.close();
}
