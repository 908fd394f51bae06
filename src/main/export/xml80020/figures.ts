/** The day of a file from the figures of the site: which points, which half-hours, which remainders (xml-80020.md 4 to 6). */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Settings } from '../../../shared/api/settings.ts';
import type { Xml80020Settings } from '../../../shared/api/settings-80020.ts';
import { SUPPLIER_PROBLEMS, type SupplierProblem } from '../../../shared/api/supplier.ts';
import type { Channel } from '../../../shared/domain/channel.ts';
import type { Plant, PointRecord } from '../../../shared/domain/plant.ts';
import { HALF_HOUR_S } from '../../../shared/domain/time.ts';
import { type Rational, ZERO } from '../../metering/energy.ts';
import { spansOfPoint } from '../../metering/expected.ts';
import { type SettlementSource, settlementSteps } from '../../metering/settlement.ts';
import { siteZone } from '../../metering/zone.ts';
import { composeDay, type ComposedDay, type PointOfDay } from './compose.ts';
import { type MarketDay, marketDay, type MarketTime } from './day.ts';
import { aiisCodeOf, channelOfCode } from './document.ts';
import { checkNameTemplate } from './name.ts';

/** A point of the file: its code is the one of the layout. */
export type CodedPoint = PointRecord & { readonly code80020: string };

/** Points that have a code of the layout, in the order of the file: by that code. */
export function codedPoints(plant: Plant): CodedPoint[] {
  return plant.points
    .flatMap((point) => (point.code80020 === null || point.code80020 === '' ? [] : [{ ...point, code80020: point.code80020 }]))
    .sort((a, b) => (a.code80020 < b.code80020 ? -1 : a.code80020 > b.code80020 ? 1 : 0));
}

/** What stands in the way of any file at all; `no-delivery` alone does not when a folder is named for it. */
export function problemsOf({ xml80020: { sender, area, aiisCode, nameTemplate, delivery } }: Settings, plant: Plant): SupplierProblem[] {
  const codes = codedPoints(plant).map(({ code80020 }) => code80020);
  const found: Record<SupplierProblem, boolean> = {
    'sender-inn': sender.inn === '',
    'sender-name': sender.name.trim() === '',
    'area-code': !/^\d{10}$/.test(area.inn),
    'area-name': area.name.trim() === '',
    'aiis-code': aiisCode !== '' && area.inn !== '' && aiisCode !== aiisCodeOf(area.inn),
    'name-template': !isTemplate(nameTemplate),
    'no-points': codes.length === 0,
    'repeated-code': new Set(codes).size !== codes.length,
    'no-delivery': delivery.folder === null && delivery.mail === null,
  };
  return SUPPLIER_PROBLEMS.filter((problem) => found[problem]);
}

function isTemplate(template: string): boolean {
  try {
    checkNameTemplate(template);
    return true;
  } catch {
    return false;
  }
}

/** By whose clock the recipient counts days. */
export function marketTimeOf({ site, xml80020: { time, marketZone } }: Settings): MarketTime {
  return time === 'local' ? { kind: 'local', zone: siteZone(site.timeZone) } : { kind: 'market', zone: marketZone };
}

/** Channels that the recipient wants. */
export function wantedChannels({ channels }: Xml80020Settings): Channel[] {
  return channels.flatMap((code) => channelOfCode(code) ?? []);
}

/** The day as the file will have it, or what holds it back. */
export interface DayFigures {
  readonly day: MarketDay;
  readonly composed: ComposedDay;
  /** Points of the file; the rest had no meter all day and nothing in its place, or live by the files of others. */
  readonly points: readonly CodedPoint[];
}

/** Remainders at the start of a day, by code of the point and channel. */
export type Carry = ReadonlyMap<string, Rational>;
export const carryKey = (pointCode: string, channel: Channel): string => `${pointCode} ${channel}`;

/** Reads the figures of a day point by point; the lines of the meters are served in between. */
export async function dayFigures(settings: Settings, source: SettlementSource, date: string, carry: Carry): Promise<DayFigures> {
  const { xml80020 } = settings;
  const day = marketDay(date, marketTimeOf(settings));
  const plant = source.plant();
  const points: CodedPoint[] = [];
  const areaPoints: PointOfDay[] = [];
  for (const point of codedPoints(plant)) {
    const pointOfDay = figuresOfPoint(point, plant, source, day);
    if (pointOfDay !== null) {
      points.push(point);
      areaPoints.push(pointOfDay);
    }
    await nextTurn();
  }
  const composed = composeDay({
    day,
    areas: [{ ...xml80020.area, timeZone: xml80020.marketZone, points: areaPoints }],
    rules: {
      channels: wantedChannels(xml80020),
      decimals: decimalsOf(xml80020),
      rounding: xml80020.rounding,
      missing: xml80020.missing,
      hourlyMeters: xml80020.hourlyMeters,
    },
    carryOf: (pointCode, channel) => carry.get(carryKey(pointCode, channel)) ?? ZERO,
  });
  return { day, composed, points };
}

export function decimalsOf({ decimals }: Xml80020Settings): 0 | 1 | 2 | 3 {
  return decimals === 1 || decimals === 2 || decimals === 3 ? decimals : 0;
}

function figuresOfPoint(point: CodedPoint, plant: Plant, source: SettlementSource, day: MarketDay): PointOfDay | null {
  // Whoever reads the meter of such a point sends its figures himself.
  if ((source.received?.(point.id, day.fromUtc, day.toUtc) ?? null) !== null) return null;
  const spans = spansOfPoint(plant, point.id, day.fromUtc, day.toUtc);
  const lengthS = spans.some((span) => span.lengthS > HALF_HOUR_S) ? 2 * HALF_HOUR_S : HALF_HOUR_S;
  const starts = day.halfHours.map(({ startUtc }) => startUtc).filter((_, index) => lengthS === HALF_HOUR_S || index % 2 === 0);
  const channels = settlementSteps(point.id, source, [...starts, day.toUtc]);
  if (spans.length === 0 && channels.size === 0) return null;
  return { code: point.code80020, name: point.name, lengthS, channels };
}
