/**
 * A decimal figure as an integer count: value = count x 10^scale in `unit`.
 * `{ count: 24128, scale: -2, unit: 'V' }` is 241.28 V.
 */
export interface Quantity {
  readonly count: number;
  readonly scale: number;
  readonly unit: Unit;
}

export const UNITS = ['W', 'var', 'VA', 'V', 'A', 'Hz', 'deg', 'percent', 'degC', 'one', 'Wh', 'varh', 's', 'count'] as const;
export type Unit = (typeof UNITS)[number];

/** Instantaneous quantities, one name each whatever the protocol. Phases are 1, 2, 3; no suffix is the sum. */
export const INSTANTANEOUS_KEYS = [
  'P',
  'P1',
  'P2',
  'P3',
  'Q',
  'Q1',
  'Q2',
  'Q3',
  'S',
  'S1',
  'S2',
  'S3',
  'U1',
  'U2',
  'U3',
  'U12',
  'U23',
  'U13',
  'I1',
  'I2',
  'I3',
  'cos',
  'cos1',
  'cos2',
  'cos3',
  'F',
  'angle12',
  'angle13',
  'angle23',
  'KU1',
  'KU2',
  'KU3',
  'T',
] as const;
export type InstantaneousKey = (typeof INSTANTANEOUS_KEYS)[number];

/** Instantaneous values of one meter, secondary side. A key that is missing was not asked; `null` = the meter has no such value. */
export type InstantaneousValues = Readonly<Partial<Record<InstantaneousKey, Quantity | null>>>;

/** Exact decimal text of a quantity: no exponent, no trailing zeros, `-0` never. */
export function quantityText(quantity: Quantity): string {
  return scaledText(BigInt(quantity.count), quantity.scale);
}

/** Exact decimal text of count x 10^scale. */
export function scaledText(count: bigint, scale: number): string {
  if (count === 0n) return '0';
  if (scale >= 0) return (count * 10n ** BigInt(scale)).toString();
  const sign = count < 0n ? '-' : '';
  const digits = (count < 0n ? -count : count).toString().padStart(-scale + 1, '0');
  const whole = digits.slice(0, scale);
  const fraction = digits.slice(scale).replace(/0+$/, '');
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}
