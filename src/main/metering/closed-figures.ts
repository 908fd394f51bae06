/** Figures of a month as they are kept when it is closed: by half-hours, over one denominator, exact (docs/adr/0024). */
import { REPLACEMENT_METHODS } from '../../shared/domain/replacement.ts';
import { HALF_HOUR_S, type UtcSeconds } from '../../shared/domain/time.ts';
import type { SettlementStatus, SettlementStep } from './settlement.ts';

/** One channel of a point over a month. */
export interface PackedFigures {
  /** Of all figures; kWh or kvarh = numerator / denominator. */
  readonly denominator: bigint;
  /** By half-hours from the first moment; null = no figure. */
  readonly numerators: readonly (bigint | null)[];
  /** One letter each: `v` valid, `i` incomplete, `m` missing, `-` no meter, a digit n = replaced by REPLACEMENT_METHODS[n]. */
  readonly marks: string;
}

const LETTERS: Readonly<Record<Exclude<SettlementStatus, 'replaced'>, string>> = { valid: 'v', incomplete: 'i', missing: 'm' };
const NO_METER = '-';

/** Steps of half an hour whose starts lie in `[fromUtc, toUtc)`. */
export function packFigures(steps: readonly SettlementStep[], fromUtc: UtcSeconds, toUtc: UtcSeconds): PackedFigures {
  const halfHours = (toUtc - fromUtc) / HALF_HOUR_S;
  const numerators: (bigint | null)[] = Array.from({ length: halfHours }, () => null);
  const marks: string[] = Array.from({ length: halfHours }, () => NO_METER);
  const denominator = steps.reduce((common, { energy }) => (energy === null ? common : leastCommon(common, energy.denominator)), 1n);
  for (const { startUtc, energy, status, method } of steps) {
    const index = (startUtc - fromUtc) / HALF_HOUR_S;
    marks[index] = status === 'replaced' ? String(REPLACEMENT_METHODS.indexOf(method ?? 'manual')) : LETTERS[status];
    if (energy !== null) numerators[index] = energy.numerator * (denominator / energy.denominator);
  }
  return { denominator, numerators, marks: marks.join('') };
}

/** The steps again. */
export function unpackFigures({ denominator, numerators, marks }: PackedFigures, fromUtc: UtcSeconds): SettlementStep[] {
  return marks.split('').flatMap((mark, index): SettlementStep[] => {
    if (mark === NO_METER) return [];
    const numerator = numerators[index] ?? null;
    const step = { startUtc: fromUtc + index * HALF_HOUR_S, energy: numerator === null ? null : { numerator, denominator } };
    const method = REPLACEMENT_METHODS[Number(mark)];
    if (method !== undefined) return [{ ...step, status: 'replaced', method }];
    return [{ ...step, status: mark === 'v' ? 'valid' : mark === 'i' ? 'incomplete' : 'missing', method: null }];
  });
}

function leastCommon(a: bigint, b: bigint): bigint {
  let [larger, smaller] = [a, b];
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller];
  return (a / larger) * b;
}
