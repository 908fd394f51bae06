import { describe, expect, test } from 'vitest';
import { isoUtc } from '../../../../src/shared/domain/time.ts';
import type { ProfileSlot } from '../../../../src/main/drivers/driver.ts';
import { block, connect } from './meter.ts';

const NONE = 'FF';
const described = (slots: readonly ProfileSlot[]) =>
  slots.map((slot) =>
    slot.kind === 'interval' ? [slot.slotsBack, isoUtc(slot.interval.startUtc), slot.interval.counts['A+']] : [slot.slotsBack, slot.kind],
  );

describe('the newest half-hour', () => {
  test('is the last recorded one that has ended by the clock of the meter', async () => {
    // 12:00:05: the half-hours of 08:00 to 12:00 have ended, the first of the next block is running.
    const { link, session } = connect({ '3712221126': block(1, 2, 3, 4, 5, 6, 7, 8) });
    const { value } = await session.readProfileHead();
    expect(value).toMatchObject({ periodMin: 30, maxBatch: 8, ringSlots: 90 * 48 });
    expect(isoUtc(value.newestStartUtc ?? 0)).toBe('2026-11-22T08:30:00Z');
    expect(link.asked).toEqual(['21', '3712221126']);
  });

  test('is never the running one, whatever stands in its place', async () => {
    const { session } = connect({ '21': '00 12 40 00 22 11 26', '3713221126': block(1, 2, 3) });
    expect(isoUtc((await session.readProfileHead()).value.newestStartUtc ?? 0)).toBe('2026-11-22T09:00:00Z');
  });

  test('is looked for in earlier blocks, through midnight', async () => {
    const { link, session } = connect({
      '21': '00 01 00 00 22 11 26',
      '3710221126': NONE,
      '3715211126': block(),
      '3714211126': block(1, 2, 3, null, 5),
    });
    const { value } = await session.readProfileHead();
    expect(isoUtc(value.newestStartUtc ?? 0)).toBe('2026-11-21T15:00:00Z');
    expect(link.asked).toEqual(['21', '3710221126', '3715211126', '3714211126']);
  });

  test('that is older than two days proves nothing: the meter is asked again later', async () => {
    const { link, session } = connect(
      Object.fromEntries([20, 21, 22].flatMap((day) => [0, 1, 2, 3, 4, 5].map((n) => [`371${n}${day}1126`, NONE]))),
    );
    await expect(session.readProfileHead()).rejects.toMatchObject({ code: 'meter/refused' });
    expect(link.asked).toHaveLength(13);
  });

  test('of a meter without half-hours is a lack: it is said to have no profile', async () => {
    const { link, session } = connect({ '28': '08 03 00 01 03 10', '66': '29 10 10', '65': '00 03' });
    await expect(session.readProfileHead()).rejects.toMatchObject({ code: 'meter/unsupported' });
    expect(new Set(link.asked)).toEqual(new Set(['21', '2F', '3712221126', '3712211126']));
    expect((await session.describe()).value.hasProfile).toBe(false);
    const before = link.asked.length;
    await expect(session.readProfileHead()).rejects.toMatchObject({ code: 'meter/unsupported' });
    expect(link.asked).toHaveLength(before);
  });

  test('is found although the meter is silent to a block that it has not filled yet', async () => {
    const { session } = connect({ '3712211126': NONE, '3711221126': block(1, 2) });
    expect(isoUtc((await session.readProfileHead()).value.newestStartUtc ?? 0)).toBe('2026-11-22T01:30:00Z');
    expect(session.memory.unsupported).toBeUndefined();
  });
});

describe('half-hours', () => {
  const answers = { '3712221126': block(1, 2, null, 4, 5, 6, 7, 8), '3711221126': block(11, 12, 13, 14, 15, 16, 17, 18) };
  const open = async (more: Parameters<typeof connect>[0] = {}) => {
    const { session, link } = connect({ ...answers, ...more });
    return { session, link, head: (await session.readProfileHead()).value };
  };

  test('of one block come with one exchange, by their place in the day', async () => {
    const { session, head } = await open();
    const { value, exchanges } = await session.readProfile(head, 0, 8);
    expect(described(value)).toEqual([
      [7, '2026-11-22T05:00:00Z', 1],
      [6, '2026-11-22T05:30:00Z', 2],
      [5, 'never-written'],
      [4, '2026-11-22T06:30:00Z', 4],
      [3, '2026-11-22T07:00:00Z', 5],
      [2, '2026-11-22T07:30:00Z', 6],
      [1, '2026-11-22T08:00:00Z', 7],
      [0, '2026-11-22T08:30:00Z', 8],
    ]);
    expect(exchanges.map(({ label }) => label)).toEqual(['half-hours 2026-11-22 block 2']);
    const whole = value.find(({ slotsBack }) => slotsBack === 0);
    expect(whole).toMatchObject({
      isCut: false,
      stamp: { hour: 12, minute: 0 },
      interval: { lengthS: 1800, counts: { 'A+': 8, 'A-': null, 'R+': null, 'R-': null }, flags: [] },
    });
  });

  test('beyond the block are left to the next exchange; nothing newer than asked for is given', async () => {
    const { session, head } = await open();
    expect(described((await session.readProfile(head, 6, 8)).value)).toEqual([
      [7, '2026-11-22T05:00:00Z', 1],
      [6, '2026-11-22T05:30:00Z', 2],
    ]);
    expect(described((await session.readProfile(head, 8, 2)).value)).toEqual([
      [9, '2026-11-22T04:00:00Z', 17],
      [8, '2026-11-22T04:30:00Z', 18],
    ]);
  });

  test('whose own checksum does not fit are implausible with their bytes', async () => {
    const { session, head } = await open({ '3711221126': `${'01000000'.repeat(1)}${block(2).slice(0, 8)}${'FF'.repeat(24)}` });
    const { value } = await session.readProfile(head, 8, 8);
    expect(value).toContainEqual({ slotsBack: 15, kind: 'implausible', why: 'the checksum does not fit', hex: '01000000' });
    expect(described(value)).toContainEqual([14, '2026-11-22T01:30:00Z', 2]);
  });

  test('of a date to which the meter is silent are refused for now: nothing is proved of them, nor of the meter', async () => {
    const { session, head } = await open();
    await expect(session.readProfile(head, 48, 8)).rejects.toMatchObject({ code: 'meter/refused' });
    expect(session.memory.unsupported).toBeUndefined();
  });

  test('outside the ring are none', async () => {
    const { session, head, link } = await open();
    const before = link.asked.length;
    expect((await session.readProfile(head, 90 * 48, 1)).value).toEqual([]);
    expect((await session.readProfile({ ...head, position: null }, 0, 1)).value).toEqual([]);
    expect(link.asked).toHaveLength(before);
  });

  test('of the meter fit the scale of the constant that it is said to have: 1 / (2 x 2500) kWh is 0.2 Wh', async () => {
    const { session } = connect({ '28': '08 03 00 01 03 10' });
    const { constantImpPerKwh } = (await session.readConfiguration()).value;
    expect(1_000_000 / (2 * (constantImpPerKwh ?? 0))).toBe(200);
  });
});
