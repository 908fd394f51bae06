import { parseArgs } from 'node:util';
import { AppError, asAppError } from '../../shared/api/errors.ts';

/** Flags of a command: `value` takes an argument, `switch` does not. */
export type FlagTable = Readonly<Record<string, 'value' | 'switch'>>;

export interface Arguments {
  /** Argument of a flag; undefined when it was not given. */
  value(name: string): string | undefined;
  /** Argument of a flag that the command cannot do without. Throws `api/invalid-argument`. */
  required(name: string): string;
  isSet(name: string): boolean;
  /** A whole number within bounds, or the default. Throws `api/invalid-argument`. */
  integer(name: string, bounds: { min: number; max: number; fallback: number }): number;
  readonly words: readonly string[];
}

/** Parses the words after the command's name; anything unknown is refused by name with `api/invalid-argument`. */
export function parseArguments(args: readonly string[], flags: FlagTable, words: { min: number; max: number }): Arguments {
  const parsed = parse(args, flags);
  const values = parsed.values as Record<string, string | boolean | undefined>;
  const refuse = (message: string, context: Record<string, unknown> = {}): never => {
    throw new AppError('api/invalid-argument', message, { context, hint: 'See --help of the command.' });
  };
  if (parsed.positionals.length < words.min) refuse('An argument is missing');
  if (parsed.positionals.length > words.max) refuse(`Unexpected argument "${parsed.positionals[words.max] ?? ''}"`);
  const value = (name: string) => {
    const found = values[name];
    return typeof found === 'string' ? found : undefined;
  };
  return {
    value,
    required: (name) => value(name) ?? refuse(`--${name} is missing`, { flag: `--${name}` }),
    isSet: (name) => values[name] === true,
    integer: (name, { min, max, fallback }) => {
      const text = value(name);
      if (text === undefined) return fallback;
      const number = Number(text);
      if (!/^\d+$/.test(text) || number < min || number > max) {
        refuse(`--${name} must be a whole number from ${min} to ${max}`, { flag: `--${name}`, value: text });
      }
      return number;
    },
    words: parsed.positionals,
  };
}

function parse(args: readonly string[], flags: FlagTable) {
  try {
    return parseArgs({
      args: [...args],
      options: Object.fromEntries(
        Object.entries(flags).map(([name, kind]) => [name, { type: kind === 'value' ? ('string' as const) : ('boolean' as const) }]),
      ),
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new AppError('api/invalid-argument', asAppError(error).message, { hint: 'See --help of the command.', cause: error });
  }
}
