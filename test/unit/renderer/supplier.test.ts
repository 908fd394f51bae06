import { describe, expect, test } from 'vitest';
import type { ComparedChannel, SupplierDay, SupplierPreview } from '../../../src/shared/api/supplier.ts';
import { errorText, groupedReasons, isHandedOver, isLate, ruleText, verdictOf } from '../../../src/renderer/features/supplier/slice.ts';

const reason = (over: Partial<SupplierPreview['reasons'][number]> = {}): SupplierPreview['reasons'][number] => ({
  code: 'missing',
  pointCode: '1',
  pointName: 'Ввод 1',
  channel: 'A+',
  from: '2026-11-20T21:00:00Z',
  to: '2026-11-20T22:00:00Z',
  rule: null,
  text: null,
  ...over,
});
const compared = (over: Partial<ComparedChannel> = {}): ComparedChannel => ({
  pointCode: '1',
  pointId: 1,
  pointName: 'Ввод 1',
  isSource: false,
  channel: 'A+',
  senderInn: '7701234567',
  intervals: 48,
  onlyOurs: 0,
  onlyTheirs: 0,
  differing: 0,
  ours: '1',
  theirs: '1',
  difference: '0',
  places: [],
  ...over,
});
const day = (state: SupplierDay['state'], hasFile = true): Pick<SupplierDay, 'state' | 'file' | 'deadline'> => ({
  state,
  file: hasFile ? ({ id: 1 } as SupplierDay['file']) : null,
  deadline: '2026-11-22T09:00:00Z',
});

test('reasons that are the same but for the channel stand in one row', () => {
  const rows = groupedReasons([
    reason(),
    reason({ channel: 'R+' }),
    reason({ to: '2026-11-20T23:00:00Z' }),
    reason({ channel: null, code: 'hourly' }),
  ]);
  expect(rows.map(({ code, channels }) => [code, channels])).toEqual([
    ['missing', ['A+', 'R+']],
    ['missing', ['A+']],
    ['hourly', []],
  ]);
});

test.each([
  [{}, 'matches'],
  [{ differing: 1 }, 'differs'],
  [{ onlyOurs: 1 }, 'partly'],
  [{ onlyTheirs: 1 }, 'partly'],
  [{ differing: 1, isSource: true }, 'source'],
  [{ pointId: null, onlyTheirs: 48 }, 'stranger'],
] as const)('a comparison with %o is told as %s', (over, verdict) => {
  expect(verdictOf(compared(over))).toBe(verdict);
});

describe('a day', () => {
  const after = Date.parse('2026-11-22T09:00:00Z');

  test.each(['sent', 'accepted', 'accepted-with-remarks', 'no-reply'] as const)('in state %s is with the recipient', (state) => {
    expect([isHandedOver(day(state) as SupplierDay), isLate(day(state) as SupplierDay, after)]).toEqual([true, false]);
  });

  test.each(['made', 'failed', 'sending', 'rejected', 'held'] as const)('in state %s is not, and late from its deadline on', (state) => {
    const one = day(state) as SupplierDay;
    expect([isHandedOver(one), isLate(one, after - 1), isLate(one, after)]).toEqual([false, false, true]);
  });

  test.each(['future', 'unbegun'] as const)('in state %s is not late', (state) => {
    expect(isLate(day(state, false) as SupplierDay, after)).toBe(false);
  });
});

test('a note of the server is told by its code, a rule by its words, and what is not known by nothing raw', () => {
  expect(errorText('export/mail-refused: 535 5.7.8 Authentication failed', 'ru')).toBe('Почтовый сервер отказал');
  expect(errorText('of-a-newer-server: x', 'ru')).toBe('');
  expect(ruleText('schema', 'ru')).toMatch(/[а-яё]{3}/i);
});
