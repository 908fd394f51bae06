import { expect, test } from 'vitest';
import { oneMeter } from './meters.ts';
import { energies, energy, hex, profileRecord, triple } from './readers.ts';

test('readings by date are those of the days, and beyond the archive absent', () => {
  const { ask, login } = oneMeter({ family: 'm236' });
  login();
  expect(ask('18 00 22 11 26 00')).toEqual(ask('05 C0 00'));
  expect(ask('18 00 21 11 26 01')).toEqual(ask('05 D0 01'));
  expect(ask('18 01 15 11 26 00')).toEqual(ask('05 BB 00'));
  expect(energies(ask('18 00 23 11 26 00') ?? [])).toEqual([null, null, null, null]);
  expect(energies(ask('18 00 01 07 26 00') ?? [])).toEqual([null, null, null, null]);
  expect(energies(ask('18 02 22 11 26 00') ?? [])[0]).toBe(energies(ask('05 C0 00') ?? [])[2]);
});

test('the code of archives is refused where none are kept, and not known to old firmware', () => {
  const [recent, old] = [oneMeter({ family: 'm234' }), oneMeter({ family: 'm230' })];
  recent.login();
  old.login();
  expect(recent.ask('18 00 22 11 26 00')).toEqual([1]);
  expect(old.ask('18 00 22 11 26 00')).toBeNull();
  expect(old.ask('16 03 00 00 01')).toBeNull();
});

test('quadrants of the plant are the first and the fourth', () => {
  const { ask, login } = oneMeter({ family: 'm234', load: 'compensatedInput' });
  login();
  const [, , taken, given] = energies(ask('05 00 00') ?? []);
  expect(energies(ask('15 00 00') ?? [])).toEqual([taken, 0, 0, given]);
});

test('technical losses are a fiftieth, and tariff 6 brings them behind the sum', () => {
  const { ask, login } = oneMeter({ family: 'm236' });
  login();
  const sum = energy(ask('05 00 00') ?? [], 0) ?? Number.NaN;
  expect(energy(ask('05 00 05') ?? [], 0)).toBe(Math.floor(sum / 50));
  expect(ask('05 00 06')?.slice(80)).toEqual(ask('05 00 05'));
});

test('the maximum of a month needs level 2 and names a half-hour of the profile', () => {
  const { ask, login, meter } = oneMeter({ family: 'm234' });
  login();
  expect(ask('17 3B 00')).toEqual([3]);
  login(2);
  const [timeLow = 0, timeHigh = 0, low = 0, high = 0] = ask('17 3B 00') ?? [];
  const packed = timeHigh * 256 + timeLow;
  const end = Date.UTC(2026, 10, packed >> 11, (packed >> 6) & 31, packed & 63) / 1000;
  const slots = Array.from({ length: 21 * 48 + 24 }, (_, index) => Date.UTC(2026, 10, 1) / 1_800_000 + index);
  const counts = slots.map((slot) => meter.ledger.slot(slot)[0]);
  expect(high * 256 + low).toBe(Math.max(...counts));
  expect(meter.ledger.slot(end / 1800 - 1)[0]).toBe(high * 256 + low);
});

test('the relative read counts back from the newest record, oldest first', async () => {
  const { ask, login } = oneMeter({ family: 'm234' });
  login();
  const data = ask('16 03 00 02 03') ?? [];
  expect(data).toHaveLength(45);
  expect([0, 15, 30].map((offset) => profileRecord(data, offset)?.stamp)).toEqual([
    '2026-11-22 10:00',
    '2026-11-22 10:30',
    '2026-11-22 11:00',
  ]);
  expect(ask('16 03 00 00 01')).toEqual(ask('06 03 0F 00 0F'));
  expect(ask('16 03 00 00 11')).toHaveLength(255);
  expect(ask('16 03 00 00 12')).toEqual([2]);
});

test('single channels of the profile come as eight averages', () => {
  const { ask, login } = oneMeter({ family: 'm230' });
  login();
  const eight = ask('06 13 0E 90 10') ?? [];
  expect(eight).toHaveLength(16);
  const records = Array.from({ length: 8 }, (_, index) =>
    profileRecord(ask(`06 03 ${hex([(233 + index) >> 4, ((233 + index) << 4) & 0xff])} 0F`) ?? []),
  );
  expect(records.map((record) => record?.counts[0])).toEqual(
    Array.from({ length: 8 }, (_, index) => (eight[index * 2] ?? 0) + (eight[index * 2 + 1] ?? 0) * 256),
  );
});

