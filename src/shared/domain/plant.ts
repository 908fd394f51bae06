import type { MeterFacts } from './meter.ts';
import type { Channel } from './channel.ts';
import type { DriverId, InstallationKind, ReadBy, MeterOwner, PointRole, Ratio, WiringScheme } from './point.ts';
import type { ActReading } from './plant-change.ts';
import type { ClockBasis, UtcSeconds } from './time.ts';

/** What is installed where: the reference data that every other figure hangs on. */
export interface LineRecord {
  readonly id: number;
  readonly name: string;
  /** `tcp:HOST:PORT[:9600-8N1]` or `serial:PATH:9600-8N1`. */
  readonly address: string;
}

export interface SubstationRecord {
  readonly id: number;
  readonly name: string;
}

export interface PointRecord {
  readonly id: number;
  readonly substationId: number;
  readonly code: string;
  readonly name: string;
  readonly role: PointRole;
  readonly owner: MeterOwner;
  readonly departmentCode: string | null;
  readonly costItem: string | null;
  readonly tenantInn: string | null;
  readonly tenantContract: string | null;
  readonly code80020: string | null;
  /** Interval that the recipient of the figures wants: 30 or 60. */
  readonly intervalMin: number;
}

/** A meter at a point from-to; null bounds are open. */
export interface InstallationRecord {
  readonly id: number;
  readonly pointId: number;
  readonly meterId: number;
  readonly fromUtc: UtcSeconds | null;
  readonly toUtc: UtcSeconds | null;
  readonly kind: InstallationKind;
  readonly ct: Ratio;
  readonly vt: Ratio;
  readonly direction: Readonly<Record<Channel, Channel>>;
  readonly scheme: WiringScheme | null;
  readonly valuesArePrimary: boolean;
  /** Of the act of installation; empty without one. */
  readonly firstRegisters: readonly ActReading[];
  /** Of the act of removal; empty without one. */
  readonly lastRegisters: readonly ActReading[];
}

export interface MeterRecord {
  readonly id: number;
  /** Null exactly when `driver` is `manual`: nobody asks it. */
  readonly lineId: number | null;
  readonly driver: ReadBy;
  /** Text, leading zeros kept. */
  readonly serial: string;
  /** Null exactly when `driver` is `manual`. */
  readonly address: number | null;
  readonly accessLevel: 1 | 2;
  /** True when a password was given; the bytes themselves are asked for apart. */
  readonly hasPassword: boolean;
  readonly clock: ClockBasis;
  /** When it was taken off its line: it is not asked any more; `null` = it is there. */
  readonly removedUtc: UtcSeconds | null;
  /** Since when it is read without standing anywhere, because it answers in place of another; `null` = a person has placed it. */
  readonly quarantinedUtc: UtcSeconds | null;
  readonly facts: MeterFacts;
}

/** A meter that is asked over a line. */
export type LinkedMeter = MeterRecord & { readonly lineId: number; readonly driver: DriverId; readonly address: number };

/** False for a meter whose dial people read. */
export function isLinked(meter: MeterRecord): meter is LinkedMeter {
  return meter.lineId !== null;
}

export interface Plant {
  readonly lines: readonly LineRecord[];
  readonly substations: readonly SubstationRecord[];
  readonly points: readonly PointRecord[];
  readonly installations: readonly InstallationRecord[];
  readonly meters: readonly MeterRecord[];
}

/** Meters that have their place on a line now. */
export function metersOnLine(plant: Pick<Plant, 'meters'>, lineId: number): LinkedMeter[] {
  return askedMeters(plant, lineId).filter((meter) => meter.quarantinedUtc === null);
}

/** Meters that are asked over a line, those in quarantine among them. */
export function askedMeters({ meters }: Pick<Plant, 'meters'>, lineId: number): LinkedMeter[] {
  return meters.filter(isLinked).filter((meter) => meter.lineId === lineId && meter.removedUtc === null);
}

/** One row of an import file after checking: everything parsed, nothing stored. */
export interface ImportRow {
  /** Line number in the file, from 1 with the header. */
  readonly fileLine: number;
  readonly substation: string;
  readonly pointCode: string;
  readonly pointName: string;
  /** LINE text, normalised; empty exactly when `driver` is `manual`. */
  readonly line: string;
  readonly driver: ReadBy;
  /** Null exactly when `driver` is `manual`. */
  readonly address: number | null;
  readonly serial: string;
  /** Six bytes as they go over the wire; null = the default. */
  readonly password: Uint8Array | null;
  readonly accessLevel: 1 | 2;
  readonly ct: Ratio;
  readonly vt: Ratio;
  readonly role: PointRole;
  readonly scheme: WiringScheme | null;
  readonly departmentCode: string | null;
  readonly costItem: string | null;
  readonly tenantInn: string | null;
  readonly code80020: string | null;
  /** null = the site's zone. */
  readonly clockOffsetMin: number | null;
}

export interface ImportFault {
  readonly line: number;
  readonly column: string;
  readonly message: string;
}
