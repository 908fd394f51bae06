/**
 * Days of chance through the whole of the supplier's file: composed, written, read, checked. What is expected of a file is worked
 * out here by other means than the product's: sums by a plain search of the text, wall clocks by the calendar of the runtime.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkMarketFile } from '../../../src/main/export/xml80020/check.ts';
import { DEFAULT_CHECK_OPTIONS } from '../../../src/main/export/xml80020/check-rules.ts';
import { type ComposedDay, composeDay, type DayOrder, marketDocument, type PointOfDay } from '../../../src/main/export/xml80020/compose.ts';
import { type MarketDay, marketDay } from '../../../src/main/export/xml80020/day.ts';
import { DEFAULT_NAME_TEMPLATE, marketFileName } from '../../../src/main/export/xml80020/name.ts';
import { readMarketFile } from '../../../src/main/export/xml80020/read.ts';
import { receivedFigures } from '../../../src/main/export/xml80020/received.ts';
import { type Decimals, DECIMALS } from '../../../src/main/export/xml80020/round.ts';
import { schemaText } from '../../../src/main/export/xml80020/schema.ts';
import { writeMarketFile } from '../../../src/main/export/xml80020/write.ts';
import { add, compare, magnitude, parseDecimal, type Rational, rational, subtract, ZERO } from '../../../src/main/metering/energy.ts';
import { addDays } from '../../../src/main/metering/zone.ts';
import { CHANNELS } from '../../../src/shared/domain/channel.ts';
import { Chance } from '../chance.ts';
import { figuresOf, type Series, seriesOf } from './scenario.ts';

const DAYS_ON_END = 5;

export interface DaysReport {
  readonly files: number;
  readonly values: number;
  readonly held: number;
  readonly corrections: number;
  /** Days of 46, 50 and 52 half-hours. */
  readonly transitions: number;
  readonly zones: number;
  /** What went wrong, by day; the first ones. */
  readonly faults: readonly string[];
  /** Files that `xmllint` found valid; null when it is not installed. */
  readonly xmllintValid: number | null;
}

/** Makes files of at least so many days in a folder and holds each against what it must be. */
export async function proveDays(options: { readonly seed: number; readonly days: number; readonly folder: string }): Promise<DaysReport> {
  const run = new Run(options.folder);
  const chance = new Chance(options.seed);
  while (run.files.length < options.days) await run.series(chance, seriesOf(chance, DAYS_ON_END));
  return run.report();
}

interface MadeFile {
  readonly path: string;
  readonly decimals: Decimals;
}

interface MadeDay {
  readonly day: MarketDay;
  readonly points: PointOfDay[][];
  readonly composed: ComposedDay;
  readonly carriesBefore: ReadonlyMap<string, Rational>;
  readonly owedBefore: Map<string, Rational>;
  readonly number: number;
}

class Run {
  readonly files: MadeFile[] = [];
  readonly #folder: string;
  readonly #faults: string[] = [];
  readonly #zones = new Set<string>();
  #values = 0;
  #held = 0;
  #corrections = 0;
  #transitions = 0;
  #number = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  report(): DaysReport {
    return {
      files: this.files.length,
      values: this.#values,
      held: this.#held,
      corrections: this.#corrections,
      transitions: this.#transitions,
      zones: this.#zones.size,
      faults: this.#faults.slice(0, 50),
      xmllintValid: xmllintValid(this.#folder, this.files),
    };
  }

  async series(chance: Chance, series: Series): Promise<void> {
    this.#zones.add(series.zone);
    let carries: ReadonlyMap<string, Rational> = new Map();
    const owed = new Map<string, Rational>();
    const made: MadeDay[] = [];
    for (let index = 0; index < series.days; index += 1) {
      const day = marketDay(addDays(series.from, index), series.time);
      if (day.isTransition) this.#transitions += 1;
      let points = figuresOf(chance, series, day, false);
      let composed = composeDay(orderOf(series, day, points, carries));
      if (composed.kind === 'held') {
        this.#held += 1;
        this.#expect(hasGap(points, series), day, 'it is held and lacks nothing');
        points = figuresOf(chance, series, day, true);
        composed = composeDay(orderOf(series, day, points, carries));
      }
      const owedBefore = new Map(owed);
      const number = await this.#file(series, day, composed, points, owed, null);
      made.push({ day, points, composed, carriesBefore: carries, owedBefore, number });
      carries = carriesAfter(composed, carries);
    }
    await this.#correct(chance, series, made);
  }

