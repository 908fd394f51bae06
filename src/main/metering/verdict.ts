/** What the values of one moment say against the wiring (wiring.md). Whether it lasts is the caller's question. */
import type { WiringScheme } from '../../shared/domain/point.ts';
import type { InstantaneousValues, Quantity } from '../../shared/domain/quantity.ts';

export type Phase = 1 | 2 | 3;

export interface LostPhase {
  /** `phase-lost`: the voltage of a phase is gone; `current-without-voltage`: that phase still carries load, which is not metered. */
  readonly code: 'phase-lost' | 'current-without-voltage';
  readonly phase: Phase;
  /** Secondary side. */
  readonly voltage: Quantity;
  readonly current: Quantity | null;
}

/** `phase-reversed`: a current runs the wrong way through its element; `phases-crossed`: two elements have each other's current or voltage. */
export interface WrongCircuit {
  readonly code: 'phase-reversed' | 'phases-crossed';
  readonly phases: readonly Phase[];
  /** W on the secondary side, of the reversed phases together; `null` for crossed ones. */
  readonly powerW: number | null;
}

/** Below this largest voltage the whole feeder is off, and no phase is lost against another. */
const LIVE_FEEDER_V = 40;
/** A CT's secondary current that is load rather than noise: 1 % of 5 A. */
const LOAD_A = 0.05;
/** Below 5 % of 5 A errors of a CT are unbounded and noise turns the angles about (wiring.md 3). */
const VERDICT_A = 0.25;
/** Load angles that a plant has: capacitors on the one side, idle motors on the other (wiring.md 2). */
const LOAD_WINDOW_DEG = [-60, 65] as const;
/** Angles of the elements agree when a wiring is right (wiring.md 5). */
const SPREAD_DEG = 30;
/** A reversed current is like the others in size; a small generator on one phase is not. */
const LIKE_THE_OTHERS = 4;

const PHASES = [1, 2, 3] as const;

/**
 * Phases whose voltage is below half of the largest one while the feeder is live, lowest phase first. In the two-element
 * scheme `2CT+2VT` phase 2 may stand at zero by its wiring (wiring.md 2), so it is not judged. A voltage that the meter did
 * not give is no finding.
 */
export function findLostPhases(values: InstantaneousValues, scheme: WiringScheme | null): LostPhase[] {
  const phases = PHASES.flatMap((phase) => {
    const voltage = values[`U${phase}`];
    return voltage === undefined || voltage === null ? [] : [{ phase, voltage, current: values[`I${phase}`] ?? null }];
  });
  const largest = Math.max(0, ...phases.map(({ voltage }) => magnitude(voltage)));
  if (largest <= LIVE_FEEDER_V) return [];
  return phases
    .filter(({ phase, voltage }) => !(scheme === '2CT+2VT' && phase === 2) && magnitude(voltage) * 2 < largest)
    .map(({ phase, voltage, current }) => ({
      code: current !== null && magnitude(current) >= LOAD_A ? 'current-without-voltage' : 'phase-lost',
      phase,
      voltage,
      current,
    }));
}

/** What one measuring element shows. */
interface Element {
  readonly phase: Phase;
  readonly powerW: number;
  /** Lag of the current behind its own element's voltage, degrees, -180..180. */
  readonly angleDeg: number;
}

/**
 * A reversed or a crossed circuit, or nothing: needs load in every element and a wiring that explains the angles where the
 * right one does not. Energy that flows back in all phases, idle feeders, capacitors alone and currents that are all
 * shifted by one phase look alike from here and are never named (wiring.md 7).
 */
export function findWrongCircuit(values: InstantaneousValues, scheme: WiringScheme | null): WrongCircuit | null {
  if (findLostPhases(values, scheme).length > 0) return null;
  const elements = PHASES.flatMap((phase) => elementOf(values, phase) ?? []);
  if (scheme === '2CT+2VT') return twoElements(elements);
  return elements.length === 3 ? threeElements(elements) : null;
}

