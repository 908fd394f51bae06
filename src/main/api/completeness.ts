/** Points by days: what is there, what is lost, what can still be had and until when. */
import type { CompletenessDay, CompletenessMap, Forgetting, OUTLOOKS } from '../../shared/api/completeness.ts';
import { AppError } from '../../shared/api/errors.ts';
import type { Gap } from '../../shared/domain/gap.ts';
import type { AbsenceReason } from '../../shared/domain/interval.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import { expectedStarts, isReadSpan, type PointSpan, spansOfPoint } from '../metering/expected.ts';
import { addDays, daysBetween, periodOf } from '../metering/zone.ts';
import type { UtcRange } from '../store/store.ts';
import { meterDay } from './day-checks.ts';
import type { InstalledPoint, Site } from './site.ts';

const MOST_DAYS = 92;
const LONGEST_LEAD_S = 12 * 3600;
/** What keeps intervals from coming by themselves. */
const STUCK: readonly AbsenceReason[] = ['silent', 'line-down', 'denied', 'wrong-serial'];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type DayCount = Mutable<Omit<CompletenessDay, 'day' | 'reason' | 'deadline' | 'mismatch'>> & {
  readonly reasons: Map<AbsenceReason, number>;
  deadlineUtc: UtcSeconds | null;
};

/** Both days inclusive. Throws `api/invalid-argument` for a period that is empty or longer than a quarter. */
export function completenessMap(site: Site, from: string, to: string): CompletenessMap {
  const days = daysBetween(from, to);
  if (to < from || days.length > MOST_DAYS) {
    throw new AppError('api/invalid-argument', `A period has 1 to ${MOST_DAYS} days`, { context: { from, to } });
  }
  const forgetting: Forgetting[] = [];
  const points = site.points.map((installed) => {
    const counted = countPoint(site, installed, from, to);
    forgetting.push(...counted.forgetting);
    return counted.row;
  });
  const cells = points.flatMap((point) => point.days);
  const totals = {
    expected: sum(cells.map(({ expected }) => expected)),
    received: sum(cells.map(({ received }) => received)),
    lost: sum(cells.map(({ lost }) => lost)),
    open: sum(cells.map(({ open }) => open)),
  };
  return { from, to, outlook: outlookOf(totals, forgetting), totals, points, forgetting: forgetting.sort(byDeadline) };
}

function outlookOf({ lost, open }: CompletenessMap['totals'], forgetting: readonly Forgetting[]): (typeof OUTLOOKS)[number] {
  if (lost > 0) return 'incomplete';
  if (open === 0) return 'complete';
  return forgetting.some(({ reason }) => STUCK.includes(reason)) ? 'at-risk' : 'on-track';
}

