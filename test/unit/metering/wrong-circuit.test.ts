import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findLostPhases, findWrongCircuit } from '../../../src/main/metering/verdict.ts';
import type { WiringScheme } from '../../../src/shared/domain/point.ts';
import type { InstantaneousKey, InstantaneousValues, Unit } from '../../../src/shared/domain/quantity.ts';

interface Sample {
  readonly u: readonly (number | null)[];
  readonly i: readonly (number | null)[];
  readonly p: readonly (number | null)[];
  readonly q: readonly (number | null)[];
}
interface Case {
  readonly id: string;
  readonly title: string;
  readonly scheme: WiringScheme;
  readonly samples: readonly Sample[];
  readonly expect: { readonly findings: readonly { readonly code: string; readonly phases: readonly number[] }[] };
}

const { cases } = JSON.parse(readFileSync(new URL('../../vectors/wiring/cases.json', import.meta.url), 'utf8')) as { cases: Case[] };

/** The element values of one sample, as a meter with four decimals would give them. */
function valuesOf(sample: Sample): InstantaneousValues {
  const rows = (letter: string, figures: readonly (number | null)[], unit: Unit) =>
    figures.map((figure, index) => [
      `${letter}${index + 1}` as InstantaneousKey,
      figure === null ? null : { count: Math.round(figure * 10_000), scale: -4, unit },
    ]);
  return Object.fromEntries([
    ...rows('U', sample.u, 'V'),
    ...rows('I', sample.i, 'A'),
    ...rows('P', sample.p, 'W'),
    ...rows('Q', sample.q, 'var'),
  ]) as InstantaneousValues;
}

/** What the truth of a case is called here; what needs more than one moment or another meter is not named from one sample. */
const NAMES: Readonly<Record<string, string>> = {
  ct_reversed: 'phase-reversed',
  ct_swapped: 'phases-crossed',
  voltage_swapped: 'phases-crossed',
};

function truthOf({ expect: { findings } }: Case): string[] {
  return findings.flatMap(({ code, phases }) => {
    const name = NAMES[code];
    // All currents reversed look like energy that flows back; a finding beside a lost phase waits until the voltage is back.
    if (name === undefined || phases.length === 3 || findings.some((each) => each.code === 'voltage_lost')) return [];
    return [`${name} ${phases.join(' ')}`];
  });
}

function told(sample: Sample, scheme: WiringScheme): string[] {
  const found = findWrongCircuit(valuesOf(sample), scheme);
  return found === null ? [] : [`${found.code} ${found.phases.join(' ')}`];
}

/** Too few samples, or all of one load: how many moments a name needs is the caller's question. */
const OF_SEVERAL_MOMENTS = ['same_load', 'not_enough_samples'];
const judged = cases.filter(({ expect: { findings } }) => !findings.some(({ code }) => OF_SEVERAL_MOMENTS.includes(code)));

describe('wrong circuits in the labelled cases', () => {
  for (const each of judged) {
    test(`${each.id} ${each.title}`, () => {
      const truth = truthOf(each);
      const answers = each.samples.map((sample) => told(sample, each.scheme));
      for (const answer of answers) expect([[], truth]).toContainEqual(answer);
      if (truth.length > 0) expect(answers).toContainEqual(truth);
    });
  }

  test('a lost voltage is named in every sample that shows it', () => {
    const lost = cases.filter(({ expect: { findings } }) =>
      findings.some(({ code, phases }) => code === 'voltage_lost' && phases.length < 3),
    );
    expect(lost.length).toBeGreaterThan(5);
    for (const {
      scheme,
      samples,
      expect: { findings },
    } of lost) {
      const phases = findings.find(({ code }) => code === 'voltage_lost')?.phases;
      for (const sample of samples) expect(findLostPhases(valuesOf(sample), scheme).map(({ phase }) => phase)).toEqual(phases);
    }
  });
});

/** Three elements from current, load angle and what turns each element's current, degrees. */
function elements(turns: readonly number[], { amps = [2, 2, 2], angle = 25, volts = 230 } = {}): Sample {
  const angles = turns.map((turn) => ((angle + turn) * Math.PI) / 180);
  return {
    u: [volts, volts, volts],
    i: amps,
    p: angles.map((phi, index) => volts * (amps[index] ?? 0) * Math.cos(phi)),
    q: angles.map((phi, index) => volts * (amps[index] ?? 0) * Math.sin(phi)),
  };
}

describe('what is no wrong circuit', () => {
  test('energy that flows back in every phase, whether braking or generated', () => {
    expect(told(elements([180, 180, 180]), '3CT')).toEqual([]);
    expect(told(elements([180, 180, 180], { angle: -20 }), '3CT')).toEqual([]);
  });

  test('capacitors alone, an idle motor, a feeder in reserve', () => {
    expect(told(elements([0, 0, 0], { angle: -88 }), '3CT')).toEqual([]);
    expect(told(elements([0, 0, 0], { angle: 80 }), '3CT')).toEqual([]);
    expect(told(elements([180, 0, 0], { amps: [0.02, 0.03, 0.02] }), '3CT')).toEqual([]);
  });

  test('a small generator on one phase of a loaded feeder', () => {
    expect(told(elements([155, 0, 0], { amps: [0.3, 3, 3] }), '3CT')).toEqual([]);
  });

  test('phases with very unlike loads', () => {
    expect(told(elements([-25, 35, -70], { amps: [0.4, 5, 2] }), '3CT')).toEqual([]);
  });

  test('a single-phase meter', () => {
    expect(
      findWrongCircuit(
        { U1: { count: 230, scale: 0, unit: 'V' }, I1: { count: 5, scale: 0, unit: 'A' }, P1: { count: -9, scale: 2, unit: 'W' } },
        null,
      ),
    ).toBeNull();
  });
});

test('a meter without reactive power still shows a reversed current by its sign', () => {
  const { u, i, p } = elements([180, 0, 0]);
  expect(told({ u, i, p, q: [null, null, null] }, '3CT')).toEqual(['phase-reversed 1']);
});

test('the load decides at which current a verdict is spoken', () => {
  expect(told(elements([180, 0, 0], { amps: [0.26, 0.3, 0.3] }), '3CT')).toEqual(['phase-reversed 1']);
  expect(told(elements([180, 0, 0], { amps: [0.24, 0.3, 0.3] }), '3CT')).toEqual([]);
});
