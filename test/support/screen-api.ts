/** A service that exists in its answers alone: states of the screens that no plant reaches in the time of a test. */
import { fileURLToPath } from 'node:url';
import { createDispatch, type Handlers } from '../../src/main/api/dispatch.ts';
import { ApiEvents } from '../../src/main/api/events.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { faultKinds } from '../../src/main/simulator/faults.ts';
import { startHttp } from '../../src/main/transport/http.ts';
import { AppError } from '../../src/shared/api/errors.ts';
import type { HistoryRequest } from '../../src/shared/api/history.ts';
import type { MeterAudit, WritePlan } from '../../src/shared/api/meters.ts';
import { METHOD_NAMES, METHODS, type LivePoint, type MethodResult } from '../../src/shared/api/methods.ts';
import type { FoundMeter, LineTest, LogEntry, SearchState } from '../../src/shared/api/search.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../src/shared/api/settings.ts';
import type { TrainingStatus } from '../../src/shared/api/training.ts';
import { INSTANTANEOUS_QUANTITIES } from '../../src/shared/reading/quantities.ts';
import { closingAnswers } from './closing-answers.ts';
import { sampleOf } from './sample.ts';
import { screenExchange } from './screen-exchange.ts';

const SCREENS = fileURLToPath(new URL('../../out/renderer', import.meta.url));
const TOKEN = 'screens';
const LINES = [
  { id: 1, name: 'ТП-1', address: 'tcp:10.20.1.11:4001:9600-8N1' },
  { id: 2, name: 'ТП-2', address: 'serial:COM4:9600-8N1' },
] as const;
const POINT_NAMES = [
  'Ввод 1',
  'Ввод 2',
  'Станочный участок 1',
  'Станочный участок 2',
  'Компрессорная',
  'Освещение цеха 3',
  'Гальваника',
  'Вентиляция',
];
const SERIALS = POINT_NAMES.map((_, index) => String(31_589_700 + index * 7));

export interface ScreenApi {
  readonly openUrl: string;
  readonly events: ApiEvents;
  /** Moves the running search one step on and tells the screens. */
  step(): void;
  stop(): Promise<void>;
}

export interface ScreenApiOptions {
  readonly now: () => number;
  /** Other than by default. */
  readonly settings?: Partial<Settings>;
}

