/** What is wrong now, by name, with whatever it is wrong with. */
import type { MethodResult } from '../../shared/api/methods.ts';
import type { Attention } from '../../shared/api/values.ts';
import type { FindingCode } from '../../shared/domain/finding.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import type { FindingRecord } from '../store/store.ts';
import type { InstalledPoint, Site } from './site.ts';

type FindingRow = MethodResult<'findings.list'>[number];

/** Told at once by the state of the point already. */
const TOLD_BY_THE_POINT: readonly FindingCode[] = ['profile-off', 'current-without-voltage'];
/** What explains that no meter of a line, or that one meter, does not answer. */
const SILENCING_LINE: readonly FindingCode[] = ['line-silent', 'gateway-frozen', 'gateway-framing', 'gateway-busy', 'wrong-parity'];
const SILENCING_METER: readonly FindingCode[] = ['meter-flapping', 'duplicate-address', 'repeat-code'];

/** Lines first, then points. A meter that stands at no point now has nobody to tell it to. */
export function findingsList(site: Site): FindingRow[] {
  return site.store.findings.lasting().flatMap((record) => {
    const subject = subjectOf(site, record);
    if (subject === null) return [];
    const { code, weight, params, sinceUtc } = record;
    return [{ code, weight, params: { ...params }, subject, since: isoUtc(sinceUtc) }];
  });
}

/** Findings that ask for attention, of lines or of the points given; what only explains stays out. */
export function findingAttention(site: Site, records: readonly FindingRecord[]): Attention[] {
  return records.flatMap((record) => {
    const { code, weight, params, sinceUtc } = record;
    if (weight === 'info' || TOLD_BY_THE_POINT.includes(code)) return [];
    const subject = subjectOf(site, record);
    return subject === null ? [] : [{ code, state: weight, subject, since: isoUtc(sinceUtc), params: { ...params } }];
  });
}

/** Something that lasts on the whole line, or of this meter itself, says why it does not answer. */
export function isSilenceExplained(
  lasting: readonly FindingRecord[],
  own: readonly FindingRecord[],
  { line }: Pick<InstalledPoint, 'line'>,
): boolean {
  const ofLine = lasting.filter(({ subject }) => 'lineId' in subject && subject.lineId === line?.id);
  return ofLine.some(({ code }) => SILENCING_LINE.includes(code)) || own.some(({ code }) => SILENCING_METER.includes(code));
}

function subjectOf(site: Site, { subject }: FindingRecord): FindingRow['subject'] | null {
  if ('lineId' in subject) {
    const line = site.plant.lines.find(({ id }) => id === subject.lineId);
    return line === undefined ? null : { kind: 'line', id: line.id, name: line.name };
  }
  const installed = site.points.find(({ meter }) => meter.id === subject.meterId);
  return installed === undefined ? null : { kind: 'point', id: installed.point.id, name: installed.point.name };
}
