import type { SearchState } from '../../shared/api/search.ts';
import type { Mark } from './state-mark.tsx';

/** How the state of a search or a line test is marked. */
export const TASK_MARKS: Readonly<Record<SearchState['state'], Mark>> = {
  waiting: 'unchecked',
  running: 'info',
  paused: 'attention',
  done: 'ok',
  cancelled: 'no-data',
  failed: 'fault',
};
