import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type AppError, asAppError } from '../../../shared/api/errors.ts';
import type { TrainingStatus } from '../../../shared/api/training.ts';
import { type Services, useServices } from '../../client/services.ts';

export interface TrainingState {
  readonly status: TrainingStatus | null;
  readonly error: AppError | null;
  /** Takes what a command answered, without waiting for its event. */
  put(status: TrainingStatus): void;
}

/** State of the training plant: asked at every new connection, then kept by `training.changed`. */
export function createTrainingSlice({ client, transport }: Services): StoreApi<TrainingState> {
  const store = createStore<TrainingState>()((set) => ({ status: null, error: null, put: (status) => set({ status, error: null }) }));
  const ask = async () => {
    try {
      store.getState().put(await client.call('training.status', {}));
    } catch (error) {
      store.setState({ error: asAppError(error) });
    }
  };
  client.on('training.changed', (status) => store.getState().put(status));
  transport.onConnection((connection) => {
    if (connection === 'up') void ask();
  });
  if (transport.connection() === 'up') void ask();
  return store;
}

export function useTraining(): TrainingState {
  return useStore(useServices().slice(createTrainingSlice));
}

export type FaultKind = TrainingStatus['faultKinds'][number];
export type TrainingFault = TrainingStatus['faults'][number];

/** What a person fills in to put a fault in force. */
export interface FaultDraft {
  readonly kind: string;
  /** Name of a line or code of a point; empty = the whole plant. */
  readonly target: string;
  readonly values: Readonly<Record<string, string>>;
  readonly phases: readonly number[];
}

export const EMPTY_FAULT: FaultDraft = { kind: '', target: '', values: {}, phases: [] };

/** The fault as src/main/simulator/README.md describes it; null while something is missing or no number. */
export function faultOf(draft: FaultDraft, kind: FaultKind | null): Record<string, unknown> | null {
  if (kind === null) return null;
  if (kind.target === 'point' && draft.target === '') return null;
  const fault: Record<string, unknown> = { kind: kind.kind };
  if (draft.target !== '' && kind.target !== 'plant') fault[kind.target] = draft.target;
  for (const { name, type, isRequired } of kind.fields) {
    if (type === 'phases') {
      if (draft.phases.length > 0) fault[name] = [...draft.phases].sort((a, b) => a - b);
      else if (isRequired) return null;
      continue;
    }
    const text = (draft.values[name] ?? '').trim();
    if (text === '') {
      if (isRequired) return null;
      continue;
    }
    const value = type === 'number' ? numberOf(text) : text;
    if (value === null) return null;
    fault[name] = value;
  }
  return fault;
}

function numberOf(text: string): number | null {
  const trimmed = text.trim().replace(',', '.');
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : null;
}