export async function startScreenApi({ now, settings: given = {} }: ScreenApiOptions): Promise<ScreenApi> {
  const iso = (secondsAgo: number) => new Date(now() - secondsAgo * 1000).toISOString();
  const events = new ApiEvents(silentLogger);
  let settings: Settings = {
    ...DEFAULT_SETTINGS,
    site: { name: 'Завод «Полиграфмаш»', code: 'PGM', inn: '7800000000', kpp: '780001001', timeZone: 'Europe/Moscow' },
    ...given,
  };

  const livePoint = (index: number): LivePoint => ({
    pointId: index + 1,
    code: `TP1-${String(index + 1).padStart(2, '0')}`,
    name: POINT_NAMES[index] ?? '',
    substation: 'ТП-1',
    line: 'ТП-1',
    meterSerial: SERIALS[index] ?? '',
    state: index === 6 ? 'fault' : 'ok',
    reason: index === 6 ? 'silent' : null,
    at: iso(3 + index),
    staleAfterS: 60,
    values: {
      P: { value: String(41_200 + index * 3100), unit: 'W', side: 'primary' },
      U1: { value: '231.4', unit: 'V', side: 'primary' },
      cos: { value: '0.941', unit: 'one', side: 'primary' },
    },
    clockDeviationMs: 1400,
  });
  const points = POINT_NAMES.map((_, index) => livePoint(index));

  const status = (): MethodResult<'system.status'> => ({
    product: 'Feeder',
    version: '0.2.0',
    apiVersion: 2,
    startedAt: iso(86_400),
    now: iso(0),
    site: { name: settings.site.name, code: settings.site.code, timeZone: 'Europe/Moscow', utcOffsetMin: 180 },
    isPolling: true,
    points: points.length,
    lines: LINES.map((line, index) => ({
      ...line,
      state: index === 0 ? 'ok' : 'attention',
      reason: null,
      meters: 8,
      silentMeters: index,
      lastExchangeAt: iso(2),
      exchanges: 184_220,
      failures: index * 2410,
    })),
    completenessYesterday: { expected: 384, received: 384 },
    diskFreeBytes: 41e9,
    databaseBytes: 212e6,
    attention: 3,
  });

  const found = (address: number, index: number): FoundMeter => ({
    line: LINES[1].address,
    setting: '9600-8N1',
    address,
    serial: String(31_589_700 + index * 7),
    driver: 'mercury-23x',
    manufactured: `20${String(12 + (index % 10))}-0${1 + (index % 9)}-1${index % 10}`,
    firstByteMs: 38 + ((index * 13) % 60),
    pointCode: index < 5 ? `TP1-0${index + 1}` : null,
    isExpected: index % 3 === 0,
  });
  const addresses = [7, 14, 21, 28, 35, 42, 49, 56, 63, 70, 77, 84, 91];
  const search: SearchState = {
    id: 3,
    line: LINES[1].address,
    state: 'running',
    isThorough: true,
    startedAt: iso(42),
    endedAt: null,
    done: 94,
    total: 480,
    secondsLeft: 171,
    setting: '9600-8N1',
    address: 94,
    found: addresses.map(found),
    missing: ['31589812', '31589819', '41000177'],
    findings: [
      { code: 'duplicate-address', weight: 'fault', params: { address: 63, serials: '31589756, 31589790' } },
      { code: 'noise', weight: 'attention', params: { rate: 2.1 } },
    ],
    neighbours: points.map((point, index) => ({ pointCode: point.code, ageS: index === 6 ? null : 4 + index * 3 })),
    error: null,
  };
  const ended: SearchState = {
    ...search,
    id: 2,
    line: LINES[0].address,
    state: 'done',
    startedAt: iso(7200),
    endedAt: iso(7140),
    done: 240,
    secondsLeft: null,
    setting: null,
    address: null,
    total: 240,
    missing: [],
    findings: [],
    neighbours: [],
    isThorough: false,
  };
  const failed: SearchState = {
    ...ended,
    id: 1,
    line: 'serial:COM9:9600-8N1',
    state: 'failed',
    done: 0,
    found: [],
    error: { code: 'line/in-use', message: 'COM9 is in use' },
  };
  let running = search;
  const log: LogEntry[] = [];
  const exchange = (address: number): LogEntry => {
    const meter = addresses.includes(address);
    const odd = address === 63;
    const hex = address.toString(16).toUpperCase().padStart(2, '0');
    return {
      sequence: log.length + 1,
      at: iso(Math.max(0, 42 - log.length * 0.4)),
      setting: '9600-8N1',
      address,
      request: `${hex} 08 00 86 04`,
      response: odd ? `${hex} 1F 3A 41 38 0C FF 14 91 5E 2B` : meter ? `${hex} 1F 3A 39 0E 0C 0A 12 D4 5C` : '',
      firstByteMs: meter ? 41.4 : null,
      verdict: odd ? 'collision' : meter ? 'meter' : 'silence',
      text: odd ? 'Two answers overlap' : meter ? `Serial ${31_589_700 + address}` : `No answer from ${address}`,
    };
  };
  for (let address = 1; address <= 94; address += 1) log.push(exchange(address));

  const test = (id: number, part: Partial<LineTest>): LineTest => ({
    id,
    lineId: 2,
    line: 'ТП-2',
    state: 'done',
    startedAt: iso(3600 * (60 - id)),
    endedAt: iso(3600 * (60 - id) - 300),
    done: 800,
    total: 800,
    exchanges: 800,
    lost: 17,
    damaged: 6,
    echoes: 0,
    strayBytes: 41,
    firstByteP50Ms: 44,
    firstByteP99Ms: 118,
    grade: 'fair',
    meters: points.map((point, index) => ({
      pointCode: point.code,
      serial: point.meterSerial,
      address: 7 * (index + 1),
      exchanges: 100,
      lost: index === 6 ? 100 : index === 2 ? 11 : index % 2,
      damaged: index === 2 ? 6 : 0,
      retries: index === 2 ? 14 : index % 3,
      firstByteP50Ms: index === 6 ? null : 40 + index,
      firstByteP99Ms: index === 6 ? null : 70 + index * 9,
      grade: index === 6 ? 'failed' : index === 2 ? 'poor' : index === 5 ? 'fair' : 'good',
    })),
    findings: [{ code: 'corruption', weight: 'attention', params: { rate: 0.8 } }],
    ...part,
  });

  const audit = (): MeterAudit => ({
    pointId: 1,
    meterSerial: SERIALS[0] ?? '',
    at: iso(5400),
    configuration: {
      firmware: '7.14',
      networkAddress: 21,
      constantImpPerKwh: 1000,
      hasProfile: true,
      profilePeriodMin: 60,
      ringSlots: 4096,
      readsBatches: true,
      switchesSeason: true,
      sumsByModulus: false,
      ratioVt: 1,
      ratioCt: 20,
      repeatsCode: false,
      faults: ['E-06'],
      hasDefaultPassword: true,
    },
    findings: [
      { code: 'profile-period', weight: 'fault', params: { minutes: 60 } },
      { code: 'season-switching', weight: 'attention', params: {} },
      { code: 'default-password', weight: 'info', params: {} },
    ],
  });

  const kinds = [
    'power-off',
    'power-on',
    'case-opened',
    'case-closed',
    'phase-off',
    'phase-on',
    'clock-before-correction',
    'reprogrammed',
  ] as const;
  const journal = Array.from({ length: 240 }, (_, index) => {
    const point = points[index % points.length];
    const kind = kinds[index % kinds.length] ?? 'power-on';
    return {
      pointId: point?.pointId ?? null,
      pointCode: point?.code ?? null,
      pointName: point?.name ?? null,
      meterSerial: point?.meterSerial ?? '',
      journal: index % 8,
      kind,
      at: iso(3600 * (index + 1) * 3.7),
      details: kind.startsWith('phase') ? { phase: 1 + (index % 3) } : kind === 'reprogrammed' ? { codes: ['05', '0C'] } : {},
    };
  });

  let training: TrainingStatus = {
    isRunning: true,
    startedAt: iso(5000),
    seed: 1,
    lines: [1, 2, 3, 4].map((number) => ({ name: `ТП-${number}`, address: `tcp:127.0.0.1:${40_000 + number}`, meters: 18 })),
    points: points.map(({ code, name, line }) => ({ code, name, line: line ?? '' })),
    faults: [
      { kind: 'dead-meter', target: 'TP1-06', since: iso(400), until: null, params: { kind: 'dead-meter', point: 'TP1-06' } },
      {
        kind: 'corrupt',
        target: 'ТП-2',
        since: iso(40),
        until: iso(-600),
        params: { kind: 'corrupt', line: 'ТП-2', rate: 0.05, for_s: 640 },
      },
    ],
    faultKinds: faultKinds().map((kind) => ({ ...kind, fields: [...kind.fields] })),
  };
  const tell = () => {
    events.emit('training.changed', training);
    return training;
  };

  let strangers: MethodResult<'strangers.list'> = [
    {
      serial: '47110352',
      expectedSerial: '46020117',
      pointId: 1,
      pointCode: 'P-1',
      pointName: points[0]?.name ?? null,
      line: 'ТП-1',
      address: 17,
      state: 'quarantined',
      firstSeen: iso(3600 * 30),
      lastSeen: iso(300),
      intervals: 59,
      isDenied: false,
      decidedAt: null,
      who: null,
      reason: null,
    },
  ];

  const samples = METHOD_NAMES.map((name) => [name, () => sampleOf(METHODS[name].result, 'output')] as const);
  // One handler for each name by construction, each with a result that its own schema has just accepted.
  const rest = Object.fromEntries(samples) as unknown as Handlers;
  const page = METHODS['points.get'].result.parse(sampleOf(METHODS['points.get'].result, 'output'));
  const handlers: Handlers = {
    ...rest,
    'system.status': status,
    ...screenExchange(now, () => settings),
    'settings.get': () => settings,
    'settings.set': (next) => (settings = next),
    'live.list': () => ({ sequence: 1, at: iso(0), points }),
    'live.history': (request) => pointHistory(request, now()),
    'points.tree': () => [
      {
        id: 1,
        name: 'ТП-1',
        points: points.map(({ pointId, code, name, state }) => ({ id: pointId, code, name, role: 'settlement', state })),
      },
    ],
    'points.get': ({ pointId }) => ({
      ...page,
      id: pointId,
      code: points[pointId - 1]?.code ?? '',
      name: points[pointId - 1]?.name ?? '',
      substation: 'ТП-1',
      live: points[pointId - 1] ?? livePoint(0),
    }),
    'backup.status': () => ({
      folder: 'D:\\Feeder\\backups',
      isRunning: false,
      failure: null,
      files: [21, 20, 19].map((day) => ({ day: `2026-11-${day}`, bytes: 214_300_000, file: `feeder-2026-11-${day}.db` })),
    }),
    'completeness.get': ({ from, to }) => completeness(points, from, to, iso),
    'checks.list': () => ({ rows: mismatches(iso), total: 1 }),
    'rereads.list': () => ({ rows: rereads(iso), total: 2 }),
    'points.history': () => [
      installation('41906467', iso(86_400 * 400), iso(86_400 * 30), '812644120'),
      installation('46020117', iso(86_400 * 30), null, null),
    ],
    'strangers.list': () => strangers,
    'strangers.reject': ({ reason }) => {
      strangers = strangers.map((row) => ({ ...row, state: 'rejected', decidedAt: iso(0), who: 'http', reason }));
      return {};
    },
    'points.checkChange': ({ change }) => ({
      kind: change.kind,
      pointCode: 'P-1',
      at: change.at,
      closes: { meterSerial: '46020117', from: iso(86_400 * 30), ct: RATIO, vt: RATIO_VT },
      opens: { meterSerial: '47110352', line: 'ТП-1', address: 17, ct: RATIO, vt: RATIO_VT },
      isMeterKnown: false,
      splitStart: iso(3600),
      unreadIntervals: 3,
    }),
    'search.plan': ({ settings: speeds, serials, addresses: range, isThorough }) => {
      const each = (range === null ? (serials.length > 0 ? 0 : 240) : range.to - range.from + 1) + serials.length;
      const list = speeds.length === 0 ? ['9600-8N1'] : speeds;
      const seconds = each * (isThorough ? 0.25 : 0.09);
      return {
        settings: list.map((setting) => ({ setting, addresses: each, seconds })),
        exchanges: each * list.length,
        seconds: seconds * list.length,
      };
    },
    'search.start': () => running,
    'search.list': () => [running, ended, failed],
    'search.get': () => running,
    'search.pause': () => (running = { ...running, state: 'paused' }),
    'search.resume': () => (running = { ...running, state: 'running' }),
    'search.cancel': () => (running = { ...running, state: 'cancelled', endedAt: iso(0) }),
    'search.log': ({ after, limit }) => ({ entries: log.slice(after, after + limit), last: log.length }),
    'lineTest.list': ({ lineId }) =>
      lineId === 2
        ? [test(50, {}), test(26, { grade: 'good', lost: 0, damaged: 0, findings: [] }), test(1, { grade: 'poor', lost: 96 })]
        : [],
    'lineTest.start': ({ lineId }) =>
      test(60, {
        lineId,
        state: 'running',
        endedAt: null,
        grade: null,
        done: 120,
        startedAt: iso(0),
        meters: test(1, {}).meters.slice(0, 2),
      }),
    'findings.list': () => [
      { code: 'noise', weight: 'attention', params: { rate: 2.1 }, subject: { kind: 'line', id: 2, name: 'ТП-2' }, since: iso(9000) },
      {
        code: 'phase-reversed',
        weight: 'fault',
        params: { phase: 2 },
        subject: { kind: 'point', id: 3, name: 'Станочный участок 1' },
        since: iso(90_000),
      },
      {
        code: 'season-switching',
        weight: 'attention',
        params: {},
        subject: { kind: 'point', id: 3, name: 'Станочный участок 1' },
        since: iso(90_000),
      },
      {
        code: 'default-password',
        weight: 'info',
        params: {},
        subject: { kind: 'point', id: 5, name: 'Компрессорная' },
        since: iso(90_000),
      },
      // The same setting at another meter: told once, with both points.
      {
        code: 'default-password',
        weight: 'info',
        params: {},
        subject: { kind: 'point', id: 2, name: 'Ввод 2' },
        since: iso(90_000),
      },
    ],
    'events.list': ({ pointId, kinds: wanted, offset, limit }) => {
      const rows = journal.filter(
        (row) => (pointId === undefined || row.pointId === pointId) && (wanted === undefined || wanted.includes(row.kind)),
      );
      return { rows: rows.slice(offset, offset + limit), total: rows.length };
    },
    'meter.audit': ({ pointId }) => (pointId === 1 ? audit() : { ...audit(), pointId, at: null, configuration: null, findings: [] }),
    'meter.auditNow': audit,
    'meter.inventory': () => [
      ...['serial number', 'firmware version', 'execution variant'].map((name) => ({
        key: `identity.${name}`,
        group: 'identity',
        label: name,
      })),
      ...[0, 1, 2, 4].map((array) => ({ key: `energy.${array}`, group: 'energy', label: `energy array ${array} all tariffs` })),
      ...[1, 2, 3, 4].map((month) => ({ key: `energy.3.${month}`, group: 'energy', label: `energy array 3 month ${month} all tariffs` })),
      ...[0, 1].map((at) => ({ key: `profile.${at}`, group: 'profile', label: `profile record ${at}` })),
    ],
    'meter.read': ({ key }) => {
      if (key === 'energy.3.3') throw new AppError('transport/timeout', 'No answer');
      const fields = ['A+', 'A-', 'R+', 'R-'].flatMap((channel, index) =>
        [0, 1, 2].map((tariff) => ({
          name: `energy.${channel}.${tariff === 0 ? 'sum' : `T${tariff}`}`,
          value: index === 1 ? null : String(812_644 - tariff * 20_911 - index * 6155),
          unit: index < 2 ? 'Wh' : 'varh',
          bytes: [1 + index * 4 + tariff * 16, 4] satisfies [number, number],
          in: 'response' as const,
        })),
      );
      return { key, at: iso(0), fields };
    },
    'writes.plan': ({ pointId, write }): WritePlan => ({
      planId: 'plan-1',
      pointId,
      pointCode: points[pointId - 1]?.code ?? '',
      meterSerial: points[pointId - 1]?.meterSerial ?? '',
      write,
      requests: [
        { label: 'open channel level 2', hex: '15 01 02 ** ** ** ** ** ** 6F 5A' },
        { label: 'write clock correction', hex: '15 03 0D 14 30 05 A1 77' },
      ],
      before: [
        { name: 'clock.time', value: '2026-11-21T14:29:12', unit: null },
        { name: 'clock.season', value: 'winter', unit: null },
      ],
      accessLevel: 2,
      obstacles: ['settlement-without-reason'],
      needsReason: true,
      confirmation: points[pointId - 1]?.meterSerial ?? '',
    }),
    'writes.perform': () => ({
      outcome: 'done',
      status: 0,
      before: [{ name: 'clock.time', value: '2026-11-21T14:29:12', unit: null }],
      after: [{ name: 'clock.time', value: '2026-11-21T14:30:05', unit: null }],
      auditId: 418,
    }),
    'writes.list': () => ({
      rows: [
        {
          auditId: 301,
          at: iso(260_000),
          who: 'engineer (ipc)',
          pointCode: 'TP1-01',
          meterSerial: SERIALS[0] ?? '',
          kind: 'season-off',
          outcome: 'done',
          reason: 'Акт 14 от 02.11.2026',
        },
      ],
      total: 1,
    }),
    ...closingAnswers(iso(0).slice(0, 7), events),
    'training.status': () => training,
    'training.start': () => {
      training = { ...training, isRunning: true };
      return tell();
    },
    'training.stop': () => {
      training = { ...training, isRunning: false, faults: [] };
      return tell();
    },
    'training.setFault': ({ fault }) => {
      const { kind, line, point, ...params } = fault;
      const target = typeof line === 'string' ? line : typeof point === 'string' ? point : '';
      training = { ...training, faults: [...training.faults, { kind: String(kind), target, since: iso(0), until: null, params }] };
      return tell();
    },
    'training.clearFault': ({ kind, target }) => {
      training = { ...training, faults: training.faults.filter((fault) => fault.kind !== kind || fault.target !== target) };
      return tell();
    },
  };
  const dispatch = createDispatch(handlers, { logger: silentLogger, checkResults: true });
  const server = { dispatch, subscribe: (listener: Parameters<ApiEvents['subscribe']>[0]) => events.subscribe(listener) };
  const http = await startHttp({
    // The training plant answers as the site does: what differs is the banner.
    api: { ...server, training: server },
    port: 0,
    token: TOKEN,
    screensFolder: SCREENS,
    logger: silentLogger,
  });
  return {
    openUrl: `${http.url}/#token=${TOKEN}`,
    events,
    step: () => {
      const address = (running.address ?? 0) + 1;
      log.push(exchange(address));
      running = { ...running, address, done: running.done + 1 };
      events.emit('search.changed', running);
    },
    stop: () => http.close(),
  };
}

