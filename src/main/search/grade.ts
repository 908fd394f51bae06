/** Grades of a line test and the figures they rest on. Pure. */
import type { LINE_TEST_GRADES, LineTest } from '../../shared/api/search.ts';

export type Grade = (typeof LINE_TEST_GRADES)[number];

/** The greatest share of failed exchanges, lost and damaged, for a grade; more than the last is `failed`. */
export const FAILED_SHARES: readonly { readonly grade: Grade; readonly share: number }[] = [
  { grade: 'good', share: 0.01 },
  { grade: 'fair', share: 0.05 },
  { grade: 'poor', share: 0.5 },
];
/** With an echo, or stray bytes in more exchanges than this share, a line is `fair` at best. */
const STRAY_SHARE = 0.01;

/** Grade by failures alone; without an exchange there is nothing good to say. */
export function gradeOf(exchanges: number, failures: number): Grade {
  if (exchanges === 0) return 'failed';
  return FAILED_SHARES.find(({ share }) => failures / exchanges <= share)?.grade ?? 'failed';
}

/** Grade of a line: its failures over all meters, lowered by what should not be on it. */
export function lineGrade({
  exchanges,
  lost,
  damaged,
  echoes,
  strays,
}: Pick<LineTest, 'exchanges' | 'lost' | 'damaged' | 'echoes'> & { strays: number }): Grade {
  const grade = gradeOf(exchanges, lost + damaged);
  const isClean = echoes === 0 && strays <= exchanges * STRAY_SHARE;
  return grade === 'good' && !isClean ? 'fair' : grade;
}

/** The value that `share` of all values do not exceed; `null` without values. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
