/** Whether a reading that a person brought can be (quality.md 4): it does not run backwards, nor say more than the connection can draw. */
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { compare, multiply, type Rational, rational, type Scaling, scalingFactor } from '../energy.ts';
import { registerDifference, secondaryLimit } from '../registers.ts';

/** A reading of one register at a moment, whole Wh or varh, secondary side. */
export interface DatedReading {
  readonly atUtc: UtcSeconds;
  readonly readingWh: number;
}

export interface ReadingFacts {
  readonly reading: DatedReading & { readonly isRollOver: boolean };
  /** The nearest on either side, by the meter or by a person; null = none. */
  readonly before: DatedReading | null;
  readonly after: DatedReading | null;
  /** The one before `before`: what lies between them is what is usual here. */
  readonly earlier: DatedReading | null;
  readonly installation: Scaling;
  readonly digits: number | null;
  readonly maxPowerW: number | null;
  readonly unusualTimes: number;
  readonly nowUtc: UtcSeconds;
}

export type ReadingDoubt = 'in-the-future' | 'runs-backwards' | 'above-max-power' | 'unusual' | 'nothing-to-compare';

export interface ReadingVerdict {
  readonly doubts: readonly { readonly code: ReadingDoubt; readonly isRefusal: boolean }[];
  /** Wh or varh, primary side, since `before`; null = it cannot be told. */
  readonly energy: Rational | null;
  /** The same of as long a time as it usually is. */
  readonly usual: Rational | null;
}

/** Without the digits of the register a roll-over that a person states is believed, but its energy cannot be told. */
export function checkReading(facts: ReadingFacts): ReadingVerdict {
  const { reading, before, after, earlier, installation, unusualTimes } = facts;
  const doubts: ReadingVerdict['doubts'][number][] = [];
  if (reading.atUtc > facts.nowUtc) doubts.push({ code: 'in-the-future', isRefusal: true });
  const since = before === null ? null : difference(before, reading, facts, reading.isRollOver);
  const until = after === null ? null : difference(reading, after, facts, false);
  const isBelievedRollOver = reading.isRollOver && facts.digits === null;
  if ((since?.isBackwards === true && !isBelievedRollOver) || until?.isBackwards === true) {
    doubts.push({ code: 'runs-backwards', isRefusal: true });
  }
  if (since?.isTooMuch === true || until?.isTooMuch === true) doubts.push({ code: 'above-max-power', isRefusal: false });
  const factor = scalingFactor(installation);
  const energy = since?.energyWh === undefined || since.energyWh === null ? null : multiply(rational(since.energyWh), factor);
  const usual = before === null || earlier === null ? null : usualEnergy(earlier, before, reading.atUtc - before.atUtc, factor);
  if (energy !== null && usual !== null && isUnusual(energy, usual, unusualTimes)) doubts.push({ code: 'unusual', isRefusal: false });
  if (before === null && after === null) doubts.push({ code: 'nothing-to-compare', isRefusal: false });
  return { doubts, energy, usual };
}

function difference(first: DatedReading, last: DatedReading, { digits, maxPowerW, installation }: ReadingFacts, isRollOver: boolean) {
  const limit = maxPowerW === null ? null : secondaryLimit(maxPowerW, last.atUtc - first.atUtc, installation);
  const { energy, reason } = registerDifference({
    first: first.readingWh,
    last: last.readingWh,
    digits,
    // The limit is a doubt of its own below; here it only lets a roll-over be told from a slip of the pen.
    limit: last.readingWh < first.readingWh ? limit : null,
    isRollOverConfirmed: isRollOver,
  });
  const isTooMuch = energy !== null && limit !== null && compare(rational(energy), limit) > 0;
  return { energyWh: energy, isTooMuch, isBackwards: reason !== null };
}

function usualEnergy(earlier: DatedReading, before: DatedReading, seconds: number, factor: Rational): Rational | null {
  const [energyWh, elapsedS] = [before.readingWh - earlier.readingWh, before.atUtc - earlier.atUtc];
  return energyWh < 0 || elapsedS <= 0 ? null : multiply(rational(BigInt(energyWh) * BigInt(seconds), elapsedS), factor);
}

function isUnusual(energy: Rational, usual: Rational, times: number): boolean {
  return compare(energy, multiply(usual, rational(times))) > 0 || compare(multiply(energy, rational(times)), usual) < 0;
}
