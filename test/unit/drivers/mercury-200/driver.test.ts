import { describe, expect, test } from 'vitest';
import { quantityText } from '../../../../src/shared/domain/quantity.ts';
import { isoUtc } from '../../../../src/shared/domain/time.ts';
import { mercury200 } from '../../../../src/main/drivers/mercury-200/driver.ts';
import { framed } from '../scripted-link.ts';
import { ADDRESS, connect, sealed, SERIAL_REPLY } from './meter.ts';

const ENERGY = '00 06 21 42 00 02 08 34 FF FF FF FF 00 00 00 00';

describe('the meter', () => {
  test('is known by its serial, whatever zeros stand before it', async () => {
    expect((await connect({}).session.identify()).value).toEqual({ serial: '41744475', manufactured: null });
    const old = connect({ '2F': '00 69 AD 4E' }, { expectedSerial: '6925646', address: 925_646 });
    expect((await old.session.identify()).value.serial).toBe('06925646');
    expect(old.session.memory).toEqual({ serial: '06925646' });
  });

  test('of another serial is refused with both', async () => {
    const { session } = connect({}, { expectedSerial: '41744476' });
    await expect(session.identify()).rejects.toMatchObject({
      code: 'meter/wrong-serial',
      context: { expected: '41744476', actual: '41744475', address: ADDRESS },
    });
  });

  test('that is silent costs one exchange', async () => {
    const { link, session } = connect({ '2F': null });
    await expect(session.identify()).rejects.toMatchObject({ code: 'transport/timeout' });
    expect(link.asked).toEqual(['2F']);
  });

  test('needs no channel', async () => {
    const { link, session } = connect({});
    await session.open();
    await session.close();
    expect(link.asked).toEqual([]);
  });

  test('describes itself by firmware, date and execution word', async () => {
    const { link, session } = connect({ '28': '08 03 00 01 03 10', '66': '29 10 10', '65': '00 03' });
    expect((await session.describe()).value).toEqual({
      serial: '41744475',
      manufactured: '2010-10-29',
      firmware: '8.3',
      variantHex: '0003',
      constantImpPerKwh: 2500,
      hasProfile: null,
      ringSlots: null,
      phases: 1,
      nominalVoltageV: null,
      nominalCurrentA: null,
      sumsByModulus: null,
      internalRatioVt: null,
      internalRatioCt: null,
      address: ADDRESS,
    });
    expect(link.asked).toEqual(['2F', '28', '66', '65']);
    expect(session.memory).toEqual({ serial: '41744475', firmware: '8.3', answered: ['firmware', 'manufactured', 'execution'] });
  });

  test('with another firmware has to show anew what it lacks', async () => {
    const memory = { serial: '41744475', firmware: '8.2', unsupported: ['reactive-energy'] };
    const { session } = connect({ '28': '08 03 00 01 03 10', '66': '29 10 10', '65': '00 03' }, { memory });
    await session.describe();
    expect(session.memory).toEqual({ serial: '41744475', firmware: '8.3', answered: ['manufactured', 'execution'] });
  });
});

