/** How long work says how far it is, lets everything else in the process have its turn, and learns that nobody waits any more. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../shared/api/errors.ts';
import type { WorkStage } from '../../shared/domain/work.ts';

export interface WorkStep {
  readonly stage: WorkStage;
  /** Steps of the stage that are behind. */
  readonly done: number;
  /** 0 = it has no steps that could be counted. */
  readonly of: number;
}

/** Handed down to the loops of long work. Nothing of the work may be kept before `commit`. */
export interface Progress {
  /** Aborts when the work is to stop; never after `commit`. */
  readonly signal: AbortSignal;
  /** Tells how far the work is and waits for one turn of the others. Rejects with `api/cancelled` when it is to stop. */
  step(step: WorkStep): Promise<void>;
  /** From here on the work goes to its end. Throws `api/cancelled` when it was to stop before. */
  commit(): void;
}

/** Progress that ends with `signal` and tells its steps to `tell`; `onCommit` is called once. */
export function progressOf(signal: AbortSignal, tell: (step: WorkStep) => void, onCommit: () => void = () => {}): Progress {
  const kept = new AbortController();
  let isCommitted = false;
  const stop = () => {
    if (!isCommitted) kept.abort();
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  const refuse = () => {
    if (!kept.signal.aborted) return;
    throw new AppError('api/cancelled', 'The work was stopped; nothing of it is kept', { context: { isStopped: true } });
  };
  return {
    signal: kept.signal,
    async step(step) {
      refuse();
      tell(step);
      await nextTurn();
      refuse();
    },
    commit() {
      refuse();
      if (isCommitted) return;
      isCommitted = true;
      signal.removeEventListener('abort', stop);
      onCommit();
    },
  };
}

/** Nobody looks at the work and nobody stops it. */
export function unwatched(): Progress {
  return progressOf(new AbortController().signal, () => {});
}
