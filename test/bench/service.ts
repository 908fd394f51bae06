/** The whole product in a process of its own over loopback TCP, the gateways in another one: what polling costs, and how soon it is there after a start. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseImportFile } from '../../src/main/import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../src/main/line/line-address.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { openStore, openStoreReader } from '../../src/main/store/store.ts';
import type { SystemStatus } from '../../src/shared/api/methods.ts';
import { DEFAULT_SETTINGS } from '../../src/shared/api/settings.ts';
import { FEEDER_FLAGS, startFeeder } from '../support/feeder-process.ts';
import type { Figure } from './figure.ts';
import { yearStore } from './store.ts';

const POINTS = 2000;
const LINES = 64;
const DEPTH_DAYS = 2;
const MINUTE_MS = 60_000;
const MINUTES = 3;
/** First contact with 32 meters of a line takes minutes on its wire. */
const LONGEST_START_MS = 20 * MINUTE_MS;
const LOOK_EVERY_MS = 5000;
const BARE_EXCHANGES = 20_000;
const REQUEST = new Uint8Array(10);
const STARTS = 5;
const FRESH_EVERY_MS = 10;
const LONGEST_FRESH_MS = 60_000;

interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

const child = (file: string, args: readonly string[], execArgv: readonly string[] = []) =>
  fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: [...execArgv] });

function message<T>(from: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`A process of the bench ended with ${code}`));
    from.once('exit', ended);
    from.once('message', (value) => {
      from.off('exit', ended);
      resolve(value as T);
    });
  });
}

async function end(one: ChildProcess): Promise<void> {
  if (one.exitCode !== null || one.signalCode !== null) return;
  const ended = new Promise((resolve) => one.once('exit', resolve));
  if (one.connected) one.disconnect();
  await ended;
}

async function usageOf(service: ChildProcess): Promise<Usage> {
  const answer = message<Usage>(service);
  service.send('usage');
  return answer;
}

/** Points, meters and lines of the gateways come to be those of the data folder. */
function importInto(folder: string, file: string): void {
  mkdirSync(folder, { recursive: true });
  const store = openStore({ folder, clock: systemClock, logger: silentLogger });
  const rows = parseImportFile(readFileSync(file), { offsetMin: 180 }, (text) => formatLineAddress(parseLineAddress(text)));
  const { site } = DEFAULT_SETTINGS;
  store.settings.save({ ...DEFAULT_SETTINGS, site: { ...site, timeZone: 'Europe/Moscow' } }, 'bench');
  store.plant.applyImport(rows, 180, 'bench');
  store.close();
}

