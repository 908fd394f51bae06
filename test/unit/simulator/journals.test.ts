import { expect, test } from 'vitest';
import { oneMeter } from './meters.ts';
import { hex } from './readers.ts';

const EMPTY_6 = '00 00 00 00 00 00';

test('the first records of a meter are what its installer did', () => {
  const { ask, login } = oneMeter({ family: 'm234' });
  login();
  const read = (journal: string, slot = '00') => hex(ask(`04 ${journal} ${slot}`) ?? []);
  // Five days ago: switched on and still on; case opened and closed, profile initialised, three writes.
  expect(read('01')).toBe(`00 00 12 17 11 26 ${EMPTY_6}`);
  expect(read('03')).toBe(`00 00 12 17 11 26 ${EMPTY_6}`);
  expect(read('0A')).toBe('00 00 12 17 11 26');
  expect(read('12', '05')).toBe('00 50 11 17 11 26 00 00 12 17 11 26');
  // Codes 05, 1B and 1D: bits 5 of the first, 3 and 5 of the fourth byte.
  expect(read('13')).toBe('17 11 26 03 20 00 00 28 00 00 00 00');
  expect(read('0A', '01')).toBe(EMPTY_6);
  expect(read('07')).toBe('00 00 12 17 11 26');
});

test('every outage has its times in the journal of power, which keeps the last ten', async () => {
  const { meter, ask, login, clock } = oneMeter({ family: 'm234' });
  for (let count = 0; count < 11; count += 1) {
    await clock.advance(60_000);
    meter.cutSupply();
    await clock.advance(60_000);
    meter.restoreSupply();
  }
  login();
  // Twelve records: the last two took the places of the first two.
  expect(hex(ask('04 01 00') ?? [])).toBe('00 20 12 22 11 26 00 21 12 22 11 26');
  expect(hex(ask('04 01 01') ?? [])).toBe(`00 22 12 22 11 26 ${EMPTY_6}`);
  expect(hex(ask('04 01 02') ?? [])).toBe('00 04 12 22 11 26 00 05 12 22 11 26');
  expect(hex(ask('04 01 FF') ?? [])).toBe(`00 22 12 22 11 26 ${EMPTY_6} 01`);
  const all = ask('04 01 FE') ?? [];
  expect(all).toHaveLength(120);
  for (let slot = 0; slot < 10; slot += 1) expect(all.slice(slot * 12, slot * 12 + 12)).toEqual(ask(`04 01 0${slot}`));
});

test('old firmware reads the last record, older firmware single slots only', () => {
  const [old, plain] = [oneMeter({ family: 'm230old' }), oneMeter({ family: 'm230plain' })];
  old.login();
  plain.login();
  expect(old.ask('04 01 FF')).toHaveLength(13);
  expect(old.ask('04 01 FE')).toEqual([1]);
  expect(plain.ask('04 01 00')).toHaveLength(12);
  expect(plain.ask('04 01 FF')).toEqual([1]);
});

test('what firmware and variant do not have is refused', () => {
  const { ask, login } = oneMeter({ family: 'm230' });
  login();
  for (const journal of ['20', '30', '1A', '80', '86', '87', '1B', '00']) expect(ask(`04 ${journal} 00`), journal).toEqual([1]);
  expect(ask('04 15 00')).toHaveLength(6);
  expect(oneMeter({ family: 'm234' }).ask('04 01 00')).toEqual([5]);
});

test('a lost phase is in the journals of voltage, current and quality until it comes back', async () => {
  const { meter, ask, login, clock } = oneMeter({ family: 'm234d' });
  await clock.advance(60_000);
  meter.wire({ lost: [2] });
  login();
  expect(hex(ask('04 04 00') ?? [])).toBe('00 00 12 17 11 26 00 01 12 22 11 26');
  expect(hex(ask('04 18 00') ?? [])).toBe('00 00 12 17 11 26 00 01 12 22 11 26');
  expect(hex(ask('04 24 00') ?? [])).toBe(`00 01 12 22 11 26 ${EMPTY_6}`);
  await clock.advance(30_000);
  meter.wire({ lost: [] });
  expect(hex(ask('04 04 01') ?? [])).toBe(`30 01 12 22 11 26 ${EMPTY_6}`);
  expect(hex(ask('04 24 00') ?? [])).toBe('00 01 12 22 11 26 30 01 12 22 11 26');
  // Thirty seconds are a dip: hundredths, time, 3000/100 s, kind 1, 99 %.
  expect(hex(ask('04 31 00') ?? [])).toBe('00 00 01 12 22 11 26 B8 0B 01 AC 26');
  expect(hex(ask('04 31 F9 07')?.slice(0, 2) ?? [])).toBe('01 00');
  expect(ask('04 31 F9 00')).toEqual(Array.from({ length: 16 }, () => 0));
  expect(hex(ask('04 03 00') ?? [])).toBe(`00 00 12 17 11 26 ${EMPTY_6}`);
});

test('journals of quality come in fifths of a hundred', () => {
  const { ask, login } = oneMeter({ family: 'm234' });
  login();
  for (const block of ['FE', 'FD', 'FC', 'FB', 'FA']) expect(ask(`04 20 ${block}`), block).toHaveLength(240);
  expect(ask('04 20 63')).toHaveLength(12);
  expect(ask('04 20 64')).toEqual([1]);
});

test('a reversed phase and crossed voltages begin and end', async () => {
  const { meter, ask, login, clock } = oneMeter({ family: 'm234' });
  meter.wire({ reversed: [3], crossed: [1, 2] });
  await clock.advance(3_600_000);
  meter.wire({ reversed: [], crossed: [] });
  login();
  for (const journal of ['82', '86']) expect(hex(ask(`04 ${journal} 00`) ?? []), journal).toBe('00 00 12 22 11 26 00 00 13 22 11 26');
  expect(hex(ask('04 80 00') ?? [])).toBe(`${EMPTY_6} ${EMPTY_6}`);
});

test('a misfitting read changes the status word once, and the journal shows the word', () => {
  const { ask, login } = oneMeter({ family: 'm234' });
  login();
  ask('06 03 00 18 0F');
  ask('06 03 00 18 0F');
  expect(hex(ask('04 14 00') ?? [])).toBe('00 00 12 22 11 26 00 00 00 00 40 00');
  expect(hex(ask('04 14 01') ?? [])).toBe(`${EMPTY_6} ${EMPTY_6}`);
});
