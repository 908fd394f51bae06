import { describe, expect, test } from 'vitest';
import type { MeterSettings } from '../../../../src/main/drivers/driver.ts';
import type { MeterWrite } from '../../../../src/shared/domain/meter-write.ts';
import { data, framed, type Scripted } from '../scripted-link.ts';
import { type Answers, connectTo, passport, SERIAL } from './meter.ts';

const DONE = [0];
const OPEN_2 = '0102020202020202';
const OPEN_2_ASCII = '0102323232323232';
const FORBIDDEN = '84 29';
const ALLOWED = '84 21';
/** What the meter answers to its flags before the write, and after it. */
const flags = (before: string, after: string) => (times: number) => data(times === 1 ? before : after);
const hex = (frame: Uint8Array) => (Buffer.from(frame).toString('hex').toUpperCase().match(/../g) ?? []).join(' ');
const SEASON_OFF: MeterWrite = { kind: 'season-off' };

/** Each changing request with how often it was sent. */
function writesOf(asked: readonly string[]): string[] {
  return asked.filter((body) => body.startsWith('03'));
}

async function perform(write: MeterWrite, answers: Answers, changes: Partial<MeterSettings> = {}) {
  const { link, session } = connectTo({ [OPEN_2]: DONE, '0101010101010101': DONE, ...answers }, changes);
  const { value, exchanges } = await session.performWrite(write);
  return { report: value, exchanges, link, session };
}

describe('a plan', () => {
  test('shows the exact bytes, the password masked, and writes nothing', async () => {
    const { link, session } = connectTo({ '0809': data(ALLOWED) });
    const { value } = await session.planWrite(SEASON_OFF);
    expect(value).toEqual({
      requests: [
        { label: 'open channel level 2', hex: '12 01 02 ** ** ** ** ** ** ** **' },
        { label: 'write season switching', hex: hex(framed(18, [0x03, 0x18, 0x01])) },
      ],
      before: [{ name: 'flags.season_switch_forbidden', value: 'false', unit: null }],
      accessLevel: 2,
    });
    expect(link.asked).toEqual(['080100', '0800', '0809']);
  });

  test.each<[MeterWrite, string, Answers]>([
    [{ kind: 'relay', isOn: false }, '03 31 01', { '0818': data('01 00') }],
    [{ kind: 'profile-period', minutes: 30 }, '03 00 1E 01', { '0813': data('00 21 08 12 00 22 11 26 3C') }],
    [{ kind: 'line-parameters', baudRate: 19200, parity: 'even', multiplier: 2 }, '03 15 26 02', {}],
    [{ kind: 'address', address: 40 }, '03 05 28', { '0805': data('00 12'), '0800': (times) => (times === 1 ? data(SERIAL) : null) }],
  ])('of %o is one request', async (write, body, answers) => {
    const { session } = connectTo(answers);
    const { requests } = (await session.planWrite(write)).value;
    expect(requests).toHaveLength(2);
    expect(requests[1]?.hex).toBe(hex(framed(18, data(body))));
  });

  test('of an address that no meter of the family can have is refused', async () => {
    await expect(connectTo({}).session.planWrite({ kind: 'address', address: 241 })).rejects.toMatchObject({
      code: 'api/invalid-argument',
    });
  });

  test('of a speed that old firmware has no code for is refused: the meter could not be reached afterwards', async () => {
    const { session } = connectTo({ '080100': passport('02 03 04') });
    const write = { kind: 'line-parameters', parity: 'none', multiplier: 1 } as const;
    await expect(session.planWrite({ ...write, baudRate: 19200 })).rejects.toMatchObject({ code: 'meter/unsupported' });
    expect((await session.planWrite({ ...write, baudRate: 4800 })).value.requests).toHaveLength(2);
  });

  test('for a meter that is another one is refused', async () => {
    const { session } = connectTo({ '0809': data(ALLOWED), '0800': data('0C 22 38 13 16 06 14') });
    await expect(session.planWrite(SEASON_OFF)).rejects.toMatchObject({ code: 'meter/wrong-serial' });
  });

  test('for the profile of a meter without one is refused', async () => {
    const { session } = connectTo({ '080100': passport('09 00 00', 'B4 44 C2 94 DF 58') });
    await expect(session.planWrite({ kind: 'profile-period', minutes: 30 })).rejects.toMatchObject({ code: 'meter/unsupported' });
  });
});

