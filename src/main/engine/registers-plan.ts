/** Which registers of a meter are due: the running ones by period, those frozen at boundaries once for each day of the meter. */
import type { RegisterKind } from '../../shared/domain/register.ts';

export interface RegisterTask {
  readonly kind: RegisterKind;
  /** 1 = the start of the period before the running one. */
  readonly back: 0 | 1;
}

/** The start of yesterday is asked as well: the export needs both midnights of a day. */
const FROZEN: readonly RegisterTask[] = [
  { kind: 'day-start', back: 0 },
  { kind: 'day-start', back: 1 },
  { kind: 'month-start', back: 0 },
  { kind: 'year-start', back: 0 },
];

export class RegistersPlan {
  readonly #periodMs: number;
  readonly #isOnce: boolean;
  #day: number | null = null;
  #frozen: RegisterTask[] = [];
  #runningDueAt = 0;
  #hasRunning = false;

  constructor(periodS: number, isOnce: boolean) {
    this.#periodMs = periodS * 1000;
    this.#isOnce = isOnce;
  }

  /** Monotonic moment at which the running registers are due again. */
  get dueAt(): number {
    return this.#runningDueAt;
  }

  /** What to read now; `day` counts days by the meter's wall clock. Null when nothing is due. */
  next(now: number, day: number): RegisterTask | null {
    if (this.#day !== day) {
      this.#day = day;
      this.#frozen = [...FROZEN];
    }
    if (now >= this.#runningDueAt && !(this.#isOnce && this.#hasRunning)) return { kind: 'now', back: 0 };
    return this.#frozen[0] ?? null;
  }

  done(task: RegisterTask, now: number): void {
    if (task.kind === 'now') {
      this.#hasRunning = true;
      this.#runningDueAt = now + this.#periodMs;
    } else {
      this.#frozen = this.#frozen.filter(({ kind, back }) => kind !== task.kind || back !== task.back);
    }
  }

  /** Everything was read at least once. */
  get isComplete(): boolean {
    return this.#hasRunning && this.#day !== null && this.#frozen.length === 0;
  }
}
