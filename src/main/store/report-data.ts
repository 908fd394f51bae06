import { type BalanceOfSubstation, balanceOfSubstation } from '../../shared/api/report-settings.ts';
import { type Formula, formula } from '../../shared/domain/formula.ts';
import { type BoundaryLosses, boundaryLosses } from '../../shared/domain/losses.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import type { AppendAudit } from './audit.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** Losses of a point from a moment on; null = none any more. */
export interface StoredLosses {
  readonly pointId: number;
  readonly fromUtc: UtcSeconds;
  readonly losses: BoundaryLosses | null;
}

/** Reads what reports take besides measured figures. */
export interface ReportDataReader {
  balances(): { readonly substationId: number; readonly balance: BalanceOfSubstation }[];
  /** Ordered by point, then by time. */
  losses(): StoredLosses[];
  /** Of one point, in order of time. */
  lossesOf(pointId: number): StoredLosses[];
  /** Ordered by id. */
  formulas(): Formula[];
}

/** Writes it; each change is audited with what stood there before. Equal data again change nothing. */
export interface ReportDataWriter {
  /** null = the substation has no balance any more. */
  saveBalance(substationId: number, balance: BalanceOfSubstation | null, who: string): void;
  /** All periods of a point; none = it has no losses. */
  saveLosses(pointId: number, periods: readonly Omit<StoredLosses, 'pointId'>[], who: string): void;
  /** All formulas, with their ids. */
  saveFormulas(formulas: readonly Formula[], who: string): void;
}

type LossesRow = Row & { readonly point_id: number; readonly from_utc: number; readonly losses: string | null };

/** Report data of an open database. */
export function reportDataReader(db: ReadableDb): ReportDataReader {
  const balances = db.query<[], Row & { substation_id: number; balance: string }>(
    'SELECT substation_id, balance FROM balance ORDER BY substation_id',
  );
  const losses = db.query<[], LossesRow>('SELECT point_id, from_utc, losses FROM point_losses ORDER BY point_id, from_utc');
  const ofPoint = db.query<[pointId: number], LossesRow>(
    'SELECT point_id, from_utc, losses FROM point_losses WHERE point_id = ? ORDER BY from_utc',
  );
  const formulas = db.query<[], Row & { id: number; name: string; unit: string; terms: string }>(
    'SELECT id, name, unit, terms FROM formula ORDER BY id',
  );
  return {
    balances: () =>
      balances.all().map((row) => ({ substationId: row.substation_id, balance: balanceOfSubstation.parse(JSON.parse(row.balance)) })),
    losses: () => losses.all().map(storedLosses),
    lossesOf: (pointId) => ofPoint.all(pointId).map(storedLosses),
    formulas: () => formulas.all().map(({ terms, ...row }) => formula.parse({ ...row, terms: JSON.parse(terms) })),
  };
}

function storedLosses(row: LossesRow): StoredLosses {
  const losses = row.losses === null ? null : boundaryLosses.parse(JSON.parse(row.losses));
  return { pointId: row.point_id, fromUtc: row.from_utc, losses };
}

export function reportDataWriter(db: WritableDb, audit: AppendAudit, nowUtc: () => UtcSeconds): ReportDataWriter {
  const reader = reportDataReader(db);
  const putBalance = db.command('INSERT OR REPLACE INTO balance (substation_id, balance, saved_utc) VALUES (?, ?, ?)');
  const dropBalance = db.command('DELETE FROM balance WHERE substation_id = ?');
  const dropLosses = db.command('DELETE FROM point_losses WHERE point_id = ?');
  const putLosses = db.command('INSERT INTO point_losses (point_id, from_utc, losses, saved_utc) VALUES (?, ?, ?, ?)');
  const dropFormulas = db.command('DELETE FROM formula');
  const putFormula = db.command('INSERT INTO formula (id, name, unit, terms, saved_utc) VALUES (?, ?, ?, ?, ?)');
  /** Runs the change and its audit entry, unless nothing changes. */
  const changed = (action: string, subject: string, who: string, oldValue: string | null, newValue: string | null, run: () => void) =>
    db.transaction(() => {
      if (oldValue === newValue) return;
      run();
      audit({ who, action, subject, oldValue, newValue, reason: null }, nowUtc());
    });
  const lossText = (periods: readonly Omit<StoredLosses, 'pointId'>[]) =>
    periods.length === 0 ? null : JSON.stringify(periods.map(({ fromUtc, losses }) => ({ from: isoUtc(fromUtc), losses })));
  return {
    saveBalance(substationId, balance, who) {
      const before = reader.balances().find((known) => known.substationId === substationId);
      const oldValue = before === undefined ? null : JSON.stringify(before.balance);
      const newValue = balance === null ? null : JSON.stringify(balance);
      changed('balance.save', `substation ${substationId}`, who, oldValue, newValue, () => {
        if (newValue === null) dropBalance.run(substationId);
        else putBalance.run(substationId, newValue, nowUtc());
      });
    },
    saveLosses(pointId, periods, who) {
      const before = reader.losses().filter((known) => known.pointId === pointId);
      const inOrder = periods.toSorted((a, b) => a.fromUtc - b.fromUtc);
      changed('losses.save', `point ${pointId}`, who, lossText(before), lossText(inOrder), () => {
        dropLosses.run(pointId);
        for (const { fromUtc, losses } of inOrder) {
          putLosses.run(pointId, fromUtc, losses === null ? null : JSON.stringify(losses), nowUtc());
        }
      });
    },
    saveFormulas(formulas, who) {
      const inOrder = formulas.toSorted((a, b) => a.id - b.id);
      changed('formulas.save', 'site', who, JSON.stringify(reader.formulas()), JSON.stringify(inOrder), () => {
        dropFormulas.run();
        for (const { id, name, unit, terms } of inOrder) putFormula.run(id, name, unit, JSON.stringify(terms), nowUtc());
      });
    },
  };
}
