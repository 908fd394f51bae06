import type { PackagePreview, PackageSummary } from '../../shared/api/methods.ts';
import type { PackageRecord } from '../../shared/domain/package.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import type { PackagePreview as Preview } from '../export/onec/preview.ts';
import { decimalText } from '../metering/energy.ts';

export function packageSummary(record: PackageRecord): PackageSummary {
  return {
    id: record.id,
    receiver: record.receiver,
    number: record.number,
    packId: record.packId,
    kind: record.kind,
    format: record.format,
    formats: [...record.formats],
    mode: record.mode,
    from: record.from,
    to: record.to,
    createdAt: isoUtc(record.createdUtc),
    deliveredAt: record.deliveredUtc === null ? null : isoUtc(record.deliveredUtc),
    rows: record.content?.rows ?? 0,
    missingRows: record.content?.missingRows ?? 0,
    controlSum: trimmed(record.content?.controlSum ?? null),
    state: record.state,
    error: record.error,
    folder: record.folder,
    files: record.content?.files.map((file) => ({ ...file })) ?? [],
    job: record.job,
    replacesPackId: record.replacesPackId,
    ack: ackOf(record),
  };
}

function ackOf({ ack }: PackageRecord): PackageSummary['ack'] {
  if (ack === null) return null;
  const { status, readUtc, rowsOk, rowsBad, text, faults, faultCount } = ack;
  return { status, at: isoUtc(readUtc), rowsOk, rowsBad, text, faults: faults.map((fault) => ({ ...fault })), faultCount };
}

/** A preview as the API tells it. */
export function previewAnswer(
  { kind, mode, from, to }: Pick<PackageRecord, 'kind' | 'mode' | 'from' | 'to'>,
  receiver: string,
  preview: Preview,
): PackagePreview {
  const { rows, missingRows, sum, isEnded, isFirst, changes, held, differences, points } = preview;
  return {
    receiver,
    kind,
    mode,
    from,
    to,
    rows,
    missingRows,
    controlSum: sum === null ? null : decimalText({ numerator: sum, denominator: 1000n }),
    isEnded,
    isFirst,
    changes,
    held,
    differences: differences.map(({ row, change, before, now }) => ({
      pointCode: row.point.code,
      key: row.key,
      at: isoUtc(row.instantUtc),
      change,
      before: { figures: before.figures, status: before.status, revision: before.revision },
      now,
    })),
    points: points.map((point) => ({
      code: point.code,
      name: point.name,
      rows: point.rows,
      missingRows: point.missingRows,
      energy: point.energy,
      changes: point.changes,
      channels: point.channels.map((channel) => ({ ...channel })),
    })),
  };
}

/** The API's decimals have no trailing zeros; the file keeps its three digits. */
function trimmed(decimal: string | null): string | null {
  return decimal?.includes('.') === true ? decimal.replace(/\.?0+$/, '') : decimal;
}
