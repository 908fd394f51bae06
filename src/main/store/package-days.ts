import type { PackageState } from '../../shared/domain/package.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Period } from '../../shared/domain/job-run.ts';
import type { ReadableDb, Row } from './database.ts';

/** A package as the calendar needs it. */
export interface PackageDayRecord {
  readonly id: number;
  readonly receiver: string;
  readonly number: number;
  readonly kind: string;
  readonly mode: 'full' | 'delta';
  /** ISO dates of the site, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly createdUtc: UtcSeconds;
  /** When it first lay whole in its folder; null = not yet, or before this was noted. */
  readonly deliveredUtc: UtcSeconds | null;
  readonly state: PackageState;
  readonly missingRows: number;
}

/** Reads packages by the days that they are about. */
export interface PackageDayReader {
  /** Packages whose period touches the days, both inclusive, in any order. */
  touching(from: string, to: string): PackageDayRecord[];
  /** Periods of the whole packages that a job ever made, delivered or not. */
  periodsOfJob(job: string): Period[];
  /** First day that a receiver was ever told of in this kind; null = it never was. */
  firstDay(receiver: string, kind: string): string | null;
}

/** Package days of an open database. */
export function packageDayReader(db: ReadableDb): PackageDayReader {
  const touching = db.query<[from: string, to: string], Row & PackageDayRecord>(
    `SELECT id, receiver, number, kind, mode, from_day AS "from", to_day AS "to", created_utc AS createdUtc,
       delivered_utc AS deliveredUtc, state,
       coalesce(missing_rows, 0) AS missingRows
     FROM package WHERE to_day >= ? AND from_day <= ?`,
  );
  const ofJob = db.query<[job: string], Row & Period>(
    `SELECT from_day AS "from", to_day AS "to" FROM package WHERE job = ? AND mode = 'full'`,
  );
  const first = db.query<[receiver: string, kind: string], Row & { first: string | null }>(
    'SELECT min(from_day) AS first FROM package WHERE receiver = ? AND kind = ?',
  );
  return {
    touching: (from, to) => touching.all(from, to),
    periodsOfJob: (job) => ofJob.all(job).map(({ from, to }) => ({ from, to })),
    firstDay: (receiver, kind) => first.get(receiver, kind)?.first ?? null,
  };
}
