/** What a package would hold beside what its receiver was told before: nothing is numbered or written. */
import type { Channel } from '../../../shared/domain/channel.ts';
import { decimalText } from '../../metering/energy.ts';
import { periodOf } from '../../metering/zone.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Progress, unwatched } from '../../platform/progress.ts';
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

/** `clock` tells whether the period is over. A year of a plant takes a minute. Rejects with `api/cancelled`. */
export async function previewPackage(
  { source, store, clock }: { readonly source: ExportSource; readonly store: Pick<PackageStore, 'sentBefore'>; readonly clock: Clock },
  receiver: string,
  request: ContentRequest,
  progress: Progress = unwatched(),
): Promise<PackagePreview> {
  let [total, changes, held, isFirst] = [NO_ROWS, NO_CHANGES, 0, true];
  const points: PointPreview[] = [];
  const differences: RowDifference[] = [];
  const told = (pointCode: string, from: string, to: string) =>
    store.sentBefore(receiver, request.kind, pointCode, { from, to }, Number.MAX_SAFE_INTEGER);
  let tally = new PointTally();
  for await (const { point, rows, judged, held: heldHere, isLast } of contentOf(source, told, request, progress)) {
    tally.add(rows, judged);
    total = summarise(total, rows);
    held += heldHere;
    for (const { row, change, before } of judged) {
      if (before === null) continue;
      isFirst = false;
      if (change === 'same' || change === 'new' || differences.length === FIRST_DIFFERENCES) continue;
      differences.push({ row, change, before, now: { figures: printedFigures(row), status: row.status, revision: row.revision } });
    }
    if (!isLast) continue;
    const counted = tally.result();
    changes = sum(changes, counted.changes);
    // Of a point without anything to correct there is nothing to show.
    if (request.mode === 'full' || counted.channels.length > 0) points.push({ code: point.code, name: point.name, ...counted });
    tally = new PointTally();
  }
  const { toUtc } = periodOf(request.from, request.to, request.zone);
  return { ...total, isEnded: toUtc * 1000 <= clock.now(), isFirst, changes, held, differences, points };
}

/** What is counted of one point. */
class PointTally {
  #summary = NO_ROWS;
  #imported: bigint | null = null;
  readonly #channels = new Map<Channel | null, ChangeCounts>();

  add(rows: readonly OnecRow[], judged: readonly JudgedRow[]): void {
    this.#summary = summarise(this.#summary, rows);
    const imported = importedEnergy(rows);
    if (imported !== null) this.#imported = (this.#imported ?? 0n) + imported;
    for (const one of judged) {
      const channel = 'channel' in one.row ? one.row.channel : null;
      this.#channels.set(channel, count(this.#channels.get(channel) ?? NO_CHANGES, one));
    }
  }

  result(): Omit<PointPreview, 'code' | 'name'> {
    const channels = [...this.#channels].map(([channel, counts]) => ({ channel, ...counts }));
    return {
      ...this.#summary,
      energy: this.#imported === null ? null : decimalText({ numerator: this.#imported, denominator: 1000n }),
      changes: channels.reduce(sum, NO_CHANGES),
      channels,
    };
  }
}

/** Thousandths; null when there is none. Tariffs are parts of zone 0, so they are not added to it. */
function importedEnergy(rows: readonly OnecRow[]): bigint | null {
  let energy: bigint | null = null;
  for (const row of rows) {
    const isEnergy = row.kind === 'IV' || ((row.kind === 'DY' || row.kind === 'MN') && row.tariff === 0);
    if (isEnergy && row.channel === 'A+' && row.figure !== null) energy = (energy ?? 0n) + row.figure;
  }
  return energy;
}

function count(counts: ChangeCounts, { change, isGone }: JudgedRow): ChangeCounts {
  // What was withdrawn before is no row, so it is not even the same one.
  return isGone && change === 'same' ? counts : { ...counts, [change]: counts[change] + 1 };
}

function sum(a: ChangeCounts, b: ChangeCounts): ChangeCounts {
  return { new: a.new + b.new, changed: a.changed + b.changed, same: a.same + b.same, withdrawn: a.withdrawn + b.withdrawn };
}
