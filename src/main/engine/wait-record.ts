/** How long the work of one line waited over the last hour, by class, beside what was promised; its memory is bounded. */
import { LINE_PROMISES, WORK_CLASSES, type WorkClass } from '../../shared/domain/line-promise.ts';

const HOUR_MS = 3_600_000;
/** The hour in parts: the oldest is forgotten as a new one begins. */
const PARTS = 12;
const PART_MS = HOUR_MS / PARTS;
/** Each step of the scale is longer than the one before by a fifth, so that a quantile is told a fifth too long at most. */
const STEP = 1.2;
/** The last step is beyond an hour. */
const STEPS = Math.ceil(Math.log(HOUR_MS) / Math.log(STEP)) + 2;

/** Of one hour, milliseconds; null without any. */
export interface WaitFigures {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

export interface ClassWaits {
  readonly class: WorkClass;
  readonly promiseS: number;
  /** Pieces of work that were done. */
  readonly count: number;
  /** From the moment at which it was due to its first exchange. */
  readonly toStart: WaitFigures | null;
  /** And to its end: what is promised. */
  readonly toDone: WaitFigures | null;
}

class Scale {
  readonly #steps = new Uint16Array(STEPS);
  #maxMs = 0;

  add(ms: number): void {
    const step = ms <= 1 ? 0 : Math.min(STEPS - 1, Math.ceil(Math.log(ms) / Math.log(STEP)));
    this.#steps[step] = Math.min(0xffff, (this.#steps[step] ?? 0) + 1);
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  static figures(scales: readonly Scale[]): WaitFigures | null {
    const steps = Array.from({ length: STEPS }, (_, step) => scales.reduce((sum, scale) => sum + (scale.#steps[step] ?? 0), 0));
    const count = steps.reduce((sum, each) => sum + each, 0);
    if (count === 0) return null;
    const maxMs = Math.max(...scales.map((scale) => scale.#maxMs));
    const quantile = (share: number) => {
      let below = 0;
      const step = steps.findIndex((each) => {
        below += each;
        return below >= count * share;
      });
      return Math.min(maxMs, STEP ** step);
    };
    return { p50Ms: quantile(0.5), p95Ms: quantile(0.95), maxMs };
  }
}

interface Part {
  readonly number: number;
  readonly toStart: Scale;
  readonly toDone: Scale;
  count: number;
}

export class WaitRecord {
  readonly #parts = new Map<WorkClass, Part[]>();

  /** A piece of work was due, begun and done at these monotonic moments. */
  add(workClass: WorkClass, dueAt: number, startedAt: number, doneAt: number): void {
    const number = Math.floor(doneAt / PART_MS);
    const parts = this.#recent(workClass, number);
    let part = parts.at(-1);
    if (part?.number !== number) {
      part = { number, toStart: new Scale(), toDone: new Scale(), count: 0 };
      parts.push(part);
    }
    part.count += 1;
    part.toStart.add(Math.max(0, startedAt - dueAt));
    part.toDone.add(Math.max(0, doneAt - dueAt));
    this.#parts.set(workClass, parts);
  }

  /** Every class, most urgent first, over the hour before `now`. */
  figures(now: number): readonly ClassWaits[] {
    return WORK_CLASSES.map((workClass) => {
      const parts = this.#recent(workClass, Math.floor(now / PART_MS));
      return {
        class: workClass,
        promiseS: LINE_PROMISES[workClass].promiseS,
        count: parts.reduce((sum, { count }) => sum + count, 0),
        toStart: Scale.figures(parts.map(({ toStart }) => toStart)),
        toDone: Scale.figures(parts.map(({ toDone }) => toDone)),
      };
    });
  }

  #recent(workClass: WorkClass, number: number): Part[] {
    return (this.#parts.get(workClass) ?? []).filter((part) => part.number > number - PARTS);
  }
}
