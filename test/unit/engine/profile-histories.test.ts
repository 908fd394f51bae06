/** Histories of chance: whatever happened to a meter, everything that its ring holds is stored once and right, and nothing else is. */
import { expect, test } from 'vitest';
import type { Gap } from '../../../src/shared/domain/gap.ts';
import type { MeterInterval } from '../../../src/shared/domain/interval.ts';
import { MeterLedger } from '../../../src/main/engine/ledger.ts';
import type { Range } from '../../../src/main/engine/ranges.ts';
import { ProfileReader } from '../../../src/main/engine/profile-reader.ts';
import { type ModelRecord, RingModel } from '../../support/ring-model.ts';
import { Chance as Draw } from '../../proof/chance.ts';

const HALF_HOUR = 1800;
const DAY = 86_400;
const START = 20_000 * DAY;

class Follower {
  readonly ring: RingModel;
  ledger = new MeterLedger();
  readonly intervals = new Map<number, MeterInterval>();
  readonly proven: Omit<Gap, 'meterId'>[] = [];
  reader: ProfileReader;

  constructor(ring: RingModel) {
    this.ring = ring;
    this.reader = this.#newReader();
  }

  /** Only what is stored outlives it. */
  restart(): void {
    this.ledger = new MeterLedger();
    this.reader = this.#newReader();
  }

