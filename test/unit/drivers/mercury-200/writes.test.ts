import { describe, expect, test } from 'vitest';
import type { MeterWrite } from '../../../../src/shared/domain/meter-write.ts';
import { framed } from '../scripted-link.ts';
import { ADDRESS, type Answer, connect, SERIAL_REPLY } from './meter.ts';

/** 12:00:00 on the meter's wall when the PC says 09:00 UTC. */
const PC_TIME = '00120000221126';

describe('a plan', () => {
  test('shows what stands there and the exact bytes, and writes nothing', async () => {
    const { link, session } = connect({});
    const { value } = await session.planWrite({ kind: 'clock-set' });
    expect(value.requests).toEqual([{ label: 'set clock', hex: expect.stringMatching(/^02 7C F8 5B 02 00 12 00 00 22 11 26 .. ..$/) }]);
    expect(value.before).toContainEqual({ name: 'clock.time', value: '2026-11-22T12:00:05', unit: null });
    expect(value.accessLevel).toBe(1);
    expect(link.asked).toEqual(['21']);
  });

  test.each([
    [{ kind: 'address', address: 123_456 }, '02 7C F8 5B 00 00 01 E2 40'],
    [{ kind: 'season-off' }, '02 7C F8 5B 05 00'],
    [{ kind: 'line-parameters', baudRate: 4800, parity: 'none', multiplier: 1 }, '02 7C F8 5B 08 01'],
    [{ kind: 'relay', isOn: false }, '02 7C F8 5B 71 AA'],
    [{ kind: 'relay', isOn: true }, '02 7C F8 5B 71 00'],
  ] as const)('of %o has its bytes', async (write, hex) => {
    const { session } = connect({ '24': '01', '8601': '01 55' });
    const [request] = (await session.planWrite(write)).value.requests;
    expect(request?.hex.slice(0, hex.length)).toBe(hex);
  });

  test.each<MeterWrite>([
    { kind: 'clock-correct' },
    { kind: 'profile-period', minutes: 30 },
    { kind: 'line-parameters', baudRate: 19_200, parity: 'none', multiplier: 1 },
    { kind: 'line-parameters', baudRate: 9600, parity: 'even', multiplier: 1 },
  ])('of %o does not exist in the family', async (write) => {
    const { link, session } = connect({});
    await expect(session.planWrite(write)).rejects.toMatchObject({ code: 'meter/unsupported' });
    await expect(session.performWrite(write)).rejects.toMatchObject({ code: 'meter/unsupported' });
    expect(link.asked.filter((body) => body !== '2F')).toEqual([]);
  });
});

