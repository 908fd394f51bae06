/** Work that takes seconds or minutes: how far each is, and the way to stop it. */
import { AppError } from '../../shared/api/errors.ts';
import type { WorkItem } from '../../shared/api/works.ts';
import type { WorkKind } from '../../shared/domain/work.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import type { Clock } from '../platform/clock.ts';
import { type Progress, progressOf } from '../platform/progress.ts';
import type { Handlers } from './dispatch.ts';

/** Points of a short period fly by: nobody reads more than this. */
const TOLD_EVERY_MS = 250;

export interface LongWorksDeps {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly newId: () => string;
  /** A work began, went on, was stopped or ended. */
  readonly onChanged: (item: WorkItem) => void;
}

/** What a work is about, for people. */
export interface WorkSubject {
  readonly kind: WorkKind;
  readonly name?: string | null;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

interface Work {
  item: WorkItem;
  readonly stop: AbortController;
  toldAtMs: number;
}

export class LongWorks {
  readonly #deps: LongWorksDeps;
  readonly #works = new Map<string, Work>();

  constructor(deps: LongWorksDeps) {
    this.#deps = deps;
  }

  list(): WorkItem[] {
    return [...this.#works.values()].map(({ item }) => ({ ...item }));
  }

  /** Does the work under this id. Rejects with `api/conflict` for an id that is in hand, and with what the work rejects with. */
  async run<T>(subject: WorkSubject, workId: string | undefined, run: (progress: Progress) => Promise<T>): Promise<T> {
    const { clock, newId } = this.#deps;
    const id = workId ?? newId();
    if (this.#works.has(id)) throw new AppError('api/conflict', `There is work with the id ${id} already`, { context: { workId: id } });
    const { kind, name = null, from = null, to = null } = subject;
    const startedAt = isoUtc(Math.floor(clock.now() / 1000));
    const work: Work = {
      item: { id, kind, name, from, to, startedAt, stage: 'points', done: 0, of: 0, state: 'running' },
      stop: new AbortController(),
      toldAtMs: clock.monotonic(),
    };
    this.#works.set(id, work);
    this.#tell(work, {});
    try {
      return await run(
        progressOf(
          work.stop.signal,
          (step) => this.#step(work, step),
          () => this.#tell(work, { state: 'committed', stage: 'files', done: 0, of: 0 }),
        ),
      );
    } finally {
      this.#works.delete(id);
      this.#tell(work, { state: 'ended' });
    }
  }

  /** Asks a work to stop; it does so at its next step. Throws `api/not-found` for one that has ended, `api/conflict` for one that is committed. */
  cancel(id: string): WorkItem {
    const work = this.#works.get(id);
    if (work === undefined) {
      throw new AppError('api/not-found', 'There is no such work any more', { context: { workId: id } });
    }
    if (work.item.state === 'committed') {
      throw new AppError('api/conflict', 'This work cannot be stopped any more: what it makes is being kept', {
        context: { workId: id },
        hint: 'It ends within seconds.',
      });
    }
    if (work.item.state === 'running') this.#tell(work, { state: 'stopping' });
    work.stop.abort();
    return { ...work.item };
  }

  /** The program ends: whatever may be stopped is. */
  stop(): void {
    for (const work of this.#works.values()) work.stop.abort();
  }

  #step(work: Work, step: Pick<WorkItem, 'stage' | 'done' | 'of'>): void {
    if (this.#deps.clock.monotonic() - work.toldAtMs < TOLD_EVERY_MS && work.item.of === step.of) work.item = { ...work.item, ...step };
    else this.#tell(work, step);
  }

  #tell(work: Work, change: Partial<WorkItem>): void {
    work.item = { ...work.item, ...change };
    work.toldAtMs = this.#deps.clock.monotonic();
    this.#deps.onChanged({ ...work.item });
  }
}

export function workHandlers({ works }: { readonly works: LongWorks }): Pick<Handlers, 'work.list' | 'work.cancel'> {
  return {
    'work.list': () => works.list(),
    'work.cancel': ({ workId }) => works.cancel(workId),
  };
}
