/** What faults of one kind of target have in common; the faults themselves stand in faults.ts and beside it. */
import { z } from 'zod';

/** When a fault begins after the start of the plant and how long it lasts; without `for_s` it stays. */
export const span = { after_s: z.number().nonnegative().optional(), for_s: z.number().positive().optional() };

/** The line that a fault concerns; without it every line. */
export const anyLine = { line: z.string().optional() };

/** A share of exchanges. */
export const rate = z.number().min(0).max(1);

/** A fault of one meter, named by its serial or by its point. */
export function ofMeter<Shape extends z.ZodRawShape>(shape: Shape) {
  return z
    .strictObject({ ...shape, serial: z.string().optional(), point: z.string().optional(), ...span })
    .refine((given) => 'serial' in given !== 'point' in given, 'exactly one of "serial" and "point"');
}
