import type { Clock } from '../platform/clock.ts';
import type { WallSeconds } from './energy.ts';

/**
 * Seconds as a meter that nobody disturbs would count them: the true time plus the offset and the deviation that it was
 * built with. Energy is counted along this line: it never jumps, whatever is done to the clock.
 */
export type RunSeconds = number;

const DAY_S = 86400;
/** A correction is done gradually (mercury.md 9): one second in four. */
const CORRECTION_S_PER_DAY = DAY_S / 4;

/** From `from` on the clock shows `run + shift` and gains `gainS` seconds a day. */
interface Stretch {
  readonly from: RunSeconds;
  readonly shift: number;
  readonly gainS: number;
  readonly isCorrection: boolean;
}

/** The clock of a meter: what it shows, and when it showed what. Undisturbed it shows run time itself. */
export class MeterClock {
  readonly #clock: Clock;
  readonly #startsWithS: number;
  #stretches: Stretch[] = [{ from: 0, shift: 0, gainS: 0, isCorrection: false }];

  /** `startsWithS`: what the meter's clock is ahead of UTC as built, offset and deviation together. */
  constructor(clock: Clock, startsWithS: number) {
    this.#clock = clock;
    this.#startsWithS = startsWithS;
  }

  run(): RunSeconds {
    return Math.floor(this.#clock.now() / 1000) + this.#startsWithS;
  }

  wall(run: RunSeconds = this.run()): WallSeconds {
    return shown(this.#stretchAt(run), run);
  }

  /** The last moment at which the clock came to show `wall`; with a leap over it, the moment of the leap. */
  runAt(wall: WallSeconds): RunSeconds {
    let end = Number.POSITIVE_INFINITY;
    for (const stretch of this.#stretches.toReversed()) {
      if (wall >= shown(stretch, stretch.from)) return Math.min(end, reached(stretch, wall));
      end = stretch.from;
    }
    return 0;
  }

  isCorrecting(run: RunSeconds = this.run()): boolean {
    return this.#stretchAt(run).isCorrection;
  }

  /** 03 0C: from now on the clock shows `wall`. */
  set(wall: WallSeconds): void {
    const now = this.run();
    this.#begin({ from: now, shift: wall - now, gainS: this.#gainS(now), isCorrection: false });
  }

  /** 03 0D: the clock runs faster or slower until `byS` seconds are made up. */
  correct(byS: number): void {
    if (byS === 0) return;
    const now = this.run();
    const gainS = this.#gainS(now);
    const slew: Stretch = {
      from: now,
      shift: this.wall(now) - now,
      gainS: gainS + Math.sign(byS) * CORRECTION_S_PER_DAY,
      isCorrection: true,
    };
    const end = now + (Math.abs(byS) * DAY_S) / CORRECTION_S_PER_DAY;
    this.#begin(slew);
    this.#stretches.push({ from: end, shift: shown(slew, end) - end, gainS, isCorrection: false });
  }

  /** From now on the clock gains so many seconds a day; negative = it loses them. */
  drift(gainS: number): void {
    const now = this.run();
    this.#begin({ from: now, shift: this.wall(now) - now, gainS, isCorrection: false });
  }

  /** Drift of the clock itself: a correction under way is not one. */
  #gainS(run: RunSeconds): number {
    const { gainS } = this.#stretches.findLast(({ from, isCorrection }) => from <= run && !isCorrection) ?? { gainS: 0 };
    return gainS;
  }

  #stretchAt(run: RunSeconds): Stretch {
    const stretch = this.#stretches.findLast(({ from }) => from <= run) ?? this.#stretches[0];
    if (stretch === undefined) throw new RangeError('A clock has at least one stretch');
    return stretch;
  }

  #begin(stretch: Stretch): void {
    this.#stretches = [...this.#stretches.filter(({ from }) => from < stretch.from), stretch];
  }
}

function shown({ from, shift, gainS }: Stretch, run: RunSeconds): WallSeconds {
  return run + shift + Math.floor(((run - from) * gainS) / DAY_S);
}

/** First moment of a stretch at which it shows `wall` or more. */
function reached(stretch: Stretch, wall: WallSeconds): RunSeconds {
  let run = stretch.from + Math.floor((wall - shown(stretch, stretch.from)) / (1 + stretch.gainS / DAY_S));
  while (run > stretch.from && shown(stretch, run - 1) >= wall) run -= 1;
  while (shown(stretch, run) < wall) run += 1;
  return run;
}
