import type { ImportRow } from '../../shared/domain/plant.ts';
import { MANUAL, STRAIGHT_DIRECTION } from '../../shared/domain/point.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { AppendAudit } from './audit.ts';
import type { Row, WritableDb } from './database.ts';
import { describeRow, describeStored, type ImportPlan } from './import-plan.ts';

/** Carries out an import plan; every point that is added or changed has an audit entry. Call it inside a transaction. */
export type ApplyImport = (plan: ImportPlan, siteOffsetMin: number, who: string, nowUtc: UtcSeconds) => void;

/** Writes imported points, meters and lines into an open database. */
export function importWriter(db: WritableDb, secrets: Secrets, audit: AppendAudit): ApplyImport {
  const idBy = (table: 'line' | 'substation', column: 'address' | 'name') =>
    db.query<[text: string], Row & { id: number }>(`SELECT id FROM ${table} WHERE ${column} = ?`);
  const lineId = idBy('line', 'address');
  const substationId = idBy('substation', 'name');
  const addLine = db.command('INSERT INTO line (name, address) VALUES (?, ?)');
  const addSubstation = db.command('INSERT INTO substation (name) VALUES (?)');
  const addSecret = db.command('INSERT INTO secret (sealed, saved_utc) VALUES (?, ?)');
  const dropSecret = db.command('DELETE FROM secret WHERE id = ?');
  const secretId = db.query<[meterId: number], Row & { secret_id: number | null }>('SELECT secret_id FROM meter WHERE id = ?');
  const addMeter = db.command('INSERT INTO meter (line_id, driver, serial, address, access_level, secret_id) VALUES (?, ?, ?, ?, ?, ?)');
  const addClock = db.command("INSERT INTO meter_clock (meter_id, from_utc, offset_min, season_bit) VALUES (?, 0, ?, 'ignored')");
  const addPoint = db.command(
    `INSERT INTO point (substation_id, code, name, role, department_code, cost_item, tenant_inn, code_80020) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addInstallation = db.command(
    `INSERT INTO installation (point_id, meter_id, kind, ct_primary, ct_secondary, vt_primary, vt_secondary, direction, scheme)
     VALUES (?, ?, 'main', ?, ?, ?, ?, ?, ?)`,
  );
  const updatePoint = db.command(
    'UPDATE point SET name = ?, role = ?, department_code = ?, cost_item = ?, tenant_inn = ?, code_80020 = ? WHERE id = ?',
  );
  const updateMeter = db.command('UPDATE meter SET access_level = ? WHERE id = ?');
  const updateSecret = db.command('UPDATE meter SET secret_id = ? WHERE id = ?');
  const updateInstallation = db.command('UPDATE installation SET scheme = ? WHERE id = ?');

  const seal = (password: Uint8Array | null, nowUtc: UtcSeconds) =>
    password === null ? null : addSecret.insert(secrets.seal(password), nowUtc);

  const add = (row: ImportRow, siteOffsetMin: number, nowUtc: UtcSeconds) => {
    const line = row.driver === MANUAL ? null : (lineId.get(row.line)?.id ?? addLine.insert(row.line, row.line));
    const substation = substationId.get(row.substation)?.id ?? addSubstation.insert(row.substation);
    const meter = addMeter.insert(line, row.driver, row.serial, row.address, row.accessLevel, seal(row.password, nowUtc));
    addClock.run(meter, row.clockOffsetMin ?? siteOffsetMin);
    const { pointCode, pointName, role, departmentCode, costItem, tenantInn, code80020, ct, vt, scheme } = row;
    const point = addPoint.insert(substation, pointCode, pointName, role, departmentCode, costItem, tenantInn, code80020);
    const direction = JSON.stringify(STRAIGHT_DIRECTION);
    addInstallation.run(point, meter, ct.primary, ct.secondary, vt.primary, vt.secondary, direction, scheme);
  };

  const update = ({ row, stored, isPasswordNew }: ImportPlan['updates'][number], nowUtc: UtcSeconds) => {
    const { pointName, role, departmentCode, costItem, tenantInn, code80020, accessLevel, scheme, password } = row;
    updatePoint.run(pointName, role, departmentCode, costItem, tenantInn, code80020, stored.point.id);
    updateInstallation.run(scheme, stored.installation.id);
    updateMeter.run(accessLevel, stored.meter.id);
    if (!isPasswordNew) return;
    const old = secretId.get(stored.meter.id)?.secret_id ?? null;
    updateSecret.run(seal(password, nowUtc), stored.meter.id);
    if (old !== null) dropSecret.run(old);
  };

  return (plan, siteOffsetMin, who, nowUtc) => {
    for (const row of plan.adds) {
      add(row, siteOffsetMin, nowUtc);
      const { substation, line, driver, address, serial, ct, vt, password } = row;
      const newValue = { ...describeRow(row), substation, line, driver, address, serial, ct, vt, has_password: password !== null };
      audit(
        {
          who,
          action: 'point.import',
          subject: `point ${row.pointCode}`,
          oldValue: null,
          newValue: JSON.stringify(newValue),
          reason: null,
        },
        nowUtc,
      );
    }
    for (const change of plan.updates) {
      update(change, nowUtc);
      const { row, stored, isPasswordNew } = change;
      audit(
        {
          who,
          action: 'point.update',
          subject: `point ${row.pointCode}`,
          oldValue: JSON.stringify({ ...describeStored(stored), has_password: stored.meter.hasPassword }),
          newValue: JSON.stringify({ ...describeRow(row), has_password: row.password !== null, is_password_new: isPasswordNew }),
          reason: null,
        },
        nowUtc,
      );
    }
  };
}