  /** The first day again with other figures: a greater number, and in the days after it no half-hour moves by more than one unit. */
  async #correct(chance: Chance, series: Series, [first, ...later]: readonly MadeDay[]): Promise<void> {
    if (first === undefined) return;
    this.#corrections += 1;
    const points = figuresOf(chance, series, first.day, true);
    const corrected = composeDay(orderOf(series, first.day, points, first.carriesBefore));
    await this.#file(series, first.day, corrected, points, first.owedBefore, first.number);
    let carries = carriesAfter(corrected, first.carriesBefore);
    for (const { day, points: same, composed } of later) {
      const again = composeDay(orderOf(series, day, same, carries));
      carries = carriesAfter(again, carries);
      const [before, after] = [unitsOf(composed), unitsOf(again)];
      this.#expect(before.length === after.length, day, 'the correction of an earlier day takes half-hours away');
      for (const [index, value] of before.entries()) {
        const moved = Math.abs(Math.round((value - (after[index] ?? 0)) * 10 ** series.rules.decimals));
        this.#expect(moved <= 1, day, `the correction of an earlier day moves a half-hour by ${moved}`);
      }
    }
  }

  /** One file made and judged. `owed` = exact energy less what was written so far, by point and channel; it is brought up to date. */
  async #file(
    series: Series,
    day: MarketDay,
    composed: ComposedDay,
    points: PointOfDay[][],
    owed: Map<string, Rational>,
    earlier: number | null,
  ): Promise<number> {
    const number = ++this.#number;
    if (composed.kind === 'held') {
      this.#fault(day, `held by ${composed.holds[0]?.reason}`);
      return number;
    }
    const { time, rules, daylightSaving } = series;
    const header = {
      messageClass: '80020',
      number,
      createdUtc: day.toUtc + 29_703,
      time,
      day,
      daylightSaving,
      sender: { inn: '1834024515', name: 'ООО «Завод»' },
    } as const;
    const document = marketDocument(header, composed.areas);
    const { bytes } = writeMarketFile(document);
    const name = `${marketFileName(DEFAULT_NAME_TEMPLATE, document)}.xml`;
    writeFileSync(join(this.#folder, name), bytes);
    this.files.push({ path: join(this.#folder, name), decimals: rules.decimals });
    this.#expect(Buffer.compare(writeMarketFile(marketDocument(header, composed.areas)).bytes, bytes) === 0, day, 'made again it differs');
    const report = await checkMarketFile(
      { name, bytes },
      { ...DEFAULT_CHECK_OPTIONS, decimals: rules.decimals, zone: time.kind === 'local' ? time.zone : null, highestEarlierNumber: earlier },
    );
    for (const { rule, verdict, places } of report.rules) if (verdict === 'fault') this.#fault(day, `${rule}: ${places[0]?.message}`);
    await this.#figures(series, day, bytes, points, owed);
    return number;
  }

  /** Figures of the file against the exact ones, by a search of the text that knows nothing of the reader. */
  async #figures(series: Series, day: MarketDay, bytes: Uint8Array, points: PointOfDay[][], owed: Map<string, Rational>): Promise<void> {
    const text = new TextDecoder('windows-1251').decode(bytes);
    const found: string[] = [];
    for (const [, code = '', body = ''] of text.matchAll(/<measuringpoint code="(\d+)"[^>]*>([\s\S]*?)<\/measuringpoint>/g)) {
      for (const [, channel = '', periods = ''] of body.matchAll(CHANNEL)) {
        found.push(`${code} ${channel}`);
        this.#channel(series, day, `${code} ${channel}`, periods, points.flat(), owed);
      }
    }
    const wanted = points
      .flat()
      .flatMap(({ code, channels }) =>
        series.rules.channels.filter((channel) => channels.has(channel)).map((channel) => `${code} 0${CHANNELS.indexOf(channel) + 1}`),
      );
    this.#expect(found.join() === wanted.join(), day, `the file has ${found.join()} and should have ${wanted.join()}`);
    const read = receivedFigures((await readMarketFile(bytes)).document, () => series.time);
    this.#expect(read.length === wanted.length * day.halfHours.length, day, `${read.length} figures were read`);
    this.#expect(
      read.every(({ startUtc }) => startUtc >= day.fromUtc && startUtc < day.toUtc),
      day,
      'a figure was read into another day',
    );
  }

  #channel(series: Series, day: MarketDay, key: string, periods: string, points: readonly PointOfDay[], owed: Map<string, Rational>): void {
    const { rules } = series;
    const [code, channelCode] = key.split(' ');
    const point = points.find((one) => one.code === code);
    const channel = CHANNELS[Number(channelCode) - 1];
    const figures = (channel === undefined ? undefined : point?.channels.get(channel)) ?? [];
    const half = rational(1n, 2n * 10n ** BigInt(rules.decimals));
    let rest = owed.get(key) ?? ZERO;
    let index = 0;
    for (const [, start = '', status, value = ''] of periods.matchAll(PERIOD)) {
      const startUtc = day.fromUtc + 1800 * index++;
      const where = `${key} ${start}`;
      this.#values += 1;
      this.#expect(start === wallOf(startUtc, clockOf(series)), day, `${where}: ${wallOf(startUtc, clockOf(series))} by the calendar`);
      const figure = figures.find((one) => one.startUtc === startUtc - (startUtc % (point?.lengthS ?? 1800)));
      this.#expect((status !== undefined) === (figure?.status !== 'valid'), day, `${where}: status`);
      if (figure?.status === 'valid' || figure?.status === 'replaced') {
        const parts = point?.lengthS === 3600 ? 2n : 1n;
        const energy = figure.energy ?? ZERO;
        const difference = subtract({ ...energy, denominator: energy.denominator * parts }, parseDecimal(value));
        rest = rules.rounding === 'carry-month' ? add(rest, difference) : difference;
        this.#expect(compare(magnitude(rest), half) <= 0, day, `${where}: ${value} is off`);
      } else this.#expect(Number(value) === 0, day, `${where}: ${value} in place of nothing`);
    }
    this.#expect(index === day.halfHours.length, day, `${key}: ${index} half-hours`);
    owed.set(key, rest);
  }

  #expect(isSo: boolean, day: MarketDay, what: string): void {
    if (!isSo) this.#fault(day, what);
  }

  #fault(day: MarketDay, what: string): void {
    this.#faults.push(`${day.date} (file ${this.#number}): ${what}`);
  }
}

