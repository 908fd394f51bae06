import { ONEC_KINDS, type OnecKind } from '../../../shared/api/settings.ts';
import type { PackageRecord } from '../../../shared/domain/package.ts';

const NAME = new RegExp(`^EN_([A-Za-z0-9]+)_(?:${ONEC_KINDS.join('|')})_\\d{8}_\\d{8}_(\\d{8,})\\.`);

/** Name of a package's files without an ending: `EN_<site>_<kind>_<yyyyMMdd from>_<yyyyMMdd to>_<pack_no, 8 digits>` (onec.md 3, Names). */
export function packageName(named: Pick<PackageRecord, 'siteCode' | 'from' | 'to' | 'number'> & { readonly kind: OnecKind }): string {
  const date = (iso: string) => iso.replaceAll('-', '');
  return `EN_${named.siteCode}_${named.kind}_${date(named.from)}_${date(named.to)}_${String(named.number).padStart(8, '0')}`;
}

/** Number of the package that a file of this site belongs to, whatever its ending; null for anything else. */
export function packageNumber(fileName: string, siteCode: string): number | null {
  const [, site, number] = NAME.exec(fileName) ?? [];
  return site === siteCode && number !== undefined ? Number(number) : null;
}
