import type { SlotCounts } from './load.ts';

/** What is wrong between the network and a meter. Phases are 1, 2, 3. */
export interface Wiring {
  /** Without voltage: they carry nothing. */
  readonly lost: readonly number[];
  /** Current transformer the wrong way round: P and Q of the phase change their sign. */
  readonly reversed: readonly number[];
  /** Two phases whose voltages change places: current and voltage of each are 120 degrees further apart. */
  readonly crossed: readonly number[];
}

export const SOUND_WIRING: Wiring = { lost: [], reversed: [], crossed: [] };

/** By what the meter multiplies the true complex power of a phase, permille. */
export interface PhaseFactor {
  readonly re: number;
  readonly im: number;
}

/** Sine of 120 degrees, permille. */
const SINE = 866;

export function phaseFactor(wiring: Wiring, phase: number): PhaseFactor {
  if (wiring.lost.includes(phase)) return { re: 0, im: 0 };
  const sign = wiring.reversed.includes(phase) ? -1 : 1;
  const place = wiring.crossed.indexOf(phase);
  if (place < 0) return { re: 1000 * sign, im: 0 };
  return { re: -500 * sign, im: (place === 0 ? SINE : -SINE) * sign };
}

/** P and Q of a phase as the meter sees them. */
export function seenPower({ re, im }: PhaseFactor, P: number, Q: number): { readonly P: number; readonly Q: number } {
  return { P: Math.trunc((P * re - Q * im) / 1000), Q: Math.trunc((Q * re + P * im) / 1000) };
}

/** What the meter counts of a half-hour: phases sum with their signs, a negative sum goes to the other direction. Whole counts. */
export function seenCounts(wiring: Wiring, shares: readonly number[], counts: SlotCounts): SlotCounts {
  if (wiring.lost.length + wiring.reversed.length + wiring.crossed.length === 0) return counts;
  let re = 0;
  let im = 0;
  shares.forEach((share, index) => {
    const factor = phaseFactor(wiring, index + 1);
    re += share * factor.re;
    im += share * factor.im;
  });
  const scale = (count: number) => Math.floor((count * Math.abs(re)) / 1e6);
  const [drawn, given, inductive, capacitive] = re < 0 ? [counts[1], counts[0], counts[3], counts[2]] : counts;
  if (im === 0) return [scale(drawn), scale(given), scale(inductive), scale(capacitive)];
  // Crossed voltages turn reactive power into active and back: only the balance can be said.
  const [P, Q] = [counts[0] - counts[1], counts[2] - counts[3]];
  const seen = { P: Math.trunc((P * re - Q * im) / 1e6), Q: Math.trunc((Q * re + P * im) / 1e6) };
  return [Math.max(0, seen.P), Math.max(0, -seen.P), Math.max(0, seen.Q), Math.max(0, -seen.Q)];
}
