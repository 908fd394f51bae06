import { describe, expect, test } from 'vitest';
import type { MeterMemory, MeterSettings } from '../../../../src/main/drivers/driver.ts';
import { Conversation } from '../../../../src/main/drivers/mercury-23x/conversation.ts';
import { mercury23x } from '../../../../src/main/drivers/mercury-23x/driver.ts';
import { timingOf } from '../../../../src/main/drivers/mercury-23x/table.ts';
import { networkAddressCommand } from '../../../../src/main/protocol/mercury/identity.ts';
import { data, framed, meterSettings, type Scripted, ScriptedLink } from '../scripted-link.ts';

const IDENTITY = data('0C 22 38 12 16 06 14');
const CLOCK = data('00 00 12 07 22 11 26 01');
const OK = [0];
const DENIED = [3];
const CLOSED = [5];
const OPEN_BINARY = '0101010101010101';
const OPEN_ASCII = '0101313131313131';

function connect(answer: (body: string, times: number) => Scripted, changes: Partial<MeterSettings> = {}) {
  const link = new ScriptedLink(18, answer);
  return { link, session: mercury23x.connect(link, meterSettings(changes), () => link.nowMs) };
}

/** A meter that answers identity and clock. */
const healthy = (body: string): Scripted => (body === '0800' ? IDENTITY : body === '0400' ? CLOCK : OK);

describe('identity', () => {
  test('is read without a channel and remembered', async () => {
    const { link, session } = connect(healthy);
    expect((await session.identify()).value).toEqual({ serial: '12345618', manufactured: '2020-06-22' });
    expect(link.asked).toEqual(['0800']);
    expect(session.memory).toEqual({ serial: '12345618' });
  });

  test('of another meter is refused with both serials', async () => {
    const { session } = connect(healthy, { expectedSerial: '12345699' });
    await expect(session.identify()).rejects.toMatchObject({
      code: 'meter/wrong-serial',
      context: { expected: '12345699', actual: '12345618', address: 18 },
    });
  });

  test('of any meter is taken when a person has only an address', async () => {
    const { session } = connect(healthy, { expectedSerial: null });
    expect((await session.identify()).value.serial).toBe('12345618');
  });

  test('of another serial voids what was remembered of the old one', async () => {
    const memory: MeterMemory = { serial: '99999999', firmware: '9.0.0', passwordForm: 'ascii', profileAddressing: 'bytes' };
    const { session } = connect(healthy, { memory });
    await session.identify();
    expect(session.memory).toEqual({ serial: '12345618' });
  });

  test('costs a silent meter one exchange', async () => {
    const { link, session } = connect(() => null);
    await expect(session.identify()).rejects.toMatchObject({ code: 'transport/timeout', context: { address: 18, serial: '12345618' } });
    expect(link.asked).toEqual(['0800']);
  });

  test('is read again after a damaged reply', async () => {
    const { link, session } = connect((_, times) => (times < 3 ? { fault: 'transport/bad-checksum' } : IDENTITY));
    await session.identify();
    expect(link.asked).toHaveLength(3);
  });

  test('that never comes out right ends after three tries', async () => {
    const { link, session } = connect(() => ({ fault: 'transport/bad-checksum' }));
    await expect(session.identify()).rejects.toMatchObject({ code: 'transport/bad-checksum' });
    expect(link.asked).toHaveLength(3);
  });

  test('is not proved by an echo', async () => {
    const { session } = connect(() => ({ raw: framed(18, [0x08, 0x00]) }));
    await expect(session.identify()).rejects.toMatchObject({ code: 'transport/short-frame' });
  });
});

