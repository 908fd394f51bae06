import { expect, test } from 'vitest';
import { randomBus } from '../../../src/main/simulator/random-bus.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeSearch } from '../../support/search-rig.ts';

/** `npm run proof:search` asks for more. */
const BUSES = Number(process.env['FEEDER_BUSES'] ?? 200);
/** Two meters at one address, whose colliding answers once had a good checksum and a serial that nobody has. */
const LUCKY_COLLISION = 1772;
const FIRST_SEED = Number(process.env['FEEDER_SEED'] ?? 1);

/** What a thorough search of one bus said against what is true of it; empty when all is well. */
async function faultsOf(seed: number): Promise<string[]> {
  const clock = new FakeClock();
  const bus = randomBus(seed, { clock });
  const { settings, findable, shared, zeroOnly, hasEcho, noiseRate } = bus.truth;
  const others = findable.length + shared.length;
  const search = makeSearch(clock, () => bus.port(settings), {
    line: `serial:/dev/bus:${settings.baudRate}-${settings.format}`,
    isThorough: true,
  });
  await clock.finish(search.run());
  const { state, found, findings, error } = search.state();
  const alive = new Map(
    [...findable, ...shared.flatMap((each) => each.serials.map((serial) => ({ serial, address: each.address })))].map((each) => [
      each.serial,
      each.address,
    ]),
  );
  const named = (code: string) => findings.filter((finding) => finding.code === code);
  const duplicates = named('duplicate-address').map(({ params }) => params['address']);
  return [
    ...(state === 'done' ? [] : [`ended as ${state}: ${error?.message ?? ''}`]),
    ...found
      .filter(({ serial, address }) => alive.get(serial) !== address && !(zeroOnly.includes(serial) && address === 0))
      .map(({ serial, address }) => `phantom ${serial} at ${address}`),
    ...findable
      .filter((meter) => !found.some(({ serial }) => serial === meter.serial))
      .map(({ serial, address }) => `missed ${serial} at ${address}`),
    ...shared.filter(({ address }) => !duplicates.includes(address)).map(({ address }) => `two meters at ${address} not named`),
    ...duplicates
      .filter((address) => !shared.some((each) => each.address === address))
      .map((address) => `one meter at ${String(address)} taken for two`),
    ...(named('noise').length > 0 && noiseRate === 0 ? ['noise where there is none'] : []),
    ...(named('line-silent').length > 0 && others + zeroOnly.length > 0 ? ['silence where somebody is'] : []),
    ...(others === 0 && zeroOnly.length === 1 && named('zero-only').length === 0 ? ['a lone meter not named'] : []),
    ...named('zero-only')
      .filter(({ params }) => !zeroOnly.includes(String(params['serial'])))
      .map(({ params }) => `${String(params['serial'])} does not answer to 0 only`),
    ...(hasEcho === named('echo').length > 0 ? [] : [`echo ${hasEcho ? 'not ' : ''}named`]),
    ...findings
      .filter(({ code }) => !['duplicate-address', 'echo', 'noise', 'zero-only', 'line-silent'].includes(code))
      .map(({ code }) => `nothing of ${code} is true`),
  ].map((fault) => `bus ${seed}: ${fault}`);
}

test("a serial that a collision makes up by chance is nobody's", async () => {
  expect(await faultsOf(LUCKY_COLLISION)).toEqual([]);
});

test(
  `on ${BUSES} buses of chance a thorough search finds nothing phantom, misses nothing and names what is wrong`,
  async () => {
    const faults: string[] = [];
    for (let seed = FIRST_SEED; seed < FIRST_SEED + BUSES; seed += 1) faults.push(...(await faultsOf(seed)));
    expect(faults).toEqual([]);
  },
  BUSES * 1000,
);
