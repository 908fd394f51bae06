/** The service in a real browser: the four screens, faults named on screen, the first import, accessibility. */
import { readdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityFaults } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { startTrainingService, type TrainingService } from '../support/training-service.ts';
import { tour } from './tour.ts';

let browser: Browser;
let folder: string;
let service: TrainingService;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-e2e-'));
  browser = await launchBrowser();
  service = await startTrainingService({ folder });
  await service.untilComplete();
}, 120_000);

afterAll(async () => {
  await browser.close();
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A page in another zone than the site's, to show that the site's zone is used; faults of the page are collected. */
async function open(address: string, height = 800): Promise<{ page: Page; faults: string[]; close(): Promise<void> }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height },
    locale: 'ru-RU',
    timezoneId: 'America/New_York',
    bypassCSP: true,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(address);
  return { page, faults, close: () => context.close() };
}

describe('the screens in a browser', { timeout: 120_000 }, () => {
  test('take an engineer from the overview to a package in the folder of 1C', async () => {
    const { page, faults, close } = await open(service.openUrl);
    await tour(page, { pointName: 'Станочный участок 1', points: 70 });
    expect(readdirSync(service.outFolder).filter((name) => name.endsWith('.ok')).length).toBeGreaterThan(0);
    expect(await page.getByTestId('error').count()).toBe(0);
    expect(faults).toEqual([]);
    await close();
  });

  test('need the token, which does not stay in the address', async () => {
    const { page, close } = await open(service.url);
    await page.getByTestId('token').waitFor();
    await close();
    const known = await open(service.openUrl);
    await known.page.getByTestId('nav-overview').waitFor();
    expect(known.page.url()).not.toContain('token');
    await known.close();
  });

  test('show the time of the site, not that of the browser', async () => {
    const { page, close } = await open(service.openUrl);
    const moscow = new Intl.DateTimeFormat('ru-RU', { timeZone: 'Europe/Moscow', hour: '2-digit', minute: '2-digit' });
    await page.getByText(/МСК \d\d:\d\d/).waitFor();
    const shown = /МСК (\d\d:\d\d)/.exec((await page.getByText(/МСК \d\d:\d\d/).textContent()) ?? '')?.[1] ?? '';
    const now = Date.now();
    expect([moscow.format(now), moscow.format(now - 60_000)]).toContain(shown);
    await close();
  });

  test.each(['overview', 'live', 'consumption', 'packages', 'system', 'setup'])('are accessible: %s', async (screen) => {
    // Tall enough to hold every screen whole: contrast cannot be judged where a text is scrolled away.
    const { page, close } = await open(service.openUrl, 3200);
    await page.getByTestId(`nav-${screen}`).click();
    await page.locator(`[data-testid=nav-${screen}][aria-current=page]`).waitFor();
    await page.locator('main h1').waitFor();
    await page.waitForLoadState('networkidle');
    expect(await accessibilityFaults(page)).toEqual([]);
    await close();
  });

  test('name a dropped line and a dead meter, and what to do about them', async () => {
    const { page, close } = await open(service.openUrl);
    const line = service.plant.lines[3];
    const victim = service.plant.truth.meters.find((meter) => meter.line === service.plant.lines[0]?.name);
    service.plant.setFault({ kind: 'drop-line', line: line?.name ?? '' });
    service.plant.setFault({ kind: 'dead-meter', serial: victim?.serial ?? '' });
    await page.getByTestId('nav-overview').click();
    await page.getByText('Канал связи не работает', { exact: false }).first().waitFor({ timeout: 40_000 });
    await page.getByText('не отвечает', { exact: false }).first().waitFor({ timeout: 60_000 });
    service.plant.clearFault({ kind: 'drop-line', line: line?.name ?? '' });
    service.plant.clearFault({ kind: 'dead-meter', serial: victim?.serial ?? '' });
    await page.getByText('Канал связи не работает', { exact: false }).first().waitFor({ state: 'detached', timeout: 60_000 });
    await close();
  });
});

describe('an empty data folder', { timeout: 120_000 }, () => {
  test('leads to the import, names the faults of a bad file, and takes a good one in', async () => {
    const own = mkdtempSync(join(tmpdir(), 'feeder-e2e-empty-'));
    const empty = await startTrainingService({ folder: own, isEmpty: true });
    const { page, close } = await open(empty.openUrl);
    try {
      await page.getByTestId('nav-setup').click();
      const file = (text: string) => ({ name: 'plant.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
      await page.locator('input[type=file]').setInputFiles(file(empty.plant.importFile().replace(';mercury-23x;', ';mercury-99;')));
      await page.getByTestId('import-faults').getByText('2').first().waitFor();
      await page.locator('input[type=file]').setInputFiles(file(empty.plant.importFile()));
      await page.getByTestId('import-apply').click();
      await page.getByTestId('nav-live').click();
      await page.getByTestId('table-live').getByText(/\d,\d/).first().waitFor({ timeout: 30_000 });
    } finally {
      await close();
      await empty.stop();
      rmSync(own, { recursive: true, force: true });
    }
  });
});
