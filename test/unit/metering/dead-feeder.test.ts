import { expect, test } from 'vitest';
import { judgeOff, type OffEvidence } from '../../../src/main/metering/dead-feeder.ts';

const proof: OffEvidence = { isOffByJournal: true, isStillByRegisters: true, isNeighbourAlive: false };

test('journal, registers and dead neighbours together prove the zero', () => {
  expect(judgeOff(proof)).toBe('off');
});

test.each<[string, Partial<OffEvidence>]>([
  ['a journal that does not say so', { isOffByJournal: false }],
  ['registers with energy that no interval has', { isStillByRegisters: false }],
  ['registers that cannot be compared', { isStillByRegisters: null }],
  ['neighbours of whom nothing is known', { isNeighbourAlive: null }],
])('%s proves nothing', (_, lack) => {
  expect(judgeOff({ ...proof, ...lack })).toBe('unproven');
});

test('a meter that was off alone is told of, whatever its registers say', () => {
  for (const isStillByRegisters of [true, false, null])
    expect(judgeOff({ ...proof, isStillByRegisters, isNeighbourAlive: true })).toBe('alone');
});
