/** An installer's day over the real service: a line is searched, what was found is loaded, tested, judged and written to; then the training plant. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { startTrainingService, type TrainingService } from '../support/training-service.ts';

let browser: Browser;
let folder: string;
let service: TrainingService;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-e2e-installer-'));
  browser = await launchBrowser();
  service = await startTrainingService({ folder, isEmpty: true });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'ru-RU', bypassCSP: true });
  await context.grantPermissions(['clipboard-read']);
  page = await context.newPage();
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(service.openUrl);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The first meters of the first line, both password forms among them. */
function wanted() {
  const [line] = service.plant.lines;
  const meters = service.plant.truth.meters.filter((meter) => meter.line === line?.name).slice(0, 6);
  return { address: `tcp:127.0.0.1:${line?.port ?? 0}`, meters };
}

async function goTo(hash: string): Promise<void> {
  await page.evaluate((next) => {
    window.location.hash = next;
  }, hash);
  await page.locator('main h1').waitFor();
}

/** A page of the point of one of the meters, in the order in which they were loaded. */
async function openPoint(index: number, tab: string): Promise<void> {
  const serial = wanted().meters[index]?.serial;
  const points = (await service.call('live.list')) as { readonly points: readonly { pointId: number; meterSerial: string }[] };
  const point = points.points.find(({ meterSerial }) => meterSerial === serial);
  await goTo(`#/points/${point?.pointId ?? 0}?tab=${tab}`);
}

/** Import rows as they were copied, with what a person fills in: substation, name and ratios. */
function filledIn(rows: string): string {
  const [header = '', ...found] = rows.trim().split(/\r?\n/);
  const filled = found.map((row, index) => {
    const cells = row.split(';');
    cells.splice(0, 3, 'ТП-1', cells[1] ?? '', `Точка ${index + 1}`);
    cells.splice(9, 3, '1/1', '1/1', 'technical');
    return cells.join(';');
  });
  return [header, ...filled, ''].join('\r\n');
}