const CHANNEL = /<measuringchannel code="(\d\d)"[^>]*>([\s\S]*?)<\/measuringchannel>/g;
const PERIOD = /<period start="(\d{4})" end="\d{4}"(?: summer="1")?><value( status="1")?>([\d.]+)<\/value>/g;

/** The zone by whose wall clock the day of a file is counted. */
function clockOf({ time, zone }: Series): string {
  return time.kind === 'local' ? zone : time.zone === 1 ? 'Etc/GMT-3' : 'Etc/GMT-10';
}

function orderOf(series: Series, day: MarketDay, points: PointOfDay[][], carries: ReadonlyMap<string, Rational>): DayOrder {
  return {
    day,
    areas: series.areas.map(({ inn, name, timeZone }, index) => ({ inn, name, timeZone, points: points[index] ?? [] })),
    rules: series.rules,
    carryOf: (pointCode, channel) => carries.get(`${pointCode} ${channel}`) ?? ZERO,
  };
}

function carriesAfter(composed: ComposedDay, before: ReadonlyMap<string, Rational>): ReadonlyMap<string, Rational> {
  if (composed.kind === 'held') return before;
  return new Map([...before, ...composed.channels.map(({ pointCode, channel, carry }) => [`${pointCode} ${channel}`, carry] as const)]);
}

/** Values of all half-hours in the order of the file. */
function unitsOf(composed: ComposedDay): number[] {
  if (composed.kind === 'held') return [];
  return composed.areas.flatMap(({ points }) =>
    points.flatMap(({ channels }) => channels.flatMap(({ periods }) => periods.map(({ value }) => Number(value)))),
  );
}

/** Whether a recipient with these rules has a reason to be told nothing. */
function hasGap(points: PointOfDay[][], { rules }: Series): boolean {
  const holding =
    rules.missing === 'hold' ? ['missing', 'incomplete', 'replaced'] : rules.missing === 'replacement' ? ['missing', 'incomplete'] : [];
  return points
    .flat()
    .some(({ channels }) => rules.channels.some((channel) => channels.get(channel)?.some(({ status }) => holding.includes(status))));
}

function wallOf(at: number, zone: string): string {
  return formatOf(zone)
    .format(at * 1000)
    .replace(':', '');
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const format =
    FORMATS.get(zone) ?? new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  FORMATS.set(zone, format);
  return format;
}

/** How many of the files the schema validator of the system finds valid, one call for each number of decimals. */
function xmllintValid(folder: string, files: readonly MadeFile[]): number | null {
  let valid = 0;
  for (const decimals of DECIMALS) {
    const paths = files.filter((file) => file.decimals === decimals).map(({ path }) => path);
    if (paths.length === 0) continue;
    const schema = join(folder, `${decimals}.xsd`);
    writeFileSync(schema, schemaText(decimals));
    const { error, stderr } = spawnSync('xmllint', ['--noout', '--schema', schema, ...paths], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 ** 2,
    });
    if (error !== undefined) return null;
    valid += [...stderr.matchAll(/ validates$/gm)].length;
  }
  return valid;
}
