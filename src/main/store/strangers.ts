import { AppError } from '../../shared/api/errors.ts';
import type { StrangerSighting, StrangerState } from '../../shared/domain/stranger.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { AppendAudit } from './audit.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** A meter that was heard in place of another, and what has become of it. */
export interface StrangerRecord {
  readonly id: number;
  readonly meterId: number;
  readonly serial: string;
  readonly expectedMeterId: number;
  readonly lineId: number;
  readonly address: number;
  readonly firstSeenUtc: UtcSeconds;
  readonly lastSeenUtc: UtcSeconds;
  /** When it refused its default passwords; `null` = it has not. */
  readonly deniedUtc: UtcSeconds | null;
  readonly state: StrangerState;
  /** All null while nobody has decided. */
  readonly decidedUtc: UtcSeconds | null;
  readonly who: string | null;
  readonly reason: string | null;
}

/** Reads who was heard in place of whom. */
export interface StrangerReader {
  /** Those that wait for a decision first, then the ones seen last. */
  list(): StrangerRecord[];
  /** Who has answered last in place of this meter; null = nobody but itself ever has. */
  latest(expectedMeterId: number): StrangerRecord | null;
}

export interface StrangerWriter {
  /**
   * Keeps a sighting; a serial that is new becomes a meter of its own in quarantine, audited. The id of the meter that is to be read,
   * null when it is not: a person has rejected it, it has refused its passwords, or it has its place on some line already.
   */
  meet(sighting: StrangerSighting): number | null;
  /** Its default passwords were refused: it is not asked any more. */
  refused(meterId: number): void;
  /** A person says that it has no business here: it is not asked any more, its data stay; audited. Throws `api/not-found` and `api/conflict`. */
  reject(serial: string, who: string, reason: string): void;
}

const FIELDS = `stranger.id AS id, meter_id AS meterId, serial, expected_meter_id AS expectedMeterId, stranger.line_id AS lineId,
  stranger.address AS address, first_seen_utc AS firstSeenUtc, last_seen_utc AS lastSeenUtc, denied_utc AS deniedUtc, state,
  decided_utc AS decidedUtc, who, reason`;
const JOINED = 'FROM stranger JOIN meter ON meter.id = meter_id';

export function strangerReader(db: ReadableDb): StrangerReader {
  const list = db.query<[], Row & StrangerRecord>(
    `SELECT ${FIELDS} ${JOINED} ORDER BY state <> 'quarantined', last_seen_utc DESC, stranger.id DESC`,
  );
  const latest = db.query<[expectedMeterId: number], Row & StrangerRecord>(
    `SELECT ${FIELDS} ${JOINED} WHERE expected_meter_id = ? ORDER BY last_seen_utc DESC, stranger.id DESC LIMIT 1`,
  );
  return { list: () => list.all(), latest: (expectedMeterId) => latest.get(expectedMeterId) ?? null };
}

type Place = Row & {
  readonly id: number;
  readonly line_id: number;
  readonly address: number;
  readonly driver: string;
  readonly removed_utc: number | null;
  readonly quarantined_utc: number | null;
};

/** Level at which a meter is read: one that nobody has entered is never opened for more. */
const READING_LEVEL = 1;

