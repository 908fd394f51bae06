import { AppError } from '../../shared/api/errors.ts';
import { CHANNELS, type Channel } from '../../shared/domain/channel.ts';
import { MONTH_CLOSED, type MonthLack } from '../../shared/domain/closing.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { AppendAudit } from './audit.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** One closing of a month, ended or not. */
export interface ClosedMonth {
  readonly id: number;
  /** `YYYY-MM` of the site. */
  readonly month: string;
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  readonly closedUtc: UtcSeconds;
  readonly closedBy: string;
  readonly closedReason: string;
  readonly leftOpen: readonly MonthLack[];
  /** A+ of all points at the closing, Wh, and what of it was replaced. */
  readonly energyWh: number;
  readonly replacedWh: number;
  /** All null while it is closed. */
  readonly openedUtc: UtcSeconds | null;
  readonly openedBy: string | null;
  readonly openedReason: string | null;
}

/** Figures of one point and channel over a closed month, as the column texts have them (migration 12). */
export interface ClosedFigures {
  readonly pointId: number;
  readonly channel: Channel;
  readonly denominator: bigint;
  /** By half-hours from the first moment of the month; null = no figure. */
  readonly numerators: readonly (bigint | null)[];
  readonly marks: string;
}

/** Reads which months are closed. */
export interface MonthReader {
  /** Those closed now that touch `[fromUtc, toUtc)`, in order. */
  closedIn(fromUtc: UtcSeconds, toUtc: UtcSeconds): ClosedMonth[];
  /** The figures of a point at a closing, in the order of the channels. */
  figures(closedMonthId: number, pointId: number): ClosedFigures[];
  /** Every closing there was, newest month first, the last closing of a month before the earlier ones. */
  list(): ClosedMonth[];
}

export interface MonthWriter {
  /** Keeps the figures of a month as they are; audited. Throws `api/conflict` when it is closed already. */
  close(
    month: Pick<ClosedMonth, 'month' | 'fromUtc' | 'toUtc' | 'leftOpen' | 'energyWh' | 'replacedWh'>,
    figures: readonly ClosedFigures[],
    by: { readonly author: string; readonly who: string; readonly reason: string },
  ): number;
  /** Lets it change again; what it was stays stored. Audited. Throws `api/conflict` when it is not closed. */
  open(month: string, by: { readonly author: string; readonly who: string; readonly reason: string }): void;
}

/** Throws `api/conflict` with `context.obstacle` = `month-closed` when `[fromUtc, toUtc)` touches a closed month. */
export type RefuseClosed = (fromUtc: UtcSeconds, toUtc: UtcSeconds) => void;

type MonthRow = Row & Omit<ClosedMonth, 'leftOpen'> & { readonly leftOpen: string };
type FigureRow = Row & {
  readonly pointId: number;
  readonly channel: Channel;
  readonly denominator: string;
  readonly numerators: string;
  readonly marks: string;
};

const MONTH = `id, month, from_utc AS fromUtc, to_utc AS toUtc, closed_utc AS closedUtc, closed_by AS closedBy, closed_reason AS closedReason,
  left_open AS leftOpen, energy AS energyWh, replaced AS replacedWh, opened_utc AS openedUtc, opened_by AS openedBy,
  opened_reason AS openedReason`;

export function monthReader(db: ReadableDb): MonthReader {
  const closedIn = db.query<[fromUtc: number, toUtc: number], MonthRow>(
    `SELECT ${MONTH} FROM closed_month WHERE opened_utc IS NULL AND to_utc > ? AND from_utc < ? ORDER BY month`,
  );
  const list = db.query<[], MonthRow>(`SELECT ${MONTH} FROM closed_month ORDER BY month DESC, id DESC`);
  const figures = db.query<[closedMonthId: number, pointId: number], FigureRow>(
    `SELECT point_id AS pointId, channel, denominator, numerators, marks FROM closed_figure WHERE closed_month_id = ? AND point_id = ?`,
  );
  return {
    closedIn: (...args) => closedIn.all(...args).map(monthOf),
    figures: (...args) =>
      figures
        .all(...args)
        .map(figuresOf)
        .sort((a, b) => CHANNELS.indexOf(a.channel) - CHANNELS.indexOf(b.channel)),
    list: () => list.all().map(monthOf),
  };
}

