import { expect, test } from 'vitest';
import { WiringWatch, wiringFindings } from '../../../../src/main/engine/diagnosis/wiring-watch.ts';
import type { InstantaneousValues } from '../../../../src/shared/domain/quantity.ts';

const volts = (count: number) => ({ count, scale: 0, unit: 'V' }) as const;
const amps = (count: number) => ({ count, scale: -1, unit: 'A' }) as const;
const watts = (count: number) => ({ count, scale: 0, unit: 'W' }) as const;
const vars = (count: number) => ({ count, scale: 0, unit: 'var' }) as const;

const SOUND: InstantaneousValues = {
  U1: volts(230),
  U2: volts(231),
  U3: volts(229),
  I1: amps(20),
  I2: amps(21),
  I3: amps(19),
  P1: watts(420),
  P2: watts(440),
  P3: watts(400),
  Q1: vars(180),
  Q2: vars(190),
  Q3: vars(170),
};
const REVERSED: InstantaneousValues = { ...SOUND, P2: watts(-440), Q2: vars(-190) };

test('a verdict stands after five samples in a row and falls after five without it', () => {
  const watch = new WiringWatch();
  const names = (values: InstantaneousValues) => watch.add(values, '3CT').map(({ code }) => code);
  for (let sample = 1; sample <= 4; sample += 1) expect(names(REVERSED)).toEqual([]);
  expect(names(SOUND)).toEqual([]);
  for (let sample = 1; sample <= 4; sample += 1) expect(names(REVERSED)).toEqual([]);
  expect(names(REVERSED)).toEqual(['phase-reversed']);
  for (let sample = 1; sample <= 4; sample += 1) expect(names(SOUND)).toEqual(['phase-reversed']);
  expect(names(REVERSED)).toEqual(['phase-reversed']);
  for (let sample = 1; sample <= 4; sample += 1) expect(names(SOUND)).toEqual(['phase-reversed']);
  expect(names(SOUND)).toEqual([]);
});

test('figures stand beside the name: of one phase its own, of several only which', () => {
  expect(wiringFindings(REVERSED, '3CT')).toEqual([{ code: 'phase-reversed', weight: 'fault', params: { phase: '2', power: -440 } }]);
  expect(wiringFindings({ ...SOUND, U1: volts(4) }, '3CT')).toEqual([
    { code: 'current-without-voltage', weight: 'fault', params: { phase: '1', voltage: 4, current: 2 } },
  ]);
  expect(wiringFindings({ ...SOUND, U1: volts(4), U2: volts(0) }, '3CT')[0]?.params).toEqual({
    phase: '1, 2',
    voltage: null,
    current: null,
  });
  expect(wiringFindings({ ...SOUND, U1: volts(4), I1: amps(0) }, '3CT')).toEqual([]);
});
