import { describe, expect, test } from 'vitest';
import { data, framed, meterSettings, ScriptedLink } from '../scripted-link.ts';
import { mercury23x } from '../../../../src/main/drivers/mercury-23x/driver.ts';
import { connectTo, passport, SERIAL } from './meter.ts';

const HEAD = data('00 21 08 12 00 22 11 26 1E');

describe('the configuration', () => {
  const ANSWERS = {
    '0802': data('00 01 00 78'),
    '0813': HEAD,
    '0809': data('84 29'),
    '080A': data('00 00 00 00 41 00'),
    '0805': data('00 12'),
  };

  test('is read setting by setting', async () => {
    const { link, session } = connectTo(ANSWERS);
    const { value, exchanges } = await session.readConfiguration();
    expect(value).toEqual({
      firmware: '9.0.0',
      constantImpPerKwh: 1000,
      hasProfile: true,
      profilePeriodMin: 30,
      ringSlots: 8192,
      readsBatches: true,
      switchesSeason: false,
      sumsByModulus: true,
      ratioVt: 1,
      ratioCt: 120,
      repeatsCode: false,
      faults: ['E-01', 'E-07'],
      hasDefaultPassword: true,
      networkAddress: 18,
    });
    expect(link.asked).toEqual(['080100', '0802', '0813', '0809', '080A', '0805']);
    expect(exchanges).toHaveLength(6);
  });

  test('is null where the meter does not say, and is not asked for again', async () => {
    const { link, session } = connectTo({ '080100': passport('02 01 00', 'B4 44 C2 94 00 00') });
    expect((await session.readConfiguration()).value).toMatchObject({
      hasProfile: false,
      profilePeriodMin: null,
      readsBatches: false,
      switchesSeason: null,
      ratioVt: null,
      faults: null,
      networkAddress: null,
    });
    const asked = link.asked.length;
    await session.readConfiguration();
    expect(link.asked.length).toBe(asked);
  });

  test('of what needs another level is null, of a refused password is denied', async () => {
    expect((await connectTo({ ...ANSWERS, '0809': [3] }).session.readConfiguration()).value.switchesSeason).toBeNull();
    const denied = connectTo({ '0802': [5], '0101010101010101': [3], '0101313131313131': [3] });
    await expect(denied.session.readConfiguration()).rejects.toMatchObject({ code: 'session/denied' });
  });

  test('knows the factory password in either form', async () => {
    const has = async (bytes: string) =>
      (await connectTo(ANSWERS, { password: { bytes: Uint8Array.from(data(bytes)) } }).session.readConfiguration()).value
        .hasDefaultPassword;
    expect([await has('010101010101'), await has('313131313131'), await has('020202020202')]).toEqual([true, true, false]);
  });
});

describe('a meter that repeats request codes', () => {
  test.each([
    ['by one more byte', { raw: framed(18, [0x08, ...data(SERIAL)]) }],
    ['by a status of 8x', [0x80]],
  ])('is named with what to do, and remembered: %s', async (_, reply) => {
    const { session } = connectTo({ '0800': reply });
    await expect(session.identify()).rejects.toMatchObject({ code: 'meter/unsupported', hint: expect.stringContaining('bit 7') });
    expect(session.memory).toEqual({ repeatsCode: true });
  });

  test('is not taken for one by a single late reply that begins with the code', async () => {
    const { link, session } = connectTo({
      '0800': (times) => (times === 1 ? { raw: framed(18, data('08 00 12 07 22 11 26 01')) } : data(SERIAL)),
    });
    expect((await session.identify()).value.serial).toBe('12345618');
    expect(link.asked).toEqual(['0800', '0800']);
    expect(session.memory.repeatsCode).toBeUndefined();
  });

  test('is no reason to remember a command as missing', async () => {
    const { session } = connectTo({ '080100': { raw: framed(18, [0x08, ...passport()]) } });
    await expect(session.describe()).rejects.toMatchObject({ code: 'meter/unsupported', context: { repeatsCode: true } });
    expect(session.memory.unsupported).toBeUndefined();
  });

  test('is forgotten once it answers as others do', async () => {
    const { session } = connectTo({}, { memory: { repeatsCode: true } });
    await session.identify();
    expect(session.memory.repeatsCode).toBe(false);
  });
});

describe('frozen registers', () => {
  const ENERGY = data('00 00 2C 01 FF FF FF FF 00 00 01 00 FF FF FF FF');
  const TIME = data('00 30 12 07 22 11 26 01');

  test('come with the time of their freeze', async () => {
    const { link, session } = connectTo({ '0814E0': TIME, '0814F2': ENERGY });
    const { value } = await session.readFrozen(2);
    const at = Date.UTC(2026, 10, 22, 9, 30) / 1000;
    expect(value).toEqual({
      frozenAtUtc: at,
      reading: { kind: 'now', momentUtc: at, tariff: 2, energy: { 'A+': 300, 'A-': null, 'R+': 1, 'R-': null } },
      method: 'freeze',
    });
    expect(link.asked).toEqual(['0814E0', '0814F2']);
  });

  test('of firmware without a freeze are those of now, and the freeze is not asked for again', async () => {
    const { link, session } = connectTo({ '050000': ENERGY });
    expect((await session.readFrozen(0)).value).toMatchObject({ frozenAtUtc: null, method: 'timed', reading: { energy: { 'A+': 300 } } });
    await session.readFrozen(0);
    expect(link.asked).toEqual(['0814E0', '050000', '050000']);
    expect(session.memory.unsupported).toEqual(['frozen-time']);
  });

  test('of a meter that was never frozen are those of now, and it is asked again', async () => {
    const { session } = connectTo({ '0814E0': data('00 '.repeat(8)), '050000': ENERGY });
    expect((await session.readFrozen(0)).value.method).toBe('timed');
    expect(session.memory.unsupported).toBeUndefined();
  });

  test('are made by a broadcast that nobody answers', () => {
    const request = mercury23x.freezeRequest(9600);
    expect(request).toMatchObject({ bytes: framed(0xfe, [0x03, 0x08]), replyBytes: 0 });
  });
});

