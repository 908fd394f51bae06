/** What a receiver was told of the rows of a point before, and what is new to it now (onec.md 4.5 and 4.6). */
import { CHANNELS } from '../../../shared/domain/channel.ts';
import type { SentDay } from '../../../shared/domain/package.ts';
import type { PointRecord } from '../../../shared/domain/plant.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { addDays } from '../../metering/zone.ts';
import { groupBy } from './group-by.ts';
import { wholeMonths } from './month-rows.ts';
import { compareRows, printedFigures } from './rows.ts';
import type { OnecRow, RowsRequest } from './row.ts';

/** A row as it was told last. */
export interface ToldRow {
  readonly revision: number;
  readonly status: number;
  /** Printed figures; '' = none. */
  readonly figures: string;
}

export type RowChange = 'new' | 'changed' | 'same' | 'withdrawn';

export interface JudgedRow {
  /** With the revision that it goes out under. */
  readonly row: OnecRow;
  /** `withdrawn`: told with a figure before and no row any more, so it goes out empty with status 2; once it was told so it is `same`. */
  readonly change: RowChange;
  readonly before: ToldRow | null;
  /** It is no row of the period any more. */
  readonly isGone: boolean;
}

/** ISO dates between which the days of a request's rows lie, both inclusive; a reading belongs to the midnight that ends the period too. */
export function toldRange({ kind, from, to }: RowsRequest): { readonly from: string; readonly to: string } {
  return { from, to: kind === 'RD' ? addDays(to, 1) : to };
}

/**
 * Rows of one point beside what was told of it: one with the same figures and status keeps its revision, one that differs gets the
 * next. What was told and is no row any more is withdrawn. Reference rows have no revisions and are always news.
 */
export function judgeRows(point: PointRecord, rows: readonly OnecRow[], told: readonly SentDay[], request: RowsRequest): JudgedRow[] {
  const memory = new Map<string, ToldRow & Withdrawn>();
  const months = request.kind === 'MN' ? new Set(wholeMonths(request.from, request.to)) : null;
  for (const { key, day, rows: entries } of told) {
    if (months?.has(day) === false) continue;
    for (const [instantUtc, revision, status, figures] of entries) {
      memory.set(`${key}\n${instantUtc}`, { key, day, instantUtc, revision, status, figures });
    }
  }
  const judged = rows.map((row): JudgedRow => {
    const name = `${row.key}\n${row.instantUtc}`;
    const before = memory.get(name) ?? null;
    memory.delete(name);
    if (before === null) return { row, change: 'new', before, isGone: false };
    const isSame = before.status === row.status && before.figures === printedFigures(row);
    const revision = isSame ? before.revision : before.revision + 1;
    return { row: { ...row, revision }, change: isSame ? 'same' : 'changed', before, isGone: false };
  });
  const gone = [...memory.values()].map((before): JudgedRow => {
    const isKnown = before.status === 2 && before.figures === '';
    const revision = isKnown ? before.revision : before.revision + 1;
    return { row: withdrawnRow(point, before, revision, request), change: isKnown ? 'same' : 'withdrawn', before, isGone: true };
  });
  return gone.length === 0 ? judged : [...judged, ...gone].sort((a, b) => compareRows(a.row, b.row));
}

interface Withdrawn {
  readonly key: string;
  readonly day: string;
  readonly instantUtc: UtcSeconds;
}

/** An empty row with status 2 in place of one that was told: made of its key, since nothing else is left of it. */
function withdrawnRow(point: PointRecord, { key, day, instantUtc }: Withdrawn, revision: number, { kind, zone }: RowsRequest): OnecRow {
  const parts = key.slice(point.code.length + 1).split(';');
  const base = {
    point,
    instantUtc,
    day,
    key,
    revision,
    offsetMin: zone.offsetMinAt(instantUtc),
    figure: null,
    status: 2,
    method: 'auto',
  } as const;
  const channelOf = (text: string | undefined) => CHANNELS.find((channel) => channel === text) ?? 'A+';
  if (kind === 'RD') {
    const [serial = '', channel, tariff] = parts;
    return { ...base, kind, serial, channel: channelOf(channel), tariff: Number(tariff), ct: null, vt: null, isReplaced: true };
  }
  const energy = { ...base, channel: channelOf(parts[0]), losses: null };
  if (kind === 'IV') return { ...energy, kind, lengthMin: instantUtc % 3600 === 0 ? point.intervalMin : 30 };
  const dated = { ...energy, serial: null, tariff: Number(parts[1]) };
  if (kind === 'DY') return { ...dated, kind };
  const readings = { readingBegin: null, readingEnd: null, ct: null, vt: null, intervals: null };
  return { ...dated, ...readings, kind: 'MN', isReplaced: false, isRolledOver: false };
}

/** What is to be remembered of the rows of a package, by key and day in the order of the file; a day is always remembered whole. */
export function sentDays(judged: readonly JudgedRow[]): SentDay[] {
  return [...groupBy(judged, ({ row }) => `${row.key}\n${row.day}`).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || first.row.kind === 'RF') return [];
    const entries = group.map(({ row }) => [row.instantUtc, row.revision, row.status, printedFigures(row)] as const);
    return [{ key: first.row.key, day: first.row.day, rows: entries }];
  });
}

/** Rows that a whole package holds: those of the period, and those that it takes back. */
export function wholeRows(judged: readonly JudgedRow[]): OnecRow[] {
  return judged.filter(({ isGone, change }) => !isGone || change === 'withdrawn').map(({ row }) => row);
}

export interface Corrections {
  /** Rows that go out, in the order of the file. */
  readonly rows: readonly JudgedRow[];
  /** What is to be remembered afterwards: the days of those rows, whole. */
  readonly sent: readonly SentDay[];
  /** Rows that differ and stay as they were told, because their month is closed. */
  readonly held: number;
}

/**
 * Rows of a point that differ from what was told of it, on days of which something was told: the first telling of a day is a whole
 * package's business. A closed day is never corrected.
 */
export function correctionsOf(judged: readonly JudgedRow[], told: readonly SentDay[], isClosed: (day: string) => boolean): Corrections {
  const toldDays = new Set(told.map(({ day }) => day));
  const differing = judged.filter(({ row, change }) => change !== 'same' && toldDays.has(row.day));
  const rows = differing.filter(({ row }) => !isClosed(row.day));
  const days = new Set(rows.map(({ row }) => `${row.key}\n${row.day}`));
  const sent = sentDays(judged.filter(({ row }) => days.has(`${row.key}\n${row.day}`)));
  return { rows, sent, held: differing.length - rows.length };
}
