import { useState } from 'react';
import { type AppError, asAppError } from '../../shared/api/errors.ts';

export interface Action<A extends readonly unknown[]> {
  readonly isBusy: boolean;
  readonly error: AppError | null;
  readonly isDone: boolean;
  /** Never rejects: the error is in `error`. A second call while the first runs does nothing. */
  run(...args: A): Promise<void>;
  reset(): void;
}

/** A command given by a person: busy, then done or failed. */
export function useAction<A extends readonly unknown[]>(act: (...args: A) => Promise<void>): Action<A> {
  const [state, setState] = useState<Pick<Action<A>, 'isBusy' | 'error' | 'isDone'>>(IDLE);
  return {
    ...state,
    run: async (...args) => {
      if (state.isBusy) return;
      setState({ isBusy: true, error: null, isDone: false });
      try {
        await act(...args);
        setState({ isBusy: false, error: null, isDone: true });
      } catch (error) {
        setState({ isBusy: false, error: asAppError(error), isDone: false });
      }
    },
    reset: () => setState(IDLE),
  };
}

const IDLE = { isBusy: false, error: null, isDone: false };
