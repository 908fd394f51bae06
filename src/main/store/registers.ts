import { REGISTER_KINDS, type RegisterReading } from '../../shared/domain/register.ts';
import { type ChannelColumns, channelCells, isSameFigures, perChannel } from './columns.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';
import type { UtcRange } from './intervals.ts';

/** Reads cumulative registers. */
export interface RegisterReader {
  /** Ordered by meter, moment, kind (as REGISTER_KINDS), tariff; `range` is [from, to) of the moments. */
  list(meterIds: readonly number[], range?: UtcRange): (RegisterReading & { readonly meterId: number })[];
  /** The last reading of each kind and tariff, ordered by kind, then tariff. */
  latest(meterId: number): RegisterReading[];
}

/** Tariffs are read one exchange after another: within this time they are one reading. */
const ONE_READING_S = 600;

const COLUMNS = 'kind, moment_utc, tariff, a_plus, a_minus, r_plus, r_minus';
type RegisterRow = Row & ChannelColumns & { readonly kind: number; readonly moment_utc: number; readonly tariff: number };

/** Registers of an open database. */
export function registerReader(db: ReadableDb): RegisterReader {
  const kinds = REGISTER_KINDS.map((_, kind) => kind);
  // Naming every kind lets the key be used for the moments below it.
  const list = db.query<[meterId: number, fromUtc: number, toUtc: number], RegisterRow>(
    `SELECT ${COLUMNS} FROM register WHERE meter_id = ? AND kind IN (${kinds.join()}) AND moment_utc >= ? AND moment_utc < ?
     ORDER BY moment_utc, kind, tariff`,
  );
  const newest = db.query<[meterId: number, kind: number], Row & { newest: number | null }>(
    'SELECT max(moment_utc) AS newest FROM register WHERE meter_id = ? AND kind = ?',
  );
  const last = db.query<[meterId: number, kind: number, fromUtc: number], RegisterRow>(
    `SELECT ${COLUMNS} FROM register WHERE meter_id = ? AND kind = ? AND moment_utc > ? ORDER BY moment_utc`,
  );
  return {
    list: (meterIds, range) =>
      [...new Set(meterIds)]
        .sort((a, b) => a - b)
        .flatMap((meterId) =>
          list
            .all(meterId, range?.fromUtc ?? Number.MIN_SAFE_INTEGER, range?.toUtc ?? Number.MAX_SAFE_INTEGER)
            .map((row) => ({ ...registerReading(row), meterId })),
        ),
    latest: (meterId) =>
      kinds.flatMap((kind) => {
        const at = newest.get(meterId, kind)?.newest ?? null;
        if (at === null) return [];
        const byTariff = new Map(last.all(meterId, kind, at - ONE_READING_S).map((row) => [row.tariff, row]));
        return [...byTariff.values()].sort((a, b) => a.tariff - b.tariff).map(registerReading);
      }),
  };
}

/**
 * Stores one reading; the same kind, moment and tariff with other figures replaces them, together with where they come from.
 * `exchangeId` is asked for only when something changes. Call it inside a transaction.
 */
export function registerWriter(db: WritableDb): (meterId: number, reading: RegisterReading, exchangeId: () => number | null) => void {
  const known = db.query<[number, number, number, number], RegisterRow>(
    `SELECT ${COLUMNS} FROM register WHERE meter_id = ? AND kind = ? AND moment_utc = ? AND tariff = ?`,
  );
  const replace = db.command(`INSERT OR REPLACE INTO register (meter_id, ${COLUMNS}, exchange_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return (meterId, reading, exchangeId) => {
    const kind = REGISTER_KINDS.indexOf(reading.kind);
    const before = known.get(meterId, kind, reading.momentUtc, reading.tariff);
    if (before !== undefined && isSameFigures(perChannel(before), reading.energy)) return;
    replace.run(meterId, kind, reading.momentUtc, reading.tariff, ...channelCells(reading.energy), exchangeId());
  };
}

function registerReading(row: RegisterRow): RegisterReading {
  return { kind: REGISTER_KINDS[row.kind] ?? 'now', momentUtc: row.moment_utc, tariff: row.tariff, energy: perChannel(row) };
}
