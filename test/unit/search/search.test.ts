import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/main/simulator/faults.ts';
import { createPlant } from '../../../src/main/simulator/plant.ts';
import { randomBus } from '../../../src/main/simulator/random-bus.ts';
import type { LogEntry, SearchRequest, SearchState } from '../../../src/shared/api/search.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeSearch, type MakePort } from '../../support/search-rig.ts';

const LINE = 'ТП-1';

/** The first line of the training plant on a serial port, in simulated time; `alive` meters of it. */
function trainingLine(faults: readonly Fault[] = [], alive = Infinity) {
  const clock = new FakeClock('2026-11-22T09:10:00Z');
  const plant = createPlant({ clock, historyDays: 0 });
  const meters = plant.truth.meters.filter(({ line }) => line === LINE);
  for (const { serial } of meters.slice(alive)) plant.setFault({ kind: 'dead-meter', serial });
  for (const fault of faults) plant.setFault(fault);
  const makePort: MakePort = (settings) => plant.serialPort(LINE, settings);
  return { clock, plant, meters: meters.slice(0, alive), makePort };
}

async function searched(
  rig: ReturnType<typeof trainingLine>,
  changes: Partial<SearchRequest> = {},
): Promise<SearchState & { log: LogEntry[] }> {
  const search = makeSearch(rig.clock, rig.makePort, changes);
  await rig.clock.finish(search.run());
  return { ...search.state(), log: search.log.after(0, 20_000) };
}

const serials = (found: readonly { serial: string }[]) => found.map(({ serial }) => serial).sort();
const codes = (state: SearchState) => state.findings.map(({ code }) => code).sort();

describe('a search of a sound line', () => {
  it('finds every meter with its address, and sends nothing but the identity read', async () => {
    const rig = trainingLine();
    const written: Uint8Array[] = [];
    const makePort: MakePort = (settings) => {
      const port = rig.makePort(settings);
      const write = port.write.bind(port);
      port.write = (bytes) => {
        written.push(bytes);
        return write(bytes);
      };
      return port;
    };
    const state = await searched({ ...rig, makePort }, { isThorough: true });
    expect(state).toMatchObject({ state: 'done', findings: [], error: null, secondsLeft: null });
    expect(state.found.map(({ serial, address }) => `${serial} ${address}`).sort()).toEqual(
      rig.meters.map(({ serial, address }) => `${serial} ${address}`).sort(),
    );
    expect(written.length).toBe(state.done);
    expect([...new Set(written.map((bytes) => `${bytes.length} ${bytes[1]} ${bytes[2]}`))]).toEqual(['5 8 0']);
  });

  it('asks the addresses of pasted serials alone, and names those that did not answer', async () => {
    const rig = trainingLine();
    const wanted = rig.meters.slice(0, 3).map(({ serial }) => serial);
    // 99999938 would stand at 38, where another meter answers in its place.
    const [inItsPlace] = rig.meters.filter(({ address }) => address === 38);
    const state = await searched(rig, { serials: [...wanted, '99999938'] });
    expect(serials(state.found)).toEqual([...wanted, inItsPlace?.serial ?? ''].sort());
    expect(serials(state.found.filter(({ isExpected }) => isExpected))).toEqual([...wanted].sort());
    expect(state.missing).toEqual(['99999938']);
    expect(state.done).toBeLessThan(12);
    expect(rig.clock.monotonic()).toBeLessThan(1500);
  });

  it('finds meters of the second protocol by their serials, between meters of the first', async () => {
    const clock = new FakeClock('2026-11-22T09:10:00Z');
    const plant = createPlant({ clock, historyDays: 0 });
    const [first, ...others] = plant.truth.meters.filter(({ driver }) => driver === 'mercury-200');
    if (first === undefined) throw new Error('the plant has no such meter');
    const here = [first, ...others.filter(({ line }) => line === first.line)];
    const search = makeSearch(clock, (settings) => plant.serialPort(first.line, settings), {
      driver: 'mercury-200',
      serials: [...serials(here), '99999999'],
    });
    await clock.finish(search.run());
    const { found, missing, findings } = search.state();
    expect(found.map(({ serial, address }) => `${serial} ${address}`).sort()).toEqual(
      here.map(({ serial, address }) => `${serial} ${address}`).sort(),
    );
    expect(missing).toEqual(['99999999']);
    expect(findings).toEqual([]);
  });

  it('keeps the raw exchanges in the words of the log of 2013', async () => {
    const rig = trainingLine();
    const { log, done } = await searched(rig, { addresses: { from: 94, to: 96 } });
    expect(log).toHaveLength(done);
    const silent = log.find(({ address, verdict }) => address === 94 && verdict === 'silence');
    expect(silent).toMatchObject({ request: expect.stringMatching(/^5E 08 00 /), response: '', text: 'No answer from 94' });
    expect(log.map(({ sequence }) => sequence)).toEqual(log.map((_, index) => index + 1));
  });
});

