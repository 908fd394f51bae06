import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { AppError, errorShape } from '../../../src/shared/api/errors.ts';
import { parseImportFile } from '../../../src/main/import/import-file.ts';

const HEADER = 'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio';
const ROW = 'ТП-1;P1;Ввод 1;tcp:10.0.0.5:4001;mercury-23x;12;00123456;;1;600/5;1';

const site = { offsetMin: 180 };

function parseLine(text: string): string {
  if (!/^(tcp|serial):/i.test(text)) throw new AppError('api/invalid-argument', 'a line is tcp:HOST:PORT or serial:PATH:9600-8N1');
  return text.toLowerCase();
}

const parseText = (text: string) => parseImportFile(new TextEncoder().encode(text), site, parseLine);
const parseRows = (...rows: string[]) => parseText([HEADER, ...rows, ''].join('\r\n'));

/** A row with some of its cells replaced, and optional columns added. */
function rowWith(cells: Record<string, string>): string {
  const columns = HEADER.split(';');
  return ROW.split(';')
    .map((cell, index) => cells[columns[index] ?? ''] ?? cell)
    .join(';');
}

function faultsOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    expect(error).toMatchObject({ code: 'import/faulty-file' });
    return errorShape(error).details?.['faults'];
  }
  throw new Error('accepted');
}

describe('a good file', () => {
  test('gives every cell its meaning', () => {
    const text = [
      `${HEADER};role;scheme;dept_code;cost_item;tenant_inn;code_80020;clock_zone`,
      'ТП-1;P1;Ввод 1;TCP:10.0.0.5:4001;mercury-23x;12;00123456;bin:0102030405fF;2;600/5;157.5;settlement;3CT+3VT;Ц1;К2;7701234567;632110012107101;UTC+5',
      'ТП-1;P2;Ввод 2;tcp:10.0.0.5:4001;mercury-200;4294967295;123;ascii:222222;;1;1;;;;;;;',
    ].join('\n');
    expect(parseText(text)).toEqual([
      {
        fileLine: 2,
        substation: 'ТП-1',
        pointCode: 'P1',
        pointName: 'Ввод 1',
        line: 'tcp:10.0.0.5:4001',
        driver: 'mercury-23x',
        address: 12,
        serial: '00123456',
        password: Uint8Array.of(1, 2, 3, 4, 5, 255),
        accessLevel: 2,
        ct: { primary: 600, secondary: 5 },
        vt: { primary: 315, secondary: 2 },
        role: 'settlement',
        scheme: '3CT+3VT',
        departmentCode: 'Ц1',
        costItem: 'К2',
        tenantInn: '7701234567',
        code80020: '632110012107101',
        clockOffsetMin: 300,
      },
      {
        fileLine: 3,
        substation: 'ТП-1',
        pointCode: 'P2',
        pointName: 'Ввод 2',
        line: 'tcp:10.0.0.5:4001',
        driver: 'mercury-200',
        address: 4294967295,
        serial: '123',
        password: Uint8Array.of(0x32, 0x32, 0x32, 0x32, 0x32, 0x32),
        accessLevel: 1,
        ct: { primary: 1, secondary: 1 },
        vt: { primary: 1, secondary: 1 },
        role: 'technical',
        scheme: null,
        departmentCode: null,
        costItem: null,
        tenantInn: null,
        code80020: null,
        clockOffsetMin: null,
      },
    ]);
  });

  test.each([
    ['UTF-8', (text: string) => new TextEncoder().encode(text)],
    ['UTF-8 with a mark', (text: string) => new TextEncoder().encode(`\uFEFF${text}`)],
    ['windows-1251', (text: string) => new Uint8Array(iconv.encode(text, 'win1251'))],
  ])('is read in %s', (_name, encode) => {
    const rows = parseImportFile(encode(`${HEADER}\r\n${rowWith({ point_name: 'Печь №1 «Ёлка» — резерв' })}\r\n`), site, parseLine);
    expect(rows[0]?.pointName).toBe('Печь №1 «Ёлка» — резерв');
  });

  test.each(['\r\n', '\n', '\r'])('is read with line ends %j, blank lines passed over', (end) => {
    const rows = parseText([HEADER, '', ROW, rowWith({ point_code: 'P2', serial: '2', address: '2' }), '', ''].join(end));
    expect(rows.map((row) => [row.pointCode, row.fileLine])).toEqual([
      ['P1', 3],
      ['P2', 4],
    ]);
  });

  test('optional columns stand in any subset and order', () => {
    const [row] = parseText(`${HEADER};clock_zone;role\n${ROW};Asia/Yekaterinburg;control`);
    expect(row).toMatchObject({ clockOffsetMin: 300, role: 'control', scheme: null });
  });

  test('a password of characters may end with a space', () => {
    expect(parseRows(rowWith({ password: 'ascii:12345 ' }))[0]?.password).toEqual(Uint8Array.of(0x31, 0x32, 0x33, 0x34, 0x35, 0x20));
    expect(parseRows(rowWith({ password: '  ' }))[0]?.password).toBeNull();
  });

  test.each([
    ['120', 120, 1],
    ['600/5', 600, 5],
    ['157.5', 315, 2],
    ['157,5', 315, 2],
    ['15750/100', 15750, 100],
    ['1', 1, 1],
    ['40.0', 40, 1],
  ])('ratio %s is %i/%i', (text, primary, secondary) => {
    expect(parseRows(rowWith({ ct_ratio: text }))[0]?.ct).toEqual({ primary, secondary });
  });

  test.each([
    ['UTC+5', 300],
    ['+05:00', 300],
    ['UTC-3:30', -210],
    ['UTC+03:00', 180],
    ['UTC', 0],
    ['Europe/Berlin', 60],
    ['Asia/Kolkata', 330],
  ])('clock zone %s is %i minutes', (text, offset) => {
    expect(parseText(`${HEADER};clock_zone\n${ROW};${text}`)[0]?.clockOffsetMin).toBe(offset);
  });
});

