import { expect, test } from 'vitest';
import { oneMeter } from './meters.ts';
import { energies, energy, hex, profileRecord } from './readers.ts';

const NOV_22_NOON = '2026-11-22T09:00:00Z';

test('the serial is four bytes of two digits each, the date binary', () => {
  const { ask, meter } = oneMeter({ family: 'm234' });
  const data = ask('08 00') ?? [];
  expect(
    data
      .slice(0, 4)
      .map((byte) => String(byte).padStart(2, '0'))
      .join(''),
  ).toBe(meter.spec.serial);
  const [day = 0, month = 0, year = 0] = data.slice(4);
  expect(day >= 1 && day <= 28 && month >= 1 && month <= 12 && year >= 12 && year <= 24).toBe(true);
});

test('passports repeat the serial and add firmware and variant', () => {
  const { ask, login } = oneMeter({ family: 'm234', connection: 'vt' });
  login();
  const serial = ask('08 00') ?? [];
  const short = ask('08 01') ?? [];
  const long = ask('08 01 00') ?? [];
  expect(short).toHaveLength(16);
  expect(long).toHaveLength(24);
  expect(short.slice(0, 7)).toEqual(serial);
  expect(short.slice(7, 10)).toEqual(ask('08 03'));
  expect(short.slice(10)).toEqual(ask('08 12'));
  expect(long.slice(0, 16)).toEqual(short);
  expect(ask('08 03')).toEqual([9, 0, 0]);
  // 0.5S/1.0, 57.7 V, 5 A; two directions, profile, three phases, A = 5000; 128 KiB, RS-485.
  const [first = 0, second = 0, , fourth = 0] = ask('08 12') ?? [];
  expect((first >> 2) & 3).toBe(0);
  expect(second & 0x0f).toBe(0);
  expect(second & 0x20).toBe(0x20);
  expect(second & 0x10).toBe(0);
  expect(second & 0x80).toBe(0);
  expect(fourth & 0x80).toBe(0x80);
  expect((fourth >> 2) & 3).toBe(1);
});

test('the variant tells constant, directions and ring of each connection', () => {
  const variant = (wanted: Parameters<typeof oneMeter>[0]) => {
    const { ask, login } = oneMeter(wanted);
    login();
    const [first = 0, second = 0, , fourth = 0] = ask('08 12') ?? [];
    return {
      isUn230: ((first >> 2) & 3) === 1,
      constant: [5000, 25000, 1250, 500, 1000, 250][second & 0x0f],
      isOneWay: second >= 0x80,
      is128: fourth >= 0x80,
    };
  };
  expect(variant({ family: 'm236', connection: 'direct' })).toEqual({ isUn230: true, constant: 500, isOneWay: true, is128: true });
  expect(variant({ family: 'm230', connection: 'ct', isTwoWay: false })).toEqual({
    isUn230: true,
    constant: 1000,
    isOneWay: true,
    is128: false,
  });
  expect(variant({ family: 'm234', connection: 'vt' })).toEqual({ isUn230: false, constant: 5000, isOneWay: false, is128: true });
});

test('old firmware has no long passport, no all-tariff read and a status word of five bytes', () => {
  const { ask, login } = oneMeter({ family: 'm230old' });
  login();
  expect(ask('08 03')).toEqual([2, 1, 0]);
  expect(ask('08 01')).toHaveLength(16);
  expect(ask('08 01 00')).toEqual([1]);
  expect(ask('05 00 06')).toEqual([1]);
  expect(ask('08 0A')).toHaveLength(5);
});

test('address and ratios are what the plant built', () => {
  const { ask, login, meter } = oneMeter({ family: 'm234', connection: 'vt' });
  login();
  expect(ask('08 05')).toEqual([0, meter.spec.address]);
  expect(ask('08 02')).toEqual([0, 60, 0, 60]);
});

test('the clock shows the wall of UTC+3 in BCD with Monday 1 and winter 1', async () => {
  const { ask, login, clock } = oneMeter({ family: 'm230' }, { at: '2026-11-22T20:59:58Z' });
  login();
  expect(hex(ask('04 00') ?? [])).toBe('58 59 23 07 22 11 26 01');
  await clock.advance(2000);
  expect(hex(ask('04 00') ?? [])).toBe('00 00 00 01 23 11 26 01');
});

test('registers of kinds that are not kept are all ones', () => {
  const { ask, login } = oneMeter({ family: 'm230', isTwoWay: false });
  login();
  const [active, activeBack, reactive, reactiveBack] = energies(ask('05 00 00') ?? []);
  expect([activeBack, reactiveBack]).toEqual([null, null]);
  expect((active ?? 0) > 0 && (reactive ?? 0) > 0).toBe(true);
});

