import type { PackageSummary } from '../../shared/api/methods.ts';
import type { PackageRecord } from '../../shared/domain/package.ts';
import { isoUtc } from '../../shared/domain/time.ts';

export function packageSummary(record: PackageRecord): PackageSummary {
  return {
    id: record.id,
    receiver: record.receiver,
    number: record.number,
    packId: record.packId,
    kind: record.kind,
    format: record.format,
    mode: record.mode,
    from: record.from,
    to: record.to,
    createdAt: isoUtc(record.createdUtc),
    rows: record.content?.rows ?? 0,
    missingRows: record.content?.missingRows ?? 0,
    controlSum: trimmed(record.content?.controlSum ?? null),
    state: record.state,
    error: record.error,
    folder: record.folder,
    files: record.content?.files.map((file) => ({ ...file })) ?? [],
    job: record.job,
  };
}

/** The API's decimals have no trailing zeros; the file keeps its three digits. */
function trimmed(decimal: string | null): string | null {
  return decimal?.includes('.') === true ? decimal.replace(/\.?0+$/, '') : decimal;
}
