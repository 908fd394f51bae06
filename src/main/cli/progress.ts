/** How far a command is, for a person at a terminal, and its end at Ctrl+C. */
import type { WorkStage } from '../../shared/domain/work.ts';
import { type Progress, progressOf, type WorkStep } from '../platform/progress.ts';
import type { CommandIo } from './io.ts';

const STAGES: Readonly<Record<WorkStage, string>> = { points: 'points', parts: 'parts', pages: 'laying out pages', files: 'writing files' };

/** A step as the line on stderr has it. */
export function stepText({ stage, done, of }: Pick<WorkStep, 'stage' | 'done' | 'of'>): string {
  return of === 0 ? STAGES[stage] : `${STAGES[stage]}: ${done} of ${of}`;
}

/** Runs long work. Rejects with `api/cancelled` after Ctrl+C, with nothing half done; `onCommit` is called when it begins to keep what it made. */
export async function withProgress<T>(io: CommandIo, run: (progress: Progress) => Promise<T>, onCommit: () => void = () => {}): Promise<T> {
  try {
    return await run(progressOf(io.signal, (step) => io.progress(stepText(step)), onCommit));
  } finally {
    io.progress('');
  }
}
