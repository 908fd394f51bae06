import { describe, expect, test } from 'vitest';
import type { Channel } from '../../../src/shared/domain/channel.ts';
import type { Replacement } from '../../../src/shared/domain/replacement.ts';
import { stepBounds } from '../../../src/main/metering/consumption.ts';
import { decimalText } from '../../../src/main/metering/energy.ts';
import { settlementSteps } from '../../../src/main/metering/settlement.ts';
import { halfHoursOf, siteZone } from '../../../src/main/metering/zone.ts';
import { MemorySource } from '../export/support.ts';
import { installation, interval, meter, plant, point } from './plant.ts';

const zone = siteZone('Europe/Moscow');
const day = '2026-11-22';
const starts = halfHoursOf(day, zone);
const at = (index: number) => starts[index] ?? 0;
const halfHours = stepBounds(day, day, 'half-hour', zone);

/** One point with one meter of 1000 imp/kWh, so that 2000 counts are 1 kWh, in every half-hour but those named. */
function sourceWithout(...missing: readonly number[]): MemorySource {
  const source = new MemorySource(plant({ points: [point(1)], meters: [meter(1)], installations: [installation(1, 1)] }));
  source.profile.set(
    1,
    starts.filter((_, index) => !missing.includes(index)).map((start) => interval(start, { 'A+': 2000 })),
  );
  return source;
}

function replacement(index: number, energyWh: number, over: Partial<Replacement> = {}): Replacement {
  return { pointId: 1, channel: 'A+', startUtc: at(index), lengthS: 1800, energyWh, method: 'control', ...over };
}

function stepsOf(source: MemorySource, bounds: readonly number[] = halfHours, channel: Channel = 'A+') {
  return (settlementSteps(1, source, bounds).get(channel) ?? []).map(({ startUtc, energy, status, method }) => ({
    startUtc,
    energy: energy === null ? null : decimalText(energy),
    status,
    method,
  }));
}

describe('which figure of a step is handed on', () => {
  test('a measured figure that is valid beats a replacement', () => {
    const source = sourceWithout();
    source.replaced.push(replacement(5, 7777));
    expect(stepsOf(source)[5]).toEqual({ startUtc: at(5), energy: '1', status: 'valid', method: null });
  });

  test('a replacement stands in for an interval that is absent and the neighbours stay as they are', () => {
    const source = sourceWithout(5);
    source.replaced.push(replacement(5, 1234));
    const steps = stepsOf(source);
    expect(steps).toHaveLength(48);
    expect(steps[5]).toEqual({ startUtc: at(5), energy: '1.234', status: 'replaced', method: 'control' });
    expect(steps[4]).toMatchObject({ energy: '1', status: 'valid' });
  });

  test('a replacement takes the place of a figure that is not valid and is not added to it', () => {
    const source = sourceWithout(5);
    source.profile.get(1)?.push(interval(at(5), { 'A+': 600 }, ['incomplete']));
    expect(stepsOf(source)[5]).toMatchObject({ energy: '0.3', status: 'incomplete' });
    source.replaced.push(replacement(5, 900));
    expect(stepsOf(source)[5]).toMatchObject({ energy: '0.9', status: 'replaced' });
  });

  test('nothing measured and nothing put in its place is no figure', () => {
    expect(stepsOf(sourceWithout(5))[5]).toEqual({ startUtc: at(5), energy: null, status: 'missing', method: null });
  });

  test('a replacement of zero is a figure', () => {
    const source = sourceWithout(5);
    source.replaced.push(replacement(5, 0));
    expect(stepsOf(source)[5]).toMatchObject({ energy: '0', status: 'replaced' });
  });

  test('a replacement of another channel does not touch this one and brings its own', () => {
    const source = sourceWithout(5);
    source.replaced.push(replacement(5, 40, { channel: 'R+' }));
    expect(stepsOf(source)[5]).toMatchObject({ energy: null, status: 'missing' });
    expect(stepsOf(source, halfHours, 'R+')).toEqual([{ startUtc: at(5), energy: '0.04', status: 'replaced', method: 'control' }]);
  });
});

describe('steps longer than the interval', () => {
  const hours = stepBounds(day, day, 'hour', zone);

  test('an hour of a measured and a replaced half is replaced as a whole', () => {
    const source = sourceWithout(5);
    source.replaced.push(replacement(5, 250, { method: 'legal' }));
    expect(stepsOf(source, hours)[2]).toEqual({ startUtc: at(4), energy: '1.25', status: 'replaced', method: 'legal' });
  });

  test('an hour that lacks a half is incomplete with the other half as its figure', () => {
    expect(stepsOf(sourceWithout(5), hours)[2]).toMatchObject({ energy: '1', status: 'incomplete' });
  });

  test('a day is the sum of its parts', () => {
    const [bound] = stepsOf(sourceWithout(), stepBounds(day, day, 'day', zone));
    expect(bound).toEqual({ startUtc: at(0), energy: '48', status: 'valid', method: null });
  });
});

describe('points whose meter does not cover the period', () => {
  test('a point without a meter has the steps that a person gave figures for and no others', () => {
    const source = new MemorySource(plant({ points: [point(1)] }));
    expect(stepsOf(source)).toEqual([]);
    source.replaced.push(replacement(0, 10, { method: 'manual' }), replacement(1, 20, { method: 'manual' }));
    expect(stepsOf(source)).toEqual([
      { startUtc: at(0), energy: '0.01', status: 'replaced', method: 'manual' },
      { startUtc: at(1), energy: '0.02', status: 'replaced', method: 'manual' },
    ]);
  });

  test('an interval that two meters share counts both parts, once replaced it counts the replacement once', () => {
    const exchange = at(5) + 600;
    const source = new MemorySource(
      plant({
        points: [point(1)],
        meters: [meter(1), meter(2)],
        installations: [installation(1, 1, { toUtc: exchange }), installation(1, 2, { fromUtc: exchange })],
      }),
    );
    source.profile.set(1, [interval(at(4), { 'A+': 2000 }), interval(at(5), { 'A+': 400 })]);
    source.profile.set(2, [interval(at(5), { 'A+': 1000 }), interval(at(6), { 'A+': 2000 })]);
    expect(stepsOf(source)[5]).toMatchObject({ energy: '0.7', status: 'incomplete' });
    source.replaced.push(replacement(5, 800));
    expect(stepsOf(source)[5]).toMatchObject({ energy: '0.8', status: 'replaced' });
    expect(stepsOf(source)[6]).toMatchObject({ energy: '1', status: 'valid' });
  });
});
