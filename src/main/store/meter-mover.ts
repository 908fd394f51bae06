import { AppError } from '../../shared/api/errors.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { AppendAudit } from './audit.ts';
import type { Row, WritableDb } from './database.ts';

type Place = Row & { readonly serial: string; readonly line_id: number; readonly address: number };

/** Gives a meter another address on its line, audited; call it inside a transaction. Throws `api/not-found` and `api/conflict`. */
export function meterMover(db: WritableDb, audit: AppendAudit) {
  const place = db.query<[meterId: number], Place>('SELECT serial, line_id, address FROM meter WHERE id = ?');
  const neighbour = db.query<[lineId: number, address: number, meterId: number], Row & { serial: string }>(
    'SELECT serial FROM meter WHERE line_id = ? AND address = ? AND removed_utc IS NULL AND quarantined_utc IS NULL AND id <> ?',
  );
  const move = db.command('UPDATE meter SET address = ? WHERE id = ?');
  return (meterId: number, address: number, who: string, reason: string | null, nowUtc: UtcSeconds): void => {
    const before = place.get(meterId);
    if (before === undefined) throw new AppError('api/not-found', 'There is no such meter', { context: { meterId } });
    const taken = neighbour.get(before.line_id, address, meterId);
    if (taken !== undefined) {
      throw new AppError('api/conflict', `Address ${address} of the line belongs to meter ${taken.serial}`, {
        context: { address, serial: taken.serial },
        hint: 'Choose an address that no meter of the line has',
      });
    }
    move.run(address, meterId);
    audit(
      { who, action: 'meter.move', subject: `meter ${before.serial}`, oldValue: `${before.address}`, newValue: `${address}`, reason },
      nowUtc,
    );
  };
}
