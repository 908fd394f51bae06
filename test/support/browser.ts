import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright';

/** Debian's browser; playwright's own is not downloaded. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('No Chromium here. On Debian: apt-get install chromium');
  return chromium.launch({ executablePath, args: FLAGS });
}
