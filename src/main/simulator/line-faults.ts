import { z } from 'zod';
import { anyLine, rate, span } from './fault-fields.ts';

const milliseconds = z.number().int().nonnegative();

/** Faults of a line, its gateway or its adapter; the table in README.md says what each does. */
export const lineFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drop-line'), line: z.string(), ...span }),
  z.strictObject({ kind: z.literal('silent-line'), ...anyLine, ...span }),
  z.strictObject({ kind: z.literal('loss'), ...anyLine, rate, of: z.enum(['replies', 'requests']).optional(), ...span }),
  z.strictObject({ kind: z.literal('corrupt'), ...anyLine, rate, ...span }),
  z.strictObject({ kind: z.literal('truncate'), ...anyLine, rate, ...span }),
  z.strictObject({ kind: z.literal('echo'), ...anyLine, ...span }),
  z.strictObject({
    kind: z.literal('noise'),
    ...anyLine,
    rate,
    bytes: z.number().int().min(1).max(64).optional(),
    place: z.enum(['before', 'after', 'between']).optional(),
    ...span,
  }),
  z.strictObject({ kind: z.literal('late-reply'), ...anyLine, rate, delay_ms: milliseconds.optional(), ...span }),
  z.strictObject({ kind: z.literal('slow-gateway'), ...anyLine, latency_ms: milliseconds, jitter_ms: milliseconds.optional(), ...span }),
  z.strictObject({ kind: z.literal('segments'), ...anyLine, bytes: z.number().int().min(1).max(1024), ...span }),
  z.strictObject({
    kind: z.literal('one-client'),
    ...anyLine,
    second: z.enum(['refused', 'drops-first']).optional(),
    stale_s: z.number().nonnegative().optional(),
    ...span,
  }),
  z.strictObject({ kind: z.literal('frozen-gateway'), ...anyLine, ...span }),
  z.strictObject({ kind: z.literal('modbus-gateway'), ...anyLine, answer: z.enum(['silence', 'exception']).optional(), ...span }),
  z.strictObject({
    kind: z.literal('wrong-parity'),
    ...anyLine,
    baud_rate: z.number().int().min(300).max(115_200).optional(),
    format: z.enum(['8N1', '8N2', '8E1', '8O1']).optional(),
    ...span,
  }),
  z.strictObject({ kind: z.literal('foreign-master'), ...anyLine, period_ms: z.number().int().min(20).optional(), ...span }),
]);
