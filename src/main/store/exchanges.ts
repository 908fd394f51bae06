import type { CompletedExchange } from '../../shared/domain/exchange.ts';
import { isSameBytes } from '../../shared/domain/bytes.ts';
import { bytesOf } from './columns.ts';
import { unpackExchanges } from './exchange-pack.ts';
import type { Cell, ReadableDb, Row, WritableDb } from './database.ts';

/** An exchange as it was stored, with the line that it went over. */
export type StoredExchange = CompletedExchange & { readonly id: number; readonly lineName: string };

/** Reads the bytes that stored figures came from. */
export interface ExchangeReader {
  get(id: number): StoredExchange | null;
}

type ExchangeRow = Row & {
  readonly id: number;
  readonly line_name: string;
  readonly label: string;
  readonly request: Uint8Array;
  readonly response: Uint8Array | null;
  readonly received: Uint8Array | null;
  readonly sent_at_ms: number;
  readonly first_byte_us: number | null;
  readonly duration_us: number;
  readonly attempt: number;
};

/** Exchanges of an open database. */
export function exchangeReader(db: ReadableDb): ExchangeReader {
  const folded = db.query<[id: number], Row & { last_id: number; packed: Uint8Array }>(
    'SELECT last_id, packed FROM exchange_fold WHERE first_id <= ? ORDER BY first_id DESC LIMIT 1',
  );
  const lineName = db.query<[id: number], Row & { name: string }>('SELECT name FROM line WHERE id = ?');
  const getFolded = (id: number): StoredExchange | null => {
    const fold = folded.get(id);
    const row = fold === undefined || fold.last_id < id ? undefined : unpackExchanges(bytesOf(fold.packed)).find((one) => one.id === id);
    if (row === undefined) return null;
    const { lineId, label, request, response, received, sentAtMs, firstByteUs, durationUs, attempt } = row;
    return {
      id,
      lineName: lineName.get(lineId)?.name ?? '',
      label,
      request,
      response,
      received: received ?? response ?? new Uint8Array(),
      sentAtMs,
      firstByteMs: firstByteUs === null ? null : firstByteUs / 1000,
      durationMs: durationUs / 1000,
      attempt,
    };
  };
  const get = db.query<[id: number], ExchangeRow>(
    `SELECT exchange.id, line.name AS line_name, label, request, response, received, sent_at_ms, first_byte_us, duration_us, attempt
     FROM exchange JOIN line ON line.id = line_id WHERE exchange.id = ?`,
  );
  return {
    get(id) {
      const row = get.get(id);
      if (row === undefined) return getFolded(id);
      const response = row.response === null ? null : bytesOf(row.response);
      return {
        id: row.id,
        lineName: row.line_name,
        label: row.label,
        request: bytesOf(row.request),
        response,
        received: row.received === null ? (response ?? new Uint8Array()) : bytesOf(row.received),
        sentAtMs: row.sent_at_ms,
        firstByteMs: row.first_byte_us === null ? null : row.first_byte_us / 1000,
        durationMs: row.duration_us / 1000,
        attempt: row.attempt,
      };
    },
  };
}

/** Ids of the stored exchanges of a batch: what its intervals and what its registers point to. Null when none is left to point to. */
export interface Provenance {
  readonly profile: number | null;
  readonly registers: number | null;
}

/**
 * Stores the exchanges of a batch, each once, in their order. An exchange that opens a channel carries a password and is
 * never stored. Intervals point to the last answered exchange whose label begins with `profile`, registers to the last
 * answered one of the others; where there is none of the kind, to the last one that there is.
 */
export function exchangeWriter(db: WritableDb): (lineId: number, exchanges: readonly CompletedExchange[]) => Provenance {
  const insert = db.command(
    `INSERT INTO exchange (line_id, label, request, response, received, sent_at_ms, first_byte_us, duration_us, attempt)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (lineId, exchanges) => {
    let [profile, other, last]: (number | null)[] = [null, null, null];
    for (const exchange of new Set(exchanges)) {
      if (exchange.label.includes('open channel')) continue;
      last = insert.insert(lineId, ...cells(exchange));
      if (exchange.response === null) continue;
      if (exchange.label.startsWith('profile')) profile = last;
      else other = last;
    }
    const any = last ?? null;
    return { profile: profile ?? other ?? any, registers: other ?? profile ?? any };
  };
}

function cells({ label, request, response, received, sentAtMs, firstByteMs, durationMs, attempt }: CompletedExchange): Cell[] {
  const isClean = response === null ? received.length === 0 : isSameBytes(response, received);
  return [
    label,
    request,
    response,
    isClean ? null : received,
    Math.round(sentAtMs),
    firstByteMs === null ? null : Math.round(firstByteMs * 1000),
    Math.round(durationMs * 1000),
    attempt,
  ];
}
