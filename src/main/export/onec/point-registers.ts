import { CHANNELS } from '../../../shared/domain/channel.ts';
import type { InstallationRecord, MeterRecord, PointRecord } from '../../../shared/domain/plant.ts';
import type { RegisterReading } from '../../../shared/domain/register.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { meterChannel, multiply, perChannel, type Rational, rational } from '../../metering/energy.ts';
import { energyByRegisters, NO_LIMITS, type RegisterPart } from '../../metering/registers.ts';
import { groupBy } from './group-by.ts';
import { figuresAt, keptOrSeen, writtenByMoment } from './reading-rows.ts';
import type { ExportSource, KeptRegister, RowStatus } from './row.ts';

interface Installed {
  readonly installation: InstallationRecord;
  readonly meter: MeterRecord;
  readonly byMoment: ReadonlyMap<UtcSeconds, readonly RegisterReading[]>;
  readonly kept: readonly KeptRegister[];
}

/** Energy of one register of a point between two midnights. */
export interface RegisterStep {
  /** kWh or kvarh, primary side; null when a reading is missing or a difference is suspect. */
  readonly energy: Rational | null;
  /** 2 = a reading is missing, or there was no meter for a time between two; 3 = a register ran backwards or is told in two ways. */
  readonly status: RowStatus;
  /** In order of time; the first and the last hold the readings at either end. */
  readonly parts: readonly RegisterPart[];
  readonly isRolledOver: boolean;
}

/**
 * Frozen registers of the main meters of a point over a period, with the acts of their replacement: what was counted between two
 * midnights, old meter and new one together (quality.md 4). Where the meter froze none, one that a person wrote down stands. Readings
 * are taken as they are: none is computed.
 */
export class PointRegisters {
  readonly #point: PointRecord;
  readonly #source: ExportSource;
  readonly #installed: readonly Installed[];

  constructor(point: PointRecord, source: ExportSource, fromUtc: UtcSeconds, toUtc: UtcSeconds) {
    this.#point = point;
    this.#source = source;
    const plant = source.plant();
    this.#installed = plant.installations
      .filter((one) => one.pointId === point.id && one.kind === 'main' && stands(one, fromUtc, toUtc))
      .sort((a, b) => (a.fromUtc ?? Number.NEGATIVE_INFINITY) - (b.fromUtc ?? Number.NEGATIVE_INFINITY))
      .flatMap((installation) => {
        const meter = plant.meters.find(({ id }) => id === installation.meterId);
        if (meter === undefined) return [];
        const readings = source.registers(meter.id, fromUtc, toUtc).filter(({ kind }) => kind !== 'now');
        const byMoment = groupBy(readings, ({ momentUtc }) => momentUtc);
        return [{ installation, meter, byMoment, kept: keptOrSeen(source.keptRegisters(meter.id), readings) }];
      });
  }

  /** Registers in the point's own channels, in the order of the file: channel, then tariff. */
  kept(): KeptRegister[] {
    const all = this.#installed.flatMap(({ installation, kept }) =>
      kept.map(({ channel, tariff }) => ({ channel: installation.direction[channel], tariff })),
    );
    const unique = new Map(all.map((register) => [`${register.channel} ${register.tariff}`, register]));
    return [...unique.values()].sort((a, b) => CHANNELS.indexOf(a.channel) - CHANNELS.indexOf(b.channel) || a.tariff - b.tariff);
  }

  /** The meters that stood there during a part of `[fromUtc, toUtc)`, in order of time. */
  within(fromUtc: UtcSeconds, toUtc: UtcSeconds): { readonly installation: InstallationRecord; readonly meter: MeterRecord }[] {
    return this.#installed.filter(({ installation }) => stands(installation, fromUtc, toUtc));
  }

  /** null when the point had no meter then. A time before its first meter or after its last one lacks nothing. */
  energy({ channel, tariff }: KeptRegister, fromUtc: UtcSeconds, toUtc: UtcSeconds): RegisterStep | null {
    const standing = this.#installed.filter(({ installation }) => stands(installation, fromUtc, toUtc));
    if (standing.length === 0) return null;
    let isTwofold = false;
    const byHand = writtenByMoment(this.#source, this.#point.id, channel, tariff);
    const readings = standing.map(({ installation, byMoment }) => {
      const at = (boundary: UtcSeconds, act: InstallationRecord['firstRegisters'] | null) => {
        const frozen = byMoment.get(boundary) ?? [];
        return perChannel((counted) => {
          const written = act?.find((line) => line.tariff === tariff)?.energy[counted] ?? null;
          const isChannel = counted === meterChannel(installation.direction, channel);
          const figures = figuresAt(frozen, counted, tariff);
          if (written === null && figures.some((other) => other !== figures[0]) && isChannel) isTwofold = true;
          return written ?? figures[0] ?? (isChannel ? (byHand.get(boundary) ?? null) : null);
        });
      };
      const [begunUtc, endedUtc] = [installation.fromUtc ?? fromUtc, installation.toUtc ?? toUtc];
      const limits = this.#source.registerLimits?.(this.#point.id) ?? NO_LIMITS;
      return {
        installation,
        first: begunUtc > fromUtc ? at(begunUtc, installation.firstRegisters) : at(fromUtc, null),
        last: endedUtc < toUtc ? at(endedUtc, installation.lastRegisters) : at(toUtc, null),
        ...limits,
      };
    });
    const { parts, measured, uncovered } = energyByRegisters({ channel, fromUtc, toUtc, readings, calculated: [] });
    const lastsUntil = parts.at(-1)?.toUtc ?? toUtc;
    const hasHole = uncovered.some(
      (hole) => hole.fromUtc > (parts[0]?.fromUtc ?? fromUtc) && hole.toUtc <= lastsUntil && hole.fromUtc < hole.toUtc,
    );
    const isSuspect = isTwofold || parts.some(({ difference }) => difference.verdict === 'suspect');
    return {
      energy: measured === null ? null : multiply(measured, rational(1, 1000)),
      status: isSuspect ? 3 : measured === null || hasHole ? 2 : 0,
      parts,
      isRolledOver: parts.some(({ difference }) => difference.verdict === 'roll-over'),
    };
  }
}

function stands({ fromUtc, toUtc }: InstallationRecord, periodFromUtc: UtcSeconds, periodToUtc: UtcSeconds): boolean {
  return (fromUtc ?? Number.NEGATIVE_INFINITY) < periodToUtc && (toUtc ?? Number.POSITIVE_INFINITY) > periodFromUtc;
}
