import { AppError } from '../../shared/api/errors.ts';
import type { MeterBatch } from '../../shared/domain/batch.ts';
import type { MeterFacts } from '../../shared/domain/meter.ts';
import { clockWriter } from './clock-readings.ts';
import { booleanCell } from './columns.ts';
import type { Row, WritableDb } from './database.ts';
import { exchangeWriter, type Provenance } from './exchanges.ts';
import { extremesWriter } from './extremes.ts';
import { gapWriter } from './gaps.ts';
import { type IntervalReader, intervalWriter } from './intervals.ts';
import { journalReadWriter, journalWriter } from './journals.ts';
import type { NoteLoose } from './loose-blocks.ts';
import { registerWriter } from './registers.ts';
import { sampleWriter } from './samples.ts';

/**
 * Stores everything that a batch brought; call it inside a transaction. The exchanges are stored only when an interval, a
 * register or an event of the batch needs them: a re-read that brings nothing new leaves no trace. Throws `api/not-found` for an
 * unknown meter.
 */
export function batchWriter(db: WritableDb, intervals: IntervalReader, noteLoose: NoteLoose): (batch: MeterBatch) => void {
  const lineOf = db.query<[meterId: number], Row & { line_id: number | null }>('SELECT line_id FROM meter WHERE id = ?');
  const storeExchanges = exchangeWriter(db);
  const storeIntervals = intervalWriter(db, noteLoose);
  const storeRegister = registerWriter(db);
  const storeEvent = journalWriter(db);
  const storeJournalRead = journalReadWriter(db);
  const storeSample = sampleWriter(db);
  const storeExtremes = extremesWriter(db);
  const storeClock = clockWriter(db);
  const storeFacts = factsWriter(db);
  const updateGaps = gapWriter(db, intervals);
  return (batch) => {
    const { meterId, atUtc } = batch;
    const meter = lineOf.get(meterId);
    if (meter === undefined) throw new AppError('api/not-found', `There is no meter ${meterId}`, { context: { meterId } });
    const { line_id: lineId } = meter;
    if (lineId === null) throw new AppError('bug', 'A meter without a link has told something', { context: { meterId } });
    let stored: Provenance | null = null;
    const provenance = () => (stored ??= storeExchanges(lineId, batch.exchanges ?? []));
    storeIntervals(meterId, batch.intervals ?? [], () => provenance().profile, atUtc);
    for (const register of batch.registers ?? []) storeRegister(meterId, register, () => provenance().registers);
    for (const event of batch.events ?? []) storeEvent(meterId, event, () => provenance().registers);
    if (batch.journalRead !== undefined) storeJournalRead(meterId, batch.journalRead);
    if (batch.sample !== undefined) storeSample(meterId, { atUtc, values: batch.sample });
    if (batch.extremes !== undefined) storeExtremes(meterId, batch.extremes);
    if (batch.clock !== undefined) storeClock(meterId, batch.clock);
    if (batch.facts !== undefined) storeFacts(meterId, batch.facts);
    updateGaps(meterId, batch.gaps ?? [], batch.intervals ?? []);
  };
}

function factsWriter(db: WritableDb): (meterId: number, facts: MeterFacts) => void {
  const update = db.command(
    `UPDATE meter SET firmware = ?, manufactured = ?, constant_imp_per_kwh = ?, profile_period_min = ?, has_profile = ?,
       ring_slots = ?, variant_hex = ?, memory = ? WHERE id = ?`,
  );
  return (meterId, facts) => {
    update.run(
      facts.firmware,
      facts.manufactured,
      facts.constantImpPerKwh,
      facts.profilePeriodMin,
      booleanCell(facts.hasProfile),
      facts.ringSlots,
      facts.variantHex,
      JSON.stringify(facts.memory),
      meterId,
    );
  };
}