test('tariff 6 brings T1 T2 T3 T4 and the sum as the single reads do', () => {
  const { ask, login } = oneMeter({ family: 'm234' });
  login();
  const all = ask('05 00 06') ?? [];
  expect(all).toHaveLength(80);
  [1, 2, 3, 4, 0].forEach((tariff, place) => expect(energies(all, place * 16)).toEqual(energies(ask(`05 00 0${tariff}`) ?? [])));
  const [first, second, , , sum] = [0, 16, 32, 48, 64].map((offset) => energy(all, offset) ?? 0);
  expect((first ?? 0) + (second ?? 0)).toBe(sum);
});

test('frozen readings and running amounts agree with each other', () => {
  const { ask, login } = oneMeter({ family: 'm234' });
  login();
  const active = (body: string) => energy(ask(body) ?? [], 0) ?? Number.NaN;
  expect(active('05 C0 00') + active('05 40 00')).toBe(active('05 00 00'));
  expect(active('05 D0 00') + active('05 50 00')).toBe(active('05 C0 00'));
  expect(active('05 90 00') + active('05 10 00')).toBe(active('05 00 00'));
  expect(active('05 A0 00') + active('05 20 00')).toBe(active('05 90 00'));
  expect(active('05 BB 00') + active('05 3B 00')).toBe(active('05 00 00'));
  // October ended where November began; December is last year's.
  expect(active('05 BA 00') + active('05 3A 00')).toBe(active('05 BB 00'));
  expect(active('05 BC 00') + active('05 3C 00')).toBe(active('05 90 00'));
  expect(active('05 40 00')).toBeGreaterThan(0);
});

test('energy by phases sums to the register and exists on new meters only', () => {
  const { ask, login } = oneMeter({ family: 'm234' });
  login();
  const data = ask('05 60 00') ?? [];
  expect(data).toHaveLength(12);
  const sum = [0, 4, 8].reduce((total, offset) => total + (energy(data, offset) ?? Number.NaN), 0);
  expect(Math.abs(sum - (energy(ask('05 00 00') ?? [], 0) ?? 0))).toBeLessThanOrEqual(2);
  expect(ask('05 60 06')).toHaveLength(60);
  const old = oneMeter({ family: 'm230' });
  old.login();
  expect(old.ask('05 60 00')).toEqual([1]);
});

test('day-start registers differ by the sum of the slots between them', () => {
  for (const family of ['m234', 'm230', 'm230old', 'm236', 'm234d'] as const) {
    const { ask, login, meter } = oneMeter({ family }, { at: NOV_22_NOON });
    login();
    const today = energies(ask('05 C0 00') ?? []);
    const yesterday = energies(ask('05 D0 00') ?? []);
    const sums = [0, 0, 0, 0];
    // 12:00 is record 240 of five days: the records of 21.11 are 169..216.
    for (let record = 169; record <= 216; record += 1) {
      const address = record * 16;
      const read = profileRecord(ask(`06 03 ${hex([address >> 8, address & 0xff])} 0F`) ?? []);
      expect(read?.stamp.startsWith('2026-11-21') || read?.stamp === '2026-11-22 00:00').toBe(true);
      read?.counts.forEach((count, channel) => {
        sums[channel] = (sums[channel] ?? 0) + (count ?? 0);
      });
    }
    expect(sums[0]).toBeGreaterThan(0);
    today.forEach((register, channel) => {
      if (register === null) return;
      const exact = ((sums[channel] ?? 0) * 1000) / (2 * meter.spec.connection.constant);
      expect(Math.abs(register - (yesterday[channel] ?? 0) - exact), `${family} ${channel}`).toBeLessThan(1);
    });
  }
});

test('a freeze needs no channel and keeps time and energy until the next one', async () => {
  const { ask, login, clock, meter } = oneMeter({ family: 'm230' });
  expect(ask('03 08')).toEqual([0]);
  const frozen = [0, 1, 2, 3, 4].map((tariff) => meter.ledger.registers(meter.wall(), tariff));
  await clock.advance(3_600_000);
  login();
  expect(hex(ask('08 14 E0') ?? [])).toBe('00 00 12 07 22 11 26 01');
  frozen.forEach((registers, tariff) => {
    expect(energies(ask(`08 14 F${tariff}`) ?? [])).toEqual([registers?.['A+'], registers?.['A-'], registers?.['R+'], registers?.['R-']]);
  });
  expect(ask('05 00 00')).not.toEqual(ask('08 14 F0'));
  // P, Q, S in four bytes each: more than the three of a running value.
  expect(ask('08 14 00')).toHaveLength(16);
  expect(ask('08 14 70')).toEqual([1]);
});

test('before its first broadcast a meter shows what was frozen when it was installed', () => {
  const { ask, login, meter } = oneMeter({ family: 'm230' });
  login();
  expect(hex(ask('08 14 E0') ?? [])).toBe('00 00 12 02 17 11 26 01');
  expect(energy(ask('08 14 F0') ?? [], 0)).toBe(meter.ledger.registers(meter.historyFrom, 0)?.['A+']);
});
