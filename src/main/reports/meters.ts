/** The meters of a point as a paper names them. */
import type { ReportFact } from '../../shared/api/reports.ts';
import type { InstallationRecord } from '../../shared/domain/plant.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { fillText } from '../../shared/i18n/language.ts';
import { decimalText, scalingFactor } from '../metering/energy.ts';
import { spansOfPoint } from '../metering/expected.ts';
import type { ReportSource } from './source.ts';
import { momentText, numberText, reportTexts } from './words.ts';

/** CT ratio x VT ratio as it multiplies, a decimal: `7200`. */
export function ratioText(installation: InstallationRecord): string {
  return decimalText(scalingFactor(installation));
}

/** One line with every meter that stood at the point, and since when where it changed; empty when there was none. */
export function meterWords(source: ReportSource, pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): ReportFact[] {
  const spans = spansOfPoint(source.plant(), pointId, fromUtc, toUtc);
  if (spans.length === 0) return [];
  const texts = reportTexts(source.language);
  const words = spans.map(({ meter, installation }) => {
    const since = installation.fromUtc !== null && installation.fromUtc > fromUtc ? installation.fromUtc : null;
    const from = since === null ? '' : `, ${fillText(texts.statement.replacedFrom, { at: momentText(since, source.zone) })}`;
    return `№ ${meter.serial}, ${texts.ratio} ${numberText(ratioText(installation), source.language)}${from}`;
  });
  return [{ label: texts.meter, value: words.join('; ') }];
}
