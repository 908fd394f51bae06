import { expect, test } from 'vitest';
import { oneMeter } from './meters.ts';

const LOGIN_1 = '01 01 01 01 01 01 01 01';
const LOGIN_2 = '01 02 02 02 02 02 02 02';
const LOGIN_1_ASCII = '01 01 31 31 31 31 31 31';

test('without a channel the meter answers only its test and its serial', () => {
  const { ask } = oneMeter({ family: 'm234' });
  expect(ask('00')).toEqual([0]);
  expect(ask('08 00')).toHaveLength(7);
  for (const body of ['02', '04 00', '05 00 00', '06 03 00 10 0F', '08 01', '08 01 00', '08 05', '08 13', '08 16 A0', '03 0C', '77']) {
    expect(ask(body), body).toEqual([5]);
  }
});

test('both levels open the channel with the default password in binary digits', () => {
  for (const login of [LOGIN_1, LOGIN_2]) {
    const { ask } = oneMeter({ family: 'm230' });
    expect(ask(login)).toEqual([0]);
    expect(ask('08 05')).toHaveLength(2);
  }
});

test('a wrong password gets status 3 and opens nothing', () => {
  const { ask } = oneMeter({ family: 'm234' });
  for (const login of ['01 01 01 01 01 01 01 02', '01 02 01 01 01 01 01 01', LOGIN_1_ASCII]) expect(ask(login)).toEqual([3]);
  expect(ask('08 05')).toEqual([5]);
  expect(ask('01 03 01 01 01 01 01 01')).toEqual([1]);
});

test('a D meter takes the password in ASCII only', () => {
  const { ask } = oneMeter({ family: 'm234d' });
  expect(ask(LOGIN_1)).toEqual([3]);
  expect(ask(LOGIN_1_ASCII)).toEqual([0]);
});

test('closing the channel closes it', () => {
  const { ask, login } = oneMeter({ family: 'm234' });
  login();
  expect(ask('02')).toEqual([0]);
  expect(ask('08 05')).toEqual([5]);
});

test('the channel lives 240 s after the last correct request, on old firmware 20 s', async () => {
  for (const [family, seconds] of [
    ['m234', 240],
    ['m230', 240],
    ['m230old', 20],
  ] as const) {
    const { ask, login, clock } = oneMeter({ family });
    login();
    await clock.advance(seconds * 1000 - 1);
    expect(ask('08 05'), family).toHaveLength(2);
    await clock.advance(seconds * 1000 - 1);
    expect(ask('00'), family).toEqual([0]);
    await clock.advance(seconds * 1000 - 1);
    expect(ask('08 05'), family).toHaveLength(2);
    await clock.advance(seconds * 1000);
    expect(ask('08 05'), family).toEqual([5]);
  }
});

test('a channel test does not open a channel that has lapsed', async () => {
  const { ask, login, clock } = oneMeter({ family: 'm230old' });
  login();
  await clock.advance(20_000);
  expect(ask('00')).toEqual([0]);
  expect(ask('08 05')).toEqual([5]);
});

test('setting the clock of the PC does not touch the life of a channel', async () => {
  const { ask, login, clock } = oneMeter({ family: 'm230old' });
  login();
  clock.jump(3_600_000);
  expect(ask('08 05')).toHaveLength(2);
});

test('a request of a wrong length gets no answer, whether the channel is open or not', () => {
  const { ask, login } = oneMeter({ family: 'm234' });
  const wrong = ['00 00', '01 01 01', '02 00', '04', '05 00', '05 00 00 00', '06 03 00 10', '06 03 00 10 0F 00', '08', '08 11 00 00'];
  for (const body of wrong) expect(ask(body), body).toBeNull();
  login();
  for (const body of wrong) expect(ask(body), body).toBeNull();
});

test('what the plant does not know gets status 1', () => {
  const { ask, login } = oneMeter({ family: 'm234' });
  login();
  for (const body of [
    '03 77 00',
    '15 60 00',
    '18 00 22 11 26 00',
    '08 77',
    '08 14 F5',
    '04 60 00',
    '04 01 0A',
    '05 70 00',
    '05 00 05',
    '05 30 00',
    '05 BD 00',
    '06 02 00 10 0F',
  ]) {
    expect(ask(body), body).toEqual([1]);
  }
});
