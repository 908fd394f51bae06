/** What a package holds, point by point: rows beside what the receiver was told before. */
import type { PointRecord } from '../../../shared/domain/plant.ts';
import type { PackageRecord, SentDay } from '../../../shared/domain/package.ts';
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

export interface PointContent {
  readonly point: PointRecord;
  /** Rows of the package. */
  readonly rows: readonly OnecRow[];
  /** All rows of the period, those that are gone among them. */
  readonly judged: readonly JudgedRow[];
  /** To be remembered once the package is rendered. */
  readonly sent: readonly SentDay[];
  /** Rows that differ and may not be corrected. */
  readonly held: number;
}

/** Points in the order of the file, one at a time: no more than one of them is in memory. */
export function* contentOf(source: ExportSource, told: ToldLookup, request: ContentRequest): Generator<PointContent> {
  const range = toldRange(request);
  for (const point of pointsInOrder(source.plant())) {
    const before = request.kind === 'RF' ? [] : told(point.code, range.from, range.to);
    // Nothing was ever told of this point, so there is nothing to correct.
    if (request.mode === 'delta' && before.length === 0) continue;
    const judged = judgeRows(point, rowsOfPoint(point, source, request), before, request);
    if (request.mode === 'full') {
      yield { point, judged, rows: wholeRows(judged), sent: sentDays(judged), held: 0 };
      continue;
    }
    const { rows, sent, held } = correctionsOf(judged, before, (day) => request.isClosed(day) !== null);
    yield { point, judged, rows: rows.map(({ row }) => row), sent, held };
  }
}