async function call<T>(openUrl: string, method: string): Promise<T> {
  const [url = '', token = ''] = openUrl.split('/#token=');
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/api/call/${method}`, { method: 'POST', headers, body: '{}' });
  const outcome = (await response.json()) as { readonly ok: boolean; readonly data: T };
  if (!outcome.ok) throw new Error(`${method}: ${JSON.stringify(outcome)}`);
  return outcome.data;
}

/** CPU of requests and replies of the same size on as many sockets with nothing around them, milliseconds for one. */
async function bareExchangeMs(port: number): Promise<number> {
  const sockets = await Promise.all(
    Array.from(
      { length: LINES },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
          socket.once('error', reject);
        }),
    ),
  );
  const before = process.cpuUsage();
  const exchanges = async (socket: Socket) => {
    for (let done = 0; done < BARE_EXCHANGES / LINES; done += 1) {
      const answered = new Promise((resolve) => socket.once('data', resolve));
      socket.write(REQUEST);
      await answered;
    }
    socket.destroy();
  };
  await Promise.all(sockets.map(exchanges));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / BARE_EXCHANGES;
}

const exchangesOf = ({ lines }: SystemStatus) => lines.reduce((sum, { exchanges }) => sum + exchanges, 0);

/** Resolves when first contact is over and yesterday is complete: what goes on from here is the live cadence. */
async function untilSteady(openUrl: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < LONGEST_START_MS; waitedMs += LOOK_EVERY_MS) {
    await systemClock.sleep(LOOK_EVERY_MS);
    const { completenessYesterday } = await call<SystemStatus>(openUrl, 'system.status');
    const { expected, received } = completenessYesterday;
    if (expected > 0 && received === expected) return;
  }
  throw new Error('The service has not read everything in time');
}

/** 2,000 points on 64 lines at 9600, each read every 15 s: the cheapest of some steady minutes, for a neighbour on the machine only adds. */
export async function loadFigures(folder: string): Promise<Figure[]> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'points.csv');
  const gateways = child('gateways.child.ts', [file, String(POINTS), String(LINES)]);
  try {
    const barePort = await message<number>(gateways);
    const bareMs = await bareExchangeMs(barePort);
    importInto(join(folder, 'data'), file);
    const service = child('service.child.ts', [join(folder, 'data'), String(DEPTH_DAYS)], FEEDER_FLAGS);
    try {
      const openUrl = await message<string>(service);
      await untilSteady(openUrl);
      const minutes: { readonly share: number; readonly bareShare: number; readonly perSecond: number; readonly rssMb: number }[] = [];
      for (let minute = 0; minute < MINUTES; minute += 1) {
        const [before, exchangesBefore] = [await usageOf(service), exchangesOf(await call<SystemStatus>(openUrl, 'system.status'))];
        const startMs = performance.now();
        await systemClock.sleep(MINUTE_MS);
        const [after, exchangesAfter] = [await usageOf(service), exchangesOf(await call<SystemStatus>(openUrl, 'system.status'))];
        const elapsedMs = performance.now() - startMs;
        const exchanges = exchangesAfter - exchangesBefore;
        minutes.push({
          share: (after.cpuMs - before.cpuMs) / elapsedMs,
          bareShare: (exchanges * bareMs) / elapsedMs,
          perSecond: (exchanges / elapsedMs) * 1000,
          rssMb: after.rssBytes / 2 ** 20,
        });
      }
      const best = minutes.reduce((least, one) => (one.share < least.share ? one : least));
      const name = `${POINTS} points on ${LINES} TCP lines`;
      return [
        {
          name: `${name}: CPU`,
          value: best.share * 100,
          unit: '% of one core',
          limit: `${(best.bareShare * 100).toFixed(1)} %: bare sockets, the same ${best.perSecond.toFixed(0)} exchanges/s`,
          goal: '<= 25',
        },
        {
          name: `${name}: memory`,
          value: Math.max(...minutes.map(({ rssMb }) => rssMb)),
          unit: 'MB resident',
          limit: 'each point read every 15 s',
          goal: '<= 300',
        },
      ];
    } finally {
      await end(service);
    }
  } finally {
    await end(gateways);
  }
}

/** From the start of the process to the moment at which the API shows a fresh value and the database holds one, milliseconds. */
async function freshMs(folder: string): Promise<number> {
  const startedUtc = Math.floor(Date.now() / 1000);
  const startMs = performance.now();
  const running = startFeeder(['run', '--data', folder, '--port', '0']);
  try {
    const { url, tokenFile } = (await running.ready) as { readonly url: string; readonly tokenFile: string };
    const openUrl = `${url}/#token=${readFileSync(tokenFile, 'utf8').trim()}`;
    const reader = openStoreReader({ folder });
    try {
      const isFresh = (at: string | null) => at !== null && Date.parse(at) / 1000 >= startedUtc;
      let isShown = false;
      while (performance.now() - startMs < LONGEST_FRESH_MS) {
        isShown ||= (await call<{ readonly points: { readonly at: string | null }[] }>(openUrl, 'live.list')).points.some(({ at }) =>
          isFresh(at),
        );
        if (isShown && [...reader.samples.lastAll().values()].some(({ atUtc }) => atUtc >= startedUtc)) return performance.now() - startMs;
        await systemClock.sleep(FRESH_EVERY_MS);
      }
      throw new Error('No fresh value came');
    } finally {
      reader.close();
    }
  } finally {
    await running.end();
  }
}

/** A year of the training plant is in the folder. The first start learns the meters; then some starts, the best of which counts. */
export async function startFigure(folder: string): Promise<Figure> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'points.csv');
  const gateways = child('gateways.child.ts', [file]);
  try {
    await message<number>(gateways);
    const data = join(folder, 'data');
    (await yearStore(data, readFileSync(file, 'utf8'), Math.floor(Date.now() / 1_800_000) * 1800)).close();
    await freshMs(data);
    const times: number[] = [];
    for (let start = 0; start < STARTS; start += 1) times.push(await freshMs(data));
    return {
      name: 'start to first fresh value',
      value: Math.min(...times) / 1000,
      unit: 's',
      limit: `best of ${STARTS}, slowest ${(Math.max(...times) / 1000).toFixed(1)} s; a year of 70 points`,
      goal: '<= 3',
    };
  } finally {
    await end(gateways);
  }
}
