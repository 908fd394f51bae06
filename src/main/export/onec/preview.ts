/** What a package would hold beside what its receiver was told before: nothing is numbered or written. */
import type { Channel } from '../../../shared/domain/channel.ts';
import { decimalText } from '../../metering/energy.ts';
import { periodOf } from '../../metering/zone.ts';
import type { Clock } from '../../platform/clock.ts';
import { type ContentRequest, contentOf } from './content.ts';
import type { PackageStore } from './package-store.ts';
import type { JudgedRow } from './revisions.ts';
import type { ExportSource, OnecRow } from './row.ts';
import { NO_ROWS, printedFigures, type RowsSummary, summarise } from './rows.ts';

/** So many differences are shown with their figures; the others are counted. */
const FIRST_DIFFERENCES = 100;

/** How the rows of a period stand to what was told. */
export interface ChangeCounts {
  readonly new: number;
  readonly changed: number;
  readonly same: number;
  /** Told before and no row any more. */
  readonly withdrawn: number;
}

export interface RowDifference {
  readonly row: OnecRow;
  readonly change: 'changed' | 'withdrawn';
  readonly before: { readonly figures: string; readonly status: number; readonly revision: number };
  readonly now: { readonly figures: string; readonly status: number; readonly revision: number };
}

export interface PointPreview extends RowsSummary {
  readonly code: string;
  readonly name: string;
  /** kWh of A+ over the rows that add up to a whole, exact text; null in RD and RF and when there is none. */
  readonly energy: string | null;
  readonly changes: ChangeCounts;
  /** null = reference rows, which have no channel. */
  readonly channels: readonly (ChangeCounts & { readonly channel: Channel | null })[];
}

export interface PackagePreview extends RowsSummary {
  readonly isEnded: boolean;
  /** Nothing of this period was ever told to the receiver. */
  readonly isFirst: boolean;
  readonly changes: ChangeCounts;
  /** Rows that differ and may not be corrected, because their month is closed. */
  readonly held: number;
  /** The first of them, in the order of the file; rows told for the first time are none. */
  readonly differences: readonly RowDifference[];
  readonly points: readonly PointPreview[];
}

const NO_CHANGES: ChangeCounts = { new: 0, changed: 0, same: 0, withdrawn: 0 };

export function previewPackage(
  { source, store, clock }: { readonly source: ExportSource; readonly store: Pick<PackageStore, 'sentBefore'>; readonly clock: Clock },
  receiver: string,
  request: ContentRequest,
): PackagePreview {
  let [total, changes, held, isFirst] = [NO_ROWS, NO_CHANGES, 0, true];
  const points: PointPreview[] = [];
  const differences: RowDifference[] = [];
  const told = (pointCode: string, from: string, to: string) =>
    store.sentBefore(receiver, request.kind, pointCode, { from, to }, Number.MAX_SAFE_INTEGER);
  for (const { point, rows, judged, held: heldHere } of contentOf(source, told, request)) {
    const own = judged.reduce(count, NO_CHANGES);
    const channels = new Map<Channel | null, ChangeCounts>();
    for (const one of judged) {
      const channel = 'channel' in one.row ? one.row.channel : null;
      channels.set(channel, count(channels.get(channel) ?? NO_CHANGES, one));
      if (one.before !== null) isFirst = false;
      const { row, change, before } = one;
      if (before === null || change === 'same' || change === 'new' || differences.length === FIRST_DIFFERENCES) continue;
      differences.push({ row, change, before, now: { figures: printedFigures(row), status: row.status, revision: row.revision } });
    }
    points.push({
      ...summarise(NO_ROWS, rows),
      code: point.code,
      name: point.name,
      energy: importedEnergy(rows),
      changes: own,
      channels: [...channels].map(([channel, counts]) => ({ channel, ...counts })),
    });
    total = summarise(total, rows);
    changes = sum(changes, own);
    held += heldHere;
  }
  const { toUtc } = periodOf(request.from, request.to, request.zone);
  return { ...total, isEnded: toUtc * 1000 <= clock.now(), isFirst, changes, held, differences, points };
}

/** Tariffs are parts of zone 0, so they are not added to it. */
function importedEnergy(rows: readonly OnecRow[]): string | null {
  const imported = rows.flatMap((row) => {
    const isEnergy = row.kind === 'IV' || ((row.kind === 'DY' || row.kind === 'MN') && row.tariff === 0);
    return isEnergy && row.channel === 'A+' ? (row.figure ?? []) : [];
  });
  const energy = imported.reduce((total, figure) => total + figure, 0n);
  return imported.length === 0 ? null : decimalText({ numerator: energy, denominator: 1000n });
}

function count(counts: ChangeCounts, { change, isGone }: JudgedRow): ChangeCounts {
  // What was withdrawn before is no row, so it is not even the same one.
  return isGone && change === 'same' ? counts : { ...counts, [change]: counts[change] + 1 };
}

function sum(a: ChangeCounts, b: ChangeCounts): ChangeCounts {
  return { new: a.new + b.new, changed: a.changed + b.changed, same: a.same + b.same, withdrawn: a.withdrawn + b.withdrawn };
}