describe('what is wrong with a line', () => {
  it.each<[string, readonly Fault[], number, string[]]>([
    ['an echoing adapter', [{ kind: 'echo' }], Infinity, ['echo']],
    ['noise', [{ kind: 'noise', rate: 0.1 }], Infinity, ['noise']],
    ['silence on the whole line', [{ kind: 'silent-line' }], Infinity, ['line-silent']],
    ['another master', [{ kind: 'foreign-master', period_ms: 900 }], Infinity, ['foreign-master']],
    ['damaged answers', [{ kind: 'corrupt', rate: 0.3 }], Infinity, ['corruption']],
  ])('is named: %s', async (_, faults, alive, expected) => {
    const state = await searched(trainingLine(faults, alive), { isThorough: true });
    expect(codes(state)).toEqual(expected);
    if (expected[0] !== 'line-silent') expect(state.found).toHaveLength(18);
  });

  it('is named: two meters at one address, with both serials', async () => {
    const rig = trainingLine();
    const [meter] = rig.meters;
    const faulty = trainingLine([{ kind: 'duplicate-address', serial: meter?.serial ?? '' }]);
    const state = await searched(faulty, { isThorough: true });
    expect(codes(state)).toEqual(['duplicate-address']);
    expect(state.findings[0]?.params).toMatchObject({ address: meter?.address, serials: expect.stringContaining(meter?.serial ?? '-') });
  });

  it('is named: a lone meter that answers to address 0 only', async () => {
    const rig = trainingLine([], 1);
    const [meter] = rig.meters;
    const faulty = trainingLine([{ kind: 'zero-only', serial: meter?.serial ?? '' }], 1);
    const state = await searched(faulty);
    expect(codes(state)).toEqual(['zero-only']);
    expect(state.findings[0]?.params).toEqual({ serial: meter?.serial });
    expect(state.found).toMatchObject([{ serial: meter?.serial, address: 0 }]);
  });
});

describe('a meter that answers to address 0 only, beside others', () => {
  it('is named when its answer comes clear of theirs', async () => {
    const [, , meter] = trainingLine([], 3).meters;
    const state = await searched(trainingLine([{ kind: 'zero-only', serial: meter?.serial ?? '' }], 3));
    expect(state.findings).toEqual([{ code: 'zero-only', weight: 'attention', params: { serial: meter?.serial } }]);
    expect(state.found.map(({ address }) => address)).toContain(0);
    expect(state.found).toHaveLength(3);
  });

  it('is not looked for where not all addresses were asked: it may have one of the others', async () => {
    const [, , meter] = trainingLine([], 3).meters;
    const state = await searched(trainingLine([{ kind: 'zero-only', serial: meter?.serial ?? '' }], 3), {
      addresses: { from: 1, to: 239 },
    });
    expect(state.findings).toEqual([]);
    expect(state.log.filter(({ address }) => address === 0)).toEqual([]);
  });

  it('is not one that was without power when its own address was asked', async () => {
    const rig = trainingLine([], 3);
    const [, , meter] = rig.meters;
    const dead: Fault = { kind: 'dead-meter', serial: meter?.serial ?? '' };
    rig.plant.setFault(dead);
    const search = makeSearch(
      rig.clock,
      rig.makePort,
      {},
      { onExchange: ({ address }) => address === meter?.address && rig.plant.clearFault(dead) },
    );
    await rig.clock.finish(search.run());
    expect(search.log.after(0, 20_000).some(({ address, verdict }) => address === 0 && verdict === 'meter')).toBe(true);
    expect(search.state().findings).toEqual([]);
    expect(search.state().found.map(({ address }) => address)).toContain(meter?.address);
  });
});

