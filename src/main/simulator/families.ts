/** Types of meters as data: what a firmware can and how it is addressed. Sources are sections of mercury.md. */
export interface Family23x {
  readonly protocol: '23x';
  /** Type as the plate says it. */
  readonly type: string;
  readonly firmware: readonly [number, number, number];
  readonly phases: 1 | 3;
  /** Variant byte 2 bit 5; without it 06, 08 13 and 16 get status 1 (13.10a). */
  readonly hasProfile: boolean;
  /** What the address field of 08 13 means (8.1). */
  readonly profileAddressing: 'records' | 'bytes';
  /** Size of memory 3 (8.3). */
  readonly ringBytes: 65536 | 131072;
  /** Count FF of 06 gives 17 records; without it the meter stays silent (8.2). */
  readonly readsSeventeen: boolean;
  /** 16, the read counted back from the newest record (8.5); without it silence. */
  readonly hasRelativeRead: boolean;
  /** Memory 5 and 08 15 (variant byte 6 bit 3). */
  readonly hasSecondProfile: boolean;
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
  /** Tariff 05 of 05: technical losses (5). */
  readonly hasLosses: boolean;
  /** 15: energy by quadrant (5). */
  readonly hasQuadrants: boolean;
  /** 17, 08 0C, 08 0D: maxima of power (5, 6.4). */
  readonly hasMaxima: boolean;
  /** 18: readings by date. `silent`: firmware that does not know the code; `refused`: it knows, but keeps none (5). */
  readonly archives: 'kept' | 'refused' | 'silent';
  /** 03 08 and 08 14 (6.3, 13.10a). */
  readonly hasFreeze: boolean;
  /** Data bytes of 16 A0; 0 = not supported (6.3). */
  readonly everythingBytes: 0 | 86 | 95;
  readonly hasTemperature: boolean;
  readonly hasDistortion: boolean;
  readonly hasLineVoltages: boolean;
  /** Data bytes of 08 0A: 4 before firmware 1.5.2, 5 before 2.2.2 (1.3). */
  readonly statusWordBytes: 4 | 5 | 6;
  /** Bits 6-5 of the record's status hold the tariff (8.1). */
  readonly marksTariff: boolean;
  /** FF of 04 (the last record) came with 2.1.0, FE (all of them) with 2.2.2 (4). */
  readonly journalReads: 'one' | 'last' | 'all';
  /** Journals of quality 20..2F and 08 20, 08 21 (variant byte 5 bit 1). */
  readonly hasQuality: boolean;
  /** Journals of dips 30..32 (variant byte 7 bit 3). */
  readonly hasDips: boolean;
  /** Journals 1A and 80..87, parameters after 24. */
  readonly isRecent: boolean;
  /** 03 31 and the state of the load in 08 18 (variant byte 5 bit 7). */
  readonly hasRelay: boolean;
  /** Longest period of the profile, minutes (9). */
  readonly longestPeriodMin: 45 | 60;
}

/** Single-phase types of the second protocol (section 12). */
export interface Family200 {
  readonly protocol: '200';
  readonly type: string;
  readonly firmware: readonly [number, number];
  readonly phases: 1;
  /** The whole serial, or its last six digits on old types. */
  readonly addressDigits: 6 | 8;
  /** 85 and 86: reactive energy and power. */
  readonly hasReactive: boolean;
  /** 37: slices by date and half-hours. */
  readonly hasHalfHours: boolean;
  readonly hasRelay: boolean;
}

export type MeterFamily = Family23x | Family200;

const NEW: Family23x = {
  protocol: '23x',
  type: '234 ART-03 PQR',
  firmware: [9, 0, 0],
  phases: 3,
  hasProfile: true,
  profileAddressing: 'records',
  ringBytes: 131072,
  readsSeventeen: true,
  hasRelativeRead: true,
  hasSecondProfile: false,
  channelLifetimeS: 240,
  passwordForm: 'binary',
  addressRule: 'plain',
  hasLongPassport: true,
  hasAllTariffs: true,
  hasPhaseEnergy: true,
  hasLosses: false,
  hasQuadrants: true,
  hasMaxima: true,
  archives: 'refused',
  hasFreeze: true,
  everythingBytes: 86,
  hasTemperature: true,
  hasDistortion: true,
  hasLineVoltages: false,
  statusWordBytes: 6,
  marksTariff: true,
  journalReads: 'all',
  hasQuality: true,
  hasDips: false,
  isRecent: true,
  hasRelay: false,
  longestPeriodMin: 60,
};

const M230: Family23x = {
  ...NEW,
  type: '230 ART-03 PQRSIDN',
  firmware: [2, 3, 4],
  profileAddressing: 'bytes',
  ringBytes: 65536,
  hasRelativeRead: false,
  hasPhaseEnergy: false,
  archives: 'silent',
  everythingBytes: 0,
  hasTemperature: false,
  hasDistortion: false,
  marksTariff: false,
  hasQuality: false,
  isRecent: false,
  longestPeriodMin: 45,
};

const M230_OLD: Family23x = {
  ...M230,
  type: '230 ART-03 PQCSIDN',
  firmware: [2, 1, 0],
  readsSeventeen: false,
  channelLifetimeS: 20,
  hasLongPassport: false,
  hasAllTariffs: false,
  hasQuadrants: false,
  hasMaxima: false,
  statusWordBytes: 5,
  journalReads: 'last',
};

