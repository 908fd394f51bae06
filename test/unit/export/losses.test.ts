import { describe, expect, test } from 'vitest';
import type { Channel, PerChannel } from '../../../src/shared/domain/channel.ts';
import type { LossModel } from '../../../src/shared/domain/losses.ts';
import type { LossesFrom } from '../../../src/main/metering/boundary.ts';
import { columnsOf } from '../../../src/main/export/onec/columns.ts';
import type { OnecRow } from '../../../src/main/export/onec/row.ts';
import { rowsOfPoint } from '../../../src/main/export/onec/rows.ts';
import { halfHoursOf, siteZone } from '../../../src/main/metering/zone.ts';
import { installation, interval, meter, plant, point } from '../metering/plant.ts';
import { MemorySource, SETTINGS } from './support.ts';

const zone = siteZone('Europe/Moscow');
const day = '2026-11-22';
const starts = halfHoursOf(day, zone);

class LossySource extends MemorySource {
  periods: readonly LossesFrom[] = [];
  losses(): readonly LossesFrom[] {
    return this.periods;
  }
}

/** 20 kWh in each half-hour of the day. */
function source(element: LossModel, counts: Partial<PerChannel<number>> = { 'A+': 40_000 }): LossySource {
  const made = new LossySource(plant({ points: [point(1)], meters: [meter(1)], installations: [installation(1, 1)] }));
  made.profile.set(
    1,
    starts.map((start) => interval(start, counts)),
  );
  made.periods = [{ fromUtc: 0, losses: { meterStands: 'behind-boundary', elements: [element] } }];
  return made;
}

function lossesOf(made: LossySource, kind: 'IV' | 'DY', channel: Channel = 'A+'): (bigint | null)[] {
  const rows = rowsOfPoint(point(1), made, { kind, from: day, to: day, zone });
  return rows.flatMap((row: OnecRow) => ('losses' in row && row.channel === channel ? [row.losses] : []));
}

const PERCENT: LossModel = { kind: 'percent', active: '1.5', reactive: '0' };
const TRANSFORMER: LossModel = {
  kind: 'transformer',
  noLoadW: '1000',
  loadW: '8000',
  ratedVA: '400000',
  noLoadCurrentPercent: null,
  shortCircuitPercent: null,
};

describe('losses in the files for 1C', () => {
  test('a part of the energy is taken of each row, and a day has what its half-hours have', () => {
    // 1.5 % of 20 kWh, and of 960 kWh.
    expect(lossesOf(source(PERCENT), 'IV')).toEqual(starts.map(() => 300n));
    expect(lossesOf(source(PERCENT), 'DY')).toEqual([14_400n]);
  });

  test('those of a transformer come from its load: 1080 W at a tenth of the rated power', () => {
    const made = source(TRANSFORMER, { 'A+': 40_000, 'R+': 0 });
    expect(lossesOf(made, 'IV')).toEqual(starts.map(() => 540n));
    expect(lossesOf(made, 'DY')).toEqual([25_920n]);
  });

  test('without the reactive energy they are not known, and then the total is not known either', () => {
    const made = source(TRANSFORMER);
    expect(lossesOf(made, 'DY')).toEqual([null]);
    const { columns, cells } = columnsOf('DY', SETTINGS.onec);
    const [row] = rowsOfPoint(point(1), made, { kind: 'DY', from: day, to: day, zone });
    if (row === undefined) throw new Error('there is no row');
    const cell = (name: string) => cells(row)[columns.findIndex((column) => column.name === name)];
    expect([cell('energy'), cell('losses'), cell('energy_total')]).toEqual([960_000n, null, null]);
  });

  test('begin with their date inside a day, and a point without any has 0', () => {
    const made = source(PERCENT);
    made.periods = [{ fromUtc: starts[24] ?? 0, losses: { meterStands: 'behind-boundary', elements: [PERCENT] } }];
    expect(lossesOf(made, 'DY')).toEqual([7200n]);
    made.periods = [];
    expect(lossesOf(made, 'DY')).toEqual([0n]);
  });
});
