/** A person tells the program that another meter stands at a point: done while the program is down, as from an act of replacement. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DATABASE_FILE } from '../../../src/main/store/database.ts';

/** The main meter of the point is taken away at `atUtc`; one of this serial has its address and ratios from then on. */
export function tellReplacement(folder: string, { pointCode, serial, atUtc }: { pointCode: string; serial: string; atUtc: number }): void {
  const db = new Database(join(folder, DATABASE_FILE));
  try {
    db.transaction(() => {
      const was = db
        .prepare<[string], { installation: number; meter: number }>(
          `SELECT installation.id AS installation, meter_id AS meter FROM installation JOIN point ON point.id = point_id
           WHERE code = ? AND kind = 'main' AND to_utc IS NULL`,
        )
        .get(pointCode);
      if (was === undefined) throw new RangeError(`Point ${pointCode} has no meter`);
      db.prepare('UPDATE installation SET to_utc = ? WHERE id = ?').run(atUtc, was.installation);
      db.prepare('UPDATE meter SET removed_utc = ? WHERE id = ?').run(atUtc, was.meter);
      const added = db.prepare(
        `INSERT INTO meter (line_id, driver, serial, address, access_level, secret_id)
         SELECT line_id, driver, ?, address, access_level, secret_id FROM meter WHERE id = ?`,
      );
      const meter = added.run(serial, was.meter).lastInsertRowid;
      db.prepare(
        `INSERT INTO meter_clock (meter_id, from_utc, offset_min, season_bit)
         SELECT ?, from_utc, offset_min, season_bit FROM meter_clock WHERE meter_id = ?`,
      ).run(meter, was.meter);
      db.prepare(
        `INSERT INTO installation (point_id, meter_id, from_utc, kind, ct_primary, ct_secondary, vt_primary, vt_secondary, direction, scheme)
         SELECT point_id, ?, ?, kind, ct_primary, ct_secondary, vt_primary, vt_secondary, direction, scheme FROM installation WHERE id = ?`,
      ).run(meter, atUtc, was.installation);
    })();
  } finally {
    db.close();
  }
}
