import type { MeterSpec } from './assembly.ts';
import { SLOT_S, type EnergyLedger } from './energy.ts';
import { hash, pick } from './hash.ts';
import type { RunSeconds } from './meter-clock.ts';
import { phaseFactor, seenPower } from './wiring.ts';

/** A figure per phase. */
type Phases<T> = readonly [T, T, T];

/** What the meter shows at one moment, secondary side, in the units of its commands (mercury.md 3); `null` = not available. */
export interface Instantaneous {
  /** W/100, var/100, VA/100, with sign: sum, then phases. */
  readonly P: readonly number[];
  readonly Q: readonly number[];
  readonly S: readonly number[];
  /** Power factor/1000, without sign: sum, then phases. */
  readonly cos: readonly number[];
  /** V/100. */
  readonly U: Phases<number | null>;
  /** A/1000; of a single-phase meter the phase wire and the neutral. */
  readonly I: Phases<number | null>;
  /** V/100 between phases 1-2, 2-3, 1-3. */
  readonly lineU: Phases<number | null>;
  /** Degrees/100 of 1-2, 1-3, 2-3, 0..360; `null` where a voltage is missing. */
  readonly angles: Phases<number | null>;
  /** Hz/100. */
  readonly F: number;
  /** Percent/100. */
  readonly distortion: Phases<number>;
  /** Degrees Celsius. */
  readonly temperature: number;
}

const CHANCE = { ripple: 21, voltage: 22, frequency: 23, angle: 24, distortion: 25, temperature: 26 };
/** What the inputs of lost phases still show, V/100: the first figures are those of the sample of 2013 (MISSION.md). */
const RESIDUAL = [1115, 0, 640] as const;

/**
 * Power is the mean of the running half-hour with a ripple of up to 2 percent; everything else follows from it: phases
 * by the shares of the meter, S from P and Q, I from S and U, the power factor from P and S.
 */
export function instantaneousAt(spec: MeterSpec, ledger: EnergyLedger, at: RunSeconds): Instantaneous {
  const slot = Math.floor(at / SLOT_S);
  // A loss shows at once; its half-hours begin to count it from the next one on.
  const wiring = ledger.wiring(slot + 1);
  const { lost, crossed } = wiring;
  const isSingle = spec.connection.phases === 1;
  const isLost = (phase: number) => lost.includes(phase + 1);
  const chance = (salt: number, a: number, min: number, max: number) => pick(hash(spec.seed, salt, a), min, max);
  const ripple = chance(CHANCE.ripple, at, 980, 1020);
  const [drawn, given, inductive, capacitive] = ledger.fullSlot(slot);
  const power = (counts: number) => Math.trunc((counts * 100000 * ripple) / (1000 * spec.connection.constant));
  const seen = spec.phaseShares.map((share, phase) => {
    const part = (total: number) => Math.trunc((total * share) / 1000);
    return seenPower(phaseFactor(wiring, phase + 1), part(power(drawn - given)), part(power(inductive - capacitive)));
  });
  const P = withSum(seen.map((figures) => figures.P));
  const Q = withSum(seen.map((figures) => figures.Q));
  const S = P.map((value, index) => Math.round(Math.sqrt(value * value + (Q[index] ?? 0) ** 2)));
  const nominal = spec.connection.phaseVoltage;
  const voltage = (phase: number) =>
    isLost(phase)
      ? (RESIDUAL[lost.indexOf(phase + 1)] ?? 0)
      : Math.floor((nominal * (chance(CHANCE.voltage, phase, 9930, 10200) + chance(CHANCE.voltage, at + phase, -30, 30))) / 10000);
  const U: Phases<number | null> = isSingle ? [voltage(0), null, null] : [voltage(0), voltage(1), voltage(2)];
  const current = (phase: number) => {
    const volts = U[phase] ?? 0;
    return isLost(phase) || volts === 0 ? 0 : Math.round(((S[phase + 1] ?? 0) * 1000) / volts);
  };
  // Two voltages that changed places turn the sequence round.
  const isReversed = crossed.length > 0;
  const turned = (angle: number) => (isReversed ? 36000 - angle : angle);
  const angle12 = chance(CHANCE.angle, 12, 11970, 12030);
  const angle23 = chance(CHANCE.angle, 23, 11970, 12030);
  const angle = (first: number, second: number, value: number) => (isSingle || isLost(first) || isLost(second) ? null : turned(value));
  return {
    P,
    Q,
    S,
    cos: S.map((value, index) => (value === 0 ? 0 : Math.min(1000, Math.round((Math.abs(P[index] ?? 0) * 1000) / value)))),
    U,
    I: isSingle ? [current(0), current(0), null] : [current(0), current(1), current(2)],
    lineU: [between(U[0], U[1]), between(U[1], U[2]), between(U[0], U[2])],
    angles: [angle(0, 1, angle12), angle(0, 2, angle12 + angle23), angle(1, 2, angle23)],
    F: 5000 + pick(hash(CHANCE.frequency, Math.floor(at / 2)), -3, 3),
    distortion: [0, 1, 2].map((phase) => chance(CHANCE.distortion, phase, 80, 260)) as [number, number, number],
    temperature: chance(CHANCE.temperature, Math.floor(at / 3600), 17, 29),
  };
}

function withSum(phases: readonly number[]): readonly number[] {
  return [phases.reduce((sum, value) => sum + value, 0), ...phases];
}

/** Voltage between two phases 120 degrees apart. */
function between(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return null;
  return Math.round(Math.sqrt(a * a + b * b + a * b));
}
