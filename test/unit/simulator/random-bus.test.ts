import { expect, test } from 'vitest';
import { randomBus, type RandomBus } from '../../../src/main/simulator/random-bus.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { Listener, SERIAL_READ, STANDARD, serialOf } from './lines.ts';
import { dataOf } from './readers.ts';

/** Serials read at each address by so many questions; a plain loop that no product code has a part in. */
async function sweep(bus: RandomBus, clock: FakeClock, rounds: number): Promise<Map<number, Set<string>>> {
  const port = bus.port(bus.truth.settings);
  await port.open();
  const listener = new Listener(port, clock);
  const found = new Map<number, Set<string>>();
  for (let address = 1; address <= 240; address += 1) {
    for (let round = 0; round < rounds; round += 1) {
      const heard = await listener.ask(address, SERIAL_READ, 150);
      for (let from = 0; from + 10 <= heard.length; from += 1) {
        try {
          const serial = serialOf(dataOf(heard.slice(from, from + 10), address));
          found.set(address, (found.get(address) ?? new Set()).add(serial));
        } catch {
          continue;
        }
      }
    }
  }
  await port.close();
  return found;
}

test('a healthy bus answers as its truth says, at the addresses of chance', async () => {
  for (const seed of [1, 2, 3]) {
    const clock = new FakeClock();
    const bus = randomBus(seed, { clock, isHealthy: true, latencyMs: [5, 50] });
    expect(bus.truth).toMatchObject({ shared: [], zeroOnly: [], dead: [], hasEcho: false, noiseRate: 0 });
    const found = await sweep(bus, clock, 1);
    expect([...found].map(([address, serials]) => [address, ...serials])).toEqual(
      bus.truth.findable.map(({ address, serial }) => [address, serial]).sort(([a], [b]) => Number(a) - Number(b)),
    );
  }
});

test('on a sick bus everything findable is found, nothing dead, and of shared addresses only what stands there', async () => {
  for (const seed of [4, 5, 6, 7]) {
    const clock = new FakeClock();
    const bus = randomBus(seed, { clock });
    const { findable, shared, dead, zeroOnly } = bus.truth;
    const found = await sweep(bus, clock, 3);
    for (const { address, serial } of findable) expect([...(found.get(address) ?? [])], `seed ${seed}`).toEqual([serial]);
    for (const { address } of dead) expect(found.has(address)).toBe(false);
    const serials = [...found.values()].flatMap((each) => [...each]);
    const possible = new Set([...findable.map(({ serial }) => serial), ...shared.flatMap((each) => each.serials)]);
    for (const serial of serials) expect(possible).toContain(serial);
    for (const serial of zeroOnly) expect(serials).not.toContain(serial);
  }
});

test('two hundred buses hold everything that a search must cope with, within the bounds, and cost little', () => {
  const startedAt = performance.now();
  const truths = Array.from({ length: 200 }, (_, seed) => randomBus(seed, { clock: new FakeClock() }).truth);
  // Generous: the machine that runs the tests is shared.
  expect(performance.now() - startedAt).toBeLessThan(5000);
  for (const { findable, shared, dead, zeroOnly } of truths) {
    const count = findable.length + shared.length + dead.length + zeroOnly.length;
    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(40);
    const addresses = [...findable, ...shared, ...dead].map(({ address }) => address);
    expect(new Set(addresses).size).toBe(addresses.length);
    for (const address of addresses) expect(address >= 1 && address <= 240).toBe(true);
    const serials = [...findable, ...dead].map(({ serial }) => serial).concat(zeroOnly, ...shared.map((each) => each.serials));
    expect(new Set(serials).size).toBe(serials.length);
  }
  const share = (isTrue: (truth: (typeof truths)[number]) => boolean) => truths.filter(isTrue).length / truths.length;
  expect(share(({ shared }) => shared.length > 0)).toBeGreaterThan(0.4);
  expect(share(({ dead }) => dead.length > 0)).toBeGreaterThan(0.4);
  expect(share(({ zeroOnly }) => zeroOnly.length > 0)).toBeGreaterThan(0.2);
  expect(share(({ hasEcho }) => hasEcho)).toBeGreaterThan(0.08);
  expect(share(({ noiseRate }) => noiseRate > 0)).toBeGreaterThan(0.2);
  expect(share(({ settings }) => settings.baudRate === 9600 && settings.format === '8N1')).toBeGreaterThan(0.4);
  expect(share(({ findable }) => findable.length > 25)).toBeGreaterThan(0.1);
});

test('count and settings can be given, and one seed is one bus', () => {
  const of = (seed: number) => randomBus(seed, { clock: new FakeClock(), meters: 32, settings: STANDARD, isHealthy: true }).truth;
  expect(of(9).findable).toHaveLength(32);
  expect(of(9)).toEqual(of(9));
  expect(of(9)).not.toEqual(of(10));
  expect(of(9).settings).toEqual(STANDARD);
});
