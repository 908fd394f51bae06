/** Every fault of the training plant, each on a line of its own, in simulated time: what is wrong has its name, and nothing else has one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findingsList } from '../../src/main/api/findings-list.ts';
import { Site } from '../../src/main/api/site.ts';
import { storedTroubles } from '../../src/main/api/stored-troubles.ts';
import { type App, createApp } from '../../src/main/app.ts';
import { CONTINUOUS_PLAN } from '../../src/main/engine/work.ts';
import { parseImportFile } from '../../src/main/import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../src/main/line/line-address.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import type { Fault } from '../../src/main/simulator/faults.ts';
import type { PointRow, SubstationRow } from '../../src/main/simulator/layout.ts';
import { createPlant, type Plant } from '../../src/main/simulator/plant.ts';
import { openStore, openStoreReader } from '../../src/main/store/store.ts';
import type { MethodName, MethodResult } from '../../src/shared/api/methods.ts';
import { DEFAULT_SETTINGS } from '../../src/shared/api/settings.ts';
import { FakeClock } from '../support/fake-clock.ts';

vi.mock('node:net', async (original) => ({ ...(await original<object>()), ...(await import('../support/memory-net.ts')) }));

const MINUTE = 60_000;
/** Of a working Tuesday morning: a half-hour ends while the faults are in force, so that the ledger of gaps tells of them too. */
const START = '2026-11-24T08:25:00Z';

const FEEDER: PointRow = {
  name: 'Станки',
  role: 'technical',
  family: 'm234',
  connection: 'ct',
  ct: { primary: 600, secondary: 5 },
  vt: { primary: 1, secondary: 1 },
  load: 'machines',
  share: 800,
  isTwoWay: false,
  lostPhases: [],
  periodMin: 30,
  zoneH: 3,
  season: 'winter',
  outages: [],
};

/** A line with the fault that is put in force after some healthy minutes, and what is then said of it and its meters. */
interface Row {
  readonly title: string;
  readonly fault: Fault | null;
  /** In force from the start: the line has never been heard. */
  readonly isEarly?: boolean;
  readonly points?: readonly PointRow[];
  /** Findings of the line. */
  readonly line?: readonly string[];
  /** Findings of its first meter. */
  readonly meter?: readonly string[];
  /** Stays until a person acts: it is how the meter is set or what the papers say. */
  readonly isForPerson?: boolean;
  /** What may ask for attention as well, by the chance of the exchanges. */
  readonly chance?: readonly string[];
  /** What else asks for attention on this line and its points. */
  readonly attention?: readonly string[];
}

const FOUR = [FEEDER, FEEDER, FEEDER, FEEDER];
const line = (place: number) => `L${place}`;