describe('a faulty file', () => {
  test('is refused whole and names every fault', () => {
    const faults = faultsOf(() =>
      parseRows(
        ROW,
        rowWith({ point_code: '', serial: '12A', address: '241' }),
        'ТП-1;P3',
        rowWith({ point_code: 'P4', serial: '44', line: 'com4' }),
        rowWith({ point_code: 'P5', serial: '00123456', ct_ratio: '', address: '0012' }),
      ),
    );
    expect(faults).toEqual([
      { line: 3, column: 'point_code', message: 'must not be empty' },
      { line: 3, column: 'address', message: 'the address is not within 1 to 240' },
      { line: 3, column: 'serial', message: 'a serial number is 1 to 20 digits' },
      { line: 4, column: '', message: '2 columns, the header has 11' },
      { line: 5, column: 'line', message: 'a line is tcp:HOST:PORT or serial:PATH:9600-8N1' },
      { line: 6, column: 'ct_ratio', message: 'must not be empty' },
      { line: 6, column: 'serial', message: 'this serial number already stands in line 2' },
      { line: 6, column: 'address', message: 'this address of the same line already stands in line 2' },
    ]);
  });

  test('the same line written differently is still the same line', () => {
    const other = rowWith({ point_code: 'P2', serial: '2', line: 'TCP:10.0.0.5:4001' });
    expect(faultsOf(() => parseRows(ROW, other))).toEqual([
      { line: 3, column: 'address', message: 'this address of the same line already stands in line 2' },
    ]);
    expect(parseRows(ROW, rowWith({ point_code: 'P2', serial: '2', line: 'tcp:10.0.0.6:4001' }))).toHaveLength(2);
  });

  test.each([
    ['substation', ''],
    ['point_name', 'x'.repeat(101)],
    ['point_name', 'a\u0007b'],
    ['point_name', '"Ввод 1"'],
    ['driver', 'mercury'],
    ['driver', ''],
    ['address', '0'],
    ['address', '1.5'],
    ['address', ''],
    ['serial', ''],
    ['serial', 'AB123'],
    ['access_level', '3'],
    ['ct_ratio', '0'],
    ['ct_ratio', '600/0'],
    ['ct_ratio', '5/600'],
    ['ct_ratio', '0.5'],
    ['ct_ratio', '-120'],
    ['ct_ratio', '1e3'],
    ['vt_ratio', ''],
    ['vt_ratio', '100000000'],
  ])('%s "%s" is refused', (column, cell) => {
    expect(faultsOf(() => parseRows(rowWith({ [column]: cell })))).toEqual([expect.objectContaining({ line: 2, column })]);
  });

  test.each([
    ['role', 'boss'],
    ['scheme', '4CT'],
    ['tenant_inn', '123'],
    ['clock_zone', 'MSK'],
    ['clock_zone', 'UTC-10'],
    ['clock_zone', 'UTC+16'],
    ['clock_zone', '5'],
  ])('optional %s "%s" is refused', (column, cell) => {
    expect(faultsOf(() => parseText(`${HEADER};${column}\n${ROW};${cell}`))).toEqual([expect.objectContaining({ line: 2, column })]);
  });

  test.each(['secret', 'bin:0102', 'bin:01020304050607', 'ascii:12345', 'ascii:парол1', '"ascii:777777"', 'bin:01020304050Z'])(
    'password form %s is refused without being repeated',
    (password) => {
      const faults = faultsOf(() => parseRows(rowWith({ password })));
      expect(faults).toEqual([expect.objectContaining({ line: 2, column: 'password' })]);
      expect(JSON.stringify(faults)).not.toContain(password.replaceAll('"', ''));
    },
  );

  test('a header is exact: names, order, no strangers, no repetition', () => {
    expect(faultsOf(() => parseText(`${HEADER.replace('driver;address', 'address;driver')}\n${ROW}`))).toEqual([
      { line: 1, column: 'driver', message: 'column 5 of the header must be driver' },
      { line: 1, column: 'address', message: 'column 6 of the header must be address' },
    ]);
    expect(faultsOf(() => parseText(`${HEADER};colour;role;role\n${ROW};;;`))).toEqual([
      expect.objectContaining({ line: 1, column: 'colour' }),
      expect.objectContaining({ line: 1, column: 'role' }),
    ]);
    expect(faultsOf(() => parseText(''))).toHaveLength(11);
    expect(faultsOf(() => parseText(HEADER))).toEqual([{ line: 1, column: '', message: 'there are no rows below the header' }]);
  });

  test('what is no text file is named as such', () => {
    expect(faultsOf(() => parseText(`${HEADER}\n${ROW}\0`))).toEqual([expect.objectContaining({ line: 2 })]);
    expect(faultsOf(() => parseImportFile(Uint8Array.of(0xff, 0xfe, 0x73, 0), site, parseLine))).toEqual([
      expect.objectContaining({ line: 1, message: expect.stringContaining('UTF-16') as string }),
    ]);
    expect(faultsOf(() => parseImportFile(Uint8Array.of(0xef, 0xbb, 0xbf, 0xd2, 0xcf), site, parseLine))).toHaveLength(1);
    expect(faultsOf(() => parseImportFile(new Uint8Array(10 * 1024 * 1024 + 1).fill(0x20), site, parseLine))).toEqual([
      { line: 1, column: '', message: 'the file is larger than 10 MB' },
    ]);
  });

  test('any bytes give rows or a refusal', () => {
    const header = new TextEncoder().encode(`${HEADER}\n`);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, hasHeader) => {
        try {
          parseImportFile(hasHeader ? Uint8Array.of(...header, ...bytes) : bytes, site, parseLine);
        } catch (error) {
          expect(error).toMatchObject({ code: 'import/faulty-file' });
        }
      }),
    );
  });
});

