import { describe, expect, it } from 'vitest';
import { FINDER_200 } from '../../../src/main/drivers/mercury-200/finder.ts';
import { FINDER_23X } from '../../../src/main/drivers/mercury-23x/finder.ts';
import { parseLineAddress } from '../../../src/main/line/line-address.ts';
import { planOf, scopeOf } from '../../../src/main/search/plan.ts';
import { hasCode } from '../../../src/shared/api/errors.ts';
import { searchRequest } from '../../support/search-rig.ts';

const SERIAL = parseLineAddress('serial:COM4:9600-8N1');
const TCP = parseLineAddress('tcp:10.0.0.5:4001');

const refusal = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return hasCode(error, 'api/invalid-argument');
  }
  return false;
};

describe('what a search asks', () => {
  it('is every legal address when nothing is given, and those of the plant first', () => {
    const scope = scopeOf(searchRequest(), FINDER_23X, SERIAL, [94, 18]);
    expect(scope.range.slice(0, 4)).toEqual([18, 94, 1, 2]);
    expect(new Set(scope.range).size).toBe(240);
  });

  it('is the addresses of the serials alone when serials are given', () => {
    const scope = scopeOf(searchRequest({ serials: ['41906467', '41906467'] }), FINDER_23X, SERIAL, []);
    expect(scope).toMatchObject({ wanted: [{ serial: '41906467', addresses: [67] }], range: [] });
    expect(scopeOf(searchRequest({ serials: ['41906005'] }), FINDER_23X, SERIAL, []).wanted).toEqual([
      { serial: '41906005', addresses: [5, 25] },
    ]);
  });

  it('is refused when it cannot be done', () => {
    expect(refusal(() => scopeOf(searchRequest({ settings: ['2400-8O1'] }), FINDER_23X, TCP, []))).toBe(true);
    expect(refusal(() => scopeOf(searchRequest({ addresses: { from: 200, to: 250 } }), FINDER_23X, SERIAL, []))).toBe(true);
    expect(refusal(() => scopeOf(searchRequest({ driver: 'mercury-200' }), FINDER_200, SERIAL, []))).toBe(true);
  });

  it('takes at most what waits and wire take, and says so before it begins', () => {
    const scope = scopeOf(searchRequest({ isThorough: true, addresses: { from: 1, to: 10 } }), FINDER_23X, SERIAL, []);
    const plan = planOf(scope, FINDER_23X);
    // Ten silent addresses: 5 bytes out, 60 ms, then 5 bytes and 150 ms; three checks of an answer are longer still.
    expect(plan.seconds).toBeGreaterThanOrEqual(2.2);
    expect(plan.seconds).toBeLessThan(4);
    expect(plan.exchanges).toBe(40);
    const slow = planOf(scopeOf(searchRequest({ settings: ['300-8N1', '9600-8N1'] }), FINDER_23X, SERIAL, []), FINDER_23X);
    expect(slow.settings[0]?.seconds).toBeGreaterThan((slow.settings[1]?.seconds ?? 0) * 8);
  });
});