describe('a search of a line in trouble', () => {
  it('goes on when the line comes back, and misses nobody', async () => {
    const rig = trainingLine();
    const search = makeSearch(rig.clock, rig.makePort);
    const run = search.run();
    await rig.clock.advance(3000);
    rig.plant.setFault({ kind: 'drop-line', line: LINE, for_s: 3 });
    await rig.clock.finish(run);
    expect(search.state()).toMatchObject({ state: 'done', findings: [], error: null });
    expect(serials(search.state().found)).toEqual(serials(rig.meters));
  });

  it('gives up a line that stays away, and says why', async () => {
    const rig = trainingLine();
    const search = makeSearch(rig.clock, rig.makePort);
    const run = search.run();
    await rig.clock.advance(3000);
    rig.plant.setFault({ kind: 'drop-line', line: LINE });
    await rig.clock.finish(run);
    const { state, error, found } = search.state();
    expect(state).toBe('failed');
    expect(error?.code).toBe('line/open-failed');
    expect(found.length).toBeGreaterThan(0);
  });

  it('never writes the password of another master into its log', async () => {
    const { log, findings } = await searched(trainingLine([{ kind: 'foreign-master', period_ms: 400 }]));
    expect(findings.map(({ code }) => code)).toEqual(['foreign-master']);
    expect(log.some(({ response }) => response.includes('01 01 ** ** ** ** ** ** ** **'))).toBe(true);
    expect(log.filter(({ response }) => /01 01 (0[1-9] ){6}/.test(response))).toEqual([]);
  });
});

describe('unknown speed and parity', () => {
  const settings = [
    '9600-8N1',
    '2400-8O1',
    '9600-8O1',
    '9600-8E1',
    '4800-8N1',
    '4800-8O1',
    '2400-8N1',
    '2400-8E1',
    '1200-8N1',
    '1200-8O1',
    '19200-8N1',
    '38400-8N1',
  ];

  it.each([2, 9, 14, 22])('are found within 120 s on a port with one live setting (bus %i)', async (seed) => {
    const clock = new FakeClock();
    const live = settings[seed % 7] ?? '2400-8O1';
    const [baud = '', format = ''] = live.split('-');
    const bus = randomBus(seed, { clock, meters: 12, isHealthy: true, settings: { baudRate: Number(baud), format } });
    const search = makeSearch(clock, (given) => bus.port(given), { settings });
    await clock.finish(search.run());
    const { found, state } = search.state();
    expect(state).toBe('done');
    expect(serials(found)).toEqual(serials(bus.truth.findable));
    expect([...new Set(found.map(({ setting }) => setting))]).toEqual([live]);
    expect(clock.monotonic() / 1000).toBeLessThan(120);
    expect(search.plan.seconds).toBeGreaterThan(clock.monotonic() / 1000);
  });

  it('are given up when nobody shows a sign of life', async () => {
    const state = await searched(trainingLine([{ kind: 'silent-line' }]), { settings: ['9600-8N1', '2400-8O1'] });
    expect(state).toMatchObject({ state: 'done', found: [], findings: [{ code: 'line-silent' }] });
    expect(state.done).toBeLessThan(10);
  });
});

describe('a search in the hands of a person', () => {
  it('pauses between two exchanges, goes on where it was, and ends when told to', async () => {
    const rig = trainingLine();
    const search = makeSearch(rig.clock, rig.makePort);
    const run = search.run();
    await rig.clock.advance(3000);
    search.pause();
    await rig.clock.advance(1000);
    const { done } = search.state();
    expect(search.state()).toMatchObject({ state: 'paused' });
    expect(done).toBeGreaterThan(20);
    const { secondsLeft } = search.state();
    await rig.clock.advance(60_000);
    expect(search.state()).toMatchObject({ done, secondsLeft });
    search.resume();
    await rig.clock.advance(3000);
    expect(search.state().state).toBe('running');
    expect(search.state().done).toBeGreaterThan(done + 20);
    search.cancel();
    await rig.clock.finish(run);
    const ended = search.state();
    expect(ended).toMatchObject({ state: 'cancelled', secondsLeft: null, error: null });
    expect(ended.total).toBe(ended.done);
    expect(ended.found.length).toBeGreaterThan(0);
  });

  it('can be ended while it is paused', async () => {
    const rig = trainingLine();
    const search = makeSearch(rig.clock, rig.makePort);
    const run = search.run();
    await rig.clock.advance(500);
    search.pause();
    search.cancel();
    await rig.clock.finish(run);
    expect(search.state().state).toBe('cancelled');
  });

  it('says how long it still takes', async () => {
    const rig = trainingLine();
    const search = makeSearch(rig.clock, rig.makePort);
    expect(search.state().secondsLeft).toBe(Math.round(search.plan.seconds));
    const run = search.run();
    await rig.clock.advance(10_000);
    const left = search.state().secondsLeft ?? 0;
    await rig.clock.finish(run);
    const tookMs = rig.clock.monotonic();
    expect(10 + left).toBeGreaterThan(tookMs / 1000 - 1);
    expect(10 + left).toBeLessThan(tookMs / 1000 + 3);
  });
});
