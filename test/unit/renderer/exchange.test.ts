import { describe, expect, test } from 'vitest';
import { cellMark, handedOverCount, nextCell, periodText, streamMark } from '../../../src/renderer/features/packages/calendar.ts';
import { makerWords } from '../../../src/renderer/features/packages/job-words.ts';
import {
  columnChoices,
  moveColumn,
  newReceiver,
  receiverFaults,
  withColumns,
  withReceiver,
} from '../../../src/renderer/features/packages/receiver-draft.ts';
import { checkDraft, draftOf, newDraft } from '../../../src/renderer/features/packages/schedule-draft.ts';
import { packageErrorCode } from '../../../src/renderer/features/packages/state.ts';
import type { CalendarCellRow } from '../../../src/shared/api/package-calendar.ts';
import { ONEC_COLUMNS, receiversOf } from '../../../src/shared/api/receivers.ts';
import { DEFAULT_SETTINGS, settings as settingsSchema } from '../../../src/shared/api/settings.ts';
import { DEFAULT_SCHEDULES, reportSchedule, schedule as scheduleSchema } from '../../../src/shared/api/schedules.ts';

const cell = (changes: Partial<CalendarCellRow> = {}): CalendarCellRow => ({
  from: '2026-11-20',
  to: '2026-11-20',
  state: 'delivered',
  isLate: false,
  isCorrected: false,
  isIncomplete: false,
  latest: '2026-11-21T06:00:00Z',
  things: [],
  ...changes,
});

describe('the calendar', () => {
  test('a package that is late or lacks figures is not green', () => {
    expect(cellMark(cell())).toBe('ok');
    expect(cellMark(cell({ isLate: true }))).toBe('attention');
    expect(cellMark(cell({ state: 'accepted', isIncomplete: true }))).toBe('attention');
    expect(cellMark(cell({ state: 'rejected', isLate: true }))).toBe('fault');
    expect(cellMark(cell({ isCorrected: true }))).toBe('ok');
  });

  test('the overview names the loudest of a month', () => {
    const words = ((key: string) => key) as unknown as Parameters<typeof streamMark>[1];
    const markOf = (...cells: CalendarCellRow[]) =>
      streamMark({ what: 'onec', receiver: '1c', receiverName: '1С', kind: 'IV', period: 'day', jobs: [], cells }, words);
    expect(markOf(cell(), cell({ state: 'missing' }), cell({ isIncomplete: true }))).toEqual({
      state: 'fault',
      label: 'overview.notHanded',
    });
    expect(markOf(cell(), cell({ isIncomplete: true }))).toEqual({ state: 'attention', label: 'overview.handedPartly' });
    expect(markOf(cell(), cell({ state: 'not-due' }))).toEqual({ state: 'ok', label: 'overview.handedAll' });
    expect(markOf(cell({ state: 'not-due' }))).toEqual({ state: 'unchecked', label: 'handover.state.later' });
  });

  test('counts what was handed over of what is due', () => {
    const cells = [cell(), cell({ state: 'missing' }), cell({ state: 'waiting' }), cell({ state: 'not-due' }), cell({ state: 'failed' })];
    expect(handedOverCount({ what: 'onec', receiver: '1c', receiverName: '1С', kind: 'IV', period: 'day', jobs: [], cells })).toEqual({
      due: 3,
      done: 1,
    });
  });

  test('the arrows walk over rows of different lengths and stop at the edges', () => {
    const lengths = [30, 1, 30];
    expect(nextCell('ArrowDown', { stream: 0, cell: 12 }, lengths)).toEqual({ stream: 1, cell: 0 });
    expect(nextCell('ArrowRight', { stream: 1, cell: 0 }, lengths)).toBeNull();
    expect(nextCell('End', { stream: 0, cell: 3 }, lengths)).toEqual({ stream: 0, cell: 29 });
    expect(nextCell('ArrowUp', { stream: 0, cell: 3 }, lengths)).toBeNull();
    expect(nextCell('Tab', { stream: 0, cell: 3 }, lengths)).toBeNull();
  });

  test('a period is a day, a month by its name, or two dates', () => {
    expect(periodText({ from: '2026-11-20', to: '2026-11-20' }, 'ru')).toBe('20.11.2026');
    expect(periodText({ from: '2028-02-01', to: '2028-02-29' }, 'ru')).toBe('февраль 2028');
    expect(periodText({ from: '2026-11-01', to: '2026-11-29' }, 'ru')).toBe('01.11.2026–29.11.2026');
  });
});

