import { expect, test } from 'vitest';
import { oneMeter } from './meters.ts';
import { dataOf, hex, profileRecord, request } from './readers.ts';

test('a new address answers at once, and the old one no more', () => {
  const { meter, ask, login } = oneMeter({ family: 'm234' });
  login();
  const old = meter.address;
  const reply = meter.reply(request(old, 0x03, 0x05, 0x40));
  expect(dataOf(reply ?? Uint8Array.of(), 0x40)).toEqual([0]);
  expect([meter.hears(request(old, 0x00)), meter.hears(request(0x40, 0x00))]).toEqual([false, true]);
  expect(ask('08 05')).toEqual([0, 0x40]);
  for (const address of ['00', 'F1', 'FE']) expect(ask(`03 05 ${address}`)).toEqual([1]);
  // The journal of reprogramming has a record of today with code 05 alone.
  expect(hex(ask('04 13 01') ?? [])).toBe('22 11 26 01 20 00 00 00 00 00 00 00');
});

test('the universal address is answered under itself, and writes to it are not', () => {
  const { meter, login } = oneMeter({ family: 'm234' });
  login();
  expect(dataOf(meter.reply(request(0, 0x08, 0x05)) ?? Uint8Array.of(), 0)).toEqual([0, meter.address]);
  expect(meter.reply(request(0, 0x03, 0x05, 0x40))).toBeNull();
});

test('writes need level 2 but for address, correction and password; a wrong length gets no answer', () => {
  const { ask, login } = oneMeter({ family: 'm234d' });
  const writes = [
    '03 00 1E 00',
    '03 06 05 00',
    '03 14 00',
    '03 15 00',
    '03 18 01',
    '03 1B 00 01 00 01',
    '03 31 01',
    '03 2C 00 01 F4',
    '03 21',
  ];
  for (const body of writes) expect(ask(body), body).toEqual([5]);
  login();
  for (const body of writes) expect(ask(body), body).toEqual([3]);
  login(2);
  for (const body of writes) expect(ask(body), body).toEqual([0]);
  for (const body of ['03 00 1E', '03 05', '03 0C 00', '03 18', '03 1B 00 01']) expect(ask(body), body).toBeNull();
});

test('a period above the limit of the firmware is refused, another one begins a record of its own', async () => {
  const [recent, old] = [oneMeter({ family: 'm234' }), oneMeter({ family: 'm230' })];
  recent.login(2);
  old.login(2);
  expect(recent.ask('03 00 46 00')).toEqual([1]);
  expect(old.ask('03 00 3C 00')).toEqual([1]);
  expect(recent.ask('03 00 3C 00')).toEqual([0]);
  await recent.clock.advance(2 * 3_600_000);
  recent.login();
  expect(profileRecord(recent.ask('06 03 0F 20 0F') ?? [])).toMatchObject({ stamp: '2026-11-22 14:00', periodMin: 60 });
  expect(profileRecord(recent.ask('06 03 0F 00 0F') ?? [])).toMatchObject({ stamp: '2026-11-22 12:00', periodMin: 30 });
});

test('initialisation wipes the profile, takes two minutes and stands in its journal', async () => {
  const { ask, login, clock } = oneMeter({ family: 'm234' }, { at: '2026-11-22T09:10:00Z' });
  login(2);
  expect(ask('03 00 1E 01')).toEqual([0]);
  expect(hex(ask('08 13') ?? [])).toBe('00 00 04 00 00 00 00 00 1E');
  expect(profileRecord(ask('06 03 00 10 0F') ?? [])).toBeNull();
  expect(profileRecord(ask('06 03 0F 00 0F') ?? [])).toBeNull();
  expect(hex(ask('04 0A 01') ?? [])).toBe('00 10 12 22 11 26');
  await clock.advance(20 * 60_000);
  login();
  expect(hex(ask('08 13') ?? [])).toBe('00 01 0A 12 30 22 11 26 1E');
  expect(profileRecord(ask('06 03 00 10 0F') ?? [])).toMatchObject({ stamp: '2026-11-22 12:30' });
});

test('link parameters come into force a second after the reply: at another speed the meter is gone', async () => {
  const { meter, ask, login, clock } = oneMeter({ family: 'm230' });
  login(2);
  expect(ask('03 15 06 01')).toEqual([1]);
  expect(ask('03 15 03 02')).toEqual([0]);
  const hears = () => meter.hears(request(meter.address, 0x00));
  expect(hears()).toBe(true);
  await clock.advance(1000);
  expect(hears()).toBe(false);
  expect(ask('08 1D')).toEqual([0, 2]);
});

test('in the mode that repeats the code every reply begins with it', async () => {
  const { meter, ask, login, clock } = oneMeter({ family: 'm234' });
  login(2);
  expect(ask('03 15 80')).toEqual([0]);
  await clock.advance(1000);
  expect(dataOf(meter.reply(request(meter.address, 0x08, 0x05)) ?? Uint8Array.of(), meter.address)).toEqual([0x08, 0, meter.address]);
  expect(dataOf(meter.reply(request(meter.address, 0x00)) ?? Uint8Array.of(), meter.address)).toEqual([0x00, 0x80]);
});

test('settings read back as they were written, words low byte first that went out high byte first', () => {
  const { ask, login } = oneMeter({ family: 'm234d' });
  login(2);
  for (const [write, read, data] of [
    ['03 1B 00 3C 00 78', '08 02', '00 3C 00 78'],
    ['03 18 00', '08 09', '00 00'],
    ['03 26 01 2C', '08 08', '2C 01'],
    ['03 2C 00 01 F4', '08 19', '00 F4 01'],
    ['03 2E 02 00 01 E2 40', '08 1A 02', '01 00 40 E2'],
    ['03 31 01', '08 18', '08 0A'],
  ] as const) {
    expect(ask(write), write).toEqual([0]);
    expect(hex(ask(read) ?? []), read).toBe(data);
  }
});

test('a changed password opens, the old one does not', () => {
  const { ask, login } = oneMeter({ family: 'm234' });
  login();
  expect(ask('03 1F 01 02 02 02 02 02 02 03 03 03 03 03 03')).toEqual([3]);
  expect(ask('03 1F 01 01 01 01 01 01 01 03 03 03 03 03 03')).toEqual([0]);
  expect(ask('01 01 01 01 01 01 01 01')).toEqual([3]);
  expect(ask('01 01 03 03 03 03 03 03')).toEqual([0]);
});

test('a restart is not answered and takes two seconds and the channel', async () => {
  const { ask, login, clock } = oneMeter({ family: 'm234' });
  login(2);
  expect(ask('03 16')).toBeNull();
  expect(ask('08 00')).toBeNull();
  await clock.advance(2000);
  expect(ask('08 00')).toHaveLength(7);
  expect(ask('08 05')).toEqual([5]);
});
