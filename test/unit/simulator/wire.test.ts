import { expect, test } from 'vitest';
import { bcd, checksum, e4, frame, isWhole, p3, v3, w2 } from '../../../src/main/simulator/wire.ts';
import { hex } from './readers.ts';

test('the checksum gives the vectors of the documents', () => {
  for (const text of ['5E 00 39 D0', '00 00 01 B0', '01 00 00 20', '22 08 18 D6 00', '80 00 60 70']) {
    const bytes = Uint8Array.from(text.split(' '), (pair) => Number.parseInt(pair, 16));
    expect(isWhole(bytes)).toBe(true);
    expect(hex(frame(bytes[0] ?? 0, [...bytes.subarray(1, -2)]))).toBe(text);
  }
  expect(checksum(new Uint8Array())).toBe(0xffff);
});

test('a frame of three bytes is never whole', () => {
  expect(isWhole(Uint8Array.from([0x7f]))).toBe(false);
  expect(isWhole(frame(0x80, []))).toBe(false);
});

test('numbers are laid out as the documents print them', () => {
  expect(hex(e4(3196201))).toBe('30 00 29 C5');
  expect(hex(e4(null))).toBe('FF FF FF FF');
  expect(hex(e4(0xf0000001))).toBe('00 F0 01 00');
  expect(hex(v3(24128))).toBe('00 40 5E');
  expect(hex(v3(null))).toBe('FF FF FF');
  expect(hex(p3(553095, { isActiveReverse: false, isReactiveReverse: true }))).toBe('48 87 70');
  expect(hex(p3(553095, { isActiveReverse: true, isReactiveReverse: true }))).toBe('C8 87 70');
  expect(hex(w2(10500))).toBe('04 29');
  expect(hex(w2(null))).toBe('FF FF');
  expect(hex([bcd(59), bcd(0), bcd(99)])).toBe('59 00 99');
});

test('power over 22 bits stays at the largest figure instead of touching the direction bits', () => {
  expect(hex(p3(5_000_000, { isActiveReverse: false, isReactiveReverse: false }))).toBe('3F FF FF');
});
