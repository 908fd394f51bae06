/** Where the training plant is run from; `src/main/training.ts` is behind it. */
import type { TrainingStatus } from '../../shared/api/training.ts';

export interface TrainingDesk {
  status(): TrainingStatus;
  start(seed: number, isFresh: boolean): Promise<TrainingStatus>;
  stop(): Promise<TrainingStatus>;
  setFault(fault: Readonly<Record<string, unknown>>): TrainingStatus;
  clearFault(kind: string, target: string): TrainingStatus;
}
