/**
 * Cross-check of a closed meter-day: the sum of its intervals against the difference of the registers that the meter froze at
 * both ends, on the secondary side (quality.md 1). Never against a register polled at some moment.
 */
import { CHANNELS, type Channel, type PerChannel } from '../../shared/domain/channel.ts';
import type { DayCheckObstacle, DayDiagnosis } from '../../shared/domain/day-check.ts';
import { countingConstant, type IntervalFlag, type SourcedInterval } from '../../shared/domain/interval.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import {
  add,
  compare,
  countEnergy,
  inWattHours,
  magnitude,
  multiply,
  perChannel,
  type Rational,
  rational,
  subtract,
  ZERO,
} from './energy.ts';

/** One day of one meter, by the meter's own midnights. */
export interface DayCheckInput {
  /** `[startUtc, endUtc)`; a whole number of intervals. */
  readonly startUtc: UtcSeconds;
  readonly endUtc: UtcSeconds;
  readonly lengthS: number;
  /** Of the day and, for the diagnosis, of the slot before and the slot after it; in any order. */
  readonly intervals: readonly SourcedInterval[];
  /** A that the counts are scaled with, imp/kWh; null = not known yet. */
  readonly constant: number | null;
  /** Every A that meters of this family are made with. */
  readonly knownConstants: readonly number[];
  /** Start-of-day registers (tariff 0) at `startUtc` and `endUtc`, Wh and varh; null = not read. */
  readonly first: PerChannel<number | null> | null;
  readonly last: PerChannel<number | null> | null;
  /** Step of the registers, Wh: 1, or 10 for meters that keep hundredths of a kWh (mercury.md 12.1, command 27). */
  readonly registerUnit: number;
  /** Digits of the registers before the point of a kWh; null = not known, and then no roll-over is seen. */
  readonly digits: number | null;
  /** An installation begins or ends inside the day, or another serial answered. */
  readonly isReplaced: boolean;
}

export interface ChannelCheck {
  readonly agrees: boolean;
  /** Sum of the stored intervals, Wh or varh. */
  readonly intervals: Rational;
  /** Difference of the registers, Wh or varh; negative when they ran backwards. */
  readonly registers: number;
  /** Slots x 1 count + 2 steps of the registers. */
  readonly tolerance: Rational;
}

export interface DayCheck {
  /** `agrees`: every channel that can be checked does; `differs` is an event with a diagnosis, never silent. */
  readonly verdict: 'agrees' | 'differs' | 'not-checked';
  /** null exactly when the day was checked. */
  readonly obstacle: DayCheckObstacle | null;
  /** By the meter's own channels; null = the meter does not keep it on one of the two sides. */
  readonly channels: PerChannel<ChannelCheck | null>;
  readonly expectedSlots: number;
  readonly missingSlots: number;
  /** null unless the verdict is `differs`. */
  readonly diagnosis: DayDiagnosis | null;
  /**
   * With `shifted-by-a-slot`: the registers count the day this many slots later (1) or earlier (-1) than the stored stamps;
   * null when both would fit.
   */
  readonly shiftedBy: 1 | -1 | null;
  /** With `wrong-constant`: the A that the registers fit, imp/kWh. */
  readonly fittingConstant: number | null;
}

const CLOCK_FLAGS: ReadonlySet<IntervalFlag> = new Set(['clock-set', 'clock-corrected', 'season-changed']);

/** The check of one day. A day that still lacks slots may agree: nothing flowed in them. */
export function crossCheckDay(input: DayCheckInput): DayCheck {
  return new CrossCheck(input).result();
}

class CrossCheck {
  readonly #input: DayCheckInput;
  readonly #byStart: ReadonlyMap<UtcSeconds, SourcedInterval>;
  readonly #starts: readonly UtcSeconds[];
  readonly #stored: readonly SourcedInterval[];

  constructor(input: DayCheckInput) {
    const { startUtc, endUtc, lengthS } = input;
    this.#input = input;
    this.#byStart = new Map(input.intervals.map((interval) => [interval.startUtc, interval]));
    this.#starts = Array.from({ length: (endUtc - startUtc) / lengthS }, (_, index) => startUtc + index * lengthS);
    this.#stored = this.#starts.flatMap((start) => this.#byStart.get(start) ?? []);
  }

