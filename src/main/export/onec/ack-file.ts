/** Answers of 1C (onec.md 4.4): written by others, so nothing in them is believed before it was checked. */
import type { AckFault, PackageAck, PackageFault } from '../../../shared/domain/package.ts';

/** Bytes. An answer is a few lines, a list of faults a line for each row of a package. */
export const ACK_LIMIT = 1024 * 1024;
export const FAULTS_LIMIT = 10 * 1024 * 1024;

const LONGEST_TEXT = 4000;
const LONGEST_CELL = 300;
/** So many faults are kept; the others are counted. */
const KEPT_FAULTS = 1000;

export interface AckFields {
  readonly packId: string;
  /** null = it is not said. */
  readonly number: number | null;
  readonly status: PackageAck['status'];
  readonly rowsOk: number | null;
  readonly rowsBad: number | null;
  readonly text: string;
}

/** What was read, or why it is not to be believed. */
export type Parsed<T> = { readonly value: T; readonly fault: null } | { readonly value: null; readonly fault: AckFault };

const STATUSES: readonly PackageAck['status'][] = ['accepted', 'partial', 'rejected'];
const KNOWN = new Set(['pack_id', 'pack_no', 'status', 'rows_ok', 'rows_bad', 'text']);

/**
 * Lines `key=value` in UTF-8 or windows-1251. `pack_id` and `status` must be there, no known key may stand twice, unknown keys are
 * passed over. Lines without `=` after `text=` belong to the text, since an error of 1C may have several lines.
 */
export function parseAck(bytes: Uint8Array): Parsed<AckFields> {
  if (bytes.length > ACK_LIMIT) return refused('too-large');
  const text = textOf(bytes);
  if (text === null) return refused('not-text');
  const fields = new Map<string, string>();
  let last: string | null = null;
  for (const line of text.split(/\r?\n|\r/)) {
    const at = line.indexOf('=');
    const key = at < 0 ? null : line.slice(0, at).trim();
    if (key === null || (last === 'text' && !KNOWN.has(key))) {
      if (last === 'text') fields.set('text', `${fields.get('text') ?? ''} ${line}`);
      else if (line.trim() !== '') return refused('not-key-value');
      continue;
    }
    if (KNOWN.has(key)) {
      if (fields.has(key)) return refused('key-twice');
      fields.set(key, line.slice(at + 1));
    }
    last = key;
  }
  const packId = fields.get('pack_id')?.trim() ?? '';
  const status = STATUSES.find((one) => one === fields.get('status')?.trim());
  const [number, rowsOk, rowsBad] = ['pack_no', 'rows_ok', 'rows_bad'].map((key) => wholeNumber(fields.get(key)));
  if (packId === '') return refused('no-pack-id');
  if (status === undefined) return refused('no-status');
  if (number === undefined || rowsOk === undefined || rowsBad === undefined) return refused('not-a-number');
  return { fault: null, value: { packId, number, status, rowsOk, rowsBad, text: cleaned(fields.get('text') ?? '', LONGEST_TEXT) } };
}

/** Lines `row;key;reason`, with or without a line of these names. The key may have semicolons of its own. */
export function parseFaults(bytes: Uint8Array): Parsed<{ readonly faults: readonly PackageFault[]; readonly count: number }> {
  if (bytes.length > FAULTS_LIMIT) return refused('faults-too-large');
  const text = textOf(bytes);
  if (text === null) return refused('faults-unreadable');
  const faults: PackageFault[] = [];
  let count = 0;
  for (const [index, line] of text.split(/\r?\n|\r/).entries()) {
    if (line.trim() === '' || (index === 0 && /^row;key;reason\s*$/.test(line))) continue;
    const [, row, key, reason] = /^\s*(\d{0,9})\s*;(.*);([^;]*)$/.exec(line) ?? [];
    if (row === undefined || key === undefined || reason === undefined) return refused('faults-unreadable');
    count += 1;
    if (faults.length === KEPT_FAULTS) continue;
    faults.push({ row: row === '' ? null : Number(row), key: cleaned(key, LONGEST_CELL), reason: cleaned(reason, LONGEST_CELL) });
  }
  return { fault: null, value: { faults, count } };
}

function refused(fault: AckFault): { readonly value: null; readonly fault: AckFault } {
  return { value: null, fault };
}

/** UTF-8 with or without its mark, else windows-1251, which takes any bytes; null when there are zero bytes in it. */
function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1251').decode(bytes);
  }
}

/** null = not there or empty; undefined = something else than a number. */
function wholeNumber(text: string | undefined): number | null | undefined {
  const digits = text?.trim() ?? '';
  if (digits === '') return null;
  return /^\d{1,9}$/.test(digits) ? Number(digits) : undefined;
}

function cleaned(text: string, longest: number): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, longest);
}
