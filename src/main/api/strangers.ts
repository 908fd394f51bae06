/** Meters that answer in place of others: who, since when, and what a person makes of them. */
import type { StrangerRow } from '../../shared/api/strangers.ts';
import type { Attention } from '../../shared/api/values.ts';
import type { MeterRecord } from '../../shared/domain/plant.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import type { Store } from '../store/store.ts';
import type { Handlers } from './dispatch.ts';
import type { Site } from './site.ts';

export interface StrangerDeps {
  readonly site: Site;
  readonly store: Store;
  readonly onPlantChanged: () => Promise<void>;
}

export function strangerHandlers({ site, store, onPlantChanged }: StrangerDeps): Pick<Handlers, 'strangers.list' | 'strangers.reject'> {
  return {
    'strangers.list': ({ pointId }) => strangerRows(site).filter((row) => pointId === undefined || row.pointId === pointId),
    'strangers.reject': async ({ serial, reason }, context) => {
      store.strangers.reject(serial, context.transport, reason);
      site.refresh();
      await onPlantChanged();
      return {};
    },
  };
}

/** Those that wait for a decision first. */
export function strangerRows(site: Site): StrangerRow[] {
  const { meters, installations, points, lines } = site.plant;
  return site.store.strangers.list().map((record) => {
    const place = installations.findLast(({ meterId, kind }) => meterId === record.expectedMeterId && kind === 'main');
    const point = points.find(({ id }) => id === place?.pointId);
    return {
      serial: record.serial,
      expectedSerial: meters.find(({ id }) => id === record.expectedMeterId)?.serial ?? '',
      pointId: point?.id ?? null,
      pointCode: point?.code ?? null,
      pointName: point?.name ?? null,
      line: lines.find(({ id }) => id === record.lineId)?.name ?? '',
      address: record.address,
      state: record.state,
      firstSeen: isoUtc(record.firstSeenUtc),
      lastSeen: isoUtc(record.lastSeenUtc),
      intervals: intervalsOf(site, record.meterId),
      isDenied: record.deniedUtc !== null,
      decidedAt: record.decidedUtc === null ? null : isoUtc(record.decidedUtc),
      who: record.who,
      reason: record.reason,
    };
  });
}

/** What is told of a meter in whose place another answers: who it is; `null` = a person has said that it is none of ours. */
export function answeringInPlace(site: Site, meter: MeterRecord): Attention['params'] | null {
  const latest = site.store.strangers.latest(meter.id);
  if (latest?.state === 'rejected') return null;
  if (latest?.state !== 'quarantined') return {};
  return { stranger: latest.serial, quarantined: isoUtc(latest.firstSeenUtc), intervals: intervalsOf(site, latest.meterId) };
}

function intervalsOf(site: Site, meterId: number): number {
  return site.store.intervals.count(meterId, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
}
