import type { ActReading } from '../../shared/domain/plant-change.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { AppendAudit } from './audit.ts';
import type { WritableDb } from './database.ts';
import type { IncomingMeter, PlantChangePlan } from './plant-change-plan.ts';

/** Carries out a planned change, audited; call it inside a transaction. `siteOffsetMin` is the clock of a meter that is new. */
export type ApplyPlantChange = (plan: PlantChangePlan, siteOffsetMin: number, who: string, nowUtc: UtcSeconds) => void;

/** Ends and begins installations in an open database. What was before stays as it is. */
export function plantChangeWriter(db: WritableDb, secrets: Secrets, audit: AppendAudit): ApplyPlantChange {
  const closeInstallation = db.command('UPDATE installation SET to_utc = ?, last_registers = ? WHERE id = ?');
  const openInstallation = db.command(
    `INSERT INTO installation (point_id, meter_id, from_utc, kind, ct_primary, ct_secondary, vt_primary, vt_secondary, direction, scheme,
       values_are_primary, first_registers) VALUES (?, ?, ?, 'main', ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const removeMeter = db.command('UPDATE meter SET removed_utc = ? WHERE id = ?');
  const addMeter = db.command('INSERT INTO meter (line_id, driver, serial, address, access_level) VALUES (?, ?, ?, ?, ?)');
  const addClock = db.command("INSERT INTO meter_clock (meter_id, from_utc, offset_min, season_bit) VALUES (?, 0, ?, 'ignored')");
  const bringBack = db.command(
    'UPDATE meter SET line_id = ?, driver = ?, address = ?, access_level = ?, removed_utc = NULL, quarantined_utc = NULL WHERE id = ?',
  );
  const assign = db.command("UPDATE stranger SET state = 'assigned', decided_utc = ?, who = ?, reason = ? WHERE meter_id = ?");
  const addSecret = db.command('INSERT INTO secret (sealed, saved_utc) VALUES (?, ?)');
  const useSecret = db.command('UPDATE meter SET secret_id = ? WHERE id = ?');

  const placeMeter = ({ known, lineId, driver, serial, address, accessLevel }: IncomingMeter, siteOffsetMin: number) => {
    if (known !== null) {
      bringBack.run(lineId, driver, address, accessLevel, known.id);
      return known.id;
    }
    const id = addMeter.insert(lineId, driver, serial, address, accessLevel);
    addClock.run(id, siteOffsetMin);
    return id;
  };

  return (plan, siteOffsetMin, who, nowUtc) => {
    const { change, point, closes, removes, meter, opens, splitStartUtc } = plan;
    const isReplacement = change.kind === 'replace-meter';
    if (closes !== null) closeInstallation.run(change.atUtc, isReplacement ? readingsText(change.finalRegisters) : null, closes.id);
    // Its address becomes free before the next meter takes it.
    if (removes !== null) removeMeter.run(nowUtc, removes.id);
    const meterId = meter === null ? (opens?.meterId ?? null) : placeMeter(meter, siteOffsetMin);
    if (isReplacement && meterId !== null) {
      useSecret.run(change.password === null ? null : addSecret.insert(secrets.seal(change.password), nowUtc), meterId);
      assign.run(nowUtc, who, change.reason, meterId);
    }
    if (opens !== null) {
      const { like, ct, vt } = opens;
      openInstallation.run(
        point.id,
        meterId,
        change.atUtc,
        ct.primary,
        ct.secondary,
        vt.primary,
        vt.secondary,
        JSON.stringify(like.direction),
        like.scheme,
        like.valuesArePrimary ? 1 : 0,
        isReplacement ? readingsText(change.firstRegisters) : null,
      );
    }
    audit(
      {
        who,
        action: `point.${change.kind}`,
        subject: `point ${point.code}`,
        oldValue: JSON.stringify(
          closes === null ? null : { meterId: closes.meterId, ct: closes.ct, vt: closes.vt, serial: removes?.serial ?? null },
        ),
        newValue: JSON.stringify({
          at: change.atUtc,
          serial: meter?.serial ?? null,
          address: meter?.address ?? null,
          ct: opens?.ct ?? null,
          vt: opens?.vt ?? null,
          final: isReplacement ? change.finalRegisters : null,
          first: isReplacement ? change.firstRegisters : null,
          split_start: splitStartUtc,
        }),
        reason: change.reason,
      },
      nowUtc,
    );
  };
}

function readingsText(readings: readonly ActReading[]): string | null {
  return readings.length === 0 ? null : JSON.stringify(readings);
}
