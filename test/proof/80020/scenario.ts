/** A plant of chance and its half-hours over some days: what a supplier's file is made of. */
import type { MarketFigure, MarketRules, PointOfDay } from '../../../src/main/export/xml80020/compose.ts';
import { type MarketDay, marketDay, type MarketTime } from '../../../src/main/export/xml80020/day.ts';
import { DECIMALS } from '../../../src/main/export/xml80020/round.ts';
import { multiply, rational } from '../../../src/main/metering/energy.ts';
import { addDays, siteZone } from '../../../src/main/metering/zone.ts';
import { CHANNELS, type Channel } from '../../../src/shared/domain/channel.ts';
import type { Chance } from '../chance.ts';

/** Every zone of the database that lies in Russia, UTC+2 to UTC+12. */
export const RUSSIAN_ZONES = [
  'Europe/Kaliningrad',
  'Europe/Moscow',
  'Europe/Kirov',
  'Europe/Volgograd',
  'Europe/Astrakhan',
  'Europe/Saratov',
  'Europe/Ulyanovsk',
  'Europe/Samara',
  'Asia/Yekaterinburg',
  'Asia/Omsk',
  'Asia/Novosibirsk',
  'Asia/Barnaul',
  'Asia/Tomsk',
  'Asia/Novokuznetsk',
  'Asia/Krasnoyarsk',
  'Asia/Irkutsk',
  'Asia/Chita',
  'Asia/Yakutsk',
  'Asia/Khandyga',
  'Asia/Vladivostok',
  'Asia/Ust-Nera',
  'Asia/Sakhalin',
  'Asia/Magadan',
  'Asia/Srednekolymsk',
  'Asia/Kamchatka',
  'Asia/Anadyr',
] as const;

/** Days of changes of the clock in some part of Russia; in most zones most of them are days like any other. */
const CHANGES = [
  '2008-03-30',
  '2009-10-25',
  '2010-03-28',
  '2010-10-31',
  '2011-03-27',
  '2014-10-26',
  '2016-03-27',
  '2016-07-24',
  '2016-12-04',
  '2018-10-28',
  '2020-12-27',
];

export interface PlantPoint {
  readonly code: string;
  readonly name: string;
  readonly lengthS: number;
  /** A in imp/kWh. */
  readonly constant: number;
  /** Ктт × Ктн, as two numbers. */
  readonly ratio: readonly [number, number];
  readonly channels: readonly Channel[];
}

/** Some days on end of one plant for one recipient. */
export interface Series {
  readonly zone: string;
  readonly time: MarketTime;
  readonly from: string;
  readonly days: number;
  readonly rules: MarketRules;
  readonly daylightSaving: 0 | 1;
  readonly areas: readonly {
    readonly inn: string;
    readonly name: string;
    readonly timeZone: 1 | 3;
    readonly points: readonly PlantPoint[];
  }[];
  /** Share of half-hours without a valid figure. */
  readonly gaps: number;
}

export function seriesOf(chance: Chance, days: number): Series {
  const zone = chance.one(RUSSIAN_ZONES);
  const marketZone = chance.one([1, 3] as const);
  const time: MarketTime = chance.share() < 0.5 ? { kind: 'market', zone: marketZone } : { kind: 'local', zone: siteZone(zone) };
  const changes = time.kind === 'local' ? CHANGES.filter((date) => marketDay(date, time).isTransition) : CHANGES;
  const isNearChange = changes.length > 0 && chance.share() < 0.5;
  return {
    zone,
    time,
    from: isNearChange ? addDays(chance.one(changes), -chance.whole(0, days - 1)) : addDays('2012-01-01', chance.whole(0, 5400)),
    days,
    rules: {
      channels: chance.one([['A+', 'R+'], ['A+'], ['A+', 'A-', 'R+', 'R-']] as const),
      decimals: chance.share() < 0.7 ? 0 : chance.one(DECIMALS),
      rounding: chance.share() < 0.8 ? 'carry-month' : 'none',
      missing: chance.one(['hold', 'replacement', 'zero'] as const),
      hourlyMeters: 'halves',
    },
    daylightSaving: chance.share() < 0.8 ? 0 : 1,
    areas: Array.from({ length: chance.whole(1, 3) }, (_, area) => ({
      inn: `56000109${String(area + 1).padStart(2, '0')}`,
      name: chance.one(['ООО «Завод» № 1', 'АО "Сети" <север> & юг', 'РП‑10 кВ, 5 м³', 'Цех — 2']),
      timeZone: marketZone,
      points: Array.from({ length: chance.whole(1, 4) }, (__, index) => pointOf(chance, area * 10 + index)),
    })),
    gaps: chance.one([0, 0.002, 0.05]),
  };
}

function pointOf(chance: Chance, index: number): PlantPoint {
  const kept = chance.one([['A+'], ['A+', 'R+'], CHANNELS] as const);
  return {
    code: `56208007321${String(3101 + index)}`,
    name: `Яч. ${index + 1}, ${chance.one(['ввод', 'Л‑10 кВ «Бр‑5»', 'ТСН ½', 'фидер\t7'])}`,
    lengthS: chance.share() < 0.1 ? 3600 : 1800,
    constant: chance.one([500, 1000, 1250, 5000, 12_500]),
    ratio: chance.one([
      [1, 1],
      [120, 1],
      [12_000, 1],
      [315, 2],
      [100, 3],
    ] as const),
    channels: kept,
  };
}

/** Figures of a day; `isWhole` gives valid ones alone, as when late data came. Drawn anew with each call. */
export function figuresOf(chance: Chance, series: Series, day: MarketDay, isWhole: boolean): PointOfDay[][] {
  return series.areas.map(({ points }) =>
    points.map(({ code, name, lengthS, constant, ratio, channels }) => {
      const starts = day.halfHours.map(({ startUtc }) => startUtc).filter((startUtc) => startUtc % lengthS === 0);
      const figure = (startUtc: number): MarketFigure => {
        const counts = chance.share() < 0.2 ? 0 : chance.whole(0, 2 * constant);
        const energy = multiply(rational(counts, 2 * constant), rational(ratio[0], ratio[1]));
        if (isWhole || chance.share() >= series.gaps) return { startUtc, energy, status: 'valid' };
        const status = chance.one(['missing', 'incomplete', 'replaced'] as const);
        return { startUtc, energy: status === 'missing' ? null : energy, status };
      };
      return { code, name, lengthS, channels: new Map(channels.map((channel) => [channel, starts.map(figure)])) };
    }),
  );
}