function elementOf(values: InstantaneousValues, phase: Phase): Element | null {
  const [u, i, p] = [values[`U${phase}`], values[`I${phase}`], values[`P${phase}`]];
  if (!u || !i || !p || magnitude(u) <= LIVE_FEEDER_V || magnitude(i) < VERDICT_A) return null;
  const q = values[`Q${phase}`] ?? null;
  const powerW = signed(p);
  return { phase, powerW, angleDeg: degrees(Math.atan2(q === null ? 0 : signed(q), powerW)) };
}

function threeElements(elements: readonly Element[]): WrongCircuit | null {
  if (isRightSoFar(elements.map(({ angleDeg }) => angleDeg))) return null;
  const reversed = reversedAmong(elements);
  if (reversed !== null) return reversed;
  for (const out of elements) {
    const pair = elements.filter((element) => element !== out);
    for (const turn of [120, -120]) {
      const [a = 0, b = 0] = pair.map(({ angleDeg }) => angleDeg);
      if (agree([out.angleDeg, wrap(a + turn), wrap(b - turn)]))
        return { code: 'phases-crossed', phases: pair.map(({ phase }) => phase), powerW: null };
    }
  }
  return null;
}

/** One or two elements against the rest, which turned round agree with it and are of its size. */
function reversedAmong(elements: readonly Element[]): WrongCircuit | null {
  const backward = elements.filter(({ powerW }) => powerW < 0);
  const forward = elements.filter(({ powerW }) => powerW > 0);
  if (backward.length === 0 || forward.length === 0) return null;
  const size = (group: readonly Element[]) => group.reduce((sum, { powerW }) => sum + Math.abs(powerW), 0) / group.length;
  const ratio = size(backward) / size(forward);
  if (ratio > LIKE_THE_OTHERS || ratio * LIKE_THE_OTHERS < 1) return null;
  if (!agree(elements.map(({ powerW, angleDeg }) => (powerW < 0 ? wrap(angleDeg + 180) : angleDeg)))) return null;
  return reversal(backward);
}

/** Element 1 lags element 3 by 60 degrees when all is right, by -120 with one current reversed, by 180 with the two crossed. */
function twoElements(elements: readonly Element[]): WrongCircuit | null {
  const first = elements.find(({ phase }) => phase === 1);
  const third = elements.find(({ phase }) => phase === 3);
  if (first === undefined || third === undefined) return null;
  const difference = wrap(first.angleDeg - third.angleDeg);
  if (isNear(difference, 180)) return { code: 'phases-crossed', phases: [1, 3], powerW: null };
  if (!isNear(difference, -120)) return null;
  // The two turn the load angle by 180 degrees against each other, so only one of them leaves an angle that a load has.
  if (isLoad(wrap(first.angleDeg + 150)) && isLoad(wrap(third.angleDeg + 30))) return reversal([first]);
  return isLoad(wrap(first.angleDeg - 30)) && isLoad(wrap(third.angleDeg - 150)) ? reversal([third]) : null;
}

function reversal(elements: readonly Element[]): WrongCircuit {
  const powerW = elements.reduce((sum, element) => sum + element.powerW, 0);
  return { code: 'phase-reversed', phases: elements.map(({ phase }) => phase), powerW: Math.round(powerW * 10) / 10 };
}

/** The wiring as it should be explains the angles, even with very uneven loads. */
function isRightSoFar(angles: readonly number[]): boolean {
  return angles.every(isLoad);
}

function agree(angles: readonly number[]): boolean {
  return angles.every(isLoad) && Math.max(...angles) - Math.min(...angles) <= SPREAD_DEG;
}

function isLoad(angleDeg: number): boolean {
  return angleDeg >= LOAD_WINDOW_DEG[0] && angleDeg <= LOAD_WINDOW_DEG[1];
}

function isNear(angleDeg: number, meant: number): boolean {
  return Math.abs(wrap(angleDeg - meant)) <= SPREAD_DEG - 5;
}

function wrap(angleDeg: number): number {
  const turned = (((angleDeg + 180) % 360) + 360) % 360;
  return turned - 180;
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}

/** A threshold is no accounting: floating point is exact enough here and nothing of it is stored. */
function signed(quantity: Quantity): number {
  return quantity.count * 10 ** quantity.scale;
}

function magnitude(quantity: Quantity): number {
  return Math.abs(signed(quantity));
}
