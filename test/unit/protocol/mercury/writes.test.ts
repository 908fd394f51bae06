import { describe, expect, test } from 'vitest';
import { decode } from '../../../../src/main/protocol/mercury/decode.ts';
import type { Command } from '../../../../src/main/protocol/mercury/command.ts';
import { commandOf } from '../../../../src/main/protocol/mercury/commands.ts';
import { encodeFrame } from '../../../../src/main/protocol/mercury/frame.ts';
import * as writes from '../../../../src/main/protocol/mercury/writes.ts';
import { bytesOf, loadVectors } from './vectors.ts';

const hex = (bytes: Uint8Array) =>
  Buffer.from(bytes)
    .toString('hex')
    .toUpperCase()
    .replaceAll(/(..)(?!$)/g, '$1 ');
const ascii = (text: string) => new TextEncoder().encode(text);
const at = (hour: number, tariff: 1 | 2 | 3 | 4) => ({ hour, minute: 0, tariff });

describe('the request of a write equals the published one', () => {
  const published: Readonly<Record<string, Command<null>>> = {
    'err1-bad-param-doc': writes.periodWrite(1, 70, false),
    'write-set-period': writes.periodWrite(1, 30, true),
    'write-set-address': writes.addressWrite(64),
    'write-set-time': writes.clockSetWrite({ year: 2008, month: 3, day: 5, hour: 10, minute: 55, second: 0 }, false),
    'write-set-comm': writes.linkWrite('additional', 1200, 'none', 1),
    'write-season-enable': writes.seasonWrite(false),
    'write-set-ratios': writes.ratiosWrite(1, 1),
    'write-set-password': writes.passwordWrite(1, ascii('111111'), ascii('AAAAAA')),
    'write-set-limit-power': writes.powerLimitWrite(500),
    'write-load-mode': writes.loadWrite(true),
  };

  test.each(Object.entries(published))('%s', (id, command) => {
    const vector = loadVectors().find((candidate) => candidate.id === id);
    const request = bytesOf(vector?.request_hex ?? '');
    expect(hex(encodeFrame(request[0] ?? 0, command.body))).toBe(hex(request));
  });

  // October is bit 9 of the mask; the published bytes send it as 02 00, its high byte first.
  test('write-set-tariff-schedule', () => {
    const points = [at(0, 2), at(7, 1), at(9, 3), at(11, 1), at(18, 3), at(20, 1), at(22, 2), at(24, 1)];
    const vector = loadVectors().find(({ id }) => id === 'write-set-tariff-schedule');
    expect(hex(encodeFrame(0x80, writes.scheduleWrite(1 << 9, 0, 1 << 1, points).body))).toBe(vector?.request_hex);
  });
});

describe('what is written goes out high byte first', () => {
  test.each([
    ['the delay of a limit', writes.limitDelayWrite(0x1234), '03 26 12 34'],
    ['an energy limit', writes.energyLimitWrite(2, 0x01020304), '03 2E 02 01 02 03 04'],
    ['ratios', writes.ratiosWrite(0x0102, 0x0304), '03 1B 01 02 03 04'],
    ['the second profile', writes.periodWrite(2, 3, false), '03 06 03 00'],
    ['a correction', writes.clockCorrectWrite({ hour: 23, minute: 59, second: 8 }), '03 0D 08 59 23'],
    ['the link of the main interface', writes.linkWrite('main', 19200, 'odd', 3), '03 15 16 03'],
    ['the protocol of a port, whose pause alone is low byte first', writes.protocolWrite(1, 0, 0x0102, 30), '03 12 01 00 00 02 01 1E'],
    [
      'the times of the season',
      writes.seasonTimesWrite({ hour: 2, weekday: 7, month: 3 }, { hour: 3, weekday: 7, month: 10 }),
      '03 19 02 07 03 03 07 10',
    ],
    ['the holidays of a month', writes.holidaysWrite(11, [4, 31]), '03 1E 0B 08 00 00 40'],
    ['the control of a limit', writes.limitControlWrite('energy', true), '03 2F 01'],
    ['an output', writes.outputModeWrite(1), '03 30 01'],
    ['a multiplier', writes.multiplierWrite(4), '03 32 04'],
    ['a restart', writes.restartWrite(), '03 16'],
    ['the closing of registers', writes.closeRegistersWrite(), '03 21'],
    ['a freeze', writes.freezeWrite(), '03 08'],
  ] as const)('%s', (_, command, body) => {
    expect(hex(command.body)).toBe(body);
    expect(commandOf(command.body)).toMatchObject({ name: command.name, label: command.label });
  });
});

test('a Sunday is day 7 of the clock, and summer is season 0', () => {
  expect(hex(writes.clockSetWrite({ year: 2026, month: 7, day: 5, hour: 1, minute: 2, second: 3 }, true).body)).toBe(
    '03 0C 03 02 01 07 05 07 26 00',
  );
});

test('a change of passwords is a secret, and its fields hold neither', () => {
  const command = writes.passwordWrite(2, Uint8Array.of(2, 2, 2, 2, 2, 2), ascii('QWERTY'));
  expect(command.isSecret).toBe(true);
  const result = decode(encodeFrame(1, command.body), null);
  expect(JSON.stringify(result)).not.toMatch(/020202|515745|QWERTY/);
  expect(result).toMatchObject({
    ok: true,
    fields: expect.arrayContaining([
      expect.objectContaining({ name: 'password_form.old', value: 'binary digits' }),
      expect.objectContaining({ name: 'password_form.new', value: 'ascii' }),
    ]),
  });
});
