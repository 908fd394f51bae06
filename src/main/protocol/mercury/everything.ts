/**
 * Parser of the block 08 16 A0, which every meter sends every few seconds: written out instead of run over the table of
 * `instantaneousLayout`, since it is most of what is parsed in a day. A test holds the two together.
 */
import type { InstantaneousKey, InstantaneousValues, Quantity, Unit } from '../../../shared/domain/quantity.ts';
import { byteAt } from './formats.ts';

const ACTIVE = 0x80;
const REACTIVE = 0x40;
const MAGNITUDE = 0x00;

/** Values of 78, 86 or 95 data bytes; throws `transport/short-frame` for fewer. The temperature at 84 is left out (mercury.md 6.3). */
export function parseEverything(data: Uint8Array): InstantaneousValues {
  byteAt(data, 77);
  const values: Partial<Record<InstantaneousKey, Quantity | null>> = {
    P: power(data, 0, ACTIVE, -2, 'W'),
    P1: power(data, 3, ACTIVE, -2, 'W'),
    P2: power(data, 6, ACTIVE, -2, 'W'),
    P3: power(data, 9, ACTIVE, -2, 'W'),
    Q: power(data, 12, REACTIVE, -2, 'var'),
    Q1: power(data, 15, REACTIVE, -2, 'var'),
    Q2: power(data, 18, REACTIVE, -2, 'var'),
    Q3: power(data, 21, REACTIVE, -2, 'var'),
    S: power(data, 24, MAGNITUDE, -2, 'VA'),
    S1: power(data, 27, MAGNITUDE, -2, 'VA'),
    S2: power(data, 30, MAGNITUDE, -2, 'VA'),
    S3: power(data, 33, MAGNITUDE, -2, 'VA'),
    U1: plain(data, 36, -2, 'V'),
    U2: plain(data, 39, -2, 'V'),
    U3: plain(data, 42, -2, 'V'),
    angle12: plain(data, 45, -2, 'deg'),
    angle13: plain(data, 48, -2, 'deg'),
    angle23: plain(data, 51, -2, 'deg'),
    I1: plain(data, 54, -3, 'A'),
    I2: plain(data, 57, -3, 'A'),
    I3: plain(data, 60, -3, 'A'),
    cos: power(data, 63, ACTIVE, -3, 'one'),
    cos1: power(data, 66, ACTIVE, -3, 'one'),
    cos2: power(data, 69, ACTIVE, -3, 'one'),
    cos3: power(data, 72, ACTIVE, -3, 'one'),
    F: plain(data, 75, -2, 'Hz'),
  };
  if (data.length >= 84) {
    values.KU1 = distortion(data, 78);
    values.KU2 = distortion(data, 80);
    values.KU3 = distortion(data, 82);
  }
  if (data.length >= 95) {
    values.U12 = plain(data, 86, -2, 'V');
    values.U23 = plain(data, 89, -2, 'V');
    values.U13 = plain(data, 92, -2, 'V');
  }
  return values;
}

/** P3 with the direction bit that gives the sign. */
function power(data: Uint8Array, offset: number, direction: number, scale: number, unit: Unit): Quantity | null {
  const top = data[offset] ?? 0;
  const count = (top << 16) | ((data[offset + 2] ?? 0) << 8) | (data[offset + 1] ?? 0);
  if (count === 0xffffff) return null;
  const magnitude = count & 0x3fffff;
  return { count: (top & direction) === 0 || magnitude === 0 ? magnitude : -magnitude, scale, unit };
}

/** V3. */
function plain(data: Uint8Array, offset: number, scale: number, unit: Unit): Quantity | null {
  const count = ((data[offset] ?? 0) << 16) | ((data[offset + 2] ?? 0) << 8) | (data[offset + 1] ?? 0);
  return count === 0xffffff ? null : { count, scale, unit };
}

/** W2. */
function distortion(data: Uint8Array, offset: number): Quantity | null {
  const count = ((data[offset + 1] ?? 0) << 8) | (data[offset] ?? 0);
  return count === 0xffff ? null : { count, scale: -2, unit: 'percent' };
}