const ROWS: readonly ((name: string, first: string) => Row)[] = [
  () => ({
    title: 'a healthy line with a crane, an input that gives back, a condenser bank and a feeder in reserve',
    fault: null,
    points: [
      { ...FEEDER, load: 'crane', isTwoWay: true },
      { ...FEEDER, load: 'testBench', isTwoWay: true },
      { ...FEEDER, load: 'compensatedInput', isTwoWay: true, connection: 'vt', vt: { primary: 6000, secondary: 100 } },
      { ...FEEDER, load: 'standby', share: 100 },
      { ...FEEDER, family: 'm236', connection: 'direct', ct: { primary: 1, secondary: 1 }, load: 'office' },
    ],
  }),
  (name) => ({ title: 'damage within what a line may have', fault: { kind: 'corrupt', line: name, rate: 0.002 } }),
  (name) => ({ title: 'echo', fault: { kind: 'echo', line: name }, line: ['echo attention'] }),
  (name) => ({ title: 'noise', fault: { kind: 'noise', line: name, rate: 0.2, place: 'before' }, line: ['noise attention'] }),
  (name) => ({
    title: 'noise in the silence',
    fault: { kind: 'noise', line: name, rate: 0.2, place: 'between' },
    line: ['noise attention'],
  }),
  (name) => ({ title: 'loss of replies', fault: { kind: 'loss', line: name, rate: 0.12 }, line: ['loss attention'] }),
  (name) => ({ title: 'loss of requests', fault: { kind: 'loss', line: name, rate: 0.12, of: 'requests' }, line: ['loss attention'] }),
  (name) => ({ title: 'damage', fault: { kind: 'corrupt', line: name, rate: 0.12 }, line: ['corruption attention'] }),
  (name) => ({ title: 'truncation', fault: { kind: 'truncate', line: name, rate: 0.12 }, line: ['truncation attention'] }),
  (name) => ({ title: 'late replies', fault: { kind: 'late-reply', line: name, rate: 0.12 }, line: ['late-replies attention'] }),
  (name) => ({
    title: 'a foreign master',
    fault: { kind: 'foreign-master', line: name },
    line: ['foreign-master attention'],
    // Our exchanges are lost in his, and a status that was meant for him reads as a refused password when it comes twice.
    chance: ['meter-denied', 'meter-silent'],
  }),
  (name) => ({ title: 'a slow gateway', fault: { kind: 'slow-gateway', line: name, latency_ms: 400 }, line: ['gateway-slow info'] }),
  (name) => ({ title: 'a splitting gateway', fault: { kind: 'segments', line: name, bytes: 3 }, line: ['gateway-splits info'] }),
  (name) => ({ title: 'a frozen gateway', fault: { kind: 'frozen-gateway', line: name }, line: ['gateway-frozen fault'] }),
  (name) => ({
    title: 'a gateway of Modbus TCP',
    fault: { kind: 'modbus-gateway', line: name, answer: 'exception' },
    line: ['gateway-framing fault'],
  }),
  (name) => ({ title: 'wrong parity', fault: { kind: 'wrong-parity', line: name }, line: ['wrong-parity fault'] }),
  (name) => ({ title: 'a silent line', fault: { kind: 'silent-line', line: name }, isEarly: true, line: ['line-silent fault'] }),
  (name) => ({
    title: 'a gateway of one client that serves another',
    fault: { kind: 'one-client', line: name },
    isEarly: true,
    line: ['gateway-busy fault'],
  }),
  (name) => ({ title: 'a line that is torn away', fault: { kind: 'drop-line', line: name }, attention: ['line-down'] }),
  (_name, first) => ({ title: 'a dead meter', fault: { kind: 'dead-meter', point: first }, attention: ['meter-silent'] }),
  (_name, first) => ({ title: 'a meter that answers to 0 only', fault: { kind: 'zero-only', point: first }, attention: ['meter-silent'] }),
  (_name, first) => ({
    title: 'a meter that comes and goes',
    fault: { kind: 'flapping', point: first },
    meter: ['meter-flapping attention'],
  }),
  (_name, first) => ({
    title: 'two meters at one address',
    fault: { kind: 'duplicate-address', point: first },
    meter: ['duplicate-address fault'],
  }),
  (_name, first) => ({
    title: 'a lost phase, which without its current is told by the point',
    fault: { kind: 'lost-phase', point: first, phases: [2] },
    attention: ['phase-lost'],
  }),
  (_name, first) => ({
    title: 'a reversed current',
    fault: { kind: 'reversed-phase', point: first, phases: [3] },
    meter: ['phase-reversed fault'],
  }),
  (_name, first) => ({
    title: 'two phases crossed',
    fault: { kind: 'crossed-phases', point: first, phases: [1, 2] },
    meter: ['phases-crossed fault'],
  }),
  (_name, first) => ({
    title: 'another current ratio on paper than in the meter',
    fault: { kind: 'wrong-ct', point: first, papers: '400/5' },
    isEarly: true,
    meter: ['ratio-differs attention'],
    isForPerson: true,
  }),
  (_name, first) => ({ title: 'a replaced meter', fault: { kind: 'replaced-meter', point: first }, attention: ['wrong-serial'] }),
  (_name, first) => ({
    title: 'a clock set by hours',
    fault: { kind: 'clock-set', point: first, by_s: 7200 },
    meter: ['clock-zone attention'],
    isEarly: true,
    isForPerson: true,
  }),
  (_name, first) => ({
    title: 'a clock set by minutes',
    fault: { kind: 'clock-set', point: first, by_s: 240 },
    isEarly: true,
    attention: ['clock-deviation'],
    isForPerson: true,
  }),
  (_name, first) => ({ title: 'a meter without power', fault: { kind: 'power-off', point: first }, attention: ['meter-silent'] }),
  () => ({
    title: 'a meter of hourly profile',
    fault: null,
    points: [{ ...FEEDER, periodMin: 60 }, FEEDER],
    meter: ['profile-period attention'],
    isForPerson: true,
  }),
  () => ({
    title: 'a meter whose season mark is decoration',
    fault: null,
    points: [{ ...FEEDER, season: 'stale' }, FEEDER],
    meter: ['season-bit-stale info'],
    isForPerson: true,
  }),
  () => ({
    title: 'a meter of another zone, which the papers tell',
    fault: null,
    points: [{ ...FEEDER, zoneH: 5 }, FEEDER],
  }),
  () => ({
    title: 'an old 230 beside a D and a 236',
    fault: null,
    points: [
      { ...FEEDER, family: 'm230old' },
      { ...FEEDER, family: 'm234d' },
      { ...FEEDER, family: 'm236' },
    ],
    meter: ['firmware-old info', 'ring-short info'],
    isForPerson: true,
  }),
  ...[0.2, 0.4, 0.6].map(
    (rate) =>
      (name: string): Row => ({
        title: `noise that falls into answers too, after ${rate} of the exchanges`,
        fault: { kind: 'noise', line: name, rate, place: 'between' },
        line: ['noise attention'],
      }),
  ),
];

