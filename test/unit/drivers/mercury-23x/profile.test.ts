import { describe, expect, test } from 'vitest';
import { isoUtc } from '../../../../src/shared/domain/time.ts';
import type { MeterMemory, ProfileHead } from '../../../../src/main/drivers/driver.ts';
import { canBatch } from '../../../../src/main/drivers/mercury-23x/execution.ts';
import { mercury23x } from '../../../../src/main/drivers/mercury-23x/driver.ts';
import { planRead, slotsBackOf } from '../../../../src/main/drivers/mercury-23x/profile-ring.ts';
import { data, meterSettings, type Scripted, ScriptedLink } from '../scripted-link.ts';

const SERIAL = '0C 22 38 12 16 06 14';
const passport = (firmware: string, variant = 'B4 64 C2 94 DF 58') => data(`${SERIAL} ${firmware} ${variant} 7E F5 32 3A 40 00 00 00`);
const record = (stamp: string, counts = '01 00 FF FF 02 00 FF FF', status = '08', period = '1E') =>
  data(`${status} ${stamp} ${period} ${counts}`);
const NEWEST = '12 00 22 11 26';
const head = (address: string, stamp = NEWEST, status = '08') => data(`${address} ${status} ${stamp} 1E`);

/** Ring of a test: the descriptor and records by address and count, as they stand in the request. */
function connect(answers: Readonly<Record<string, Scripted | ((times: number) => Scripted)>>, memory: MeterMemory = {}) {
  const link = new ScriptedLink(18, (body, times) => {
    const answer = answers[body] ?? (body === '080100' ? passport('09 00 00') : [2]);
    return typeof answer === 'function' ? answer(times) : answer;
  });
  return { link, session: mercury23x.connect(link, meterSettings({ memory }), () => link.nowMs) };
}

describe('the newest record', () => {
  test('is found by its number when the field is no multiple of 16', async () => {
    const { link, session } = connect({ '0813': head('00 21'), '060302100F': record(NEWEST) });
    const { value } = await session.readProfileHead();
    expect(value).toEqual({
      newestStartUtc: Date.UTC(2026, 10, 22, 8, 30) / 1000,
      periodMin: 30,
      ringSlots: 8192,
      place: 33,
      hasOverflowed: false,
      isCalendar: false,
      maxBatch: 17,
      position: 0x21,
    });
    expect(link.asked).toEqual(['080100', '0813', '060302100F']);
    expect(session.memory.profileAddressing).toBe('records');
  });

  test('is proved by its own time when the field may mean either: the record number first', async () => {
    const { link, session } = connect({ '0813': head('00 20'), '060302000F': record(NEWEST) });
    expect((await session.readProfileHead()).value.position).toBe(0x20);
    expect(link.asked).toEqual(['080100', '0813', '060302000F']);
  });

  test('is found by its byte address after the record number has failed twice', async () => {
    const { link, session } = connect({ '0813': head('00 20'), '060302000F': record('11 30 22 11 26'), '060300200F': record(NEWEST) });
    const { value } = await session.readProfileHead();
    expect(value.position).toBe(2);
    expect(link.asked).toEqual(['080100', '0813', '060302000F', '0813', '060302000F', '060300200F']);
    expect(session.memory.profileAddressing).toBe('bytes');
  });

  test('is found by its byte address when the meter refuses to read at the other one', async () => {
    const { session } = connect({ '0813': head('00 20'), '060300200F': record(NEWEST) });
    expect((await session.readProfileHead()).value.position).toBe(2);
  });

  test('is found although a boundary passed between the two reads', async () => {
    const { session } = connect({
      '0813': (times) => (times === 1 ? head('00 20', '11 30 22 11 26') : head('00 21')),
      '060302000F': record('09 00 22 11 26'),
      '060302100F': record(NEWEST),
    });
    expect((await session.readProfileHead()).value.position).toBe(0x21);
  });

  test('with the 17th bit of a byte address is found in the upper half of the ring', async () => {
    const { session } = connect({ '0813': head('00 20', NEWEST, '18'), '068300200F': record(NEWEST) });
    expect((await session.readProfileHead()).value.position).toBe(4098);
    expect(session.memory.profileAddressing).toBe('bytes');
  });

  test('costs one exchange once the addressing of this serial is known', async () => {
    const { link, session } = connect({ '0813': head('00 20') }, { serial: '12345618', firmware: '9.0.0', profileAddressing: 'bytes' });
    expect((await session.readProfileHead()).value.position).toBe(2);
    await session.readProfileHead();
    expect(link.asked).toEqual(['080100', '0813', '0813']);
  });

  test('is proved anew when the field contradicts what was known', async () => {
    const { session } = connect({ '0813': head('00 21'), '060302100F': record(NEWEST) }, { profileAddressing: 'bytes' });
    expect((await session.readProfileHead()).value.position).toBe(0x21);
    expect(session.memory.profileAddressing).toBe('records');
  });

  test('that fits by neither meaning is implausible', async () => {
    const other = record('11 00 22 11 26');
    const { session } = connect({ '0813': head('00 20'), '060302000F': other, '060300200F': other });
    await expect(session.readProfileHead()).rejects.toMatchObject({ code: 'data/implausible' });
    expect(session.memory.profileAddressing).toBeUndefined();
  });

  test('of an empty ring does not exist', async () => {
    const empty = connect({ '0813': head('00 00', '00 00 00 00 00') });
    expect((await empty.session.readProfileHead()).value).toMatchObject({ newestStartUtc: null, position: null });
    const initialised = connect({ '0813': head('00 00'), '060300000F': Array.from<number>({ length: 15 }).fill(0xff) });
    expect((await initialised.session.readProfileHead()).value.newestStartUtc).toBeNull();
    expect((await initialised.session.readProfile((await initialised.session.readProfileHead()).value, 0, 17)).value).toEqual([]);
  });

  test('of a meter without a profile is not looked for', async () => {
    const { link, session } = connect({ '080100': passport('09 00 00', 'B4 44 C2 94 DF 58') });
    await expect(session.readProfileHead()).rejects.toMatchObject({ code: 'meter/unsupported' });
    expect(link.asked).toEqual(['080100']);
  });
});

