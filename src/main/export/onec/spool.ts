/**
 * Rows of a package between their making and their writing. Meters go on being read while files are written, so the rows of all
 * formats are fixed once, on the disk: one line of JSON each. That also tells their number and sum before the first file begins.
 */
import type { SentDay } from '../../../shared/domain/package.ts';
import type { Cell } from '../file/table.ts';

/** Figures are bigints: `#123`; texts have an apostrophe before them; a moment is a pair. */
type SpoolCell = string | number | boolean | readonly [number, number] | null;

export function spoolLines(rows: readonly (readonly Cell[])[]): Uint8Array {
  return new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row.map(packCell))}\n`).join(''));
}

/** Rows in the order in which they were spooled. `chunks` are the bytes of the spool from its beginning. */
export function* spooledRows(chunks: Iterable<Uint8Array>): Generator<Cell[]> {
  for (const line of linesOf(chunks)) {
    const cells: readonly SpoolCell[] = JSON.parse(line);
    yield cells.map(unpackCell);
  }
}

/** What a package says of its keys and days, until it has a number to be remembered under. */
export function spoolSent(sent: readonly SentDay[]): Uint8Array {
  return new TextEncoder().encode(sent.map((day) => `${JSON.stringify(day)}\n`).join(''));
}

export function* spooledSent(chunks: Iterable<Uint8Array>): Generator<SentDay> {
  for (const line of linesOf(chunks)) {
    const day: SentDay = JSON.parse(line);
    yield day;
  }
}

function* linesOf(chunks: Iterable<Uint8Array>): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function packCell(cell: Cell): SpoolCell {
  if (typeof cell === 'bigint') return `#${cell}`;
  if (typeof cell === 'string') return `'${cell}`;
  return typeof cell === 'object' && cell !== null ? [cell.utc, cell.offsetMin] : cell;
}

function unpackCell(cell: SpoolCell): Cell {
  if (typeof cell === 'string') return cell.startsWith('#') ? BigInt(cell.slice(1)) : cell.slice(1);
  return typeof cell === 'object' && cell !== null ? { utc: cell[0], offsetMin: cell[1] } : cell;
}
