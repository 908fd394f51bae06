import { describe, expect, test } from 'vitest';
import type { ReportListItem } from '../../../src/shared/api/reports.ts';
import { draftOf, lossesOfDraft } from '../../../src/renderer/features/reports/losses-draft.ts';
import { choiceOf, periodKinds, requestOf, typedDecimal } from '../../../src/renderer/features/reports/slice.ts';

const today = '2026-12-05';
const item = (over: Partial<ReportListItem>): ReportListItem => ({
  name: 'hourly-matrix',
  title: '',
  purpose: '',
  choices: ['points', 'channel', 'substation', 'formulas'],
  mostDays: 92,
  ...over,
});

describe('what the address says of a report', () => {
  test('nothing said is the last whole month, all points, active import', () => {
    const choice = choiceOf({}, today);
    expect(choice).toMatchObject({ name: 'hourly-matrix', tab: 'reports', period: 'month', points: [], substation: null });
    expect(requestOf(item({}), choice)).toEqual({ name: 'hourly-matrix', from: '2026-11-01', to: '2026-11-30', channel: 'A+' });
  });

  test('what a report does not take is not asked for', () => {
    const choice = choiceOf(
      { report: 'balance', points: '1,2', substation: '3', channel: 'R-', formulas: '4', period: 'day', date: '2026-11-22' },
      today,
    );
    expect(requestOf(item({ name: 'balance', choices: ['substation'] }), choice)).toEqual({
      name: 'balance',
      from: '2026-11-22',
      to: '2026-11-22',
      substationId: 3,
    });
    expect(requestOf(item({}), choice)).toMatchObject({ pointIds: [1, 2], channel: 'R-', formulaIds: [4] });
  });

  test('a year is offered only to reports that take one', () => {
    expect(periodKinds(item({ mostDays: 92 }))).toEqual(['day', 'month']);
    expect(periodKinds(item({ mostDays: 366 }))).toEqual(['day', 'month', 'year']);
    const choice = choiceOf({ period: 'year', date: '2026-11-22' }, today);
    expect(requestOf(item({ mostDays: 92 }), choice)).toMatchObject({ from: '2026-11-01', to: '2026-11-30' });
    expect(requestOf(item({ mostDays: 366 }), choice)).toMatchObject({ from: '2026-01-01', to: '2026-12-31' });
  });

  test('an address of nonsense is mended', () => {
    expect(choiceOf({ report: 'nothing', tab: 'x', substation: '-1', formulas: 'a,2' }, today)).toMatchObject({
      name: 'hourly-matrix',
      tab: 'reports',
      substation: null,
      formulas: [2],
    });
  });
});

test('decimals are taken with a comma, and nothing typed is nothing', () => {
  expect(typedDecimal(' 0,5 ')).toBe('0.5');
  expect(typedDecimal('  ')).toBeNull();
});

describe('losses as they are typed', () => {
  test('come back as they were', () => {
    const losses = {
      meterStands: 'before-boundary' as const,
      elements: [
        { kind: 'line' as const, resistanceOhm: '0.5', reactanceOhm: null, voltageV: '10000' },
        { kind: 'percent' as const, active: '1', reactive: '0' },
      ],
    };
    expect(lossesOfDraft(draftOf(1, '2026-11-01', losses))).toEqual(losses);
    expect(lossesOfDraft(draftOf(1, '2026-11-01', null))).toBeNull();
  });

  test('are none while a figure is missing', () => {
    const draft = { ...draftOf(1, '2026-11-01', null), kind: 'transformer' as const, figures: { noLoad: '1000', load: '8000' } };
    expect(lossesOfDraft(draft)).toBeUndefined();
    expect(lossesOfDraft({ ...draft, figures: { ...draft.figures, rated: '400000' } })).toEqual({
      meterStands: 'behind-boundary',
      elements: [
        { kind: 'transformer', noLoadW: '1000', loadW: '8000', ratedVA: '400000', noLoadCurrentPercent: null, shortCircuitPercent: null },
      ],
    });
    expect(lossesOfDraft({ ...draft, kind: 'percent', figures: { active: '1,5' } })).toMatchObject({
      elements: [{ kind: 'percent', active: '1.5', reactive: '0' }],
    });
  });
});
