/**
 * The plant's only source of chance: a 32-bit mix of integers (the MurmurHash3 body and finaliser).
 * The same arguments give the same figure on every machine, so a plant is its seed.
 */
export function hash(seed: number, a: number, b = 0, c = 0): number {
  let h = stir(stir(stir(seed | 0, a), b), c);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** An integer within [min, max], both included, chosen by a hash. */
export function pick(hashed: number, min: number, max: number): number {
  return min + (hashed % (max - min + 1));
}

function stir(h: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const mixed = h ^ k;
  return Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64;
}
