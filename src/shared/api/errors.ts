/** Error codes are stable: scripts, the screens' texts and the engine's decisions hang on them. Named by what happens next. */
export const ERROR_CODES = [
  'line/open-failed',
  'line/lost',
  'line/in-use',
  'transport/timeout',
  'transport/bad-checksum',
  'transport/short-frame',
  'transport/wrong-address',
  'transport/unexpected-length',
  'transport/echo',
  'session/closed',
  'session/denied',
  'meter/unsupported',
  'meter/refused',
  'meter/wrong-serial',
  'data/implausible',
  'store/in-use',
  'store/read-only',
  'store/newer-version',
  'store/corrupt',
  'store/disk-full',
  'import/faulty-file',
  'import/unreadable',
  'import/too-large',
  'import/forbidden',
  'import/wrong-layout',
  'export/folder-unavailable',
  'export/unsupported',
  'export/mail-unavailable',
  'export/mail-refused',
  'export/sign-failed',
  'export/held',
  'platform/old-node',
  'api/invalid-argument',
  'api/not-found',
  'api/conflict',
  'api/forbidden',
  'api/unauthorised',
  'api/cancelled',
  'bug',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorDetails {
  readonly context?: Readonly<Record<string, unknown>>;
  /** What the reader can do next, one sentence. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** What crosses a transport or stands in a command's output. */
export interface ErrorShape {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one error of the product. `context` carries plain JSON values (line, meter, command, offset ...), never a secret. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly context: Readonly<Record<string, unknown>>;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    this.context = details.context ?? {};
    this.hint = details.hint;
  }
}

/** Any thrown thing as an AppError: what is not ours is a bug and keeps its stack as the cause. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('bug', message, { cause: error });
}

export function errorShape(error: unknown): ErrorShape {
  const known = asAppError(error);
  return {
    code: known.code,
    message: known.message,
    ...(known.hint === undefined ? {} : { hint: known.hint }),
    ...(Object.keys(known.context).length === 0 ? {} : { details: known.context }),
  };
}

/** A fault of one exchange: worth a few retries at once, then the meter is left alone for a while. */
export function isTransient(error: unknown): boolean {
  return error instanceof AppError && error.code.startsWith('transport/');
}

/** The whole line is unusable: every meter on it stops until it opens again. */
export function isLineFault(error: unknown): boolean {
  return error instanceof AppError && error.code.startsWith('line/');
}

export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof AppError && error.code === code;
}
