import { expect, test } from 'vitest';
import { assemble, is200, type MeterSpec200 } from '../../../src/main/simulator/assembly.ts';
import type { FamilyName } from '../../../src/main/simulator/families.ts';
import { TRAINING_PLANT } from '../../../src/main/simulator/layout.ts';
import { SimulatedMeter200 } from '../../../src/main/simulator/meter-200.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { hex, sealed } from './readers.ts';

function oneMeter200(family: FamilyName, at = '2026-11-22T09:10:00Z') {
  const clock = new FakeClock(at);
  const layout = TRAINING_PLANT.map((substation) => ({
    ...substation,
    points: substation.points.map((row) => (row.family === 'm206' ? { ...row, family } : row)),
  }));
  const spec = assemble(layout, { seed: 7, latencyMs: [0, 0], deviationS: [0, 0] }).find((each): each is MeterSpec200 => is200(each));
  if (spec === undefined) throw new Error('no such meter in the plant');
  const meter = new SimulatedMeter200(spec, clock, 5);
  const head = (address: number) => hex([address >>> 24, (address >> 16) & 0xff, (address >> 8) & 0xff, address & 0xff]);
  /** Data of the reply in hex after address, command and checksum were checked; `null` = silence. */
  const ask = (body: string, from = meter.address): string | null => {
    const reply = meter.reply(frame(`${head(from)} ${body}`));
    if (reply === null) return null;
    const bytes = [...reply];
    expect(sealed(bytes.slice(0, -2))).toEqual(reply);
    expect(hex(bytes.slice(0, 5))).toBe(`${head(meter.address)} ${body.slice(0, 2)}`);
    return hex(bytes.slice(5, -2));
  };
  return { clock, meter, spec, ask };
}

function frame(text: string): Uint8Array {
  return sealed(text.split(' ').map((pair) => Number.parseInt(pair, 16)));
}

/** BCD figures of four bytes each. */
const figures = (data: string | null) => (data ?? '').match(/.{11}( |$)/g)?.map((part) => Number(part.replaceAll(' ', ''))) ?? [];

test('the address is the whole serial, on the old type its last six digits', () => {
  const { meter, spec, ask } = oneMeter200('m206');
  expect(meter.address).toBe(Number(spec.serial));
  expect(Number.parseInt((ask('2F') ?? '').replaceAll(' ', ''), 16)).toBe(Number(spec.serial));
  const old = oneMeter200('m200');
  expect(old.meter.address).toBe(Number(old.spec.serial.slice(-6)));
  expect(Number.parseInt((old.ask('2F') ?? '').replaceAll(' ', ''), 16)).toBe(Number(old.spec.serial));
});

test('a request to another address, of a wrong length or of an unknown command gets no answer', () => {
  const { meter, ask } = oneMeter200('m206');
  expect(meter.reply(frame('00 00 00 01 2F'))).toBeNull();
  for (const body of ['53', '02 01', '6C', '37 00 22', '37 16 22 11 26', '32 0C']) expect(ask(body), body).toBeNull();
});

test('the clock begins with a day of the week of which Sunday is 0', () => {
  const { ask } = oneMeter200('m206');
  expect(ask('21')).toBe('00 12 10 00 22 11 26');
  expect(oneMeter200('m206', '2026-11-23T09:10:00Z').ask('21')).toBe('01 12 10 00 23 11 26');
});

test('energy by tariff is in ten Wh and follows the registers', () => {
  const { ask, meter } = oneMeter200('m206');
  const wh = (tariff: number, channel: 'A+' | 'R+') => meter.ledger.registers(meter.clock.run(), tariff)?.[channel] ?? Number.NaN;
  expect(figures(ask('27'))).toEqual([1, 2, 3, 4].map((tariff) => Math.floor(wh(tariff, 'A+') / 10)));
  expect(figures(ask('85'))).toEqual([1, 2, 3, 4].map((tariff) => Math.floor(wh(tariff, 'R+') / 10)));
  expect(figures(ask('32 0F'))).toEqual(figures(ask('27')));
  expect(oneMeter200('m200').ask('85')).toBeNull();
});

