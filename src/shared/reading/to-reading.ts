import { CHANNELS, energyUnit, registerObis } from '../domain/channel.ts';
import {
  type AbsenceReason,
  countingConstant,
  type IntervalFlag,
  type IntervalSource,
  type MeterInterval,
  type SourcedInterval,
} from '../domain/interval.ts';
import type { MeterFacts } from '../domain/meter.ts';
import type { InstallationRecord, MeterRecord, PointRecord } from '../domain/plant.ts';
import { INSTANTANEOUS_KEYS, quantityText, type InstantaneousValues, type Unit } from '../domain/quantity.ts';
import type { RegisterReading } from '../domain/register.ts';
import { isoUtc, wallAsUtc, type UtcSeconds, type WallTime } from '../domain/time.ts';
import { LISTS, nullFields } from './absences.ts';
import { INSTANTANEOUS_QUANTITIES, intervalObis } from './quantities.ts';
import {
  READING_SCHEMA,
  type EventRow,
  type InstantaneousRow,
  type IntervalRow,
  type Reading,
  type ReadingQuality,
  type ReadingReason,
  type RegisterRow,
} from './reading.ts';

/** What one read of an electricity meter brought, in the words of the domain. A part that was not asked for is left out. */
export interface ReadingParts {
  /** Moment of the read by the PC's clock. */
  readonly atUtc: UtcSeconds;
  /** Offset of the site at that moment, minutes east of UTC. */
  readonly offsetMin: number;
  readonly hostUptimeS: number | null;
  readonly meter: Pick<MeterRecord, 'driver' | 'serial' | 'address' | 'clock'> & {
    readonly line: string;
    readonly model: string | null;
    readonly facts: Pick<MeterFacts, 'firmware' | 'manufactured' | 'constantImpPerKwh'>;
  };
  /** Point and installation at the moment of the read; null for a meter that stands at none. */
  readonly point: (Pick<PointRecord, 'code'> & Pick<InstallationRecord, 'ct' | 'vt' | 'valuesArePrimary'>) | null;
  readonly session: Reading['session'];
  readonly clock?: { readonly wall: WallTime | null; readonly isSummer: boolean | null; readonly deviationMs: number };
  readonly registers?: readonly RegisterReading[];
  readonly intervals?: readonly SourcedInterval[];
  readonly absentIntervals?: readonly { readonly startUtc: UtcSeconds; readonly lengthS: number; readonly reason: AbsenceReason }[];
  readonly instantaneous?: InstantaneousValues;
  readonly events?: readonly EventRow[];
  /** Reason by JSON pointer of a field that is null or of a list that was asked for and did not come; any other null is `not-read`. */
  readonly reasons?: Readonly<Record<string, ReadingReason>>;
}

/** The universal reading of what one read brought. Pure; the figures stay on the side and in the counts that the meter gave. */
export function toReading(parts: ReadingParts): Reading {
  const { meter, point, clock } = parts;
  const side = point?.valuesArePrimary === true ? 'primary' : 'secondary';
  const body: Omit<Reading, 'absences'> = {
    schema: READING_SCHEMA,
    type: 'reading',
    at: isoWithOffset(parts.atUtc, parts.offsetMin),
    hostUptimeS: parts.hostUptimeS,
    meter: {
      medium: 'electricity',
      driver: meter.driver,
      line: meter.line,
      address: String(meter.address),
      serial: meter.serial,
      manufactured: meter.facts.manufactured,
      model: meter.model,
      firmware: meter.facts.firmware,
    },
    point: point === null ? null : { code: point.code, ctRatio: point.ct, vtRatio: point.vt },
    session: parts.session,
    clock:
      clock === undefined
        ? null
        : {
            wall: clock.wall === null ? null : isoUtc(wallAsUtc(clock.wall)).slice(0, -1),
            offsetMin: meter.clock.offsetMin,
            seasonBit: meter.clock.seasonBit,
            isSummer: clock.isSummer,
            deviationMs: clock.deviationMs,
          },
    ...(parts.registers === undefined ? {} : { registers: parts.registers.flatMap((register) => registerRows(register, side)) }),
    ...intervalList(parts, side),
    ...(parts.instantaneous === undefined ? {} : { instantaneous: instantaneousRows(parts.instantaneous, side) }),
    ...(parts.events === undefined ? {} : { events: [...parts.events] }),
  };
  return { ...body, absences: absencesOf(body, parts.reasons ?? {}) };
}

