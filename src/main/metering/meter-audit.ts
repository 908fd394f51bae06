/** What the settings of a meter mean for its point, by name. */
import type { Finding, FindingCode, FindingWeight } from '../../shared/domain/finding.ts';
import type { MeterConfiguration } from '../../shared/domain/meter-configuration.ts';
import type { InstallationRecord } from '../../shared/domain/plant.ts';
import { multiply, type Rational, ratioOf } from './energy.ts';

/** What is known of the meter besides its own settings. */
export interface AuditContext {
  /** What it is installed with; `null` when only the meter is known (probe). */
  readonly installation: Pick<InstallationRecord, 'ct' | 'vt' | 'valuesArePrimary'> | null;
  /** Address that it is asked at. */
  readonly address: number;
  /** Meter minus PC; `null` = the clock was not read. */
  readonly deviationMs: number | null;
  /** The clock's mark says summer; `null` = it was not read. */
  readonly isMarkedSummer: boolean | null;
  /** That mark moves the meter's time by an hour here (ClockBasis.seasonBit). */
  readonly countsSeasonMark: boolean;
}

/** Half-hour accounting: intervals of another length are no part of a package. */
const PERIOD_MIN = 30;
/** Less than a quarter in the ring: a long interruption of polling loses data. */
const RING_DAYS = 90;
/** A clock so near to whole hours lives in another zone and does not drift (mercury.md 13.10). */
const ZONE_TOLERANCE_MS = 300_000;
const HOUR_MS = 3_600_000;
const BATTERY_FAULTS: ReadonlySet<string> = new Set(['E-01', 'E-48']);

/** Whole hours that a clock is away by its zone; 0 when its deviation is its own. */
export function zoneHours(deviationMs: number): number {
  const hours = Math.round(deviationMs / HOUR_MS);
  return Math.abs(deviationMs - hours * HOUR_MS) <= ZONE_TOLERANCE_MS ? hours : 0;
}

/** Everything that the settings give reason to tell, in the order of AUDIT_FINDINGS. What the meter did not say is no finding. */
export function auditMeter(configuration: MeterConfiguration, context: AuditContext): Finding[] {
  const { profilePeriodMin, ringSlots, faults, firmware, networkAddress } = configuration;
  const findings: Finding[] = [];
  const add = (code: FindingCode, weight: FindingWeight, params: Finding['params'] = {}) => findings.push({ code, weight, params });

  if (configuration.hasProfile === false) add('profile-off', 'attention');
  if (profilePeriodMin !== null && profilePeriodMin !== PERIOD_MIN) add('profile-period', 'attention', { minutes: profilePeriodMin });
  if (ringSlots !== null && profilePeriodMin !== null) {
    const days = Math.floor((ringSlots * profilePeriodMin) / 1440);
    if (days < RING_DAYS) add('ring-short', 'info', { days });
  }
  if (configuration.switchesSeason === true) add('season-switching', 'attention');
  const hours = context.deviationMs === null ? 0 : zoneHours(context.deviationMs);
  const isShifted = hours === -1 && context.countsSeasonMark && context.isMarkedSummer === true;
  if (isShifted) add('season-bit-stale', 'attention');
  else if (context.isMarkedSummer === true && configuration.switchesSeason === false) add('season-bit-stale', 'info');
  if (hours !== 0 && !isShifted) add('clock-zone', 'attention', { hours });
  if (configuration.sumsByModulus === true) add('sums-by-modulus', 'info');
  findings.push(...ratioFindings(configuration, context.installation));
  if (configuration.repeatsCode === true) add('repeat-code', 'fault');
  const battery = faults?.filter((fault) => BATTERY_FAULTS.has(fault)) ?? [];
  const others = faults?.filter((fault) => !BATTERY_FAULTS.has(fault)) ?? [];
  if (battery.length > 0) add('battery-low', 'attention', { faults: battery.join(' ') });
  if (others.length > 0) add('meter-fault', 'fault', { faults: others.join(' ') });
  if (configuration.hasDefaultPassword === true) add('default-password', 'info');
  if (configuration.readsBatches === false) add('firmware-old', 'info', { firmware });
  if (networkAddress !== null && networkAddress !== context.address)
    add('address-differs', 'attention', { inside: networkAddress, asked: context.address });
  return findings;
}

/**
 * Ratios programmed inside are whole numbers for reference; the installation's are quotients of the plates, and only those
 * are reckoned with. Where both are there they must say the same.
 */
function ratioFindings({ ratioVt, ratioCt }: MeterConfiguration, installation: AuditContext['installation']): Finding[] {
  if (ratioVt === null || ratioCt === null || ratioVt < 1 || ratioCt < 1 || ratioVt * ratioCt === 1) return [];
  if (installation === null || installation.valuesArePrimary)
    return [{ code: 'ratio-inside', weight: 'info', params: { vt: ratioVt, ct: ratioCt } }];
  const installed = multiply(ratioOf(installation.vt), ratioOf(installation.ct));
  if (isWhole(ratioVt, ratioOf(installation.vt)) && isWhole(ratioCt, ratioOf(installation.ct)))
    return [{ code: 'ratio-inside', weight: 'info', params: { vt: ratioVt, ct: ratioCt } }];
  return [{ code: 'ratio-differs', weight: 'attention', params: { inside: ratioVt * ratioCt, installed: quotient(installed) } }];
}

/** The whole number that stands for a quotient: 157 or 158 for 15750/100. */
function isWhole(inside: number, { numerator, denominator }: Rational): boolean {
  const difference = BigInt(inside) * denominator - numerator;
  return (difference < 0n ? -difference : difference) < denominator;
}

/** For people: two decimals are enough to compare with a plate. */
function quotient({ numerator, denominator }: Rational): number {
  return Math.round((Number(numerator) / Number(denominator)) * 100) / 100;
}
