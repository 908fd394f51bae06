/** Steps of what a report is about: a point, several together, a calculated group. */
import type { Channel, energyUnit } from '../../shared/domain/channel.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { add, type Rational } from '../metering/energy.ts';
import { evaluateFormula, flattenFormula, type PointStep } from '../metering/formula.ts';
import { type SettlementStatus, type SettlementStep, settlementSteps } from '../metering/settlement.ts';
import type { ReportSource } from './source.ts';

/** kWh or kvarh of one step. */
export interface StepFigure {
  readonly energy: Rational | null;
  readonly status: SettlementStatus;
}

/** Figures by the start of their step; null = nothing keeps this energy there, or there was no meter. */
export type Steps = ReadonlyMap<UtcSeconds, StepFigure> | null;

export function pointSteps(source: ReportSource, pointId: number, channel: Channel, bounds: readonly UtcSeconds[]): Steps {
  const steps = settlementSteps(pointId, source, bounds).get(channel);
  return steps === undefined ? null : new Map(steps.map((step) => [step.startUtc, step]));
}

/** Sum step by step; a part that one of them lacks makes the step incomplete. */
export function sumOfSteps(all: Iterable<Steps>): Map<UtcSeconds, StepFigure> {
  const sums = new Map<UtcSeconds, StepFigure>();
  for (const steps of all) {
    for (const [startUtc, step] of steps ?? []) {
      const before = sums.get(startUtc);
      sums.set(startUtc, before === undefined ? step : joined(before, step));
    }
  }
  return sums;
}

/** Whether a step that begins by `untilUtc` has no whole figure. */
export function isLacking(steps: Steps, untilUtc: UtcSeconds): boolean {
  return [...(steps ?? [])].some(([startUtc, { status }]) => startUtc <= untilUtc && (status === 'missing' || status === 'incomplete'));
}

function joined(a: StepFigure, b: StepFigure): StepFigure {
  const energy = a.energy === null ? b.energy : b.energy === null ? a.energy : add(a.energy, b.energy);
  if (energy === null) return { energy, status: 'missing' };
  const both = [a.status, b.status];
  if (both.some((status) => status === 'missing' || status === 'incomplete')) return { energy, status: 'incomplete' };
  return { energy, status: both.includes('replaced') ? 'replaced' : 'valid' };
}

/** A calculated group: a step has a figure only when each of its points is whole in it (docs/adr/0014). */
export function formulaSteps(source: ReportSource, formulaId: number, bounds: readonly UtcSeconds[]): Steps {
  const terms = flattenFormula(source.formulas(), formulaId);
  const known = new Map<number, ReadonlyMap<Channel, readonly SettlementStep[]>>();
  const replaced = new Set<UtcSeconds>();
  const stepsOf = (pointId: number, channel: Channel): PointStep[] => {
    const own = known.get(pointId) ?? settlementSteps(pointId, source, bounds);
    known.set(pointId, own);
    const byStart = new Map((own.get(channel) ?? []).map((step) => [step.startUtc, step]));
    return bounds.slice(0, -1).map((startUtc, index): PointStep => {
      const step = byStart.get(startUtc);
      if (step?.status === 'replaced') replaced.add(startUtc);
      const isWhole = step?.status === 'valid' || step?.status === 'replaced';
      const minutes = ((bounds[index + 1] ?? startUtc) - startUtc) / 60;
      return { startUtc, minutes, energy: isWhole ? step.energy : null, expected: 1, received: isWhole ? 1 : 0, reason: null, lack: null };
    });
  };
  return new Map(
    evaluateFormula(terms, stepsOf).map(({ startUtc, energy }) => {
      const status = energy === null ? 'missing' : replaced.has(startUtc) ? 'replaced' : 'valid';
      return [startUtc, { energy, status }];
    }),
  );
}

/** The channel whose unit a formula has: what its columns are headed with. */
export function channelOfUnit(unit: ReturnType<typeof energyUnit>): Channel {
  return unit === 'Wh' ? 'A+' : 'R+';
}
