import type { Overview, SubstationSummary } from '../../shared/api/methods.ts';
import type { Attention, State } from '../../shared/api/values.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { sumCompleteness } from '../metering/completeness.ts';
import type { Series } from '../metering/consumption.ts';
import { addDays } from '../metering/zone.ts';
import { sumMismatches } from './day-checks.ts';
import { suppliesOffAlone } from './dead-feeder-desk.ts';
import { daySeries, daySummary, totalText } from './day-view.ts';
import { findingAttention } from './findings-list.ts';
import { jobTroubles } from './jobs.ts';
import { freshPower, liveEvidence, livePoint, pointFindings } from './live-view.ts';
import { packageSummary } from './packages.ts';
import { packageTroubles } from './package-troubles.ts';
import type { InstalledPoint, Site } from './site.ts';
import { supplierAttention } from './supplier-attention.ts';

const WORST_FIRST: readonly State[] = ['fault', 'attention', 'no-data', 'unchecked', 'ok'];
const LATEST_PACKAGES = 5;
interface PointView {
  readonly installed: InstalledPoint;
  readonly live: ReturnType<typeof livePoint>;
  readonly today: Series;
  readonly yesterday: Series;
}

export function overview(site: Site): Overview {
  const nowUtc = site.nowUtc();
  const today = site.zone.dateOf(nowUtc);
  const yesterday = addDays(today, -1);
  const views: PointView[] = site.points.map((installed) => ({
    installed,
    live: livePoint(site, installed),
    today: daySeries(site, installed, today),
    yesterday: daySeries(site, installed, yesterday),
  }));
  const power = powerOf(views, nowUtc);
  return {
    at: isoUtc(nowUtc),
    power: { value: power.value, points: power.points, total: views.length },
    today: daySummary(
      today,
      views.map((view) => view.today),
    ),
    yesterday: daySummary(
      yesterday,
      views.map((view) => view.yesterday),
    ),
    substations: site.plant.substations.map((substation) =>
      substationSummary(
        substation,
        views.filter(({ installed }) => installed.point.substationId === substation.id),
        nowUtc,
      ),
    ),
    attention: attentionList(site),
    packages: site.store.packages.list(0, LATEST_PACKAGES).rows.map(packageSummary),
  };
}

function substationSummary(substation: { id: number; name: string }, views: readonly PointView[], nowUtc: number): SubstationSummary {
  const power = powerOf(views, nowUtc);
  const states = views.map(({ live }) => live.state);
  return {
    id: substation.id,
    name: substation.name,
    points: views.length,
    power: power.value,
    powerPoints: power.points,
    today: totalText(views.map((view) => view.today)),
    todayCompleteness: sumCompleteness(views.map((view) => view.today.completeness)),
    yesterday: totalText(views.map((view) => view.yesterday)),
    yesterdayCompleteness: sumCompleteness(views.map((view) => view.yesterday.completeness)),
    state: WORST_FIRST.find((state) => states.includes(state)) ?? 'no-data',
    silentPoints: states.filter((state) => state === 'fault').length,
  };
}

/** Power now, W primary, of the points with fresh values. Exact decimals are added as integers of the finest scale. */
function powerOf(views: readonly PointView[], nowUtc: number): { value: string | null; points: number } {
  const fresh = views.flatMap(({ live }) => freshPower(live, nowUtc) ?? []);
  return { value: fresh.length === 0 ? null : sumDecimals(fresh), points: fresh.length };
}

function sumDecimals(texts: readonly string[]): string {
  const digits = Math.max(...texts.map((text) => text.split('.')[1]?.length ?? 0));
  const sum = texts.reduce((total, text) => {
    const [whole = '0', fraction = ''] = text.split('.');
    return total + BigInt(whole + fraction.padEnd(digits, '0'));
  }, 0n);
  const sign = sum < 0n ? '-' : '';
  const text = (sum < 0n ? -sum : sum).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  const fraction = text.slice(text.length - digits).replace(/0+$/, '');
  return fraction === '' ? (whole === '0' ? '0' : sign + whole) : `${sign}${whole}.${fraction}`;
}

/** Everything that asks for attention now: the store, lines, then points, faults before the rest. */
export function attentionList(site: Site): Attention[] {
  const list: Attention[] = [];
  const failure = site.backupFailure;
  if (failure !== null) {
    const subject = { kind: 'site' as const, id: null, name: site.settings.site.name };
    list.push({ code: 'backup-failed', state: 'attention', subject, since: failure.at, params: { error: failure.code } });
  }
  const fault = site.engine?.storeFault ?? null;
  if (fault !== null) {
    list.push({
      code: 'store-trouble',
      state: 'fault',
      subject: { kind: 'site', id: null, name: site.settings.site.name },
      since: null,
      params: { error: fault.code },
    });
  }
  const pcErrorMs = site.engine?.pcClockErrorMs ?? 0;
  if (pcErrorMs !== 0) {
    // Meters minus PC: what is told is how far the PC is off.
    const params = { seconds: Math.round(-pcErrorMs / 1000) };
    list.push({
      code: 'pc-clock-wrong',
      state: 'fault',
      subject: { kind: 'site', id: null, name: site.settings.site.name },
      since: null,
      params,
    });
  }
  list.push(...sumMismatches(site), ...suppliesOffAlone(site), ...jobTroubles(site));
  const lasting = site.store.findings.lasting();
  for (const line of site.engine?.lines() ?? []) {
    // A gateway that is in use by somebody else is the reason, and has its own name and advice.
    const isBusy = lasting.some(({ code, subject }) => code === 'gateway-busy' && 'lineId' in subject && subject.lineId === line.record.id);
    if (line.state !== 'down' || isBusy) continue;
    list.push({
      code: 'line-down',
      state: 'fault',
      subject: { kind: 'line', id: line.record.id, name: line.record.name },
      since: line.counters.lastExchangeAtMs === null ? null : isoUtc(Math.floor(line.counters.lastExchangeAtMs / 1000)),
      params: { error: line.code, meters: line.meterIds.length, address: line.record.address },
    });
  }
  list.push(
    ...findingAttention(
      site,
      lasting.filter(({ subject }) => 'lineId' in subject),
    ),
  );
  for (const installed of site.points) list.push(...pointFindings(site, installed, liveEvidence(site, installed), lasting));
  list.push(...packageTroubles(site));
  list.push(...supplierAttention(site));
  return list.sort((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state));
}
