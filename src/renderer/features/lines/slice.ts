import type { LineTest } from '../../../shared/api/search.ts';
import { createLiveItems } from '../../client/live-items.ts';
import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';
import type { Mark } from '../../ui/state-mark.tsx';

export const createLineTestListSlice = (services: Services) => createResource(services, 'lineTest.list');
export const createWaitsSlice = (services: Services) => createResource(services, 'lines.waits');
export const createLineTestsSlice = (services: Services) => createLiveItems(services, 'lineTest.changed');

export type LineTestGrade = NonNullable<LineTest['grade']>;

export const GRADE_MARKS: Readonly<Record<LineTestGrade, Mark>> = { good: 'ok', fair: 'attention', poor: 'fault', failed: 'fault' };

/** The worst first, then the most exchanges lost. */
export function worstMeters(meters: LineTest['meters']): LineTest['meters'] {
  const rank: readonly LineTestGrade[] = ['failed', 'poor', 'fair', 'good'];
  return [...meters].sort((a, b) => rank.indexOf(a.grade) - rank.indexOf(b.grade) || b.lost + b.damaged - (a.lost + a.damaged));
}

/** Share in percent with one digit, as an exact decimal; null of nothing. */
export function sharePercent(part: number, whole: number): string | null {
  return whole === 0 ? null : String(Math.round((part * 1000) / whole) / 10);
}