const M206: Family200 = {
  protocol: '200',
  type: '206 PRSNO',
  firmware: [1, 5],
  phases: 1,
  addressDigits: 8,
  hasReactive: true,
  hasHalfHours: true,
  hasRelay: true,
};

/** The families of the training plant. */
export const FAMILIES = {
  m234: NEW,
  m236: { ...NEW, type: '236 ART-01 PQRS', everythingBytes: 95, hasLineVoltages: true, hasLosses: true, archives: 'kept' },
  m234d: {
    ...NEW,
    type: '234 ARTMX2-03 DPBR',
    firmware: [9, 4, 1],
    passwordForm: 'ascii',
    addressRule: 'd',
    hasSecondProfile: true,
    archives: 'kept',
    hasDips: true,
    hasRelay: true,
  },
  m204: {
    ...NEW,
    type: '204 ARTM2-02 POBR',
    firmware: [9, 2, 0],
    phases: 1,
    ringBytes: 65536,
    hasPhaseEnergy: false,
    everythingBytes: 0,
    hasQuality: false,
    hasRelay: true,
  },
  m230: M230,
  m230old: M230_OLD,
  /** No profile; half-hours come from a freeze. */
  m230frozen: { ...M230, type: '230 ART-01 RN', hasProfile: false },
  /** Neither profile nor freeze: registers read in time are all there is. */
  m230plain: {
    ...M230_OLD,
    type: '230 AR-01 R',
    firmware: [1, 4, 0],
    hasProfile: false,
    hasFreeze: false,
    statusWordBytes: 4,
    journalReads: 'one',
  },
  m206: M206,
  /** Silent to all that it lacks, which costs whoever asks his time-outs: it stands in no point of the training plant. */
  m200: { ...M206, type: '200.02', firmware: [8, 3], addressDigits: 6, hasReactive: false, hasHalfHours: false, hasRelay: false },
} as const satisfies Record<string, MeterFamily>;
export type FamilyName = keyof typeof FAMILIES;

/** How a meter is connected: nominal values and the meter constant that goes with them (6.2). */
export interface Connection {
  readonly scheme: 'direct' | '3CT' | '3CT+3VT';
  readonly phases: 1 | 3;
  /** Nominal phase voltage, V/100. */
  readonly phaseVoltage: number;
  /** A, imp per kWh and per kvarh. */
  readonly constant: number;
  /** Count of a half-hour at full current: phases x U x I / 1000 x A. */
  readonly fullCounts: number;
  /** Codes of the execution variant: class and nominals (byte 1), constant (byte 2), variant number (byte 3), pulse constant (byte 7). */
  readonly variant: { readonly nominals: number; readonly constant: number; readonly number: number; readonly pulse: number };
}

/** The connections of the training plant. */
export const CONNECTIONS = {
  direct: {
    scheme: 'direct',
    phases: 3,
    phaseVoltage: 23000,
    constant: 500,
    fullCounts: 20700,
    variant: { nominals: 0xb4, constant: 3, number: 2, pulse: 4 },
  },
  ct: {
    scheme: '3CT',
    phases: 3,
    phaseVoltage: 23000,
    constant: 1000,
    fullCounts: 3450,
    variant: { nominals: 0x64, constant: 4, number: 4, pulse: 5 },
  },
  vt: {
    scheme: '3CT+3VT',
    phases: 3,
    phaseVoltage: 5770,
    constant: 5000,
    fullCounts: 4327,
    variant: { nominals: 0x60, constant: 0, number: 1, pulse: 1 },
  },
  /** 230 V 5(60) A, two wires. */
  single: {
    scheme: 'direct',
    phases: 1,
    phaseVoltage: 23000,
    constant: 1000,
    fullCounts: 13800,
    variant: { nominals: 0xb4, constant: 4, number: 4, pulse: 5 },
  },
  /** The same for the second protocol: half-hours in 0.2 Wh are counts of 1/(2A) kWh with this A. */
  single200: {
    scheme: 'direct',
    phases: 1,
    phaseVoltage: 23000,
    constant: 2500,
    fullCounts: 34500,
    variant: { nominals: 0, constant: 0, number: 0, pulse: 0 },
  },
} as const satisfies Record<string, Connection>;
export type ConnectionName = keyof typeof CONNECTIONS;

/** The 8 bytes of the execution variant (6.2); commands without the long passport show the first six. */
export function variantBytes(family: Family23x, connection: Connection, isTwoWay: boolean): readonly number[] {
  const { nominals, constant, number, pulse } = connection.variant;
  const bit = (is: boolean, value: number) => (is ? value : 0);
  // The upper half of byte 5 and all after it are reserved on old types.
  const recent = (is: boolean, value: number) => bit(family.isRecent && is, value);
  return [
    nominals,
    bit(!isTwoWay, 0x80) | 0x40 | bit(family.hasProfile, 0x20) | bit(family.phases === 1, 0x10) | constant,
    // Tariffs by the meter's own clock.
    0x40 | number,
    // The seal of the top cover is watched: its openings are in the journal.
    bit(family.ringBytes === 131072, 0x80) | 0x10 | (1 << 2) | 0x01,
    recent(family.hasRelay, 0x80) | recent(family.hasQuality, 0x02) | recent(family.hasPhaseEnergy, 0x01),
    recent(family.archives === 'kept', 0x40) | recent(family.hasSecondProfile, 0x08),
    recent(true, pulse << 4) | recent(family.hasDips, 0x08) | recent(family.hasQuadrants, 0x04),
    recent(family.hasRelay, 0x01),
  ];
}
