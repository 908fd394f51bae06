/** What a package holds, point by point and month by month: rows beside what the receiver was told before. */
import { CHANNELS, type Channel } from '../../../shared/domain/channel.ts';
import type { PointRecord } from '../../../shared/domain/plant.ts';
import type { PackageRecord, SentDay } from '../../../shared/domain/package.ts';
import { addDays, startOfMonth } from '../../metering/zone.ts';
import type { Progress } from '../../platform/progress.ts';
import { groupBy } from './group-by.ts';
import type { ExportSource, OnecRow, RowsRequest } from './row.ts';
import { correctionsOf, type JudgedRow, judgeRows, sentDays, toldRange, wholeRows } from './revisions.ts';
import { pointsInOrder, rowsOfPoint } from './rows.ts';

/** What was told last of each key and day of a point, days inclusive, by packages below a number. */
export type ToldLookup = (pointCode: string, from: string, to: string) => readonly SentDay[];

export interface ContentRequest extends RowsRequest {
  readonly mode: PackageRecord['mode'];
  /** Why a day of the site is closed for corrections; null = it is not. */
  readonly isClosed: (day: string) => string | null;
}

/** A month of a point, or its whole period where rows are few. */
export interface ContentPart {
  readonly point: PointRecord;
  /** Rows of the package. */
  readonly rows: readonly OnecRow[];
  /** All rows of the time, those that are gone among them. */
  readonly judged: readonly JudgedRow[];
  /** To be remembered once the package is rendered. */
  readonly sent: readonly SentDay[];
  /** Rows that differ and may not be corrected. */
  readonly held: number;
  /** No more of this point follows. */
  readonly isLast: boolean;
}

/**
 * Points in the order of the file, one month of one point after the other. A year of a point is read and settled in a second:
 * `progress` has its step in between, so that the meters are served meanwhile. Rejects with `api/cancelled`.
 */
export async function* contentOf(
  source: ExportSource,
  told: ToldLookup,
  request: ContentRequest,
  progress: Progress,
): AsyncGenerator<ContentPart> {
  const parts = partsOf(request);
  const points = pointsInOrder(source.plant());
  for (const [done, point] of points.entries()) {
    for (const [index, part] of parts.entries()) {
      await progress.step({ stage: 'points', done, of: points.length });
      yield { ...contentOfPart(point, source, told, part), isLast: index === parts.length - 1 };
    }
  }
}

function contentOfPart(point: PointRecord, source: ExportSource, told: ToldLookup, request: ContentRequest): Omit<ContentPart, 'isLast'> {
  const range = toldRange(request);
  const before = request.kind === 'RF' ? [] : told(point.code, range.from, range.to);
  // Nothing was ever told of this time, so there is nothing to correct.
  if (request.mode === 'delta' && before.length === 0) return { point, rows: [], judged: [], sent: [], held: 0 };
  const judged = judgeRows(point, rowsOfPoint(point, source, request), before, request);
  if (request.mode === 'full') return { point, judged, rows: wholeRows(judged), sent: sentDays(judged), held: 0 };
  const { rows, sent, held } = correctionsOf(judged, before, (day) => request.isClosed(day) !== null);
  return { point, judged, rows: rows.map(({ row }) => row), sent, held };
}

/** The months of a period, cut to it; readings and points are few, and a reading belongs to two periods. */
function partsOf(request: ContentRequest): ContentRequest[] {
  if (request.kind === 'RF' || request.kind === 'RD') return [request];
  const parts: ContentRequest[] = [];
  for (let { from } = request; from <= request.to; from = startOfMonth(from, 1)) {
    const end = addDays(startOfMonth(from, 1), -1);
    parts.push({ ...request, from, to: end < request.to ? end : request.to });
  }
  return parts;
}

/**
 * Brings the rows of a point's parts, each in the order of the file, into that order: channel by channel. What waits for its turn is
 * kept as `pack` makes it: bytes, since a year of rows as objects is most of what a package would need of the memory.
 */
export class RowCollector {
  readonly #pack: (rows: readonly OnecRow[]) => Uint8Array;
  #byChannel = new Map<Channel | null, Uint8Array[]>();

  constructor(pack: (rows: readonly OnecRow[]) => Uint8Array) {
    this.#pack = pack;
  }

  add(rows: readonly OnecRow[]): void {
    for (const [channel, own] of groupBy(rows, (row) => ('channel' in row ? row.channel : null))) {
      const packed = this.#byChannel.get(channel) ?? [];
      packed.push(this.#pack(own));
      this.#byChannel.set(channel, packed);
    }
  }

  /** All that was added, which is then forgotten. */
  take(): Uint8Array[] {
    const packed = [null, ...CHANNELS].flatMap((channel) => this.#byChannel.get(channel) ?? []);
    this.#byChannel = new Map();
    return packed;
  }
}
