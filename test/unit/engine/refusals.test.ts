import { expect, test } from 'vitest';
import { Refusals } from '../../../src/main/engine/refusals.ts';

test('values on screen and off it are one request: what refuses the one pauses the other', () => {
  const refusals = new Refusals();
  refusals.add('screen', 1000);
  expect(refusals.pausedUntil('live')).toBe(2000);
  expect(refusals.pausedUntil('clock')).toBe(0);
  refusals.add('live', 2000);
  refusals.add('screen', 3000);
  expect(refusals.isFinal('live')).toBe(true);
  refusals.clear('live');
  expect(refusals.pausedUntil('screen')).toBe(0);
});
