/** Live values of a point as the screens show them: primary side, with a state that says whether to trust them. */
import type { LivePoint } from '../../shared/api/methods.ts';
import type { Attention, Measured, State } from '../../shared/api/values.ts';
import { type InstallationRecord, isLinked } from '../../shared/domain/plant.ts';
import { MANUAL } from '../../shared/domain/point.ts';
import type { InstantaneousKey, InstantaneousValues, Quantity } from '../../shared/domain/quantity.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import type { MeterStatus } from '../engine/engine.ts';
import { decimalText, multiply } from '../metering/energy.ts';
import { countValue, quantityFactor } from '../metering/instantaneous.ts';
import { zoneHours } from '../metering/meter-audit.ts';
import { findLostPhases } from '../metering/verdict.ts';
import type { FindingRecord } from '../store/store.ts';
import { findingAttention, isSilenceExplained } from './findings-list.ts';
import type { InstalledPoint, Site } from './site.ts';
import { answeringInPlace } from './strangers.ts';

/** A live value older than this is stale. */
export const STALE_AFTER_S = 45;
/** A clock that is off by more asks for attention; technical metering tolerates 10 to 20 s (DESIGN.md 4). */
const CLOCK_ATTENTION_MS = 20_000;

export function livePoint(site: Site, installed: InstalledPoint): LivePoint {
  const { point, substation, installation, meter, line } = installed;
  const status = site.engine?.meter(meter.id) ?? null;
  const { atUtc, values: secondary } = lastRead(site, meter.id, status);
  const isStale = atUtc === null || site.nowUtc() - atUtc > STALE_AFTER_S;
  const verdict = installed.isOff
    ? ({ state: 'no-data', reason: 'switched-off' } as const)
    : !isLinked(meter)
      ? ({ state: 'no-data', reason: MANUAL } as const)
      : liveState(status, secondary, installation, isStale, site.engine?.pcClockErrorMs ?? 0);
  return {
    pointId: point.id,
    code: point.code,
    name: point.name,
    substation,
    line: line?.name ?? null,
    meterSerial: meter.serial,
    ...verdict,
    at: atUtc === null ? null : isoUtc(atUtc),
    staleAfterS: STALE_AFTER_S,
    values: primaryValues(secondary, installation),
    clockDeviationMs: lastDeviation(site, meter.id, status),
  };
}

/** Of a live point what its findings rest on: all points are looked at every few seconds, and values in the primary side cost most. */
export function liveEvidence(site: Site, { meter }: InstalledPoint): Pick<LivePoint, 'at' | 'clockDeviationMs'> {
  const status = site.engine?.meter(meter.id) ?? null;
  const { atUtc } = lastRead(site, meter.id, status);
  return { at: atUtc === null ? null : isoUtc(atUtc), clockDeviationMs: lastDeviation(site, meter.id, status) };
}

/** The values of this run, or the stored ones of an earlier one. */
function lastRead(site: Site, meterId: number, status: MeterStatus | null): { atUtc: UtcSeconds | null; values: InstantaneousValues } {
  if (status !== null && status.live.atUtc !== null) return status.live;
  const stored = site.store.samples.last(meterId);
  return { atUtc: stored?.atUtc ?? null, values: stored?.values ?? {} };
}

function lastDeviation(site: Site, meterId: number, status: MeterStatus | null): number | null {
  return status?.live.clockDeviationMs ?? site.store.clocks.last(meterId)?.deviationMs ?? null;
}

function liveState(
  status: MeterStatus | null,
  values: InstantaneousValues,
  installation: InstallationRecord,
  isStale: boolean,
  pcClockErrorMs: number,
): { state: State; reason: string | null } {
  if (status === null) return { state: 'unchecked', reason: null };
  if (status.absence === 'line-down') return { state: 'fault', reason: status.code ?? 'line-down' };
  if (status.health === 'unknown') return { state: 'unchecked', reason: null };
  if (status.health !== 'ok') return { state: 'fault', reason: status.health };
  if (isStale) return { state: 'attention', reason: 'stale' };
  if (findLostPhases(values, installation.scheme).length > 0) return { state: 'attention', reason: 'phase-lost' };
  if (Math.abs((status.live.clockDeviationMs ?? pcClockErrorMs) - pcClockErrorMs) > CLOCK_ATTENTION_MS)
    return { state: 'attention', reason: 'clock-deviation' };
  return { state: 'ok', reason: null };
}

