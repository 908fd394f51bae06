import type { Channel } from '../domain/channel.ts';
import type { InstantaneousKey, Unit } from '../domain/quantity.ts';

/** What an instantaneous key is called outside: its OBIS code where the standard has one that means the same, and its unit. */
export interface QuantityName {
  /** `A-B:C.D.E*F`; null where no code of the standard means exactly this. */
  readonly obis: string | null;
  readonly unit: Unit;
}

/**
 * Instantaneous keys by OBIS code: IEC 62056-61 (now 62056-6-1), A = 1 electricity, D = 7 instantaneous value, groups C and E.
 *
 * Active power is signed here, hence C = 16, 36, 56, 76 "abs(QI+QIV) - abs(QII+QIII)" and not C = 1, which is import alone.
 * Signed reactive power has no code: C = 3 and 4 are one direction each; 131, 151, 171, 191, where some makers put it, lie in
 * the makers' range. Apparent power that is one figure for all four quadrants is C = 9. The power factor C = 13 is signed like
 * the active power. Distortion is E = 124, the total harmonic distortion of the voltage. The angles have C = 81, but E says
 * which way round they count, and that is not proven for the meters read so far (wiring.md 1): no code rather than a wrong one.
 * Voltages between phases have none in the standard: SPODES meters use C = 124..126, reserved there. The temperature is that
 * of the meter itself: 0-0:96.9.0, where SPODES meters have theirs.
 */
export const INSTANTANEOUS_QUANTITIES: Readonly<Record<InstantaneousKey, QuantityName>> = {
  P: { obis: '1-0:16.7.0*255', unit: 'W' },
  P1: { obis: '1-0:36.7.0*255', unit: 'W' },
  P2: { obis: '1-0:56.7.0*255', unit: 'W' },
  P3: { obis: '1-0:76.7.0*255', unit: 'W' },
  Q: { obis: null, unit: 'var' },
  Q1: { obis: null, unit: 'var' },
  Q2: { obis: null, unit: 'var' },
  Q3: { obis: null, unit: 'var' },
  S: { obis: '1-0:9.7.0*255', unit: 'VA' },
  S1: { obis: '1-0:29.7.0*255', unit: 'VA' },
  S2: { obis: '1-0:49.7.0*255', unit: 'VA' },
  S3: { obis: '1-0:69.7.0*255', unit: 'VA' },
  U1: { obis: '1-0:32.7.0*255', unit: 'V' },
  U2: { obis: '1-0:52.7.0*255', unit: 'V' },
  U3: { obis: '1-0:72.7.0*255', unit: 'V' },
  U12: { obis: null, unit: 'V' },
  U23: { obis: null, unit: 'V' },
  U13: { obis: null, unit: 'V' },
  I1: { obis: '1-0:31.7.0*255', unit: 'A' },
  I2: { obis: '1-0:51.7.0*255', unit: 'A' },
  I3: { obis: '1-0:71.7.0*255', unit: 'A' },
  cos: { obis: '1-0:13.7.0*255', unit: 'one' },
  cos1: { obis: '1-0:33.7.0*255', unit: 'one' },
  cos2: { obis: '1-0:53.7.0*255', unit: 'one' },
  cos3: { obis: '1-0:73.7.0*255', unit: 'one' },
  F: { obis: '1-0:14.7.0*255', unit: 'Hz' },
  angle12: { obis: null, unit: 'deg' },
  angle13: { obis: null, unit: 'deg' },
  angle23: { obis: null, unit: 'deg' },
  KU1: { obis: '1-0:32.7.124*255', unit: 'percent' },
  KU2: { obis: '1-0:52.7.124*255', unit: 'percent' },
  KU3: { obis: '1-0:72.7.124*255', unit: 'percent' },
  T: { obis: '0-0:96.9.0*255', unit: 'degC' },
};

/** OBIS code of the energy that a channel counted inside one profile interval: D = 29, integral over recording period 1 (IEC 62056-61). */
export function intervalObis(channel: Channel): string {
  return `1-0:${{ 'A+': 1, 'A-': 2, 'R+': 3, 'R-': 4 }[channel]}.29.0*255`;
}
