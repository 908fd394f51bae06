/** The main job without hardware: the training plant, polling, screens, a package for 1C. Everything runs on loopback addresses. */
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { errorShape } from '../../shared/api/errors.ts';
import { DEFAULT_SETTINGS } from '../../shared/api/settings.ts';
import { Site } from '../api/site.ts';
import { processIo } from '../cli/io.ts';
import { screensFolder } from '../cli/screens.ts';
import { startHeadless } from '../headless.ts';
import { parseImportFile } from '../import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../line/line-address.ts';
import { addDays, periodOf, siteZone } from '../metering/zone.ts';
import { createPackageDesk } from '../packages.ts';
import { every, systemClock } from '../platform/clock.ts';
import { createPinoLogger } from '../platform/logger-pino.ts';
import type { Logger } from '../platform/logger.ts';
import { createPoll } from '../poll.ts';
import { createPlant, type Plant } from '../simulator/plant.ts';
import { openStore, type Store } from '../store/store.ts';
import { compareWithTruth, completePoints, readPrinted, trueControlSum } from './truth-check.ts';

const DATA_FOLDER = 'demo-data';
const OUT_FOLDER = 'demo-out';
const TIME_ZONE = 'Europe/Moscow';
const PORT = 8442;

const USAGE = `npm run demo                     the training plant with the screens, until Ctrl+C
npm run demo -- --once           one full cycle with a check against the plant's truth
npm run demo -- --once --rough   the same with a dropped line, a dead meter and 1 % of damaged frames
  --port N   port of the screens (${PORT})    --wire on|off   time on the wire at 9600 (off)    --seed N   another plant`;

/** Exit code: 0 done and correct, 1 not. */
export async function demo(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const io = processIo(stop.signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        once: { type: 'boolean', default: false },
        rough: { type: 'boolean', default: false },
        port: { type: 'string', default: String(PORT) },
        wire: { type: 'string', default: 'off' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      io.log(USAGE);
      return 0;
    }
    const logger = createPinoLogger({ level: 'error' });
    for (const folder of [DATA_FOLDER, OUT_FOLDER]) rmSync(folder, { recursive: true, force: true });
    mkdirSync(OUT_FOLDER, { recursive: true });
    const plant = createPlant({ clock: systemClock, seed: Number(values.seed), hasWireTime: values.wire === 'on' });
    await plant.start();
    try {
      setUp(plant, logger);
      return values.once ? await once(plant, logger, values.rough, io) : await forEver(Number(values.port), logger, io);
    } finally {
      await plant.stop();
    }
  } catch (error) {
    io.out({ error: errorShape(error) });
    return 1;
  }
}

/** A data folder as an installer leaves it: the site's settings, the meters from the import file. */
function setUp(plant: Plant, logger: Logger): void {
  const store = openStore({ folder: DATA_FOLDER, clock: systemClock, logger });
  try {
    store.settings.save(
      {
        ...DEFAULT_SETTINGS,
        site: { name: 'Учебный завод «Полиграфмаш»', code: 'DEMO', inn: '7800000000', kpp: '780001001', timeZone: TIME_ZONE },
        onec: { ...DEFAULT_SETTINGS.onec, folder: resolve(OUT_FOLDER) },
      },
      'demo',
    );
    const offsetMin = siteZone(TIME_ZONE).offsetMinAt(Math.floor(systemClock.now() / 1000));
    const rows = parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin }, (text) =>
      formatLineAddress(parseLineAddress(text)),
    );
    store.plant.applyImport(rows, offsetMin, 'demo');
  } finally {
    store.close();
  }
}

interface DemoIo {
  log(text: string): void;
  readonly signal: AbortSignal;
}

async function forEver(port: number, logger: Logger, io: DemoIo): Promise<number> {
  const service = await startHeadless({ dataFolder: DATA_FOLDER, port, clock: systemClock, logger, screensFolder: screensFolder(io) });
  io.log(
    `\n  Фидер: учебный завод, 70 счётчиков Меркурий, 4 линии\n  Экраны:        ${service.openUrl}\n  Файлы для 1С:  ./${OUT_FOLDER}\n  Закончить:     Ctrl+C\n`,
  );
  if (!io.signal.aborted) await new Promise<void>((done) => io.signal.addEventListener('abort', () => done(), { once: true }));
  await service.stop();
  return 0;
}

