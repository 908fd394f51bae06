import { describe, expect, test } from 'vitest';
import { quantityText } from '../../src/shared/domain/quantity.ts';
import type { MeterMemory, MeterSettings } from '../../src/main/drivers/driver.ts';
import { mercury23x } from '../../src/main/drivers/mercury-23x/driver.ts';
import { FALLBACK_GROUPS, groupCommand } from '../../src/main/protocol/mercury/instantaneous.ts';
import { createBus } from '../../src/main/line/bus.ts';
import { channelTiming } from '../../src/main/line/channel-timing.ts';
import { parseLineAddress } from '../../src/main/line/line-address.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { PortLink } from './port-link.ts';
import { RecordedPort, recordedMeters } from './recorded-port.ts';

const meters = recordedMeters();
const ASCII = Uint8Array.from(Buffer.from('111111', 'ascii'));

/** The real driver on the line of one source and address. What a source does not publish is put into the memory as unsupported. */
async function session(source: RegExp, address: number, settings: Partial<MeterSettings> = {}, options: { echoes?: boolean } = {}) {
  const meter = meters.find((candidate) => source.test(candidate.source) && candidate.address === address);
  if (meter === undefined) throw new Error(`nothing recorded of ${source} at ${address}`);
  const port = new RecordedPort(meter, options);
  await port.open();
  const driver = mercury23x.connect(
    new PortLink(port),
    {
      address,
      expectedSerial: null,
      password: null,
      accessLevel: 1,
      clock: { offsetMin: 180, seasonBit: 'ignored' },
      baudRate: 9600,
      memory: {},
      ...settings,
    },
    () => 0,
  );
  return { port, driver };
}

const without = (...unsupported: string[]): { memory: MeterMemory } => ({ memory: { unsupported } });

test('lines are grouped by source and address, and no exchange is lost', () => {
  const replayable = meters.reduce((sum, { exchanges }) => sum + exchanges.length, 0);
  expect(meters.map(({ source, address, exchanges }) => [source.split(' ')[0], address, exchanges.length])).toContainEqual([
    'Incotex',
    0x80,
    expect.any(Number),
  ]);
  expect(replayable).toBeGreaterThan(60);
});