/** `2013-08-14T18:25:28+04:00`; UTC is `+00:00`. */
function isoWithOffset(at: UtcSeconds, offsetMin: number): string {
  const two = (figure: number) => String(figure).padStart(2, '0');
  const size = Math.abs(offsetMin);
  return `${isoUtc(at + offsetMin * 60).slice(0, -1)}${offsetMin < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

type EnergySide = 'primary' | 'secondary';

const SIDELESS: ReadonlySet<Unit> = new Set(['Hz', 'deg', 'percent', 'degC', 'one', 's', 'count']);

function registerRows(register: RegisterReading, side: EnergySide): RegisterRow[] {
  return CHANNELS.map((channel) => {
    const energy = register.energy[channel];
    return {
      quantity: channel,
      tariff: register.tariff,
      obis: registerObis(channel, register.tariff),
      value: energy === null ? null : String(energy),
      unit: energyUnit(channel),
      scaler: energy === null ? null : 0,
      side,
      moment: isoUtc(register.momentUtc),
      kind: register.kind,
      quality: energy === null ? 'missing' : 'valid',
      reason: energy === null ? 'unsupported' : null,
    };
  });
}

/** Intervals that came and intervals that did not, in the order of their starts. */
function intervalList(parts: ReadingParts, side: EnergySide): { intervals?: IntervalRow[] } {
  if (parts.intervals === undefined && parts.absentIntervals === undefined) return {};
  const constant = parts.meter.facts.constantImpPerKwh;
  const received = (parts.intervals ?? []).map((interval) => ({
    startUtc: interval.startUtc,
    row: intervalRow(interval, interval.source, interval.flags, countingConstant(interval.source, constant), side, 'unsupported'),
  }));
  const absent = (parts.absentIntervals ?? []).map((gap) => ({
    startUtc: gap.startUtc,
    row: intervalRow({ ...gap, counts: NO_COUNTS }, null, [], constant, side, gap.reason),
  }));
  return { intervals: [...received, ...absent].sort((a, b) => a.startUtc - b.startUtc).map(({ row }) => row) };
}

const NO_COUNTS = { 'A+': null, 'A-': null, 'R+': null, 'R-': null } as const;

/** A count N is N/(2A) kWh (mercury.md 8.4), hence N x 500/A Wh; without the constant A the scale is unknown. */
function intervalRow(
  interval: Pick<MeterInterval, 'startUtc' | 'lengthS' | 'counts'>,
  source: IntervalSource | null,
  flags: readonly IntervalFlag[],
  constant: number | null,
  side: EnergySide,
  reason: AbsenceReason,
): IntervalRow {
  return {
    start: isoUtc(interval.startUtc),
    lengthS: interval.lengthS,
    source,
    flags: [...flags],
    quality: qualityOf(interval.counts, flags),
    figures: CHANNELS.map((channel) => {
      const count = interval.counts[channel];
      return {
        quantity: channel,
        obis: intervalObis(channel),
        count,
        multiplier: constant === null ? null : 500,
        divisor: constant,
        unit: energyUnit(channel),
        side,
        reason: count === null ? reason : null,
      };
    }),
  };
}

/** By the marks of the meter, the gravest first (quality.md 1); an incomplete mark beside a power cut only says that the record is shorter. */
function qualityOf(counts: MeterInterval['counts'], flags: readonly IntervalFlag[]): ReadingQuality {
  const has = (...wanted: IntervalFlag[]) => wanted.some((flag) => flags.includes(flag));
  if (CHANNELS.every((channel) => counts[channel] === null)) return 'missing';
  if (has('initialised')) return 'incomplete-init';
  if (has('clock-set', 'clock-corrected', 'season-changed')) return 'incomplete-clock';
  if (has('proven-off')) return 'valid-off';
  if (has('power-cut')) return 'valid-cut';
  return has('incomplete') ? 'incomplete' : 'valid';
}

function instantaneousRows(values: InstantaneousValues, side: EnergySide): InstantaneousRow[] {
  return INSTANTANEOUS_KEYS.flatMap((key) => {
    const figure = values[key];
    if (figure === undefined) return [];
    const { obis, unit } = INSTANTANEOUS_QUANTITIES[key];
    const actual = figure?.unit ?? unit;
    return {
      quantity: key,
      obis,
      value: figure === null ? null : quantityText(figure),
      unit: actual,
      scaler: figure?.scale ?? null,
      side: SIDELESS.has(actual) ? 'none' : side,
      quality: figure === null ? 'missing' : 'valid',
      reason: figure === null ? 'unsupported' : null,
    };
  });
}

/** Reasons given for what is there are left out: what the caller expected to be absent came after all. */
function absencesOf(body: Omit<Reading, 'absences'>, reasons: Readonly<Record<string, ReadingReason>>): Reading['absences'] {
  const nulls = nullFields(body).map((field) => ({
    field,
    reason: reasons[field] ?? (field === '/point' ? ('not-assigned' as const) : ('not-read' as const)),
  }));
  const lists = LISTS.flatMap((list) => {
    const reason = reasons[`/${list}`];
    return body[list] === undefined && reason !== undefined ? [{ field: `/${list}`, reason }] : [];
  });
  return [...nulls, ...lists];
}
