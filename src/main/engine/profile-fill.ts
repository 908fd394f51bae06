/** From the slots of one profile read to intervals and proofs of absence: the record's own stamp decides, never its place. */
import { CHANNELS, type PerChannel } from '../../shared/domain/channel.ts';
import type { AbsenceReason, IntervalFlag, MeterInterval } from '../../shared/domain/interval.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ProfileHead, ProfileSlot } from '../drivers/driver.ts';

export interface FillResult {
  /** Intervals to store, one per start, records of one interval added up. */
  readonly intervals: readonly MeterInterval[];
  /** Expected starts that the meter has proved not to hold. */
  readonly absent: readonly { readonly startUtc: UtcSeconds; readonly reason: AbsenceReason }[];
  /** Slots by which the ring is shifted against the expectation; 0 when the stamps fit. Negative: the wanted record lies nearer to the newest. */
  readonly shift: number;
  /** Starts whose bytes made no sense: they stay open and are read again later. */
  readonly implausible: readonly { readonly startUtc: UtcSeconds; readonly hex: string }[];
}

/** Start of the interval that should lie `slotsBack` behind the newest one. */
export function expectedStart(head: ProfileHead, slotsBack: number): UtcSeconds | null {
  return head.newestStartUtc === null ? null : head.newestStartUtc - slotsBack * head.periodMin * 60;
}

/** Place of an interval in the ring by its start; may be negative or beyond the ring. */
export function slotsBackOf(head: ProfileHead, startUtc: UtcSeconds): number | null {
  return head.newestStartUtc === null ? null : Math.round((head.newestStartUtc - startUtc) / (head.periodMin * 60));
}

/**
 * Judges the slots of one read. A stamp one ring or more behind its place is an outage: the meter skipped the slot
 * (mercury.md 8.3). A stamp elsewhere means that the ring is shifted; the caller reads again by `shift`, once.
 */
export function judgeSlots(head: ProfileHead, slots: readonly ProfileSlot[]): FillResult {
  const periodS = head.periodMin * 60;
  const ringS = head.ringSlots * periodS;
  const intervals = new Map<UtcSeconds, MeterInterval>();
  const absent: { startUtc: UtcSeconds; reason: AbsenceReason }[] = [];
  const implausible: { startUtc: UtcSeconds; hex: string }[] = [];
  let shift = 0;
  for (const slot of slots) {
    const expected = expectedStart(head, slot.slotsBack);
    if (expected === null) continue;
    if (slot.kind === 'never-written') {
      absent.push({ startUtc: expected, reason: 'never-recorded' });
    } else if (slot.kind === 'implausible') {
      implausible.push({ startUtc: expected, hex: slot.hex });
    } else if (slot.interval.startUtc <= expected - ringS + periodS) {
      absent.push({ startUtc: expected, reason: 'meter-off' });
    } else {
      const known = intervals.get(slot.interval.startUtc);
      intervals.set(slot.interval.startUtc, known === undefined ? slot.interval : addRecords(known, slot.interval));
      if (slot.interval.startUtc !== expected && shift === 0) shift = Math.round((slot.interval.startUtc - expected) / periodS);
    }
  }
  return {
    intervals: [...intervals.values()].sort((a, b) => a.startUtc - b.startUtc),
    absent: absent.filter(({ startUtc }) => !intervals.has(startUtc)),
    shift,
    implausible,
  };
}

/** Records of one interval are added: a power cut closes one and opens the next (mercury.md 8.3). */
function addRecords(a: MeterInterval, b: MeterInterval): MeterInterval {
  const counts = Object.fromEntries(
    CHANNELS.map((channel) => {
      const [left, right] = [a.counts[channel], b.counts[channel]];
      return [channel, left === null || right === null ? null : left + right];
    }),
  ) as unknown as PerChannel<number | null>;
  const flags = [...new Set<IntervalFlag>([...a.flags, ...b.flags])];
  return { startUtc: a.startUtc, lengthS: a.lengthS, counts, flags };
}