describe('silence', () => {
  test('to a command, with identity answered after it each time, is a lack that is remembered', async () => {
    const { link, session } = connect({ '27': ENERGY });
    await session.readRegisters('now', [1]);
    expect(link.asked).toEqual(['27', '85', '2F', '85', '2F', '85', '2F']);
    expect(session.memory.unsupported).toEqual(['reactive-energy']);
    await session.readRegisters('now', [1]);
    expect(link.asked.slice(7)).toEqual(['27']);
  });

  test('to a command that has answered before is a fault of the line: no figures are lost for good', async () => {
    const reactive = (times: number) => (times >= 2 && times <= 4 ? null : ENERGY);
    const { link, session } = connect({ '27': ENERGY, '85': reactive });
    await session.readRegisters('now', [1]);
    await expect(session.readRegisters('now', [1])).rejects.toMatchObject({ code: 'transport/timeout' });
    expect(session.memory.unsupported).toBeUndefined();
    // Nor after a new connection, which begins with what was remembered.
    const later = connect({ '27': ENERGY, '85': (times) => (times < 4 ? null : ENERGY) }, { memory: session.memory });
    await expect(later.session.readRegisters('now', [1])).rejects.toMatchObject({ code: 'transport/timeout' });
    expect((await later.session.readRegisters('now', [1])).value[0]?.energy['R+']).toBe(
      (await session.readRegisters('now', [1])).value[0]?.energy['R+'],
    );
    expect(link.asked.filter((body) => body === '85')).toHaveLength(5);
  });

  test('of the whole meter is a fault of the exchange: nothing is remembered as missing', async () => {
    const { session } = connect({ '27': ENERGY, '2F': (times) => (times < 3 ? SERIAL_REPLY : null) });
    await expect(session.readRegisters('now', [1])).rejects.toMatchObject({ code: 'transport/timeout' });
    expect(session.memory.unsupported).toBeUndefined();
  });

  test('is followed by identity before the next question: a late reply says not which date it is of', async () => {
    const { link, session } = connect({ '27': (times) => (times === 1 ? null : ENERGY) }, { memory: { unsupported: ['reactive-energy'] } });
    await session.readRegisters('now', [1]);
    expect(link.asked).toEqual(['27', '2F', '27']);
  });

  test('whose identity is that of another meter stays a fault', async () => {
    const { session } = connect({ '27': null, '2F': '02 7C F8 5C' });
    await expect(session.readRegisters('now', [1])).rejects.toMatchObject({ code: expect.stringMatching(/^transport\//) });
  });
});

test('the clock is compared with the PC, Sunday being day 0, and says no season', async () => {
  const { value } = await connect({}).session.readClock();
  expect(value).toMatchObject({ isSummer: false, wall: { year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 5 } });
  expect(isoUtc(value.meterUtc)).toBe('2026-11-22T09:00:05Z');
  expect(value.deviationMs).toBe(4950);
});

describe('registers', () => {
  test('of now are tariffs of one reply with their sum; a tariff that is not in use is left out', async () => {
    const { session } = connect({ '27': ENERGY, '85': '00 00 00 01 00 00 00 02 FF FF FF FF FF FF FF FF' });
    const { value, exchanges } = await session.readRegisters('now', [0, 1, 2, 3, 4]);
    const at = { kind: 'now', momentUtc: Date.UTC(2026, 10, 22, 9) / 1000 };
    const energy = (active: number | null, reactive: number | null) => ({ 'A+': active, 'A-': null, 'R+': reactive, 'R-': null });
    expect(value).toEqual([
      { ...at, tariff: 0, energy: energy(829_760, 30) },
      { ...at, tariff: 1, energy: energy(621_420, 10) },
      { ...at, tariff: 2, energy: energy(208_340, 20) },
      { ...at, tariff: 4, energy: energy(0, null) },
    ]);
    expect(exchanges.map(({ label }) => label)).toEqual(['active energy', 'reactive energy']);
  });

  const slice = (moment: string) => Buffer.from(sealed(...Buffer.from(`00062142FFFFFFFFFFFFFFFFFFFFFFFF${moment}`, 'hex'))).toString('hex');

  test.each([
    ['day-start', 0, '3700221126', '000000221126', '2026-11-21T21:00:00Z'],
    ['day-start', 1, '3700211126', '000000211126', '2026-11-20T21:00:00Z'],
    ['month-start', 0, '3701011126', '000000011126', '2026-10-31T21:00:00Z'],
    ['year-start', 0, '3701010126', '000000010126', '2025-12-31T21:00:00Z'],
  ] as const)('of %s, %i back, come from the slice that says that midnight itself', async (kind, back, body, moment, utc) => {
    const { session } = connect({ [body]: slice(moment) });
    const { value } = await session.readRegisters(kind, [0, 1], back);
    expect(value.map(({ tariff, momentUtc, energy }) => [tariff, isoUtc(momentUtc), energy['A+']])).toEqual([
      [0, utc, 621_420],
      [1, utc, 621_420],
    ]);
  });

  test.each([
    ['another moment', slice('235959221126')],
    ['no moment', slice('FFFFFFFFFFFF')],
    ['no data', 'FF'],
  ])('of a slice with %s are not labelled as those of the midnight', async (_, reply) => {
    const { session } = connect({ '3700221126': reply });
    await expect(session.readRegisters('day-start', [0])).rejects.toMatchObject({ code: 'meter/unsupported' });
  });

  test('of a date to which the meter is silent are a lack of that date alone: another one is asked for all the same', async () => {
    const { session } = connect({ '3701011126': slice('000000011126') });
    await expect(session.readRegisters('year-start', [0])).rejects.toMatchObject({ code: 'meter/unsupported' });
    expect(session.memory.unsupported).toBeUndefined();
    expect((await session.readRegisters('month-start', [0])).value).toHaveLength(1);
  });

  test('are not read while the day of the meter is changing', async () => {
    const { session } = connect({ '21': '00 00 00 02 22 11 26' });
    await expect(session.readRegisters('day-start', [0])).rejects.toMatchObject({ code: 'meter/refused' });
  });
});

describe('instantaneous values', () => {
  test('are voltage, current, powers, power factor and frequency', async () => {
    const { session } = connect({
      '63': '23 58 02 64 00 05 88',
      '81': '50 03 00 00 12 00 05 22 11 26',
      '8600': '00 00 01 72',
      '8602': '02 89 60 00 06 13',
    });
    const { value, exchanges } = await session.readInstantaneous();
    const texts = Object.entries(value).map(([key, quantity]) => [key, quantity && `${quantityText(quantity)} ${quantity.unit}`]);
    expect(Object.fromEntries(texts)).toEqual({
      U1: '235.8 V',
      I1: '2.64 A',
      P: '588 W',
      Q: '172 var',
      cos: '-0.96 one',
      S: '613 VA',
      F: '50.03 Hz',
    });
    expect(exchanges).toHaveLength(4);
  });

  test('of an old meter are those that it has, power from 26', async () => {
    const { session } = connect({ '26': '01 23' });
    const { value } = await session.readInstantaneous();
    expect(value).toMatchObject({ P: { count: 123, scale: 1, unit: 'W' }, U1: null, I1: null, F: null, cos: null });
    expect(session.memory.unsupported).toEqual(['mains', 'frequency', 'reactive-power', 'power-factor']);
  });

  test('of a meter that has none are a lack', async () => {
    await expect(connect({}).session.readInstantaneous()).rejects.toMatchObject({ code: 'meter/unsupported' });
  });
});

test('the configuration says what the meter says and leaves the rest open', async () => {
  const { session } = connect({ '28': '08 03 00 01 03 10', '24': '01' });
  expect((await session.readConfiguration()).value).toEqual({
    firmware: '8.3',
    constantImpPerKwh: 2500,
    hasProfile: null,
    profilePeriodMin: 30,
    ringSlots: null,
    readsBatches: null,
    switchesSeason: true,
    sumsByModulus: null,
    ratioVt: null,
    ratioCt: null,
    repeatsCode: null,
    faults: null,
    hasDefaultPassword: null,
    networkAddress: ADDRESS,
  });
});

test('frozen registers do not exist in the family', async () => {
  await expect(connect({}).session.readFrozen(0)).rejects.toMatchObject({ code: 'meter/unsupported' });
  expect(mercury200.freezeRequest(9600)).toBeNull();
});

describe('the inventory', () => {
  test('has unique keys and is read item by item, field by field', async () => {
    const { session } = connect({ '29': '03 91' });
    const items = await session.inventory();
    expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
    expect(items).toContainEqual({ key: 'settings.29', group: 'settings', label: 'battery' });
    const { value, exchanges } = await session.readItem('settings.29');
    expect(value).toContainEqual({ name: 'battery', value: '3.91', unit: 'V', bytes: [5, 2], in: 'response' });
    expect(exchanges).toHaveLength(1);
    await expect(session.readItem('settings.FE')).rejects.toMatchObject({ code: 'api/not-found' });
  });

  test('leaves out what the meter has shown to lack', async () => {
    const { session } = connect({ '27': ENERGY });
    await expect(session.readItem('energy.85')).rejects.toMatchObject({ code: 'meter/unsupported' });
    await session.readRegisters('now', [1]);
    expect((await session.inventory()).map(({ key }) => key)).not.toContain('energy.85');
  });

  test('asks for no item again that the meter has been silent to, in later sessions neither', async () => {
    const { session } = connect({});
    await expect(session.readItem('settings.6A')).rejects.toMatchObject({ code: 'meter/unsupported' });
    const later = connect({}, { memory: session.memory });
    expect((await later.session.inventory()).map(({ key }) => key)).not.toContain('settings.6A');
    await expect(later.session.readItem('settings.6A')).rejects.toMatchObject({ code: 'meter/unsupported' });
    expect(later.link.asked).toEqual([]);
  });

  test('goes on offering a month that is not kept, unless the meter lacks the running one too', async () => {
    const { session } = connect({});
    const months = async () => (await session.inventory()).filter(({ key }) => key.startsWith('archive.38.')).length;
    await expect(session.readItem('archive.38.03')).rejects.toMatchObject({ code: 'meter/unsupported' });
    expect(await months()).toBe(13);
    await expect(session.readItem('archive.38.0F')).rejects.toMatchObject({ code: 'meter/unsupported' });
    expect(await months()).toBe(0);
  });

  test('loses no item to a line that has gone silent once it has answered', async () => {
    const { session } = connect({ '29': (times) => (times === 1 ? '03 91' : null) });
    await session.readItem('settings.29');
    await expect(session.readItem('settings.29')).rejects.toMatchObject({ code: 'transport/timeout' });
    expect((await session.inventory()).map(({ key }) => key)).toContain('settings.29');
  });
});

describe('journals', () => {
  test('of moments are one event each, by the clock of the meter, under the journal that tells it too', async () => {
    const { session } = connect({ '2C': '01 11 24 06 18 04 11', '2B': 'FF FF FF FF FF FF FF' });
    expect(await session.journals()).toEqual([0x2b, 0x2c, 0x34, 0x35, 0x36, 0x61, 0x62]);
    expect((await session.readJournal(0x2c, 0)).value).toEqual({
      events: [{ journal: 0x34, kind: 'power-on', atUtc: Date.UTC(2011, 3, 18, 8, 24, 6) / 1000, details: {} }],
      next: null,
    });
    expect((await session.readJournal(0x2b, 0)).value).toEqual({ events: [], next: null });
  });

  test('of records tell the newest one in one exchange, those of one moment do not', async () => {
    const { link, session } = connect({ '3600': '02 12 30 00 05 06 25 07', '3400': 'FF FF FF FF FF FF FF' });
    const { value, exchanges } = await session.readNewestRecord(0x36);
    expect(value).toContain('"extra":7');
    expect(exchanges).toHaveLength(1);
    expect((await session.readNewestRecord(0x34)).value).toContain('"wall":null');
    expect(await session.readNewestRecord(0x2c)).toEqual({ value: null, exchanges: [] });
    expect(link.asked).toEqual(['3600', '3400']);
  });

  test('of parameters go on until an empty record', async () => {
    const { session } = connect({ '3600': '02 12 30 00 05 06 25 07', '3601': 'FF FF FF FF FF FF FF FF' });
    const first = (await session.readJournal(0x36, 0)).value;
    expect(first).toMatchObject({ next: 1, events: [{ kind: 'parameter-changed', details: { code: 2, parameter: 7 } }] });
    expect((await session.readJournal(0x36, 1)).value).toEqual({ events: [], next: null });
  });
});

describe('a journal whose first byte no document explains', () => {
  const OFF = '12 30 00 05 06 25';
  const ON = '13 00 00 05 06 25';
  const moments = { '2B': `04 ${OFF}`, '2C': `04 ${ON}` };
  const records = { '3400': `07 ${ON}`, '3401': `08 ${OFF}`, '3402': '07 09 00 00 01 01 25', '3403': 'FF FF FF FF FF FF FF' };

  test('is read once the moments of the last switching have proved it', async () => {
    const { link, session } = connect({ ...moments, ...records });
    const kinds: string[] = [];
    for (let step: number | null = 0; step !== null; ) {
      const { value } = await session.readJournal(0x34, step);
      kinds.push(...value.events.map(({ kind, atUtc }) => `${kind} ${isoUtc(atUtc)}`));
      step = value.next;
    }
    expect(kinds).toEqual(['power-on 2025-06-05T10:00:00Z', 'power-off 2025-06-05T09:30:00Z', 'power-on 2025-01-01T06:00:00Z']);
    expect(link.asked).toEqual(['3400', '2B', '2C', '3400', '3401', '3401', '3402', '3403']);
  });

  test('stays unread when nothing proves it, or when one code would mean both', async () => {
    const unproved = connect({ '2B': 'FF FF FF FF FF FF FF', '2C': 'FF FF FF FF FF FF FF', ...records });
    await expect(unproved.session.readJournal(0x34, 0)).rejects.toMatchObject({ code: 'meter/unsupported' });
    const ambiguous = connect({ ...moments, ...records, '3401': `07 ${OFF}` });
    await expect(ambiguous.session.readJournal(0x34, 0)).rejects.toMatchObject({ code: 'meter/unsupported' });
  });

  test('of the relay is no journal of events at all', async () => {
    await expect(connect({}).session.readJournal(0x3a, 0)).rejects.toMatchObject({ code: 'meter/unsupported' });
  });
});

describe('the finder', () => {
  const { finder } = mercury200;

  test('derives both addresses of a serial: the whole of it, then its last six digits', () => {
    expect(finder.addressesOf('06925646')).toEqual([6_925_646, 925_646]);
    expect(finder.addressesOf('41744475')).toEqual([41_744_475, 744_475]);
    expect(finder.addressesOf('411486')).toEqual([411_486]);
    expect(finder.addressesOf('41000000')).toEqual([41_000_000]);
  });

  test('knows no address by heart: only serials lead to a meter', () => {
    expect(finder.addresses).toBeNull();
    expect(finder.universalAddress).toBeNull();
  });

  test('asks for the serial and takes the answer of that address only', () => {
    const request = finder.request(925_646, 9600);
    expect(Buffer.from(request.bytes).toString('hex').toUpperCase()).toBe('000E1FCE2F0292');
    const reply = Uint8Array.from(Buffer.from('000E1FCE2F0069AD4E8CED', 'hex'));
    expect(request.match(reply)).toEqual({ kind: 'frame', frame: reply });
    expect(request.match(framed(925_647, [0x2f, 0, 0x69, 0xad, 0x4e], 4))).toMatchObject({
      kind: 'damaged',
      code: 'transport/wrong-address',
    });
    expect(finder.replies(Uint8Array.from([0xff, ...reply, 0x00]))).toEqual([
      { address: 925_646, serial: '06925646', manufactured: null, offset: 1, length: 11 },
    ]);
  });

  test('waits longer on slower lines', () => {
    expect(finder.timing(9600)).toEqual({ silenceMs: 7, firstByteMs: 300, interByteMs: 7 });
    expect(finder.timing(600)).toEqual({ silenceMs: 100, firstByteMs: 1600, interByteMs: 100 });
  });
});
