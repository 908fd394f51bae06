import { describe, expect, test } from 'vitest';
import { createServices } from '../../../src/renderer/client/services.ts';
import { createTrainingSlice, EMPTY_FAULT, type FaultKind, faultOf } from '../../../src/renderer/features/training/slice.ts';
import { faultKinds, parseFaults } from '../../../src/main/simulator/faults.ts';
import { faultFieldText, faultKindText } from '../../../src/shared/i18n/training-faults.ts';
import type { TrainingStatus } from '../../../src/shared/api/training.ts';
import { scriptedClock, scriptedTransport, settled } from './scripted.ts';

const AFTER = { name: 'after_s', type: 'number', isRequired: false } as const;
const PHASES: FaultKind = { kind: 'lost-phase', target: 'point', fields: [{ name: 'phases', type: 'phases', isRequired: true }, AFTER] };
const NOISE: FaultKind = {
  kind: 'noise',
  target: 'line',
  fields: [{ name: 'rate', type: 'number', isRequired: true }, { name: 'place', type: 'text', isRequired: false }, AFTER],
};

describe('a fault that a person fills in', () => {
  test('is what the plant takes', () => {
    const lost = faultOf({ ...EMPTY_FAULT, target: 'TP1-06', phases: [3, 1], values: { after_s: '5' } }, PHASES);
    expect(lost).toEqual({ kind: 'lost-phase', point: 'TP1-06', phases: [1, 3], after_s: 5 });
    const noise = faultOf({ ...EMPTY_FAULT, values: { rate: '0,1', place: 'before' } }, NOISE);
    expect(noise).toEqual({ kind: 'noise', rate: 0.1, place: 'before' });
    expect(() => parseFaults([lost, noise])).not.toThrow();
  });

  test('is none while its meter, a figure or a phase is missing or no number', () => {
    expect(faultOf({ ...EMPTY_FAULT, phases: [1] }, PHASES)).toBeNull();
    expect(faultOf({ ...EMPTY_FAULT, target: 'TP1-06' }, PHASES)).toBeNull();
    expect(faultOf(EMPTY_FAULT, NOISE)).toBeNull();
    expect(faultOf({ ...EMPTY_FAULT, values: { rate: 'много' } }, NOISE)).toBeNull();
    expect(faultOf({ ...EMPTY_FAULT, values: { rate: '1', after_s: 'x' } }, NOISE)).toBeNull();
    expect(faultOf(EMPTY_FAULT, null)).toBeNull();
  });
});

test('every fault of the plant and every field of it has words in both languages', () => {
  for (const { kind, fields } of faultKinds()) {
    expect([kind, faultKindText(kind, 'ru')]).toEqual([kind, expect.stringMatching(/[а-яё]{3}/i)]);
    expect(faultKindText(kind, 'en')).not.toBe(kind);
    for (const { name } of fields) expect([name, faultFieldText(name, 'ru')]).toEqual([name, expect.stringMatching(/[а-яё]{2}/i)]);
  }
});

test('the state of the plant is asked at the start and kept by its events', async () => {
  const transport = scriptedTransport();
  const store = createServices(transport, scriptedClock()).slice(createTrainingSlice);
  transport.asked.shift()?.answer({ ok: false, error: { code: 'api/not-found', message: 'inside' } });
  await settled();
  expect(store.getState().error?.code).toBe('api/not-found');
  // Only that it came matters here.
  transport.emit({ name: 'training.changed', payload: { isRunning: true } as TrainingStatus });
  expect(store.getState()).toMatchObject({ status: { isRunning: true }, error: null });
});
