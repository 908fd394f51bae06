import type { Gap } from '../../shared/domain/gap.ts';
import type { UtcRange } from './intervals.ts';

/** A row of one meter's ledger. Lists of rows are ordered by start and never overlap. */
export type GapRange = Omit<Gap, 'meterId'>;

/** What remains of the rows outside the range. A row that is split keeps everything else on both sides. */
export function cutOut(rows: readonly GapRange[], { fromUtc, toUtc }: UtcRange): GapRange[] {
  return rows.flatMap((row) => {
    if (row.toUtc <= fromUtc || row.fromUtc >= toUtc) return [row];
    return [
      { ...row, toUtc: fromUtc },
      // The deadline stays the one of the older part: early at worst.
      { ...row, fromUtc: toUtc },
    ].filter((part) => part.fromUtc < part.toUtc);
  });
}

/** The row takes the place of whatever was inside its range. */
export function put(rows: readonly GapRange[], gap: GapRange): GapRange[] {
  return [...cutOut(rows, gap), gap].sort((a, b) => a.fromUtc - b.fromUtc);
}

/** Joins neighbours that tell the same; the joined row has the earlier deadline and the larger number of tries. */
export function joinAlike(rows: readonly GapRange[]): GapRange[] {
  const joined: GapRange[] = [];
  for (const row of rows) {
    const last = joined.at(-1);
    if (last === undefined || last.toUtc !== row.fromUtc || !isAlike(last, row)) joined.push(row);
    else
      joined[joined.length - 1] = {
        ...last,
        toUtc: row.toUtc,
        tries: Math.max(last.tries, row.tries),
        deadlineUtc: earlier(last.deadlineUtc, row.deadlineUtc),
      };
  }
  return joined;
}

/** Whether two rows say the same in every field. */
export function isSameRow(a: GapRange, b: GapRange): boolean {
  return a.fromUtc === b.fromUtc && a.toUtc === b.toUtc && a.tries === b.tries && a.deadlineUtc === b.deadlineUtc && isAlike(a, b);
}

function isAlike(a: GapRange, b: GapRange): boolean {
  return a.reason === b.reason && a.state === b.state && a.sinceUtc === b.sinceUtc && a.nextTryUtc === b.nextTryUtc;
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
