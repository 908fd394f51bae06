/** The meter's own diagnosis: six bytes of 08 0A and of journal 14 (mercury.md 7). */
import type { Command } from './command.ts';
import { type DataField, field, hexField } from './fields.ts';
import { byteAt } from './formats.ts';

/** Faults and flags that are set, as `E-03`, in ascending order. */
export interface StatusWord {
  readonly faults: readonly string[];
  /** E-40 (a broadcast was received) and E-47 (the clock is being corrected): no faults. */
  readonly flags: readonly string[];
}

/** Bits that only tell what the meter is doing. */
const FLAGS: ReadonlySet<number> = new Set([40, 47]);
export const STATUS_WORD_LENGTH = 6;

/** 08 0A: six bytes; five before firmware 2.2.2 and four before 1.5.2 of the 230. */
export function statusWordCommand(): Command<StatusWord> {
  return {
    name: 'parameter-0A',
    label: 'status word',
    body: Uint8Array.of(0x08, 0x0a),
    replyLengths: [9, 7, 8],
    parse: (data) => parseStatusWord(data, 0, Math.min(STATUS_WORD_LENGTH, Math.max(4, data.length))),
  };
}

/**
 * Words of two bytes, the most significant word first, the low byte of each first. Shorter words of old firmware are
 * read as the same without their first bytes: the documents give their length only.
 */
export function parseStatusWord(data: Uint8Array, offset: number, length: number): StatusWord {
  const faults: string[] = [];
  const flags: string[] = [];
  const end = offset + length;
  byteAt(data, end - 1);
  // Bytes in the order of their numbers: the last word first, each word as it stands.
  for (let group = 0; group < length; group += 1) {
    const wordStart = end - 2 - (group & ~1);
    const byte = byteAt(data, wordStart < offset ? offset : wordStart + (group & 1));
    for (let bit = 0; byte >> bit !== 0; bit += 1) {
      if (((byte >> bit) & 1) === 0) continue;
      const number = group * 8 + bit + 1;
      (FLAGS.has(number) ? flags : faults).push(`E-${number < 10 ? '0' : ''}${number}`);
    }
  }
  return { faults, flags };
}

/** `status_word`, `.faults` and `.flags`: lists with spaces, empty when nothing is set. */
export function statusWordFields(data: Uint8Array, offset: number, length: number, prefix: string): DataField[] {
  const { faults, flags } = parseStatusWord(data, offset, length);
  return [
    hexField(prefix, data, offset, length),
    field(`${prefix}.faults`, faults.join(' '), null, offset, length),
    field(`${prefix}.flags`, flags.join(' '), null, offset, length),
  ];
}
