import type { InstallationRecord, LineRecord, MeterRecord, Plant, PointRecord, SubstationRecord } from '../../shared/domain/plant.ts';
import type { ActReading } from '../../shared/domain/plant-change.ts';
import type { ReadableDb, Row } from './database.ts';

type MeterRow = Row & {
  readonly id: number;
  readonly line_id: number | null;
  readonly driver: MeterRecord['driver'];
  readonly serial: string;
  readonly address: number | null;
  readonly access_level: 1 | 2;
  readonly secret_id: number | null;
  readonly removed_utc: number | null;
  readonly quarantined_utc: number | null;
  readonly firmware: string | null;
  readonly manufactured: string | null;
  readonly constant_imp_per_kwh: number | null;
  readonly profile_period_min: number | null;
  readonly has_profile: number | null;
  readonly ring_slots: number | null;
  readonly variant_hex: string | null;
  readonly memory: string;
  readonly offset_min: number;
  readonly season_bit: MeterRecord['clock']['seasonBit'];
};

type PointRow = Row & {
  readonly id: number;
  readonly substation_id: number;
  readonly code: string;
  readonly name: string;
  readonly role: PointRecord['role'];
  readonly owner: PointRecord['owner'];
  readonly department_code: string | null;
  readonly cost_item: string | null;
  readonly tenant_inn: string | null;
  readonly tenant_contract: string | null;
  readonly code_80020: string | null;
  readonly interval_min: number;
};

type InstallationRow = Row & {
  readonly id: number;
  readonly point_id: number;
  readonly meter_id: number;
  readonly from_utc: number | null;
  readonly to_utc: number | null;
  readonly kind: InstallationRecord['kind'];
  readonly ct_primary: number;
  readonly ct_secondary: number;
  readonly vt_primary: number;
  readonly vt_secondary: number;
  readonly direction: string;
  readonly scheme: InstallationRecord['scheme'];
  readonly values_are_primary: number;
  readonly first_registers: string | null;
  readonly last_registers: string | null;
};

/** The plant of an open database: every table of reference data, each in the order of its ids. Meters that were removed belong to it. */
export function plantLoader(db: ReadableDb): () => Plant {
  const lines = db.query<[], Row & LineRecord>('SELECT id, name, address FROM line ORDER BY id');
  const substations = db.query<[], Row & SubstationRecord>('SELECT id, name FROM substation ORDER BY id');
  const points = db.query<[], PointRow>(
    `SELECT id, substation_id, code, name, role, owner, department_code, cost_item, tenant_inn, tenant_contract, code_80020, interval_min
     FROM point ORDER BY id`,
  );
  const installations = db.query<[], InstallationRow>(
    `SELECT id, point_id, meter_id, from_utc, to_utc, kind, ct_primary, ct_secondary, vt_primary, vt_secondary, direction, scheme,
       values_are_primary, first_registers, last_registers FROM installation ORDER BY id`,
  );
  const meters = db.query<[], MeterRow>(
    `SELECT id, line_id, driver, serial, address, access_level, secret_id, removed_utc, quarantined_utc, firmware, manufactured,
       constant_imp_per_kwh, profile_period_min, has_profile, ring_slots, variant_hex, memory, offset_min, season_bit
     FROM meter JOIN meter_clock ON meter_id = id
     WHERE from_utc = (SELECT max(from_utc) FROM meter_clock WHERE meter_id = id) ORDER BY id`,
  );
  return () => ({
    lines: lines.all(),
    substations: substations.all(),
    points: points.all().map(pointOf),
    installations: installations.all().map(installationOf),
    meters: meters.all().map(meterOf),
  });
}

function pointOf(row: PointRow): PointRecord {
  return {
    id: row.id,
    substationId: row.substation_id,
    code: row.code,
    name: row.name,
    role: row.role,
    owner: row.owner,
    departmentCode: row.department_code,
    costItem: row.cost_item,
    tenantInn: row.tenant_inn,
    tenantContract: row.tenant_contract,
    code80020: row.code_80020,
    intervalMin: row.interval_min,
  };
}

function installationOf(row: InstallationRow): InstallationRecord {
  const direction: InstallationRecord['direction'] = JSON.parse(row.direction);
  return {
    id: row.id,
    pointId: row.point_id,
    meterId: row.meter_id,
    fromUtc: row.from_utc,
    toUtc: row.to_utc,
    kind: row.kind,
    ct: { primary: row.ct_primary, secondary: row.ct_secondary },
    vt: { primary: row.vt_primary, secondary: row.vt_secondary },
    direction,
    scheme: row.scheme,
    valuesArePrimary: row.values_are_primary === 1,
    firstRegisters: readingsOf(row.first_registers),
    lastRegisters: readingsOf(row.last_registers),
  };
}

function meterOf(row: MeterRow): MeterRecord {
  const memory: MeterRecord['facts']['memory'] = JSON.parse(row.memory);
  return {
    id: row.id,
    lineId: row.line_id,
    driver: row.driver,
    serial: row.serial,
    address: row.address,
    accessLevel: row.access_level,
    hasPassword: row.secret_id !== null,
    clock: { offsetMin: row.offset_min, seasonBit: row.season_bit },
    removedUtc: row.removed_utc,
    quarantinedUtc: row.quarantined_utc,
    facts: {
      firmware: row.firmware,
      manufactured: row.manufactured,
      constantImpPerKwh: row.constant_imp_per_kwh,
      profilePeriodMin: row.profile_period_min,
      hasProfile: row.has_profile === null ? null : row.has_profile === 1,
      ringSlots: row.ring_slots,
      variantHex: row.variant_hex,
      memory,
    },
  };
}

function readingsOf(text: string | null): readonly ActReading[] {
  if (text === null) return [];
  const readings: readonly ActReading[] = JSON.parse(text);
  return readings;
}
