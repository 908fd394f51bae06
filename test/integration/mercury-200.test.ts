/** A single-phase meter from its address to its half-hours, through the command line. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { feeder } from '../support/feeder-process.ts';
import { countsAt, startTcpMeter, type TcpMeter } from './tcp-mercury-200.ts';

const ADDRESS = 0xfe_12_34_56;
const SERIAL = 41_744_475;
let folder: string;
let meter: TcpMeter;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-200-'));
  meter = await startTcpMeter(ADDRESS, SERIAL, 4);
});

afterAll(async () => {
  await meter.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('probe finds it at an address of four bytes and says what it holds', async () => {
  const { code, lines } = await feeder(['probe', `tcp:127.0.0.1:${meter.port}`, String(ADDRESS), '--driver', 'mercury-200']);
  expect(code).toBe(0);
  expect(lines[0]).toMatchObject({
    serial: '41744475',
    address: ADDRESS,
    firmware: '8.3',
    clock: { utc_offset_min: 180 },
    instantaneous: { U1: { value: '235.8' }, P: { value: '588' } },
    profile: { period_min: 30, last: { counts: { 'A+': expect.any(Number), 'R+': null } } },
    reasons: {},
  });
});

test('poll brings every half-hour of two days, each in its place and in 0.2 Wh', async () => {
  const data = join(folder, 'data');
  const list = join(folder, 'list.csv');
  writeFileSync(
    list,
    'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio\n' +
      `ТП-1;P1;Квартира;tcp:127.0.0.1:${meter.port};mercury-200;${ADDRESS};${SERIAL};;1;1;1\n`,
  );
  expect((await feeder(['import', '--data', data, '--timezone', 'Europe/Moscow', list])).code).toBe(0);
  const polled = await feeder(['poll', '--data', data, '--until-complete', '--depth-days', '2', '--timeout', '60']);
  expect(polled.lines.at(-1)).toMatchObject({ open: [] });
  expect(polled.code).toBe(0);
  const to = Math.floor(Date.now() / 1000 / 1800) * 1800 - 1800;
  const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  const { lines } = await feeder(['intervals', '--data', data, '--from', isoOf(to - 86_400), '--to', isoOf(to)]);
  expect(lines).toHaveLength(48);
  for (const [index, line] of lines.entries()) {
    const startUtc = to - 86_400 + index * 1800;
    const counts = countsAt(startUtc);
    expect(line).toMatchObject({ intervalStart: isoOf(startUtc), counts: { 'A+': counts, 'A-': null }, reason: null });
    expect(Number((line.secondary as Record<string, string>)['A+'])).toBeCloseTo(counts * 0.0002, 9);
  }
  const why = await feeder(['why', '--data', data, '--point', 'P1', '--at', isoOf(to - 1800)]);
  expect(JSON.stringify(why.lines[0])).toContain('half_hour.');
  const registers = await feeder(['registers', '--data', data]);
  expect(registers.lines).toContainEqual(expect.objectContaining({ kind: 'now', tariff: 0, 'A+': '1299990', 'R+': '1000' }));
});
