/** Kinds of work that a meter answers with a refusal or with nonsense: spared for a while, then asked again. */
import type { AppError } from '../../shared/api/errors.ts';
import type { WorkClass } from './work.ts';

const QUICK_MS = 1000;
const PAUSE_MS = 60_000;
/** So many refusals in a row end this kind of work for a `poll`. */
const TRIES = 3;

export class Refusals {
  readonly #byKind = new Map<WorkClass, { tries: number; until: number }>();

  add(workClass: WorkClass, now: number): void {
    const tries = (this.#byKind.get(kindOf(workClass))?.tries ?? 0) + 1;
    this.#byKind.set(kindOf(workClass), { tries, until: now + (tries < TRIES ? QUICK_MS : PAUSE_MS) });
  }

  /** The work went well: earlier refusals are forgotten. */
  clear(workClass: WorkClass): void {
    this.#byKind.delete(kindOf(workClass));
  }

  /** Monotonic moment before which this kind of work is not tried; 0 = now. */
  pausedUntil(workClass: WorkClass): number {
    return this.#byKind.get(kindOf(workClass))?.until ?? 0;
  }

  isFinal(workClass: WorkClass): boolean {
    return (this.#byKind.get(kindOf(workClass))?.tries ?? 0) >= TRIES;
  }
}

/** Instantaneous values are the same request, whoever waits for them. */
function kindOf(workClass: WorkClass): WorkClass {
  return workClass === 'screen' ? 'live' : workClass;
}

/** The meter answers, but refuses or garbles this kind of work: no reason to doubt the rest of it. */
export function isRefusal(error: AppError): boolean {
  if (error.code === 'data/implausible') return true;
  // Level too low for one command (mercury.md 2) is no refused password: the channel itself was opened.
  if (error.code === 'session/denied')
    return typeof error.context.command === 'string' && !error.context.command.startsWith('open channel');
  return error.code.startsWith('meter/') && error.code !== 'meter/wrong-serial';
}
