import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { bytesOf, type Vector, vectorSchema } from '../mercury/vectors.ts';

const file = new URL('../../../vectors/mercury-200/200.json', import.meta.url);

/** Published frames of the 200 family, as they came. */
export function loadVectors200(): readonly Vector[] {
  return z.object({ vectors: z.array(vectorSchema), count: z.number() }).parse(JSON.parse(readFileSync(file, 'utf8'))).vectors;
}

export { bytesOf, type Vector };
