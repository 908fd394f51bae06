import type { MethodParams, MethodResult } from '../../../shared/api/methods.ts';
import type { EventRow } from '../../../shared/api/meters.ts';
import { AUDIT_FINDINGS } from '../../../shared/domain/finding.ts';
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

/** Findings that stand together, one at least. */
export interface FindingGroup {
  /** The line or point that all of them are about; `null` = one setting that several meters have alike, a finding for each of them. */
  readonly subject: CurrentFinding['subject'] | null;
  readonly findings: readonly [CurrentFinding, ...CurrentFinding[]];
}

/** Findings of each line or point together, and apart from them each setting that several meters have alike; the worst group first. */
export function findingGroups(findings: readonly CurrentFinding[]): FindingGroup[] {
  const meters = new Map<string, number>();
  for (const finding of findings.filter(isSetting)) meters.set(settingKey(finding), (meters.get(settingKey(finding)) ?? 0) + 1);
  const isShared = (finding: CurrentFinding) => isSetting(finding) && (meters.get(settingKey(finding)) ?? 0) > 1;
  const groups = new Map<string, [CurrentFinding, ...CurrentFinding[]]>();
  for (const finding of findings) {
    const key = isShared(finding) ? settingKey(finding) : `${finding.subject.kind} ${finding.subject.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()]
    .map((group): FindingGroup => ({ subject: isShared(group[0]) ? null : group[0].subject, findings: group }))
    .sort((a, b) => worst(a) - worst(b) || rank(a) - rank(b) || nameOf(a).localeCompare(nameOf(b), 'ru', { numeric: true }));
}

const WEIGHTS: readonly CurrentFinding['weight'][] = ['fault', 'attention', 'info'];
const worst = ({ findings }: FindingGroup) => Math.min(...findings.map(({ weight }) => WEIGHTS.indexOf(weight)));
/** Lines before points, for a line in trouble explains its meters; settings last. */
const rank = ({ subject }: FindingGroup) => (subject === null ? 2 : subject.kind === 'line' ? 0 : 1);
const nameOf = ({ subject }: FindingGroup) => subject?.name ?? '';

function isSetting({ code, subject }: CurrentFinding): boolean {
  return subject.kind === 'point' && AUDIT_FINDINGS.some((known) => known === code);
}

/** What is the same for all meters with that setting. */
function settingKey({ code, weight, params }: CurrentFinding): string {
  return `${code} ${weight} ${JSON.stringify(params)}`;
}
