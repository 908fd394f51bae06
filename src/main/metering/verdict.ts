import type { WiringScheme } from '../../shared/domain/point.ts';
import type { InstantaneousValues, Quantity } from '../../shared/domain/quantity.ts';

export type Phase = 1 | 2 | 3;

/** What the voltages and currents of one moment say against the wiring. */
export interface WiringFinding {
  /** `phase-lost`: the voltage of a phase is gone; `current-without-voltage`: that phase still carries load, which is not metered. */
  readonly code: 'phase-lost' | 'current-without-voltage';
  readonly phase: Phase;
  /** Secondary side. */
  readonly voltage: Quantity;
  readonly current: Quantity | null;
}

/** Below this largest voltage the whole feeder is off, and no phase is lost against another. */
const LIVE_FEEDER_V = 40;
/** A CT's secondary current that is load rather than noise: 1 % of 5 A. */
const LOAD_A = 0.05;

/**
 * Phases whose voltage is below half of the largest one while the feeder is live, lowest phase first. In the two-element
 * scheme `2CT+2VT` phase 2 may stand at zero by its wiring (wiring.md 2), so it is not judged. A voltage that the meter did
 * not give is no finding. Judges one moment: whether it lasts is the caller's question.
 */
export function findLostPhases(values: InstantaneousValues, scheme: WiringScheme | null): WiringFinding[] {
  const phases = ([1, 2, 3] as const).flatMap((phase) => {
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

/** A threshold is no accounting: floating point is exact enough here and nothing of it is stored. */
function magnitude(quantity: Quantity): number {
  return Math.abs(quantity.count) * 10 ** quantity.scale;
}
