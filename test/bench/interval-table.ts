/** Half-hours of many points as the IV package has them, made while they are asked for. */
import type { Cell, Table, TableColumn } from '../../src/main/export/file/table.ts';

export const HALF_HOURS_OF_YEAR = 17_520;
const START_UTC = Date.UTC(2024, 11, 31, 21) / 1000;

const COLUMNS: readonly TableColumn[] = [
  { name: 'point_code', dbf: 'PT_CODE', type: { kind: 'text', length: 32 }, isKey: true },
  { name: 'point_name', dbf: 'PT_NAME', type: { kind: 'text', length: 100 } },
  { name: 'channel', dbf: 'CHANNEL', type: { kind: 'text', length: 2 } },
  { name: 'begin', dbf: 'DT', type: { kind: 'moment' } },
  { name: 'utc_offset_min', dbf: 'UTC_OFF', type: { kind: 'integer', digits: 5 } },
  { name: 'length_min', dbf: 'LEN_MIN', type: { kind: 'integer', digits: 4 } },
  { name: 'energy', dbf: 'ENERGY', type: { kind: 'decimal', digits: 16, scale: 3 } },
  { name: 'losses', dbf: 'LOSSES', type: { kind: 'decimal', digits: 14, scale: 3 } },
  { name: 'energy_total', dbf: 'TOTAL', type: { kind: 'decimal', digits: 16, scale: 3 } },
  { name: 'status', dbf: 'STATUS', type: { kind: 'integer', digits: 1 } },
  { name: 'method', dbf: 'METHOD', type: { kind: 'text', length: 20 } },
  { name: 'revision', dbf: 'REVISION', type: { kind: 'integer', digits: 4 } },
];

export function intervalTable(points: number, halfHours: number): Table {
  function* rows(): Generator<readonly Cell[]> {
    for (let point = 1; point <= points; point += 1) {
      const [code, name] = [`РП1-Я${String(point).padStart(3, '0')}`, `РП-1 «Северная», яч. №${point}`];
      for (let slot = 0; slot < halfHours; slot += 1) {
        const energy = BigInt(28_350 + (Math.imul(slot * 70 + point, 0x9e3779b1) >>> 12));
        yield [code, name, 'A+', { utc: START_UTC + slot * 1800, offsetMin: 180 }, 180, 30, energy, 0n, energy, 0, 'auto', 1];
      }
    }
  }
  return { columns: COLUMNS, rows: rows() };
}