describe('a write', () => {
  test('proves identity, opens level 2, sends once, reads back and leaves the level', async () => {
    const { report, link, exchanges } = await perform(SEASON_OFF, { '0809': flags(ALLOWED, FORBIDDEN), '031801': DONE });
    expect(report).toEqual({ outcome: 'done', status: 0, after: [{ name: 'flags.season_switch_forbidden', value: 'true', unit: null }] });
    expect(link.asked).toEqual(['080100', '0800', '0809', OPEN_2, '031801', '0809', '02']);
    expect(exchanges.map(({ label }) => label)).toEqual(['programmable flags', 'write season switching', 'programmable flags']);
  });

  test('opens with the password given where that is of level 2', async () => {
    const { link } = await perform(
      SEASON_OFF,
      { '0809': data(ALLOWED), '031801': DONE, '0102070605040302': DONE },
      { accessLevel: 2, password: { bytes: Uint8Array.of(7, 6, 5, 4, 3, 2) } },
    );
    expect(link.asked.filter((body) => body.startsWith('01'))).toEqual(['0102070605040302']);
  });

  test('of a setting that the level in use may not read has nothing to compare with before, and is read back at its own', async () => {
    const { report } = await perform(SEASON_OFF, { '0809': (times) => (times === 1 ? [3] : data(FORBIDDEN)), '031801': DONE });
    expect(report).toMatchObject({ outcome: 'done', after: [{ value: 'true' }] });
  });

  test('tries the default in either form once, and is not sent when both are refused', async () => {
    const { link, session } = connectTo({ '0809': data(ALLOWED), [OPEN_2]: [3], [OPEN_2_ASCII]: [3] });
    await expect(session.performWrite(SEASON_OFF)).rejects.toMatchObject({ code: 'session/denied' });
    await expect(session.performWrite(SEASON_OFF)).rejects.toMatchObject({ code: 'session/denied' });
    expect(link.asked.filter((body) => body.startsWith('01'))).toEqual([OPEN_2, OPEN_2_ASCII]);
    expect(writesOf(link.asked)).toEqual([]);
  });

  test.each([1, 2, 3, 4, 5])('that the meter refuses with status %i is refused and not repeated', async (status) => {
    const { report, link } = await perform(SEASON_OFF, { '0809': data(ALLOWED), '031801': [status] });
    expect(report).toMatchObject({ outcome: 'refused', status, after: [{ value: 'false' }] });
    expect(writesOf(link.asked)).toEqual(['031801']);
  });

  test.each<[string, string, string]>([
    ['done when the setting shows it', FORBIDDEN, 'done'],
    ['unknown when the setting does not', ALLOWED, 'unknown'],
  ])('without an answer is %s, and never repeated', async (_, after, outcome) => {
    const { report, link } = await perform(SEASON_OFF, { '0809': flags(ALLOWED, after), '031801': null });
    expect(report).toMatchObject({ outcome, status: null });
    expect(writesOf(link.asked)).toEqual(['031801']);
    // Nothing is believed of what comes after silence until identity has answered.
    expect(link.asked.slice(-3)).toEqual(['0800', '0809', '02']);
  });

  test.each(['transport/bad-checksum', 'line/lost'] as const)(
    'whose answer is lost by %s is unknown with nothing read back',
    async (fault) => {
      const lost: Scripted = { fault };
      const { report, link } = await perform(SEASON_OFF, { '0809': (times) => (times === 1 ? data(ALLOWED) : lost), '031801': lost });
      expect(report).toEqual({
        outcome: 'unknown',
        status: null,
        after: [{ name: 'flags.season_switch_forbidden', value: null, unit: null }],
      });
      expect(writesOf(link.asked)).toEqual(['031801']);
    },
  );
});

