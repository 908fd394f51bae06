import type { PackageRecord } from '../../../shared/domain/package.ts';
import { fixedText } from '../../metering/energy.ts';
import { isoWithOffset } from '../../metering/zone.ts';
import type { CsvEncoding } from './csv.ts';
import type { RowsSummary } from './rows.ts';

export interface FlagFields {
  readonly record: PackageRecord;
  readonly inn: string;
  readonly kpp: string;
  readonly summary: RowsSummary;
  readonly encoding: CsvEncoding;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

/**
 * The flag file `.ok` (onec.md 4.2): UTF-8 without a byte order mark, `key=value` lines ended by LF, all header fields of
 * onec.md 3. Dates are ISO, the control sum has a point and 3 decimals whatever the data file uses; the sum of no figures at
 * all is 0.000 here, because it is a check figure and not a measured one.
 */
export function flagFile({ record, inn, kpp, summary, encoding, files }: FlagFields): Uint8Array {
  const fields: readonly (readonly [string, string])[] = [
    ['format', 'energy-1c'],
    ['version', '1.0'],
    ['pack_id', record.packId],
    ['pack_no', String(record.number)],
    ['kind', record.kind],
    ['site_code', record.siteCode],
    ['inn', inn],
    ['kpp', kpp],
    ['period_from', record.from],
    ['period_to', record.to],
    ['created', isoWithOffset(record.createdUtc, record.createdOffsetMin)],
    ['rows', String(summary.rows)],
    ['control_sum', fixedText(summary.sum ?? 0n, 3)],
    ['mode', record.mode],
    ['encoding', encoding],
    ...files.map(({ name, sha256 }) => [`sha256.${name}`, sha256] as const),
  ];
  return new TextEncoder().encode(fields.map(([key, value]) => `${key}=${value}\n`).join(''));
}

/** The pack_id that a flag file or an acknowledgement names; null when it names none. */
export function packIdOf(bytes: Uint8Array): string | null {
  return /^pack_id=([^\r\n]+)/m.exec(new TextDecoder().decode(bytes))?.[1]?.trim() ?? null;
}
