import type { Channel, PerChannel } from '../../../../src/shared/domain/channel.ts';
import type { RegisterReading } from '../../../../src/shared/domain/register.ts';
import type { ReplacementMethod } from '../../../../src/shared/domain/replacement.ts';
import type { UtcSeconds } from '../../../../src/shared/domain/time.ts';
import { stepBounds } from '../../../../src/main/metering/consumption.ts';
import { NO_RULES, type MissingRun, type PointRules } from '../../../../src/main/metering/replacement/context.ts';
import { missingRuns, proposeReplacement } from '../../../../src/main/metering/replacement/propose.ts';
import { type ReplacementSource, settledContext, type WrittenReading } from '../../../../src/main/metering/replacement/settled-context.ts';
import { settlementSteps } from '../../../../src/main/metering/settlement.ts';
import { daysBetween, halfHoursOf, siteZone } from '../../../../src/main/metering/zone.ts';
import { MemorySource } from '../../export/support.ts';
import { installation, interval, meter, plant, point } from '../plant.ts';

export const zone = siteZone('Europe/Moscow');

/** Points 1..n with a meter each of 500 imp/kWh, so that a count is 1 Wh. */
export class Plant {
  readonly source: MemorySource;
  readonly written: (WrittenReading & { readonly pointId: number })[] = [];
  readonly rules = new Map<number, Partial<PointRules>>();
  readonly peaks = new Set<UtcSeconds>();

  constructor(points: number, parts: Parameters<typeof plant>[0] = {}) {
    const numbers = Array.from({ length: points }, (_, index) => index + 1);
    this.source = new MemorySource(
      plant({
        points: numbers.map((n) => point(n)),
        meters: numbers.map((n) => wattHourMeter(n)),
        installations: numbers.map((n) => installation(n, n)),
        ...parts,
      }),
    );
  }

  /** Half-hours of the days from-to, each with the same Wh, except those that `figure` knows better; null = not there. */
  measure(meterId: number, from: string, to: string, figure: (index: number, day: string) => number | null, channel: Channel = 'A+') {
    const known = this.source.profile.get(meterId) ?? [];
    for (const day of daysBetween(from, to)) {
      halfHoursOf(day, zone).forEach((start, index) => {
        const wh = figure(index, day);
        if (wh !== null) known.push(interval(start, { [channel]: wh }));
      });
    }
    known.sort((a, b) => a.startUtc - b.startUtc);
    this.source.profile.set(meterId, known);
    return this;
  }

  /** Readings of A+ at the midnights that begin these days, Wh. */
  read(meterId: number, readings: Readonly<Record<string, number>>) {
    const known = this.source.readings.get(meterId) ?? [];
    this.source.readings.set(meterId, [...known, ...Object.entries(readings).map(([day, wh]) => dayStart(day, { 'A+': wh }))]);
    return this;
  }

  context() {
    const { source } = this;
    const view: ReplacementSource = {
      plant: () => source.plant(),
      intervals: (...args) => source.intervals(...args),
      keptChannels: (meterId) => source.keptChannels(meterId),
      replacements: (...args) => source.replacements(...args),
      registers: (meterId) => source.readings.get(meterId) ?? [],
      writtenReadings: (pointId) => this.written.filter((one) => one.pointId === pointId),
    };
    return settledContext({
      source: view,
      zone,
      rulesOf: (pointId) => ({ ...NO_RULES, ...this.rules.get(pointId) }),
      isPeak: (start) => this.peaks.has(start),
    });
  }

  runs(pointId: number, from: string, to: string, channel: Channel = 'A+'): MissingRun[] {
    const steps = settlementSteps(pointId, this.source, stepBounds(from, to, 'half-hour', zone));
    return missingRuns(pointId, steps, (start) => this.context().lengthAt(pointId, start)).filter((run) => run.channel === channel);
  }

  /** The only run of the period by one rule: figures as numbers, or the obstacle. */
  by(method: ReplacementMethod, pointId: number, from: string, to: string) {
    const [run, second] = this.runs(pointId, from, to);
    if (run === undefined || second !== undefined) throw new Error('one gap was expected');
    const { options, obstacles } = proposeReplacement(run, [method], this.context());
    const [option] = options;
    return option === undefined
      ? { obstacle: obstacles[0]?.obstacle }
      : { figures: option.figures.map(Number), basis: option.basis, sum: option.figures.reduce((a, b) => a + b, 0n) };
  }
}

export function wattHourMeter(id: number, periodMin = 30) {
  const base = meter(id);
  return { ...base, facts: { ...base.facts, constantImpPerKwh: 500, profilePeriodMin: periodMin } };
}

export function dayStart(day: string, energy: Partial<PerChannel<number>>): RegisterReading {
  const { 'A+': aPlus = null, 'A-': aMinus = null, 'R+': rPlus = null, 'R-': rMinus = null } = energy;
  return {
    kind: 'day-start',
    momentUtc: zone.startOfDay(day),
    tariff: 0,
    energy: { 'A+': aPlus, 'A-': aMinus, 'R+': rPlus, 'R-': rMinus },
  };
}