  #newReader(): ProfileReader {
    return new ProfileReader({
      ledger: this.ledger,
      nowUtc: () => this.ring.now,
      save: ({ intervals = [], gaps = [] }) => {
        for (const interval of intervals) this.intervals.set(interval.startUtc, interval);
        this.proven.push(...gaps);
      },
    });
  }

  get #stored(): Range[] {
    return [...this.intervals.values()].map(({ startUtc, lengthS }) => ({ fromUtc: startUtc, toUtc: startUtc + lengthS }));
  }

  /** Looks at the head as at a boundary and reads until nothing is left. */
  async catchUp(): Promise<void> {
    const { ring, ledger, reader } = this;
    const head = ring.head();
    const periodS = ring.periodS;
    reader.useHead(head);
    const toUtc = Math.min(ring.now - (ring.now % periodS), (head.newestStartUtc ?? ring.now) + periodS);
    if (ledger.window === null) ledger.open({ fromUtc: START, toUtc }, [...this.#stored, ...this.proven]);
    else ledger.extendTo(toUtc);
    for (let step = 0; ; step += 1) {
      const next = ledger.next(ring.now, periodS, () => null);
      if (next === null) return;
      if (step > 2000) throw new Error(`no end, at ${(next.range.toUtc - START) / HALF_HOUR}`);
      await reader.read(ring.session(), next.range);
    }
  }
}

/** By the rules, without the code under test: parts of one start add up, of two whole records the later counts. */
function expectedCounts(records: readonly ModelRecord[]): Map<number, number> {
  const counts = new Map<number, { count: number; hasWhole: boolean }>();
  for (const { startUtc, count, isPart } of records) {
    const known = counts.get(startUtc);
    const isRepeated = known?.hasWhole === true && !isPart;
    counts.set(startUtc, { count: (isRepeated ? 0 : (known?.count ?? 0)) + count, hasWhole: !isPart || known?.hasWhole === true });
  }
  return new Map([...counts].map(([start, { count }]) => [start, count]));
}

function checkOverlaps({ intervals, proven }: Follower): void {
  const ranges = [
    ...[...intervals.values()].map(({ startUtc, lengthS }) => ({ fromUtc: startUtc, toUtc: startUtc + lengthS })),
    ...proven,
  ].toSorted((a, b) => a.fromUtc - b.fromUtc);
  for (const [index, range] of ranges.entries()) {
    const before = ranges[index - 1];
    if (before !== undefined) expect((range.fromUtc - before.toUtc) / HALF_HOUR).toBeGreaterThanOrEqual(0);
  }
}

type Step = readonly [what: 'run' | 'outage' | 'moveClock' | 'changePeriod', seconds: number] | readonly ['initialise'];
type Chance = (below: number) => number;

function happen(ring: RingModel, step: Step): void {
  if (step[0] === 'initialise') ring.initialise();
  else ring[step[0]](step[1]);
}

const times = (count: number, steps: () => Step[]): Step[] => Array.from({ length: count }, steps).flat();

const HISTORIES: Readonly<Record<string, (chance: Chance) => Step[]>> = {
  'a quiet week': () => [['run', 8 * DAY]],
  'outages of a minute to a day': (chance) => [
    ['run', 2 * DAY],
    ...times(4, () => [
      ['outage', 60 * (1 + chance(1440))],
      ['run', 60 * (1 + chance(1440))],
    ]),
  ],
  'a supply that flickers': (chance) => [
    ['run', DAY],
    ...times(3 + chance(20), () => [
      ['outage', 60 * (1 + chance(3))],
      ['run', 60 * (1 + chance(6))],
    ]),
    ['run', DAY],
  ],
  'a clock set forwards by hours': (chance) => [
    ['run', 3 * DAY + 60 * chance(30)],
    ['moveClock', HALF_HOUR * (1 + chance(12))],
    ['run', 2 * DAY],
  ],
  'a clock set forwards by a day in a ring that came round': () => [
    ['run', 8 * DAY],
    ['moveClock', DAY],
    ['run', DAY],
  ],
  'a clock set back by minutes': (chance) => [
    ['run', 3 * DAY + 60 * (10 + chance(20))],
    ['moveClock', -60 * (1 + chance(15))],
    ['run', DAY],
  ],
  'a clock set back by hours': (chance) => [
    ['run', 3 * DAY + 60 * chance(60)],
    ['moveClock', -3600 * (1 + chance(24))],
    ['run', 2 * DAY],
  ],
  'an initialised memory': (chance) => [['run', 3 * DAY + 60 * chance(60)], ['initialise'], ['run', DAY]],
  'an initialised memory and a clock set forwards': () => [
    ['run', 3 * DAY],
    ['initialise'],
    ['run', DAY],
    ['moveClock', DAY],
    ['run', DAY],
  ],
  'outages and clock sets in turn': (chance) => [
    ['run', 6 * DAY],
    ...times(1 + chance(4), () => [
      ['outage', 60 * (1 + chance(1440))],
      ['run', 60 * (1 + chance(600))],
      ['moveClock', 60 * (chance(900) - 300)],
      ['run', 60 * (1 + chance(2000))],
    ]),
  ],
};

/** The last two need what hardly any other does: times known from newer places, and the look behind a hole. */
const SEEDS = [...Array.from({ length: 50 }, (_, index) => index + 1), 270, 1295];

const sorted = (counts: Map<number, number | null>) => new Map([...counts].toSorted(([a], [b]) => a - b));
const storedCounts = ({ intervals }: Follower) => new Map([...intervals].map(([start, { counts }]) => [start, counts['A+']]));
const chanceOf = (seed: number): Chance => {
  const draw = new Draw(seed);
  return (below) => draw.whole(0, below - 1);
};

for (const [name, history] of Object.entries(HISTORIES)) {
  test(`what the ring holds after ${name} is stored once and right, all else is proven absent`, async () => {
    for (const seed of SEEDS) {
      const ring = new RingModel(START, 256, seed % 5 !== 0);
      for (const step of [...history(chanceOf(seed)), ['run', HALF_HOUR] as const]) happen(ring, step);
      const follower = new Follower(ring);
      await follower.catchUp();
      const held = new Set(ring.slots);
      const end = follower.ledger.window?.toUtc ?? 0;
      const records = ring.closed.filter((record) => held.has(record) && record.startUtc + record.lengthS <= end);
      expect(sorted(storedCounts(follower)), `seed ${seed}`).toEqual(sorted(expectedCounts(records)));
      checkOverlaps(follower);
      expect(follower.ledger.openRanges, `seed ${seed}`).toEqual([]);
      // A ring of 256 is read in 16 batches; what is disturbed costs single reads on top.
      if (ring.isBatching) expect(ring.reads, `seed ${seed}`).toBeLessThan(120);
    }
  });

  test(`a meter that is followed through ${name} has every interval stored as it was recorded last`, async () => {
    for (let seed = 1; seed <= 10; seed += 1) await follow(seed, history, null);
  });
}

for (const name of [
  'outages of a minute to a day',
  'a supply that flickers',
  'a clock set forwards by hours',
  'an initialised memory',
] as const) {
  test(`a meter that is followed through ${name} by a program that starts anew every few hours loses nothing`, async () => {
    for (let seed = 1; seed <= 10; seed += 1) await follow(seed, HISTORIES[name] as (chance: Chance) => Step[], 5 + seed);
  });
}

/** Reads at each boundary; a program that restarts has forgotten all but the store after so many of them. */
async function follow(seed: number, history: (chance: Chance) => Step[], restartAfter: number | null): Promise<void> {
  const ring = new RingModel(START);
  const follower = new Follower(ring);
  let boundaries = 0;
  let endUtc = START;
  for (const step of [...history(chanceOf(seed)), ['run', HALF_HOUR] as const]) {
    if (step[0] !== 'run') {
      happen(ring, step);
      continue;
    }
    for (let left = step[1]; left > 0; ) {
      const seconds = Math.min(left, HALF_HOUR - (ring.now % HALF_HOUR));
      ring.run(seconds);
      left -= seconds;
      if (ring.now % HALF_HOUR !== 0 || ring.head().newestStartUtc === null) continue;
      boundaries += 1;
      // A session that was lost in between changes nothing of what is known.
      if (boundaries % 3 === 0) follower.reader.forgetHead();
      if (restartAfter !== null && boundaries % restartAfter === 0) follower.restart();
      await follower.catchUp();
      endUtc = Math.max(endUtc, follower.ledger.window?.toUtc ?? 0);
    }
  }
  const records = ring.closed.filter(({ startUtc, lengthS }) => startUtc + lengthS <= endUtc);
  expect(sorted(storedCounts(follower)), `seed ${seed}`).toEqual(sorted(expectedCounts(records)));
  expect(follower.ledger.openRanges, `seed ${seed}`).toEqual([]);
}

test('a young meter is read to the end without reading its empty memory', async () => {
  const ring = new RingModel(START, 8192);
  ring.run(5 * DAY);
  const follower = new Follower(ring);
  follower.ledger.open({ fromUtc: START - 165 * DAY, toUtc: ring.now }, []);
  await follower.catchUp();
  expect(follower.intervals.size).toBe(5 * 48);
  expect(follower.proven.map(({ reason, toUtc }) => [reason, toUtc])).toEqual([['never-recorded', START]]);
  expect(ring.reads).toBeLessThan(25);
});

test('a meter that does not tell its lap has its empty memory read before it is believed', async () => {
  const ring = new RingModel(START, 1024);
  ring.run(5 * DAY);
  const follower = new Follower(ring);
  const { head } = ring;
  ring.head = () => ({ ...head.call(ring), hasOverflowed: null });
  follower.ledger.open({ fromUtc: START - 10 * DAY, toUtc: ring.now }, []);
  await follower.catchUp();
  expect(follower.intervals.size).toBe(5 * 48);
  expect(ring.reads).toBeGreaterThan(1024 / 17);
});

const PERIOD_CHANGES: Readonly<Record<string, (chance: Chance) => Step[]>> = {
  'half-hours to hours': (chance) => [
    ['run', 2 * DAY + 60 * chance(60)],
    ['changePeriod', 3600],
    ['run', 2 * DAY],
  ],
  'hours to half-hours': (chance) => [
    ['changePeriod', 3600],
    ['run', 2 * DAY + 60 * chance(60)],
    ['changePeriod', 1800],
    ['run', 2 * DAY],
  ],
  'half-hours to hours and back': (chance) => [
    ['run', DAY + 60 * chance(60)],
    ['changePeriod', 3600],
    ['run', 60 * (1 + chance(4000))],
    ['outage', 60 * chance(300)],
    ['run', 60 * (1 + chance(600))],
    ['changePeriod', 1800],
    ['run', DAY],
  ],
};

for (const [name, history] of Object.entries(PERIOD_CHANGES)) {
  test(`a period changed from ${name} loses no energy, counts none twice and leaves no interval over another`, async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const ring = new RingModel(START, 1024);
      for (const step of [...history(chanceOf(seed)), ['run', 3600] as const]) happen(ring, step);
      const follower = new Follower(ring);
      await follower.catchUp();
      const end = follower.ledger.window?.toUtc ?? 0;
      const total = ring.closed.filter(({ toUtc }) => toUtc <= end).reduce((sum, { count }) => sum + count, 0);
      const stored = [...follower.intervals.values()].reduce((sum, { counts }) => sum + (counts['A+'] ?? 0), 0);
      expect(stored, `seed ${seed}`).toBe(total);
      checkOverlaps(follower);
      expect(follower.ledger.openRanges, `seed ${seed}`).toEqual([]);
    }
  });
}
