import { pino } from 'pino';
import type { LogFields, Logger } from './logger.ts';

/** Where log lines go: each call is one line of JSON with its line feed. */
export interface LogDestination {
  write(line: string): void;
}

/** How much is logged, and where to. */
export interface PinoLoggerOptions {
  /** The least level that is written. */
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Standard error when absent: standard output belongs to a command's results. */
  readonly destination?: LogDestination;
}

const HIDDEN = '(not shown)';
/** Names whose values never reach a log, as whole names or as the last word of one: `password`, `apiToken`, `private_key`, `secretHex`. */
const SECRET_NAME = /(^|[_-])(password|passphrase|secret|token|key|authorization|cookie)s?([_-]?(hex|bytes|text))?$/i;
const SECRET_LAST_WORD = /[a-z0-9](Password|Passphrase|Secret|Token|Key|Cookie)s?(Hex|Bytes|Text)?$/;
/** Deeper than any context of ours; ends cycles. */
const LONGEST_PATH = 8;

/** JSON lines with ISO time and the level's name. Fields are redacted by name at any depth, errors keep code, context, stack and cause. */
export function createPinoLogger(options: PinoLoggerOptions): Logger {
  const destination = options.destination ?? pino.destination({ dest: 2, sync: true });
  return wrap(
    pino(
      {
        level: options.level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        // What is passed on is plain JSON already: pino's own treatment of `err` would bypass the redaction.
        serializers: { err: (value: unknown) => value },
      },
      destination,
    ),
  );
}

function wrap(sink: pino.Logger): Logger {
  const write = (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (fields: LogFields | (() => LogFields), message: string) => {
    if (sink.isLevelEnabled(level)) sink[level](redacted(typeof fields === 'function' ? fields() : fields), message);
  };
  return {
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => wrap(sink.child(redacted(fields))),
  };
}

function redacted(fields: object, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, isSecret(name, value) ? HIDDEN : plain(value, depth + 1)]),
  );
}

/** Flags such as `isSecret: true` and absent values tell nothing and stay readable. */
function isSecret(name: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false;
  return SECRET_NAME.test(name) || SECRET_LAST_WORD.test(name);
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > LONGEST_PATH) return '(too deep)';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    return { name, message, ...redacted(value, depth), stack, ...(cause === undefined ? {} : { cause: plain(cause, depth + 1) }) };
  }
  return redacted(value, depth);
}
