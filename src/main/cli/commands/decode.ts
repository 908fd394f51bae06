import { createInterface } from 'node:readline';
import { z } from 'zod';
import { AppError, errorShape } from '../../../shared/api/errors.ts';
import { DRIVER_IDS, type DriverId } from '../../../shared/domain/point.ts';
import { decode200 } from '../../protocol/mercury-200/decode.ts';
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
  usage: `--driver ${DRIVER_IDS.join('|')} --stdin`,
  summary: 'Explains frames: one JSON object with request and response as hex per line on stdin. Field names: docs/decode-fields.md.',
  flags: { driver: 'value', stdin: 'switch' },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const name = args.required('driver');
    const driver = DRIVER_IDS.find((id) => id === name);
    if (driver === undefined) {
      throw new AppError('api/invalid-argument', `There is no decoder for driver "${name}"`, {
        hint: `Known drivers: ${DRIVER_IDS.join(', ')}`,
      });
    }
    if (!args.isSet('stdin'))
      throw new AppError('api/invalid-argument', '--stdin is missing', { hint: 'Frames are read from stdin, one JSON object per line.' });
    await eachLine(io, (line) => io.out(explain(driver, line)));
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
function explain(driver: DriverId, line: string): object {
  try {
    const { request, response, context } = input.parse(JSON.parse(line));
    if (driver === 'mercury-200') return decode200(bytes(request), bytes(response));
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
