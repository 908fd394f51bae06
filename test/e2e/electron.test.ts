import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../../src/shared/api/dispatch.ts';
import type { FeederBridge } from '../../src/main/electron/bridge.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { createPlant } from '../../src/main/simulator/plant.ts';
import { tour } from './tour.ts';
import { startShell } from '../support/electron-double/shell.ts';
import type { Shell } from '../support/electron-double/shell.ts';
import { intervalsOfYesterday } from '../support/training-service.ts';

/** What the preload gives the page. */
interface Screens {
  readonly feeder: FeederBridge;
}

/** What goes wrong in a page from now on: exceptions, refusals by the content policy, files that are not there. */
function faultsOf(page: Page): string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  return faults;
}

/** The built bundles in a process of their own: real preload, real main, Chromium in the place of the window. */
describe('the desktop product', { timeout: 150_000 }, () => {
  let folder: string;
  let shell: Shell;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'feeder-shell-'));
    shell = startShell({ dataFolder: folder });
  });
  afterEach(async () => {
    await shell.dispose();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  const call = (page: Page, name: string, params: unknown): Promise<Outcome<unknown>> =>
    page.evaluate(([method, given]) => (globalThis as unknown as Screens).feeder.call(method, given), [name, params] as const);

  it('opens its window with the screens, which reach the engine through the preload', async () => {
    const page = await shell.page();
    const faults = faultsOf(page);
    await page.reload();
    await page.getByText('Фидер').first().waitFor();

    expect(await page.evaluate(() => Object.keys((globalThis as unknown as Screens).feeder))).toEqual(['call', 'subscribe']);
    expect(await call(page, 'system.status', {})).toMatchObject({ ok: true, data: { isPolling: true, points: 0 } });
    expect(await call(page, 'points.get', { pointId: 'one' })).toMatchObject({ ok: false, error: { code: 'api/invalid-argument' } });
    expect(faults).toEqual([]);

    const { windows } = await shell.state();
    expect(windows).toMatchObject([
      {
        title: 'Фидер',
        isVisible: true,
        webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false },
      },
    ]);
  });

  it('takes a plant in from a file through the screens and shows what its meters say', async () => {
    const plant = createPlant({ clock: systemClock, historyDays: 3, hasWireTime: false, latencyMs: [0, 2] });
    await plant.start();
    try {
      const page = await shell.page();
      const faults = faultsOf(page);
      await page.getByTestId('nav-setup').click();
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'plant.csv', mimeType: 'text/csv', buffer: Buffer.from(plant.importFile()) });
      await page.getByTestId('import-apply').click();

      const meters = plant.lines.reduce((sum, line) => sum + line.meters, 0);
      await vi.waitFor(async () => expect((await shell.state()).trays[0]?.toolTip).toContain(`точек учёта: ${meters}`), {
        timeout: 20_000,
      });
      const settings = (await call(page, 'settings.get', {})) as { data: { onec: object } };
      const onec = { ...settings.data.onec, folder };
      expect(await call(page, 'settings.set', { ...settings.data, onec })).toMatchObject({ ok: true });
      await vi.waitFor(
        async () => {
          const status = (await call(page, 'system.status', {})) as {
            data: { completenessYesterday: { expected: number; received: number } };
          };
          expect(status.data.completenessYesterday.received).toBe(intervalsOfYesterday(plant));
        },
        { timeout: 60_000, interval: 500 },
      );
      await tour(page, { pointName: 'Станочный участок 1', points: meters });
      expect(readdirSync(folder).filter((name) => name.endsWith('.ok'))).toHaveLength(1);
      expect(await page.getByTestId('error').count()).toBe(0);
      expect(faults).toEqual([]);
    } finally {
      await plant.stop();
    }
  });

  it('grants a page nothing: no navigation, no window, no permission, no foreign script, no foreign address', async () => {
    const page = await shell.page();
    const address = page.url();
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = 'https://evil.example/';
      document.body.append(link);
      link.click();
      window.open('https://evil.example/');
    });
    await vi.waitFor(async () => expect(await shell.state()).toMatchObject({ deniedNavigations: 1, deniedWindows: 1 }), {
      timeout: 10_000,
    });
    expect(page.url()).toBe(address);

    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.hasRun = true';
      document.head.append(script);
      return 'hasRun' in window;
    });
    expect(ran).toBe(false);
    const fetched = await page.evaluate(() =>
      fetch('https://evil.example/').then(
        () => true,
        () => false,
      ),
    );
    expect(fetched).toBe(false);
    expect((await shell.state()).permissions).toEqual({ request: false, check: false, device: false });
  });

  it('polls on in the tray when its window is closed, and ends only when a person is sure', async () => {
    await shell.page();
    await shell.closeWindows();
    expect((await shell.state()).windows).toMatchObject([{ isVisible: false }]);
    expect((await shell.state()).trays).toMatchObject([
      { menu: expect.arrayContaining(['Открыть Фидер', 'Завершить работу…']) as string[] },
    ]);

    await shell.clickTray('Открыть Фидер');
    expect((await shell.state()).windows).toMatchObject([{ isVisible: true }]);
    await shell.closeWindows();
    await shell.secondInstance();
    expect((await shell.state()).windows).toMatchObject([{ isVisible: true }]);

    await shell.clickTray('Завершить работу…');
    await vi.waitFor(async () => expect((await shell.state()).boxes).toHaveLength(1));
    expect((await shell.state()).boxes[0]?.detail).toContain('Опрос счётчиков остановится');
    expect((await shell.state()).windows).toHaveLength(1);

    await shell.answerNext(1);
    await shell.clickTray('Завершить работу…');
    expect(await shell.exited, shell.output()).toBe(0);

    // The data folder is free again.
    shell = startShell({ dataFolder: folder, args: ['--hidden'] });
    await vi.waitFor(async () => expect((await shell.state()).trays).toHaveLength(1), { timeout: 20_000 });
    expect((await shell.state()).windows).toEqual([]);
  });

  it('says why it does not start when another Feeder holds the data folder', async () => {
    await shell.page();
    const second = startShell({ dataFolder: folder, env: { ELECTRON_DOUBLE_USER_DATA: join(folder, 'profile-2') } });
    try {
      expect(await second.exited).toBe(1);
      expect(second.output()).toContain('Фидер не запустился');
      expect(second.output()).toContain('store/in-use');
    } finally {
      await second.dispose();
    }
  });

  it('has passwords sealed by the operating system: neither a file nor the log holds them', async () => {
    const page = await shell.page();
    const file = [
      'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio',
      'ТП-1;P-1;Ввод 1;tcp:127.0.0.1:9;mercury-23x;1;12345678;ascii:654321;1;600/5;1',
    ].join('\n');
    const outcome = await call(page, 'import.apply', { fileBase64: Buffer.from(file).toString('base64') });
    expect(outcome).toMatchObject({ ok: true, data: { added: 1 } });
    expect(await call(page, 'points.tree', {})).toMatchObject({ ok: true, data: [{ name: 'ТП-1', points: [{ code: 'P-1' }] }] });
    await shell.quit();
    expect(await shell.exited, shell.output()).toBe(0);
    const files = readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const stored = Buffer.concat(files.map((entry) => readFileSync(join(entry.parentPath, entry.name))));
    // The double's mark of what it was given to seal; the key file belongs to the service without a window.
    expect(stored.includes('not sealed:')).toBe(true);
    expect(stored.includes('654321')).toBe(false);
    expect(files.map((entry) => entry.name)).not.toContain('secrets.key');
  });

  it('ends with a message when the data folder cannot be made', async () => {
    await shell.dispose();
    writeFileSync(join(folder, 'blocked'), '');
    shell = startShell({ dataFolder: folder, env: { FEEDER_DATA: join(folder, 'blocked/data') } });
    expect(await shell.exited).toBe(1);
    expect(shell.output()).toContain('Фидер не запустился');
  });
});
