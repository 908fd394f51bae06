import { describe, expect, test } from 'vitest';
import { commandOf } from '../../../src/main/protocol/mercury/commands.ts';
import { FUZZ_FAMILIES } from '../../fuzz/families.ts';
import { DAMAGES, fuzz } from '../../fuzz/fuzz.ts';
import { EVERY_REQUEST } from '../../fuzz/mercury-23x.ts';
import { bytesOf } from './mercury/vectors.ts';

/** The long form is `npm run proof:fuzz`. */
const FRAMES = 200_000;

describe.each(FUZZ_FAMILIES.map((family) => family(7)))('$id', (family) => {
  test('lets through no more damaged frames than its checksum does by chance, and throws nothing but its own errors', () => {
    const report = fuzz(family, FRAMES, 7);
    expect(report.faultTexts).toEqual([]);
    expect(report.beyond).toBe(0);
    expect(report.chance.accepted).toBeLessThanOrEqual(report.chance.bound);
    expect(report.isGood).toBe(true);
    for (const damage of DAMAGES) expect(report.byDamage[damage].frames, damage).toBeGreaterThan(FRAMES / DAMAGES.length / 2);
  });

  test('takes every genuine reply', () => {
    family.exchanges.forEach(({ response }, index) => expect(family.judge(index, response), String(index)).not.toBeNull());
  });
});

test('a receiver that believes everything is caught', () => {
  const [family] = FUZZ_FAMILIES.map((make) => make(7));
  if (family === undefined) throw new Error('There is no family');
  expect(fuzz({ ...family, judge: (_, received) => received }, 2000, 7).isGood).toBe(false);
  const throws = () => {
    throw new TypeError('a foreign error');
  };
  expect(fuzz({ ...family, judge: throws }, 100, 7)).toMatchObject({ isGood: false, faults: 100 });
});

test('every request of the 23x family is among those that are fuzzed', () => {
  const names = new Set(EVERY_REQUEST.map((body) => commandOf(bytesOf(body))?.name));
  expect(names).not.toContain(undefined);
  for (let code = 0; code <= 0xff; code += 1) {
    for (const body of [
      [0x03, code],
      [0x08, code],
      [0x04, code, 0],
    ]) {
      const command = commandOf(Uint8Array.from(body));
      if (command !== null) expect(names, command.name).toContain(command.name);
    }
  }
});