const TABLE = ROWS.map((row, place) => row(line(place), `${line(place)}-01`));
const LAYOUT: readonly SubstationRow[] = TABLE.map(({ points = FOUR }, place) => ({
  name: `ТП ${place}`,
  code: line(place),
  line: line(place),
  points,
}));

let folder: string;
let clock: FakeClock;
let plant: Plant;
let app: App;

async function call<N extends MethodName>(name: N, params: object = {}): Promise<MethodResult<N>> {
  const outcome = await app.api.dispatch(name, params, { role: 'administrator', transport: 'test' } as never);
  if (!outcome.ok) throw new Error(`${name}: ${outcome.error.message}`);
  return outcome.data as MethodResult<N>;
}

/** Findings of each line and of each point, then attention, by the name of the line. */
interface Said {
  readonly line: readonly string[];
  readonly meters: ReadonlyMap<string, readonly string[]>;
  readonly attention: readonly string[];
}
let said: ReadonlyMap<string, Said>;
/** One minute after the faults began. */
let saidEarly: ReadonlyMap<string, Said>;
let saidAfter: ReadonlyMap<string, Said>;
/** The command line in the same two moments. */
let printedWhile: ReadonlyMap<string, string[]>;
let printedAfter: ReadonlyMap<string, string[]>;

async function collect(): Promise<Map<string, Said>> {
  const findings = await call('findings.list');
  const { attention } = await call('overview.get');
  const tree = await call('points.tree');
  const codes = new Map(tree.flatMap(({ points }) => points.map(({ id, code }) => [id, code] as const)));
  return new Map(
    TABLE.map((_, place) => {
      const name = line(place);
      const isOurs = (subject: { kind: string; id: number | null; name: string }) =>
        subject.kind === 'line' ? lineNames.get(subject.id ?? 0) === name : codes.get(subject.id ?? 0)?.startsWith(`${name}-`) === true;
      const ours = findings.filter(({ subject, code }) => isOurs(subject) && !IN_EVERY_METER.includes(code));
      const meters = new Map<string, string[]>();
      for (const { subject, code, weight } of ours.filter(({ subject: { kind } }) => kind === 'point')) {
        const point = codes.get(subject.id) ?? '';
        meters.set(point, [...(meters.get(point) ?? []), `${code} ${weight}`].sort());
      }
      return [
        name,
        {
          line: ours.filter(({ subject: { kind } }) => kind === 'line').map(({ code, weight }) => `${code} ${weight}`),
          meters,
          attention: attention.filter(({ subject }) => isOurs(subject)).map(({ code }) => code),
        },
      ] as const;
    }),
  );
}

