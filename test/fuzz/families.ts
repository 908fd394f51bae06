import type { FuzzFamily } from './fuzz.ts';
import { family200 } from './mercury-200.ts';
import { family23x } from './mercury-23x.ts';

/** Every protocol that is fuzzed; a new one is a file beside this and a line here. The seed makes its replies. */
export const FUZZ_FAMILIES: readonly ((seed: number) => FuzzFamily)[] = [family23x, family200];
