import { FIRST_RECEIVER, type OnecKind } from '../../../shared/api/receivers.ts';
import type { ReportName } from '../../../shared/api/reports.ts';
import { type Schedule, schedule as scheduleSchema, type ScheduleWhat } from '../../../shared/api/schedules.ts';

/** Every field of every kind of job, as it stands in the form: figures as typed. */
export interface ScheduleDraft {
  readonly id: string;
  readonly what: ScheduleWhat;
  readonly receiver: string;
  readonly kind: OnecKind;
  readonly corrections: boolean;
  readonly report: ReportName;
  readonly format: 'xlsx' | 'pdf';
  readonly folder: string;
  readonly period: Schedule['period'];
  readonly dayOfMonth: string;
  readonly at: string;
  readonly whenComplete: boolean;
  readonly threshold: string;
  readonly latest: string;
  readonly isEnabled: boolean;
}

export type DraftFault = 'time' | 'dayOfMonth' | 'threshold' | 'folder' | 'latest';

/** A draft that is a schedule, or what its fields must hold. */
export type CheckedDraft =
  | { readonly schedule: Schedule; readonly faults: Partial<Record<keyof ScheduleDraft, DraftFault>> }
  | { readonly schedule: null; readonly faults: Partial<Record<keyof ScheduleDraft, DraftFault>> };

const NEW: Omit<ScheduleDraft, 'id'> = {
  what: 'onec',
  receiver: FIRST_RECEIVER,
  kind: 'IV',
  corrections: false,
  report: 'hourly-matrix',
  format: 'xlsx',
  folder: '',
  period: 'previous-day',
  dayOfMonth: '1',
  at: '06:00',
  whenComplete: true,
  threshold: '100',
  latest: '09:00',
  isEnabled: true,
};

/** A job that is not there yet; its id is free among those that are. */
export function newDraft(schedules: readonly Schedule[]): ScheduleDraft {
  let number = schedules.length + 1;
  while (schedules.some(({ id }) => id === `job-${number}`)) number += 1;
  return { ...NEW, id: `job-${number}` };
}

export function draftOf(schedule: Schedule): ScheduleDraft {
  return { ...NEW, ...schedule, dayOfMonth: String(schedule.dayOfMonth), threshold: String(schedule.threshold) };
}

const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What stands in the form as a schedule. Fields that this kind of job does not have are not looked at. */
export function checkDraft(draft: ScheduleDraft): CheckedDraft {
  const faults: Partial<Record<keyof ScheduleDraft, DraftFault>> = {};
  if (!CLOCK_TIME.test(draft.at)) faults.at = 'time';
  if (draft.period === 'previous-month' && !isWithin(draft.dayOfMonth, 1, 28)) faults.dayOfMonth = 'dayOfMonth';
  if (draft.whenComplete) {
    if (!isWithin(draft.threshold, 1, 100)) faults.threshold = 'threshold';
    if (!CLOCK_TIME.test(draft.latest)) faults.latest = 'time';
    else if (faults.at === undefined && draft.latest < draft.at) faults.latest = 'latest';
  }
  if (draft.what === 'report' && draft.folder.trim() === '') faults.folder = 'folder';
  const parsed = scheduleSchema.safeParse(fieldsOf(draft));
  if (Object.keys(faults).length > 0 || !parsed.success) return { schedule: null, faults };
  return { schedule: parsed.data, faults };
}

function fieldsOf(draft: ScheduleDraft): unknown {
  const { id, at, period, whenComplete, isEnabled } = draft;
  const common = {
    id,
    at,
    period,
    dayOfMonth: isWithin(draft.dayOfMonth, 1, 28) ? Number(draft.dayOfMonth) : 1,
    whenComplete,
    threshold: isWithin(draft.threshold, 1, 100) ? Number(draft.threshold) : 100,
    // A job that waits for nothing keeps an hour that makes sense when it is told to wait again.
    latest: CLOCK_TIME.test(draft.latest) ? draft.latest : at,
    isEnabled,
  };
  switch (draft.what) {
    case 'onec':
      return { ...common, what: 'onec', receiver: draft.receiver, kind: draft.kind, corrections: draft.corrections };
    case 'xml80020':
      return { ...common, what: 'xml80020' };
    case 'report':
      return { ...common, what: 'report', report: draft.report, format: draft.format, folder: draft.folder.trim() };
  }
}

function isWithin(text: string, from: number, to: number): boolean {
  return /^\d{1,3}$/.test(text.trim()) && Number(text) >= from && Number(text) <= to;
}
