import { AppError } from '../../shared/api/errors.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { RecordedReplacement, Replacement, ReplacementBasis, ReplacementMethod } from '../../shared/domain/replacement.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { AppendAudit } from './audit.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';
import type { RefuseClosed } from './months.ts';

/** What a person has approved of one gap. */
export interface ReplacementDecision {
  readonly id: number;
  readonly pointId: number;
  readonly channel: Channel;
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  readonly intervals: number;
  /** Wh or varh, primary side. */
  readonly energyWh: number;
  readonly method: ReplacementMethod;
  readonly basis: ReplacementBasis;
  readonly author: string;
  readonly reason: string;
  readonly document: string | null;
  readonly madeUtc: UtcSeconds;
  /** All null while it is in force. */
  readonly withdrawnUtc: UtcSeconds | null;
  readonly withdrawnBy: string | null;
  readonly withdrawnReason: string | null;
}

/** One gap to be filled, with a figure for each interval. */
export interface NewReplacement extends Pick<ReplacementDecision, 'pointId' | 'channel' | 'fromUtc' | 'toUtc' | 'method' | 'basis'> {
  /** For the audit. */
  readonly pointCode: string;
  readonly lengthS: number;
  readonly figures: readonly { readonly startUtc: UtcSeconds; readonly energyWh: number }[];
}

/** Reads the figures that stand in for those that nobody measured validly. */
export interface ReplacementReader {
  /** In force, starts in `[fromUtc, toUtc)`, in order of channel and start. */
  inForce(pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): RecordedReplacement[];
  /** Decisions whose first interval lies in `[fromUtc, toUtc)`, those withdrawn too, in order of that interval. */
  decisions(fromUtc: UtcSeconds, toUtc: UtcSeconds): ReplacementDecision[];
  decision(id: number): ReplacementDecision | null;
  /** Figures of one decision, withdrawn or not, in order of their starts. */
  figures(decisionId: number): Pick<Replacement, 'startUtc' | 'energyWh'>[];
}

export interface ReplacementWriter {
  /**
   * Puts all of them in, or none; audited, their numbers. Throws `api/conflict` where an interval is replaced already or its month is
   * closed.
   */
  approve(
    gaps: readonly NewReplacement[],
    by: { readonly author: string; readonly who: string; readonly reason: string; readonly document: string | null },
  ): number[];
  /** Takes one back; audited. Throws `api/not-found`, and `api/conflict` where it is withdrawn already or its month is closed. */
  withdraw(decisionId: number, pointCode: string, by: { readonly author: string; readonly who: string; readonly reason: string }): void;
}

type ReplacementRow = Row & {
  readonly point_id: number;
  readonly channel: Channel;
  readonly start_utc: number;
  readonly length_s: number;
  readonly energy: number;
  readonly method: ReplacementMethod;
  readonly author: string;
  readonly reason: string;
  readonly made_utc: number;
};

type DecisionRow = Row & Omit<ReplacementDecision, 'basis'> & { readonly basis: string };

const DECISION = `id, point_id AS pointId, channel, from_utc AS fromUtc, to_utc AS toUtc, intervals, energy AS energyWh, method, basis, author,
  reason, document, made_utc AS madeUtc, withdrawn_utc AS withdrawnUtc, withdrawn_by AS withdrawnBy, withdrawn_reason AS withdrawnReason`;

/** Replacements of an open database. */
export function replacementReader(db: ReadableDb): ReplacementReader {
  const inForce = db.query<[pointId: number, fromUtc: number, toUtc: number], ReplacementRow>(
    `SELECT point_id, channel, start_utc, length_s, energy, method, author, reason, made_utc FROM replacement
     WHERE point_id = ? AND channel IN ('A+', 'A-', 'R+', 'R-') AND start_utc >= ? AND start_utc < ? AND withdrawn_utc IS NULL
     ORDER BY channel, start_utc`,
  );
  const decisions = db.query<[fromUtc: number, toUtc: number], DecisionRow>(
    `SELECT ${DECISION} FROM replacement_decision WHERE from_utc >= ? AND from_utc < ? ORDER BY from_utc`,
  );
  const decision = db.query<[id: number], DecisionRow>(`SELECT ${DECISION} FROM replacement_decision WHERE id = ?`);
  const figures = db.query<[decisionId: number], Row & Pick<Replacement, 'startUtc' | 'energyWh'>>(
    'SELECT start_utc AS startUtc, energy AS energyWh FROM replacement WHERE decision_id = ? ORDER BY start_utc',
  );
  return {
    inForce: (...args) =>
      inForce.all(...args).map((row) => ({
        pointId: row.point_id,
        channel: row.channel,
        startUtc: row.start_utc,
        lengthS: row.length_s,
        energyWh: row.energy,
        method: row.method,
        author: row.author,
        reason: row.reason,
        madeUtc: row.made_utc,
      })),
    decisions: (...args) => decisions.all(...args).map(decisionOf),
    decision: (id) => {
      const row = decision.get(id);
      return row === undefined ? null : decisionOf(row);
    },
    figures: (decisionId) => figures.all(decisionId),
  };
}

