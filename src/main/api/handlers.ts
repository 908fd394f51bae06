/** One handler for each method of the contract: look up, ask the metering arithmetic, shape the answer. */
import { AppError } from '../../shared/api/errors.ts';
import type { LineStatus, PointCard, SystemStatus } from '../../shared/api/methods.ts';
import type { State } from '../../shared/api/values.ts';
import { API_VERSION } from '../../shared/api/methods.ts';
import type { Settings } from '../../shared/api/settings.ts';
import { energyUnit } from '../../shared/domain/channel.ts';
import { type ImportRow, metersOnLine } from '../../shared/domain/plant.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import type { LineStatus as EngineLineStatus } from '../engine/engine.ts';
import { checkedZoneName, periodOf, parseMoment } from '../metering/zone.ts';
import type { SearchDesk } from '../search/desk.ts';
import type { Store } from '../store/store.ts';
import type { BackupDesk } from './backup-desk.ts';
import type { ClockDesk } from './clock-desk.ts';
import { closingHandlers } from './closing-desk.ts';
import { completenessMap } from './completeness.ts';
import { pointConsumption } from './consumption.ts';
import { dayCheckRows } from './day-checks.ts';
import { daySeries, daySummary } from './day-view.ts';
import type { Handlers } from './dispatch.ts';
import { eventsList } from './events-list.ts';
import { findingsList } from './findings-list.ts';
import { history } from './history.ts';
import { gapRows, intervalRows, registerRow, registerRows } from './intervals.ts';
import { type JobHandlerDeps, jobHandlers } from './jobs.ts';
import { lineTestHandlers } from './line-test.ts';
import { livePoint, pointFindings } from './live-view.ts';
import { type LongWorks, workHandlers } from './long-works.ts';
import type { MeterDesk } from './meter-desk.ts';
import { attentionList, overview } from './overview.ts';
import { type PackageCalendarDeps, packageCalendarHandlers } from './package-calendar.ts';
import { packageSummary } from './packages.ts';
import { plantChangeHandlers } from './plant-changes.ts';
import type { PackageDesk } from './package-desk.ts';
import { readingHandlers } from './reading-desk.ts';
import { replacementHandlers } from './replacement-desk.ts';
import { reportHandlers } from './reports.ts';
import type { RereadDesk } from './reread-desk.ts';
import { searchHandlers } from './search.ts';
import type { InstalledPoint, Site } from './site.ts';
import type { TrainingDesk } from './training-desk.ts';
import { strangerHandlers } from './strangers.ts';
import { supplierHandlers } from './supplier.ts';
import type { SupplierDesk } from './xml80020-desk.ts';
import { type ExplainExchange, why } from './why.ts';
import type { WriteDesk } from './write-desk.ts';
import type { Yesterday } from './yesterday.ts';

export interface HandlerDeps {
  readonly site: Site;
  readonly store: Store;
  readonly version: string;
  readonly startedAtUtc: number;
  readonly isPolling: () => boolean;
  readonly yesterday: Yesterday;
  readonly liveSequence: () => number;
  readonly desk: PackageDesk;
  readonly works: LongWorks;
  readonly supplier: SupplierDesk;
  readonly jobs: JobHandlerDeps['jobs'];
  readonly supplierFiles?: PackageCalendarDeps['supplierFiles'];
  readonly writes: WriteDesk;
  readonly backups: BackupDesk;
  readonly rereads: RereadDesk;
  readonly clocks: ClockDesk;
  /** Throws `api/conflict` inside the training plant itself. */
  readonly training: () => TrainingDesk;
  readonly searches: SearchDesk;
  readonly meters: MeterDesk;
  readonly parseImport: (file: Uint8Array, siteOffsetMin: number) => ImportRow[];
  readonly parsePassword: (text: string) => Uint8Array | null;
  readonly explain: ExplainExchange;
  readonly diskFreeBytes: () => number | null;
  /** Replacements, readings or the closing of a month changed. */
  readonly onReplaced: (month: string) => void;
  /** Meters were added: the engine starts anew with them. */
  readonly onPlantChanged: () => Promise<void>;
}

