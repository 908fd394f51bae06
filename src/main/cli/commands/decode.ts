import { createInterface } from 'node:readline';
import { z } from 'zod';
import { AppError, errorShape } from '../../../shared/api/errors.ts';
import { decode } from '../../protocol/mercury/decode.ts';
import type { Command } from '../command.ts';
import type { CommandIo } from '../io.ts';

const hexText = z.string().regex(/^\s*([0-9A-Fa-f]{2}\s*)*$/, 'hex bytes');

const input = z.strictObject({
  request: hexText.nullable().default(null),
  response: hexText.nullable().default(null),
  context: z
    .strictObject({
      constant_imp_per_kwh: z.number().int().positive().optional(),
      period_min: z.number().int().positive().optional(),
      firmware: z.string().optional(),
    })
    .default({}),
});

export const decodeCommand: Command = {
  name: 'decode',
  usage: '--driver mercury-23x --stdin',
  summary: 'Explains frames: one JSON object with request and response as hex per line on stdin. Field names: docs/decode-fields.md.',
  flags: { driver: 'value', stdin: 'switch' },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const driver = args.required('driver');
    if (driver !== 'mercury-23x') {
      throw new AppError('api/invalid-argument', `There is no decoder for driver "${driver}"`, { hint: 'Known drivers: mercury-23x' });
    }
    if (!args.isSet('stdin'))
      throw new AppError('api/invalid-argument', '--stdin is missing', { hint: 'Frames are read from stdin, one JSON object per line.' });
    await eachLine(io, (line) => io.out(explain(line)));
    return 0;
  },
};

async function eachLine(io: CommandIo, use: (line: string) => boolean): Promise<void> {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    if (!use(line)) await io.drained();
  }
}

/** A bad line is a result, not a failure of the command. */
function explain(line: string): object {
  try {
    const { request, response, context } = input.parse(JSON.parse(line));
    const { constant_imp_per_kwh, period_min, firmware } = context;
    return decode(bytes(request), bytes(response), {
      ...(constant_imp_per_kwh === undefined ? {} : { constant_imp_per_kwh }),
      ...(period_min === undefined ? {} : { period_min }),
      ...(firmware === undefined ? {} : { firmware }),
    });
  } catch (cause) {
    const why =
      cause instanceof z.ZodError ? cause.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') : 'not JSON';
    return { ok: false, error: errorShape(new AppError('api/invalid-argument', `The line cannot be read: ${why}`, { cause })) };
  }
}

function bytes(text: string | null): Uint8Array | null {
  return text === null ? null : Uint8Array.from(text.match(/[0-9A-Fa-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
}
