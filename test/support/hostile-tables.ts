/** Tables whose cells are hard on every format, and what each format may make of them: written down here, not taken from a writer. */
import type { Cell, ColumnType, HeaderRecord, Moment, Table, TableColumn, TableDocument } from '../../src/main/export/file/table.ts';

export type FileFormat = 'csv' | 'xlsx' | 'dbf' | 'xml' | 'json';
export type HostileKind = 'IV' | 'MN';

interface HostileName {
  readonly name: string;
  /** What a format reads back where it is not the name itself. */
  readonly as?: Partial<Readonly<Record<FileFormat, string>>>;
}

export const NAMES: readonly HostileName[] = [
  { name: 'РП-1 "Северная"; яч. №12', as: { csv: "РП-1 'Северная', яч. №12" } },
  { name: '=HYPERLINK("http://a.local","x")', as: { csv: "=HYPERLINK('http://a.local','x')" } },
  { name: '@СУММ(A1)+7|' },
  { name: '1e5' },
  { name: '01.02.2025' },
  { name: 'две\r\nстроки\tи знак', as: { csv: 'две  строки и знак', dbf: 'две  строки и знак' } },
  { name: '<b>&amp;</b> ]]> \\u0041', as: { csv: '<b>&amp,</b> ]]> \\u0041' } },
  { name: ' пробелы по краям ', as: { dbf: ' пробелы по краям' } },
  { name: 'до\u0000\u0007после', as: { csv: 'до  после', dbf: 'до  после', xlsx: 'допосле', xml: 'допосле' } },
  { name: 'Ёмкость 😀 Ⅱ', as: { csv: 'Ёмкость ?? ?', dbf: 'Ёмкость ?? ?' } },
  { name: 'Ш'.repeat(100) },
];

const text = (length: number): ColumnType => ({ kind: 'text', length });
const figure = (scale: number): ColumnType => ({ kind: 'decimal', digits: 18, scale });
const RATIO: ColumnType = { kind: 'decimal', digits: 12, scale: 4, isTrimmed: true };
const column = (name: string, type: ColumnType, dbf = name.toUpperCase().slice(0, 10)): TableColumn => ({ name, dbf, type });
const POINT = [{ ...column('point_code', text(32), 'PT_CODE'), isKey: true } as const, column('point_name', text(100), 'PT_NAME')];
const ENERGY = [column('energy', figure(3)), column('losses', figure(3)), column('energy_total', figure(3), 'TOTAL')];
const STATE = [column('status', { kind: 'integer', digits: 1 }), column('method', text(20))];
const REVISION = column('revision', { kind: 'integer', digits: 4 });

const COLUMNS: Readonly<Record<HostileKind, readonly TableColumn[]>> = {
  IV: [
    ...POINT,
    column('channel', text(2)),
    column('begin', { kind: 'moment' }, 'DT'),
    column('utc_offset_min', { kind: 'integer', digits: 5 }, 'UTC_OFF'),
    column('length_min', { kind: 'integer', digits: 4 }, 'LEN_MIN'),
    ...ENERGY,
    ...STATE,
    REVISION,
  ],
  MN: [
    ...POINT,
    column('dept_code', text(20), 'DEPT'),
    column('cost_item', text(20)),
    column('tenant_inn', text(12), 'TEN_INN'),
    column('tenant_contract', text(30), 'TEN_CONTR'),
    column('meter_serial', text(20), 'SERIAL'),
    column('meter_model', text(40), 'MODEL'),
    column('channel', text(2)),
    column('zone', { kind: 'integer', digits: 2 }),
    column('month', { kind: 'month' }, 'DT'),
    column('reading_begin', figure(3), 'RDNG_BEG'),
    column('reading_end', figure(3), 'RDNG_END'),
    column('ratio_ct', RATIO, 'K_CT'),
    column('ratio_vt', RATIO, 'K_VT'),
    ...ENERGY,
    column('energy_intervals', figure(3), 'EN_IV'),
    ...STATE,
    column('replaced_meter', { kind: 'flag' }, 'REPL'),
    column('rollover', { kind: 'flag' }),
    REVISION,
  ],
};

/** 00:30 to 02:00 of the night on which Moscow has 01:00 and 01:30 twice. */
const NIGHT: readonly Moment[] = [
  [Date.UTC(2014, 9, 25, 20, 30), 240],
  [Date.UTC(2014, 9, 25, 21, 0), 240],
  [Date.UTC(2014, 9, 25, 21, 30), 240],
  [Date.UTC(2014, 9, 25, 22, 0), 180],
  [Date.UTC(2014, 9, 25, 22, 30), 180],
  [Date.UTC(2014, 9, 25, 23, 0), 180],
].map(([utcMs = 0, offsetMin = 0]) => ({ utc: utcMs / 1000, offsetMin }));

/** Whole 16 digits, which no double holds, below zero, zero, the smallest figure, and nothing at all. */
const FIGURES: readonly (readonly [energy: bigint | null, losses: bigint | null])[] = [
  [9_999_999_999_999_999n, null],
  [9_007_199_254_740_993n, -1n],
  [-12_345n, -56_700n],
  [0n, 0n],
  [1n, 2n],
  [null, null],
  [1_234_567_890n, -500n],
];