describe('the channel', () => {
  test('is opened with the default password in binary form', async () => {
    const { link, session } = connect(healthy);
    await session.open();
    expect(link.asked).toEqual([OPEN_BINARY]);
    expect(session.memory.passwordForm).toBe('binary');
    expect(link.requests[0]).toMatchObject({ secret: true, label: 'open channel level 1', replyBytes: 4 });
  });

  test('is opened in ASCII form when binary was refused, once each, and the winner is remembered', async () => {
    const { link, session } = connect((body) => (body === OPEN_ASCII ? OK : DENIED));
    await session.open();
    expect(link.asked).toEqual([OPEN_BINARY, OPEN_ASCII]);
    expect(session.memory.passwordForm).toBe('ascii');
  });

  test('is opened in the remembered form alone; a refusal counts when it is met twice with identity between', async () => {
    const known: MeterMemory = { serial: '12345618', passwordForm: 'ascii' };
    const { link, session } = connect((body) => (body === '0800' ? IDENTITY : DENIED), { memory: known });
    await expect(session.open()).rejects.toMatchObject({ code: 'session/denied' });
    await expect(session.open()).rejects.toMatchObject({ code: 'session/denied' });
    expect(link.asked).toEqual([OPEN_ASCII, '0800', OPEN_ASCII]);
  });

  test('is open after all when the refusal was meant for another master of the line', async () => {
    const foreign = (body: string, times: number) => (body === '0800' ? IDENTITY : times === 1 ? DENIED : OK);
    const { link, session } = connect(foreign, { memory: { serial: '12345618', passwordForm: 'binary' } });
    await session.open();
    expect(link.asked).toHaveLength(3);
  });

  test('gets no second password where another meter answers after the refusal', async () => {
    const { link, session } = connect((body) => (body === '0800' ? data('01 02 03 04 16 06 14') : DENIED), {
      memory: { serial: '12345618', passwordForm: 'binary' },
    });
    await expect(session.open()).rejects.toMatchObject({ code: 'session/denied' });
    expect(link.asked.filter((body) => body.startsWith('01'))).toHaveLength(1);
  });

  test.each([1, 2, 3, 4, 5])('that is refused with status %i is denied and not asked for again', async (status) => {
    const { link, session } = connect((body) => (body.startsWith('01') ? [status] : CLOSED));
    await expect(session.open()).rejects.toMatchObject({ code: 'session/denied' });
    await expect(session.open()).rejects.toMatchObject({ code: 'session/denied' });
    await expect(session.readClock()).rejects.toMatchObject({ code: 'session/denied' });
    expect(link.asked).toEqual([OPEN_BINARY, OPEN_ASCII, '0400']);
  });

  test('is opened with the password given, once, at the level given', async () => {
    const password = { bytes: Uint8Array.from([9, 8, 7, 6, 5, 4]) };
    const { link, session } = connect(() => DENIED, { password, accessLevel: 2 });
    const error = await session.open().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'session/denied' });
    expect(JSON.stringify(error)).not.toContain('0908070605');
    expect(link.asked).toEqual(['0102090807060504']);
  });

  test('uses the default of level 2 for level 2', async () => {
    const { link, session } = connect(healthy, { accessLevel: 2 });
    await session.open();
    expect(link.asked).toEqual(['0102020202020202']);
  });

  test('that has lapsed is opened once more and the question repeated', async () => {
    const { link, session } = connect((body, times) => (body === '0400' && times === 1 ? CLOSED : healthy(body)));
    await session.readClock();
    expect(link.asked).toEqual(['0400', '0800', OPEN_BINARY, '0400']);
  });

  test('that lapsed because another meter stands there now is not opened, and nothing of that meter is read', async () => {
    const { link, session } = connect((body) => (body === '0400' ? CLOSED : healthy(body)), { expectedSerial: '12345699' });
    await expect(session.readClock()).rejects.toMatchObject({ code: 'meter/wrong-serial', context: { actual: '12345618' } });
    expect(link.asked).toEqual(['0400', '0800']);
  });

  test('that lapses again at once is given up', async () => {
    const { link, session } = connect((body) => (body === '0400' ? CLOSED : healthy(body)));
    await expect(session.readClock()).rejects.toMatchObject({ code: 'session/closed' });
    expect(link.asked).toEqual(['0400', '0800', OPEN_BINARY, '0400']);
  });

  test('is closed only when it was opened, and a lost answer to that hurts nobody', async () => {
    const { link, session } = connect((body) => (body === '02' ? null : OK));
    await session.close();
    await session.open();
    await session.close();
    expect(link.asked).toEqual([OPEN_BINARY, '02']);
  });
});

describe('five bytes that may be a status with a zero behind it', () => {
  // Of address 18: the second byte of data is the low byte of the checksum over address and 00.
  const doubtful = data('00 0D');
  const read = (answer: (times: number) => Scripted) => {
    const link = new ScriptedLink(18, (body, times) => (body === '0805' ? answer(times) : healthy(body)));
    return { link, answer: new Conversation(link, meterSettings()).ask(networkAddressCommand()) };
  };

  test('are data once they have come twice', async () => {
    const { link, answer } = read(() => doubtful);
    expect((await answer).value).toBe(13);
    expect(link.asked).toEqual(['0805', '0805']);
  });

  test('are given up for what comes instead', async () => {
    expect((await read((times) => (times === 1 ? doubtful : data('00 12'))).answer).value).toBe(18);
  });
});