test.each([
  [null, false],
  ['1.9.9', false],
  ['2.1.9', false],
  ['2.2.1', false],
  ['2.2.2', true],
  ['2.3.0', true],
  ['7.0.0', true],
  ['10.0.0', true],
])('firmware %s reads seventeen records at once: %s', (firmware, expected) => {
  expect(canBatch(firmware)).toBe(expected);
});

describe('records', () => {
  const at = (position: number, maxBatch = 17, ringSlots = 8192): ProfileHead => ({
    newestStartUtc: 0,
    periodMin: 30,
    ringSlots,
    place: null,
    hasOverflowed: null,
    isCalendar: false,
    maxBatch,
    position,
  });

  test('become intervals named by their start', async () => {
    const { link, session } = connect({ '060301F00F': record('12 00 22 11 26', '04 29 FF FF 00 00 FF FF') });
    const { value } = await session.readProfile(at(0x21), 2, 1);
    expect(link.asked).toEqual(['060301F00F']);
    expect(value).toEqual([
      {
        slotsBack: 2,
        kind: 'interval',
        isCut: false,
        stamp: { year: 2026, month: 11, day: 22, hour: 12, minute: 0, second: 0 },
        interval: {
          startUtc: Date.UTC(2026, 10, 22, 8, 30) / 1000,
          lengthS: 1800,
          counts: { 'A+': 10500, 'A-': null, 'R+': 0, 'R-': null },
          flags: [],
        },
      },
    ]);
  });

  test('keep what happened inside them apart', async () => {
    const { session } = connect({ '060302100F': record('11 47 22 11 26', '01 00 FF FF 02 00 FF FF', '0F') });
    const [slot] = (await session.readProfile(at(0x21), 0, 1)).value;
    expect(slot).toMatchObject({
      kind: 'interval',
      isCut: true,
      interval: { flags: ['power-cut', 'incomplete', 'initialised'] },
    });
    expect(slot?.kind === 'interval' ? isoUtc(slot.interval.startUtc) : null).toBe('2026-11-22T08:30:00Z');
  });

  test('of another period come with their own length', async () => {
    const { session } = connect({ '060302100F': record('12 00 22 11 26', '01 00 FF FF 02 00 FF FF', '08', '3C') });
    expect((await session.readProfile(at(0x21), 0, 1)).value[0]).toMatchObject({
      interval: { lengthS: 3600, startUtc: Date.UTC(2026, 10, 22, 8) / 1000 },
    });
  });

  test('that make no sense come with their bytes', async () => {
    const { session } = connect({ '060302100F': record('12 00 22 13 26') });
    expect((await session.readProfile(at(0x21), 0, 1)).value).toEqual([
      { slotsBack: 0, kind: 'implausible', why: 'the stamp is no date', hex: '0812002213261E0100FFFF0200FFFF' },
    ]);
  });

  test('come seventeen at once, each at its own distance from the newest', async () => {
    const bytes = Array.from<number>({ length: 255 }).fill(0);
    bytes.splice(0, 15, ...record('03 00 22 11 26'));
    bytes.splice(240, 15, ...record('11 00 22 13 26'));
    const { link, session } = connect({ '06030FF0FF': bytes });
    const { value, exchanges } = await session.readProfile(at(0x111), 2, 17);
    expect(link.asked).toEqual(['06030FF0FF']);
    expect(value.map(({ slotsBack }) => slotsBack)).toEqual([18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    expect(value.map(({ kind }) => kind)).toEqual(['interval', ...Array<string>(15).fill('never-written'), 'implausible']);
    expect(value[16]).toMatchObject({ hex: '0811002213261E0100FFFF0200FFFF' });
    expect(exchanges).toHaveLength(1);
  });

  test('come one by one from a meter that refuses seventeen, which is remembered', async () => {
    const { link, session } = connect({
      '06030FF0FF': [1],
      '06030FF00F': record('12 00 22 11 26'),
      '06030FE00F': record('11 30 22 11 26'),
    });
    expect((await session.readProfile(at(0xff), 0, 17)).value).toEqual([expect.objectContaining({ slotsBack: 0 })]);
    expect((await session.readProfile(at(0xff), 1, 16)).value).toEqual([expect.objectContaining({ slotsBack: 1 })]);
    expect(link.asked).toEqual(['06030EF0FF', '06030FF00F', '06030FE00F']);
    expect(session.memory.unsupported).toEqual(['profile-batch']);
    const later = connect({ '0813': head('00 21') }, { profileAddressing: 'records', unsupported: ['profile-batch'] });
    expect((await later.session.readProfileHead()).value.maxBatch).toBe(1);
  });

  test('beyond the ring are none', async () => {
    const { link, session } = connect({});
    expect((await session.readProfile(at(0), 8192, 1)).value).toEqual([]);
    expect(link.asked).toEqual([]);
  });
});

describe('the plan of one read', () => {
  const RING = 4096;

  test('never crosses the end of the ring or the newest record, and always brings the record that was asked for', () => {
    const wrong: string[] = [];
    for (const newest of [0, 1, 15, 16, 17, 2000, 4078, 4079, 4080, 4095]) {
      for (let slotsBack = 0; slotsBack < RING; slotsBack += 1) {
        const wanted = Math.min(17, RING - slotsBack);
        const { firstSlot, records } = planRead(newest, RING, slotsBack, wanted, true);
        const lastSlot = firstSlot + records - 1;
        const distances = Array.from({ length: records }, (_, index) => slotsBackOf(firstSlot + index, newest, RING));
        // Ascending time throughout: distances fall by one, and the record asked for is among them.
        const isAscending = distances.every((distance, index) => distance === (distances[0] ?? 0) - index);
        const isInside = firstSlot >= 0 && lastSlot < RING && !(firstSlot <= newest && lastSlot > newest);
        const isLegal = (records === 1 || records === 17) && isInside && isAscending && distances.includes(slotsBack);
        if (!isLegal) wrong.push(`newest ${newest}, ${slotsBack} back: ${records} from ${firstSlot}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('takes single records for a few, for old firmware and where seventeen do not fit', () => {
    expect(planRead(100, RING, 0, 3, true)).toEqual({ firstSlot: 100, records: 1 });
    expect(planRead(100, RING, 0, 17, false)).toEqual({ firstSlot: 100, records: 1 });
    expect(planRead(10, RING, 3, 17, true)).toEqual({ firstSlot: 7, records: 1 });
  });

  test('is shifted up where the ring begins, so that seventeen still fit', () => {
    expect(planRead(100, RING, 90, 17, true)).toEqual({ firstSlot: 0, records: 17 });
    expect(planRead(100, RING, 101, 17, true)).toEqual({ firstSlot: 4079, records: 17 });
  });

  test('goes round the larger ring', () => {
    expect(planRead(5, 8192, 10, 1, true)).toEqual({ firstSlot: 8187, records: 1 });
  });
});
