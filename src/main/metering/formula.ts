/** Evaluation of calculated points and groups, step by step; a term without a whole figure makes the step null and is named. */
import { type Channel, energyUnit } from '../../shared/domain/channel.ts';
import type { Formula, FormulaFault, FormulaFaultCode, FormulaTerm } from '../../shared/domain/formula.ts';
import { add, multiply, ONE, type Rational, rational, ZERO } from './energy.ts';
import { type EnergyStep, isWhole } from './maxima.ts';

/** Groups of groups of groups: plant, shop, line, switchboard are four. Deeper is a mistake rather than a plant. */
export const MAX_DEPTH = 8;

/** A channel of a point with all that a formula takes of it, nested formulas multiplied out. */
export interface FlatTerm {
  readonly pointId: number;
  readonly channel: Channel;
  readonly coefficient: Rational;
}

/** A term that has no whole figure in a step. */
export interface MissingTerm {
  readonly pointId: number;
  readonly channel: Channel;
  /** `AbsenceReason` or `FigureLack` of the step; `nothing-expected` where the point had no meter or the step has not begun. */
  readonly reason: string;
}

/** A step of a calculated point; `expected` and `received` count the intervals of all terms. */
export interface FormulaStep extends EnergyStep {
  readonly missing: readonly MissingTerm[];
}

/** A step of a point as `consumptionSeries` gives it: with the reason of what is absent. */
export type PointStep = EnergyStep & { readonly reason: string | null };

/** Faults of all formulas, in their order; none = every one of them can be evaluated. */
export function checkFormulas(formulas: readonly Formula[], pointIds: ReadonlySet<number>): FormulaFault[] {
  const byId = new Map(formulas.map((formula) => [formula.id, formula]));
  const depths = new Map<number, number>();
  return formulas.flatMap((formula) =>
    formula.terms.flatMap((term, index) => {
      const code = faultOf(formula, term, pointIds, byId, depths);
      return code === null ? [] : [{ formulaId: formula.id, code, term: index }];
    }),
  );
}

function faultOf(
  formula: Formula,
  { of }: FormulaTerm,
  pointIds: ReadonlySet<number>,
  byId: ReadonlyMap<number, Formula>,
  depths: Map<number, number>,
): FormulaFaultCode | null {
  if (of.kind === 'point') {
    if (!pointIds.has(of.pointId)) return 'unknown-point';
    return energyUnit(of.channel) === formula.unit ? null : 'unit-mixed';
  }
  const inner = byId.get(of.formulaId);
  if (inner === undefined) return 'unknown-formula';
  if (inner.unit !== formula.unit) return 'unit-mixed';
  const depth = depthOf(inner, byId, depths);
  if (depth === Number.POSITIVE_INFINITY) return 'cycle';
  return depth + 1 > MAX_DEPTH ? 'too-deep' : null;
}

/** Levels of formulas, 1 for points alone; infinite when one refers to itself. `known` keeps a wide net from being walked twice. */
function depthOf(formula: Formula, byId: ReadonlyMap<number, Formula>, known: Map<number, number>): number {
  const before = known.get(formula.id);
  if (before !== undefined) return before;
  known.set(formula.id, Number.POSITIVE_INFINITY);
  const below = formula.terms.map(({ of }) => {
    const inner = of.kind === 'formula' ? byId.get(of.formulaId) : undefined;
    return inner === undefined ? 0 : depthOf(inner, byId, known);
  });
  const depth = 1 + Math.max(0, ...below);
  known.set(formula.id, depth);
  return depth;
}

/**
 * Multiplies a formula out into points, each channel of a point once, in order of their first mention. A term whose parts
 * cancel out stays: what it refers to must still be there. Throws RangeError for a set that `checkFormulas` would refuse.
 */
export function flattenFormula(formulas: readonly Formula[], id: number): FlatTerm[] {
  return flatten(id, 1, new Map(formulas.map((formula) => [formula.id, formula])), new Map());
}

function flatten(id: number, depth: number, byId: ReadonlyMap<number, Formula>, known: Map<number, FlatTerm[]>): FlatTerm[] {
  const before = known.get(id);
  if (before !== undefined) return before;
  const formula = byId.get(id);
  if (formula === undefined) throw new RangeError(`there is no formula ${id}`);
  if (depth > MAX_DEPTH) throw new RangeError(`formula ${id} is nested too deep`);
  const flat = new Map<string, FlatTerm>();
  for (const { coefficient, of } of formula.terms) {
    const factor = rational(coefficient.numerator, coefficient.denominator);
    const parts = of.kind === 'formula' ? flatten(of.formulaId, depth + 1, byId, known) : [{ ...of, coefficient: ONE }];
    for (const { pointId, channel, coefficient: part } of parts) {
      if (energyUnit(channel) !== formula.unit) throw new RangeError(`formula ${id} mixes units`);
      const key = `${pointId};${channel}`;
      const sum = add(flat.get(key)?.coefficient ?? ZERO, multiply(factor, part));
      flat.set(key, { pointId, channel, coefficient: sum });
    }
  }
  const terms = [...flat.values()];
  known.set(id, terms);
  return terms;
}

/** Energy of a flattened formula, step by step. All terms must have the same steps, else RangeError. */
export function evaluateFormula(
  terms: readonly FlatTerm[],
  stepsOf: (pointId: number, channel: Channel) => readonly PointStep[],
): FormulaStep[] {
  const columns = terms.map((term) => ({ term, steps: stepsOf(term.pointId, term.channel) }));
  const first = columns[0]?.steps ?? [];
  if (columns.some(({ steps }) => steps.length !== first.length)) throw new RangeError('the terms have different steps');
  return first.map(({ startUtc, minutes }, index) => {
    let energy: Rational = ZERO;
    let [expected, received] = [0, 0];
    const missing: MissingTerm[] = [];
    for (const { term, steps } of columns) {
      const step = steps[index];
      if (step?.startUtc !== startUtc || step.minutes !== minutes) throw new RangeError('the terms have different steps');
      expected += step.expected;
      received += step.received;
      if (isWhole(step)) energy = add(energy, multiply(step.energy, term.coefficient));
      else missing.push({ pointId: term.pointId, channel: term.channel, reason: reasonOf(step) });
    }
    return { startUtc, minutes, energy: missing.length === 0 ? energy : null, expected, received, lack: null, missing };
  });
}

function reasonOf({ reason, lack }: PointStep): string {
  return reason ?? lack ?? 'nothing-expected';
}
