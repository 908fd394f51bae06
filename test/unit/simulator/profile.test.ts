import { expect, test } from 'vitest';
import { oneMeter, type OneMeter } from './meters.ts';
import { hex, profileRecord, stampText } from './readers.ts';

const read = ({ ask }: OneMeter, record: number, count = '0F') => {
  const address = record * 16;
  return ask(`06 ${address > 0xffff ? '83' : '03'} ${hex([(address >> 8) & 0xff, address & 0xff])} ${count}`) ?? [];
};

test('the first record after initialisation lies at 0x0010', async () => {
  const plant = oneMeter({ family: 'm234' }, { historyDays: 0, at: '2026-11-22T09:10:00Z' });
  plant.login();
  expect(hex(plant.ask('08 13') ?? [])).toBe('00 00 00 00 00 00 00 00 1E');
  expect(profileRecord(read(plant, 1))).toBeNull();
  await plant.clock.advance(20 * 60_000 - 1);
  plant.login();
  expect(plant.ask('08 13')?.slice(0, 2)).toEqual([0, 0]);
  await plant.clock.advance(1);
  expect(hex(plant.ask('08 13')?.slice(0, 2) ?? [])).toBe('00 01');
  expect(profileRecord(read(plant, 1))).toMatchObject({ stamp: '2026-11-22 12:30', periodMin: 30 });
});

test('the descriptor gives a record number on new meters and a byte address on old ones', () => {
  // Five days: 240 records.
  for (const [family, field] of [
    ['m234', '00 F0'],
    ['m236', '00 F0'],
    ['m230', '0F 00'],
    ['m230old', '0F 00'],
  ] as const) {
    const plant = oneMeter({ family });
    plant.login();
    const data = plant.ask('08 13') ?? [];
    expect(hex(data.slice(0, 2)), family).toBe(field);
    expect(stampText(data, 3)).toBe('2026-11-22 12:00');
    expect(data[8]).toBe(30);
    expect(data.slice(2)).toEqual(read(plant, 240).slice(0, 7));
    expect((data[2] ?? 0) & 0x0f).toBe(0x08);
  }
});

test('a record carries the end of its half-hour and the counts of the load', () => {
  const plant = oneMeter({ family: 'm230', isTwoWay: false });
  plant.login();
  const record = profileRecord(read(plant, 216));
  expect(record?.stamp).toBe('2026-11-22 00:00');
  const [active, , reactive] = plant.meter.ledger.slot(Math.floor(Date.parse('2026-11-21T23:30:00Z') / 1_800_000));
  expect(record?.counts).toEqual([active, null, reactive, null]);
});

test('the status of a record names the tariff on new meters', () => {
  const plant = oneMeter({ family: 'm234' });
  plant.login();
  const tariffs = [12, 13, 14, 15, 44, 46, 47].map((half) => (profileRecord(read(plant, 193 - 24 + half))?.status ?? 0) >> 5);
  // Record 169 ends 21.11 00:30: half-hours from 06:00, 06:30, 07:00, 07:30, 22:00, 23:00, 23:30.
  expect(tariffs).toEqual([1, 1, 0, 0, 0, 1, 1]);
});

test('17 records come in one read, ascending, without the sixteenth byte', () => {
  const plant = oneMeter({ family: 'm230' });
  plant.login();
  const data = read(plant, 100, 'FF');
  expect(data).toHaveLength(255);
  for (let place = 0; place < 17; place += 1) expect(data.slice(place * 15, place * 15 + 15)).toEqual(read(plant, 100 + place));
});

test('old firmware does not answer a read of 17 records', () => {
  const plant = oneMeter({ family: 'm230old' });
  plant.login();
  expect(plant.ask('06 03 00 10 FF')).toBeNull();
  expect(plant.ask('06 03 00 10 0F')).toHaveLength(15);
});

test('a read that does not fit the structure raises E-07 and brings nothing', () => {
  for (const body of ['06 03 00 18 0F', '06 03 00 10 10', '06 03 FF F0 FF']) {
    const plant = oneMeter({ family: 'm230' });
    plant.login();
    expect(hex(plant.ask('08 0A') ?? [])).toBe('00 00 00 00 00 00');
    expect(plant.ask(body), body).toEqual([2]);
    expect(hex(plant.ask('08 0A') ?? [])).toBe('00 00 00 00 40 00');
  }
});

test('what was never written is zero, before the history and past the pointer', () => {
  const plant = oneMeter({ family: 'm234' });
  plant.login();
  expect(profileRecord(read(plant, 0))).toBeNull();
  expect(profileRecord(read(plant, 241))).toBeNull();
  expect(profileRecord(read(plant, 8000))).toBeNull();
});

test('a 64 KiB ring wraps after 4096 records and then overwrites the oldest', () => {
  // 100 days are 4800 records: the last lies at place 4800 - 4096 = 704.
  const plant = oneMeter({ family: 'm230' }, { historyDays: 100 });
  plant.login();
  const data = plant.ask('08 13') ?? [];
  expect(hex(data.slice(0, 2))).toBe('2C 00');
  expect((data[2] ?? 0) & 0x01).toBe(1);
  expect(profileRecord(read(plant, 704))?.stamp).toBe('2026-11-22 12:00');
  // One place on stands the oldest record, of 4095 half-hours ago.
  const oldest = new Date(Date.parse('2026-11-22T12:00:00Z') - 4095 * 1_800_000).toISOString().slice(0, 16).replace('T', ' ');
  expect(profileRecord(read(plant, 705))?.stamp).toBe(oldest);
  expect((profileRecord(read(plant, 4095))?.status ?? 1) & 0x01).toBe(0);
  expect((profileRecord(read(plant, 0))?.status ?? 0) & 0x01).toBe(1);
  // Place 0 is record 4096: 704 half-hours before the last one.
  const wrapped = new Date(Date.parse('2026-11-22T12:00:00Z') - 704 * 1_800_000).toISOString().slice(0, 16).replace('T', ' ');
  expect(profileRecord(read(plant, 0))?.stamp).toBe(wrapped);
});

test('a 128 KiB ring is reached over the seventeenth address bit', () => {
  // 120 days are 5760 records.
  const plant = oneMeter({ family: 'm234' }, { historyDays: 120 });
  plant.login();
  expect(hex(plant.ask('08 13')?.slice(0, 2) ?? [])).toBe('16 80');
  expect(profileRecord(read(plant, 5760))?.stamp).toBe('2026-11-22 12:00');
  expect(profileRecord(read(plant, 5760 - 4096))?.stamp).not.toBe('2026-11-22 12:00');
  const data = plant.ask('06 83 FF F0 0F') ?? [];
  expect(profileRecord(data)).toBeNull();
});

test('slots close as time passes by the clock of the meter', async () => {
  const plant = oneMeter({ family: 'm230old' });
  plant.login();
  for (const minutes of [30, 30, 30]) {
    const before = plant.ask('08 13') ?? [];
    await plant.clock.advance(minutes * 60_000);
    plant.login();
    const after = plant.ask('08 13') ?? [];
    expect((after[0] ?? 0) * 256 + (after[1] ?? 0)).toBe((before[0] ?? 0) * 256 + (before[1] ?? 0) + 16);
  }
});
