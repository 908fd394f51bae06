import type { Channel } from '../../../shared/domain/channel.ts';
import type { PointRecord } from '../../../shared/domain/plant.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { lossesOfPeriod, type LossesFrom, percentOnly } from '../../metering/boundary.ts';
import { multiply, type Rational, roundHalfUp } from '../../metering/energy.ts';
import { spansOfPoint } from '../../metering/expected.ts';
import { settlementSteps } from '../../metering/settlement.ts';
import type { ExportSource } from './row.ts';

/** Energy of a step that losses are reckoned for. */
interface LossyStep {
  readonly startUtc: UtcSeconds;
  readonly endUtc: UtcSeconds;
  /** kWh or kvarh, primary side; null = there is none. */
  readonly energy: Rational | null;
  /** A tariff has a part of the energy, which losses that hang on the load cannot be shared out over; 0 = all. */
  readonly tariff?: number;
}

/** Losses between a point and its boundary, by the models that hold for it. */
export class PointLosses {
  readonly #point: PointRecord;
  readonly #source: ExportSource;
  readonly #periods: readonly LossesFrom[];

  constructor(point: PointRecord, source: ExportSource) {
    this.#point = point;
    this.#source = source;
    this.#periods = source.losses?.(point.id) ?? [];
  }

  /**
   * As a row prints them, thousandths, positive where they add to the energy; 0 for a point without losses, null where there is no
   * energy or they cannot be worked out. A part of the energy is taken of the energy of the row, anything else of each interval.
   */
  printed(channel: Channel, { startUtc, endUtc, energy, tariff = 0 }: LossyStep): bigint | null {
    if (energy === null) return null;
    const changes = this.#periods.some(({ fromUtc }) => fromUtc > startUtc && fromUtc < endUtc);
    const model = this.#periods.findLast(({ fromUtc }) => fromUtc <= startUtc)?.losses ?? null;
    if (!changes) {
      if (model === null) return 0n;
      const factor = percentOnly(channel, model);
      if (factor !== null) return roundHalfUp(multiply(energy, factor), 3);
    }
    if (tariff !== 0) return null;
    const bounds = this.#bounds(startUtc, endUtc);
    const result = lossesOfPeriod(channel, settlementSteps(this.#point.id, this.#source, bounds), bounds, this.#periods);
    if (result === null) return 0n;
    return result.losses === null ? null : roundHalfUp(result.losses, 3);
  }

  /** The finest steps that the meters give. */
  #bounds(startUtc: UtcSeconds, endUtc: UtcSeconds): UtcSeconds[] {
    const spans = spansOfPoint(this.#source.plant(), this.#point.id, startUtc, endUtc);
    const stepS = spans.some(({ lengthS }) => lengthS > 1800) ? 3600 : 1800;
    return Array.from({ length: Math.ceil((endUtc - startUtc) / stepS) + 1 }, (_, index) => Math.min(endUtc, startUtc + index * stepS));
  }
}
