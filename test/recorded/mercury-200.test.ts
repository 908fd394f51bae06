import { expect, test } from 'vitest';
import { quantityText } from '../../src/shared/domain/quantity.ts';
import type { MeterSettings } from '../../src/main/drivers/driver.ts';
import { mercury200 } from '../../src/main/drivers/mercury-200/driver.ts';
import { createBus } from '../../src/main/line/bus.ts';
import { channelTiming } from '../../src/main/line/channel-timing.ts';
import { parseLineAddress } from '../../src/main/line/line-address.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { PortLink } from './port-link.ts';
import { RecordedPort, recordedMeters200 } from './recorded-port.ts';

const meters = recordedMeters200();

/** The real driver on the line of one source and address. What a source does not publish is put into the memory as unsupported. */
async function session(source: RegExp, address: number, changes: Partial<MeterSettings> = {}, echoes = false) {
  const meter = meters.find((candidate) => source.test(candidate.source) && candidate.address === address);
  if (meter === undefined) throw new Error(`nothing recorded of ${source} at ${address}`);
  const port = new RecordedPort(meter, { echoes });
  await port.open();
  const settings = {
    address,
    expectedSerial: null,
    password: null,
    accessLevel: 1,
    clock: { offsetMin: 180, seasonBit: 'ignored' },
    baudRate: 9600,
    memory: {},
    ...changes,
  } as const;
  return { port, driver: mercury200.connect(new PortLink(port), settings, () => 0) };
}

const without = (...unsupported: string[]) => ({ memory: { unsupported } });

test.each([false, true])('the captured 200.02 at the last six digits of its serial tells who it is, with echo: %s', async (echoes) => {
  const { driver, port } = await session(/MercuryStats/, 925_646, { expectedSerial: '06925646' }, echoes);
  expect((await driver.identify()).value.serial).toBe('06925646');
  expect(mercury200.finder.addressesOf('06925646')).toContain(925_646);
  expect((await driver.describe()).value).toMatchObject({
    serial: '06925646',
    firmware: '8.3',
    manufactured: '2010-10-29',
    variantHex: '0003',
  });
  expect(port.unanswered).toEqual([]);
});

test('the same meter tells its load power and when it was last switched on', async () => {
  const { driver } = await session(/MercuryStats/, 925_646, without('mains', 'frequency', 'reactive-power', 'power-factor'));
  expect((await driver.readInstantaneous()).value).toMatchObject({ P: { count: 0, unit: 'W' }, U1: null });
  expect((await driver.readJournal(0x2c, 0)).value.events).toEqual([
    { journal: 0x34, kind: 'power-on', atUtc: Date.UTC(2011, 3, 18, 8, 24, 6) / 1000, details: {} },
  ]);
});

test('the captured meter at address 411486 tells its registers and instantaneous values', async () => {
  const { driver } = await session(/MercuryStats/, 411_486, without('reactive-energy', 'frequency', 'reactive-power', 'power-factor'));
  const { value: registers } = await driver.readRegisters('now', [0, 1, 2]);
  expect(registers.map(({ tariff, energy }) => [tariff, energy['A+']])).toEqual([
    [0, 829_760],
    [1, 621_420],
    [2, 208_340],
  ]);
  const { value } = await driver.readInstantaneous();
  expect([value.U1, value.I1, value.P].map((quantity) => quantity && quantityText(quantity))).toEqual(['235.8', '2.64', '588']);
});

test('the long address of the wb-mqtt-serial tests is read with its top bit set', async () => {
  const { driver } = await session(/wb-mqtt-serial/, 0xfe123456, without('reactive-energy'));
  expect((await driver.readRegisters('now', [3])).value).toMatchObject([{ tariff: 3, energy: { 'A+': 111_110, 'R+': null } }]);
  expect((await driver.readItem('settings.29')).value).toContainEqual(expect.objectContaining({ name: 'battery', value: '3.91' }));
});

test('the recorded 206 behind a serial server runs behind the real line as well', async () => {
  const meter = meters.find(({ source }) => source.startsWith('ICS-Energy-Team'));
  if (meter === undefined) throw new Error('nothing recorded');
  const clock = new FakeClock();
  const channel = channelTiming(parseLineAddress('tcp:127.0.0.1:4001:9600-8N1'));
  const bus = createBus(new RecordedPort(meter, { echoes: true }), { clock, logger: silentLogger, channel });
  await bus.open();
  const driver = mercury200.connect(
    bus,
    {
      address: meter.address,
      expectedSerial: '41744475',
      password: null,
      accessLevel: 1,
      clock: { offsetMin: 180, seasonBit: 'ignored' },
      baudRate: bus.baudRate,
      ...without('frequency', 'reactive-power', 'power-factor'),
    },
    () => clock.now(),
  );
  const [{ value }] = await Promise.all([driver.readInstantaneous(), clock.advance(2000)]);
  expect(value.U1).toEqual({ count: 2142, scale: -1, unit: 'V' });
  await bus.close();
});
