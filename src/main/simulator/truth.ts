import type { Channel, PerChannel } from '../../shared/domain/channel.ts';
import type { Ratio } from '../../shared/domain/point.ts';
import type { RegisterKind } from '../../shared/domain/register.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { MeterSpec } from './assembly.ts';
import { SLOT_S, wallFields, wallStart, type WallSeconds } from './energy.ts';
import { METER_OFFSET_S, type SimulatedMeter } from './meter.ts';

/** A meter as the plant's papers describe it. */
export interface TruthMeter {
  readonly serial: string;
  readonly pointCode: string;
  readonly substation: string;
  readonly address: number;
  readonly line: string;
  /** A, imp per kWh. */
  readonly constant: number;
  readonly ct: Ratio;
  readonly vt: Ratio;
  /** Kinds of energy that the meter keeps. */
  readonly channels: readonly Channel[];
  readonly deviationS: number;
}

/** What the meters really measured; no engine sees it. Unknown serials throw `api/not-found`. */
export interface PlantTruth {
  readonly meters: readonly TruthMeter[];
  /** Counts of 1/(2A) kWh of one interval; `null` when the meter does not hold it now. */
  interval(serial: string, startUtc: UtcSeconds): PerChannel<number | null> | null;
  /**
   * Whole Wh and varh. For `now` the figure at `momentUtc` by the true time; for the frozen kinds the one at the
   * start of the day, month or year of the meter that `momentUtc` falls in. `null` before the registers are known.
   */
  register(serial: string, kind: RegisterKind, momentUtc: UtcSeconds, tariff: number): PerChannel<number | null> | null;
  /** Starts within [from, to) of the intervals that the meter holds now, ascending. */
  expectedStarts(serial: string, fromUtc: UtcSeconds, toUtc: UtcSeconds): UtcSeconds[];
}

/** The truth of these meters; `named` finds one by its serial or throws. */
export function truthOf(meters: readonly SimulatedMeter[], named: (serial: string) => SimulatedMeter): PlantTruth {
  return {
    meters: meters.map(({ spec }) => truthMeter(spec)),
    interval(serial, startUtc) {
      const meter = named(serial);
      const slot = (startUtc + METER_OFFSET_S) / SLOT_S;
      const held = meter.profile.held(meter.wall());
      if (!Number.isInteger(slot) || slot < held.from || slot >= held.to) return null;
      const counts = meter.ledger.slot(slot);
      const kept = (channel: Channel, index: number) => (meter.spec.channels.includes(channel) ? (counts[index] ?? 0) : null);
      return { 'A+': kept('A+', 0), 'A-': kept('A-', 1), 'R+': kept('R+', 2), 'R-': kept('R-', 3) };
    },
    register(serial, kind, momentUtc, tariff) {
      const meter = named(serial);
      const wall = momentUtc + METER_OFFSET_S;
      return meter.ledger.registers(kind === 'now' ? wall + meter.spec.deviationS : boundary(kind, wall), tariff);
    },
    expectedStarts(serial, fromUtc, toUtc) {
      const meter = named(serial);
      const held = meter.profile.held(meter.wall());
      const first = Math.max(held.from, Math.ceil((fromUtc + METER_OFFSET_S) / SLOT_S));
      const last = Math.min(held.to, Math.ceil((toUtc + METER_OFFSET_S) / SLOT_S));
      return Array.from({ length: Math.max(0, last - first) }, (_, index) => (first + index) * SLOT_S - METER_OFFSET_S);
    },
  };
}

function truthMeter(spec: MeterSpec): TruthMeter {
  const { serial, pointCode, substation, address, line, channels, deviationS } = spec;
  const { ct, vt } = spec.row;
  return { serial, pointCode, substation, address, line, constant: spec.connection.constant, ct, vt, channels, deviationS };
}

function boundary(kind: Exclude<RegisterKind, 'now'>, wall: WallSeconds): WallSeconds {
  const { year, month, day } = wallFields(wall);
  if (kind === 'year-start') return wallStart(year, 1);
  return kind === 'month-start' ? wallStart(year, month) : wallStart(year, month, day);
}