function countPoint(site: Site, { point, substation, meter }: InstalledPoint, from: string, to: string) {
  const period = periodOf(from, to, site.zone);
  const nowUtc = site.nowUtc();
  const days = new Map(daysBetween(from, to).map((day) => [day, emptyDay()]));
  const forgetting = new Map<string, Mutable<Forgetting>>();
  const mismatches = new Map<string, string>();
  const spans = spansOfPoint(site.plant, point.id, period.fromUtc, period.toUtc);
  // The interval inside which a meter was replaced is owed by both, and is there when both have given their part.
  let shared: { readonly startUtc: UtcSeconds; readonly isReceived: boolean } | null = null;
  for (const span of spans) {
    const former: typeof shared = shared;
    if (!isReadSpan(span)) {
      const ofSpan = new Set(expectedStarts(span, nowUtc).map((start) => site.zone.dateOf(start)));
      for (const day of ofSpan) days.get(day)?.reasons.set('unsupported', 1);
      continue;
    }
    const stored = site.store.intervals.ranges(span.meter.id, span.fromUtc, span.toUtc);
    const gaps = site.store.gaps.list(span.meter.id);
    const look = { stored: walker(stored), gaps: walker(gaps) };
    let dayEnd = Number.NEGATIVE_INFINITY;
    let day = emptyDay();
    for (const start of expectedStarts(span, nowUtc)) {
      if (start >= dayEnd) {
        const date = site.zone.dateOf(start);
        dayEnd = site.zone.startOfDay(addDays(date, 1));
        day = days.get(date) ?? emptyDay();
      }
      const isReceived = look.stored(start) !== null;
      const isShared = former?.startUtc === start;
      shared = { startUtc: start, isReceived };
      if (isShared && (isReceived || !former.isReceived)) continue;
      if (isShared) day.received -= 1;
      else day.expected += 1;
      if (isReceived) {
        day.received += 1;
        continue;
      }
      const gap = look.gaps(start);
      const deadlineUtc = deadlineOf(span, start);
      // The ring has passed over it, whatever the ledger still hopes for.
      const isOverwritten = gap?.state !== 'proven-absent' && deadlineUtc !== null && deadlineUtc <= nowUtc;
      const reason = isOverwritten ? 'overwritten' : (gap?.reason ?? site.engine?.meter(span.meter.id)?.absence ?? 'not-read');
      day.reasons.set(reason, (day.reasons.get(reason) ?? 0) + 1);
      if (isOverwritten || gap?.state === 'proven-absent') {
        day.lost += 1;
        continue;
      }
      day.open += 1;
      day.deadlineUtc = earlier(day.deadlineUtc, deadlineUtc);
      const key = `${span.installation.id} ${reason}`;
      const known = forgetting.get(key);
      if (known === undefined) {
        forgetting.set(key, {
          pointId: point.id,
          code: point.code,
          name: point.name,
          meterSerial: span.meter.serial,
          intervals: 1,
          from: isoUtc(start),
          to: isoUtc(start + span.lengthS),
          reason,
          deadline: deadlineUtc === null ? null : isoUtc(deadlineUtc),
        });
      } else {
        known.intervals += 1;
        known.to = isoUtc(start + span.lengthS);
      }
    }
    // A meter of a zone to the east begins its day before the site does.
    for (const check of site.store.dayChecks.list(span.meter.id, span.fromUtc - LONGEST_LEAD_S, span.toUtc)) {
      if (check.verdict === 'mismatch') mismatches.set(meterDay(span.meter, check.startUtc), check.diagnosis ?? 'unknown');
    }
  }
  const row = {
    pointId: point.id,
    code: point.code,
    name: point.name,
    substation,
    meterSerial: spans.at(-1)?.meter.serial ?? meter.serial,
    days: [...days].map(([day, { reasons, deadlineUtc, ...counts }]) => ({
      day,
      ...counts,
      reason: mostOf(reasons),
      deadline: deadlineUtc === null ? null : isoUtc(deadlineUtc),
      mismatch: mismatches.get(day) ?? null,
    })),
  };
  return { row, forgetting: [...forgetting.values()] };
}

function emptyDay(): DayCount {
  return { expected: 0, received: 0, lost: 0, open: 0, reasons: new Map(), deadlineUtc: null };
}

/** The range that holds a moment; moments are asked in their order. */
function walker<R extends UtcRange | Gap>(ranges: readonly R[]): (at: UtcSeconds) => R | null {
  let index = 0;
  return (at) => {
    while ((ranges[index]?.toUtc ?? Number.POSITIVE_INFINITY) <= at) index += 1;
    const range = ranges[index];
    return range !== undefined && range.fromUtc <= at ? range : null;
  };
}

/** When the ring of the meter comes round to the interval; null while the ring is not known, or the meter is not on its line. */
function deadlineOf({ meter, lengthS }: PointSpan, startUtc: UtcSeconds): UtcSeconds | null {
  const { ringSlots } = meter.facts;
  return ringSlots === null ? null : startUtc + (ringSlots + 1) * lengthS;
}

function earlier(a: UtcSeconds | null, b: UtcSeconds | null): UtcSeconds | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function mostOf(reasons: ReadonlyMap<AbsenceReason, number>): AbsenceReason | null {
  return [...reasons].reduce<[AbsenceReason | null, number]>(
    (most, [reason, count]) => (count > most[1] ? [reason, count] : most),
    [null, 0],
  )[0];
}

function byDeadline(a: Forgetting, b: Forgetting): number {
  const [left, right] = [a.deadline ?? '9999', b.deadline ?? '9999'];
  return left < right ? -1 : left > right ? 1 : a.code < b.code ? -1 : a.code > b.code ? 1 : 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