const CHANNELS = ['A+', 'A-', 'R+', 'R-'] as const;

function intervalRow(index: number): Cell[] {
  const begin = NIGHT[index % NIGHT.length] ?? { utc: 0, offsetMin: 0 };
  const [energy, losses] = FIGURES[index % FIGURES.length] ?? [null, null];
  const total = energy === null || energy > 10n ** 15n ? energy : energy + (losses ?? 0n);
  const state = energy === null ? [2, 'auto'] : [index % 2, index % 2 === 1 ? 'control' : 'auto'];
  return [
    codeOf(index),
    nameOf(index),
    CHANNELS[index % 4] ?? 'A+',
    begin,
    begin.offsetMin,
    30,
    energy,
    losses,
    total,
    ...state,
    1 + (index % 3),
  ];
}

function monthRow(index: number): Cell[] {
  const [energy, losses] = FIGURES[index % FIGURES.length] ?? [null, null];
  const isLet = index % 2 === 1;
  const owner = [isLet ? '0012' : null, 'Э;1"', isLet ? '007701234567' : null, isLet ? '№ 5/2025' : null];
  const readings = energy === null ? [null, null] : [3_196_201n, 9_007_199_254_740_993n];
  const month = [CHANNELS[index % 4] ?? 'A+', index % 5, index % 2 === 0 ? '2024-12' : '2025-01', ...readings];
  const ratios = [1_575_000n, index % 2 === 0 ? 333_333n : 10_000n];
  const state = [energy === null ? 5n : null, energy === null ? 2 : 3, 'calc', isLet, !isLet, 9999];
  return [codeOf(index), nameOf(index), ...owner, '00123456', null, ...month, ...ratios, energy, losses, energy, ...state];
}

const codeOf = (index: number): string => ['007', 'Я-8', '00000000000000000000000000000012'][index % 3] ?? '';
const nameOf = (index: number): string => NAMES[index % NAMES.length]?.name ?? '';

export interface HostileTable {
  readonly kind: HostileKind;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Exact sum of `energy`, thousandths. */
  readonly sum: bigint;
  /** Made anew for each writer, which asks for its rows once. */
  readonly document: () => TableDocument;
}

export function hostileTable(kind: HostileKind, count: number): HostileTable {
  const columns = COLUMNS[kind];
  const rows = Array.from({ length: count }, (_, index) => (kind === 'IV' ? intervalRow(index) : monthRow(index)));
  const energyAt = columns.findIndex(({ name }) => name === 'energy');
  const sum = rows.reduce((total, row) => total + (typeof row[energyAt] === 'bigint' ? row[energyAt] : 0n), 0n);
  const header = headerOf(kind, count, sum);
  return { kind, columns, rows, sum, document: () => ({ header, table: { columns, rows: rows.values() } satisfies Table }) };
}

function headerOf(kind: HostileKind, rows: number, sum: bigint): HeaderRecord {
  const fields: readonly (readonly [name: string, type: ColumnType, cell: Cell])[] = [
    ['format', text(20), 'energy-1c'],
    ['version', text(10), '1.0'],
    ['pack_id', text(36), '00000000-0000-4000-8000-000000000017'],
    ['pack_no', { kind: 'integer', digits: 10 }, 17],
    ['kind', text(2), kind],
    ['site_code', text(16), 'ZAVOD1'],
    ['inn', text(12), '7701234567'],
    ['kpp', text(9), ''],
    ['period_from', { kind: 'day' }, '2014-10-26'],
    ['period_to', { kind: 'day' }, '2014-10-26'],
    ['created', text(25), '2014-10-27T06:00:00+03:00'],
    ['rows', { kind: 'integer', digits: 10 }, rows],
    ['control_sum', { kind: 'decimal', digits: 20, scale: 3 }, sum],
    ['mode', text(5), 'full'],
    ['replaces_pack_id', text(36), null],
  ];
  return { columns: fields.map(([name, type]) => column(name, type)), cells: fields.map(([, , cell]) => cell) };
}

/** What a format has to read back of a row: texts as `NAMES` say, figures digit by digit, wall times, '' for what is not there. */
export function expectedCells(columns: readonly TableColumn[], row: readonly Cell[], format: FileFormat): string[] {
  return columns.map(({ type }, index) => {
    const cell = row[index] ?? null;
    if (cell === null) return '';
    if (typeof cell === 'bigint') return digits(cell, type.kind === 'decimal' ? type.scale : 0, 'isTrimmed' in type && format !== 'dbf');
    if (typeof cell === 'object') return new Date((cell.utc + cell.offsetMin * 60) * 1000).toISOString().slice(0, 19).replace('T', ' ');
    if (typeof cell !== 'string') return String(cell);
    if (cell === 'Э;1"' && format === 'csv') return "Э,1'";
    return NAMES.find(({ name }) => name === cell)?.as?.[format] ?? cell;
  });
}

function digits(units: bigint, scale: number, isTrimmed: boolean): string {
  const [sign, size] = units < 0n ? ['-', -units] : ['', units];
  const all = `${size / 10n ** BigInt(scale)}.${String(size % 10n ** BigInt(scale)).padStart(scale, '0')}`;
  return sign + (isTrimmed ? all.replace(/\.?0+$/, '') : all);
}
