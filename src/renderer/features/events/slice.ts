import type { MethodParams, MethodResult } from '../../../shared/api/methods.ts';
import type { EventRow } from '../../../shared/api/meters.ts';
import type { MeterEventKind } from '../../../shared/domain/meter-event.ts';
import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';
import { addDays, type SiteTime } from '../../ui/time.ts';
import { type Period, periodDays } from '../../ui/period.ts';

export const createEventsSlice = (services: Services) => createResource(services, 'events.list');
/** Events of one point; apart from those of all, so that going back and forth shows no foreign rows. */
export const createPointEventsSlice = (services: Services) => createResource(services, 'events.list');
export const createFindingsSlice = (services: Services) => createResource(services, 'findings.list');

/** Closed days whose intervals and registers differ. */
export const createMismatchesSlice = (services: Services) => createResource(services, 'checks.list');

export type CurrentFinding = MethodResult<'findings.list'>[number];

/** The most that one call brings; a shorter period brings the older ones. */
const EVENTS_SHOWN = 1000;

export interface EventFilter {
  readonly pointId: number | null;
  readonly kinds: readonly MeterEventKind[];
  /** Null = all that is stored. */
  readonly period: Period | null;
}

export function eventParams({ pointId, kinds, period }: EventFilter, time: Pick<SiteTime, 'dayStart'>): MethodParams<'events.list'> {
  const days = period === null ? null : periodDays(period);
  return {
    ...(pointId === null ? {} : { pointId }),
    ...(kinds.length === 0 ? {} : { kinds: [...kinds] }),
    ...(days === null ? {} : { from: time.dayStart(days.from), to: time.dayStart(addDays(days.to, 1)) }),
    offset: 0,
    limit: EVENTS_SHOWN,
  };
}

/** A record read again is the same event: journal, kind and moment are its key. */
export function eventKey({ meterSerial, journal, kind, at, details }: EventRow): string {
  return `${meterSerial} ${journal} ${kind} ${at} ${JSON.stringify(details)}`;
}

/** Findings of each line or point together, the subject with the worst one first. */
export function bySubject(findings: readonly CurrentFinding[]): (readonly [CurrentFinding, ...CurrentFinding[]])[] {
  const groups = new Map<string, [CurrentFinding, ...CurrentFinding[]]>();
  for (const finding of findings) {
    const key = `${finding.subject.kind} ${finding.subject.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  const weights: readonly CurrentFinding['weight'][] = ['fault', 'attention', 'info'];
  const worst = (group: readonly CurrentFinding[]) => Math.min(...group.map(({ weight }) => weights.indexOf(weight)));
  // Lines before points: a line in trouble explains its meters.
  const rank = (group: readonly [CurrentFinding, ...CurrentFinding[]]) => (group[0].subject.kind === 'line' ? 0 : 1);
  return [...groups.values()].sort(
    (a, b) => worst(a) - worst(b) || rank(a) - rank(b) || a[0].subject.name.localeCompare(b[0].subject.name, 'ru', { numeric: true }),
  );
}
