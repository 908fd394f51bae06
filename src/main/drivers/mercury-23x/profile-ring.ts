/** Which slots of the profile ring one exchange reads, and what its records become (mercury.md 8.2, 8.3). */
import type { IntervalFlag } from '../../../shared/domain/interval.ts';
import type { ClockBasis } from '../../../shared/domain/time.ts';
import { intervalStart, isOffGrid } from '../../protocol/mercury/clock.ts';
import { BATCH_RECORDS, type ProfileRecord } from '../../protocol/mercury/profile.ts';
import type { ProfileSlot } from '../driver.ts';

/** Fewer records are quicker one by one than in a reply of 258 bytes. */
const LEAST_BATCH = 4;

/** One exchange of 06. */
export interface RingRead {
  readonly firstSlot: number;
  /** Records in the reply, in ascending slots. */
  readonly records: number;
}

/** Place of a record counted back from the newest (0). */
export function slotsBackOf(slot: number, newestSlot: number, ringSlots: number): number {
  return (newestSlot - slot + ringSlots) % ringSlots;
}

/**
 * The one read that brings the record `slotsBack` behind the newest and as many of the `count` - 1 older ones as it can.
 * A batch is always 17 records, neither across the end of the ring nor across the newest record.
 */
export function planRead(newestSlot: number, ringSlots: number, slotsBack: number, count: number, canBatch: boolean): RingRead {
  const slot = (((newestSlot - slotsBack) % ringSlots) + ringSlots) % ringSlots;
  const one = { firstSlot: slot, records: 1 };
  if (!canBatch || count < LEAST_BATCH) return one;
  // The ring is two runs of ascending time: after the newest record (the last lap), and up to it.
  const [runStart, runEnd] = slot <= newestSlot ? [0, newestSlot] : [newestSlot + 1, ringSlots - 1];
  const firstSlot = Math.max(runStart, slot - BATCH_RECORDS + 1);
  return firstSlot + BATCH_RECORDS - 1 <= runEnd ? { firstSlot, records: BATCH_RECORDS } : one;
}

/** A record as a slot of the contract: the stamp, an end, becomes the start of its interval. `hex` is for records that make no sense. */
export function slotOf(record: ProfileRecord, slotsBack: number, clock: ClockBasis, hex: () => string): ProfileSlot {
  if (record.kind === 'never-written') return { slotsBack, kind: 'never-written' };
  if (record.kind === 'implausible') return { slotsBack, kind: 'implausible', why: record.why, hex: hex() };
  const { stamp, status, periodMin, counts } = record;
  const isCut = isOffGrid(stamp, periodMin);
  const flags: IntervalFlag[] = [];
  if (isCut) flags.push('power-cut');
  if (status.isIncomplete) flags.push('incomplete');
  if (status.isInitialising) flags.push('initialised');
  const startUtc = intervalStart(stamp, !status.isWinter, periodMin, clock);
  return { slotsBack, kind: 'interval', interval: { startUtc, lengthS: periodMin * 60, counts, flags }, isCut, stamp };
}