describe('the form of a job', () => {
  test('every job comes back from the form as it was', () => {
    const report = reportSchedule.parse({
      id: 'hours',
      what: 'report',
      report: 'hourly-matrix',
      format: 'pdf',
      folder: 'out',
      at: '07:00',
      period: 'previous-month',
      dayOfMonth: 3,
      whenComplete: true,
      threshold: 95,
      latest: '12:00',
      isEnabled: false,
    });
    for (const one of [...DEFAULT_SCHEDULES, report]) expect(checkDraft(draftOf(one))).toEqual({ schedule: one, faults: {} });
  });

  test('says which field is wrong and why', () => {
    const draft = { ...newDraft([]), period: 'previous-month', dayOfMonth: '31', at: '6:00', threshold: '0', latest: '25:00' } as const;
    expect(checkDraft(draft)).toEqual({
      schedule: null,
      faults: { at: 'time', dayOfMonth: 'dayOfMonth', threshold: 'threshold', latest: 'time' },
    });
    expect(checkDraft({ ...newDraft([]), latest: '05:00' }).faults).toEqual({ latest: 'latest' });
    expect(checkDraft({ ...newDraft([]), what: 'report', folder: ' ' }).faults).toEqual({ folder: 'folder' });
  });

  test('does not look at what the job does not have', () => {
    const draft = { ...newDraft([]), whenComplete: false, threshold: 'x', latest: 'x', dayOfMonth: 'x' };
    expect(checkDraft(draft).schedule).toMatchObject({ latest: '06:00', threshold: 100, dayOfMonth: 1 });
  });

  test('a new job takes an id that is free', () => {
    const taken = scheduleSchema.parse({ ...DEFAULT_SCHEDULES[0], id: 'job-2' });
    expect(newDraft([taken]).id).toBe('job-3');
  });
});

describe('the form of a receiver', () => {
  const [first] = receiversOf(DEFAULT_SETTINGS);
  if (first === undefined) throw new Error('no receiver');
  const second = { ...newReceiver(DEFAULT_SETTINGS, 'Холдинг'), folder: String.raw`\\holding\energy` };

  test('a new one takes an id that is free, and is saved beside the first', () => {
    const next = withReceiver(DEFAULT_SETTINGS, second);
    expect(receiversOf(next).map(({ id }) => id)).toEqual(['1c', 'receiver-2']);
    expect(newReceiver(next, '').id).toBe('receiver-3');
    expect(settingsSchema.safeParse(next).success).toBe(true);
    expect(withReceiver(next, { ...first, name: '1С:ERP' }).onec.name).toBe('1С:ERP');
  });

  test('says what is wrong: no name, no format, a comma twice, the folder of another one', () => {
    expect(receiverFaults(DEFAULT_SETTINGS, second)).toEqual([]);
    expect(receiverFaults(DEFAULT_SETTINGS, { ...second, name: ' ', formats: [], csv: { separator: ',', decimal: ',' } })).toEqual([
      'name',
      'formats',
      'csv',
    ]);
    const taken = { ...DEFAULT_SETTINGS, onec: { ...DEFAULT_SETTINGS.onec, folder: String.raw`\\holding\energy\\` } };
    expect(receiverFaults(taken, second)).toEqual(['folder']);
  });

  test('columns are left out, put in another order, and all of them in the usual one are no choice', () => {
    const choices = columnChoices(first, 'IV').map((one) => (one.name === 'losses' ? { ...one, isTaken: false } : one));
    const fewer = withColumns(first, 'IV', moveColumn(choices, 'channel', -1));
    expect(fewer.columns.IV?.slice(0, 3)).toEqual(['point_code', 'channel', 'point_name']);
    expect(fewer.columns.IV).not.toContain('losses');
    expect(columnChoices(fewer, 'IV').at(-1)).toEqual({ name: 'losses', isTaken: false });
    const usual = withColumns(
      fewer,
      'IV',
      ONEC_COLUMNS.IV.map((name) => ({ name, isTaken: true })),
    );
    expect(usual.columns).toEqual({});
    expect(
      receiverFaults(
        DEFAULT_SETTINGS,
        withColumns(
          first,
          'IV',
          choices.map((one) => ({ ...one, isTaken: false })),
        ),
      ),
    ).toEqual(['columns']);
  });
});

test('a schedule of before, which does not say what it hands over, is one of packages for 1C', () => {
  const before = { id: 'daily-iv', kind: 'IV', at: '06:00', period: 'previous-day', whenComplete: true, latest: '09:00', isEnabled: true };
  expect(scheduleSchema.parse(before)).toEqual({
    ...before,
    what: 'onec',
    receiver: '1c',
    corrections: false,
    dayOfMonth: 1,
    threshold: 100,
  });
});

test('the code of an error is found in the words that the package keeps', () => {
  expect(packageErrorCode('export/folder-unavailable: no such share')).toBe('export/folder-unavailable');
  expect(packageErrorCode('something: else')).toBeNull();
  expect(packageErrorCode(null)).toBeNull();
});

test('a package made by a job tells the job by its name, never by its id', () => {
  const words = ((key: string, values?: object) => `${key}${values === undefined ? '' : JSON.stringify(values)}`) as unknown as Parameters<
    typeof makerWords
  >[2];
  const settings = { ...DEFAULT_SETTINGS, schedules: [...DEFAULT_SCHEDULES] };
  const [first] = settings.schedules;
  expect(makerWords(null, settings, words)).toBe('packages.byHand');
  expect(makerWords(first?.id ?? '', settings, words)).toContain('jobs.daily');
  expect(makerWords(first?.id ?? '', settings, words)).not.toContain(first?.id ?? '?');
  expect(makerWords('gone', settings, words)).toBe('packages.bySchedule');
});
