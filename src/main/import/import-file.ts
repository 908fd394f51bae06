/** The import file of points, meters and lines (CLI.md, import): bytes in, checked rows out, or every fault at once. */
import { AppError } from '../../shared/api/errors.ts';
import type { ImportFault, ImportRow } from '../../shared/domain/plant.ts';
import { type CellReader, type ImportColumn, type ImportContext, MANDATORY_COLUMNS, OPTIONAL_COLUMNS, readCells } from './import-cells.ts';

const MAX_BYTES = 10 * 1024 * 1024;
/** Beyond so many faults it is another file: the rest is not looked at. */
const MAX_FAULTS = 1000;

/**
 * Rows of an import file in their order. UTF-8 with or without a byte order mark, else windows-1251; any line ends; blank
 * lines are passed over. The mandatory columns stand first and in their order, the optional ones follow in any subset.
 * Throws `import/faulty-file` with `context.faults`: every fault by line and column (`''` = the line as a whole), up to some 1,000. No fault
 * repeats what stands in a password cell.
 */
export function parseImportFile(bytes: Uint8Array, site: ImportContext['site'], parseLine: ImportContext['parseLine']): ImportRow[] {
  const context = { site, parseLine };
  const lines = decodeText(bytes).split(/\r\n|\n|\r/);
  const columns = parseHeader(lines[0] ?? '');
  const faults: ImportFault[] = [];
  const rows: ImportRow[] = [];
  for (const [index, text] of lines.entries()) {
    if (index === 0 || text.trim() === '') continue;
    const fileLine = index + 1;
    if (faults.length >= MAX_FAULTS) {
      faults.push({ line: fileLine, column: '', message: `${MAX_FAULTS} faults so far: the rest of the file was not looked at` });
      break;
    }
    const cells = text.split(';');
    if (cells.length !== columns.length) {
      faults.push({ line: fileLine, column: '', message: `${cells.length} columns, the header has ${columns.length}` });
      continue;
    }
    rows.push(readRow(fileLine, new Map(columns.map((column, position) => [column, cells[position] ?? ''])), context, faults));
  }
  faults.push(...findDuplicates(rows));
  if (rows.length === 0 && faults.length === 0) faults.push({ line: 1, column: '', message: 'there are no rows below the header' });
  if (faults.length > 0) throw faultyFile(faults.sort((a, b) => a.line - b.line));
  return rows;
}

/** A row whose faulty cells hold nothing: it is never given out, but its sound cells still take part in the search for duplicates. */
function readRow(fileLine: number, cells: ReadonlyMap<ImportColumn, string>, context: ImportContext, faults: ImportFault[]): ImportRow {
  const read: CellReader = (column, parse, otherwise) => {
    const cell = cells.get(column) ?? '';
    try {
      // A default without a password form would be a guess about what the spaces mean: it is taken as typed.
      const text = column === 'password' && cell.trim() !== '' ? cell : cell.trim();
      if (text.startsWith('"')) throw new AppError('api/invalid-argument', 'quotes are not used: write the text as it is, without ;');
      return parse(text);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      faults.push({ line: fileLine, column, message: error.message });
      return otherwise;
    }
  };
  return { fileLine, ...readCells(read, context) };
}

function decodeText(bytes: Uint8Array): string {
  if (bytes.length > MAX_BYTES) throw wholeFile('the file is larger than 10 MB');
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw wholeFile('the file is UTF-16: save it as CSV in UTF-8 or windows-1251');
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) throw faultyFile([{ line: lineOfByte(bytes, zero), column: '', message: 'a zero byte: this is not a text file' }]);
  const hasMark = first === 0xef && second === 0xbb && bytes[2] === 0xbf;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8. Cyrillic text in windows-1251 practically never passes as UTF-8, so the first reading decides.
    if (hasMark) throw wholeFile('the byte order mark says UTF-8, but the text is not UTF-8');
    return new TextDecoder('windows-1251').decode(bytes);
  }
}

function lineOfByte(bytes: Uint8Array, position: number): number {
  return bytes.subarray(0, position).reduce((line, byte) => (byte === 0x0a ? line + 1 : line), 1);
}

function parseHeader(text: string): ImportColumn[] {
  const names = text.split(';').map((name) => name.trim());
  const faults: ImportFault[] = [];
  for (const [index, wanted] of MANDATORY_COLUMNS.entries()) {
    if (names[index] !== wanted) faults.push({ line: 1, column: wanted, message: `column ${index + 1} of the header must be ${wanted}` });
  }
  const columns: ImportColumn[] = [...MANDATORY_COLUMNS];
  for (const name of names.slice(MANDATORY_COLUMNS.length)) {
    const known = OPTIONAL_COLUMNS.find((column) => column === name);
    if (known === undefined) {
      faults.push({ line: 1, column: name, message: `unknown column; after vt_ratio may stand ${OPTIONAL_COLUMNS.join(', ')}` });
    } else if (columns.includes(known)) {
      faults.push({ line: 1, column: name, message: 'the column stands twice' });
    } else {
      columns.push(known);
    }
  }
  if (faults.length > 0) throw faultyFile(faults);
  return columns;
}

function findDuplicates(rows: readonly ImportRow[]): ImportFault[] {
  const faults: ImportFault[] = [];
  const check = (column: ImportColumn, keyOf: (row: ImportRow) => string | null, what: string) => {
    const firstLine = new Map<string, number>();
    for (const row of rows) {
      const key = keyOf(row);
      if (key === null) continue;
      const earlier = firstLine.get(key);
      if (earlier === undefined) firstLine.set(key, row.fileLine);
      else faults.push({ line: row.fileLine, column, message: `${what} already stands in line ${earlier}` });
    }
  };
  check('point_code', (row) => row.pointCode || null, 'this point code');
  check('serial', (row) => row.serial || null, 'this serial number');
  check(
    'address',
    (row) => (row.line !== '' && row.address !== null && row.address > 0 ? `${row.line} ${row.address}` : null),
    'this address of the same line',
  );
  return faults;
}

function wholeFile(message: string): AppError {
  return faultyFile([{ line: 1, column: '', message }]);
}

function faultyFile(faults: readonly ImportFault[]): AppError {
  return new AppError('import/faulty-file', `The import file has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}`, {
    context: { faults },
    hint: 'Correct the lines named in the faults and import the file again; nothing was taken from it.',
  });
}
