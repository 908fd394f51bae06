/** Two months of packages with everything that happens to them, for the screens. */
import { calendar, type HandedOver } from '../../src/main/jobs/calendar.ts';
import { nextRunUtc } from '../../src/main/jobs/due.ts';
import type { Handlers } from '../../src/main/api/dispatch.ts';
import { addDays, siteZone, startOfMonth } from '../../src/main/metering/zone.ts';
import { AppError } from '../../src/shared/api/errors.ts';
import type { Job, JobRunRow } from '../../src/shared/api/jobs.ts';
import type { PackagePreview, PackageSummary } from '../../src/shared/api/methods.ts';
import { onecSchedule, type Schedule, xml80020Schedule } from '../../src/shared/api/schedules.ts';
import { USUAL_RECEIVER } from '../../src/shared/api/receivers.ts';
import type { Settings } from '../../src/shared/api/settings.ts';
import { isoUtc } from '../../src/shared/domain/time.ts';

const DAYS = 52;
const TIMING = { at: '06:00', period: 'previous-day', whenComplete: true, latest: '09:00', isEnabled: true } as const;

export const EXCHANGE_SCHEDULES: readonly Schedule[] = [
  onecSchedule.parse({ ...TIMING, id: 'daily-iv', kind: 'IV' }),
  onecSchedule.parse({ ...TIMING, id: 'daily-rd', kind: 'RD', threshold: 95, corrections: true }),
  onecSchedule.parse({ ...TIMING, id: 'monthly-mn', kind: 'MN', period: 'previous-month', dayOfMonth: 2, at: '07:30' }),
  xml80020Schedule.parse({ ...TIMING, id: 'supplier', what: 'xml80020', at: '08:00', latest: '11:30' }),
  onecSchedule.parse({ ...TIMING, id: 'reference', kind: 'RF', period: 'previous-month', whenComplete: false, isEnabled: false }),
];

export const EXCHANGE_RECEIVERS: Pick<Settings, 'onec' | 'receivers'> = {
  onec: {
    ...USUAL_RECEIVER,
    name: '1С',
    folder: String.raw`\\server-1c\energo\out`,
    encoding: 'windows-1251',
    formats: ['csv', 'xlsx'],
    acknowledges: { isExpected: true, withinH: 24, folder: null },
  },
  receivers: [
    {
      ...USUAL_RECEIVER,
      id: 'holding',
      name: 'Холдинг',
      folder: String.raw`\\holding\energy`,
      encoding: 'utf-8',
      kinds: ['DY', 'MN'],
      formats: ['xml'],
    },
  ],
};
const REJECTED: PackageSummary['ack'] = {
  status: 'rejected',
  at: '2026-11-22T05:10:00Z',
  rowsOk: 0,
  rowsBad: 384,
  text: 'Период закрыт датой запрета изменения',
  faults: [{ row: 1, key: 'TP1-01;A+', reason: 'period_closed' }],
  faultCount: 384,
};
const PARTIAL: PackageSummary['ack'] = {
  status: 'partial',
  at: '2026-11-26T05:10:00Z',
  rowsOk: 30,
  rowsBad: 2,
  text: 'Неизвестная точка учёта',
  faults: [
    { row: 17, key: 'TP1-05;31589728;A+;0', reason: 'Точка TP1-05 не найдена' },
    { row: 18, key: 'TP1-05;31589728;R+;0', reason: 'Точка TP1-05 не найдена' },
  ],
  faultCount: 2,
};

type ExchangeHandlers = Pick<
  Handlers,
  | 'packages.list'
  | 'packages.get'
  | 'packages.calendar'
  | 'packages.preview'
  | 'packages.corrections'
  | 'packages.make'
  | 'packages.redeliver'
  | 'jobs.list'
  | 'jobs.log'
  | 'jobs.run'
>;

