/** Columns of the five kinds (onec.md 3): names, dBase names and types, and how a row fills them. */
import { ONEC_COLUMNS, type OnecKind, type Receiver } from '../../../shared/api/receivers.ts';
import type { PointRole, Ratio } from '../../../shared/domain/point.ts';
import { ratioOf, roundHalfUp } from '../../metering/energy.ts';
import type { Cell, ColumnType, TableColumn } from '../file/table.ts';
import type { OnecRow } from './row.ts';

/** What a row says nothing of and its receiver is told all the same. */
export type ColumnSettings = Pick<Receiver, 'columns' | 'zoneNames'>;

type RowOf<K extends OnecKind> = Extract<OnecRow, { readonly kind: K }>;

interface OnecColumn<R> extends Omit<TableColumn, 'name'> {
  readonly cell: (row: R, settings: ColumnSettings) => Cell;
}

const text = (length: number): ColumnType => ({ kind: 'text', length });
const integer = (digits: number): ColumnType => ({ kind: 'integer', digits });
const decimal = (digits: number): ColumnType => ({ kind: 'decimal', digits, scale: 3 });
/** K_CT and K_VT: at most 4 decimals, 157.5 and not 157.5000; 100/3 is rounded half-up to 33.3333. */
const RATIO: ColumnType = { kind: 'decimal', digits: 12, scale: 4, isTrimmed: true };

const ROLES: Readonly<Record<PointRole, string>> = { settlement: 'S', control: 'C', technical: 'T' };

function ratioCell(ratio: Ratio | null): Cell {
  return ratio === null ? null : roundHalfUp(ratioOf(ratio), 4);
}

/** A figure with what is lost on the way added; not known where the losses are not. */
function totalOf({ figure, losses }: { readonly figure: bigint | null; readonly losses: bigint | null }): Cell {
  return figure === null || losses === null ? null : figure + losses;
}

function momentOf({ instantUtc, offsetMin }: OnecRow): Cell {
  return { utc: instantUtc, offsetMin };
}

const POINT = {
  point_code: { dbf: 'PT_CODE', type: text(32), isKey: true, cell: ({ point }: OnecRow) => point.code },
  point_name: { dbf: 'PT_NAME', type: text(100), cell: ({ point }: OnecRow) => point.name },
} as const;

const OWNER = {
  dept_code: { dbf: 'DEPT', type: text(20), cell: ({ point }: OnecRow) => point.departmentCode },
  cost_item: { dbf: 'COST_ITEM', type: text(20), cell: ({ point }: OnecRow) => point.costItem },
  tenant_inn: { dbf: 'TEN_INN', type: text(12), cell: ({ point }: OnecRow) => point.tenantInn },
  tenant_contract: { dbf: 'TEN_CONTR', type: text(30), cell: ({ point }: OnecRow) => point.tenantContract },
} as const;

/** No read of the Mercury protocols names the model, so it is empty. */
const METER = {
  meter_serial: { dbf: 'SERIAL', type: text(20), isKey: true, cell: ({ serial }: { readonly serial: string | null }) => serial },
  meter_model: { dbf: 'MODEL', type: text(40), cell: () => null },
} as const;

const RATIOS = {
  ratio_ct: { dbf: 'K_CT', type: RATIO, cell: ({ ct }: { readonly ct: Ratio | null }) => ratioCell(ct) },
  ratio_vt: { dbf: 'K_VT', type: RATIO, cell: ({ vt }: { readonly vt: Ratio | null }) => ratioCell(vt) },
} as const;

const CHANNEL = { channel: { dbf: 'CHANNEL', type: text(2), cell: ({ channel }: { readonly channel: string }) => channel } } as const;
const ZONE = { zone: { dbf: 'ZONE', type: integer(2), cell: ({ tariff }: { readonly tariff: number }) => tariff } } as const;
const OFFSET = { utc_offset_min: { dbf: 'UTC_OFF', type: integer(5), cell: ({ offsetMin }: OnecRow) => offsetMin } } as const;

const ENERGY = {
  energy: { dbf: 'ENERGY', type: decimal(16), cell: ({ figure }: OnecRow) => figure },
  losses: { dbf: 'LOSSES', type: decimal(14), cell: ({ losses }: { readonly losses: bigint | null }) => losses },
  energy_total: { dbf: 'TOTAL', type: decimal(16), cell: totalOf },
} as const;

const STATE = {
  status: { dbf: 'STATUS', type: integer(1), cell: ({ status }: OnecRow) => status },
  method: { dbf: 'METHOD', type: text(20), cell: ({ method }: OnecRow) => method },
  revision: { dbf: 'REVISION', type: integer(4), cell: ({ revision }: OnecRow) => revision },
} as const;

