/** Records of events: 34, 35, 36, 3A, 39, and maxima: 33 (mercury.md 12.1). */
import type { WallTime } from '../../../shared/domain/time.ts';
import { byteAt, hexOf } from '../mercury/formats.ts';
import { field, secondText } from '../mercury/fields.ts';
import { type Command200, fieldsCommand, rawCommand } from './command.ts';
import { parseTime } from './formats.ts';

/** Journals by the code that reads a record. */
export const JOURNALS = { 0x34: 'power', 0x35: 'cover', 0x36: 'parameters', 0x3a: 'relay' } as const;
export type JournalCode = keyof typeof JOURNALS;
/** Records of a journal, 0 = the newest. */
export const JOURNAL_RECORDS = 0x40;

const RECORD_LENGTH: Readonly<Record<JournalCode, number>> = { 0x34: 7, 0x35: 7, 0x36: 8, 0x3a: 7 };

/** One record of a journal. */
export interface JournalRecord {
  /** First byte. The document lays out seven bytes, six of which are the moment; what the first one tells apart is not printed. */
  readonly code: number;
  /** By the meter's clock; `null` = an empty record. */
  readonly wall: WallTime | null;
  /** Eighth byte, of the journal of parameters. */
  readonly extra: number | null;
}

/** Record `index` (0 = newest .. 63) of a journal. */
export function journalCommand(journal: JournalCode, index: number): Command200<JournalRecord> {
  const size = RECORD_LENGTH[journal];
  const parse = (data: Uint8Array): JournalRecord => ({
    code: byteAt(data, 0),
    wall: parseTime(data, 1),
    extra: size > 7 ? byteAt(data, 7) : null,
  });
  return {
    name: `journal-${JOURNALS[journal]}`,
    label: `journal of ${JOURNALS[journal]} record ${index}`,
    body: Uint8Array.of(journal, index),
    replyData: [size],
    parse,
    fields: (data) => {
      const { wall, code, extra } = parse(data);
      return [
        field('event.code', hexOf(Uint8Array.of(code)), null, 0, 1),
        field('event.time', wall === null ? null : secondText(wall), null, 1, 6),
        ...(extra === null ? [] : [field('event.parameter', hexOf(Uint8Array.of(extra)), null, 7, 1)]),
      ];
    },
  };
}

/** Quality events: 39 a b. Six bytes that no document lays out. */
export function qualityEventCommand(kind: number, index: number): Command200<unknown> {
  return rawCommand('quality-event', `quality event ${kind} ${index}`, [0x39, kind, index], [6]);
}

const MAXIMA = [
  { name: 'U1', scale: -1, unit: 'V' },
  { name: 'I1', scale: -2, unit: 'A' },
  // The scale of power in two bytes is that of command 26.
  { name: 'P', scale: 1, unit: 'W' },
] as const;
/** Maxima that a meter keeps: 0 voltage, 1 current, 2 power. */
export const MAXIMA_KINDS = MAXIMA.length;

/** The permanent and the resettable maximum of a value with their moments: 33 k. */
export function maximaCommand(kind: number): Command200<unknown> {
  const { name, scale, unit } = MAXIMA[kind] ?? MAXIMA[0];
  return fieldsCommand(
    'maxima',
    `maxima of ${name}`,
    [0x33, kind],
    ['permanent', 'resettable'].flatMap((which, index) => [
      { name: `max.${name}.${which}`, offset: index * 8, size: 2, format: 'B2', scale, unit } as const,
      { name: `max.${name}.${which}.time`, offset: index * 8 + 2, size: 6, format: 'time' } as const,
    ]),
  );
}
