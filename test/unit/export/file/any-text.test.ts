/** Whatever a name is made of, the file stays a file of its format. */
import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { expect, test } from 'vitest';
import { writeCsv } from '../../../../src/main/export/file/csv.ts';
import { writeDbf } from '../../../../src/main/export/file/dbf.ts';
import type { TextEncoding } from '../../../../src/main/export/file/encoding.ts';
import { sheetName } from '../../../../src/main/export/file/xlsx-sheet.ts';
import { escapeXml, xmlCharacters } from '../../../../src/main/export/file/xml-text.ts';
import { readStrictly } from '../support.ts';
import { column, MemorySink, tableOf } from './support.ts';

/** Any sequence of UTF-16 units, halves of pairs and control characters included, with what formats are sensitive to more often than by chance. */
const anyText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom(...';,"\t\r\n<>&\'_x0041_|=\u0000\uFFFE'.split('')),
      fc.constantFrom('😀', 'Ё', '№'),
    ),
  )
  .map((parts) => parts.join(''));
const COLUMNS = [
  column('a', { kind: 'text', length: 40 }),
  column('b', { kind: 'integer', digits: 2 }),
  column('c', { kind: 'text', length: 40 }),
];

test('a line of CSV has as many cells as columns, whatever stands in them', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyText,
      anyText,
      fc.constantFrom<TextEncoding>('utf-8', 'windows-1251'),
      fc.constantFrom(';' as const, '\t' as const, ',' as const),
      async (one, two, encoding, separator) => {
        const sink = new MemorySink();
        await writeCsv(tableOf(COLUMNS, [one, 7, two], [null, null, null]), sink, { encoding, separator, decimal: '.' });
        const text = new TextDecoder(encoding, { fatal: true }).decode(sink.bytes());
        const lines = text.split('\r\n');
        expect(lines).toHaveLength(4);
        expect(lines.slice(0, 3).map((line) => line.split(separator).length)).toEqual([3, 3, 3]);
        expect(lines[1]?.split(separator)[1]).toBe('7');
        if (separator === ';') expect(readStrictly(sink.bytes(), encoding)).toHaveLength(2);
      },
    ),
  );
});

test('every record of a dBase table has its length, whatever stands in it', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyText, fc.constantFrom('cp1251' as const, 'cp866' as const), async (one, two, encoding) => {
      const sink = new MemorySink();
      await writeDbf(tableOf(COLUMNS, [one, 7, two]), sink, { encoding, made: { utc: 0, offsetMin: 0 }, rowCount: 1 });
      const bytes = sink.bytes();
      const record = bytes.subarray(32 * 4 + 1);
      expect(record).toHaveLength(1 + 40 + 2 + 40 + 1);
      expect([record[0], record[41], record[42], record.at(-1)]).toEqual([0x20, 0x20, 0x37, 0x1a]);
      expect(record.subarray(0, -1).every((byte) => byte >= 0x20)).toBe(true);
    }),
  );
});

test('any text makes well-formed XML and keeps every character that XML has a place for', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      using xml = XmlDocument.fromString(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`);
      const allowed = Array.from(text).filter((sign) => {
        const code = sign.codePointAt(0) ?? 0;
        return (
          code === 9 ||
          code === 10 ||
          code === 13 ||
          (code >= 0x20 && code <= 0xd7ff) ||
          (code >= 0xe000 && code <= 0xfffd) ||
          code >= 0x10000
        );
      });
      expect(xml.root.content).toBe(allowed.join(''));
    }),
  );
});

test('any name of a sheet becomes one that Excel accepts and that is not taken', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 20 }), (wanted) => {
      const taken = new Set<string>();
      for (const text of wanted) {
        const name = sheetName(text, taken);
        expect(xmlCharacters(name)).toBe(name);
        expect(name.length).toBeGreaterThan(0);
        expect(name.length).toBeLessThanOrEqual(31);
        expect(name).not.toMatch(/[[\]:*?/\\\u0000-\u001F]|^'|'$/);
        expect(taken.has(name.toLowerCase())).toBe(false);
        taken.add(name.toLowerCase());
      }
    }),
  );
});
