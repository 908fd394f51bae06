import type { Channel } from '../../../shared/domain/channel.ts';
import type { PointRecord } from '../../../shared/domain/plant.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { type Rational, roundHalfUp, ZERO } from '../../metering/energy.ts';

/** Energy of a step that losses are reckoned for. */
export interface LossyStep {
  readonly startUtc: UtcSeconds;
  readonly endUtc: UtcSeconds;
  /** kWh or kvarh, primary side. */
  readonly energy: Rational;
}

/**
 * Losses between a point and its boundary in a step, kWh or kvarh, positive where they add to consumption. No point has a model of
 * its losses, so there are none: the columns stay in every file with the figure 0.
 */
export function lossesOf(_point: PointRecord, _channel: Channel, _step: LossyStep): Rational {
  return ZERO;
}

/** The same as a row prints them, thousandths; null where there is no energy. */
export function printedLosses(
  point: PointRecord,
  channel: Channel,
  step: Omit<LossyStep, 'energy'> & { readonly energy: Rational | null },
): bigint | null {
  return step.energy === null ? null : roundHalfUp(lossesOf(point, channel, { ...step, energy: step.energy }), 3);
}