/** How many rows a list method may count before it must be asked with a narrower period. */
const MAX_INTERVAL_ROWS = 400_000;

export function createHandlers(deps: HandlerDeps): Handlers {
  const { site, store } = deps;
  const readImport = (fileBase64: string, timeZone: string | undefined) => {
    const zone = timeZone === undefined ? null : checkedZoneName(timeZone);
    const settings = zone === null ? site.settings : { ...site.settings, site: { ...site.settings.site, timeZone: zone } };
    const offsetMin = siteOffsetMin(site, settings);
    return {
      settings,
      offsetMin,
      isZoneNew: zone !== null && zone !== site.settings.site.timeZone,
      rows: deps.parseImport(Buffer.from(fileBase64, 'base64'), offsetMin),
    };
  };

  return {
    ...searchHandlers(deps.searches),
    ...lineTestHandlers(deps.searches),
    ...plantChangeHandlers(deps),
    ...strangerHandlers(deps),
    ...jobHandlers(deps),
    ...packageCalendarHandlers(deps),
    ...replacementHandlers(deps),
    ...readingHandlers(deps),
    ...closingHandlers(deps),
    ...supplierHandlers(deps),
    ...reportHandlers(deps),
    ...workHandlers(deps),
    'system.status': () => systemStatus(deps),
    'overview.get': () => overview(site),
    'live.list': () => ({
      sequence: deps.liveSequence(),
      at: isoUtc(site.nowUtc()),
      points: site.points.map((installed) => livePoint(site, installed)),
    }),
    'live.watch': ({ pointIds }) => {
      site.engine?.watch(pointIds.flatMap((pointId) => site.points.find(({ point }) => point.id === pointId)?.meter.id ?? []));
      return {};
    },
    'live.history': (request) => history(site, request),
    'points.tree': () =>
      site.plant.substations.map(({ id, name }) => ({
        id,
        name,
        points: [
          ...site.points
            .filter(({ point }) => point.substationId === id)
            .map((installed) => ({ ...treePointOf(installed), state: livePoint(site, installed).state })),
          ...site.received
            .filter(({ point }) => point.substationId === id)
            .map((received) => ({ ...treePointOf(received), state: 'no-data' as const, isReceived: true })),
        ],
      })),
    'points.get': async ({ pointId }) => {
      const installed = site.point(pointId);
      return { ...pointCard(site, installed), clock: await deps.clocks.trend(installed) };
    },
    'consumption.get': ({ pointIds, from, to, step, channel }) => {
      const period = periodOf(from, to, site.zone);
      refuseEmpty(from, to);
      return {
        from: isoUtc(period.fromUtc),
        to: isoUtc(period.toUtc),
        step,
        channel,
        unit: energyUnit(channel),
        series: pointIds.map((pointId) => pointConsumption(site, pointId, { from, to, step, channel })),
      };
    },
    'intervals.list': ({ from, to, pointCode, offset, limit }) => {
      const points = pointCode === undefined ? site.points : [site.pointByCode(pointCode)];
      const [fromUtc, toUtc] = [parseMoment(from, site.zone), parseMoment(to, site.zone)];
      if (((toUtc - fromUtc) / 1800) * points.length > MAX_INTERVAL_ROWS) {
        throw new AppError('api/invalid-argument', 'The period holds too many intervals for one list', {
          hint: 'Ask for fewer days or for one point.',
        });
      }
      return paged([...intervalRows(site, points, fromUtc, toUtc)], offset, limit);
    },
    'registers.list': ({ pointCode, offset, limit }) =>
      paged(registerRows(site, pointCode === undefined ? site.points : [site.pointByCode(pointCode)]), offset, limit),
    'gaps.list': ({ offset, limit }) => paged(gapRows(site), offset, limit),
    'events.list': (params) => eventsList(site, params),
    'backup.status': () => deps.backups.status(),
    'backup.make': async () => {
      await deps.backups.make();
      return deps.backups.status();
    },
    'completeness.get': ({ from, to }) => completenessMap(site, from, to),
    'checks.list': ({ pointCode, offset, limit, ...filter }) =>
      paged(dayCheckRows(site, pointCode === undefined ? site.points : [site.pointByCode(pointCode)], filter), offset, limit),
    'rereads.ask': ({ pointId, from, to, reason }, context) =>
      deps.rereads.ask(pointId, parseMoment(from, site.zone), parseMoment(to, site.zone), context.transport, reason),
    'rereads.list': ({ offset, limit }) => deps.rereads.list(offset, limit),
    'rereads.cancel': ({ rereadId }) => deps.rereads.cancel(rereadId),
    'why.get': ({ pointCode, at }) => why(site, pointCode, parseMoment(at, site.zone), deps.explain),
    'packages.list': ({ offset, limit }) => {
      const { rows, total } = store.packages.list(offset, limit);
      return { rows: rows.map(packageSummary), total };
    },
    'packages.preview': ({ workId, ...request }) => {
      const { kind: name, from, to } = request;
      refuseEmpty(from, to);
      return deps.works.run({ kind: 'package-preview', name, from, to }, workId, (progress) => deps.desk.preview(request, progress));
    },
    'packages.corrections': ({ workId, ...request }) => {
      const { from, to } = request;
      return deps.works.run({ kind: 'corrections', from, to }, workId, (progress) => deps.desk.corrections(request, progress));
    },
    'packages.make': async ({ workId, ...request }) => {
      const { kind: name, from, to } = request;
      refuseEmpty(from, to);
      return deps.works.run({ kind: 'package', name, from, to }, workId, async (progress) =>
        packageSummary(await deps.desk.make(request, null, progress)),
      );
    },
    'packages.redeliver': async ({ packageId }) => packageSummary(await deps.desk.redeliver(packageId)),
    'lines.waits': ({ lineId }) => (site.engine?.waits(lineId) ?? []).map((waits) => ({ ...waits })),
    'findings.list': () => findingsList(site),
    'meter.audit': ({ pointId }) => deps.meters.audit(pointId),
    'meter.auditNow': ({ pointId }) => deps.meters.auditNow(pointId),
    'meter.inventory': ({ pointId }) => deps.meters.inventory(pointId),
    'meter.read': ({ pointId, key }) => deps.meters.read(pointId, key),
    'writes.plan': ({ pointId, write }) => deps.writes.plan(pointId, write),
    'writes.perform': ({ planId, confirmation, reason }, context) => deps.writes.perform(planId, confirmation, reason, context),
    'writes.list': ({ offset, limit }) => deps.writes.list(offset, limit),
    'training.status': () => deps.training().status(),
    'training.start': ({ seed, isFresh }) => deps.training().start(seed, isFresh),
    'training.stop': () => deps.training().stop(),
    'training.setFault': ({ fault }) => deps.training().setFault(fault),
    'training.clearFault': ({ kind, target }) => deps.training().clearFault(kind, target),
    'settings.get': () => site.settings,
    'settings.set': (settings, context) => {
      checkedZoneName(settings.site.timeZone);
      store.settings.save(settings, context.transport);
      site.refresh();
      deps.supplier.tryAgain();
      return settings;
    },
    'import.check': ({ fileBase64, timeZone }) => {
      const { rows, offsetMin } = readImport(fileBase64, timeZone);
      return store.plant.checkImport(rows, offsetMin);
    },
    'import.apply': async ({ fileBase64, timeZone }, context) => {
      const { rows, offsetMin, settings, isZoneNew } = readImport(fileBase64, timeZone);
      const result = store.plant.applyImport(rows, offsetMin, context.transport);
      if (isZoneNew) store.settings.save(settings, context.transport);
      site.refresh();
      await deps.onPlantChanged();
      return result;
    },
  };
}

