import type { Family23x } from './families.ts';
import type { Instantaneous } from './instantaneous.ts';
import { p3, p4, v3, w2 } from './wire.ts';

/** High nibbles of the quantity byte of 08 11 and 08 16 (mercury.md 6.3). */
const KIND = {
  power: 0,
  voltage: 1,
  current: 2,
  factor: 3,
  frequency: 4,
  angle: 5,
  distortion: 6,
  temperature: 7,
  lineVoltage: 8,
  everything: 0xa,
};

/** Data of 08 11: one value. `null` = the family has no such value. */
export function singleValue(family: Family23x, values: Instantaneous, quantity: number): readonly number[] | null {
  const kind = quantity >>> 4;
  const place = quantity & 0x03;
  const phase = place - 1;
  const isPhase = place !== 0;
  switch (kind) {
    case KIND.power:
      return power(values, (quantity >>> 2) & 0x03)?.[place] ?? null;
    case KIND.voltage:
      return isPhase ? v3(values.U[phase] ?? null) : null;
    case KIND.current:
      if (isPhase) return v3(values.I[phase] ?? null);
      // A single-phase meter compares the phase wire with the neutral.
      return family.phases === 1 ? v3(Math.abs((values.I[0] ?? 0) - (values.I[1] ?? 0))) : null;
    case KIND.factor:
      return factors(values)[place] ?? null;
    case KIND.frequency:
      return v3(values.F);
    case KIND.angle:
      return isPhase ? v3(values.angles[phase] ?? null) : null;
    case KIND.distortion:
      return isPhase && family.hasDistortion ? w2(values.distortion[phase] ?? null) : null;
    case KIND.temperature:
      return family.hasTemperature ? temperature(values) : null;
    case KIND.lineVoltage:
      return isPhase && family.hasLineVoltages ? v3(values.lineU[phase] ?? null) : null;
    default:
      return null;
  }
}

/** Data of 08 16: a group at once; unused low bits are ignored. `null` = the family has no such group. */
export function groupValues(family: Family23x, values: Instantaneous, quantity: number): readonly number[] | null {
  switch (quantity >>> 4) {
    case KIND.power:
      return power(values, (quantity >>> 2) & 0x03)?.flat() ?? null;
    case KIND.voltage:
      return values.U.flatMap(v3);
    case KIND.current:
      return values.I.flatMap(v3);
    case KIND.factor:
      return factors(values).flat();
    case KIND.frequency:
      return v3(values.F);
    case KIND.angle:
      return values.angles.flatMap(v3);
    case KIND.distortion:
      return family.hasDistortion ? values.distortion.flatMap(w2) : null;
    case KIND.temperature:
      return family.hasTemperature ? temperature(values) : null;
    case KIND.lineVoltage:
      return family.hasLineVoltages ? values.lineU.flatMap(v3) : null;
    case KIND.everything:
      return everything(family, values);
    default:
      return null;
  }
}

/** Data of 08 14: a group as it was at the freeze, power in four bytes each (6.3). `null` = no such group. */
export function frozenValues(values: Instantaneous, quantity: number): readonly number[] | null {
  switch (quantity >>> 4) {
    case KIND.power: {
      const figures = [values.P, values.Q, values.S][(quantity >>> 2) & 0x03];
      return figures?.flatMap((value, place) => p4(Math.abs(value), directions(values, place))) ?? null;
    }
    case KIND.voltage:
      return values.U.flatMap(v3);
    case KIND.current:
      return values.I.flatMap(v3);
    case KIND.factor:
      return factors(values).flat();
    case KIND.frequency:
      return v3(values.F);
    case KIND.angle:
      return values.angles.flatMap(v3);
    default:
      return null;
  }
}

/** 16 A0: 86 bytes, with line voltages 95. */
function everything(family: Family23x, values: Instantaneous): readonly number[] | null {
  if (family.everythingBytes === 0) return null;
  return [
    ...[0, 1, 2].flatMap((kind) => power(values, kind)?.flat() ?? []),
    ...values.U.flatMap(v3),
    ...values.angles.flatMap(v3),
    ...values.I.flatMap(v3),
    ...factors(values).flat(),
    ...v3(values.F),
    ...values.distortion.flatMap(w2),
    ...temperature(values),
    ...(family.everythingBytes === 95 ? values.lineU.flatMap(v3) : []),
  ];
}

/** P (0), Q (1) or S (2) with direction bits: sum, then phases. */
function power(values: Instantaneous, kind: number): readonly (readonly number[])[] | null {
  const figures = [values.P, values.Q, values.S][kind];
  return figures?.map((value, place) => p3(Math.abs(value), directions(values, place))) ?? null;
}

function factors(values: Instantaneous): readonly (readonly number[])[] {
  return values.cos.map((value, place) => p3(value, directions(values, place)));
}

function directions(values: Instantaneous, place: number) {
  return { isActiveReverse: (values.P[place] ?? 0) < 0, isReactiveReverse: (values.Q[place] ?? 0) < 0 };
}

/** T2: whole degrees, high byte first, two's complement. */
function temperature(values: Instantaneous): readonly number[] {
  return [(values.temperature >>> 8) & 0xff, values.temperature & 0xff];
}
