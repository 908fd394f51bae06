import { expect, test } from 'vitest';
import type { BalanceOfSubstation } from '../../../src/shared/api/report-settings.ts';
import type { BoundaryLosses } from '../../../src/shared/domain/losses.ts';
import { MIDNIGHT, storeWithMeters } from './support.ts';

const balance: BalanceOfSubstation = {
  members: [{ pointId: 1, channel: 'A+', section: 'received', ct: '0.5', vt: null, line: null, meter: '0.5' }],
  transformers: [],
  allowed: null,
};
const losses: BoundaryLosses = { meterStands: 'behind-boundary', elements: [{ kind: 'percent', active: '1.5', reactive: '0' }] };

test('a balance is kept as a whole, changes are audited with what stood there, and the same again is no change', () => {
  const { store } = storeWithMeters(1);
  store.reportData.saveBalance(1, balance, 'engineer');
  store.reportData.saveBalance(1, balance, 'engineer');
  store.reportData.saveBalance(1, { ...balance, allowed: '2' }, 'engineer');
  expect(store.reportData.balances()).toEqual([{ substationId: 1, balance: { ...balance, allowed: '2' } }]);
  store.reportData.saveBalance(1, null, 'engineer');
  expect(store.reportData.balances()).toEqual([]);
  const entries = store.audit.ofAction('balance.save', 0, 10);
  expect(entries.total).toBe(3);
  expect(entries.rows.map(({ oldValue, newValue }) => [oldValue === null, newValue === null])).toEqual([
    [false, true],
    [false, false],
    [true, false],
  ]);
  expect(store.audit.verify()).toEqual({ ok: true, brokenAt: null });
});

test('losses of a point are its periods in order of time; none of them is none', () => {
  const { store } = storeWithMeters(2);
  store.reportData.saveLosses(
    2,
    [
      { fromUtc: MIDNIGHT, losses: null },
      { fromUtc: 0, losses },
    ],
    'engineer',
  );
  expect(store.reportData.losses()).toEqual([
    { pointId: 2, fromUtc: 0, losses },
    { pointId: 2, fromUtc: MIDNIGHT, losses: null },
  ]);
  store.reportData.saveLosses(2, [], 'engineer');
  expect(store.reportData.losses()).toEqual([]);
});

test('formulas keep their numbers', () => {
  const { store } = storeWithMeters(1);
  const terms = [{ coefficient: { numerator: -1, denominator: 2 }, of: { kind: 'point' as const, pointId: 1, channel: 'A+' as const } }];
  const formulas = [
    { id: 7, name: 'Щит', unit: 'Wh' as const, terms },
    { id: 3, name: 'Цех', unit: 'Wh' as const, terms },
  ];
  store.reportData.saveFormulas(formulas, 'engineer');
  expect(store.reportData.formulas().map(({ id, name }) => [id, name])).toEqual([
    [3, 'Цех'],
    [7, 'Щит'],
  ]);
});

test('a substation that is not there is refused', () => {
  const { store } = storeWithMeters(1);
  expect(() => store.reportData.saveBalance(9, balance, 'engineer')).toThrow();
  expect(store.audit.ofAction('balance.save', 0, 10).total).toBe(0);
});
