/** The rules' view of a plant over the figures that are handed on. One context serves one question: it remembers what it has read. */
import type { Channel } from '../../../shared/domain/channel.ts';
import type { Plant } from '../../../shared/domain/plant.ts';
import type { RegisterReading } from '../../../shared/domain/register.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { countEnergy, meterChannel, multiply, scalingFactor } from '../energy.ts';
import { intervalLengthS } from '../expected.ts';
import { type SettlementSource, settlementSteps } from '../settlement.ts';
import type { SiteZone } from '../zone.ts';
import type { PointRules, RegisterMark, ReplacementContext, Steps } from './context.ts';

/** A register that a person read at the meter, whole Wh or varh of the secondary side, by the point's channel. */
export interface WrittenReading {
  readonly atUtc: UtcSeconds;
  readonly channel: Channel;
  /** 0 = sum. */
  readonly tariff: number;
  readonly readingWh: number;
  readonly isRollOver: boolean;
}

export interface ReplacementSource extends SettlementSource {
  /** All readings of a meter at calendar boundaries (kinds other than `now`). */
  registers(meterId: number): readonly RegisterReading[];
  /** In force, in order of time. */
  writtenReadings(pointId: number): readonly WrittenReading[];
}

const HALF_HOUR_S = 1800;

export function settledContext(deps: {
  readonly source: ReplacementSource;
  readonly zone: SiteZone;
  readonly rulesOf: (pointId: number) => PointRules;
  readonly isPeak: (startUtc: UtcSeconds) => boolean;
}): ReplacementContext {
  const { source, zone } = deps;
  const seen = new Map<string, ReadonlyMap<Channel, Steps>>();
  const marksSeen = new Map<string, readonly RegisterMark[]>();
  const mainOf = (pointId: number) =>
    source
      .plant()
      .installations.filter((installation) => installation.pointId === pointId && installation.kind === 'main')
      .sort((a, b) => (a.fromUtc ?? 0) - (b.fromUtc ?? 0));
  const meterOf = (installationId: number) => {
    const installation = source.plant().installations.find(({ id }) => id === installationId);
    return source.plant().meters.find(({ id }) => id === installation?.meterId);
  };
  const stepsOf = (name: string, from: SettlementSource, pointId: number, channel: Channel, fromUtc: UtcSeconds, toUtc: UtcSeconds) => {
    const key = `${name} ${pointId} ${fromUtc} ${toUtc}`;
    let found = seen.get(key);
    if (found === undefined) {
      found = byStart(pointId, from, fromUtc, toUtc);
      seen.set(key, found);
    }
    return found.get(channel) ?? NOTHING;
  };
  return {
    zone,
    rulesOf: deps.rulesOf,
    isPeak: deps.isPeak,
    installations: mainOf,
    steps: (...args) => stepsOf('main', source, ...args),
    controlSteps: (pointId, ...args) => stepsOf('control', controlSource(source, pointId), pointId, ...args),
    lengthS: (pointId) => Math.max(HALF_HOUR_S, ...mainOf(pointId).map(({ id }) => lengthOf(meterOf(id)))),
    lengthAt: (pointId, startUtc) => intervalLengthAt(source.plant(), pointId, startUtc),
    countOf(installationId) {
      const installation = source.plant().installations.find(({ id }) => id === installationId);
      const constant = meterOf(installationId)?.facts.constantImpPerKwh ?? null;
      return installation === undefined || constant === null ? null : multiply(countEnergy(1, constant), scalingFactor(installation));
    },
    marks(pointId, channel) {
      const key = `${pointId} ${channel}`;
      const found = marksSeen.get(key) ?? marksOf(source, mainOf(pointId), pointId, channel);
      marksSeen.set(key, found);
      return found;
    },
  };
}

const NOTHING: Steps = new Map();

function byStart(pointId: number, source: SettlementSource, fromUtc: UtcSeconds, toUtc: UtcSeconds): ReadonlyMap<Channel, Steps> {
  const bounds = Array.from({ length: (toUtc - fromUtc) / HALF_HOUR_S + 1 }, (_, index) => fromUtc + index * HALF_HOUR_S);
  const steps = settlementSteps(pointId, source, bounds);
  return new Map([...steps].map(([channel, ofChannel]) => [channel, new Map(ofChannel.map((step) => [step.startUtc, step]))]));
}

/** The same plant with the control meters of a point in the place of its main ones. */
function controlSource(source: SettlementSource, pointId: number): SettlementSource {
  const plant = (): Plant => ({
    ...source.plant(),
    installations: source
      .plant()
      .installations.filter((one) => one.pointId === pointId && one.kind === 'parallel-control')
      .map((one) => ({ ...one, kind: 'main' as const })),
  });
  return { plant, intervals: source.intervals.bind(source), keptChannels: source.keptChannels.bind(source), replacements: () => [] };
}

/** Length of the interval of a point that begins at a moment; the last meter that reaches it counts. */
export function intervalLengthAt(plant: Plant, pointId: number, startUtc: UtcSeconds): number {
  const place = plant.installations.findLast(
    ({ pointId: at, kind, fromUtc, toUtc }) =>
      at === pointId && kind === 'main' && (fromUtc ?? startUtc) <= startUtc && (toUtc ?? Number.POSITIVE_INFINITY) > startUtc,
  );
  return lengthOf(plant.meters.find(({ id }) => id === place?.meterId));
}

function lengthOf(meter: Plant['meters'][number] | undefined): number {
  return meter === undefined ? HALF_HOUR_S : intervalLengthS(meter);
}

/** Of one moment the meter's own reading counts before a person's. A written reading stands at the nearest border of two half-hours. */
function marksOf(
  source: ReplacementSource,
  installations: Plant['installations'],
  pointId: number,
  channel: Channel,
): readonly RegisterMark[] {
  const marks: RegisterMark[] = [];
  const written = source.writtenReadings(pointId).filter((reading) => reading.channel === channel && reading.tariff === 0);
  for (const { id, meterId, direction, fromUtc, toUtc } of installations) {
    const isHere = (at: UtcSeconds) => at >= (fromUtc ?? at) && at <= (toUtc ?? at);
    const counted = meterChannel(direction, channel);
    const own = new Map<UtcSeconds, RegisterMark>();
    for (const { atUtc, readingWh, isRollOver } of written) {
      const at = Math.round(atUtc / HALF_HOUR_S) * HALF_HOUR_S;
      if (isHere(at)) own.set(at, { atUtc: at, installationId: id, readingWh, isManual: true, isRollOver });
    }
    for (const { kind, momentUtc, tariff, energy } of source.registers(meterId)) {
      const readingWh = counted === null ? null : energy[counted];
      if (kind === 'now' || tariff !== 0 || readingWh === null || momentUtc % HALF_HOUR_S !== 0 || !isHere(momentUtc)) continue;
      own.set(momentUtc, { atUtc: momentUtc, installationId: id, readingWh, isManual: false, isRollOver: false });
    }
    marks.push(...[...own.values()].sort((a, b) => a.atUtc - b.atUtc));
  }
  return marks;
}