describe('after a time-out', () => {
  test('identity is asked first, and a late reply before it is dropped', async () => {
    const late = framed(18, data('59 59 23 06 21 11 26 01'));
    const { link, session } = connect((body, times) => {
      if (body === '0400' && times === 1) return null;
      if (body === '0800') return { raw: Uint8Array.from([...late, ...framed(18, IDENTITY)]) };
      return CLOCK;
    });
    const { value } = await session.readClock();
    expect(value.wall).toMatchObject({ day: 22, hour: 12 });
    expect(link.asked).toEqual(['0400', '0800', '0400']);
    expect(link.requests.map(({ attempt }) => attempt)).toEqual([1, 2, 2]);
  });

  test('a late status does not pass for the proof of identity', async () => {
    const { link, session } = connect((body, times) => {
      if (body === '0400') return times === 1 ? null : CLOCK;
      return times === 1 ? { raw: framed(18, [1]) } : IDENTITY;
    });
    await session.readClock();
    expect(link.asked).toEqual(['0400', '0800', '0800', '0400']);
  });

  test('the serial of another meter is no proof', async () => {
    const { link, session } = connect((body) => (body === '0400' ? null : data('0C 22 38 13 16 06 14')));
    await expect(session.readClock()).rejects.toMatchObject({ code: 'transport/bad-checksum' });
    expect(link.asked).toEqual(['0400', '0800', '0800']);
  });

  test.each(['transport/short-frame', 'transport/wrong-address', 'transport/unexpected-length', 'transport/echo'] as const)(
    'and after %s alike the reply may still come',
    async (fault) => {
      const { link, session } = connect((body, times) => (body === '0400' && times === 1 ? { fault } : healthy(body)));
      await session.readClock();
      expect(link.asked).toEqual(['0400', '0800', '0400']);
    },
  );

  test('three tries are all, and the next question begins with identity', async () => {
    let isDead = true;
    const { link, session } = connect((body) => (isDead && body === '0400' ? null : healthy(body)));
    await expect(session.readClock()).rejects.toMatchObject({ code: 'transport/timeout', context: { command: 'clock' } });
    expect(link.asked).toEqual(['0400', '0800', '0400', '0800', '0400']);
    isDead = false;
    await session.readClock();
    expect(link.asked.slice(5)).toEqual(['0800', '0400']);
  });
});

test('a damaged frame of full length is simply asked for again', async () => {
  const { link, session } = connect((body, times) => (body === '0400' && times < 3 ? { fault: 'transport/bad-checksum' } : healthy(body)));
  await session.readClock();
  expect(link.asked).toEqual(['0400', '0400', '0400']);
});

test('bytes without sense are read once more, then reported', async () => {
  const { link, session } = connect(() => data('00 00 12 07 22 13 26 01'));
  await expect(session.readClock()).rejects.toMatchObject({ code: 'data/implausible', context: { offset: 1, serial: '12345618' } });
  expect(link.asked).toEqual(['0400', '0400']);
});

test('a status "done" in place of data is a late reply to something else', async () => {
  const { link, session } = connect((body, times) => (body === '0400' && times === 1 ? OK : healthy(body)));
  await session.readClock();
  expect(link.asked).toEqual(['0400', '0800', '0400']);
});

test.each(['line/lost', 'meter/refused'] as const)('%s is not repeated', async (fault) => {
  const { link, session } = connect(() => ({ fault }));
  await expect(session.readClock()).rejects.toMatchObject({ code: fault });
  expect(link.asked).toEqual(['0400']);
});

test('waits follow the speed of the bus, and long replies may pause longer', () => {
  expect(timingOf(9600, 10)).toEqual({ silenceMs: 5, firstByteMs: 150, interByteMs: 5 });
  expect(timingOf(9600, 258)).toEqual({ silenceMs: 5, firstByteMs: 150, interByteMs: 25 });
  expect(timingOf(2400, 19)).toEqual({ silenceMs: 20, firstByteMs: 250, interByteMs: 20 });
  expect(timingOf(115200, 10)).toEqual({ silenceMs: 2, firstByteMs: 150, interByteMs: 2 });
  expect(timingOf(14400, 10)).toEqual(timingOf(9600, 10));
  expect(timingOf(300, 89)).toEqual({ silenceMs: 160, firstByteMs: 1600, interByteMs: 160 });
  expect(timingOf(110, 10)).toEqual(timingOf(300, 10));
});
