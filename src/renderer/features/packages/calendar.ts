import type { CalendarCellRow, CalendarStreamRow, PackageCalendar } from '../../../shared/api/package-calendar.ts';
import { REPORT_NAMES } from '../../../shared/api/reports.ts';
import type { Locale } from '../../ui/locale.ts';
import type { Mark } from '../../ui/state-mark.tsx';
import { monthName, printDate } from '../../ui/time.ts';

/** A cell that the reader chose: its row and its place in the row. */
export interface CellPlace {
  readonly stream: number;
  readonly cell: number;
}

/** A state that is drawn by a sign of its own; what is not expected and what has not come have none. */
export type CellSign = Exclude<CalendarCellRow['state'], 'not-due'> | 'empty';

export function cellSign({ state }: CalendarCellRow): CellSign {
  return state === 'not-due' ? 'empty' : state;
}

/** How loud a cell is: what lacks figures or came late is no reason to be green. */
export function cellMark({ state, isLate, isIncomplete }: CalendarCellRow): Mark {
  switch (state) {
    case 'not-due':
      return 'no-data';
    case 'waiting':
    case 'made':
      return 'unchecked';
    case 'missing':
    case 'failed':
    case 'rejected':
      return 'fault';
    case 'partial':
      return 'attention';
    case 'delivered':
    case 'accepted':
      return isLate || isIncomplete ? 'attention' : 'ok';
  }
}

/** `передан, с опозданием, с исправлениями`. */
export function cellWords(cell: CalendarCellRow, t: Locale['t']): string {
  const state = cell.state === 'not-due' && cell.latest !== null ? 'later' : cell.state;
  return [
    t(`handover.state.${state}`),
    ...(cell.isIncomplete ? [t('handover.incomplete')] : []),
    ...(cell.isLate ? [t('handover.late')] : []),
    ...(cell.isCorrected ? [t('handover.corrected')] : []),
  ].join(', ');
}

/** What to do about a cell; null when nothing is. */
export function cellAdvice(cell: CalendarCellRow, t: Locale['t']): string | null {
  const { state, isIncomplete } = cell;
  if (state === 'missing' || state === 'failed' || state === 'rejected' || state === 'partial' || state === 'waiting')
    return t(`handover.next.${state}`);
  return isIncomplete ? t('handover.next.incomplete') : null;
}

/** Periods handed over, of those whose time has come. */
export function handedOverCount({ cells }: CalendarStreamRow): { readonly due: number; readonly done: number } {
  const due = cells.filter(({ state }) => state !== 'not-due' && state !== 'waiting');
  const done = due.filter(({ state }) => state === 'delivered' || state === 'accepted' || state === 'partial');
  return { due: due.length, done: done.length };
}

/** The loudest of a month: what did not reach the receiver, then what reached it with gaps. */
export function streamMark(stream: CalendarStreamRow, t: Locale['t']): { readonly state: Mark; readonly label: string } {
  const { due, done } = handedOverCount(stream);
  const partial = stream.cells.filter(({ state, isIncomplete }) => state === 'partial' || (isIncomplete && state !== 'not-due')).length;
  if (done < due) return { state: 'fault', label: t('overview.notHanded', { count: due - done }) };
  if (due === 0) return { state: 'unchecked', label: t('handover.state.later') };
  if (partial > 0) return { state: 'attention', label: t('overview.handedPartly', { count: partial }) };
  return { state: 'ok', label: t('overview.handedAll') };
}

type StreamName = Pick<CalendarStreamRow, 'what' | 'receiver' | 'receiverName' | 'kind'>;

/** `1С, интервалы 30 минут`. */
export function streamName({ what, receiver, receiverName, kind }: StreamName, t: Locale['t']): string {
  if (what === 'xml80020') return t('handover.supplier');
  if (what === 'report') return `${reportName(receiver, t)}, ${kind.toUpperCase()}`;
  return `${receiverName}, ${inSentence(kindName(kind, t))}`;
}

const KINDS = ['RF', 'RD', 'IV', 'DY', 'MN'] as const;

/** A title inside of a sentence. */
function inSentence(title: string): string {
  return title.slice(0, 1).toLowerCase() + title.slice(1);
}

/** The kind of a package in words; one of a newer server keeps its letters. */
export function kindName(kind: string, t: Locale['t']): string {
  const known = KINDS.find((one) => one === kind);
  return known === undefined ? kind : t(`kind.${known}`);
}

export function reportName(name: string, t: Locale['t']): string {
  const known = REPORT_NAMES.find((one) => one === name);
  return known === undefined ? t('handover.otherReport', { name }) : t(`handover.report.${known}`);
}

/** `20.11.2026`, `ноябрь 2026` or `20.11.2026–22.11.2026`. */
export function periodText({ from, to }: { readonly from: string; readonly to: string }, language: Locale['language']): string {
  if (from === to) return printDate(from);
  const isMonth = from.slice(0, 7) === to.slice(0, 7) && from.endsWith('-01') && to === lastDay(from);
  return isMonth ? `${monthName(Number(from.slice(5, 7)), language, 'long')} ${from.slice(0, 4)}` : `${printDate(from)}–${printDate(to)}`;
}

function lastDay(from: string): string {
  return new Date(Date.UTC(Number(from.slice(0, 4)), Number(from.slice(5, 7)), 0)).toISOString().slice(0, 10);
}

/** The cell beside another one by a key; null when the key moves nowhere. Rows differ in length: a month is one cell. */
export function nextCell(key: string, { stream, cell }: CellPlace, lengths: readonly number[]): CellPlace | null {
  const length = lengths[stream] ?? 0;
  const within = (row: number, column: number): CellPlace => ({
    stream: row,
    cell: Math.min(Math.max(0, (lengths[row] ?? 1) - 1), column),
  });
  const moves: Readonly<Record<string, () => CellPlace>> = {
    ArrowUp: () => within(Math.max(0, stream - 1), cell),
    ArrowDown: () => within(Math.min(lengths.length - 1, stream + 1), cell),
    ArrowLeft: () => within(stream, Math.max(0, cell - 1)),
    ArrowRight: () => within(stream, Math.min(length - 1, cell + 1)),
    Home: () => within(stream, 0),
    End: () => within(stream, length - 1),
  };
  const next = moves[key]?.();
  return next === undefined || (next.stream === stream && next.cell === cell) ? null : next;
}

/** Days of the calendar, in order. */
export function calendarDays({ from, to }: Pick<PackageCalendar, 'from' | 'to'>): string[] {
  const first = Date.parse(`${from}T00:00:00Z`);
  const count = Math.round((Date.parse(`${to}T00:00:00Z`) - first) / 86_400_000) + 1;
  return Array.from({ length: count }, (_, index) => new Date(first + index * 86_400_000).toISOString().slice(0, 10));
}
