/** Events of the meters' own journals, with the points that the meters stood at. */
import type { MethodResult } from '../../shared/api/methods.ts';
import type { InstallationRecord, Plant } from '../../shared/domain/plant.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import type { HandlerParams } from './dispatch.ts';
import type { Site } from './site.ts';

/** Newest first. A point's events are those of every main meter that has stood there. */
export function eventsList(site: Site, params: HandlerParams<'events.list'>): MethodResult<'events.list'> {
  const { plant } = site;
  const { pointId, from, to, kinds, offset, limit } = params;
  const filter = {
    ...(pointId === undefined ? {} : { meterIds: metersOf(plant, site.point(pointId).point.id) }),
    ...(from === undefined ? {} : { fromUtc: momentOf(from) }),
    ...(to === undefined ? {} : { toUtc: momentOf(to) }),
    ...(kinds === undefined ? {} : { kinds }),
  };
  const { rows, total } = site.store.journals.list(filter, offset, limit);
  return {
    total,
    rows: rows.map(({ meterId, journal, kind, atUtc, details }) => {
      const installation = installationAt(plant, meterId, atUtc);
      const point = plant.points.find(({ id }) => id === installation?.pointId);
      return {
        pointId: point?.id ?? null,
        pointCode: point?.code ?? null,
        pointName: point?.name ?? null,
        meterSerial: plant.meters.find(({ id }) => id === meterId)?.serial ?? '',
        journal,
        kind,
        at: isoUtc(atUtc),
        details: { ...details },
      };
    }),
  };
}

function metersOf(plant: Plant, pointId: number): number[] {
  return plant.installations.filter((one) => one.pointId === pointId && one.kind === 'main').map(({ meterId }) => meterId);
}

/** Where the meter stood then; its journals reach back before the day on which it was entered here. */
function installationAt(plant: Plant, meterId: number, atUtc: UtcSeconds): InstallationRecord | undefined {
  const all = plant.installations.filter((one) => one.meterId === meterId);
  return all.find(({ fromUtc, toUtc }) => (fromUtc ?? atUtc) <= atUtc && (toUtc === null || toUtc > atUtc)) ?? all.at(-1);
}

function momentOf(text: string): UtcSeconds {
  return Math.floor(Date.parse(text) / 1000);
}
