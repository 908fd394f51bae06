import { readFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import type { AreaOfDay, DayOrder, MarketFigure, MarketRules, PointOfDay } from '../../../../src/main/export/xml80020/compose.ts';
import { type MarketDay, marketDay } from '../../../../src/main/export/xml80020/day.ts';
import { rational, ZERO } from '../../../../src/main/metering/energy.ts';
import type { Channel } from '../../../../src/shared/domain/channel.ts';

/** A file that was really sent; where it comes from stands in test/vectors/80020/README.md. */
export const SAMPLE_NAME = '80020_1834024515_20211031_4690_5600010900.xml';
export const SAMPLE = new Uint8Array(readFileSync(new URL(`../../../vectors/80020/${SAMPLE_NAME}`, import.meta.url)));
export const SAMPLE_TEXT = iconv.decode(Buffer.from(SAMPLE), 'win1251');

export function inCp1251(text: string): Uint8Array {
  return new Uint8Array(iconv.encode(text, 'win1251'));
}

/** The real file with one thing changed; throws when there was nothing to change. */
export function changed(from: string | RegExp, to: string): Uint8Array {
  const text = SAMPLE_TEXT.replace(from, to);
  if (text === SAMPLE_TEXT) throw new Error(`the sample has no ${String(from)}`);
  return inCp1251(text);
}

export const RULES: MarketRules = { channels: ['A+', 'R+'], decimals: 0, rounding: 'carry-month', missing: 'hold', hourlyMeters: 'refuse' };

/** Measured figures of a day, the same in each half-hour. */
export function figuresOf(day: MarketDay, wattHours: number): MarketFigure[] {
  return day.halfHours.map(({ startUtc }) => ({ startUtc, energy: rational(wattHours, 1000), status: 'valid' }));
}

export function pointOf(code: string, channels: Partial<Record<Channel, readonly MarketFigure[]>>, lengthS = 1800): PointOfDay {
  return {
    code,
    name: `Яч. ${code.slice(-3)}`,
    lengthS,
    channels: new Map(Object.entries(channels) as [Channel, readonly MarketFigure[]][]),
  };
}

export function orderOf(day: MarketDay, points: readonly PointOfDay[], rules: Partial<MarketRules> = {}): DayOrder {
  const area: AreaOfDay = { inn: '5600010901', name: 'Участок 1', timeZone: 1, points };
  return { day, areas: [area], rules: { ...RULES, ...rules }, carryOf: () => ZERO };
}

export const DAY = marketDay('2026-11-10', { kind: 'market', zone: 1 });