export function screenExchange(now: () => number, settings: () => Settings): ExchangeHandlers {
  const zone = siteZone('Europe/Moscow');
  const nowUtc = () => Math.floor(now() / 1000);
  const today = zone.dateOf(nowUtc());
  const packs: PackageSummary[] = [];
  const supplier: HandedOver[] = [];
  const add = (day: string, part: Partial<PackageSummary>, hours = 6): PackageSummary => {
    const number = packs.length + 1;
    const pack: PackageSummary = {
      id: number,
      receiver: '1c',
      number,
      packId: `5f0c6a10-0000-4000-8000-${String(number).padStart(12, '0')}`,
      kind: 'IV',
      format: 'csv',
      mode: 'full',
      from: day,
      to: day,
      createdAt: isoUtc(zone.startOfDay(addDays(day, 1)) + hours * 3600 + 42),
      rows: 384,
      missingRows: 0,
      controlSum: String(41_200 + ((number * 137) % 900)),
      state: 'accepted',
      error: null,
      folder: String.raw`\\server-1c\energo\out`,
      files: [],
      job: part.kind === 'RD' ? 'daily-rd' : 'daily-iv',
      formats: ['csv'],
      deliveredAt: null,
      replacesPackId: null,
      ack: null,
      ...part,
    };
    const added: PackageSummary = {
      ...pack,
      files: ['csv', 'ok'].map((extension) => ({
        name: `EN_PGM_${pack.kind}_${pack.from.replaceAll('-', '')}_${pack.to.replaceAll('-', '')}_${String(number).padStart(8, '0')}.${extension}`,
        bytes: extension === 'csv' ? 21_044 : 612,
        sha256: 'a3'.repeat(32),
      })),
    };
    packs.push(added);
    return added;
  };
  for (let back = DAYS; back >= 1; back -= 1) {
    const day = addDays(today, -back);
    if (back === 17) continue;
    add(
      day,
      back === 1
        ? { state: 'delivered' }
        : back === 9
          ? { state: 'rejected', ack: REJECTED }
          : back === 12
            ? { missingRows: 14, state: 'delivered' }
            : {},
      back === 6 ? 13 : 6,
    );
    if (back === 1) continue;
    add(
      day,
      {
        kind: 'RD',
        rows: 32,
        ...(back === 3
          ? { state: 'failed', error: 'export/folder-unavailable: no such share' }
          : back === 5
            ? { state: 'partial', ack: PARTIAL }
            : {}),
      },
      6,
    );
    if (back === 10) add(addDays(day, -2), { mode: 'delta', to: day, rows: 14, job: null });
    if (day.endsWith('-01')) {
      const month = startOfMonth(day, -1);
      add(month, {
        kind: 'MN',
        to: addDays(day, -1),
        rows: 16,
        job: 'monthly-mn',
        createdAt: isoUtc(zone.startOfDay(addDays(day, 1)) + 27_042),
      });
    }
    supplier.push({
      what: 'xml80020',
      receiver: '',
      kind: '',
      id: 1000 - back,
      name: `80020_7800000000_${day.replaceAll('-', '')}_${400 - back}.xml`,
      mode: 'full',
      from: day,
      to: day,
      createdUtc: zone.startOfDay(addDays(day, 1)) + 29_000,
      deliveredUtc: null,
      state: back < 3 ? 'delivered' : 'accepted',
      missing: 0,
    });
  }
  const things = (): HandedOver[] => [
    ...packs.map((pack) => ({
      ...pack,
      what: 'onec' as const,
      name: String(pack.number),
      createdUtc: Math.floor(Date.parse(pack.createdAt) / 1000),
      deliveredUtc: null,
      missing: pack.missingRows,
    })),
    ...supplier,
  ];
  const run = (job: string, back: number, part: Partial<JobRunRow> = {}): JobRunRow => {
    const day = addDays(today, -back);
    const startedUtc = zone.startOfDay(addDays(day, 1)) + 6 * 3600;
    return {
      runId: 500 - back,
      job,
      what: 'onec',
      cause: 'schedule',
      from: day,
      to: day,
      startedAt: isoUtc(startedUtc),
      endedAt: isoUtc(startedUtc + 2),
      durationMs: 1240 + back * 17,
      tries: 1,
      outcome: 'made',
      made: [{ kind: 'package', id: 104 - back * 2, name: String(104 - back * 2) }],
      error: null,
      ...part,
    };
  };
  const log = (job: string): JobRunRow[] =>
    job === 'supplier'
      ? [run(job, 1, { outcome: 'failed', made: [], error: 'export/folder-unavailable', tries: 9, what: 'xml80020' })]
      : job === 'reference'
        ? []
        : Array.from({ length: 40 }, (_, index) =>
            run(
              job,
              index + 1,
              index === 11 ? { outcome: 'incomplete' } : index === 2 ? { outcome: 'undelivered', error: 'export/folder-unavailable' } : {},
            ),
          );
  const job = (schedule: Schedule): Job => ({
    schedule,
    state: !schedule.isEnabled ? 'off' : schedule.id === 'supplier' ? 'retrying' : schedule.id === 'daily-rd' ? 'waiting' : 'idle',
    nextAt: schedule.isEnabled ? isoUtc(nextRunUtc(schedule, zone, nowUtc()) ?? 0) : null,
    waits:
      schedule.id === 'daily-rd'
        ? { from: addDays(today, -1), to: addDays(today, -1), until: isoUtc(zone.momentOf(today, '09:00')), expected: 8, settled: 7 }
        : null,
    retryAt: schedule.id === 'supplier' ? isoUtc(nowUtc() + 1200) : null,
    lastRun: log(schedule.id)[0] ?? null,
  });
  const preview = (asked: Pick<PackagePreview, 'receiver' | 'kind' | 'mode' | 'from' | 'to'>): PackagePreview => ({
    ...asked,
    rows: asked.mode === 'delta' ? 5 : 384,
    missingRows: 1,
    controlSum: asked.mode === 'delta' ? '418.32' : '41320.5',
    isEnded: true,
    isFirst: false,
    changes: { new: 0, changed: 4, same: 379, withdrawn: 1 },
    held: 0,
    differences: [0, 1, 2, 3, 4].map((index) => ({
      pointCode: `TP1-0${1 + (index % 3)}`,
      key: `TP1-0${1 + (index % 3)};A+`,
      at: isoUtc(zone.startOfDay(asked.from) + (18 + index) * 1800),
      change: index === 4 ? ('withdrawn' as const) : ('changed' as const),
      before: { figures: index < 2 ? '' : '80.52', status: index < 2 ? 2 : 0, revision: 1 },
      now: { figures: index === 4 ? '' : `8${index}.16`, status: index === 4 ? 2 : 0, revision: 2 },
    })),
    points: ['Ввод 1', 'Ввод 2', 'Станочный участок 1'].map((name, index) => ({
      code: `TP1-0${index + 1}`,
      name,
      rows: 128,
      missingRows: index === 1 ? 1 : 0,
      energy: String(11_240 + index * 917),
      changes: { new: 0, changed: 2 - index, same: 126 + index, withdrawn: index === 1 ? 1 : 0 },
      channels: [],
    })),
  });
  const firstDay = addDays(today, -DAYS);
  return {
    'packages.list': ({ offset, limit }) => ({ rows: packs.toReversed().slice(offset, offset + limit), total: packs.length }),
    'packages.get': ({ packageId }) => {
      const pack = packs.find(({ id }) => id === packageId);
      if (pack === undefined) throw new AppError('api/not-found', 'There is no such package');
      return pack;
    },
    'packages.calendar': ({ month }) => {
      const streams = calendar({
        month,
        schedules: settings().schedules,
        things: things(),
        firstDay: () => firstDay,
        zone,
        nowUtc: nowUtc(),
      });
      return {
        from: startOfMonth(month),
        to: addDays(startOfMonth(month, 1), -1),
        today,
        streams: streams.map((stream) => ({
          ...stream,
          receiverName: stream.what === 'onec' ? '1С' : stream.receiver,
          jobs: [...stream.jobs],
          cells: stream.cells.map(({ latestUtc, things: own, ...cell }) => ({
            ...cell,
            latest: latestUtc === null ? null : isoUtc(latestUtc),
            things: own.map(({ createdUtc, ...thing }) => ({ ...thing, createdAt: isoUtc(createdUtc) })),
          })),
        })),
      };
    },
    'packages.preview': ({ receiver, kind, mode, from, to }) => preview({ receiver, kind, mode, from, to }),
    'packages.corrections': ({ receiver }) =>
      receiver === '1c' ? [preview({ receiver, kind: 'IV', mode: 'delta', from: addDays(today, -20), to: addDays(today, -2) })] : [],
    'packages.make': ({ kind, mode, from, to }) =>
      add(from, { kind, mode, to, state: 'delivered', job: null, createdAt: isoUtc(nowUtc()) }),
    'packages.redeliver': ({ packageId }) => {
      const pack = packs.find(({ id }) => id === packageId);
      if (pack === undefined) throw new AppError('api/not-found', 'There is no such package');
      return { ...pack, state: 'delivered', error: null };
    },
    'jobs.list': () => settings().schedules.map(job),
    'jobs.log': ({ jobId, offset, limit }) => {
      const rows = log(jobId ?? 'daily-iv');
      return { rows: rows.slice(offset, offset + limit), total: rows.length };
    },
    'jobs.run': ({ jobId }) => run(jobId, 1, { cause: 'hand' }),
  };
}