describe('the inventory', () => {
  test('has a unique and stable key for everything, and a command behind each', async () => {
    const { session } = connectTo({ '080100': passport('09 00 00', 'B4 64 C2 95 FF 78', '4C') });
    const items = await session.inventory();
    expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
    for (const key of [
      'parameter.0A',
      'energy.3.7.0',
      'energy.6.0.0',
      'archive.18.0.2026-11-22.0',
      'archive.18.1.2026-11-01.4',
      'second-profile.last',
    ])
      expect(items.map((item) => item.key)).toContain(key);
    expect(items.find(({ key }) => key === 'energy.3.7.0')).toEqual({
      key: 'energy.3.7.0',
      group: 'energy',
      label: 'energy array 3 month 7 tariff 0',
    });
  });

  test('of an old 230 names nothing that only newer meters know', async () => {
    const { session } = connectTo({ '080100': passport('02 01 00', 'B4 64 C2 94 00 00') });
    const keys = (await session.inventory()).map(({ key }) => key);
    expect(
      keys.filter((key) => /^(archive|maxima|quadrants|dips|second)|energy\.(6|0\.0\.6)|parameter\.(1[B-F]|2[4-F])/.test(key)),
    ).toEqual([]);
    expect(keys).toContain('parameter.0A');
  });

  test('sends what disturbs no meter: no write, no record by its address', async () => {
    const link = new ScriptedLink(18, (body) => (body === '080100' ? passport('09 00 00', 'B4 64 C2 95 FF 78', '4C') : [2]));
    const session = mercury23x.connect(link, meterSettings(), () => link.nowMs);
    const items = await session.inventory();
    for (const { key } of items) await session.readItem(key).catch(() => null);
    expect(link.asked.length).toBeGreaterThan(items.length - 2);
    expect(items.length).toBeGreaterThan(1000);
    expect([...new Set(link.asked)].filter((body) => /^(0[0-367]|16)/.test(body))).toEqual(['1605000001']);
  });

  test('gives the fields of an item', async () => {
    const { session } = connectTo({ '080A': data('00 00 00 00 04 00') });
    const { value, exchanges } = await session.readItem('parameter.0A');
    expect(value).toContainEqual({ name: 'status_word.faults', value: 'E-03', unit: null, bytes: [1, 6], in: 'response' });
    expect(exchanges).toHaveLength(1);
  });

  test('no longer names what the meter has answered that it lacks', async () => {
    const { session } = connectTo({});
    await expect(session.readItem('energy.0.0.5')).rejects.toMatchObject({ code: 'meter/unsupported' });
    const keys = (await session.inventory()).map(({ key }) => key);
    expect(keys).not.toContain('energy.0.0.5');
    expect(keys).toContain('energy.0.0.4');
  });

  test('has no other keys', async () => {
    await expect(connectTo({}).session.readItem('energy.7.0.0')).rejects.toMatchObject({ code: 'api/not-found' });
  });

  test('reads the second profile by its descriptor where the relative read is unknown', async () => {
    const { link, session } = connectTo({
      '080100': passport('09 00 00', 'B4 64 C2 95 FF 78'),
      '0815': data('00 21 18 12 00 22 11 26 03'),
      '060502100F': data('18 12 00 22 11 26 03 01 00 FF FF 02 00 FF FF'),
    });
    const { value } = await session.readItem('second-profile.last');
    expect(value).toContainEqual(expect.objectContaining({ name: 'record.count.A+', value: '1' }));
    expect(link.asked.slice(1)).toEqual(['1605000001', '0815', '060502100F']);
  });
});

test('the newest record of a ring that neither meaning of the address fits is found relative to itself', async () => {
  const record = (stamp: string) => data(`08 ${stamp} 1E 01 00 FF FF 02 00 FF FF`);
  const link = new ScriptedLink(18, (body) => {
    if (body === '080100') return passport();
    if (body === '0813') return data('00 20 08 12 00 22 11 26 1E');
    if (body === '1603000001') return record('12 00 22 11 26');
    if (body === '1603000301') return record('10 30 22 11 26');
    return record('01 00 01 01 20');
  });
  const session = mercury23x.connect(link, meterSettings(), () => link.nowMs);
  const { value: head } = await session.readProfileHead();
  expect(head).toMatchObject({ maxBatch: 1, newestStartUtc: Date.UTC(2026, 10, 22, 8, 30) / 1000 });
  expect((await session.readProfile(head, 3, 17)).value).toMatchObject([
    { slotsBack: 3, interval: { startUtc: Date.UTC(2026, 10, 22, 7) / 1000 } },
  ]);
  expect(session.memory.profileAddressing).toBe('relative');
});