async function once(plant: Plant, logger: Logger, isRough: boolean, io: DemoIo): Promise<number> {
  const store = openStore({ folder: DATA_FOLDER, clock: systemClock, logger });
  try {
    const startedAt = systemClock.monotonic();
    const nowUtc = Math.floor(systemClock.now() / 1000);
    const dead = isRough ? makeTrouble(plant) : null;
    const summary = await pollOnce(store, logger, io);
    const zone = siteZone(TIME_ZONE);
    const yesterday = addDays(zone.dateOf(nowUtc), -1);
    const day = periodOf(yesterday, yesterday, zone);
    const endedUtc = Math.floor((nowUtc - 10) / 1800) * 1800;
    const verdict = compareWithTruth(store, plant.truth, day.fromUtc, endedUtc);
    const site = new Site({ store, clock: systemClock, engine: () => null });
    const desk = createPackageDesk({ store, site, clock: systemClock, logger, onChanged: () => {} });
    const intervals = await desk.make({ kind: 'IV', from: yesterday, to: yesterday, format: 'csv' }, null);
    const readings = await desk.make({ kind: 'RD', from: yesterday, to: yesterday, format: 'csv' }, null);
    const printed = readPrinted(intervals);
    const withoutDriver = plant.truth.meters.length - verdict.meters;
    const sums = {
      truth: trueControlSum(plant.truth, day.fromUtc, day.toUtc),
      header: intervals.content?.controlSum ?? null,
    };

    const faults = summary.open.map(({ pointCode, reason }) => `${pointCode}: ${reason}`);
    io.log(
      [
        '',
        `Meters identified by serial      ${verdict.identified} of ${verdict.meters}${withoutDriver === 0 ? '' : `, ${withoutDriver} more have no driver in this version`}`,
        `Half-hours since ${yesterday}      ${verdict.equal} of ${verdict.expected} equal to the plant's truth, ${verdict.absent} absent, ${verdict.wrong} wrong`,
        `Package IV ${String(intervals.number).padStart(8, '0')}              ${intervals.content?.rows ?? 0} rows, ${intervals.content?.missingRows ?? 0} without a figure, control sum ${sums.header}, truth ${sums.truth}`,
        `Package RD ${String(readings.number).padStart(8, '0')}              ${readings.content?.rows ?? 0} rows`,
        `Files                            ./${OUT_FOLDER}`,
        `Exchanges                        ${summary.lines.map((line) => line.exchanges).join(' + ')}`,
        `Faults                           ${faults.length === 0 ? 'none' : [...new Set(faults)].join(', ')}`,
        `Time                             ${Math.round((systemClock.monotonic() - startedAt) / 100) / 10} s`,
        '',
      ].join('\n'),
    );
    const isFileTrue = sums.header === printed.sum && (isRough || sums.header === sums.truth);
    const complete = completePoints(plant.truth, day.fromUtc, day.toUtc);
    const isComplete = [...complete].every((code) => !printed.lacking.has(code));
    const isAllThere = verdict.absent === 0 && verdict.identified === verdict.meters && isComplete;
    const isRoughAsExpected = dead !== null && summary.open.every(({ pointCode }) => pointCode === dead) && summary.open.length > 0;
    const isGood = verdict.wrong === 0 && isFileTrue && intervals.state === 'delivered' && (isRough ? isRoughAsExpected : isAllThere);
    io.log(
      isGood ? 'The package is delivered and equal to the truth.' : 'The result is NOT what the plant really used: see the figures above.',
    );
    return isGood ? 0 : 1;
  } finally {
    store.close();
  }
}

/** One per cent of frames damaged, one meter dead, one line dropped for 20 s in the middle. Returns the point of the dead meter. */
function makeTrouble(plant: Plant): string {
  const victim = plant.truth.meters[5];
  const line = plant.lines[1];
  if (victim === undefined || line === undefined) throw new Error('the training plant has no sixth meter or no second line');
  plant.setFault({ kind: 'corrupt', rate: 0.01 });
  plant.setFault({ kind: 'dead-meter', serial: victim.serial });
  systemClock.after(2000, () => plant.setFault({ kind: 'drop-line', line: line.name, for_s: 20 }));
  return victim.pointCode;
}

async function pollOnce(store: Store, logger: Logger, io: DemoIo) {
  const poll = createPoll({ store, logger, depthDays: 2 });
  io.signal.addEventListener('abort', () => poll.stop(), { once: true });
  const endProgress = every(systemClock, 3000, () => {
    const { answering, meters, stored, openIntervals } = poll.progress();
    io.log(`${answering} of ${meters} meters answer, ${stored} half-hours stored, ${openIntervals} to go`);
  });
  try {
    return await poll.run();
  } finally {
    endProgress();
  }
}