const RATIO = { primary: 600, secondary: 5 };
const RATIO_VT = { primary: 6000, secondary: 100 };

function installation(meterSerial: string, from: string | null, to: string | null, last: string | null) {
  const act = (sum: string) => [{ tariff: 0, 'A+': sum, 'A-': null, 'R+': null, 'R-': null }];
  return {
    meterSerial,
    from,
    to,
    ct: RATIO,
    vt: RATIO_VT,
    valuesArePrimary: false,
    firstRegisters: act('12300'),
    lastRegisters: last === null ? [] : act(last),
  };
}

/** A moment so many seconds ago. */
type Iso = (secondsAgo: number) => string;

/** A workshop of two shifts in Moscow that was not read for a while; its voltage sags under load. */
function pointHistory({ pointId, quantity, from, to, step }: HistoryRequest, nowMs: number) {
  const [firstMs, endMs] = [Date.parse(`${from}T00:00:00+03:00`), Date.parse(`${to}T24:00:00+03:00`)];
  const minutes = step === 'day' ? 1440 : 30;
  const untilMs = Math.min(endMs, Math.floor(nowMs / 1_800_000) * 1_800_000);
  const rows = Array.from({ length: Math.ceil((untilMs - firstMs) / (minutes * 60_000)) }, (_, index) => {
    const startMs = firstMs + index * minutes * 60_000;
    const hour = step === 'day' ? 12 : (startMs / 3_600_000 + 3) % 24;
    const load = (hour >= 7 && hour < 23 ? 0.75 + Math.sin(hour) / 8 : 0.12) + ((index * 7919) % 13) / 200;
    const of = (share: number) => {
      if (quantity.startsWith('U')) return (236 - 9 * share).toFixed(1);
      if (quantity.startsWith('cos')) return (0.99 - share / 9).toFixed(3);
      return (share * 61_000).toFixed(0);
    };
    const figures = [of(load * 0.82), of(load), of(load * 1.07 + ((index * 31) % 7) / 60)].map((text) => String(Number(text)));
    const [min = '', mean = '', max = ''] = quantity === 'P' ? figures : figures.toReversed();
    return { start: new Date(startMs).toISOString(), minutes, min, mean, max, reads: minutes * 4 };
  }).filter((_, index) => index < 300 || index >= 352);
  const { unit } = INSTANTANEOUS_QUANTITIES[quantity];
  return { pointId, quantity, unit, from: new Date(firstMs).toISOString(), to: new Date(endMs).toISOString(), step, rows };
}

