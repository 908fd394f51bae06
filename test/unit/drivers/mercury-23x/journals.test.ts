import { describe, expect, test } from 'vitest';
import type { MeterEvent } from '../../../../src/shared/domain/meter-event.ts';
import { isoUtc } from '../../../../src/shared/domain/time.ts';
import { data } from '../scripted-link.ts';
import { connectTo, passport } from './meter.ts';

const OLD = '02 01 00';
const ZEROS = '00 '.repeat(12);
const shown = (events: readonly MeterEvent[]) => events.map(({ kind, atUtc }) => [kind, isoUtc(atUtc)]);

describe('the journals that are asked for', () => {
  const kept = (firmware: string, variant?: string, byte7?: string) =>
    connectTo({ '080100': passport(firmware, variant, byte7) }).session.journals();

  test('of an old 230 are those that its documents know', async () => {
    expect(await kept(OLD, 'B4 64 C2 94 00 00')).toEqual(
      [...Array(0x11).keys()].map((index) => index + 1).concat([0x13, 0x14, 0x15, 0x16]),
    );
  });

  test('of a 234 with everything are all of them', async () => {
    const journals = await kept('09 00 00', 'B4 64 C2 95 DF 59', '48');
    expect(journals).toHaveLength(0x1a + 16 + 3 + 8);
    expect(journals).toContain(0x12);
    expect(journals.at(-1)).toBe(0x87);
  });

  test('of a single-phase meter are not those of the phases it lacks', async () => {
    const journals = await kept('09 00 00', 'B4 74 C2 95 DF 59', '48');
    for (const absent of [0x04, 0x05, 0x18, 0x24, 0x28, 0x31, 0x81, 0x84, 0x86]) expect(journals).not.toContain(absent);
    for (const present of [0x03, 0x17, 0x20, 0x2c, 0x30, 0x80, 0x83]) expect(journals).toContain(present);
  });

  test('are without quality and dips where the variant has none', async () => {
    const journals = await kept('09 00 00', 'B4 64 C2 94 DD 58');
    expect(journals.filter((journal) => journal >= 0x20 && journal < 0x40)).toEqual([]);
  });

  test('are without what the meter has answered that it lacks', async () => {
    const { session } = connectTo({});
    await expect(session.readJournal(0x86, 0)).rejects.toMatchObject({ code: 'meter/unsupported' });
    expect(await session.journals()).not.toContain(0x86);
    expect(session.memory.unsupported).toEqual(['journal-86-all', 'journal-86']);
  });
});