function treePointOf({ point: { id, code, name, role } }: Pick<InstalledPoint, 'point'>) {
  return { id, code, name, role };
}

function siteOffsetMin(site: Site, settings: Settings): number {
  return settings.site.timeZone === site.settings.site.timeZone
    ? site.zone.offsetMinAt(site.nowUtc())
    : site.zoneOf(settings.site.timeZone).offsetMinAt(site.nowUtc());
}

function refuseEmpty(from: string, to: string): void {
  if (to < from) throw new AppError('api/invalid-argument', 'The period ends before it begins', { context: { from, to } });
}

function paged<T>(rows: readonly T[], offset: number, limit: number): { rows: T[]; total: number } {
  return { rows: rows.slice(offset, offset + limit), total: rows.length };
}

export function systemStatus(deps: HandlerDeps): SystemStatus {
  const { site, store } = deps;
  const nowUtc = site.nowUtc();
  return {
    product: 'Feeder',
    version: deps.version,
    apiVersion: API_VERSION,
    startedAt: isoUtc(deps.startedAtUtc),
    now: isoUtc(nowUtc),
    site: {
      name: site.settings.site.name,
      code: site.settings.site.code,
      timeZone: site.settings.site.timeZone,
      utcOffsetMin: site.zone.offsetMinAt(nowUtc),
    },
    isPolling: deps.isPolling(),
    points: site.points.length,
    lines: lineStatuses(site),
    completenessYesterday: deps.yesterday.completeness(),
    diskFreeBytes: deps.diskFreeBytes(),
    databaseBytes: store.databaseBytes(),
    attention: attentionList(site).length,
  };
}

