import type { CommandIo } from './io.ts';
import type { Arguments, FlagTable } from './args.ts';

/** Exit 0: done. 3: finished, but something stays open. (1 is an error, printed by `main`.) */
export type ExitCode = 0 | 3;

export interface Command {
  readonly name: string;
  /** The line after the name in the help. */
  readonly usage: string;
  readonly summary: string;
  readonly flags: FlagTable;
  readonly words: { readonly min: number; readonly max: number };
  run(args: Arguments, io: CommandIo): Promise<ExitCode>;
}
