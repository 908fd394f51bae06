import { ONEC_KINDS, type OnecFormat, type OnecKind } from '../../../shared/api/receivers.ts';
import type { PackageRecord } from '../../../shared/domain/package.ts';

const NAME = new RegExp(`^EN_([A-Za-z0-9]+)_(?:${ONEC_KINDS.join('|')})_\\d{8}_\\d{8}_(\\d{8,})H?\\.`);

type Named = Pick<PackageRecord, 'siteCode' | 'from' | 'to' | 'number'> & { readonly kind: OnecKind };

/** Name of a package's files without an ending: `EN_<site>_<kind>_<yyyyMMdd from>_<yyyyMMdd to>_<pack_no, 8 digits>` (onec.md 3, Names). */
export function packageName(named: Named): string {
  const date = (iso: string) => iso.replaceAll('-', '');
  return `EN_${named.siteCode}_${named.kind}_${date(named.from)}_${date(named.to)}_${String(named.number).padStart(8, '0')}`;
}

/** Number of the package that a file of this site belongs to, whatever its ending; null for anything else. */
export function packageNumber(fileName: string, siteCode: string): number | null {
  const [, site, number] = NAME.exec(fileName) ?? [];
  return site === siteCode && number !== undefined ? Number(number) : null;
}

/** Numbers of five digits go round; a name is free again long after its package was taken. */
const SHORT_NUMBERS = 100_000;

/**
 * Names of the data files of one format. DBF is two: the rows, and the header with an `H` at the end. By 8.3 they are `IV00042.DBF`
 * and `IV00042H.DBF`: by the number and not by a date, since two packages of a day must not share a name.
 */
export function dataFileNames(named: Named, format: OnecFormat, isShort: boolean): readonly string[] {
  const name = packageName(named);
  if (format !== 'dbf') return [`${name}.${format}`];
  const short = `${named.kind}${String(named.number % SHORT_NUMBERS).padStart(5, '0')}`;
  return isShort ? [`${short}.DBF`, `${short}H.DBF`] : [`${name}.dbf`, `${name}H.dbf`];
}
