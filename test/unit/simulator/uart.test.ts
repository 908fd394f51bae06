import { expect, test } from 'vitest';
import { byteMs, misfit, silenceMs, spell, superpose } from '../../../src/main/simulator/uart.ts';
import { hex, request } from './readers.ts';

const WIRE = { baudRate: 9600, format: '8N1' };
const heard = (bytes: readonly { byte: number }[]) => hex(bytes.map(({ byte }) => byte));

test('a character takes ten bits, with parity or a second stop bit eleven, whatever the speed', () => {
  expect(byteMs(WIRE)).toBeCloseTo(1.0417, 4);
  expect(byteMs({ baudRate: 2400, format: '8O1' })).toBeCloseTo(4.5833, 4);
  expect(byteMs({ baudRate: 300, format: '8N2' })).toBeCloseTo(36.667, 3);
});

test('silences follow the table of the documents', () => {
  const table = { 115200: 2, 38400: 2, 19200: 3, 9600: 5, 4800: 10, 2400: 20, 1200: 40, 600: 80, 300: 160 };
  for (const [baudRate, ms] of Object.entries(table)) expect(silenceMs({ ...WIRE, baudRate: Number(baudRate) })).toBe(ms);
});

test('a second stop bit is understood, another parity or speed is not', () => {
  expect(misfit({ ...WIRE, format: '8N2' }, WIRE)).toBeNull();
  expect(misfit({ ...WIRE, format: '8E1' }, WIRE)).toBe('parity');
  expect(misfit({ ...WIRE, baudRate: 4800 }, WIRE)).toBe('near');
  expect(misfit({ ...WIRE, baudRate: 2400 }, WIRE)).toBe('far');
});

test('bytes that do not overlap are heard as they were sent, at their times', () => {
  const first = spell(request(1, 8, 0), 100, WIRE);
  const second = spell(request(2, 8, 0), 100 + 5 * byteMs(WIRE), WIRE);
  const third = spell(request(3, 8, 0), 200, WIRE);
  expect(superpose([second, third, first], WIRE)).toEqual([...first, ...second, ...third]);
});

test('bytes that begin together are heard as the AND of their bits', () => {
  const one = spell(Uint8Array.of(0x5e, 0x0f, 0xff), 10, WIRE);
  const other = spell(Uint8Array.of(0x22, 0xf0, 0x81), 10, WIRE);
  expect(heard(superpose([one, other], WIRE))).toBe('02 00 81');
  expect(heard(superpose([one, one], WIRE))).toBe('5E 0F FF');
});

test('a byte that begins half-way through another spoils both as its zeros fall into them', () => {
  const bitMs = byteMs(WIRE) / 10;
  // FF: start bit, then all ones; the start bit of the second falls into bit 4 of the first (start + five bits).
  expect(heard(superpose([spell(Uint8Array.of(0xff), 0, WIRE), spell(Uint8Array.of(0xff), 5 * bitMs, WIRE)], WIRE))).toBe('EF');
  // 00 makes the line low from its own start bit to its stop bit: bits 4 to 7 of the first byte and its stop bit.
  expect(heard(superpose([spell(Uint8Array.of(0xff), 0, WIRE), spell(Uint8Array.of(0x00), 5 * bitMs, WIRE)], WIRE))).toBe('0F');
});

test('the stronger of two drowns the other where they overlap and nowhere else', () => {
  const one = spell(Uint8Array.of(0x11, 0x22, 0x33), 0, WIRE);
  const other = spell(Uint8Array.of(0x44, 0x55, 0x66, 0x77), 0, WIRE);
  expect(heard(superpose([one, other], WIRE, 0))).toBe('11 22 33 77');
  expect(heard(superpose([one, other], WIRE, 1))).toBe('44 55 66 77');
});

test('with parity the AND holds too', () => {
  const wire = { baudRate: 2400, format: '8E1' };
  expect(heard(superpose([spell(Uint8Array.of(0x5e), 0, wire), spell(Uint8Array.of(0x22), 0, wire)], wire))).toBe('02');
});
