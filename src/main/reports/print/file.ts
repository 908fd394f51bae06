/** Files of reports: their names, and one way to write either form. */
import type { ReportFormat, ReportRequest } from '../../../shared/api/reports.ts';
import type { ByteSink } from '../../export/file/sink.ts';
import { type Progress, unwatched } from '../../platform/progress.ts';
import type { ReportCount, ReportDocument } from '../document.ts';
import { reportPdf } from './pdf.ts';
import type { ReportSource } from '../source.ts';
import { writeReportXlsx } from './xlsx.ts';

/** `report_<name>_<site>_<yyyyMMdd from>_<yyyyMMdd to>.<format>`, both dates inclusive. */
export function reportFileName(
  { name, from, to }: Pick<ReportRequest, 'name' | 'from' | 'to'>,
  siteCode: string,
  format: ReportFormat,
): string {
  const date = (iso: string) => iso.replaceAll('-', '');
  return `report_${name}_${siteCode}_${date(from)}_${date(to)}.${format}`;
}

/** Writes a document in a form. Throws `export/unsupported` for a PDF that would be too large, `api/cancelled`, and what the sink throws. */
export async function writeReport(
  document: ReportDocument,
  format: ReportFormat,
  source: Pick<ReportSource, 'nowUtc' | 'zone'>,
  sink: ByteSink,
  progress: Progress = unwatched(),
): Promise<ReportCount> {
  const { nowUtc, zone } = source;
  if (format === 'xlsx') return writeReportXlsx(document, { utc: nowUtc, offsetMin: zone.offsetMinAt(nowUtc) }, sink);
  const { bytes, count } = await reportPdf(document, nowUtc, progress);
  await sink.write(bytes);
  return count;
}