describe('a meter without a link', () => {
  const byHand = (cells: Record<string, string> = {}) =>
    rowWith({ point_code: 'H1', line: '', driver: 'manual', address: '', serial: '77', access_level: '', ...cells });

  test('has neither line nor address, and as many as there are share none', () => {
    expect(parseRows(byHand(), byHand({ point_code: 'H2', serial: '78' }))).toMatchObject([
      { pointCode: 'H1', driver: 'manual', line: '', address: null, serial: '77', password: null, ct: { primary: 600, secondary: 5 } },
      { pointCode: 'H2', driver: 'manual', line: '', address: null, serial: '78' },
    ]);
  });

  test('is refused with what only a link has', () => {
    const empty = 'must be empty for the driver manual: people read this meter, nobody asks it over a line';
    const cells = { line: 'tcp:10.0.0.5:4001', address: '3', password: 'ascii:111111', access_level: '2' };
    expect(faultsOf(() => parseRows(byHand(cells)))).toEqual(
      ['line', 'address', 'password', 'access_level'].map((column) => ({ line: 2, column, message: empty })),
    );
  });

  test('is not what a row without a line is when its driver asks', () => {
    expect(faultsOf(() => parseRows(byHand({ driver: 'mercury-23x' })))).toEqual([
      { line: 2, column: 'line', message: 'must not be empty' },
      { line: 2, column: 'address', message: 'must not be empty' },
    ]);
  });
});
