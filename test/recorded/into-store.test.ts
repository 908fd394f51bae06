/** Published bytes the whole way: through the real line and driver into the store, and back out with their provenance. */
import { expect, test } from 'vitest';
import { mercury23x } from '../../src/main/drivers/mercury-23x/driver.ts';
import { channelTiming } from '../../src/main/line/channel-timing.ts';
import { createBus } from '../../src/main/line/bus.ts';
import { parseLineAddress } from '../../src/main/line/line-address.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { NO_FACTS } from '../../src/shared/domain/meter.ts';
import { importRow, temporaryStore } from '../unit/store/support.ts';
import { RecordedPort, recordedMeters } from './recorded-port.ts';

/** The driver behind a real bus over the published exchanges of one source and address. */
async function onTheLine(source: RegExp, address: number, serial: string | null) {
  const meter = recordedMeters().find((candidate) => source.test(candidate.source) && candidate.address === address);
  if (meter === undefined) throw new Error(`nothing recorded of ${source} at ${address}`);
  const bus = createBus(new RecordedPort(meter), {
    clock: systemClock,
    logger: silentLogger,
    channel: channelTiming(parseLineAddress('tcp:127.0.0.1:4001')),
  });
  await bus.open();
  const session = mercury23x.connect(
    bus,
    {
      address,
      expectedSerial: serial,
      password: null,
      accessLevel: 1,
      clock: { offsetMin: 180, seasonBit: 'ignored' },
      baudRate: bus.baudRate,
      memory: {},
    },
    () => systemClock.now(),
  );
  return { session, bus };
}

test('identity and clock of the documents’ meter stand in the store as they were published', async () => {
  const { store } = temporaryStore();
  store.plant.applyImport([{ ...importRow(1), serial: '41906467', address: 0x80 }], 180, 'test');
  const { session, bus } = await onTheLine(/^Incotex/, 0x80, '41906467');
  const identity = (await session.identify()).value;
  const clock = (await session.readClock()).value;
  const commits = [
    store.commit({
      meterId: 1,
      atUtc: clock.meterUtc,
      facts: { ...NO_FACTS, manufactured: identity.manufactured },
      clock: { atUtc: clock.meterUtc, deviationMs: clock.deviationMs },
    }),
  ];
  await store.flush();
  await Promise.all(commits);
  expect(store.plant.load().meters[0]).toMatchObject({ serial: '41906467', facts: { manufactured: '2020-06-22' } });
  // The document's clock says 27.02.2008 16:14:43 Moscow winter time.
  expect(store.clocks.last(1)).toEqual({ atUtc: Date.UTC(2008, 1, 27, 13, 14, 43) / 1000, deviationMs: clock.deviationMs });
  await bus.close();
});

test('registers that were published stand in the store to the last Wh, absent kinds of energy as null, with their bytes', async () => {
  const { store } = temporaryStore();
  store.plant.applyImport([importRow(1)], 180, 'test');
  const { session, bus } = await onTheLine(/wb-mqtt-serial/, 0, null);
  const { value, exchanges } = await session.readRegisters('now', [0]);
  const commits = [store.commit({ meterId: 1, atUtc: 0, exchanges, registers: value })];
  await store.flush();
  await Promise.all(commits);
  const [stored] = store.registers.latest(1);
  expect(stored).toMatchObject({ kind: 'now', tariff: 0, energy: { 'A+': 3196200, 'A-': null, 'R+': 300444, 'R-': null } });
  expect(Buffer.from(store.exchanges.get(1)?.response ?? []).toString('hex')).toBe('00300028c5ffffffff04009c95ffffffff44ab');
  await bus.close();
});
