/** Cells from exact figures, each with what is to be known of it. */
import type { ReportCell, ReportMark } from '../../shared/api/reports.ts';
import { add, fixedText, type Rational, roundHalfUp } from '../metering/energy.ts';
import type { SettlementStatus, SettlementStep } from '../metering/settlement.ts';

const MARKS: Readonly<Record<SettlementStatus, ReportMark | null>> = {
  valid: null,
  replaced: 'replaced',
  incomplete: 'incomplete',
  missing: 'missing',
};

/** Decimal with exactly `digits` digits after the point; null stays null. */
export function rounded(value: Rational | null, digits: number): string | null {
  return value === null ? null : fixedText(roundHalfUp(value, digits), digits);
}

/** A figure that is whole, or one that is not there. */
export function figureCell(value: Rational | null, digits: number): ReportCell {
  return { value: rounded(value, digits), mark: value === null ? 'missing' : null };
}

export function countCell(value: number): ReportCell {
  return { value: String(value), mark: null };
}

/** Energy with what it is made of. */
export interface Summed {
  /** kWh or kvarh, exact; null = there is none. */
  readonly energy: Rational | null;
  readonly status: SettlementStatus;
}

export function summedCell({ energy, status }: Summed, digits: number): ReportCell {
  return { value: rounded(energy, digits), mark: MARKS[status] };
}

/** Sum of steps: one that lacks a part makes it incomplete, a replacement in it makes it replaced. Nothing to add is missing. */
export function sumSteps(steps: readonly Pick<SettlementStep, 'energy' | 'status'>[]): Summed {
  let energy: Rational | null = null;
  let isWhole = true;
  let isReplaced = false;
  for (const step of steps) {
    if (step.energy !== null) energy = energy === null ? step.energy : add(energy, step.energy);
    if (step.status === 'missing' || step.status === 'incomplete') isWhole = false;
    if (step.status === 'replaced') isReplaced = true;
  }
  if (energy === null) return { energy, status: 'missing' };
  return { energy, status: !isWhole ? 'incomplete' : isReplaced ? 'replaced' : 'valid' };
}
