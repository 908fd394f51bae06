/** Who has the line next: the most urgent work; what has waited past its promise has a share of the time whatever is more urgent. */
import { LINE_PROMISES, WORK_CLASSES } from '../../shared/domain/line-promise.ts';
import { isAsUrgentAs, isMoreUrgent, type Work } from './work.ts';

/** For each second of the line that goes to more urgent work, late work may have so much: a fifth of the whole. */
const LATE_SHARE = 0.25;

interface Offer {
  readonly work: Work;
}

export class Turns {
  /** What late work may use before more urgent work goes on, milliseconds. */
  #creditMs = 0;
  #isLateWaiting = false;
  #isLateTurn = false;

  /**
   * Persons and half-hours go before everything, late or not: they come in short bursts. Values on screen, which alone can fill
   * a line, give way. `null` = nothing is offered.
   */
  choose<T extends Offer>(offers: readonly T[], now: number): T | null {
    let best: T | null = null;
    for (const offer of offers) if (best === null || isMoreUrgent(offer.work, best.work)) best = offer;
    const late = best === null ? null : latest(offers, best.work, now);
    this.#isLateWaiting = late !== null;
    if (late === null) this.#creditMs = 0;
    this.#isLateTurn = late !== null && this.#creditMs > 0 && best !== null && !isAsUrgentAs(best.work.class, 'half-hour');
    return this.#isLateTurn ? late : best;
  }

  /** What was chosen last has used the line for so long. */
  used(ms: number): void {
    if (this.#isLateTurn) this.#creditMs -= ms;
    else if (this.#isLateWaiting) this.#creditMs += ms * LATE_SHARE;
  }
}

/** Of what would have to wait for `best`, the work that is latest in proportion to its promise; null when none is late. */
function latest<T extends Offer>(offers: readonly T[], best: Work, now: number): T | null {
  let found: T | null = null;
  let worst = 1;
  for (const offer of offers) {
    const { work } = offer;
    if (WORK_CLASSES.indexOf(work.class) < WORK_CLASSES.indexOf(best.class)) continue;
    // Of one class, most go in the order in which they fell due: there the best has waited longest.
    if (work.class === best.class && work.dueAt >= best.dueAt) continue;
    const lateness = (now - work.dueAt) / (LINE_PROMISES[work.class].promiseS * 1000);
    if (lateness <= worst) continue;
    found = offer;
    worst = lateness;
  }
  return found;
}
