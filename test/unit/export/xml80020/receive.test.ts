import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { codedPoints } from '../../../../src/main/export/xml80020/figures.ts';
import { compareReceived, readReceived } from '../../../../src/main/export/xml80020/receive.ts';
import { decimalText } from '../../../../src/main/metering/energy.ts';
import { interval, meter } from '../../metering/plant.ts';
import { DAY, fill, nameOf, rig, settingsWith } from './maker-support.ts';

const SAMPLE = '80020_1834024515_20211031_4690_5600010900.xml';
const sample = async () => ({
  name: SAMPLE,
  bytes: new Uint8Array(await readFile(new URL(`../../../vectors/80020/${SAMPLE}`, import.meta.url))),
});
const text = (value: Parameters<typeof decimalText>[0] | null | undefined) => (value == null ? null : decimalText(value));

test('the figures of a real file are placed by the clock of its market zone', async () => {
  const { file, days, points, faults } = await readReceived(await sample(), settingsWith());
  expect(file).toMatchObject({ senderInn: '1834024515', messageClass: '80020', number: 4690, day: '2021-10-31' });
  expect([faults, points.length > 0]).toEqual([[], true]);
  for (const day of days) {
    expect(day.intervals).toHaveLength(48);
    // 00:00 of Moscow.
    expect(day.intervals[0]?.[0]).toBe(Date.parse('2021-10-30T21:00:00Z') / 1000);
    expect(
      day.intervals.every(([, lengthS, energy, isCommercial]) => lengthS === 1800 && /^\d+$/.test(energy ?? '') && isCommercial === 1),
    ).toBe(true);
  }
});

test.each([
  ['with a day that is none', '<day>20211031</day>', '<day>20211131</day>'],
  ['with a number that is none', 'number="4690"', 'number="x"'],
  ['with a period at no half-hour', 'start="0030"', 'start="0035"'],
])('a file %s is not taken in', async (_title, from, to) => {
  const { name, bytes } = await sample();
  const spoilt = Buffer.from(Buffer.from(bytes).toString('latin1').replace(from, to), 'latin1');
  await expect(readReceived({ name, bytes: new Uint8Array(spoilt) }, settingsWith())).rejects.toMatchObject({
    code: expect.stringMatching(/^import\//) as string,
  });
});

async function received() {
  const r = await rig();
  fill(r.source, [DAY], 21);
  await r.maker().make({ day: DAY, job: null });
  const file = { name: nameOf(1), bytes: new Uint8Array(await readFile(path.join(r.out, nameOf(1)))) };
  const { days } = await readReceived(file, settingsWith());
  return { ...r, days, compared: () => compareReceived(days, codedPoints(r.source.site), r.source) };
}

test('what our own meters say agrees with it but for rounding', async () => {
  const { compared } = await received();
  const rows = compared();
  expect(rows.map(({ pointCode, channel }) => `${pointCode} ${channel}`)).toEqual([
    '560000000000001 A+',
    '560000000000001 R+',
    '560000000000002 A+',
    '560000000000002 R+',
  ]);
  expect(rows.every((row) => row.differing === 0 && row.onlyOurs === 0 && row.onlyTheirs === 0 && row.places.length === 0)).toBe(true);
  expect(rows.map(({ ours, theirs }) => [text(ours), text(theirs)])).toEqual([
    ['3024', '3024'],
    ['144', '144'],
    ['0.504', '1'],
    ['0.024', '0'],
  ]);
});

test('a half-hour that differs, and one that only one side has, are named', async () => {
  const { compared, source, days } = await received();
  const start = days[0]?.intervals[10]?.[0] ?? 0;
  const missing = days[0]?.intervals[20]?.[0] ?? 0;
  const profile = (source.profile.get(1) ?? []).filter(({ startUtc }) => startUtc !== missing);
  source.profile.set(
    1,
    profile.map((one) => (one.startUtc === start ? interval(start, { 'A+': 22, 'R+': 1 }) : one)),
  );
  const [active, reactive] = compared();
  expect(active).toMatchObject({ differing: 1, onlyTheirs: 1, onlyOurs: 0, intervals: 48 });
  expect(active?.places.map((place) => [place.startUtc, text(place.ours), text(place.theirs)])).toEqual([
    [start, '66', '63'],
    [missing, null, '63'],
  ]);
  expect(reactive).toMatchObject({ differing: 0, onlyTheirs: 1 });
});

test('a meter that keeps hours is held against the sum of two half-hours', async () => {
  const { compared, source } = await received();
  const hourly = meter(1, { facts: { ...meter(1).facts, profilePeriodMin: 60 } });
  source.site = { ...source.site, meters: source.site.meters.map((one) => (one.id === 1 ? hourly : one)) };
  const hours = (source.profile.get(1) ?? []).filter(({ startUtc }) => startUtc % 3600 === 0);
  source.profile.set(
    1,
    hours.map(({ startUtc }) => interval(startUtc, { 'A+': 42, 'R+': 2 }, [], 3600)),
  );
  expect(compared()[0]).toMatchObject({ intervals: 24, differing: 0, onlyTheirs: 0 });
});

test('a code that no point of ours has is told as unknown', async () => {
  const { days, source } = await received();
  const [row] = compareReceived(days, [], source);
  expect(row).toMatchObject({ point: null, onlyTheirs: 48, ours: null, theirs: null });
});