describe("the documents' meter at address 128", () => {
  test('tells its serial, without a channel', async () => {
    const { driver, port } = await session(/^Incotex/, 0x80, { expectedSerial: '41906467' });
    expect((await driver.identify()).value).toEqual({ serial: '41906467', manufactured: '2020-06-22' });
    expect(port.replayed).toEqual(['serial-date-doc']);
  });

  test('is not the meter of another serial', async () => {
    const { driver } = await session(/^Incotex/, 0x80, { expectedSerial: '41906468' });
    await expect(driver.identify()).rejects.toMatchObject({
      code: 'meter/wrong-serial',
      context: { expected: '41906468', actual: '41906467' },
    });
  });

  test('opens with its ASCII password and closes', async () => {
    const { driver, port } = await session(/^Incotex/, 0x80, { password: { bytes: ASCII } });
    await driver.open();
    await driver.close();
    expect(port.replayed).toEqual(['open-l1-ascii-doc', 'close-addr128-doc']);
  });

  test('tells firmware and ratios', async () => {
    const { driver, port } = await session(/^Incotex/, 0x80, without('long-passport', 'passport', 'execution-variant'));
    expect((await driver.describe()).value).toMatchObject({
      serial: '41906467',
      firmware: '9.0.0',
      internalRatioVt: 1,
      internalRatioCt: 1,
      constantImpPerKwh: null,
    });
    expect(port.unanswered).toEqual([]);
  });

  test('tells its clock', async () => {
    const { driver } = await session(/^Incotex/, 0x80);
    const { value, exchanges } = await driver.readClock();
    expect(value).toMatchObject({ wall: { year: 2008, month: 2, day: 27, hour: 16, minute: 14, second: 43 }, isSummer: false });
    expect(value.meterUtc).toBe(Date.UTC(2008, 1, 27, 13, 14, 43) / 1000);
    expect(exchanges.map(({ label }) => label)).toEqual(['clock']);
  });

  test('has a profile whose only record contradicts its descriptor: implausible, not an interval', async () => {
    const { driver, port } = await session(/^Incotex/, 0x80, without('long-passport', 'passport', 'execution-variant'));
    await expect(driver.readProfileHead()).rejects.toMatchObject({ code: 'data/implausible', context: { addressField: 1 } });
    // The descriptor is asked for once more before it is doubted; no other address is guessed.
    expect(port.replayed.filter((id) => id.startsWith('profile'))).toEqual([
      'profile-last-doc',
      'profile-record-doc',
      'profile-last-doc',
      'profile-record-doc',
    ]);
    // The relative read is the last resort; no exchange of it was ever published.
    expect(new Set(port.unanswered)).toEqual(new Set(['801603000001979C']));
    expect(driver.memory.profileAddressing).toBeUndefined();
  });

  test.each([
    [
      0x01,
      2,
      'journal-power-onoff-doc',
      [
        ['power-on', '2008-02-01T07:53:01'],
        ['power-off', '2008-02-01T12:50:09'],
      ],
    ],
    [0x06, 0, 'journal-overlimit-doc', [['power-limit-begin', '2008-01-18T09:50:21']]],
    [0x0a, 5, 'journal-profile-init-doc', [['profile-initialised', '2008-03-03T10:20:07']]],
    [0x14, 6, 'journal-status-word-doc', [['status-changed', '2008-01-25T11:24:44']]],
    [0x15, 9, 'journal-max-schedule-doc', [['maxima-schedule-changed', '2008-01-17T16:19:07']]],
    [
      0x20,
      1,
      'journal-voltage-out-doc',
      [
        ['quality-left', '2008-01-18T15:09:43'],
        ['quality-returned', '2008-01-18T15:10:30'],
      ],
    ],
  ] as const)('keeps journal %i, whose slot %i is read as it is printed', async (journal, slot, id, events) => {
    const { driver, port } = await session(/^Incotex/, 0x80, without('long-passport', 'passport', 'execution-variant'));
    const { value } = await driver.readJournal(journal, 0x100 + slot);
    // Moscow time of these meters: three hours east.
    expect(value.events.map(({ kind, atUtc }) => [kind, new Date((atUtc + 10_800) * 1000).toISOString().slice(0, 19)])).toEqual(events);
    expect(port.replayed).toContain(id);
  });

  test('tells its settings, and what is not published of it is null', async () => {
    const lacking = without('long-passport', 'passport', 'execution-variant', 'network-address');
    const { driver } = await session(/^Incotex/, 0x80, lacking);
    expect((await driver.readConfiguration()).value).toMatchObject({
      firmware: '9.0.0',
      ratioVt: 1,
      profilePeriodMin: 30,
      switchesSeason: true,
      faults: ['E-03'],
      networkAddress: null,
    });
  });

  test('takes a write as it is printed', async () => {
    const { driver, port } = await session(/^Incotex/, 0x80, {
      ...without('long-passport', 'passport', 'execution-variant'),
      accessLevel: 2,
      password: { bytes: ASCII },
    });
    const plan = await driver.planWrite({ kind: 'profile-period', minutes: 30 });
    expect(plan.value.requests.at(-1)?.hex).toBe('80 03 00 1E 01 ED FA');
    expect(port.replayed).not.toContain('write-set-period');
  });

  test('still gives that record when it is asked for by its place', async () => {
    const { driver } = await session(/^Incotex/, 0x80);
    const head = {
      newestStartUtc: 0,
      periodMin: 30,
      ringSlots: 4096,
      place: 1,
      hasOverflowed: null,
      isCalendar: false,
      maxBatch: 1,
      position: 1,
    };
    const { value } = await driver.readProfile(head, 0, 1);
    expect(value).toMatchObject([
      {
        kind: 'interval',
        isCut: false,
        interval: {
          startUtc: Date.UTC(2008, 2, 5, 6, 30) / 1000,
          lengthS: 1800,
          counts: { 'A+': 10500, 'A-': null, 'R+': 0, 'R-': 0 },
          flags: ['incomplete'],
        },
      },
    ]);
  });
});

