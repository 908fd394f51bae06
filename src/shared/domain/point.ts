/** Words of metering points and their installations; the same in the store, the API and the import file. */

export const POINT_ROLES = ['settlement', 'control', 'technical'] as const;
/** Расчётный, контрольный, технический учёт. */
export type PointRole = (typeof POINT_ROLES)[number];

export const METER_OWNERS = ['plant', 'network-company', 'tenant'] as const;
export type MeterOwner = (typeof METER_OWNERS)[number];

export const WIRING_SCHEMES = ['direct', '3CT', '3CT+3VT', '2CT+2VT'] as const;
/** Схема включения; phasor verdicts are meaningless without it. */
export type WiringScheme = (typeof WIRING_SCHEMES)[number];

export const INSTALLATION_KINDS = ['main', 'parallel-control'] as const;
export type InstallationKind = (typeof INSTALLATION_KINDS)[number];

/** A transformer ratio as the plate says it: 15750/100 stays a pair, since the quotient need not be whole. Both are positive integers. */
export interface Ratio {
  readonly primary: number;
  readonly secondary: number;
}

/** Which channel of the point a channel of the meter feeds: a boundary meter at the network's substation sees the plant as A-. */
export const STRAIGHT_DIRECTION = { 'A+': 'A+', 'A-': 'A-', 'R+': 'R+', 'R-': 'R-' } as const;

export const DRIVER_IDS = ['mercury-23x', 'mercury-200'] as const;
export type DriverId = (typeof DRIVER_IDS)[number];

/** Stands in the place of a driver for a meter without a link: people read its dial. */
export const MANUAL = 'manual';
export const READ_BY = [...DRIVER_IDS, MANUAL] as const;
/** What reads a meter. */
export type ReadBy = (typeof READ_BY)[number];