/** Each call is a durable transaction of its own. */
export function strangerWriter(db: WritableDb, audit: AppendAudit, nowUtc: () => UtcSeconds): StrangerWriter {
  const place = 'SELECT id, line_id, address, driver, removed_utc, quarantined_utc FROM meter';
  const byId = db.query<[id: number], Place>(`${place} WHERE id = ?`);
  const bySerial = db.query<[serial: string], Place>(`${place} WHERE serial = ?`);
  const known = db.query<[meterId: number, expectedMeterId: number], Row & { state: StrangerState; denied_utc: number | null }>(
    'SELECT state, denied_utc FROM stranger WHERE meter_id = ? AND expected_meter_id = ?',
  );
  const seen = db.command('UPDATE stranger SET last_seen_utc = max(last_seen_utc, ?) WHERE meter_id = ? AND expected_meter_id = ?');
  const addMeter = db.command(
    `INSERT INTO meter (line_id, driver, serial, address, access_level, quarantined_utc) VALUES (?, ?, ?, ?, ${READING_LEVEL}, ?)`,
  );
  // It hangs where the other one hung: nothing says yet that its clock runs in another zone.
  const copyClock = db.command(
    `INSERT INTO meter_clock (meter_id, from_utc, offset_min, season_bit)
     SELECT ?, 0, offset_min, 'ignored' FROM meter_clock WHERE meter_id = ? ORDER BY from_utc DESC LIMIT 1`,
  );
  // A meter that has stood somewhere before keeps the password that a person gave.
  const bringBack = db.command('UPDATE meter SET line_id = ?, driver = ?, address = ?, removed_utc = ?, quarantined_utc = ? WHERE id = ?');
  const refusal = db.query<[meterId: number], Row & { denied_utc: number | null }>(
    'SELECT max(denied_utc) AS denied_utc FROM stranger WHERE meter_id = ?',
  );
  const add = db.command(
    `INSERT INTO stranger (meter_id, expected_meter_id, line_id, address, first_seen_utc, last_seen_utc, denied_utc, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'quarantined')
     ON CONFLICT (meter_id, expected_meter_id) DO UPDATE SET line_id = excluded.line_id, address = excluded.address,
       first_seen_utc = excluded.first_seen_utc, last_seen_utc = excluded.last_seen_utc, denied_utc = excluded.denied_utc,
       state = excluded.state, decided_utc = NULL, who = NULL, reason = NULL`,
  );
  const deny = db.command("UPDATE stranger SET denied_utc = ? WHERE meter_id = ? AND state = 'quarantined'");
  const takeOff = db.command('UPDATE meter SET removed_utc = coalesce(removed_utc, ?) WHERE id = ?');
  const decide = db.command(
    "UPDATE stranger SET state = 'rejected', decided_utc = ?, who = ?, reason = ? WHERE meter_id = ? AND state = 'quarantined'",
  );

  const takeIn = (sighting: StrangerSighting, expected: Place, meter: Place | undefined): number | null => {
    const { serial, firstSeenUtc, lastSeenUtc } = sighting;
    const { line_id: lineId, address, driver } = expected;
    const meterId = meter?.id ?? addMeter.insert(lineId, driver, serial, address, nowUtc());
    // Refused once, refused for good: also where it is met again.
    const deniedUtc = refusal.get(meterId)?.denied_utc ?? null;
    if (meter === undefined) copyClock.run(meterId, expected.id);
    else bringBack.run(lineId, driver, address, deniedUtc === null ? null : nowUtc(), nowUtc(), meterId);
    add.run(meterId, expected.id, lineId, address, firstSeenUtc, lastSeenUtc, deniedUtc);
    const newValue = JSON.stringify({ expected_meter_id: expected.id, line_id: lineId, address, first_seen: firstSeenUtc });
    audit({ who: 'polling', action: 'stranger.quarantine', subject: `meter ${serial}`, oldValue: null, newValue, reason: null }, nowUtc());
    return deniedUtc === null ? meterId : null;
  };

  return {
    meet: (sighting) =>
      db.transaction(() => {
        const expected = byId.get(sighting.expectedMeterId);
        if (expected === undefined) throw new AppError('bug', 'A stranger in place of nobody', { context: { ...sighting } });
        const meter = bySerial.get(sighting.serial);
        const before = meter === undefined ? undefined : known.get(meter.id, expected.id);
        if (meter !== undefined && before !== undefined) seen.run(sighting.lastSeenUtc, meter.id, expected.id);
        if (before?.state === 'rejected') return null;
        if (meter !== undefined && before?.state === 'quarantined') return before.denied_utc === null ? meter.id : null;
        // It is asked where it has its place; one meter is not read twice.
        if (meter !== undefined && meter.removed_utc === null) return null;
        return takeIn(sighting, expected, meter);
      }),
    refused: (meterId) =>
      db.transaction(() => {
        deny.run(nowUtc(), meterId);
        takeOff.run(nowUtc(), meterId);
      }),
    reject: (serial, who, reason) =>
      db.transaction(() => {
        const meter = bySerial.get(serial);
        if (meter === undefined) throw new AppError('api/not-found', `Nobody has heard of meter ${serial}`, { context: { serial } });
        if (decide.run(nowUtc(), who, reason, meter.id) === 0) {
          throw new AppError('api/conflict', `Meter ${serial} is not in quarantine`, { context: { serial } });
        }
        takeOff.run(nowUtc(), meter.id);
        audit({ who, action: 'stranger.reject', subject: `meter ${serial}`, oldValue: null, newValue: null, reason }, nowUtc());
      }),
  };
}
