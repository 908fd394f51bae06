import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** One published exchange; either side may be missing. */
export const vectorSchema = z.object({
  id: z.string(),
  source: z.string(),
  provenance: z.string(),
  request_hex: z.string().nullable(),
  response_hex: z.string().nullable(),
  decoded: z.record(z.string(), z.unknown()),
});
export type Vector = z.infer<typeof vectorSchema>;

const folder = new URL('../../../vectors/mercury/', import.meta.url);

function load(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
}

/** Published frames of the 23x family, as they came. */
export function loadVectors(): readonly Vector[] {
  return z.object({ vectors: z.array(vectorSchema), count: z.number() }).parse(load('23x.json')).vectors;
}

/** Vectors that no test covers yet, with the reason. */
export function loadNotCovered(): Readonly<Record<string, string>> {
  return z.record(z.string(), z.string().min(10)).parse(load('23x-not-covered.json'));
}

export function bytesOf(hex: string): Uint8Array;
export function bytesOf(hex: string | null): Uint8Array | null;
export function bytesOf(hex: string | null): Uint8Array | null {
  return hex === null ? null : Uint8Array.from(hex.match(/[0-9A-Fa-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
}
