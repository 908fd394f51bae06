import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type CsvOptions, writeCsv } from '../../../../src/main/export/file/csv.ts';
import type { Table } from '../../../../src/main/export/file/table.ts';
import { column, countedTable, MemorySink, tableOf } from './support.ts';

const DEFAULTS: CsvOptions = { encoding: 'windows-1251', separator: ';', decimal: ',' };
const CODE = column('point_code', { kind: 'text', length: 32 }, { isKey: true });
const NAME = column('point_name', { kind: 'text', length: 100 });
const ENERGY = column('energy', { kind: 'decimal', digits: 16, scale: 3 });
/** 26 October 2014 01:00 in Moscow, on the second pass of the hour. */
const REPEATED_HOUR = { utc: Date.UTC(2014, 9, 25, 22) / 1000, offsetMin: 180 };

async function written(table: Table, options: Partial<CsvOptions> = {}): Promise<MemorySink> {
  const sink = new MemorySink();
  await writeCsv(table, sink, { ...DEFAULTS, ...options });
  return sink;
}

test('every kind of cell is printed as a loader that only splits takes it', async () => {
  const sink = await written(
    tableOf(
      [
        CODE,
        ENERGY,
        column('ratio', { kind: 'decimal', digits: 12, scale: 4, isTrimmed: true }),
        column('zone', { kind: 'integer', digits: 2 }),
        column('begin', { kind: 'moment' }),
        column('day', { kind: 'day' }),
        column('month', { kind: 'month' }),
        column('rollover', { kind: 'flag' }),
      ],
      ['007', -12n, 1_575_000n, 0, REPEATED_HOUR, '2025-01-31', '2025-01', true],
      ['007', 0n, 1_200_000n, 4, REPEATED_HOUR, '2025-01-31', '2025-01', false],
      [null, null, null, null, null, null, null, null],
    ),
  );
  expect(sink.text('windows-1251')).toBe(
    'point_code;energy;ratio;zone;begin;day;month;rollover\r\n' +
      '007;-0,012;157,5;0;26.10.2014 01:00:00;31.01.2025;01.2025;1\r\n' +
      '007;0,000;120;4;26.10.2014 01:00:00;31.01.2025;01.2025;0\r\n' +
      ';;;;;;;\r\n',
  );
});

test('what would part or close a cell is replaced in texts', async () => {
  const table = () => tableOf([CODE, NAME], ['А;1', 'ТП "Центр";\r\nяч.\t5, левая']);
  expect((await written(table())).text('windows-1251').split('\r\n')[1]).toBe("А,1;ТП 'Центр',  яч. 5, левая");
  const byComma = await written(table(), { separator: ',', decimal: '.' });
  expect(byComma.text('windows-1251').split('\r\n')[1]).toBe("А;1,ТП 'Центр';  яч. 5; левая");
  const byTab = await written(table(), { separator: '\t' });
  expect(byTab.text('windows-1251').split('\r\n')[1]).toBe("А;1\tТП 'Центр';  яч. 5, левая");
});

test('UTF-8 begins with the byte order mark and a code page does not', async () => {
  expect((await written(tableOf([NAME]), { encoding: 'utf-8' })).bytes().slice(0, 4)).toEqual(Uint8Array.of(0xef, 0xbb, 0xbf, 0x70));
  expect((await written(tableOf([NAME]))).bytes()[0]).toBe(0x70);
});

test.each(['windows-1251', 'cp866'] as const)(
  'a letter that %s lacks becomes a question mark in a name and stops a key',
  async (encoding) => {
    const decoder = encoding === 'cp866' ? 'ibm866' : encoding;
    const named = await written(tableOf([CODE, NAME], ['Ё-1', 'Ввод Ⅱ №2']), { encoding });
    expect(named.text(decoder).split('\r\n')[1]).toBe('Ё-1;Ввод ? №2');
    await expect(written(tableOf([CODE], ['А-1'], ['Ⅱ']), { encoding })).rejects.toMatchObject({
      code: 'export/unsupported',
      context: { column: 'point_code', value: 'Ⅱ', encoding },
    });
    expect((await written(tableOf([CODE], ['Ⅱ']), { encoding: 'utf-8' })).text()).toContain('Ⅱ');
  },
);

test('a comma cannot be the separator and the decimal sign at once', async () => {
  await expect(written(tableOf([ENERGY], [1n]), { separator: ',' })).rejects.toMatchObject({ code: 'export/unsupported' });
});

test('rows are made as they are written, and others get their turn in between', async () => {
  const { asked, table } = countedTable([CODE, ENERGY], 5000, (index) => ['А-1', BigInt(index)]);
  let turns = 0;
  const aside = (async () => {
    for (; turns < 100; turns += 1) await nextTurn();
  })();
  const seen: (readonly [asked: number, turns: number])[] = [];
  await writeCsv(table, { write: () => Promise.resolve(void seen.push([asked.rows, turns])) }, DEFAULTS);
  expect(seen.map(([rows]) => rows)).toEqual([0, 1000, 2000, 3000, 4000, 5000]);
  expect(seen.at(-1)?.[1]).toBeGreaterThanOrEqual(4);
  await aside;
});

test('a cell that is not of its column is a fault of the maker of the table', async () => {
  await expect(written(tableOf([ENERGY], ['1,5']))).rejects.toThrow('a cell of column energy is no decimal: string');
});