/** What `feeder findings` prints beside the running engine, by the name of the line: its codes that ask for attention. */
function printed(): Map<string, string[]> {
  const store = openStoreReader({ folder });
  const site = new Site({ store, clock, engine: () => null });
  const codes = new Map(site.points.map(({ point }) => [point.id, point.code]));
  const told = [
    ...findingsList(site).map(({ code, weight, subject }) => ({ code, weight, subject })),
    ...storedTroubles(site).map(({ code, state, subject }) => ({ code, weight: state, subject })),
  ];
  store.close();
  const nameOf = ({ kind, id }: { kind: string; id: number | null }) =>
    kind === 'line' ? lineNames.get(id ?? 0) : codes.get(id ?? 0)?.replace(/-.*/, '');
  return new Map(
    TABLE.map((_, place) => [
      line(place),
      told.filter(({ weight, subject }) => weight !== 'info' && nameOf(subject) === line(place)).map(({ code }) => code),
    ]),
  );
}

/** True of every meter of the training plant as it is delivered. */
const IN_EVERY_METER: readonly string[] = ['default-password', 'ratio-inside'];
const lineNames = new Map<number, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-diagnosis-'));
  clock = new FakeClock(START);
  plant = createPlant({ clock, layout: LAYOUT, historyDays: 1 });
  await plant.start();
  // Before the papers are written: one of the faults is in them.
  for (const { fault, isEarly } of TABLE) if (fault !== null && isEarly === true) plant.setFault(fault);
  const store = openStore({ folder, clock, logger: silentLogger });
  store.settings.save({ ...DEFAULT_SETTINGS, site: { ...DEFAULT_SETTINGS.site, timeZone: 'Europe/Moscow' } }, 'test');
  const rows = parseImportFile(new TextEncoder().encode(plant.importFile()), { offsetMin: 180 }, (text) =>
    formatLineAddress(parseLineAddress(text)),
  );
  store.plant.applyImport(rows, 180, 'test');
  for (const record of store.plant.load().lines) {
    const name = plant.lines.find(({ port }) => record.address.includes(`:${port}`))?.name;
    if (name !== undefined) lineNames.set(record.id, name);
  }
  store.close();
  // Somebody is there already where a gateway takes one client.
  const taken = plant.lines[TABLE.findIndex(({ fault }) => fault?.kind === 'one-client')];
  const rival = connect({ host: '127.0.0.1', port: taken?.port ?? 0 });

  app = await createApp({
    dataFolder: folder,
    clock,
    logger: silentLogger,
    plan: { ...CONTINUOUS_PLAN, depthDays: 1 },
    checkResults: true,
  });
  await app.start();
  await clock.advance(3 * MINUTE);
  const later = TABLE.flatMap(({ fault, isEarly }) => (fault === null || isEarly === true ? [] : fault));
  // A meter that is replaced is without power meanwhile.
  const replaced = later.flatMap((fault) => (fault.kind === 'replaced-meter' ? fault : []));
  for (const fault of later) plant.setFault(fault.kind === 'replaced-meter' ? { ...fault, kind: 'power-off' } : fault);
  await clock.advance(MINUTE);
  saidEarly = await collect();
  for (const fault of replaced) {
    plant.clearFault({ ...fault, kind: 'power-off' });
    plant.setFault(fault);
  }
  await clock.advance(9 * MINUTE);
  said = await collect();
  printedWhile = printed();
  for (const { fault } of TABLE) if (fault !== null) plant.clearFault(fault);
  rival.destroy();
  await clock.advance(17 * MINUTE);
  saidAfter = await collect();
  printedAfter = printed();
}, 120_000);

afterAll(async () => {
  const stopping = app.stop();
  await clock.finish(stopping);
  await plant.stop();
  rmSync(folder, { recursive: true });
});

