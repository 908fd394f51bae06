import { expect, test } from 'vitest';
import { XmlDocument } from 'libxml2-wasm';
import { writeJson } from '../../../../src/main/export/file/json.ts';
import type { Cell, TableColumn, TableDocument } from '../../../../src/main/export/file/table.ts';
import { writeXml } from '../../../../src/main/export/file/xml.ts';
import { column, countedTable, MemorySink, tableOf } from './support.ts';

const AT = { utc: Date.UTC(2025, 0, 31, 20, 30) / 1000, offsetMin: 180 };
const HEADER = {
  columns: [column('format', { kind: 'text', length: 20 }), column('replaces', { kind: 'text', length: 36 })],
  cells: ['energy-1c', null],
};
const COLUMNS: readonly TableColumn[] = [
  column('code', { kind: 'text', length: 32 }),
  column('energy', { kind: 'decimal', digits: 18, scale: 3 }),
  column('ratio', { kind: 'decimal', digits: 12, scale: 4, isTrimmed: true }),
  column('zone', { kind: 'integer', digits: 2 }),
  column('begin', { kind: 'moment' }),
  column('day', { kind: 'day' }),
  column('month', { kind: 'month' }),
  column('flag', { kind: 'flag' }),
];
const FULL: readonly Cell[] = ['<А>&"007"', -9_999_999_999_999_999n, 1_575_000n, 0, AT, '2025-01-31', '2025-01', true];
const BLANK: readonly Cell[] = ['Б', ...COLUMNS.slice(1).map(() => null)];
const XML = { namespace: 'http://example.local/1', root: 'package', row: 'IV' };

const documentOf = (...rows: readonly (readonly Cell[])[]): TableDocument => ({ header: HEADER, table: tableOf(COLUMNS, ...rows) });

async function xml(document: TableDocument): Promise<string> {
  const sink = new MemorySink();
  await writeXml(document, sink, XML);
  return sink.text();
}

async function json(document: TableDocument): Promise<string> {
  const sink = new MemorySink();
  await writeJson(document, sink);
  return sink.text();
}

test('XML has the header, then an element a row, in the order of the columns and without what is not there', async () => {
  expect(await xml(documentOf(FULL, BLANK))).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<package xmlns="http://example.local/1">\n<header><format>energy-1c</format></header>\n<rows>\n' +
      '<IV><code>&lt;А&gt;&amp;&quot;007&quot;</code><energy>-9999999999999.999</energy><ratio>157.5</ratio><zone>0</zone>' +
      '<begin>2025-01-31T23:30:00+03:00</begin><day>2025-01-31</day><month>2025-01</month><flag>true</flag></IV>\n' +
      '<IV><code>Б</code></IV>\n</rows>\n</package>\n',
  );
});

test('a text goes through XML as it is, but for characters that XML has no place for', async () => {
  const text = `\u0000\u0008до\t\n\r после\u001F ]]> 😀 \uD800 \uFFFE\u00A0`;
  using parsed = XmlDocument.fromString(await xml(documentOf([text, ...BLANK.slice(1)])));
  expect(parsed.get('//f:code', { f: XML.namespace })?.content).toBe('до\t\n\r после ]]> 😀  \u00A0');
});

test('JSON prints every digit of a decimal, keeps every text and names what is not there', async () => {
  const text = await json(documentOf(FULL, ['\u0000"\\\n', ...BLANK.slice(1)]));
  expect(text).toContain('"energy":-9999999999999.999,"ratio":157.5,');
  expect(JSON.parse(text)).toEqual({
    header: { format: 'energy-1c', replaces: null },
    rows: [
      {
        code: '<А>&"007"',
        energy: expect.any(Number),
        ratio: 157.5,
        zone: 0,
        begin: '2025-01-31T23:30:00+03:00',
        day: '2025-01-31',
        month: '2025-01',
        flag: true,
      },
      { code: '\u0000"\\\n', energy: null, ratio: null, zone: null, begin: null, day: null, month: null, flag: null },
    ],
  });
});

test('a document without rows is whole', async () => {
  expect(JSON.parse(await json(documentOf()))).toEqual({ header: { format: 'energy-1c', replaces: null }, rows: [] });
  using parsed = XmlDocument.fromString(await xml(documentOf()));
  expect(parsed.find('//f:IV', { f: XML.namespace })).toHaveLength(0);
});

test('rows are made as they are written, and lots join without a seam', async () => {
  const made = () => countedTable([column('n', { kind: 'integer', digits: 5 })], 2500, (index) => [index]);
  const [first, second] = [made(), made()];
  const seen: number[] = [];
  const noting = (asked: { readonly rows: number }) => ({ write: () => Promise.resolve(void seen.push(asked.rows)) });
  await writeXml({ header: HEADER, table: first.table }, noting(first.asked), XML);
  await writeJson({ header: HEADER, table: second.table }, noting(second.asked));
  expect(seen).toEqual([0, 1000, 2000, 2500, 2500, 0, 1000, 2000, 2500, 2500]);
  const parsed = JSON.parse(await json({ header: HEADER, table: made().table })) as { readonly rows: readonly { readonly n: number }[] };
  expect(parsed.rows.map(({ n }) => n)).toEqual(Array.from({ length: 2500 }, (_, index) => index));
});
