/** Upkeep of the database beside everything else: a step now and then, one after another while there is something to do. */
import { asAppError } from '../shared/api/errors.ts';
import type { UtcSeconds } from '../shared/domain/time.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import type { Store } from './store/store.ts';

const IDLE_MS = 60_000;
/** A step takes milliseconds; between two of them everybody else has the turn. */
const BUSY_MS = 500;

export interface UpkeepDeps {
  readonly store: Pick<Store, 'upkeep'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The time of the site, not that of a PC whose clock is wrong: what is past its time is deleted by it. */
  readonly nowUtc: () => UtcSeconds;
}

/** Begins after a minute; the returned function ends it. */
export function startUpkeep({ store, clock, logger, nowUtc }: UpkeepDeps): () => void {
  const step = (): void => {
    let isBusy = false;
    try {
      const { folded, samples, extremes, blocks, pages } = store.upkeep(nowUtc());
      isBusy = folded + samples + extremes + blocks + pages > 0;
    } catch (thrown) {
      // A full or broken disk is told by whoever stores figures; upkeep comes again.
      const error = asAppError(thrown);
      logger.warn({ code: error.code, error: error.message }, 'upkeep of the database failed');
    }
    cancel = clock.after(isBusy ? BUSY_MS : IDLE_MS, step);
  };
  let cancel = clock.after(IDLE_MS, step);
  return () => cancel();
}
