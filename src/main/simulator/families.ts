/** Types of meters as data: what a firmware can and how it is addressed. Sources are sections of mercury.md. */
export interface MeterFamily {
  /** Type as the plate says it. */
  readonly type: string;
  readonly firmware: readonly [number, number, number];
  /** What the address field of 08 13 means (8.1). */
  readonly profileAddressing: 'records' | 'bytes';
  /** Size of memory 3 (8.3). */
  readonly ringBytes: 65536 | 131072;
  /** Count FF of 06 gives 17 records; without it the meter stays silent (8.2). */
  readonly readsSeventeen: boolean;
  /** Seconds without a correct request after which the channel closes (2). */
  readonly channelLifetimeS: 20 | 240;
  readonly passwordForm: 'binary' | 'ascii';
  /** Rule from serial to address (1.4). */
  readonly addressRule: 'plain' | 'd';
  /** 08 01 00, the long passport (6.1). */
  readonly hasLongPassport: boolean;
  /** Tariff 06 of 05: all tariffs at once (5). */
  readonly hasAllTariffs: boolean;
  /** Array 6 of 05: A+ by phases (5). */
  readonly hasPhaseEnergy: boolean;
  /** Data bytes of 16 A0; 0 = not supported (6.3). */
  readonly everythingBytes: 0 | 86 | 95;
  readonly hasTemperature: boolean;
  readonly hasDistortion: boolean;
  readonly hasLineVoltages: boolean;
  /** Data bytes of 08 0A: 5 before firmware 2.2.2 (1.3). */
  readonly statusWordBytes: 5 | 6;
  /** Bits 6-5 of the record's status hold the tariff (8.1). */
  readonly marksTariff: boolean;
}

const NEW: MeterFamily = {
  type: '234 ART-03 PQR',
  firmware: [9, 0, 0],
  profileAddressing: 'records',
  ringBytes: 131072,
  readsSeventeen: true,
  channelLifetimeS: 240,
  passwordForm: 'binary',
  addressRule: 'plain',
  hasLongPassport: true,
  hasAllTariffs: true,
  hasPhaseEnergy: true,
  everythingBytes: 86,
  hasTemperature: true,
  hasDistortion: true,
  hasLineVoltages: false,
  statusWordBytes: 6,
  marksTariff: true,
};

const M230: MeterFamily = {
  ...NEW,
  type: '230 ART-03 PQRSIDN',
  firmware: [2, 3, 4],
  profileAddressing: 'bytes',
  ringBytes: 65536,
  hasPhaseEnergy: false,
  everythingBytes: 0,
  hasTemperature: false,
  hasDistortion: false,
  marksTariff: false,
};

/** The families of the training plant. */
export const FAMILIES = {
  m234: NEW,
  m236: { ...NEW, type: '236 ART-01 PQRS', everythingBytes: 95, hasLineVoltages: true },
  m234d: { ...NEW, type: '234 ARTMX2-03 DPBR', passwordForm: 'ascii', addressRule: 'd' },
  m230: M230,
  m230old: {
    ...M230,
    type: '230 ART-03 PQCSIDN',
    firmware: [2, 1, 0],
    readsSeventeen: false,
    channelLifetimeS: 20,
    hasLongPassport: false,
    hasAllTariffs: false,
    statusWordBytes: 5,
  },
} as const satisfies Record<string, MeterFamily>;
export type FamilyName = keyof typeof FAMILIES;

/** How a meter is connected: nominal values and the meter constant that goes with them (6.2). */
export interface Connection {
  readonly scheme: 'direct' | '3CT' | '3CT+3VT';
  /** Nominal phase voltage, V/100. */
  readonly phaseVoltage: number;
  /** A, imp per kWh and per kvarh. */
  readonly constant: number;
  /** Count of a half-hour at full current: 3 x U x I / 1000 x A. */
  readonly fullCounts: number;
  /** Codes of the execution variant: class and nominals (byte 1), constant (byte 2), variant number (byte 3), pulse constant (byte 7). */
  readonly variant: { readonly nominals: number; readonly constant: number; readonly number: number; readonly pulse: number };
}

/** The connections of the training plant. */
export const CONNECTIONS = {
  direct: {
    scheme: 'direct',
    phaseVoltage: 23000,
    constant: 500,
    fullCounts: 20700,
    variant: { nominals: 0xb4, constant: 3, number: 2, pulse: 4 },
  },
  ct: {
    scheme: '3CT',
    phaseVoltage: 23000,
    constant: 1000,
    fullCounts: 3450,
    variant: { nominals: 0x64, constant: 4, number: 4, pulse: 5 },
  },
  vt: {
    scheme: '3CT+3VT',
    phaseVoltage: 5770,
    constant: 5000,
    fullCounts: 4327,
    variant: { nominals: 0x60, constant: 0, number: 1, pulse: 1 },
  },
} as const satisfies Record<string, Connection>;
export type ConnectionName = keyof typeof CONNECTIONS;

/** The 8 bytes of the execution variant (6.2); commands without the long passport show the first six. */
export function variantBytes(family: MeterFamily, connection: Connection, isTwoWay: boolean): readonly number[] {
  const { nominals, constant, number, pulse } = connection.variant;
  const hasExtras = family.profileAddressing === 'records';
  return [
    nominals,
    (isTwoWay ? 0 : 0x80) | 0x40 | 0x20 | constant,
    // Tariffs by the meter's own clock.
    0x40 | number,
    (family.ringBytes === 131072 ? 0x80 : 0) | 0x10 | (1 << 2),
    hasExtras ? 0x02 | (family.hasPhaseEnergy ? 1 : 0) : 0,
    0,
    hasExtras ? pulse << 4 : 0,
    0,
  ];
}
