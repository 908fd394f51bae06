/** Extremes of all quantities of a half-hour in one BLOB: some ten bytes a quantity, where a row of a table takes fifty. */
import { AppError } from '../../shared/api/errors.ts';
import type { Extremes, ExtremesByKey } from '../../shared/domain/extremes.ts';
import { INSTANTANEOUS_KEYS, type InstantaneousKey } from '../../shared/domain/quantity.ts';

/**
 * Of each quantity, in the order of INSTANTANEOUS_KEYS, which only grows at its end: twice the number of keys left out before it, one
 * more where scale and number of reads follow, which are those of the quantity before otherwise; then min, max above min, sum above
 * min x reads. None is negative but scale and min, which are folded (0, -1, 1, -2 as 0, 1, 2, 3). A number is groups of seven bits,
 * the lowest first; the highest bit of a byte says that another one follows.
 */
export function packExtremes(values: ExtremesByKey): Uint8Array {
  const bytes: number[] = [];
  let due = 0;
  let before = { scale: 0, reads: 0 };
  for (const [index, key] of INSTANTANEOUS_KEYS.entries()) {
    const extremes = values[key];
    if (extremes === undefined) continue;
    const { scale, min, max, sum, reads } = extremes;
    const isLikeBefore = scale === before.scale && reads === before.reads;
    const head = isLikeBefore ? [2 * (index - due)] : [2 * (index - due) + 1, folded(scale), reads];
    for (const number of [...head, folded(min), max - min, sum - min * reads]) put(bytes, number);
    due = index + 1;
    before = { scale, reads };
  }
  return Uint8Array.from(bytes);
}

/** The same values again. Throws `store/corrupt` when the bytes are no pack. */
export function unpackExtremes(packed: Uint8Array): ExtremesByKey {
  const values: Partial<Record<InstantaneousKey, Extremes>> = {};
  let [at, due, scale, reads] = [0, 0, 0, 0];
  const take = (): number => {
    let number = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = packed[at];
      at += 1;
      if (byte === undefined) throw new AppError('store/corrupt', 'Extremes end in the middle of a number');
      number += (byte % 128) * weight;
      if (byte < 128) return number;
    }
  };
  while (at < packed.length) {
    const head = take();
    const index = due + Math.floor(head / 2);
    const key = INSTANTANEOUS_KEYS[index];
    if (key === undefined) throw new AppError('store/corrupt', `Extremes of an unknown quantity ${index}`);
    if (head % 2 === 1) [scale, reads] = [unfolded(take()), take()];
    const min = unfolded(take());
    const [max, sum] = [min + take(), min * reads + take()];
    values[key] = { scale, min, max, sum, reads };
    due = index + 1;
  }
  return values;
}

function put(bytes: number[], number: number): void {
  if (!Number.isSafeInteger(number) || number < 0) throw new AppError('bug', `${number} cannot be packed`);
  let rest = number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}

function folded(number: number): number {
  return number < 0 ? -2 * number - 1 : 2 * number;
}

function unfolded(number: number): number {
  return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
}
