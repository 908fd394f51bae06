import type { FamilyName } from '../../../src/main/simulator/families.ts';
import { assemble, is23x, type MeterSpec23x } from '../../../src/main/simulator/assembly.ts';
import { TRAINING_PLANT, type PointRow } from '../../../src/main/simulator/layout.ts';
import { SimulatedMeter } from '../../../src/main/simulator/meter.ts';
import { FakeClock } from '../../support/fake-clock.ts';

export interface OneMeter {
  readonly clock: FakeClock;
  readonly meter: SimulatedMeter;
  /** Data of the answer to a request body given in hex; `null` = silence. */
  readonly ask: (body: string) => number[] | null;
  /** Opens the channel with the password of the family, at level 1 unless told otherwise. */
  readonly login: (level?: 1 | 2) => void;
}

/** The first meter of the plant with these properties, its clock exact, alone. */
export function oneMeter(
  wanted: Partial<PointRow> & { family: FamilyName },
  { historyDays = 5, at = '2026-11-22T09:00:00Z' } = {},
): OneMeter {
  const clock = new FakeClock(at);
  const isWanted = (row: PointRow) =>
    wanted.family === row.family &&
    (wanted.isTwoWay ?? row.isTwoWay) === row.isTwoWay &&
    (wanted.load ?? row.load) === row.load &&
    (wanted.connection ?? row.connection) === row.connection &&
    (wanted.periodMin ?? row.periodMin) === row.periodMin &&
    (wanted.season ?? row.season) === row.season;
  const spec = assemble(TRAINING_PLANT, { seed: 7, latencyMs: [0, 0], deviationS: [0, 0] }).find(
    (each): each is MeterSpec23x => is23x(each) && isWanted(each.row),
  );
  if (spec === undefined) throw new Error('no such meter in the plant');
  const meter = new SimulatedMeter(spec, clock, historyDays);
  const ask = (body: string) => {
    const answer = meter.answer(Uint8Array.from(body.split(' '), (pair) => Number.parseInt(pair, 16)));
    return answer === null ? null : [...answer];
  };
  const login = (level: 1 | 2 = 1) => {
    const digit = `${spec.family.passwordForm === 'ascii' ? '3' : '0'}${level}`;
    if (ask(`01 0${level} ${Array.from({ length: 6 }, () => digit).join(' ')}`)?.[0] !== 0)
      throw new Error('the meter refused its password');
  };
  return { clock, meter, ask, login };
}