test('voltage, current and power agree with each other', () => {
  const { ask } = oneMeter200('m206');
  const digits = (ask('63') ?? '').replaceAll(' ', '');
  const [U, I, P] = [Number(digits.slice(0, 4)) / 10, Number(digits.slice(4, 8)) / 100, Number(digits.slice(8))];
  expect(U).toBeGreaterThan(220);
  const S = Number((ask('86 02') ?? '').replaceAll(' ', '').slice(6));
  const Q = Number((ask('86 00') ?? '').replaceAll(' ', '').slice(2));
  expect(Math.abs(S - U * I)).toBeLessThan(5);
  expect(Math.abs(S - Math.hypot(P, Q))).toBeLessThan(3);
  expect(ask('81')).toMatch(/^(49|50) \d\d 00 00 12 10 00 22 11 26$/);
});

test('half-hours come in blocks of eight with a checksum each, all ones where the day has not got so far', () => {
  const { ask, meter } = oneMeter200('m206');
  const block = (ask('37 12 22 11 26') ?? '').split(' ').map((pair) => Number.parseInt(pair, 16));
  expect(block).toHaveLength(32);
  const midnight = Date.parse('2026-11-22T00:00:00Z') / 1000;
  for (let half = 0; half < 8; half += 1) {
    const [low = 0, high = 0, ...crc] = block.slice(half * 4, half * 4 + 4);
    expect([...sealed([low, high])].slice(2)).toEqual(crc);
    expect(high * 256 + low).toBe(meter.ledger.slot(midnight / 1800 + 16 + half)[0]);
  }
  // 12:10: the half-hour of 12:00 is running.
  const noon = (ask('37 13 22 11 26') ?? '').split(' ');
  expect(noon.slice(0, 2)).toEqual(['FF', 'FF']);
  expect(oneMeter200('m200').ask('37 12 22 11 26')).toBeNull();
});

test('a day slice is the reading of its midnight', () => {
  const { ask, meter } = oneMeter200('m206');
  const slice = ask('37 00 22 11 26');
  expect(slice?.split(' ')).toHaveLength(24);
  const midnight = Date.parse('2026-11-22T00:00:00Z') / 1000;
  expect(figures(slice).slice(0, 2)).toEqual(
    [1, 2].map((tariff) => Math.floor((meter.ledger.registers(midnight, tariff)?.['A+'] ?? 0) / 10)),
  );
  expect(slice?.slice(48, 65)).toBe('00 00 00 22 11 26');
  expect((ask('37 00 01 10 26') ?? '').startsWith('FF FF FF FF')).toBe(true);
});

test('an outage stands in the events, and half-hours without supply are zero', async () => {
  const { ask, meter, clock } = oneMeter200('m206');
  meter.cutSupply();
  expect(ask('21')).toBeNull();
  await clock.advance(95 * 60_000);
  meter.restoreSupply();
  expect(ask('2B')).toBe('00 12 10 00 22 11 26');
  expect(ask('2C')).toBe('00 13 45 00 22 11 26');
  expect([ask('34 00'), ask('34 01')]).toEqual(['01 13 45 00 22 11 26', '00 12 10 00 22 11 26']);
  const start = Date.parse('2026-11-22T12:30:00Z') / 1000;
  expect(meter.held(start)?.[0]).toBe(0);
  expect(meter.held(start - 1800)?.[0]).toBe(Math.floor(((meter.ledger.fullSlot(start / 1800 - 1)[0] ?? 0) * 10) / 30));
});

test('writes are obeyed without a session: a new address answers already, clock and relay read back', () => {
  const { ask, meter } = oneMeter200('m206');
  const old = meter.address;
  expect(ask('00 02 7C F8 5B')).toBe('');
  expect(meter.address).toBe(0x027cf85b);
  expect(meter.reply(frame(`${hex([old >>> 24, (old >> 16) & 0xff, (old >> 8) & 0xff, old & 0xff])} 2F`))).toBeNull();
  expect(ask('02 00 12 30 00 22 11 26')).toBe('');
  expect(ask('21')).toBe('00 12 30 00 22 11 26');
  expect(ask('71 AA')).toBe('');
  expect(ask('86 01')).toBe('01 00');
  expect(ask('36 00')).toBe('71 12 30 00 22 11 26 00');
});
