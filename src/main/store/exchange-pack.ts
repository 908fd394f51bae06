/** Many exchanges in one compressed BLOB: their bytes repeat each other, and each row of a table costs more than its label says. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A row of the table `exchange`. */
export interface PackedExchange {
  readonly id: number;
  readonly lineId: number;
  readonly label: string;
  readonly request: Uint8Array;
  readonly response: Uint8Array | null;
  /** `null` = the response and nothing else. */
  readonly received: Uint8Array | null;
  readonly sentAtMs: number;
  readonly firstByteUs: number | null;
  readonly durationUs: number;
  readonly attempt: number;
}

/** JSON of rows; numbers are differences to the row before, bytes are hex: that is what compresses best. */
type Row = readonly [
  idStep: number,
  lineId: number,
  label: string,
  request: string,
  response: string | null,
  received: string | null,
  sentStepMs: number,
  firstByteUs: number | null,
  durationUs: number,
  attempt: number,
];

const LEVEL = 9;

/** `exchanges` in the order of their numbers. */
export function packExchanges(exchanges: readonly PackedExchange[]): Uint8Array {
  let [id, sentAtMs] = [0, 0];
  const rows = exchanges.map((exchange): Row => {
    const row: Row = [
      exchange.id - id,
      exchange.lineId,
      exchange.label,
      hexOf(exchange.request),
      exchange.response === null ? null : hexOf(exchange.response),
      exchange.received === null ? null : hexOf(exchange.received),
      exchange.sentAtMs - sentAtMs,
      exchange.firstByteUs,
      exchange.durationUs,
      exchange.attempt,
    ];
    [id, sentAtMs] = [exchange.id, exchange.sentAtMs];
    return row;
  });
  return new Uint8Array(deflateRawSync(JSON.stringify(rows), { level: LEVEL }));
}

/** The same rows again. Throws when the bytes are no pack. */
export function unpackExchanges(packed: Uint8Array): PackedExchange[] {
  const rows: readonly Row[] = JSON.parse(inflateRawSync(packed).toString('utf8'));
  let [id, sentAtMs] = [0, 0];
  return rows.map(([idStep, lineId, label, request, response, received, sentStepMs, firstByteUs, durationUs, attempt]) => {
    [id, sentAtMs] = [id + idStep, sentAtMs + sentStepMs];
    return {
      id,
      lineId,
      label,
      request: bytesOfHex(request),
      response: response === null ? null : bytesOfHex(response),
      received: received === null ? null : bytesOfHex(received),
      sentAtMs,
      firstByteUs,
      durationUs,
      attempt,
    };
  });
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function bytesOfHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
