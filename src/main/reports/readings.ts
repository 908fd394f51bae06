/** Readings at both ends of a period, meter by meter. */
import { CHANNELS, type Channel, type PerChannel } from '../../shared/domain/channel.ts';
import type { InstallationRecord, MeterRecord } from '../../shared/domain/plant.ts';
import type { ActReading } from '../../shared/domain/plant-change.ts';
import type { RegisterKind, RegisterReading } from '../../shared/domain/register.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { perChannel } from '../metering/energy.ts';
import { energyByRegisters, type RegisterEnergy } from '../metering/registers.ts';
import type { ReportSource } from './source.ts';

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

/**
 * Energy of a channel by registers. Ends of the period take what the meter froze at that moment, ends of an installation inside
 * it what the act says; a reading is never computed. Tariff 0.
 */
export function readingsOfPoint(
  source: ReportSource,
  installed: readonly InstalledMeter[],
  channel: Channel,
  fromUtc: UtcSeconds,
  toUtc: UtcSeconds,
): RegisterEnergy {
  return energyByRegisters({
    channel,
    fromUtc,
    toUtc,
    calculated: [],
    readings: installed.map(({ installation, meter }) => ({
      installation,
      first: endOf(source, meter.id, installation.firstRegisters, installation.fromUtc, fromUtc, Math.max),
      last: endOf(source, meter.id, installation.lastRegisters, installation.toUtc, toUtc, Math.min),
      digits: null,
      maxPowerW: null,
    })),
  });
}

function endOf(
  source: ReportSource,
  meterId: number,
  act: readonly ActReading[],
  installedUtc: UtcSeconds | null,
  periodUtc: UtcSeconds,
  inner: (a: number, b: number) => number,
): PerChannel<number | null> {
  const at = installedUtc === null ? periodUtc : inner(installedUtc, periodUtc);
  const written = at === installedUtc ? act.find(({ tariff }) => tariff === 0) : undefined;
  return written?.energy ?? frozenAt(source.registers(meterId, at, at), at);
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