describe('a journal', () => {
  const POWER = '01 53 07 01 02 08 09 50 12 01 02 08';

  test('of newer firmware comes in one exchange, its records sorted by time', async () => {
    const older = '00 00 01 01 01 07 00 00 02 01 01 07';
    const { link, session } = connectTo({ '0401FE': data(`${POWER} ${older} ${ZEROS.repeat(8)}`) });
    const { value, exchanges } = await session.readJournal(0x01, 0);
    expect(link.asked).toEqual(['080100', '0401FE']);
    expect(exchanges.map(({ label }) => label)).toEqual(['journal 01 record FE']);
    expect(value.next).toBeNull();
    expect(shown(value.events)).toEqual([
      ['power-on', '2006-12-31T22:00:00Z'],
      ['power-off', '2006-12-31T23:00:00Z'],
      ['power-on', '2008-02-01T04:53:01Z'],
      ['power-off', '2008-02-01T09:50:09Z'],
    ]);
  });

  test('of old firmware comes slot by slot, and all at once is never asked for', async () => {
    const { link, session } = connectTo({ '080100': passport(OLD), '040103': data(POWER), '040104': data(ZEROS) });
    expect((await session.readJournal(0x01, 0x103)).value).toMatchObject({
      next: 0x104,
      events: [{ kind: 'power-on' }, { kind: 'power-off' }],
    });
    expect((await session.readJournal(0x01, 0x104)).value).toEqual({ next: 0x105, events: [] });
    expect(link.asked).toEqual(['080100', '040103', '040104']);
  });

  test('whose firmware refuses all at once goes on slot by slot to its end', async () => {
    const slots = Object.fromEntries(Array.from({ length: 10 }, (_, slot) => [`040A0${slot}`, data(`07 20 10 0${(slot % 9) + 1} 03 08`)]));
    const { link, session } = connectTo(slots);
    const kinds: string[] = [];
    for (let step: number | null = 0, turns = 0; step !== null && turns < 20; turns += 1) {
      const { value } = await session.readJournal(0x0a, step);
      kinds.push(...value.events.map(({ kind }) => kind));
      step = value.next;
    }
    expect(kinds).toEqual(Array(10).fill('profile-initialised'));
    expect(link.asked).toEqual(['080100', '040AFE', ...Array.from({ length: 10 }, (_, slot) => `040A0${slot}`)]);
  });

  test('tells its newest record with its slot in one exchange, where the firmware can', async () => {
    const { link, session } = connectTo({ '0401FF': data(`${POWER} 03`) });
    const first = await session.readNewestRecord(0x01);
    expect(first.value).toBe('01530701020809501201020803');
    expect(first.exchanges.map(({ label }) => label)).toEqual(['journal 01 record FF']);
    // The seal of the protective cover is not among what the last record is told of.
    expect((await session.readNewestRecord(0x12)).value).toBeNull();
    expect(link.asked).toEqual(['080100', '0401FF']);
    const old = connectTo({ '080100': passport('02 00 00') });
    expect(await old.session.readNewestRecord(0x01)).toEqual({ value: null, exchanges: [] });
    expect(old.link.asked).toEqual(['080100']);
  });

  test('whose newest record the meter refuses to tell is not asked for it again', async () => {
    const { link, session } = connectTo({ '080100': passport(OLD) });
    expect((await session.readNewestRecord(0x01)).value).toBeNull();
    const asked = link.asked.length;
    expect((await session.readNewestRecord(0x01)).value).toBeNull();
    expect(link.asked).toHaveLength(asked);
    expect(session.memory.unsupported).toEqual(['journal-01-last']);
  });

  test('of quality goes on block by block until a slot is empty', async () => {
    const full = '43 09 15 18 01 08 30 10 15 18 01 08 ';
    const { link, session } = connectTo({ '0420FE': data(full.repeat(20)), '0420FD': data(full + ZEROS.repeat(19)) });
    expect((await session.readJournal(0x20, 0)).value.next).toBe(1);
    const { value } = await session.readJournal(0x20, 1);
    expect(value).toMatchObject({
      next: null,
      events: [
        { kind: 'quality-left', details: { quantity: 'U', phase: 1, limit: 'min-limit' } },
        { kind: 'quality-returned', details: { quantity: 'U', phase: 1, limit: 'min-limit' } },
      ],
    });
    expect(link.asked).toEqual(['080100', '0420FE', '0420FD']);
  });

  test('with a time that is no date keeps its other one', async () => {
    const { session } = connectTo({ '080100': passport(OLD), '040600': data('21 50 09 18 01 08 09 51 30 18 01 08') });
    expect(shown((await session.readJournal(0x06, 0)).value.events)).toEqual([['power-limit-begin', '2008-01-18T06:50:21Z']]);
  });

  test('of the case tells which seal', async () => {
    const record = '01 02 03 04 05 06 00 00 00 00 00 00 ';
    const { session } = connectTo({ '0412FE': data(record.repeat(10)) });
    const { events } = (await session.readJournal(0x12, 0)).value;
    expect(events.map(({ kind, details }) => `${kind} ${String(details['seal'])}`)).toEqual([
      ...Array(5).fill('case-opened protective-cover'),
      ...Array(5).fill('case-opened top-cover'),
    ]);
  });

  test('of reprogramming, of the status word and of dips tells what its record holds', async () => {
    const { session } = connectTo({
      '080100': passport(OLD),
      '041300': data('01 08 18 05 41 10 00 00 00 00 02 00'),
      '041400': data('44 24 11 25 01 08 00 40 00 00 02 00'),
      '043000': data('53 31 48 13 10 11 17 02 00 00 27 34'),
    });
    const read = async (journal: number) => (await session.readJournal(journal, 0)).value.events;
    expect(await read(0x13)).toMatchObject([{ kind: 'reprogrammed', details: { count: 5, codes: ['00', '06', '0C', '31'] } }]);
    expect(await read(0x14)).toMatchObject([{ kind: 'status-changed', details: { faults: ['E-02'], flags: ['E-47'] } }]);
    expect(await read(0x30)).toMatchObject([{ kind: 'voltage-swell', details: { phase: 1, durationMs: 20, percent: '133.51' } }]);
  });

  test('whose season is applied has its stamps in the season of their dates', async () => {
    const record = '00 00 12 15 07 26 00 00 12 15 01 26';
    const { session } = connectTo({ '080100': passport(OLD), '040100': data(record) }, { clock: { offsetMin: 180, seasonBit: 'applied' } });
    expect(shown((await session.readJournal(0x01, 0)).value.events)).toEqual([
      ['power-off', '2026-01-15T09:00:00Z'],
      ['power-on', '2026-07-15T08:00:00Z'],
    ]);
  });

  test('that does not exist, and a step that does not, are the mistake of the one who asks', async () => {
    const { session } = connectTo({});
    for (const [journal, step] of [
      [0x1b, 0],
      [0x01, 1],
      [0x01, 0x10a],
      [0x20, 5],
    ] as const) {
      await expect(session.readJournal(journal, step)).rejects.toMatchObject({ code: 'api/invalid-argument' });
    }
  });
});