/** A month of which a meter was silent for some days and another one lost a night; its last week is still to come. */
function completeness(points: readonly LivePoint[], from: string, to: string, iso: Iso) {
  const first = Date.parse(`${from}T00:00:00Z`);
  const count = (Date.parse(`${to}T00:00:00Z`) - first) / 86_400_000 + 1;
  const rows = points.map(({ pointId, code, name, meterSerial }, row) => ({
    pointId,
    code,
    name,
    substation: 'ТП-1',
    meterSerial,
    days: Array.from({ length: count }, (_, index) => {
      const day = new Date(first + index * 86_400_000).toISOString().slice(0, 10);
      const expected = index < count - 8 ? 48 : index === count - 8 ? 31 : 0;
      const open = row === 2 && index > 14 && expected > 0 ? expected : row === 4 && index === 6 ? 5 : 0;
      const lost = row === 5 && index === 9 ? 11 : 0;
      return {
        day,
        expected,
        received: expected - open - lost,
        lost,
        open,
        reason: lost > 0 ? ('meter-off' as const) : open > 0 ? ('silent' as const) : null,
        deadline: open > 0 ? iso(-86_400 * 61) : null,
        mismatch: row === 1 && index === 3 ? 'clock-set' : null,
      };
    }),
  }));
  const cells = rows.flatMap(({ days }) => days);
  const total = (key: 'expected' | 'received' | 'lost' | 'open') => cells.reduce((sum, cell) => sum + cell[key], 0);
  const stuck = rows[2];
  return {
    from,
    to,
    outlook: 'incomplete' as const,
    totals: { expected: total('expected'), received: total('received'), lost: total('lost'), open: total('open') },
    points: rows,
    forgetting: [
      {
        pointId: stuck?.pointId ?? 1,
        code: stuck?.code ?? '',
        name: stuck?.name ?? '',
        meterSerial: stuck?.meterSerial ?? '',
        intervals: 367,
        from: iso(86_400 * 8),
        to: iso(0),
        reason: 'silent' as const,
        deadline: iso(-86_400 * 61),
      },
    ],
  };
}

function mismatches(iso: Iso) {
  const sums = { sum: '21084.5', difference: '20946', tolerance: '26', agrees: false };
  return [
    {
      point_id: 2,
      point_code: 'P-2',
      point_name: 'Ввод 2',
      meter_serial: '46020117',
      day: iso(86_400 * 2).slice(0, 10),
      verdict: 'mismatch' as const,
      diagnosis: 'shifted-by-a-slot' as const,
      channels: { 'A+': sums, 'A-': null, 'R+': null, 'R-': null },
      checked_at: iso(3600),
    },
  ];
}

function rereads(iso: Iso) {
  const common = { pointCode: 'P-2', meterSerial: '46020117', who: 'http', from: iso(86_400 * 3), to: iso(86_400 * 2), askedAt: iso(900) };
  const waits = { endedAt: null, outcome: null, waitsFor: 'silent' as const, open: 48, found: null, changed: null };
  const done = { endedAt: iso(600), outcome: 'done' as const, waitsFor: null, open: null, found: 3, changed: 1 };
  return [
    { ...common, ...waits, rereadId: 2, reason: 'Пик неправдоподобен' },
    { ...common, ...done, rereadId: 1, reason: null },
  ];
}
