/** Rows of the 1C exchange (onec.md 3) from stored figures: pure, the same for every file format. */
import { CHANNELS } from '../../../shared/domain/channel.ts';
import type { Plant, PointRecord } from '../../../shared/domain/plant.ts';
import { fixedText } from '../../metering/energy.ts';
import { dayRows } from './day-rows.ts';
import { intervalRows } from './interval-rows.ts';
import { monthRows } from './month-rows.ts';
import { readingRows } from './reading-rows.ts';
import { referenceRows } from './reference-rows.ts';
import type { ExportSource, OnecRow, RowsRequest } from './row.ts';

export type { ExportSource, KeptRegister } from './row.ts';

/** Rows of one point in the order of the file: channel (A+ A- R+ R-), then instant, then tariff. All carry revision 1. */
export function rowsOfPoint(point: PointRecord, source: ExportSource, request: RowsRequest): OnecRow[] {
  switch (request.kind) {
    case 'RF':
      return referenceRows(point, source, request);
    case 'RD':
      return readingRows(point, source, request);
    case 'IV':
      return intervalRows(point, source, request);
    case 'DY':
      return dayRows(point, source, request);
    case 'MN':
      return monthRows(point, source, request);
  }
}

/** Points in the order of the file: by code. */
export function pointsInOrder(plant: Plant): PointRecord[] {
  return [...plant.points].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** Channel, instant, tariff; rows of one point. */
export function compareRows(a: OnecRow, b: OnecRow): number {
  const channel = (row: OnecRow) => ('channel' in row ? CHANNELS.indexOf(row.channel) : 0);
  const tariff = (row: OnecRow) => ('tariff' in row ? row.tariff : 0);
  return channel(a) - channel(b) || a.instantUtc - b.instantUtc || tariff(a) - tariff(b);
}

/** The figure as every file prints it: 3 decimals with a point, empty when missing. */
export function printedFigure(row: OnecRow): string {
  return row.figure === null ? '' : fixedText(row.figure, 3);
}

/**
 * Every figure of a row that may change by itself, as one text: what a receiver was told and a repeat is compared with. Empty when
 * there is none. Of most rows it is the figure alone; losses stand behind it where there are any, and a month statement has its
 * intervals and its readings too.
 */
export function printedFigures(row: OnecRow): string {
  const losses = 'losses' in row && row.losses !== null && row.losses !== 0n ? [fixedText(row.losses, 3)] : [];
  if (row.kind !== 'MN') return [printedFigure(row), ...losses].join('/');
  const parts = [
    printedFigure(row),
    ...[row.intervals, row.readingBegin, row.readingEnd].map((one) => (one === null ? '' : fixedText(one, 3))),
  ];
  return parts.every((part) => part === '') ? '' : [...parts, ...losses].join('/');
}

export interface RowsSummary {
  readonly rows: number;
  /** With status 2. */
  readonly missingRows: number;
  /** Exact sum of the printed figures over all channels, thousandths; null when no row carries one. */
  readonly sum: bigint | null;
}

export const NO_ROWS: RowsSummary = { rows: 0, missingRows: 0, sum: null };

/** The summary with more rows added. */
export function summarise(before: RowsSummary, rows: readonly OnecRow[]): RowsSummary {
  let { missingRows, sum } = before;
  for (const { figure, status } of rows) {
    if (status === 2) missingRows += 1;
    if (figure !== null) sum = (sum ?? 0n) + figure;
  }
  return { rows: before.rows + rows.length, missingRows, sum };
}