describe('an installer', { timeout: 60_000 }, () => {
  test('finds the meters of a line by their serials, loads them and tests the line', async () => {
    const { address, meters } = wanted();

    await page.getByTestId('nav-setup').click();
    await page.getByRole('link', { name: 'Поиск счётчиков' }).click();
    await page.getByTestId('search-line').fill(address);
    await page.getByLabel('Заводские номера').fill(meters.map(({ serial }) => serial).join('\n'));
    await page.getByText(`${meters.length} `, { exact: false }).first().waitFor();
    await page.locator('[data-testid=search-start]:enabled').click();
    await page.getByText('закончен', { exact: true }).waitFor();
    await page.getByRole('button', { name: `Скопировать ${meters.length} строк файла загрузки` }).click();
    const rows = await page.evaluate(() => navigator.clipboard.readText());
    for (const { serial } of meters) expect(rows).toContain(`;${serial};`);

    await goTo('#/setup');
    await page.locator('input[type=file]').setInputFiles({ name: 'found.csv', mimeType: 'text/csv', buffer: Buffer.from(filledIn(rows)) });
    await page.getByTestId('import-apply').click();
    await page.getByTestId('nav-live').click();
    await page.getByTestId('table-live').getByText(/\d,\d/).first().waitFor();

    await page.getByTestId('nav-system').click();
    await page.getByRole('link', { name: address }).first().click();
    await page.getByTestId('line-test').click();
    await page.getByText(`${meters.length * 100} обменов`, { exact: false }).waitFor({ timeout: 40_000 });
    expect(await page.getByTestId('table-line-test').getByText('хорошо', { exact: true }).count()).toBe(meters.length);
  });

  test('reads the settings of a meter and all that it tells of itself, in words', async () => {
    await openPoint(0, 'settings');
    await page.getByTestId('audit-now').click();
    await page.getByText('Период профиля', { exact: true }).waitFor();
    await page.getByText('30 мин', { exact: true }).waitFor();
    await page.getByText('Канал открывается заводским паролем', { exact: false }).waitFor();
    await openPoint(0, 'inventory');
    await page.getByTestId('read-group').click();
    const table = page.getByTestId('table-inventory');
    await table
      .getByText(`заводской номер ${wanted().meters[0]?.serial ?? ''}`, { exact: false })
      .first()
      .waitFor();
    await table.getByText('коэффициент', { exact: false }).first().waitFor();
  });

  test('writes to a meter only behind the door, after its serial was typed, and finds the write in its history', async () => {
    const [meter] = wanted().meters;
    const serial = meter?.serial ?? '';
    await openPoint(0, 'writing');
    await page.getByText('Запись в счётчики выключена', { exact: false }).waitFor();
    await page.getByRole('link', { name: 'Открыть настройку' }).click();
    await page.getByTestId('writes-switch').click();
    await page.getByTestId('writes-confirm').click();
    await page.getByText('включена', { exact: true }).waitFor();
    await openPoint(0, 'writing');
    await page.getByTestId('write-plan').click();
    // The exact bytes: the address of the meter, 03 0D, and the password hidden.
    const first = (meter?.address ?? 0).toString(16).toUpperCase().padStart(2, '0');
    await page.getByText(new RegExp(`^${first} 03 0D( [0-9A-F]{2}){5}$`)).waitFor();
    await page.getByText(/01 01( \*\*){6}/).waitFor();
    await page.getByTestId('write-confirmation').fill('00000000');
    expect(await page.getByTestId('write-perform').isDisabled()).toBe(true);
    await page.getByTestId('write-confirmation').fill(serial);
    await page.getByTestId('write-perform').click();
    await page.getByTestId('write-report').getByText('записано', { exact: true }).waitFor();
    await page.getByTestId('table-writes').getByText(serial).waitFor();
    expect(await service.call('writes.list', { offset: 0, limit: 10 })).toMatchObject({ rows: [{ meterSerial: serial, outcome: 'done' }] });
  });

  test('disconnects a load after the consequence was named, and cannot where there is no relay', async () => {
    // 'Станки с ЧПУ' of the training plant: a 234 D with a relay; the first of its line has none.
    const withRelay = 4;
    const meter = wanted().meters[withRelay];
    const chooseRelay = async (state: string) => {
      await page.getByLabel('Включение или отключение нагрузки', { exact: true }).first().click();
      await page.getByText(state, { exact: true }).first().click();
      await page.getByTestId('write-plan').click();
    };
    for (const [state, data] of [
      ['Отключить нагрузку', '01'],
      ['Включить нагрузку', '00'],
    ] as const) {
      await openPoint(withRelay, 'writing');
      await chooseRelay(state);
      const first = (meter?.address ?? 0).toString(16).toUpperCase().padStart(2, '0');
      await page.getByText(new RegExp(`^${first} 03 31 ${data}( [0-9A-F]{2}){2}$`)).waitFor();
      await page.getByTestId('write-confirmation').fill(meter?.serial ?? '');
      await page.getByTestId('write-perform').click();
      await page.getByTestId('write-report').getByText('записано', { exact: true }).waitFor();
      await goTo('#/overview');
    }
    await openPoint(0, 'writing');
    await chooseRelay('Отключить нагрузку');
    await page.getByText('Этот счётчик такой записи не умеет.', { exact: true }).waitFor();
    expect(await page.getByTestId('write-perform').isDisabled()).toBe(true);
    expect(await page.getByTestId('write-confirmation').count()).toBe(0);
  });

  test('pauses a thorough search, goes on with it and breaks it off; what was found stays', async () => {
    await goTo('#/search');
    await page.getByTestId('search-line').fill(`tcp:127.0.0.1:${service.plant.lines[1]?.port ?? 0}`);
    await page.getByText('Тщательно', { exact: false }).first().click();
    await page.locator('[data-testid=search-start]:enabled').click();
    await page.getByTestId('table-found').getByText('Меркурий', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: 'Приостановить' }).click();
    await page.getByText('приостановлен', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Продолжить' }).click();
    await page.getByText('идёт', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Прервать' }).click();
    await page.getByText('прерван', { exact: true }).waitFor();
    expect(await page.getByTestId('table-found').getByText('Меркурий', { exact: false }).count()).toBeGreaterThan(0);
  });

  test('stops the reading of a group; what was read stays', async () => {
    await openPoint(0, 'inventory');
    await page.getByRole('button', { name: /Энергия/ }).click();
    await page.getByTestId('read-group').click();
    await page.getByRole('button', { name: 'Прервать' }).dispatchEvent('click');
    await page.getByTestId('read-group').waitFor();
    await page.getByTestId('table-inventory').getByText('ещё не прочитано', { exact: true }).first().waitFor();
  });

  test('practises on the training plant, whose faults are named, and comes back to the site', async () => {
    await goTo('#/training');
    await page.getByTestId('training-start').click();
    await page.getByTestId('training-show').click();
    await page.getByTestId('training-banner').waitFor();
    await goTo('#/training');
    await page.getByPlaceholder('Выберите вид').click();
    await page.getByRole('option', { name: 'Линия оборвана' }).click();
    await page.getByPlaceholder('весь стенд').click();
    await page.getByRole('option', { name: 'ТП-2' }).click();
    await page.getByTestId('fault-set').click();
    const row = page.getByTestId('table-faults').getByRole('row', { name: /Линия оборвана/ });
    await row.waitFor();
    await page.getByTestId('nav-overview').click();
    await page.getByText('Канал связи не работает', { exact: true }).waitFor({ timeout: 40_000 });
    await goTo('#/training');
    await row.getByRole('button', { name: 'Снять' }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Вернуться к объекту' }).click();
    await page.getByTestId('training-banner').waitFor({ state: 'detached' });
    await page.getByTestId('nav-live').click();
    await page.getByTestId('table-live').getByText('Точка 1', { exact: true }).waitFor();
    expect(faults).toEqual([]);
  });
});