/**
 * Seconds by which a clock is off so far that it asks for attention; `null` = it does not, or the zone is named instead. `pcErrorMs` is
 * what most meters tell alike: the fault of the PC and not theirs.
 */
export function deviationOf(deviationMs: number | null, pcErrorMs: number): number | null {
  if (deviationMs === null) return null;
  const ownMs = deviationMs - pcErrorMs;
  return Math.abs(ownMs) > CLOCK_ATTENTION_MS && zoneHours(ownMs) === 0 ? Math.round(ownMs / 1000) : null;
}

/** Power of a point that may be added up: fresh or nothing. W, primary. */
export function freshPower(live: LivePoint, nowUtc: number): string | null {
  if (live.at === null || nowUtc - Date.parse(live.at) / 1000 > live.staleAfterS) return null;
  return live.values.P?.value ?? null;
}

function primaryValues(values: InstantaneousValues, installation: InstallationRecord): LivePoint['values'] {
  const scaled: Partial<Record<InstantaneousKey, Measured | null>> = {};
  for (const [name, quantity] of Object.entries(values)) {
    const key = name as InstantaneousKey;
    scaled[key] = quantity === null || quantity === undefined ? null : measuredPrimary(quantity, installation);
  }
  return scaled;
}

function measuredPrimary({ count, scale, unit }: Quantity, installation: InstallationRecord): Measured {
  return { value: decimalText(multiply(countValue(count, scale), quantityFactor(unit, installation))), unit, side: 'primary' };
}

/** What Feeder makes of one point: each finding with the figures it rests on. `lasting` is what the store holds of all. */
export function pointFindings(
  site: Site,
  installed: InstalledPoint,
  live: Pick<LivePoint, 'at' | 'clockDeviationMs'>,
  lasting: readonly FindingRecord[],
): Attention[] {
  if (installed.isOff) return [];
  const subject = { kind: 'point' as const, id: installed.point.id, name: installed.point.name };
  const status = site.engine?.meter(installed.meter.id) ?? null;
  const findings: Attention[] = [];
  const add = (code: Attention['code'], state: State, params: Attention['params'] = {}) =>
    findings.push({
      code,
      state,
      subject,
      since: live.at,
      params: { code: installed.point.code, serial: installed.meter.serial, ...params },
    });
  const own = lasting.filter((record) => 'meterId' in record.subject && record.subject.meterId === installed.meter.id);
  if (status?.health === 'silent' && status.absence !== 'line-down' && !isSilenceExplained(lasting, own, installed))
    add('meter-silent', 'fault', { line: installed.line?.name ?? '' });
  if (status?.health === 'denied') add('meter-denied', 'fault');
  // Where two meters answer at one address, the other one's serial is no replacement.
  if (status?.health === 'wrong-serial' && !own.some(({ code }) => code === 'duplicate-address')) {
    const answering = answeringInPlace(site, installed.meter);
    if (answering !== null) add('wrong-serial', 'fault', answering);
  }
  if (installed.meter.facts.hasProfile === false) add('meter-unsupported', 'attention');
  const seconds = deviationOf(live.clockDeviationMs, site.engine?.pcClockErrorMs ?? 0);
  if (seconds !== null) add('clock-deviation', 'attention', { seconds });
  if (status?.health === 'ok') {
    for (const lost of findLostPhases(status.live.values, installed.installation.scheme)) {
      add('phase-lost', 'attention', { phase: lost.phase, finding: lost.code });
    }
  }
  return [...findings, ...findingAttention(site, own)];
}
