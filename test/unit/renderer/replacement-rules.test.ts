import { expect, test } from 'vitest';
import { DEFAULT_REPLACEMENT } from '../../../src/shared/api/replacement-settings.ts';
import {
  allMethods,
  hoursOf,
  hoursText,
  moved,
  pointDraft,
  pointRules,
  toggled,
  withPoint,
} from '../../../src/renderer/features/replacement/rules-draft.ts';

test('what a person enters of a point becomes its rules, and comes back as it was', () => {
  const draft = {
    ...pointDraft('P-3', undefined),
    control: 'P-4',
    oppositeEnd: 'P-9',
    losses: '-1,5',
    inputs: ['P-1', 'P-2'],
    feeders: ['P-5'],
    maxPowerKw: '630',
    hoursPerDay: '16',
    registerDigits: '6',
  };
  const rules = pointRules(draft);
  expect(rules).toEqual({
    pointCode: 'P-3',
    control: 'P-4',
    oppositeEnd: { pointCode: 'P-9', isMirrored: true, lossesPpm: -15_000 },
    bus: [
      { pointCode: 'P-1', sign: 1 },
      { pointCode: 'P-2', sign: 1 },
      { pointCode: 'P-5', sign: -1 },
    ],
    profileOf: null,
    maxPowerKw: 630,
    hoursPerDay: 16,
    registerDigits: 6,
  });
  expect(pointDraft('P-3', rules ?? undefined)).toEqual(draft);
});

test('a field that makes no sense makes no rules', () => {
  const draft = { ...pointDraft('P-3', undefined), oppositeEnd: 'P-9' };
  for (const fault of [
    { losses: 'много' },
    { losses: '60' },
    { maxPowerKw: '0' },
    { maxPowerKw: '1,5' },
    { hoursPerDay: '25' },
    { registerDigits: '2' },
  ]) {
    expect([fault, pointRules({ ...draft, ...fault })]).toEqual([fault, null]);
  }
  expect(pointRules(draft)?.oppositeEnd?.lossesPpm).toBe(0);
});

test('rules of a point take the place of those before, those of others stay', () => {
  const rules = (pointCode: string, maxPowerKw: number) => {
    const made = pointRules({ ...pointDraft(pointCode, undefined), maxPowerKw: String(maxPowerKw) });
    if (made === null) throw new Error('rules were expected');
    return made;
  };
  const settings = { ...DEFAULT_REPLACEMENT, points: [rules('P-1', 10), rules('P-3', 30)] };
  expect(withPoint(settings, rules('P-3', 33)).points.map(({ pointCode, maxPowerKw }) => [pointCode, maxPowerKw])).toEqual([
    ['P-1', 10],
    ['P-3', 33],
  ]);
  expect(withPoint(settings, rules('P-2', 20)).points.map(({ pointCode }) => pointCode)).toEqual(['P-1', 'P-2', 'P-3']);
});

test('methods move, leave and come back at the end', () => {
  const used = ['control', 'legal', 'manual'] as const;
  expect(moved(used, 'legal', -1)).toEqual(['legal', 'control', 'manual']);
  expect(moved(used, 'legal', 1)).toEqual(['control', 'manual', 'legal']);
  expect(moved(used, 'control', -1)).toEqual(used);
  expect(toggled(used, 'control')).toEqual(['legal', 'manual']);
  expect(toggled(used, 'bus-balance')).toEqual([...used, 'bus-balance']);
  expect(allMethods(used)).toEqual(['control', 'legal', 'manual', 'opposite-end', 'bus-balance', 'readings-by-profile']);
});

test('hours of the planned peak are ranges within a day', () => {
  expect(hoursOf('8–13, 17-21')).toEqual([
    { from: 8, to: 13 },
    { from: 17, to: 21 },
  ]);
  expect(hoursText(hoursOf('8-13,17-24') ?? [])).toBe('8–13, 17–24');
  expect(hoursOf('')).toEqual([]);
  expect(['13-8', '8', '8-25', 'утро'].map(hoursOf)).toEqual([null, null, null, null]);
});
