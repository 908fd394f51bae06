import type { CompletenessDay } from '../../../shared/api/completeness.ts';
import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';

export const createMapSlice = (services: Services) => createResource(services, 'completeness.get');
export const createRereadsSlice = (services: Services) => createResource(services, 'rereads.list');

export type DayMark = 'future' | 'complete' | 'open' | 'lost' | 'mismatch';

/** What of a day matters most: what is lost before what is open, and a sum that does not match before completeness. */
export function dayMark({ expected, lost, open, mismatch }: CompletenessDay): DayMark {
  if (expected === 0) return 'future';
  if (lost > 0) return 'lost';
  if (mismatch !== null) return 'mismatch';
  return open > 0 ? 'open' : 'complete';
}

/** The text of a cell: how many are absent, a minus before what is lost for good; a sign for a sum that does not match. */
export function dayText(day: CompletenessDay): string {
  switch (dayMark(day)) {
    case 'lost':
      return `−${day.lost + day.open}`;
    case 'open':
      return String(day.open);
    case 'mismatch':
      return '≠';
    default:
      return '';
  }
}

/** The cell beside another one by an arrow key; null when the key moves nowhere. */
export function neighbourCell(key: string, row: number, column: number, rows: number, columns: number): [number, number] | null {
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };
  const move = moves[key];
  if (move === undefined) return null;
  const [down, right] = move;
  const next: [number, number] = [Math.min(rows - 1, Math.max(0, row + down)), Math.min(columns - 1, Math.max(0, column + right))];
  return next[0] === row && next[1] === column ? null : next;
}
