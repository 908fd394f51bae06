/** Searches over real sockets: 32 meters among 240 addresses at 9600 baud, 5 to 50 ms each, against what wire and waits take. */
import { FINDER_23X } from '../../src/main/drivers/mercury-23x/finder.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { waitsOf } from '../../src/main/search/plan.ts';
import { randomBus } from '../../src/main/simulator/random-bus.ts';
import type { SearchRequest, SearchState } from '../../src/shared/api/search.ts';
import { openGateway } from '../support/bus-gateway.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { makeSearch } from '../support/search-rig.ts';
import type { Figure } from './figure.ts';

const METERS = 32;
const ADDRESSES = 240;
/** Asked of a port whose speed and parity nobody knows. */
const SETTINGS = [300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400].flatMap((speed) =>
  ['8N1', '8E1', '8O1'].map((format) => `${speed}-${format}`),
);
const LIVE = { baudRate: 2400, format: '8O1' };

interface Run {
  readonly seconds: number;
  readonly state: SearchState;
  /** Seconds that the wire and the waits alone take. */
  readonly limitS: number;
}

async function overTcp(seed: number, changes: Partial<SearchRequest>, hasList = false): Promise<Run> {
  const bus = randomBus(seed, { clock: systemClock, meters: METERS, isHealthy: true, settings: { baudRate: 9600, format: '8N1' } });
  const gateway = await openGateway(bus);
  const placed = bus.truth.findable;
  const serials = hasList ? placed.map(({ serial }) => serial) : [];
  const search = makeSearch(systemClock, null, { line: gateway.line, serials, ...changes });
  const startMs = performance.now();
  await search.run();
  const seconds = (performance.now() - startMs) / 1000;
  await gateway.close();
  const state = search.state();
  const reachable = hasList ? placed.filter(({ serial, address }) => FINDER_23X.addressesOf(serial).includes(address)) : placed;
  const missed = reachable.filter(({ serial }) => !state.found.some((meter) => meter.serial === serial));
  if (missed.length > 0) throw new Error(`the search missed ${missed.map(({ serial }) => serial).join(', ')}`);
  return { seconds, state, limitS: limitOf(search.log.after(0, search.log.last), state.isThorough) };
}

/** A silent address costs its request and the wait, the second time the legal one; an answer costs until its first byte. */
function limitOf(log: readonly { address: number | null; verdict: string; firstByteMs: number | null }[], isThorough: boolean): number {
  const { requestMs, quickMs, legalMs, silenceMs } = waitsOf(FINDER_23X, 9600, isThorough);
  const silent = new Set(log.filter(({ verdict }) => verdict === 'silence').map(({ address }) => address));
  for (const { address, verdict } of log) if (verdict === 'meter') silent.delete(address);
  const answersMs = log.reduce((sum, { firstByteMs }) => sum + (firstByteMs === null ? 0 : requestMs + firstByteMs + silenceMs), 0);
  const silentMs = silent.size * (requestMs + quickMs + (isThorough ? requestMs + legalMs : 0));
  return (answersMs + silentMs) / 1000;
}

export async function searchFigures(): Promise<Figure[]> {
  const figure = (name: string, { seconds, limitS }: Run, mostS: number): Figure => ({
    name,
    value: seconds / limitS,
    unit: `of wire and waits (${seconds.toFixed(1)} s)`,
    limit: `${limitS.toFixed(1)} s`,
    goal: `<= ${mostS} s`,
  });
  const list = await overTcp(1, {}, true);
  const first = await overTcp(1, {});
  const four = await Promise.all([1, 2, 3, 4].map((seed) => overTcp(seed, {})));
  const slowest = four.reduce((worst, run) => (run.seconds > worst.seconds ? run : worst));
  const thorough = await overTcp(1, { isThorough: true });
  const clock = new FakeClock();
  const bus = randomBus(1, { clock, meters: METERS, isHealthy: true, settings: LIVE });
  const unknown = makeSearch(clock, (settings) => bus.port(settings), { settings: SETTINGS });
  await clock.finish(unknown.run());
  if (unknown.state().found.length < METERS) throw new Error('the search missed meters at an unknown speed');
  return [
    figure(`search: list of ${METERS} serials`, list, 5),
    figure(`search: first pass of ${ADDRESSES} addresses`, first, 20),
    figure('search: the slowest of four lines at once', slowest, 20),
    figure('search: thorough', thorough, 55),
    {
      name: `search: one live setting of ${SETTINGS.length}`,
      value: clock.monotonic() / 1000,
      unit: 's of simulated time',
      limit: `${LIVE.baudRate}-${LIVE.format}`,
      goal: '<= 120 s',
    },
  ];
}
