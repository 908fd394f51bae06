import type { InstallationRecord } from '../../../shared/domain/plant.ts';
import type { Ratio } from '../../../shared/domain/point.ts';

const DIRECT: Ratio = { primary: 1, secondary: 1 };

/** Ratios that a receiver has to multiply the readings with: 1 where the meter itself counts primary energy. */
export function printedRatios(installation: Pick<InstallationRecord, 'ct' | 'vt' | 'valuesArePrimary'>): {
  readonly ct: Ratio;
  readonly vt: Ratio;
} {
  return installation.valuesArePrimary ? { ct: DIRECT, vt: DIRECT } : { ct: installation.ct, vt: installation.vt };
}
