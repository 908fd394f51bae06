/** Smallest, largest and mean of what one meter shows at its reads, gathered half-hour by half-hour of UTC. */
import { AppError } from '../../shared/api/errors.ts';
import { type Extremes, type HalfHourExtremes, mergeExtremes } from '../../shared/domain/extremes.ts';
import type { InstantaneousKey, InstantaneousValues } from '../../shared/domain/quantity.ts';
import { halfHourOf, type UtcSeconds } from '../../shared/domain/time.ts';
import { INSTANTANEOUS_QUANTITIES } from '../../shared/reading/quantities.ts';

export class ExtremesGatherer {
  #startUtc: UtcSeconds | null = null;
  #values = new Map<InstantaneousKey, Extremes>();

  /**
   * Takes one read; `atUtc` is the PC's time. Returns the half-hour before when this read begins another one, be it an earlier
   * one because the PC's clock was set back. A value that the meter does not have counts for nothing. Throws `bug` for a
   * quantity in a unit that is not that of its key: such figures must not be mixed.
   */
  add(values: InstantaneousValues, atUtc: UtcSeconds): HalfHourExtremes | null {
    const ended = this.end(atUtc);
    for (const [name, quantity] of Object.entries(values)) {
      if (quantity === null || quantity === undefined) continue;
      const key = name as InstantaneousKey;
      const { count, scale, unit } = quantity;
      if (unit !== INSTANTANEOUS_QUANTITIES[key].unit) throw new AppError('bug', `${key} in ${unit}`);
      const known = this.#values.get(key);
      const read = { scale, min: count, max: count, sum: count, reads: 1 };
      this.#values.set(key, known === undefined ? read : mergeExtremes(known, read));
    }
    this.#startUtc = halfHourOf(atUtc);
    return ended;
  }

  /** What was gathered, once `nowUtc` lies in another half-hour; null when there is nothing to close. */
  end(nowUtc: UtcSeconds): HalfHourExtremes | null {
    return this.#startUtc === halfHourOf(nowUtc) ? null : this.flush();
  }

  /** What was gathered of a half-hour that may go on: the store adds what comes of it later. Null when there were no values. */
  flush(): HalfHourExtremes | null {
    const [startUtc, values] = [this.#startUtc, this.#values];
    this.#startUtc = null;
    this.#values = new Map();
    return startUtc === null || values.size === 0 ? null : { startUtc, values: Object.fromEntries(values) };
  }
}
