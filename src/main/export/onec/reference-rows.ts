import type { PointRecord } from '../../../shared/domain/plant.ts';
import { periodOf } from '../../metering/zone.ts';
import { printedRatios } from './ratios.ts';
import type { ExportSource, ReferenceRow, RowsRequest } from './row.ts';

/** The RF row of a point: what it is and which main meter stood there last before the period ended; without one the cells are empty. */
export function referenceRows(point: PointRecord, source: ExportSource, { from, to, zone }: RowsRequest): ReferenceRow[] {
  const { fromUtc, toUtc } = periodOf(from, to, zone);
  const plant = source.plant();
  const installation = plant.installations
    .filter((one) => one.pointId === point.id && one.kind === 'main' && (one.fromUtc ?? Number.NEGATIVE_INFINITY) < toUtc)
    .sort((a, b) => (a.fromUtc ?? Number.NEGATIVE_INFINITY) - (b.fromUtc ?? Number.NEGATIVE_INFINITY))
    .at(-1);
  return [
    {
      kind: 'RF',
      point,
      instantUtc: fromUtc,
      offsetMin: zone.offsetMinAt(fromUtc),
      day: from,
      key: point.code,
      figure: null,
      status: 0,
      method: 'auto',
      revision: 1,
      serial: plant.meters.find(({ id }) => id === installation?.meterId)?.serial ?? null,
      ...(installation === undefined ? { ct: null, vt: null } : printedRatios(installation)),
    },
  ];
}
