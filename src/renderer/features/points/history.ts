import type { History, HistoryRow } from '../../../shared/api/history.ts';
import { halfHourOf } from '../../../shared/domain/time.ts';
import type { Missing } from '../../ui/chart-marks.ts';

/** Rows of a history over its whole period, seconds since 1970: null where nothing was read or is still to come. */
export interface HistoryLine {
  readonly startS: number;
  readonly row: HistoryRow | null;
  readonly missing: Missing;
}

/** `nowMs` is the server's present: a half-hour that has not ended is not missing. */
export function historyLines({ from, to, rows }: History, nowMs: number): HistoryLine[] {
  const lines: HistoryLine[] = [];
  const endedS = halfHourOf(nowMs / 1000);
  let dueS = seconds(from);
  const skipTo = (untilS: number) => {
    const pastS = Math.min(untilS, endedS);
    if (dueS < pastS) lines.push({ startS: dueS, row: null, missing: 'all' });
    if (Math.max(dueS, pastS) < untilS) lines.push({ startS: Math.max(dueS, pastS), row: null, missing: 'none' });
  };
  for (const row of rows) {
    const startS = seconds(row.start);
    skipTo(startS);
    lines.push({ startS, row, missing: 'none' });
    dueS = startS + row.minutes * 60;
  }
  skipTo(seconds(to));
  return lines;
}

function seconds(instant: string): number {
  return Date.parse(instant) / 1000;
}