  result(): DayCheck {
    const { constant } = this.#input;
    const channels = perChannel((channel) => this.#checkOf(channel, constant));
    const checks = CHANNELS.flatMap((channel) => channels[channel] ?? []);
    const common = {
      channels,
      expectedSlots: this.#starts.length,
      missingSlots: this.#starts.length - this.#stored.length,
      shiftedBy: null,
      fittingConstant: null,
    };
    const obstacle = this.#obstacle(checks.length);
    if (obstacle !== null) return { ...common, verdict: 'not-checked', obstacle, diagnosis: null };
    if (checks.every(({ agrees }) => agrees)) return { ...common, verdict: 'agrees', obstacle: null, diagnosis: null };
    return { ...common, verdict: 'differs', obstacle: null, ...this.#diagnose(channels) };
  }

  #obstacle(checked: number): DayCheckObstacle | null {
    const { first, last, constant } = this.#input;
    if (first === null || last === null) return 'registers-missing';
    if (this.#stored.length === 0) return 'intervals-missing';
    const needsConstant = this.#stored.some(({ source }) => countingConstant(source, constant) === null);
    if (checked === 0) return needsConstant ? 'constant-unknown' : 'registers-missing';
    return null;
  }

  /** null when one side does not keep the channel. */
  #checkOf(channel: Channel, constant: number | null, shift: -1 | 0 | 1 = 0): ChannelCheck | null {
    const [first, last] = [this.#input.first?.[channel] ?? null, this.#input.last?.[channel] ?? null];
    const intervals = this.#sum(channel, constant, shift);
    if (first === null || last === null || intervals === null) return null;
    const tolerance = this.#tolerance(constant);
    const fits = (registers: number) => compare(magnitude(subtract(intervals, rational(registers))), tolerance) <= 0;
    const registers = this.#difference(first, last, fits);
    return { agrees: fits(registers), intervals, registers, tolerance };
  }

  /** A register that ran over: only where the intervals say that just this much was counted. */
  #difference(first: number, last: number, fits: (registers: number) => boolean): number {
    const { digits } = this.#input;
    if (last >= first || digits === null) return last - first;
    const rolled = last - first + 10 ** digits * 1000;
    return fits(rolled) ? rolled : last - first;
  }

  /** Of the stored slots of the day moved by `shift` slots; null when none has a figure that can be scaled. */
  #sum(channel: Channel, constant: number | null, shift: -1 | 0 | 1): Rational | null {
    const counts = { profile: 0, 'frozen-registers': 0 };
    let figures = 0;
    for (const start of this.#starts) {
      const interval = this.#byStart.get(start + shift * this.#input.lengthS);
      const count = interval?.counts[channel] ?? null;
      if (interval === undefined || count === null) continue;
      figures += 1;
      counts[interval.source] += count;
    }
    if (figures === 0) return null;
    let sum: Rational = ZERO;
    for (const source of ['profile', 'frozen-registers'] as const) {
      const unit = countingConstant(source, constant);
      if (unit === null && counts[source] > 0) return null;
      if (unit !== null) sum = add(sum, inWattHours(countEnergy(counts[source], unit)));
    }
    return sum;
  }

  /** Each slot may keep back a part of one count, each of the two registers a part of its step (quality.md 1). */
  #tolerance(constant: number | null): Rational {
    const units = this.#stored.map(({ source }) => countingConstant(source, constant) ?? 0);
    const coarsest = Math.min(...units.filter((unit) => unit > 0));
    const count = Number.isFinite(coarsest) ? inWattHours(countEnergy(1, coarsest)) : ZERO;
    return add(multiply(count, rational(this.#starts.length)), rational(2 * this.#input.registerUnit));
  }

  #diagnose(channels: DayCheck['channels']): Pick<DayCheck, 'diagnosis' | 'shiftedBy' | 'fittingConstant'> {
    const { constant, knownConstants, isReplaced } = this.#input;
    const found = (diagnosis: DayDiagnosis, shiftedBy: 1 | -1 | null = null, fittingConstant: number | null = null) => ({
      diagnosis,
      shiftedBy,
      fittingConstant,
    });
    const wrong = CHANNELS.flatMap((channel) => channels[channel] ?? []).filter(({ agrees }) => !agrees);
    // The registers of one meter do not run backwards by themselves.
    if (isReplaced || wrong.some(({ registers }) => registers < 0)) return found('replaced-meter');
    const isShort = wrong.every(({ intervals, registers }) => compare(intervals, rational(registers)) < 0);
    // A clock set leaves holes behind it: they are its trace, not another cause.
    if (this.#stored.some(({ flags }) => flags.includes('clock-set'))) return found('clock-set');
    if (this.#stored.length < this.#starts.length && isShort) return found('missing-slots');
    if (this.#stored.some(({ flags }) => flags.some((flag) => CLOCK_FLAGS.has(flag)))) return found('clock-set');
    const shifts = ([1, -1] as const).filter((shift) => this.#hasSlotOf(shift) && this.#explains(channels, constant, shift));
    if (shifts.length > 0) return found('shifted-by-a-slot', shifts.length === 1 ? (shifts[0] ?? null) : null);
    const isScaled = this.#stored.every(({ source }) => source === 'profile');
    const constants = knownConstants.filter((other) => isScaled && other !== constant && this.#explains(channels, other, 0));
    // On a day of little energy several constants fit within the tolerance: then none of them is named.
    return constants.length === 1 ? found('wrong-constant', null, constants[0]) : found('unknown');
  }

  /** The slot that a shift brings in must be stored: its absence is no zero. */
  #hasSlotOf(shift: 1 | -1): boolean {
    const { startUtc, endUtc, lengthS } = this.#input;
    return this.#byStart.has(shift === 1 ? endUtc : startUtc - lengthS);
  }

  /** All channels fit that way, and where they did not before it moves more energy than the tolerance alone would forgive. */
  #explains(channels: DayCheck['channels'], constant: number | null, shift: -1 | 0 | 1): boolean {
    return CHANNELS.every((channel) => {
      const before = channels[channel];
      if (before === null) return true;
      const after = this.#checkOf(channel, constant, shift);
      if (after?.agrees !== true) return false;
      return before.agrees || compare(magnitude(subtract(after.intervals, before.intervals)), before.tolerance) > 0;
    });
  }
}
