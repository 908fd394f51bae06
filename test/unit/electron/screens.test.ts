import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { screenPath, serveScreens } from '../../../src/main/electron/screens.ts';

describe("the screens' own scheme", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'feeder-screens-'));
    mkdirSync(join(folder, 'renderer/assets'), { recursive: true });
    mkdirSync(join(folder, 'renderer-other'));
    writeFileSync(join(folder, 'secret.json'), '{}');
    writeFileSync(join(folder, 'renderer-other/secret.json'), '{}');
    writeFileSync(join(folder, 'renderer/index.html'), '<title>Фидер</title>');
    writeFileSync(join(folder, 'renderer/assets/main.js'), 'export {};');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const get = (url: string) => serveScreens(join(folder, 'renderer'))({ url });

  it('serves the files of its folder with their kind and the strict headers', async () => {
    const page = await get('app://feeder/');
    expect(page.status).toBe(200);
    expect(await page.text()).toBe('<title>Фидер</title>');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const script = await get('app://feeder/assets/main.js?v=1#top');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  it.each([
    'app://feeder/../secret.json',
    'app://feeder/%2e%2e/secret.json',
    'app://feeder/..%2fsecret.json',
    'app://feeder/..%5csecret.json',
    'app://feeder/assets/..%2f..%2fsecret.json',
    'app://feeder/..%2frenderer-other/secret.json',
    'app://feeder/index.html%00.js',
    'app://feeder/%',
    'app://other/index.html',
    'file:///etc/passwd',
    'app://feeder/assets',
    'app://feeder/missing.js',
  ])('%s is not there', async (url) => {
    const response = await get(url);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  });

  it('never names a path outside of its folder', () => {
    expect(screenPath('/x/renderer', 'app://feeder/a/b.js')).toBe('/x/renderer/a/b.js');
    expect(screenPath('/x/renderer', 'app://feeder//etc/hosts.json')).toBe('/x/renderer/etc/hosts.json');
    expect(screenPath('/x/renderer', 'app://feeder/..%2frenderer2/b.js')).toBeNull();
  });
});