describe('a fault in force has its name and nothing else has one', () => {
  test.each(TABLE.map((row, place) => [row.title, row, place] as const))('%s', (_title, row, place) => {
    const { line: ofLine, meters, attention } = said.get(line(place)) ?? { line: [], meters: new Map(), attention: [] };
    expect(ofLine).toEqual(row.line ?? []);
    expect(Object.fromEntries(meters)).toEqual(row.meter === undefined ? {} : { [`${line(place)}-01`]: row.meter });
    const named = [...(row.line ?? []), ...(row.meter ?? [])]
      .filter((name) => !name.endsWith(' info'))
      .map((name) => name.replace(/ .*/, ''));
    const certain = attention.filter((code) => !(row.chance ?? []).includes(code));
    expect(certain.sort()).toEqual([...named, ...(row.attention ?? [])].sort());
  });
});

/** What a few exchanges look like before there are enough of them: a gateway that grows slow at once is late until the waits have learned it. */
const EARLY_SIGNS: Readonly<Record<string, string>> = { 'late-replies': 'gateway-slow', corruption: 'wrong-parity' };

test('what is named a minute after the faults began is none but what is named at last', () => {
  for (const [name, early] of saidEarly) {
    const last = said.get(name);
    const certain = early.line.filter((code) => {
      const cause = EARLY_SIGNS[code.split(' ')[0] ?? ''];
      return cause === undefined || last?.line.some((each) => each.startsWith(cause)) !== true;
    });
    for (const code of certain)
      expect([name, code, last?.line.map((each) => each.split(' ')[0])]).toEqual([
        name,
        code,
        expect.arrayContaining([code.split(' ')[0]]),
      ]);
    for (const [point, codes] of early.meters) expect([point, codes]).toEqual([point, last?.meters.get(point)]);
  }
});

describe('a fault that has ended has no name any more', () => {
  test.each(TABLE.map((row, place) => [row.title, row, place] as const))('%s', (_title, { isForPerson, meter }, place) => {
    const { line: ofLine, meters } = saidAfter.get(line(place)) ?? { line: ['?'], meters: new Map() };
    expect(ofLine).toEqual([]);
    expect(Object.fromEntries(meters)).toEqual(isForPerson === true ? { [`${line(place)}-01`]: meter } : {});
  });
});

describe('the command line prints the names that the overview shows', () => {
  test.each(TABLE.map((row, place) => [row.title, row, place] as const))('%s', (_title, { chance, isForPerson }, place) => {
    const certain = (codes: readonly string[] = ['?']) => [...new Set(codes)].filter((code) => !(chance ?? []).includes(code)).sort();
    expect(certain(printedWhile.get(line(place)))).toEqual(certain(said.get(line(place))?.attention));
    expect(certain(printedAfter.get(line(place)))).toEqual(certain(saidAfter.get(line(place))?.attention));
    if (isForPerson !== true) expect(certain(printedAfter.get(line(place)))).toEqual([]);
  });
});

describe('a person asks one meter', () => {
  const pointId = async (code: string) => {
    const tree = await call('points.tree');
    return tree.flatMap(({ points }) => points).find((point) => point.code === code)?.id ?? 0;
  };

  test('for its settings, which are judged at once and kept', async () => {
    const id = await pointId('L0-01');
    const now = await clock.finish(call('meter.auditNow', { pointId: id }));
    expect(now.configuration).toMatchObject({ hasProfile: true, profilePeriodMin: 30, ratioCt: 120, networkAddress: expect.any(Number) });
    expect(now.findings.map(({ code, weight }) => `${code} ${weight}`)).toEqual(['ratio-inside info', 'default-password info']);
    expect(await call('meter.audit', { pointId: id })).toEqual(now);
  });

  test('for one of the things that it holds', async () => {
    const id = await pointId('L0-01');
    const items = await clock.finish(call('meter.inventory', { pointId: id }));
    const item = items.find(({ group }) => group === 'state');
    const { key, fields } = await clock.finish(call('meter.read', { pointId: id, key: item?.key ?? '' }));
    expect(key).toBe(item?.key);
    expect(fields.length).toBeGreaterThan(0);
    await expect(clock.finish(call('meter.read', { pointId: id, key: 'nothing' }))).rejects.toThrow('meter.read');
  });
});
