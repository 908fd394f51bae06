import type { Channel, PerChannel } from '../../shared/domain/channel.ts';
import type { DriverId, Ratio } from '../../shared/domain/point.ts';
import type { RegisterKind } from '../../shared/domain/register.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { SLOT_S, wallFields, wallStart, type WallSeconds } from './energy.ts';
import type { InstalledMeter, PlantEvent } from './installed-meter.ts';
import type { SlotCounts } from './load.ts';
import type { MeterPlace } from './meter-place.ts';

/** A meter as the plant's papers describe it, true ones: `wrong-ct` falsifies the import file alone. */
export interface TruthMeter {
  readonly serial: string;
  readonly pointCode: string;
  /** Name of the point. */
  readonly name: string;
  readonly substation: string;
  /** Driver that the import file names. */
  readonly driver: DriverId;
  readonly address: number;
  readonly line: string;
  /** A, imp per kWh. */
  readonly constant: number;
  readonly ct: Ratio;
  readonly vt: Ratio;
  /** Kinds of energy that the meter keeps. */
  readonly channels: readonly Channel[];
  readonly deviationS: number;
  /** What the meter's clock is ahead of UTC, minutes. */
  readonly clockOffsetMin: number;
  /** Where its intervals come from: a load profile, the half-hours of 37h, or nowhere but registers read in time. */
  readonly intervals: 'profile' | 'archive' | 'registers';
  readonly periodMin: 30 | 60;
  /** Last digit of its registers, Wh. */
  readonly registerStepWh: 1 | 10;
}

/** What the meters really measured; no engine sees it. Unknown serials and points throw `api/not-found`. */
export interface PlantTruth {
  readonly meters: readonly TruthMeter[];
  /** What really happened to a meter, in order: its journals must tell it. */
  events(serial: string): readonly PlantEvent[];
  /** Serial of the meter that stands at a point now: another one than in the papers after `replaced-meter`. */
  standing(pointCode: string): string;
  /**
   * Counts of 1/(2A) kWh of one interval of the meter; `null` when the meter does not hold it now. A meter that keeps no
   * intervals gives what a freeze at both boundaries would show: the figure of any half-hour since the history began.
   */
  interval(serial: string, startUtc: UtcSeconds): PerChannel<number | null> | null;
  /**
   * Whole Wh and varh. For `now` the figure at `momentUtc` by the true time; for the frozen kinds the one at the
   * start of the day, month or year of the meter that `momentUtc` falls in. `null` before the registers are known.
   */
  register(serial: string, kind: RegisterKind, momentUtc: UtcSeconds, tariff: number): PerChannel<number | null> | null;
  /** Starts within [from, to) of the intervals that the meter holds now, ascending; none for a meter that keeps no intervals. */
  expectedStarts(serial: string, fromUtc: UtcSeconds, toUtc: UtcSeconds): UtcSeconds[];
}

/** The truth of these places; `notFound` throws. */
export function truthOf(places: readonly MeterPlace[], notFound: (what: 'meter' | 'point', name: string) => never): PlantTruth {
  const originals = new Map(places.map(({ original }) => [original.spec.serial, original]));
  const named = (serial: string): InstalledMeter =>
    originals.get(serial) ?? places.flatMap(({ meters }) => meters).find(({ spec }) => spec.serial === serial) ?? notFound('meter', serial);
  return {
    meters: places.map(({ original }) => truthMeter(original)),
    events: (serial) => named(serial).events,
    standing(pointCode) {
      const place = places.find(({ spec }) => spec.pointCode === pointCode);
      return (place ?? notFound('point', pointCode)).standing.spec.serial;
    },
    interval(serial, startUtc) {
      const meter = named(serial);
      const counts = intervalSource(meter) === 'registers' ? flowed(meter, startUtc) : meter.held(startUtc + offsetS(meter));
      if (counts === null) return null;
      // An archive of half-hours (37h) holds A+ alone.
      const channels = intervalSource(meter) === 'archive' ? ['A+'] : meter.spec.channels;
      const kept = (channel: Channel, index: number) => (channels.includes(channel) ? (counts[index] ?? 0) : null);
      return { 'A+': kept('A+', 0), 'A-': kept('A-', 1), 'R+': kept('R+', 2), 'R-': kept('R-', 3) };
    },
    register(serial, kind, momentUtc, tariff) {
      const meter = named(serial);
      const wall = momentUtc + offsetS(meter);
      const run = kind === 'now' ? wall + meter.spec.deviationS : meter.clock.runAt(boundary(kind, wall));
      return meter.ledger.registers(run, tariff);
    },
    expectedStarts(serial, fromUtc, toUtc) {
      const meter = named(serial);
      const offset = offsetS(meter);
      return meter.heldStarts(fromUtc + offset, toUtc + offset).map((start) => start - offset);
    },
  };
}

function truthMeter(meter: InstalledMeter): TruthMeter {
  const { serial, pointCode, substation, address, line, channels, deviationS, family, row, connection } = meter.spec;
  return {
    serial,
    pointCode,
    name: row.name,
    substation,
    driver: `mercury-${family.protocol}`,
    address,
    line,
    constant: connection.constant,
    ct: row.ct,
    vt: row.vt,
    channels,
    deviationS,
    clockOffsetMin: row.zoneH * 60,
    intervals: intervalSource(meter),
    periodMin: row.periodMin,
    registerStepWh: family.protocol === '200' ? 10 : 1,
  };
}

function intervalSource({ spec: { family } }: InstalledMeter): TruthMeter['intervals'] {
  if (family.protocol === '200') return family.hasHalfHours ? 'archive' : 'registers';
  return family.hasProfile ? 'profile' : 'registers';
}

/** What flowed through a meter between two boundaries of the true time. */
function flowed(meter: InstalledMeter, startUtc: UtcSeconds): SlotCounts | null {
  const from = startUtc + offsetS(meter) + meter.spec.deviationS;
  if (startUtc % SLOT_S !== 0 || from < meter.historyFrom || from + SLOT_S > meter.clock.run()) return null;
  return meter.ledger.between(from, from + SLOT_S);
}

function offsetS({ spec }: InstalledMeter): number {
  return spec.row.zoneH * 3600;
}

function boundary(kind: Exclude<RegisterKind, 'now'>, wall: WallSeconds): WallSeconds {
  const { year, month, day } = wallFields(wall);
  if (kind === 'year-start') return wallStart(year, 1);
  return kind === 'month-start' ? wallStart(year, month) : wallStart(year, month, day);
}
