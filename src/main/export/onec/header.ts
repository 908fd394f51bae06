/** The header that every package has (onec.md 3): one list of fields for the flag file, the XML root, the sheet and the DBF. */
import { fixedText } from '../../metering/energy.ts';
import { isoWithOffset } from '../../metering/zone.ts';
import type { PackageRecord } from '../../../shared/domain/package.ts';
import type { Cell, ColumnType, HeaderRecord } from '../file/table.ts';
import type { RowsSummary } from './rows.ts';

export const PACKAGE_FORMAT = 'energy-1c';
export const PACKAGE_VERSION = '1.0';

export interface HeaderFields {
  readonly record: PackageRecord;
  readonly inn: string;
  readonly kpp: string;
  readonly summary: RowsSummary;
}

interface HeaderField {
  readonly name: string;
  readonly dbf: string;
  readonly type: ColumnType;
  readonly cell: Cell;
  /** As the flag file has it; '' in a field that is left out there when it is empty. */
  readonly text: string;
  readonly isOptional?: true;
}

const text = (length: number): ColumnType => ({ kind: 'text', length });

/** In the order of the flag file. The sum of no figures at all is 0 here, because it is a check figure and not a measured one. */
function fieldsOf({ record, inn, kpp, summary }: HeaderFields): readonly HeaderField[] {
  const words = (name: string, dbf: string, length: number, value: string): HeaderField => ({
    name,
    dbf,
    type: text(length),
    cell: value,
    text: value,
  });
  const count = (name: string, dbf: string, value: number): HeaderField => ({
    name,
    dbf,
    type: { kind: 'integer', digits: 10 },
    cell: value,
    text: String(value),
  });
  const sum = summary.sum ?? 0n;
  return [
    words('format', 'FORMAT', 20, PACKAGE_FORMAT),
    words('version', 'VERSION', 10, PACKAGE_VERSION),
    words('pack_id', 'PACK_ID', 36, record.packId),
    count('pack_no', 'PACK_NO', record.number),
    words('kind', 'KIND', 2, record.kind),
    words('site_code', 'SITE_CODE', 16, record.siteCode),
    words('inn', 'INN', 12, inn),
    words('kpp', 'KPP', 9, kpp),
    { name: 'period_from', dbf: 'PER_FROM', type: { kind: 'day' }, cell: record.from, text: record.from },
    { name: 'period_to', dbf: 'PER_TO', type: { kind: 'day' }, cell: record.to, text: record.to },
    words('created', 'CREATED', 25, isoWithOffset(record.createdUtc, record.createdOffsetMin)),
    count('rows', 'ROWS', summary.rows),
    { name: 'control_sum', dbf: 'CTRL_SUM', type: { kind: 'decimal', digits: 20, scale: 3 }, cell: sum, text: fixedText(sum, 3) },
    words('mode', 'MODE', 5, record.mode),
    { ...words('replaces_pack_id', 'REPLACES', 36, record.replacesPackId ?? ''), cell: record.replacesPackId, isOptional: true },
  ];
}

/** For the formats that hold the header themselves. */
export function headerRecord(fields: HeaderFields): HeaderRecord {
  const all = fieldsOf(fields);
  return { columns: all.map(({ name, dbf, type }) => ({ name, dbf, type })), cells: all.map(({ cell }) => cell) };
}

/** For the flag file: dates are ISO, the control sum has a point and 3 decimals whatever the data files use. */
export function headerTexts(fields: HeaderFields): (readonly [string, string])[] {
  return fieldsOf(fields).flatMap(({ name, text: value, isOptional }) =>
    isOptional === true && value === '' ? [] : [[name, value] as const],
  );
}
