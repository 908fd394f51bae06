import { describe, expect, test } from 'vitest';
import type { Channel } from '../../../src/shared/domain/channel.ts';
import type { BoundaryLosses, LossModel } from '../../../src/shared/domain/losses.ts';
import { lossesOfPeriod, percentOnly } from '../../../src/main/metering/boundary.ts';
import { decimalText, rational } from '../../../src/main/metering/energy.ts';
import type { SettlementStep } from '../../../src/main/metering/settlement.ts';

const BOUNDS = [0, 1800, 3600];
const TRANSFORMER: LossModel = {
  kind: 'transformer',
  noLoadW: '200',
  loadW: '1000',
  ratedVA: '100000',
  noLoadCurrentPercent: null,
  shortCircuitPercent: null,
};

/** kWh of each half-hour by channel; null = missing. */
function steps(figures: Partial<Record<Channel, readonly (number | null)[]>>): Map<Channel, SettlementStep[]> {
  return new Map(
    Object.entries(figures).map(([channel, own]) => [
      channel as Channel,
      own.map((kWh, index) => ({
        startUtc: BOUNDS[index] ?? 0,
        energy: kWh === null ? null : rational(kWh),
        status: kWh === null ? ('missing' as const) : ('valid' as const),
        method: null,
      })),
    ]),
  );
}

function losses(
  channel: Channel,
  figures: Parameters<typeof steps>[0],
  elements: LossModel[],
  meterStands: BoundaryLosses['meterStands'] = 'behind-boundary',
) {
  const result = lossesOfPeriod(channel, steps(figures), BOUNDS, [{ fromUtc: 0, losses: { meterStands, elements } }]);
  return result === null ? null : result.losses === null ? result.lack : decimalText(result.losses);
}

describe('losses of a period', () => {
  test('of a transformer are those of each half-hour by its own load', () => {
    // 5 kWh in half an hour are 10 kW, a tenth of the rated power: 0.1 + 0.005 kWh; 25 kWh are 50 kW: 0.1 + 0.125 kWh.
    expect(losses('A+', { 'A+': [5, 25], 'R+': [0, 0] }, [TRANSFORMER])).toBe('0.33');
    expect(losses('A+', { 'A+': [5, 25], 'R+': [0, 0] }, [TRANSFORMER], 'before-boundary')).toBe('-0.33');
  });

  test('belong to the direction that carried more, and lessen what is delivered', () => {
    const both = { 'A+': [5, 0], 'A-': [0, 25], 'R+': [0, 0] };
    expect(losses('A+', both, [TRANSFORMER])).toBe('0.105');
    expect(losses('A-', both, [TRANSFORMER])).toBe('-0.225');
  });

  test('are not known where a figure is missing, and say what is', () => {
    expect(losses('A+', { 'A+': [5, null], 'R+': [0, 0] }, [TRANSFORMER])).toBe('active-missing');
    expect(losses('A+', { 'A+': [5, 5] }, [TRANSFORMER])).toBe('reactive-missing');
  });

  test('begin and end with their dates', () => {
    const elements: LossModel[] = [{ kind: 'percent', active: '10', reactive: '0' }];
    const periods = [
      { fromUtc: 0, losses: { meterStands: 'behind-boundary' as const, elements } },
      { fromUtc: 1800, losses: null },
    ];
    const result = lossesOfPeriod('A+', steps({ 'A+': [5, 25] }), BOUNDS, periods);
    expect(result?.losses === null || result === null ? null : decimalText(result.losses)).toBe('0.5');
    expect(lossesOfPeriod('A+', steps({ 'A+': [5, 25] }), BOUNDS, [])).toBeNull();
  });

  test('a part of the energy is a factor; anything else is none', () => {
    const elements: LossModel[] = [
      { kind: 'percent', active: '1.5', reactive: '0' },
      { kind: 'percent', active: '0.5', reactive: '2' },
    ];
    const factor = (channel: Channel, meterStands: BoundaryLosses['meterStands']) => {
      const value = percentOnly(channel, { meterStands, elements });
      return value === null ? null : decimalText(value);
    };
    expect(factor('A+', 'behind-boundary')).toBe('0.02');
    expect(factor('A-', 'behind-boundary')).toBe('-0.02');
    expect(factor('R+', 'before-boundary')).toBe('-0.02');
    expect(percentOnly('A+', { meterStands: 'behind-boundary', elements: [TRANSFORMER] })).toBeNull();
  });
});
