import { describe, expect, test } from 'vitest';
import { Turns } from '../../../src/main/engine/turns.ts';
import type { Work, WorkClass } from '../../../src/main/engine/work.ts';

const work = (workClass: WorkClass, dueAt: number, order = dueAt): { work: Work } => ({
  work: { class: workClass, dueAt, order, label: workClass, run: () => Promise.resolve() },
});

/** Share of the time that goes to back-fill, with a screen and perhaps another class that never end; each turn takes 100 ms. */
function shareOfBackFill(rival: WorkClass): number {
  const turns = new Turns();
  let filled = 0;
  for (let now = 0; now < 1_000_000; now += 100) {
    const chosen = turns.choose([work(rival, now), work('back-fill', now < 500_000 ? 0 : now - 61_000)], now);
    if (chosen?.work.class === 'back-fill') filled += 1;
    turns.used(100);
  }
  return filled / 10_000;
}

describe('who has the line next', () => {
  test('is the most urgent class, and within it the smaller order', () => {
    const offers = [work('clock', 0), work('screen', 50, 2), work('screen', 60, 1), work('half-hour', 99)];
    expect(new Turns().choose(offers, 100)).toBe(offers[3]);
    expect(new Turns().choose(offers.slice(0, 3), 100)).toBe(offers[2]);
    expect(new Turns().choose([], 100)).toBeNull();
  });

  test('what waits longer than was promised gets a fifth of a line that values on screen would fill', () => {
    const share = shareOfBackFill('screen');
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.21);
  });

  test('persons and half-hours give way to nobody', () => {
    expect(shareOfBackFill('person')).toBe(0);
    expect(shareOfBackFill('half-hour')).toBe(0);
  });

  test('what is not late waits', () => {
    const turns = new Turns();
    for (let now = 0; now < 50_000; now += 100) {
      expect(turns.choose([work('screen', now), work('back-fill', 0)], now)?.work.class).toBe('screen');
      turns.used(100);
    }
  });
});
