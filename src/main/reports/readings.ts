/** Readings at both ends of a period, meter by meter. */
import { CHANNELS, type Channel, type PerChannel } from '../../shared/domain/channel.ts';
import type { InstallationRecord, MeterRecord } from '../../shared/domain/plant.ts';
import type { ActReading } from '../../shared/domain/plant-change.ts';
import type { RegisterKind, RegisterReading } from '../../shared/domain/register.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { fillText } from '../../shared/i18n/language.ts';
import { meterChannel, perChannel } from '../metering/energy.ts';
import { energyByRegisters, NO_LIMITS, type RegisterEnergy } from '../metering/registers.ts';
import type { ReportSource, WrittenReading } from './source.ts';
import { momentText, reportTexts } from './words.ts';

export interface InstalledMeter {
  readonly installation: InstallationRecord;
  readonly meter: MeterRecord;
}

const NO_READING = perChannel(() => null);

/** Main meters of a point that stood there in `[fromUtc, toUtc)`, in order of time. */
export function metersOfPoint(source: ReportSource, pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds): InstalledMeter[] {
  const { installations, meters } = source.plant();
  return installations
    .filter((one) => one.pointId === pointId && one.kind === 'main')
    .filter((one) => (one.fromUtc ?? fromUtc) < toUtc && (one.toUtc ?? toUtc) > fromUtc)
    .sort((a, b) => (a.fromUtc ?? Number.NEGATIVE_INFINITY) - (b.fromUtc ?? Number.NEGATIVE_INFINITY))
    .flatMap((installation) => {
      const meter = meters.find(({ id }) => id === installation.meterId);
      return meter === undefined ? [] : [{ installation, meter }];
    });
}

/** Channels of the point that its meters keep, in the usual order. */
export function channelsOfPoint(source: ReportSource, installed: readonly InstalledMeter[]): Channel[] {
  const kept = new Set(
    installed.flatMap(({ installation, meter }) => source.keptChannels(meter.id).map((own) => installation.direction[own])),
  );
  if (installed.length > 0 && kept.size === 0) kept.add('A+');
  return CHANNELS.filter((channel) => kept.has(channel));
}

/** Energy by readings, with those of them that a person wrote down. */
export interface PointReadings extends RegisterEnergy {
  readonly written: readonly WrittenReading[];
}

/**
 * Energy of a channel by registers. Ends of the period take what the meter froze at that moment, else what a person wrote down
 * for it, ends of an installation inside it what the act says; a reading is never computed. Tariff 0.
 */
export function readingsOfPoint(
  source: ReportSource,
  pointId: number,
  installed: readonly InstalledMeter[],
  channel: Channel,
  fromUtc: UtcSeconds,
  toUtc: UtcSeconds,
): PointReadings {
  const known = source.writtenReadings(pointId).filter((one) => one.channel === channel && one.tariff === 0);
  const written: WrittenReading[] = [];
  const endOf = ({ installation, meter }: InstalledMeter, act: readonly ActReading[], installedUtc: UtcSeconds | null, at: UtcSeconds) => {
    const ofAct = at === installedUtc ? act.find(({ tariff }) => tariff === 0) : undefined;
    if (ofAct !== undefined) return ofAct.energy;
    const frozen = frozenAt(source.registers(meter.id, at, at), at);
    const counted = meterChannel(installation.direction, channel);
    const byHand = known.find(({ atUtc }) => atUtc === at);
    if (byHand === undefined || counted === null || frozen[counted] !== null) return frozen;
    written.push(byHand);
    return { ...NO_READING, [counted]: byHand.readingWh };
  };
  const limits = source.registerLimits?.(pointId) ?? NO_LIMITS;
  const readings = installed.map((one) => {
    const { installation } = one;
    const first = Math.max(installation.fromUtc ?? fromUtc, fromUtc);
    const last = Math.min(installation.toUtc ?? toUtc, toUtc);
    return {
      installation,
      first: endOf(one, installation.firstRegisters, installation.fromUtc, first),
      last: endOf(one, installation.lastRegisters, installation.toUtc, last),
      ...limits,
    };
  });
  return { ...energyByRegisters({ channel, fromUtc, toUtc, calculated: [], readings }), written };
}

/** Says which readings people wrote down. */
export function writtenNotes(source: ReportSource, point: string, { written }: PointReadings): string[] {
  const { statement } = reportTexts(source.language);
  return written.map(({ atUtc, channel, author }) =>
    fillText(statement.written, { point, channel: channel.replace('-', '−'), at: momentText(atUtc, source.zone), author }),
  );
}

/** The daily register first, then the others that the meter froze at the same moment. */
function frozenAt(readings: readonly RegisterReading[], at: UtcSeconds): PerChannel<number | null> {
  const order: readonly RegisterKind[] = ['day-start', 'month-start', 'year-start'];
  const there = order.flatMap(
    (kind) => readings.find((reading) => reading.kind === kind && reading.tariff === 0 && reading.momentUtc === at) ?? [],
  );
  return there.length === 0
    ? NO_READING
    : perChannel((channel) => there.map(({ energy }) => energy[channel]).find((own) => own !== null) ?? null);
}
