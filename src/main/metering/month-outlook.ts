/** From the gap ledgers of all meters to the forecast of a month. */
import type { Gap } from '../../shared/domain/gap.ts';
import type { AbsenceReason } from '../../shared/domain/interval.ts';
import {
  type MeterOutlook,
  type MonthOutlook,
  OUTLOOK_VERDICTS,
  type OutlookDay,
  type OutlookVerdict,
} from '../../shared/domain/month-outlook.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { periodOf, type SiteZone, addDays, startOfMonth } from './zone.ts';

/** What the ledger knows of one meter. */
export interface MeterLedgerState {
  readonly meterId: number;
  /** `intervalLengthS` of the meter. */
  readonly lengthS: number;
  /** Depth of its ring in intervals; null = not known. */
  readonly ringSlots: number | null;
  /** Open and proven-absent ranges; what lies outside the month is passed over. */
  readonly gaps: readonly Gap[];
}

/** Nothing comes by itself while this is the reason: an access level, an assignment, a setting of the meter. */
const NEEDS_PERSON: ReadonlySet<AbsenceReason> = new Set(['denied', 'wrong-serial', 'unsupported']);

/**
 * Outlook of the month that `date` (ISO, of the site) lies in. Intervals that have not ended are expected to come. A slot is
 * forgotten when the ring of its meter comes round to it: slot start + (ring + 1) x length, the deadline of the ledger.
 */
export function monthOutlook(input: {
  readonly date: string;
  readonly nowUtc: UtcSeconds;
  readonly zone: SiteZone;
  readonly meters: readonly MeterLedgerState[];
}): MonthOutlook {
  const first = startOfMonth(input.date);
  const { fromUtc, toUtc } = periodOf(first, addDays(startOfMonth(first, 1), -1), input.zone);
  const month = { ...input, fromUtc, toUtc };
  const meters = input.meters.map((meter) => meterOutlook(meter, month)).sort(byUrgency);
  return {
    fromUtc,
    toUtc,
    verdict: worst(
      meters.map(({ verdict }) => verdict),
      wholeVerdict(month),
    ),
    nextForgetsUtc: earliest(meters.map(({ nextForgetsUtc }) => nextForgetsUtc)),
    meters,
  };
}

interface Month {
  readonly fromUtc: UtcSeconds;
  readonly toUtc: UtcSeconds;
  readonly nowUtc: UtcSeconds;
  readonly zone: SiteZone;
}

function meterOutlook(meter: MeterLedgerState, month: Month): MeterOutlook {
  const days = meter.gaps.toSorted((a, b) => a.fromUtc - b.fromUtc).flatMap((gap) => daysOf(gap, meter, month));
  const open = days.filter(({ fate }) => fate === 'in-meter');
  const lost = days.filter(({ fate }) => fate === 'forgotten');
  const verdicts = [
    ...lost.map(() => 'lost' as const),
    ...open.map(({ reason }) => (NEEDS_PERSON.has(reason) ? ('needs-person' as const) : ('filling' as const))),
  ];
  return {
    meterId: meter.meterId,
    verdict: worst(verdicts, wholeVerdict(month)),
    openSlots: slotsOf(open),
    lostSlots: slotsOf(lost),
    nextForgetsUtc: earliest(open.map(({ forgetsUtc }) => forgetsUtc)),
    days,
  };
}

/** A gap by days of the site and by fate: within a day the ring may have passed over the older slots only. */
function daysOf(gap: Gap, { lengthS, ringSlots }: MeterLedgerState, { fromUtc, toUtc, nowUtc, zone }: Month): OutlookDay[] {
  const keptS = keptSeconds(gap, lengthS, ringSlots);
  const endUtc = Math.min(gap.toUtc, toUtc);
  const days: OutlookDay[] = [];
  let start = gap.fromUtc + Math.max(0, Math.ceil((fromUtc - gap.fromUtc) / lengthS)) * lengthS;
  while (start < endUtc) {
    const date = zone.dateOf(start);
    const slots = Math.ceil((Math.min(zone.startOfDay(addDays(date, 1)), endUtc) - start) / lengthS);
    const overwritten = keptS === null ? 0 : Math.floor((nowUtc - keptS - start) / lengthS) + 1;
    const gone = gap.state === 'proven-absent' ? slots : Math.min(slots, Math.max(0, overwritten));
    const { reason } = gap;
    if (gone > 0) days.push({ date, slots: gone, reason, fate: 'forgotten', forgetsUtc: null });
    if (gone < slots) {
      const forgetsUtc = keptS === null ? null : start + gone * lengthS + keptS;
      days.push({ date, slots: slots - gone, reason, fate: 'in-meter', forgetsUtc });
    }
    start += slots * lengthS;
  }
  return days;
}

/** From the start of a slot until the ring overwrites it; where only the ledger's deadline is known, that of the gap's first slot. */
function keptSeconds(gap: Gap, lengthS: number, ringSlots: number | null): number | null {
  if (ringSlots !== null) return (ringSlots + 1) * lengthS;
  return gap.deadlineUtc === null ? null : gap.deadlineUtc - gap.fromUtc;
}

function wholeVerdict({ nowUtc, toUtc }: Month): OutlookVerdict {
  return nowUtc >= toUtc ? 'complete' : 'on-track';
}

function worst(verdicts: readonly OutlookVerdict[], best: OutlookVerdict): OutlookVerdict {
  return verdicts.reduce((left, right) => (rank(right) > rank(left) ? right : left), best);
}

function rank(verdict: OutlookVerdict): number {
  return OUTLOOK_VERDICTS.indexOf(verdict);
}

function slotsOf(days: readonly OutlookDay[]): number {
  return days.reduce((sum, { slots }) => sum + slots, 0);
}

function earliest(moments: readonly (UtcSeconds | null)[]): UtcSeconds | null {
  const known = moments.filter((moment) => moment !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function byUrgency(a: MeterOutlook, b: MeterOutlook): number {
  const [left, right] = [a.nextForgetsUtc ?? Number.MAX_SAFE_INTEGER, b.nextForgetsUtc ?? Number.MAX_SAFE_INTEGER];
  return left - right || rank(b.verdict) - rank(a.verdict) || a.meterId - b.meterId;
}