/** The guard of everything that would change figures of a closed month. */
export function closedMonthGuard(db: ReadableDb): RefuseClosed {
  const reader = monthReader(db);
  return (fromUtc, toUtc) => {
    const [closed] = reader.closedIn(fromUtc, toUtc);
    if (closed === undefined) return;
    throw new AppError('api/conflict', `The month ${closed.month} is closed: its figures cannot be changed`, {
      context: { obstacle: MONTH_CLOSED, month: closed.month, closedBy: closed.closedBy },
      hint: 'Open the month again with a reason, make the change, and close it anew.',
    });
  };
}

/** Each call is a durable transaction of its own. */
export function monthWriter(db: WritableDb, audit: AppendAudit, nowUtc: () => UtcSeconds): MonthWriter {
  const { closedIn } = monthReader(db);
  const add = db.command(
    `INSERT INTO closed_month (month, from_utc, to_utc, closed_utc, closed_by, closed_reason, left_open, energy, replaced)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addFigures = db.command(
    'INSERT INTO closed_figure (closed_month_id, point_id, channel, denominator, numerators, marks) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const end = db.command('UPDATE closed_month SET opened_utc = ?, opened_by = ?, opened_reason = ? WHERE month = ? AND opened_utc IS NULL');
  const now = db.query<[month: string], MonthRow>(`SELECT ${MONTH} FROM closed_month WHERE month = ? AND opened_utc IS NULL`);
  return {
    close: ({ month, fromUtc, toUtc, leftOpen, energyWh, replacedWh }, figures, { author, who, reason }) =>
      db.transaction(() => {
        if (closedIn(fromUtc, toUtc).length > 0) {
          throw new AppError('api/conflict', `The month ${month} is closed already`, { context: { obstacle: MONTH_CLOSED, month } });
        }
        const at = nowUtc();
        const id = add.insert(month, fromUtc, toUtc, at, author, reason, JSON.stringify(leftOpen), energyWh, replacedWh);
        for (const { pointId, channel, denominator, numerators, marks } of figures) {
          addFigures.run(id, pointId, channel, String(denominator), numbersText(numerators), marks);
        }
        const newValue = JSON.stringify({ month, author, energyWh, replacedWh, leftOpen });
        audit({ who, action: 'month.close', subject: `month ${month}`, oldValue: null, newValue, reason }, at);
        return id;
      }),
    open: (month, { author, who, reason }) =>
      db.transaction(() => {
        const row = now.get(month);
        if (row === undefined) throw new AppError('api/conflict', `The month ${month} is not closed`, { context: { month } });
        const at = nowUtc();
        end.run(at, author, reason, month);
        const oldValue = JSON.stringify({ month, closedBy: row.closedBy, closedUtc: row.closedUtc, energyWh: row.energyWh });
        const newValue = JSON.stringify({ openedBy: author });
        audit({ who, action: 'month.open', subject: `month ${month}`, oldValue, newValue, reason }, at);
      }),
  };
}

/** Numerators go beyond what JSON's readers keep exact: they stand as texts when they are that large. */
function numbersText(numbers: readonly (bigint | null)[]): string {
  return JSON.stringify(numbers.map((number) => (number === null ? null : isExact(number) ? Number(number) : String(number))));
}

function isExact(number: bigint): boolean {
  return number <= BigInt(Number.MAX_SAFE_INTEGER) && number >= BigInt(Number.MIN_SAFE_INTEGER);
}

function monthOf(row: MonthRow): ClosedMonth {
  return { ...row, leftOpen: JSON.parse(row.leftOpen) };
}

function figuresOf(row: FigureRow): ClosedFigures {
  const numbers: (number | string | null)[] = JSON.parse(row.numerators);
  return {
    pointId: row.pointId,
    channel: row.channel,
    denominator: BigInt(row.denominator),
    numerators: numbers.map((number) => (number === null ? null : BigInt(number))),
    marks: row.marks,
  };
}