function lineStatuses(site: Site): LineStatus[] {
  const running = new Map((site.engine?.lines() ?? []).map((line) => [line.record.id, line]));
  return site.plant.lines.map((record) => {
    const meters = metersOnLine(site.plant, record.id);
    const line = running.get(record.id);
    const isSilent = ({ id }: { readonly id: number }) => {
      const status = site.engine?.meter(id);
      return status !== null && status !== undefined && status.health !== 'ok' && status.health !== 'unknown';
    };
    // Behind a dropped line nobody answers, whatever was last known of each.
    const silent = line?.state === 'down' ? meters.length : meters.filter(isSilent).length;
    const lastMs = line?.counters.lastExchangeAtMs ?? null;
    return {
      id: record.id,
      name: record.name,
      address: record.address,
      state: lineState(line, silent),
      reason: line?.code ?? null,
      meters: meters.length,
      silentMeters: silent,
      lastExchangeAt: lastMs === null ? null : isoUtc(Math.floor(lastMs / 1000)),
      exchanges: line?.counters.exchanges ?? 0,
      failures: line?.counters.failures ?? 0,
    };
  });
}

function lineState(line: EngineLineStatus | undefined, silentMeters: number): State {
  if (line === undefined || line.state === 'connecting' || line.state === 'stopped') return 'unchecked';
  if (line.state === 'down') return 'fault';
  return silentMeters > 0 ? 'attention' : 'ok';
}

function pointCard(site: Site, installed: InstalledPoint): Omit<PointCard, 'clock'> {
  const { point, substation, installation, meter, line } = installed;
  const { facts } = meter;
  const live = livePoint(site, installed);
  const today = site.zone.dateOf(site.nowUtc());
  return {
    id: point.id,
    code: point.code,
    name: point.name,
    substation,
    role: point.role,
    live,
    meter: {
      serial: meter.serial,
      driver: meter.driver,
      address: meter.address,
      firmware: facts.firmware,
      manufactured: facts.manufactured,
      constantImpPerKwh: facts.constantImpPerKwh,
      profilePeriodMin: facts.profilePeriodMin,
      ringDays:
        facts.ringSlots === null || facts.profilePeriodMin === null ? null : Math.floor((facts.ringSlots * facts.profilePeriodMin) / 1440),
      line: line?.name ?? null,
      lineAddress: line?.address ?? null,
      clockOffsetMin: meter.clock.offsetMin,
    },
    installation: {
      from: installation.fromUtc === null ? null : isoUtc(installation.fromUtc),
      ct: installation.ct,
      vt: installation.vt,
      scheme: installation.scheme,
      valuesArePrimary: installation.valuesArePrimary,
    },
    registers: site.store.registers.latest(meter.id).map((reading) => registerRow(point.code, meter.serial, reading)),
    today: daySummary(today, [daySeries(site, installed, today)]),
    findings: pointFindings(site, installed, live, site.store.findings.lasting()),
  };
}
