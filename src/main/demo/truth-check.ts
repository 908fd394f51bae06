/** Holds what is stored and exported against the truth of the training plant. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PackageRecord } from '../../shared/domain/package.ts';
import { CHANNELS } from '../../shared/domain/channel.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import { DRIVERS } from '../drivers/registry.ts';
import { add, countEnergy, fixedText, multiply, type Rational, ratioOf, roundHalfUp, ZERO } from '../metering/energy.ts';
import type { PlantTruth, TruthMeter } from '../simulator/truth.ts';
import type { StoreReader } from '../store/store.ts';

export interface TruthVerdict {
  readonly meters: number;
  readonly identified: number;
  readonly expected: number;
  readonly equal: number;
  readonly absent: number;
  /** Stored intervals that differ from the truth: must never be anything but zero. */
  readonly wrong: number;
}

/** The meters that this version has a driver for: nobody polls the others. */
export function polledMeters(truth: PlantTruth): readonly TruthMeter[] {
  return truth.meters.filter(({ driver }) => DRIVERS.has(driver));
}

/** Codes of the points that must be complete in [fromUtc, toUtc): their meters are polled and hold every interval of it. */
export function completePoints(truth: PlantTruth, fromUtc: UtcSeconds, toUtc: UtcSeconds): ReadonlySet<string> {
  const isHeld = ({ serial, periodMin }: TruthMeter) =>
    truth.expectedStarts(serial, fromUtc, toUtc).length * periodMin * 60 === toUtc - fromUtc;
  return new Set(
    polledMeters(truth)
      .filter(isHeld)
      .map(({ pointCode }) => pointCode),
  );
}

/** Compares every half-hour of [fromUtc, toUtc), count by count, channel by channel. */
export function compareWithTruth(store: StoreReader, truth: PlantTruth, fromUtc: UtcSeconds, toUtc: UtcSeconds): TruthVerdict {
  const plant = store.plant.load();
  const polled = polledMeters(truth);
  const verdict = { meters: polled.length, identified: 0, expected: 0, equal: 0, absent: 0, wrong: 0 };
  for (const { serial } of polled) {
    const meter = plant.meters.find((candidate) => candidate.serial === serial);
    if (meter === undefined) continue;
    if (meter.facts.firmware !== null) verdict.identified += 1;
    const stored = new Map(store.intervals.list(meter.id, fromUtc, toUtc).map((interval) => [interval.startUtc, interval]));
    for (const start of truth.expectedStarts(serial, fromUtc, toUtc)) {
      verdict.expected += 1;
      const [mine, real] = [stored.get(start), truth.interval(serial, start)];
      if (mine === undefined) verdict.absent += 1;
      else if (real !== null && CHANNELS.every((channel) => mine.counts[channel] === real[channel])) verdict.equal += 1;
      else verdict.wrong += 1;
      stored.delete(start);
    }
    // What is stored and never was is as wrong as a wrong figure.
    for (const start of stored.keys()) if (truth.interval(serial, start) === null) verdict.wrong += 1;
  }
  return verdict;
}

/** Control sum that a complete IV package of these bounds must have: each row rounded half-up to three decimals. */
export function trueControlSum(truth: PlantTruth, fromUtc: UtcSeconds, toUtc: UtcSeconds): string {
  let units = 0n;
  for (const meter of polledMeters(truth)) {
    const factor: Rational = multiply(ratioOf(meter.ct), ratioOf(meter.vt));
    for (const start of truth.expectedStarts(meter.serial, fromUtc, toUtc)) {
      const counts = truth.interval(meter.serial, start);
      for (const channel of CHANNELS) {
        const count = counts?.[channel] ?? null;
        if (count !== null) units += roundHalfUp(multiply(countEnergy(count, meter.constant), factor), 3);
      }
    }
  }
  return fixedText(units, 3);
}

/** What a package file prints, by the strict reading of a loader that only splits lines. */
export interface Printed {
  /** Sum of the figures. */
  readonly sum: string;
  /** Codes of the points that have a row without a figure. */
  readonly lacking: ReadonlySet<string>;
}

export function readPrinted(record: PackageRecord): Printed {
  let sum: Rational = ZERO;
  const lacking = new Set<string>();
  for (const file of record.content?.files ?? []) {
    const [header = '', ...lines] = readFileSync(join(record.folder, file.name), 'latin1').split('\r\n');
    const columns = header.replace(/^\u00EF\u00BB\u00BF/, '').split(';');
    for (const line of lines.filter((text) => text !== '')) {
      const cells = line.split(';');
      const cell = cells[columns.indexOf('energy')] ?? '';
      if (cell === '') {
        lacking.add(cells[columns.indexOf('point_code')] ?? '');
        continue;
      }
      const [whole = '0', fraction = ''] = cell.split(',');
      sum = add(sum, { numerator: BigInt(whole + fraction.padEnd(3, '0')), denominator: 1000n });
    }
  }
  return { sum: fixedText(roundHalfUp(sum, 3), 3), lacking };
}