test("the documents' meter at address 66 tells everything by its short passport", async () => {
  const { driver } = await session(/^Incotex/, 0x42, without('long-passport', 'ratios'));
  expect((await driver.describe()).value).toEqual({
    serial: '32874766',
    manufactured: '2018-06-26',
    firmware: '9.0.0',
    variantHex: 'B4E3C297DF58',
    constantImpPerKwh: 500,
    hasProfile: true,
    ringSlots: 8192,
    phases: 3,
    nominalVoltageV: '230',
    nominalCurrentA: '5',
    sumsByModulus: true,
    internalRatioVt: null,
    internalRatioCt: null,
    address: 0x42,
  });
});

describe('the meter of the wb-mqtt-serial tests at address 0', () => {
  test('opens with the default password in binary form', async () => {
    const { driver, port } = await session(/wb-mqtt-serial/, 0x00);
    await driver.open();
    expect(port.replayed).toEqual(['open-l1-bin-addr0']);
    expect(driver.memory.passwordForm).toBe('binary');
  });

  test('gives its registers, the kinds of energy that it lacks as absent', async () => {
    const { driver } = await session(/wb-mqtt-serial/, 0x00);
    expect((await driver.readRegisters('now', [0])).value).toMatchObject([
      { tariff: 0, energy: { 'A+': 3196200, 'A-': null, 'R+': 300444, 'R-': null } },
    ]);
  });
});

describe('the captured frequency of a meter at address 77', () => {
  const others = ['instantaneous-16-A0', ...FALLBACK_GROUPS.filter((bwri) => bwri !== 0x40).map((bwri) => groupCommand(bwri).name)];

  test.each([false, true])('is read with echo: %s', async (echoes) => {
    const { driver } = await session(/ESPHome-Mercury230 issue 19/, 0x4d, without(...others), { echoes });
    const { value } = await driver.readInstantaneous();
    expect(value.F === null || value.F === undefined ? null : quantityText(value.F)).toBe('50.03');
    expect(value.P).toBeNull();
  });
});

describe('a line that only echoes', () => {
  test('opens no channel', async () => {
    const { driver, port } = await session(/mercury236 issue 7/, 0x00);
    await expect(driver.open()).rejects.toMatchObject({ code: expect.stringMatching(/^transport\//) });
    expect(port.replayed).toContain('echo-open');
  });

  test('gives no registers', async () => {
    const { driver, port } = await session(/ESPHome-Mercury230 issue 19/, 0x05);
    await expect(driver.readRegisters('now', [0])).rejects.toMatchObject({ code: expect.stringMatching(/^transport\//) });
    expect(port.replayed).toContain('echo-energy');
  });
});

test('the recorded port runs behind the real line as well', async () => {
  const meter = meters.find(({ source, address }) => source.startsWith('Incotex') && address === 0x80);
  if (meter === undefined) throw new Error('nothing recorded');
  const clock = new FakeClock();
  const channel = channelTiming(parseLineAddress('tcp:127.0.0.1:4001:9600-8N1'));
  const bus = createBus(new RecordedPort(meter, { echoes: true }), { clock, logger: silentLogger, channel });
  await bus.open();
  const settings = {
    address: 0x80,
    expectedSerial: '41906467',
    password: null,
    accessLevel: 1,
    baudRate: bus.baudRate,
    memory: {},
  } as const;
  const driver = mercury23x.connect(bus, { ...settings, clock: { offsetMin: 180, seasonBit: 'ignored' } }, () => clock.now());
  const [identity] = await Promise.all([driver.identify(), clock.advance(2000)]);
  expect(identity.value.serial).toBe('41906467');
  const [{ value }] = await Promise.all([driver.readClock(), clock.advance(2000)]);
  expect(value.wall).toMatchObject({ year: 2008, hour: 16, second: 43 });
  await bus.close();
});
