/** What a data folder tells of the points by itself: for a process that only reads, beside a running engine or after it. */
import type { Attention } from '../../shared/api/values.ts';
import type { AbsenceReason } from '../../shared/domain/interval.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { commonDeviationMs } from '../metering/pc-clock.ts';
import { findLostPhases } from '../metering/verdict.ts';
import { isSilenceExplained } from './findings-list.ts';
import { deviationOf } from './live-view.ts';
import type { InstalledPoint, Site } from './site.ts';
import { answeringInPlace } from './strangers.ts';

/** Values of a minute are stored once a minute: older ones say nothing of now. */
const FRESH_SAMPLE_S = 300;

/** What keeps the intervals of a meter open, as it is called where it asks for attention. */
const TROUBLES: Readonly<Partial<Record<AbsenceReason, Attention['code']>>> = {
  silent: 'meter-silent',
  denied: 'meter-denied',
  'wrong-serial': 'wrong-serial',
};

/**
 * Lines that are down, then meters that are silent, refuse or are others, clocks that are off, and lost phases. A meter that fell silent is told once
 * an interval of it is missing, so within one period; the running engine tells it at once.
 */
export function storedTroubles(site: Site): Attention[] {
  const points = site.points.filter(({ isOff }) => !isOff);
  const lasting = site.store.findings.lasting();
  const rows = points.flatMap((installed) => {
    const gap = site.store.gaps.list(installed.meter.id).findLast(({ state }) => state === 'open');
    // Intervals may still be missing of a meter that answers again.
    const isAnswering = gap?.reason !== 'denied' && gap?.reason !== 'wrong-serial' && freshSample(site, installed) !== null;
    return gap === undefined || isAnswering ? [] : [{ installed, gap }];
  });
  const lines = site.plant.lines.flatMap((line): Attention[] => {
    const down = rows.filter(({ installed, gap }) => installed.line?.id === line.id && gap.reason === 'line-down');
    // Whatever has a name of its own is not told a second time by its consequence.
    if (down.length === 0 || isSilenceExplained(lasting, [], { line })) return [];
    const since = Math.min(...down.map(({ gap }) => gap.sinceUtc));
    const params = { error: null, meters: down.length, address: line.address };
    return [{ code: 'line-down', state: 'fault', subject: { kind: 'line', id: line.id, name: line.name }, since: isoUtc(since), params }];
  });
  const meters = rows.flatMap(({ installed, gap }): Attention[] => {
    const code = TROUBLES[gap.reason];
    const own = lasting.filter(({ subject }) => 'meterId' in subject && subject.meterId === installed.meter.id);
    if (code === undefined || isSilenceExplained(lasting, own, installed)) return [];
    const answering = code === 'wrong-serial' ? answeringInPlace(site, installed.meter) : {};
    return answering === null ? [] : [ofPoint(installed, code, 'fault', gap.sinceUtc, { line: installed.line?.name ?? '', ...answering })];
  });
  const deviationsMs = points.flatMap(({ meter }) => site.store.clocks.last(meter.id)?.deviationMs ?? []);
  const pcErrorMs = commonDeviationMs(deviationsMs) ?? 0;
  const clocks = points.flatMap((installed) => deviatingClock(site, installed, pcErrorMs));
  return [...lines, ...meters, ...clocks, ...points.flatMap((installed) => lostPhases(site, installed))];
}

function deviatingClock(site: Site, installed: InstalledPoint, pcErrorMs: number): Attention[] {
  const reading = site.store.clocks.last(installed.meter.id);
  const seconds = deviationOf(reading?.deviationMs ?? null, pcErrorMs);
  return reading === null || seconds === null ? [] : [ofPoint(installed, 'clock-deviation', 'attention', reading.atUtc, { seconds })];
}

function lostPhases(site: Site, installed: InstalledPoint): Attention[] {
  const sample = freshSample(site, installed);
  if (sample === null) return [];
  return findLostPhases(sample.values, installed.installation.scheme).map(({ phase, code }) =>
    ofPoint(installed, 'phase-lost', 'attention', sample.atUtc, { phase, finding: code }),
  );
}

function freshSample(site: Site, { meter }: InstalledPoint): ReturnType<Site['store']['samples']['last']> {
  const sample = site.store.samples.last(meter.id);
  return sample === null || site.nowUtc() - sample.atUtc > FRESH_SAMPLE_S ? null : sample;
}

function ofPoint(
  { point, meter }: InstalledPoint,
  code: Attention['code'],
  state: Attention['state'],
  sinceUtc: number,
  params: Attention['params'],
): Attention {
  const subject = { kind: 'point' as const, id: point.id, name: point.name };
  return { code, state, subject, since: isoUtc(sinceUtc), params: { code: point.code, serial: meter.serial, ...params } };
}
