/** Searches over real sockets: what only a gateway can do to them. */
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { createPlant, type Plant } from '../../../src/main/simulator/plant.ts';
import type { SearchRequest } from '../../../src/shared/api/search.ts';
import { makeSearch } from '../../support/search-rig.ts';

let plant: Plant;

beforeAll(async () => {
  plant = createPlant({ clock: systemClock, historyDays: 0 });
  await plant.start();
});

afterAll(() => plant.stop());

const lineOf = (index: number) => {
  const line = plant.lines[index];
  if (line === undefined) throw new Error('the plant has no such line');
  return {
    name: line.name,
    text: `tcp:127.0.0.1:${line.port}`,
    meters: plant.truth.meters.filter((meter) => meter.line === line.name && meter.driver === 'mercury-23x'),
  };
};

async function searched(line: string, changes: Partial<SearchRequest> = {}) {
  const search = makeSearch(systemClock, null, { line, ...changes });
  await search.run();
  return search.state();
}

describe('a gateway', () => {
  test('whose latency is longer than the first wait hides nobody: late answers tell where to ask again', async () => {
    const line = lineOf(0);
    plant.setFault({ kind: 'slow-gateway', line: line.name, latency_ms: 90, jitter_ms: 10 });
    const addresses = line.meters.map(({ address }) => address).sort((a, b) => a - b);
    const [from = 1, , , , , to = 1] = addresses;
    const state = await searched(line.text, { addresses: { from, to } });
    plant.clearFault({ kind: 'slow-gateway', line: line.name, latency_ms: 90 });
    expect(state.found.map(({ address }) => address).sort((a, b) => a - b)).toEqual(addresses.filter((address) => address <= to));
  });

  test('of Modbus TCP is named by its exceptions', async () => {
    const line = lineOf(1);
    plant.setFault({ kind: 'modbus-gateway', line: line.name, answer: 'exception' });
    const state = await searched(line.text, { addresses: { from: 1, to: 20 } });
    plant.clearFault({ kind: 'modbus-gateway', line: line.name });
    expect(state.findings.map(({ code }) => code)).toEqual(['gateway-framing']);
    expect(state.found).toEqual([]);
  });

  test.concurrent('that closes the connection on every request is named, and the search ends', async ({ expect }) => {
    const server = createServer((socket) => socket.on('data', () => socket.destroy()).on('error', () => {}));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const state = await searched(`tcp:127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, { addresses: { from: 1, to: 3 } });
    server.close();
    expect(state).toMatchObject({ state: 'failed', error: { code: 'line/lost' }, findings: [{ code: 'gateway-framing' }] });
  }, 30_000);

  test.concurrent('of one client that serves another is named, and the search ends', async ({ expect }) => {
    const line = lineOf(3);
    const first = connect(Number(line.text.split(':').at(-1)), '127.0.0.1');
    await once(first, 'connect');
    plant.setFault({ kind: 'one-client', line: line.name });
    const state = await searched(line.text, { addresses: { from: 1, to: 3 } });
    plant.clearFault({ kind: 'one-client', line: line.name });
    first.destroy();
    expect(state).toMatchObject({ state: 'failed', error: { code: 'line/lost' }, findings: [{ code: 'gateway-busy' }] });
  }, 40_000);

  test('with another parity than the meters is named by answers that are all damaged', async () => {
    const line = lineOf(2);
    plant.setFault({ kind: 'wrong-parity', line: line.name });
    const state = await searched(line.text);
    plant.clearFault({ kind: 'wrong-parity', line: line.name });
    expect(state.found).toEqual([]);
    expect(state.findings.map(({ code }) => code)).toEqual(['wrong-parity']);
  }, 40_000);

  test('that refuses the connection ends the search at once', async () => {
    const state = await searched('tcp:127.0.0.1:1', { addresses: { from: 1, to: 3 } });
    expect(state).toMatchObject({ state: 'failed', done: 0, error: { code: 'line/open-failed' } });
  });
});