describe('a new address', () => {
  const ADDRESS: MeterWrite = { kind: 'address', address: 40 };
  /** The line carries frames of either address: the script writes the one that answers. */
  const from = (address: number, body: readonly number[]): Scripted => ({ raw: framed(address, body) });

  /** Identity by turns: of this meter, silence at the new address, and what comes then. */
  const identity = (then: Scripted | ((times: number) => Scripted)) => (times: number) => {
    if (times === 1) return data(SERIAL);
    return times === 2 ? null : typeof then === 'function' ? then(times) : then;
  };

  test('answers already, and is asked from then on', async () => {
    const { report, link, session } = await perform(ADDRESS, {
      '0805': (times) => (times === 1 ? data('00 12') : from(40, data('00 28'))),
      '030528': from(40, [0]),
      '0800': identity(from(40, data(SERIAL))),
    });
    expect(report).toEqual({ outcome: 'done', status: 0, after: [{ name: 'network_address', value: '40', unit: null }] });
    expect(link.requests.at(-1)?.bytes[0]).toBe(40);
    expect((await session.identify()).value.serial).toBe('12345618');
  });

  test('whose answer was lost is proved by the serial there', async () => {
    const { report } = await perform(ADDRESS, {
      '0805': (times) => (times === 1 ? data('00 12') : from(40, data('00 28'))),
      '030528': null,
      '0800': identity(from(40, data(SERIAL))),
    });
    expect(report).toMatchObject({ outcome: 'done', status: null });
  });

  test('that was never taken leaves the old one', async () => {
    const { report, link } = await perform(ADDRESS, {
      '0805': data('00 12'),
      '030528': null,
      '0800': identity((times) => (times === 3 ? null : data(SERIAL))),
    });
    expect(report).toMatchObject({ outcome: 'unknown', after: [{ value: '18' }] });
    expect(link.requests.at(-1)?.bytes[0]).toBe(18);
  });

  test.each<[string, Scripted]>([
    ['a meter', from(40, data('0C 22 38 13 16 06 14'))],
    ['noise', { fault: 'transport/bad-checksum' }],
  ])('at which there is %s is refused, and nothing is written', async (_, answer) => {
    const { link, session } = connectTo({ '0805': data('00 12'), '0800': (times) => (times === 1 ? data(SERIAL) : answer) });
    await expect(session.performWrite(ADDRESS)).rejects.toMatchObject({ code: 'meter/refused' });
    expect(writesOf(link.asked)).toEqual([]);
  });
});

describe('the clock', () => {
  // The PC of these tests shows 12:00:00 of 22.11.2026 at the meter's place, and 0.1 s more with every exchange.
  const clock = (time: string, date = '22 11 26', season = '01') => data(`${time} 07 ${date} ${season}`);
  const CORRECT: MeterWrite = { kind: 'clock-correct' };
  const SET: MeterWrite = { kind: 'clock-set' };

  test('is corrected to the second of the PC on its own wall, at the level in use', async () => {
    const { report, link } = await perform(CORRECT, {
      '0400': (times) => clock(times === 1 ? '30 01 12' : '01 00 12'),
      '030D000012': DONE,
    });
    expect(writesOf(link.asked)).toEqual(['030D000012']);
    expect(link.asked.filter((body) => body.startsWith('01'))).toEqual(['0101010101010101']);
    expect(report).toMatchObject({
      outcome: 'done',
      after: [{ name: 'clock.time', value: '2026-11-22T12:00:01' }, { name: 'clock.season' }],
    });
  });

  test('corrected a second time in a day is refused with status 4', async () => {
    const { report } = await perform(CORRECT, { '0400': clock('30 01 12'), '030D000012': [4] });
    expect(report).toMatchObject({ outcome: 'refused', status: 4 });
  });

  test.each([
    ['off by more than four minutes', '30 05 12', '22 11 26'],
    ['an hour off, which is another zone', '00 00 13', '22 11 26'],
  ])('%s is not corrected, and no channel is opened for it', async (_, time, date) => {
    const { link, session } = connectTo({ '0400': clock(time, date) });
    await expect(session.performWrite(CORRECT)).rejects.toMatchObject({ code: 'meter/refused' });
    expect(link.asked.filter((body) => body.startsWith('01') || body.startsWith('03'))).toEqual([]);
  });

  test('is not corrected across a midnight: the correction carries no date', async () => {
    const offsetMin = 180 + 12 * 60;
    const { session } = connectTo({ '0400': clock('30 59 23') }, { clock: { offsetMin, seasonBit: 'ignored' } });
    await expect(session.planWrite(CORRECT)).rejects.toMatchObject({ code: 'meter/refused', hint: expect.stringContaining('minutes') });
  });

  test('is not corrected moments before a midnight: it may pass while the correction is on its way', async () => {
    const { link, session } = connectTo({ '0400': clock('55 59 23') });
    link.nowMs = Date.UTC(2026, 10, 22, 20, 59, 50);
    await expect(session.performWrite(CORRECT)).rejects.toMatchObject({ code: 'meter/refused' });
    expect(writesOf(link.asked)).toEqual([]);
  });

  test('is set with its date, its weekday and the season bit that it has', async () => {
    const { link } = await perform(SET, { '0400': clock('30 05 11', '22 11 26', '00'), '030C00001207221126': DONE });
    expect(writesOf(link.asked)).toEqual(['030C0000120722112600']);
  });

  test('is set to the season of the calendar where the season moves it', async () => {
    const { link } = await perform(
      SET,
      { '0400': clock('30 05 11', '22 11 26', '00') },
      { clock: { offsetMin: 180, seasonBit: 'applied' } },
    );
    expect(writesOf(link.asked)).toEqual(['030C0000120722112601']);
  });
});
