import { crc16modbus } from 'crc';
import { expect, test } from 'vitest';
import { corrupt, isHit, misread, noise, truncate } from '../../../src/main/simulator/damage.ts';
import { request } from './readers.ts';

const REPLY = request(0x42, ...Array.from({ length: 60 }, (_, at) => (at * 37) % 256));

function isGood(bytes: Uint8Array): boolean {
  const crc = crc16modbus(Buffer.from(bytes.subarray(0, -2)));
  return bytes.length >= 4 && bytes.at(-2) === (crc & 0xff) && bytes.at(-1) === crc >> 8;
}

test('corruption is one burst of 16 bits at most, and no checksum survives it', () => {
  for (let exchange = 0; exchange < 2000; exchange += 1) {
    const damaged = corrupt(REPLY, 1, 11, exchange);
    expect(damaged).toHaveLength(REPLY.length);
    expect(isGood(damaged)).toBe(false);
    const wrong = Array.from({ length: REPLY.length * 8 }, (_, bit) => bit).filter(
      (bit) => ((((REPLY[bit >> 3] ?? 0) ^ (damaged[bit >> 3] ?? 0)) >> (bit & 7)) & 1) === 1,
    );
    expect(wrong.length).toBeGreaterThan(0);
    expect((wrong.at(-1) ?? 0) - (wrong[0] ?? 0)).toBeLessThan(16);
  }
});

test('a reply cut short is its own beginning, never empty, never whole', () => {
  const lengths = new Set<number>();
  for (let exchange = 0; exchange < 2000; exchange += 1) {
    const cut = truncate(REPLY, 1, 11, exchange);
    lengths.add(cut.length);
    expect(cut).toEqual(REPLY.slice(0, cut.length));
    expect(isGood(cut)).toBe(false);
  }
  expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([1, REPLY.length - 1]);
  expect(truncate(request(1, 0), 1, 11, 5).length).toBeLessThan(4);
});

test('damage comes at the rate asked for, the same for the same seed, and never touches the original', () => {
  const original = REPLY.slice();
  for (const damage of [corrupt, truncate]) {
    const hits = (rate: number, seed: number) =>
      Array.from({ length: 20_000 }, (_, exchange) => exchange).filter((exchange) => damage(REPLY, rate, seed, exchange) !== REPLY);
    expect(hits(0, 1)).toHaveLength(0);
    expect(hits(0.01, 1).length).toBeGreaterThan(150);
    expect(hits(0.01, 1).length).toBeLessThan(250);
    expect(hits(0.01, 1)).toEqual(hits(0.01, 1));
    expect(hits(0.01, 1)).not.toEqual(hits(0.01, 2));
    expect(REPLY).toEqual(original);
  }
  expect(isHit(1, 1, 1, 1)).toBe(true);
});

test('noise begins with FF, has so many bytes at most and is never a frame', () => {
  const lengths = new Set<number>();
  for (let exchange = 0; exchange < 500; exchange += 1) {
    const bytes = noise(6, 3, exchange);
    lengths.add(bytes.length);
    expect(bytes[0]).toBe(0xff);
    expect(isGood(bytes)).toBe(false);
  }
  expect(lengths).toEqual(new Set([1, 2, 3, 4, 5, 6]));
});

test('a receiver of another parity turns the bytes with an odd number of ones to zeros and has no good frame left', () => {
  expect([...misread(Uint8Array.of(0x00, 0x01, 0x03, 0x07, 0xff))]).toEqual([0x00, 0x00, 0x03, 0x00, 0xff]);
  expect(isGood(misread(REPLY))).toBe(false);
  // A frame without a byte of an odd number of ones would come through unharmed.
  const even = Array.from({ length: 65536 }, (_, at) => request(at >> 8, at & 0xff)).find((each) =>
    each.every((byte) => byte.toString(2).replaceAll('0', '').length % 2 === 0),
  );
  expect(even).toBeDefined();
  expect(isGood(misread(even ?? new Uint8Array()))).toBe(false);
});