describe('a write', () => {
  const SET_CLOCK = `02${PC_TIME}`;

  test('goes out once, after the serial, and is proved by reading back', async () => {
    const { link, session } = connect({ [SET_CLOCK]: '' }, {});
    link.nowMs -= 100;
    const { value, exchanges } = await session.performWrite({ kind: 'clock-set' });
    expect(link.asked).toEqual(['2F', SET_CLOCK, '21']);
    expect(value).toMatchObject({ outcome: 'done', status: null });
    expect(exchanges).toHaveLength(3);
  });

  test('that nobody answers is not repeated: what stands there decides', async () => {
    const silent = connect({ '0500': null, '24': '00' });
    expect((await silent.session.performWrite({ kind: 'season-off' })).value.outcome).toBe('done');
    expect(silent.link.asked.filter((body) => body === '0500')).toHaveLength(1);
    const unmoved = connect({ '0500': '', '24': '01' });
    expect((await unmoved.session.performWrite({ kind: 'season-off' })).value).toEqual({
      outcome: 'refused',
      status: null,
      after: [{ name: 'season_flag', value: '1', unit: null }],
    });
  });

  test('that is only echoed is no answer', async () => {
    const echoed = connect({ '71AA': { raw: framed(ADDRESS, [0x71, 0xaa], 4) }, '8601': '01 00' });
    expect((await echoed.session.performWrite({ kind: 'relay', isOn: false })).value.outcome).toBe('unknown');
    const answered = connect({ '71AA': '', '8601': '01 00' });
    expect((await answered.session.performWrite({ kind: 'relay', isOn: false })).value.outcome).toBe('done');
  });

  test('of the speed is not read back: the line must change first', async () => {
    const { link, session } = connect({ '0801': '' });
    const write = { kind: 'line-parameters', baudRate: 4800, parity: 'none', multiplier: 1 } as const;
    expect((await session.performWrite(write)).value).toEqual({ outcome: 'done', status: null, after: [] });
    expect(link.asked).toEqual(['2F', '0801']);
  });

  const NEW = 123_456;
  const SET_ADDRESS = '000001E240';
  /** A meter that answers its serial at `address()` alone; the new one is asked before the write, after it, and then the old one. */
  const moving = (address: () => number, written: Answer) => {
    const meter = connect({
      [SET_ADDRESS]: written,
      '2F': () => {
        const asked = meter.link.requests.at(-1)?.bytes ?? new Uint8Array(4);
        return Buffer.from(asked).readUInt32BE(0) === address() ? { raw: framed(address(), [0x2f, 0x02, 0x7c, 0xf8, 0x5b], 4) } : null;
      },
    });
    return meter;
  };
  const wasWritten = (link: { readonly asked: readonly string[] }) => link.asked.includes(SET_ADDRESS);

  test('of the address is answered under the new one, and the meter is asked there from then on', async () => {
    const { link, session } = moving(() => (wasWritten(link) ? NEW : ADDRESS), { raw: framed(NEW, [0x00], 4) });
    const { value } = await session.performWrite({ kind: 'address', address: NEW });
    expect(value).toEqual({ outcome: 'done', status: null, after: [{ name: 'address', value: '123456', unit: null }] });
    expect(link.asked).toEqual(['2F', '2F', SET_ADDRESS, '2F']);
    expect((await session.identify()).value.serial).toBe('41744475');
  });

  test('of the address whose answer was lost is proved by the serial at the new one', async () => {
    const { link, session } = moving(() => (wasWritten(link) ? NEW : ADDRESS), null);
    expect((await session.performWrite({ kind: 'address', address: NEW })).value.outcome).toBe('done');
    expect(link.asked.filter((body) => body === SET_ADDRESS)).toHaveLength(1);
  });

  test('of the address that the meter did not take is refused, and the old one goes on', async () => {
    const { session } = moving(() => ADDRESS, null);
    const { value } = await session.performWrite({ kind: 'address', address: NEW });
    expect(value).toEqual({ outcome: 'refused', status: null, after: [{ name: 'address', value: String(ADDRESS), unit: null }] });
    expect((await session.identify()).value.serial).toBe('41744475');
  });

  test('of the address after which the meter is nowhere is unknown', async () => {
    const { link, session } = moving(() => (wasWritten(link) ? 0 : ADDRESS), null);
    expect((await session.performWrite({ kind: 'address', address: NEW })).value).toEqual({ outcome: 'unknown', status: null, after: [] });
  });

  test('of an address at which somebody answers already is not made', async () => {
    const { link, session } = connect({
      '2F': (times) => (times === 1 ? SERIAL_REPLY : { raw: framed(NEW, [0x2f, 0x00, 0x69, 0xad, 0x4e], 4) }),
    });
    await expect(session.performWrite({ kind: 'address', address: NEW })).rejects.toMatchObject({ code: 'meter/refused' });
    expect(wasWritten(link)).toBe(false);
  });

  test('never goes to a meter of another serial', async () => {
    const { link, session } = connect({ '0500': '' }, { expectedSerial: '11111111' });
    await expect(session.performWrite({ kind: 'season-off' })).rejects.toMatchObject({ code: 'meter/wrong-serial' });
    expect(link.asked).toEqual(['2F']);
  });
});
