/** What every handler asks first: the plant as stored, the zone of the site, and the data of a point over a period. */
import type { BackupStatus } from '../../shared/api/backup.ts';
import { AppError } from '../../shared/api/errors.ts';
import type { Settings } from '../../shared/api/settings.ts';
import type { AbsenceReason } from '../../shared/domain/interval.ts';
import type { MeterFacts } from '../../shared/domain/meter.ts';
import {
  type InstallationRecord,
  isLinked,
  type LineRecord,
  type MeterRecord,
  type Plant,
  type PointRecord,
} from '../../shared/domain/plant.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Engine } from '../engine/engine.ts';
import type { SpanData } from '../metering/consumption.ts';
import { spansOfPoint } from '../metering/expected.ts';
import { markIntervals } from '../metering/marks.ts';
import { type SiteZone, siteZone } from '../metering/zone.ts';
import type { Clock } from '../platform/clock.ts';
import type { StoredInterval, StoreReader, UtcRange } from '../store/store.ts';

/** A point with what is installed at it now, or was last when it is switched off. */
export interface InstalledPoint {
  readonly point: PointRecord;
  readonly substation: string;
  readonly installation: InstallationRecord;
  readonly meter: MeterRecord;
  /** Null for a meter without a link. */
  readonly line: LineRecord | null;
  /** Nothing is measured here now. */
  readonly isOff: boolean;
}

/** A clock that was set by more marks what is within so many seconds of either end. */
const LONGEST_STEP_S = 2 * 86_400;

export interface SiteDeps {
  readonly store: StoreReader;
  readonly clock: Clock;
  /** The running engine; null when this process only reads. */
  readonly engine: () => Engine | null;
  /** Why the last backup copy failed; null = it did not. */
  readonly backupFailure?: () => BackupStatus['failure'];
}

export class Site {
  readonly store: StoreReader;
  readonly #deps: SiteDeps;
  #plant: Plant | null = null;
  #points: readonly InstalledPoint[] = [];
  #settings: Settings | null = null;
  #zone: SiteZone | null = null;

  constructor(deps: SiteDeps) {
    this.#deps = deps;
    this.store = deps.store;
  }

  /** Another zone than the stored one, for a question that changes it. */
  zoneOf(name: string): SiteZone {
    return siteZone(name);
  }

  /** Reference data or settings changed: read them again at the next question. */
  refresh(): void {
    this.#plant = null;
    this.#settings = null;
    this.#zone = null;
  }