test('the second profile holds five minutes where the variant has one', () => {
  const { ask, login } = oneMeter({ family: 'm234d' });
  login();
  const head = ask('08 15') ?? [];
  expect(hex(head.slice(2))).toBe('18 12 00 22 11 26 05');
  // 1440 records of five days; six of them are the half-hour of the main profile.
  const six = [1435, 1436, 1437, 1438, 1439, 1440].map((number) =>
    profileRecord(ask(`06 05 ${hex([number >> 4, (number << 4) & 0xff])} 0F`) ?? []),
  );
  const main = profileRecord(ask('06 03 0F 00 0F') ?? []);
  expect(six.map((record) => record?.periodMin)).toEqual([5, 5, 5, 5, 5, 5]);
  expect(six.reduce((sum, record) => sum + (record?.counts[0] ?? 0), 0)).toBe(main?.counts[0]);
  const without = oneMeter({ family: 'm234' });
  without.login();
  expect(without.ask('08 15')).toEqual([1]);
});

test('an hourly profile holds the sums of two half-hours', () => {
  const { ask, login, meter } = oneMeter({ family: 'm234', periodMin: 60 });
  login();
  const record = profileRecord(ask('06 03 07 80 0F') ?? []);
  const hour = Date.parse('2026-11-22T11:00:00Z') / 1_800_000;
  expect(record).toMatchObject({ stamp: '2026-11-22 12:00', periodMin: 60 });
  expect(record?.counts[0]).toBe(meter.ledger.slot(hour)[0] + meter.ledger.slot(hour + 1)[0]);
});

test('types without a profile refuse it and keep what a broadcast froze, the plainest do not know freezing either', async () => {
  const { meter, ask, login, clock } = oneMeter({ family: 'm230frozen' }, { at: '2026-11-22T09:30:00Z' });
  login();
  expect((ask('08 12')?.[1] ?? 0xff) & 0x20).toBe(0);
  for (const body of ['08 13', '06 03 00 10 0F']) expect(ask(body), body).toEqual([1]);
  const frozen = meter.ledger.registers(meter.clock.run(), 1);
  meter.obey(Uint8Array.of(0x03, 0x08));
  await clock.advance(60_000);
  expect(hex(ask('08 14 E0') ?? [])).toBe('00 30 12 07 22 11 26 01');
  expect(energies(ask('08 14 F1') ?? [])[0]).toBe(frozen?.['A+']);
  // E-40: a broadcast was received.
  expect(hex(ask('08 0A') ?? [])).toBe('80 00 00 00 00 00');
  const plain = oneMeter({ family: 'm230plain' });
  plain.login();
  plain.meter.obey(Uint8Array.of(0x03, 0x08));
  for (const body of ['03 08', '08 14 E0', '08 14 F0', '08 13']) expect(plain.ask(body), body).toEqual([1]);
  expect(plain.ask('05 00 00')).toHaveLength(16);
  expect(plain.ask('08 0A')).toHaveLength(4);
});

test('a single-phase meter shows one voltage, its phase wire and its neutral', () => {
  const { ask, login } = oneMeter({ family: 'm204' });
  login();
  expect((ask('08 12')?.[1] ?? 0) & 0x10).toBe(0x10);
  const voltages = ask('08 16 11') ?? [];
  expect(triple(voltages, 0)).toBeGreaterThan(22000);
  expect([triple(voltages, 3), triple(voltages, 6)]).toEqual([null, null]);
  const currents = ask('08 16 21') ?? [];
  expect(triple(currents, 0)).toBe(triple(currents, 3));
  expect(triple(currents, 6)).toBeNull();
  expect(ask('08 11 20')).toEqual([0, 0, 0]);
});

test('every parameter of the document has its length, and firmware decides which there are', () => {
  const { ask, login } = oneMeter({ family: 'm234d' });
  login();
  const lengths = {
    '04': 2,
    '07': 6,
    '08': 2,
    '09': 2,
    '0B': 4,
    '17': 2,
    '18': 2,
    '19': 3,
    '1B': 8,
    '1C': 4,
    '1D': 2,
    '20': 16,
    '21': 2,
    '24': 2,
    '26': 2,
    '2B': 2,
    '2D': 2,
    '2F': 16,
  };
  for (const [parameter, length] of Object.entries(lengths)) expect(ask(`08 ${parameter}`), parameter).toHaveLength(length);
  const withArgument = { '08 00': 5, '0C 02': 8, '0D 0B': 16, '12 00': 12, '1A 01': 4, '22 00 00 01': 16, '23 01': 4 };
  for (const [parameter, length] of Object.entries(withArgument)) expect(ask(`08 ${parameter}`), parameter).toHaveLength(length);
  expect(hex(ask('08 0C 02') ?? [])).toBe('00 09 00 11 00 18 00 20');
  const old = oneMeter({ family: 'm230old' });
  old.login();
  for (const parameter of ['20', '24', '26', '2D', '2F', '0C 02']) expect(old.ask(`08 ${parameter}`), parameter).toEqual([1]);
});
