/** What happens to a point, as the API and the command line ask for it. */
import type { InstallationRow, PlantChangePreview, PlantChangeRequest } from '../../shared/api/plant-changes.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { ActReading, PlantChange } from '../../shared/domain/plant-change.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import { expectedStarts, intervalLengthS, isReadSpan } from '../metering/expected.ts';
import { perChannel } from '../metering/energy.ts';
import { parseMoment } from '../metering/zone.ts';
import type { PlantChangePlan, Store } from '../store/store.ts';
import type { Handlers } from './dispatch.ts';
import type { Site } from './site.ts';

export interface PlantChangeDeps {
  readonly site: Site;
  readonly store: Store;
  readonly parsePassword: (text: string) => Uint8Array | null;
  readonly onPlantChanged: () => Promise<void>;
}

/** What was not read of a meter that goes away is looked for so far back: no ring of a Mercury is deeper. */
const LOOK_BACK_S = 171 * 86_400;

export function plantChangeHandlers({
  site,
  store,
  parsePassword,
  onPlantChanged,
}: PlantChangeDeps): Pick<Handlers, 'points.history' | 'points.checkChange' | 'points.change'> {
  const changeOf = (request: PlantChangeRequest) => domainChange(request, site, parsePassword);
  return {
    'points.history': ({ pointId }) => installationRows(site, site.point(pointId).point.id),
    'points.checkChange': ({ change }) => previewOf(site, store.plant.checkChange(changeOf(change))),
    'points.change': async ({ change }, context) => {
      const wanted = changeOf(change);
      const preview = previewOf(site, store.plant.checkChange(wanted));
      store.plant.applyChange(wanted, site.zone.offsetMinAt(site.nowUtc()), context.transport);
      site.refresh();
      await onPlantChanged();
      return preview;
    },
  };
}

/** A plan as people read it, with what would be lost by it. Ask before the plan is carried out. */
export function previewOf(site: Site, plan: PlantChangePlan): PlantChangePreview {
  const { change, point, closes, opens, meter, removes, splitStartUtc } = plan;
  const meterOf = (meterId: number | null) => site.plant.meters.find(({ id }) => id === meterId);
  const stays = meterOf(opens?.meterId ?? null);
  const comes = meter ?? stays ?? null;
  return {
    kind: change.kind,
    pointCode: point.code,
    at: isoUtc(change.atUtc),
    closes:
      closes === null
        ? null
        : {
            meterSerial: meterOf(closes.meterId)?.serial ?? '',
            from: closes.fromUtc === null ? null : isoUtc(closes.fromUtc),
            ct: closes.ct,
            vt: closes.vt,
          },
    opens:
      opens === null || comes === null
        ? null
        : {
            meterSerial: comes.serial,
            line: site.plant.lines.find(({ id }) => id === comes.lineId)?.name ?? '',
            address: comes.address,
            ct: opens.ct,
            vt: opens.vt,
          },
    isMeterKnown: meter === null ? null : meter.known !== null,
    splitStart: splitStartUtc === null ? null : isoUtc(splitStartUtc),
    unreadIntervals: removes === null ? 0 : unreadIntervals(site, point.id, removes.id, change.atUtc),
  };
}

/** Expected before `untilUtc`, neither stored nor proven absent, and still kept by the meter. */
function unreadIntervals(site: Site, pointId: number, meterId: number, untilUtc: UtcSeconds): number {
  const proven = site.store.gaps.list(meterId).filter(({ state }) => state === 'proven-absent');
  let unread = 0;
  for (const { span, intervals } of site.pointData(pointId, untilUtc - LOOK_BACK_S, untilUtc)) {
    if (span.meter.id !== meterId || !isReadSpan(span)) continue;
    const { ringSlots } = span.meter.facts;
    const oldestUtc = ringSlots === null ? span.fromUtc : site.nowUtc() - ringSlots * intervalLengthS(span.meter);
    const stored = new Set(intervals.map(({ startUtc }) => startUtc));
    unread += expectedStarts(span, site.nowUtc()).filter(
      (start) => start >= oldestUtc && !stored.has(start) && !proven.some((gap) => start >= gap.fromUtc && start < gap.toUtc),
    ).length;
  }
  return unread;
}

function installationRows(site: Site, pointId: number): InstallationRow[] {
  return site.installations(pointId).map(({ installation, meter }) => ({
    meterSerial: meter.serial,
    from: installation.fromUtc === null ? null : isoUtc(installation.fromUtc),
    to: installation.toUtc === null ? null : isoUtc(installation.toUtc),
    ct: installation.ct,
    vt: installation.vt,
    valuesArePrimary: installation.valuesArePrimary,
    firstRegisters: installation.firstRegisters.map(actText),
    lastRegisters: installation.lastRegisters.map(actText),
  }));
}

function actText({ tariff, energy }: ActReading) {
  return { tariff, ...perChannel((channel) => (energy[channel] === null ? null : String(energy[channel]))) };
}

function domainChange(request: PlantChangeRequest, site: Site, parsePassword: PlantChangeDeps['parsePassword']): PlantChange {
  const common = {
    pointCode: site.point(request.pointId).point.code,
    atUtc: parseMoment(request.at, site.zone),
    reason: request.reason,
  };
  switch (request.kind) {
    case 'replace-meter': {
      const { kind, serial, driver, address, accessLevel, ct, vt } = request;
      return {
        ...common,
        kind,
        serial,
        driver,
        address,
        accessLevel,
        ct,
        vt,
        password: request.password === null ? null : parsePassword(request.password),
        finalRegisters: request.finalRegisters.map(readingOf),
        firstRegisters: request.firstRegisters.map(readingOf),
      };
    }
    case 'change-ratio':
      return { ...common, kind: request.kind, ct: request.ct, vt: request.vt };
    default:
      return { ...common, kind: request.kind };
  }
}

/** A line of an act as it crosses the API: texts of whole numbers become integers. */
export function readingOf(row: { readonly tariff: number } & Readonly<Record<Channel, string | null>>): ActReading {
  const energy = perChannel((channel) => (row[channel] === null ? null : Number(row[channel])));
  return { tariff: row.tariff, energy };
}