const FLAG: ColumnType = { kind: 'flag' };

/** What the meter's tariff means at this site: the same for every point. */
function zoneName(tariff: number): OnecColumn<RowOf<'RF'>> {
  return { dbf: `ZONE_${tariff}`, type: text(40), cell: (_row, { zoneNames }) => zoneNames[tariff - 1] || null };
}

const COLUMNS: { readonly [K in OnecKind]: Readonly<Record<(typeof ONEC_COLUMNS)[K][number], OnecColumn<RowOf<K>>>> } = {
  RF: {
    ...POINT,
    ...OWNER,
    meter_role: { dbf: 'ROLE', type: text(1), cell: ({ point }) => ROLES[point.role] },
    ...METER,
    ...RATIOS,
    zone_1: zoneName(1),
    zone_2: zoneName(2),
    zone_3: zoneName(3),
    zone_4: zoneName(4),
  },
  RD: {
    ...POINT,
    ...METER,
    ...CHANNEL,
    ...ZONE,
    moment: { dbf: 'DT', type: { kind: 'moment' }, cell: momentOf },
    ...OFFSET,
    // Meters keep whole Wh: three decimals say all of a reading, although the format has room for four.
    reading: { dbf: 'RDNG', type: decimal(16), cell: ({ figure }) => figure },
    ...RATIOS,
    ...STATE,
    replaced_meter: { dbf: 'REPL', type: FLAG, cell: ({ isReplaced }) => isReplaced },
    rollover: { dbf: 'ROLLOVER', type: FLAG, cell: () => false },
  },
  IV: {
    ...POINT,
    ...CHANNEL,
    begin: { dbf: 'DT', type: { kind: 'moment' }, cell: momentOf },
    ...OFFSET,
    length_min: { dbf: 'LEN_MIN', type: integer(4), cell: ({ lengthMin }) => lengthMin },
    ...ENERGY,
    ...STATE,
  },
  DY: {
    ...POINT,
    ...METER,
    ...CHANNEL,
    ...ZONE,
    day: { dbf: 'DT', type: { kind: 'day' }, cell: ({ day }) => day },
    ...ENERGY,
    ...STATE,
  },
  MN: {
    ...POINT,
    ...OWNER,
    ...METER,
    ...CHANNEL,
    ...ZONE,
    month: { dbf: 'DT', type: { kind: 'month' }, cell: ({ day }) => day.slice(0, 7) },
    reading_begin: { dbf: 'RDNG_BEG', type: decimal(16), cell: ({ readingBegin }) => readingBegin },
    reading_end: { dbf: 'RDNG_END', type: decimal(16), cell: ({ readingEnd }) => readingEnd },
    ...RATIOS,
    ...ENERGY,
    energy_intervals: { dbf: 'EN_IV', type: decimal(16), cell: ({ intervals }) => intervals },
    ...STATE,
    replaced_meter: { dbf: 'REPL', type: FLAG, cell: ({ isReplaced }) => isReplaced },
    rollover: { dbf: 'ROLLOVER', type: FLAG, cell: ({ isRolledOver }) => isRolledOver },
  },
};

/** The columns of a kind as its receiver wants them, and the cells of a row in their order. */
export interface KindColumns {
  readonly columns: readonly TableColumn[];
  readonly cells: (row: OnecRow) => Cell[];
}

/** All columns in their usual order, or those that the receiver chose in its own. */
export function columnsOf(kind: OnecKind, settings: ColumnSettings): KindColumns {
  switch (kind) {
    case 'RF':
      return chosen('RF', settings);
    case 'RD':
      return chosen('RD', settings);
    case 'IV':
      return chosen('IV', settings);
    case 'DY':
      return chosen('DY', settings);
    case 'MN':
      return chosen('MN', settings);
  }
}

function chosen<K extends OnecKind>(kind: K, settings: ColumnSettings): KindColumns {
  const names: readonly (typeof ONEC_COLUMNS)[K][number][] = settings.columns[kind] ?? ONEC_COLUMNS[kind];
  const all: Readonly<Record<string, OnecColumn<RowOf<K>>>> = COLUMNS[kind];
  const taken = names
    .map((name) => ({ name: String(name), column: all[name] }))
    .flatMap(({ name, column }) => (column === undefined ? [] : [{ name, column }]));
  const isOfKind = (row: OnecRow): row is RowOf<K> => row.kind === kind;
  return {
    columns: taken.map(({ name, column: { dbf, type, isKey } }) => ({ name, dbf, type, ...(isKey === true ? { isKey } : {}) })),
    cells: (row) => (isOfKind(row) ? taken.map(({ column }) => column.cell(row, settings)) : []),
  };
}