/** Each call is a durable transaction of its own. What was measured is never touched: a replacement lies beside it. */
export function replacementWriter(
  db: WritableDb,
  audit: AppendAudit,
  refuseClosed: RefuseClosed,
  nowUtc: () => UtcSeconds,
): ReplacementWriter {
  const { decision, inForce } = replacementReader(db);
  const addDecision = db.command(
    `INSERT INTO replacement_decision (point_id, channel, from_utc, to_utc, intervals, energy, method, basis, author, reason, document, made_utc)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addFigure = db.command(
    `INSERT INTO replacement (point_id, channel, start_utc, length_s, energy, method, author, reason, made_utc, decision_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const endDecision = db.command('UPDATE replacement_decision SET withdrawn_utc = ?, withdrawn_by = ?, withdrawn_reason = ? WHERE id = ?');
  const endFigures = db.command('UPDATE replacement SET withdrawn_utc = ? WHERE decision_id = ? AND withdrawn_utc IS NULL');

  const approveOne = (gap: NewReplacement, by: Parameters<ReplacementWriter['approve']>[1]): number => {
    const { pointId, pointCode, channel, fromUtc, toUtc, lengthS, method, basis, figures } = gap;
    refuseClosed(fromUtc, toUtc);
    if (inForce(pointId, fromUtc, toUtc).some((known) => known.channel === channel)) {
      throw new AppError('api/conflict', `A part of the gap of point ${pointCode} is replaced already`, {
        context: { point_code: pointCode, channel },
        hint: 'Look at the proposals again: somebody has approved one meanwhile.',
      });
    }
    const energyWh = figures.reduce((sum, figure) => sum + figure.energyWh, 0);
    const { author, reason, document, who } = by;
    const now = nowUtc();
    const id = addDecision.insert(
      pointId,
      channel,
      fromUtc,
      toUtc,
      figures.length,
      energyWh,
      method,
      JSON.stringify(basis),
      author,
      reason,
      document,
      now,
    );
    for (const { startUtc, energyWh: energy } of figures) {
      addFigure.run(pointId, channel, startUtc, lengthS, energy, method, author, reason, now, id);
    }
    const newValue = JSON.stringify({
      decision: id,
      channel,
      fromUtc,
      toUtc,
      intervals: figures.length,
      energyWh,
      method,
      author,
      document,
    });
    audit({ who, action: 'replacement.approve', subject: `point ${pointCode}`, oldValue: null, newValue, reason }, now);
    return id;
  };

  return {
    approve: (gaps, by) => db.transaction(() => gaps.map((gap) => approveOne(gap, by))),
    withdraw: (decisionId, pointCode, { author, reason, who }) =>
      db.transaction(() => {
        const known = decision(decisionId);
        if (known === null) throw new AppError('api/not-found', 'There is no such replacement', { context: { decisionId } });
        if (known.withdrawnUtc !== null) {
          throw new AppError('api/conflict', 'The replacement is withdrawn already', { context: { decisionId } });
        }
        refuseClosed(known.fromUtc, known.toUtc);
        const now = nowUtc();
        endDecision.run(now, author, reason, decisionId);
        endFigures.run(now, decisionId);
        const { channel, fromUtc, toUtc, intervals, energyWh, method } = known;
        const oldValue = JSON.stringify({ decision: decisionId, channel, fromUtc, toUtc, intervals, energyWh, method });
        const newValue = JSON.stringify({ withdrawnBy: author });
        audit({ who, action: 'replacement.withdraw', subject: `point ${pointCode}`, oldValue, newValue, reason }, now);
      }),
  };
}

function decisionOf(row: DecisionRow): ReplacementDecision {
  return { ...row, basis: JSON.parse(row.basis) };
}