  /** Meters have told news of themselves. Of thousands of points the whole plant is much to read again for it. */
  learn(facts: ReadonlyMap<number, MeterFacts>): void {
    if (this.#plant === null || facts.size === 0) return;
    const withFacts = (meter: MeterRecord): MeterRecord => {
      const news = facts.get(meter.id);
      return news === undefined ? meter : { ...meter, facts: news };
    };
    this.#plant = { ...this.#plant, meters: this.#plant.meters.map(withFacts) };
    this.#points = this.#points.map((one) => (facts.has(one.meter.id) ? { ...one, meter: withFacts(one.meter) } : one));
  }

  nowUtc(): UtcSeconds {
    return Math.floor(this.#deps.clock.now() / 1000);
  }

  get engine(): Engine | null {
    return this.#deps.engine();
  }

  get backupFailure(): BackupStatus['failure'] {
    return this.#deps.backupFailure?.() ?? null;
  }

  get settings(): Settings {
    this.#settings ??= this.store.settings.load();
    return this.#settings;
  }

  get zone(): SiteZone {
    this.#zone ??= siteZone(this.settings.site.timeZone);
    return this.#zone;
  }

  get plant(): Plant {
    if (this.#plant === null) {
      this.#plant = this.store.plant.load();
      this.#points = installedPoints(this.#plant, this.nowUtc());
    }
    return this.#plant;
  }

  /** Points that have or had a main meter, in the order of the plant: by substation, then by code. */
  get points(): readonly InstalledPoint[] {
    return this.plant === null ? [] : this.#points;
  }

  /** Points without a meter here that live by files of others, in the order of the plant. */
  get received(): readonly Pick<InstalledPoint, 'point' | 'substation'>[] {
    const sources = new Set(this.store.received.sources().map(({ pointId }) => pointId));
    const installed = new Set(this.points.map(({ point }) => point.id));
    return this.plant.points
      .filter(({ id }) => sources.has(id) && !installed.has(id))
      .map((point) => ({ point, substation: this.plant.substations.find(({ id }) => id === point.substationId)?.name ?? '' }));
  }

  point(pointId: number): InstalledPoint {
    const found = this.points.find(({ point }) => point.id === pointId);
    if (found === undefined)
      throw new AppError('api/not-found', `There is no metering point with number ${pointId}`, { context: { pointId } });
    return found;
  }

  pointByCode(code: string): InstalledPoint {
    const found = this.points.find(({ point }) => point.code === code);
    if (found === undefined) {
      throw new AppError('api/not-found', `There is no metering point with code "${code}"`, {
        context: { point_code: code },
        hint: 'The codes are those of the import file.',
      });
    }
    return found;
  }

  /** Main meters of a point in the order of time, each with the time that it stood there; open ends reach as far as numbers do. */
  installations(pointId: number): { readonly installation: InstallationRecord; readonly meter: MeterRecord; readonly range: UtcRange }[] {
    return this.plant.installations
      .filter((installation) => installation.pointId === pointId && installation.kind === 'main')
      .sort((a, b) => (a.fromUtc ?? 0) - (b.fromUtc ?? 0))
      .flatMap((installation) => {
        const meter = this.plant.meters.find(({ id }) => id === installation.meterId);
        const range = {
          fromUtc: installation.fromUtc ?? Number.MIN_SAFE_INTEGER,
          toUtc: installation.toUtc ?? Number.MAX_SAFE_INTEGER,
        };
        return meter === undefined ? [] : [{ installation, meter, range }];
      });
  }

  /** Intervals of a meter that begin in [fromUtc, toUtc), with what its own journals say of them. */
  intervals(meterId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): readonly StoredInterval[] {
    const intervals = this.store.intervals.list(meterId, fromUtc, toUtc);
    return markIntervals(intervals, this.store.journals.marking(meterId, fromUtc - LONGEST_STEP_S, toUtc + LONGEST_STEP_S));
  }

  /** What is stored of a point in [fromUtc, toUtc), meter by meter. */
  pointData(pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): SpanData[] {
    return spansOfPoint(this.plant, pointId, fromUtc, toUtc).map((span) => ({
      span,
      constant: span.meter.facts.constantImpPerKwh,
      intervals: this.intervals(span.meter.id, span.fromUtc, span.toUtc),
      reasonAt: this.reasonAt(span.meter.id),
    }));
  }

  /** Why an interval of a meter is absent: by the gap ledger, else by what stands in the way now. */
  reasonAt(meterId: number): (startUtc: UtcSeconds) => AbsenceReason {
    const meter = this.plant.meters.find(({ id }) => id === meterId);
    if (meter !== undefined && !isLinked(meter)) return () => 'unsupported';
    let gaps: ReturnType<StoreReader['gaps']['list']> | null = null;
    return (startUtc) => {
      gaps ??= this.store.gaps.list(meterId);
      const gap = gaps.find(({ fromUtc, toUtc }) => startUtc >= fromUtc && startUtc < toUtc);
      return gap?.reason ?? this.engine?.meter(meterId)?.absence ?? 'not-read';
    };
  }
}

function installedPoints(plant: Plant, nowUtc: UtcSeconds): InstalledPoint[] {
  const order = new Map(plant.substations.map(({ id }, index) => [id, index]));
  const meters = new Map(plant.meters.map((meter) => [meter.id, meter]));
  // The last one that has begun: of a point that is off, the one that has ended.
  const begun = new Map<number, InstallationRecord>();
  for (const installation of plant.installations) {
    if (installation.kind !== 'main' || (installation.fromUtc ?? 0) > nowUtc) continue;
    const other = begun.get(installation.pointId);
    if (other === undefined || (other.fromUtc ?? 0) <= (installation.fromUtc ?? 0)) begun.set(installation.pointId, installation);
  }
  return plant.points
    .flatMap((point) => {
      const installation = begun.get(point.id);
      const meter = meters.get(installation?.meterId ?? Number.NaN);
      const line = plant.lines.find(({ id }) => id === meter?.lineId) ?? null;
      const substation = plant.substations.find(({ id }) => id === point.substationId);
      if (installation === undefined || meter === undefined || substation === undefined) return [];
      const isOff = installation.toUtc !== null && installation.toUtc <= nowUtc;
      return [{ point, substation: substation.name, installation, meter, line, isOff }];
    })
    .sort(
      (a, b) =>
        (order.get(a.point.substationId) ?? 0) - (order.get(b.point.substationId) ?? 0) ||
        (a.point.code < b.point.code ? -1 : a.point.code > b.point.code ? 1 : 0),
    );
}
