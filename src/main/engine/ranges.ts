import type { UtcSeconds } from '../../shared/domain/time.ts';

/** A half-open run of time: [fromUtc, toUtc). Lists of ranges are ordered and never overlap. */
export interface Range {
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
}

/** What of `ranges` is left when every part of `holes` is taken out. Both lists are ordered. */
export function subtractRanges(ranges: readonly Range[], holes: readonly Range[]): Range[] {
  const left: Range[] = [];
  for (const range of ranges) {
    let from = range.fromUtc;
    for (const hole of holes) {
      if (hole.toUtc <= from) continue;
      if (hole.fromUtc >= range.toUtc) break;
      if (hole.fromUtc > from) left.push({ fromUtc: from, toUtc: hole.fromUtc });
      from = Math.max(from, hole.toUtc);
    }
    if (from < range.toUtc) left.push({ fromUtc: from, toUtc: range.toUtc });
  }
  return left;
}

/** Orders ranges and joins those that touch or overlap. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const ordered = [...ranges].sort((a, b) => a.fromUtc - b.fromUtc);
  const merged: Range[] = [];
  for (const range of ordered) {
    const last = merged.at(-1);
    if (last !== undefined && range.fromUtc <= last.toUtc) {
      merged[merged.length - 1] = { fromUtc: last.fromUtc, toUtc: Math.max(last.toUtc, range.toUtc) };
    } else if (range.toUtc > range.fromUtc) {
      merged.push({ fromUtc: range.fromUtc, toUtc: range.toUtc });
    }
  }
  return merged;
}

/** The parts of `ranges` inside `window`. */
export function clipRanges(ranges: readonly Range[], window: Range): Range[] {
  const clipped: Range[] = [];
  for (const range of ranges) {
    const fromUtc = Math.max(range.fromUtc, window.fromUtc);
    const toUtc = Math.min(range.toUtc, window.toUtc);
    if (fromUtc < toUtc) clipped.push({ fromUtc, toUtc });
  }
  return clipped;
}
