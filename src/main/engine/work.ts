/** Pieces of work on a line and their order (DESIGN.md 4); how soon each class is promised stands in `shared/domain/line-promise.ts`. */
import { WORK_CLASSES, type WorkClass } from '../../shared/domain/line-promise.ts';

export type { WorkClass } from '../../shared/domain/line-promise.ts';

/** This class is as urgent as `least`, or more. */
export function isAsUrgentAs(workClass: WorkClass, least: WorkClass): boolean {
  return WORK_CLASSES.indexOf(workClass) <= WORK_CLASSES.indexOf(least);
}

/** One small piece of work on one meter: a few exchanges at most, so that something more urgent may go between. */
export interface Work {
  readonly class: WorkClass;
  /** Monotonic moment since which it could be done: what it waits is measured from here. */
  readonly dueAt: number;
  /** Within a class the smaller figure goes first: `dueAt` for most, minus the day for back-fill. */
  readonly order: number;
  readonly label: string;
  run(): Promise<void>;
}

export function isMoreUrgent(a: Work, b: Work): boolean {
  const byClass = WORK_CLASSES.indexOf(a.class) - WORK_CLASSES.indexOf(b.class);
  return byClass !== 0 ? byClass < 0 : a.order < b.order;
}

/** How often what is read, and how far back. */
export interface PollPlan {
  /** `once`: everything one time, then the profile until complete; `continuous`: for ever. */
  readonly mode: 'once' | 'continuous';
  /** Seconds between instantaneous reads of a point, and of a point that is on screen. */
  readonly livePeriodS: number;
  readonly watchedPeriodS: number;
  readonly registersPeriodS: number;
  readonly clockPeriodS: number;
  /** Seconds between rounds through the meters' own journals; null = they are not read. */
  readonly journalsPeriodS: number | null;
  /** Days of profile to hold complete; null = all that the meter's ring holds. */
  readonly depthDays: number | null;
}

export const CONTINUOUS_PLAN: PollPlan = {
  mode: 'continuous',
  livePeriodS: 15,
  watchedPeriodS: 4,
  registersPeriodS: 1800,
  clockPeriodS: 3600,
  journalsPeriodS: 86_400,
  depthDays: null,
};
