import type { Finding, FindingCode, FindingWeight } from '../../shared/domain/finding.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** What a finding is about: a line or a meter, never both. */
export type FindingSubject = { readonly lineId: number } | { readonly meterId: number };

/** A finding with its subject and since when it lasts. */
export interface FindingRecord extends Finding {
  readonly subject: FindingSubject;
  readonly sinceUtc: UtcSeconds;
  /** `null` = it lasts. */
  readonly untilUtc: UtcSeconds | null;
}

/** Reads what is and was wrong. */
export interface FindingReader {
  /** What lasts, lines first, in the order in which it began. */
  lasting(): FindingRecord[];
}

export interface FindingWriter {
  /** Begins a finding, or gives a lasting one its new figures and weight; its beginning stays. */
  note(subject: FindingSubject, finding: Finding, atUtc: UtcSeconds): void;
  /** Ends a finding; nothing happens when it does not last. */
  close(subject: FindingSubject, code: FindingCode, atUtc: UtcSeconds): void;
}

interface FindingRow extends Row {
  readonly line_id: number | null;
  readonly meter_id: number | null;
  readonly code: FindingCode;
  readonly weight: FindingWeight;
  readonly params: string;
  readonly since_utc: number;
  readonly until_utc: number | null;
}

const COLUMNS = 'line_id, meter_id, code, weight, params, since_utc, until_utc';

export function findingReader(db: ReadableDb): FindingReader {
  const lasting = db.query<[], FindingRow>(`SELECT ${COLUMNS} FROM finding WHERE until_utc IS NULL`);
  return {
    lasting: () =>
      lasting
        .all()
        .map(recordOf)
        .sort((a, b) => rank(a) - rank(b) || a.sinceUtc - b.sinceUtc),
  };
}

export function findingWriter(db: WritableDb): FindingWriter {
  const refresh = db.command(
    'UPDATE finding SET weight = ?, params = ? WHERE ifnull(line_id, 0) = ? AND ifnull(meter_id, 0) = ? AND code = ? AND until_utc IS NULL',
  );
  const insert = db.command('INSERT INTO finding (line_id, meter_id, code, weight, params, since_utc) VALUES (?, ?, ?, ?, ?, ?)');
  const end = db.command(
    'UPDATE finding SET until_utc = ? WHERE ifnull(line_id, 0) = ? AND ifnull(meter_id, 0) = ? AND code = ? AND until_utc IS NULL',
  );
  return {
    note: (subject, { code, weight, params }, atUtc) =>
      db.transaction(() => {
        const { lineId, meterId } = idsOf(subject);
        const text = JSON.stringify(params);
        if (refresh.run(weight, text, lineId ?? 0, meterId ?? 0, code) > 0) return;
        insert.run(lineId, meterId, code, weight, text, atUtc);
      }),
    close: (subject, code, atUtc) =>
      db.transaction(() => {
        const { lineId, meterId } = idsOf(subject);
        end.run(atUtc, lineId ?? 0, meterId ?? 0, code);
      }),
  };
}

function idsOf(subject: FindingSubject): { lineId: number | null; meterId: number | null } {
  return 'lineId' in subject ? { lineId: subject.lineId, meterId: null } : { lineId: null, meterId: subject.meterId };
}

function rank({ subject }: FindingRecord): number {
  return 'lineId' in subject ? 0 : 1;
}

function recordOf(row: FindingRow): FindingRecord {
  return {
    subject: row.line_id === null ? { meterId: row.meter_id ?? 0 } : { lineId: row.line_id },
    code: row.code,
    weight: row.weight,
    params: JSON.parse(row.params) as Finding['params'],
    sinceUtc: row.since_utc,
    untilUtc: row.until_utc,
  };
}
