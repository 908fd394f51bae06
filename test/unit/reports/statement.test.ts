import { describe, expect, test } from 'vitest';
import { perChannel } from '../../../src/main/metering/energy.ts';
import { installation, meter, plant, point, utc } from '../metering/plant.ts';
import { contentOf, documentOf, MemoryReportSource, printed } from './support.ts';

const november = { from: '2026-11-01', to: '2026-11-30' };
const START = '2026-10-31T21:00:00Z';
const END = '2026-11-30T21:00:00Z';

/** One point behind 100/5: K = 20. 1440 half-hours of 2000 counts are 1440 kWh secondary, 28 800 kWh primary. */
function onePoint(over: Parameters<typeof installation>[2] = {}): MemoryReportSource {
  const source = new MemoryReportSource(
    plant({
      points: [point(1)],
      meters: [meter(1), meter(2)],
      installations: [installation(1, 1, { ct: { primary: 100, secondary: 5 }, ...over })],
    }),
  );
  source.fill(1, START, END, { 'A+': 2000 });
  source.kept.set(1, ['A+']);
  return source;
}

describe('the statement of readings', () => {
  test('difference times ratio, and the sum of the intervals beside it', async () => {
    const source = onePoint();
    source.read(1, START, { 'A+': 1_000_500 });
    source.read(1, END, { 'A+': 2_440_000 });
    const rows = printed(await documentOf(source, 'month-statement', november), 0, ['data']);
    // 1439.5 kWh x 20 = 28 790; intervals say 28 800.
    expect(rows).toEqual([
      ['Ввод 1', '01', 'A+', '1 000,500', '2 440,000', '1 439,500', '20', '28 790,000', '', '28 790,000', '28 800,000', '10,000'],
    ]);
  });

  test('a reading is never computed: without one there is no energy, and the intervals stand alone', async () => {
    const source = onePoint();
    source.read(1, START, { 'A+': 1_000_500 });
    const [row = []] = printed(await documentOf(source, 'month-statement', november), 0, ['data']);
    expect(row.slice(3)).toEqual(['1 000,500', '–', '–', '20', '–', '', '–', '28 800,000', '']);
  });

  test('a reading that a person wrote down stands in for one that the meter did not freeze, and is named', async () => {
    const source = onePoint();
    source.read(1, START, { 'A+': 1_000_000 });
    const written = { channel: 'A+', tariff: 0, author: 'Иванов И. И.' } as const;
    source.written.push({ ...written, atUtc: utc(START), readingWh: 999_000 }, { ...written, atUtc: utc(END), readingWh: 2_000_000 });
    const document = await documentOf(source, 'month-statement', november);
    expect(printed(document, 0, ['data'])[0]?.slice(3, 8)).toEqual(['1 000,000', '2 000,000', '1 000,000', '20', '20 000,000']);
    expect(contentOf(document).notes[0]).toBe('Показание снято человеком: Ввод 1, A+ на 01.12.2026 00:00 – Иванов И. И.');
  });

  test('a meter that was replaced has a line for each and the sum of both by their own ratios', async () => {
    const change = utc('2026-11-10T09:00:00Z');
    const act = (energy: number) => [{ tariff: 0, energy: { ...perChannel(() => null), 'A+': energy } }];
    const source = new MemoryReportSource(
      plant({
        points: [point(1)],
        meters: [meter(1), meter(2)],
        installations: [
          installation(1, 1, { ct: { primary: 100, secondary: 5 }, toUtc: change, lastRegisters: act(1_500_000) }),
          installation(1, 2, { ct: { primary: 200, secondary: 5 }, fromUtc: change, firstRegisters: act(10_000) }),
        ],
      }),
    );
    source.kept.set(1, ['A+']);
    source.kept.set(2, ['A+']);
    source.read(1, START, { 'A+': 1_000_000 });
    source.read(2, END, { 'A+': 260_000 });
    const document = await documentOf(source, 'month-statement', november);
    // (1500 - 1000) x 20 + (260 - 10) x 40 = 10 000 + 10 000.
    expect(printed(document, 0, ['data']).map((row) => row.slice(1, 8))).toEqual([
      ['01', 'A+', '1 000,000', '1 500,000', '500,000', '20', '10 000,000'],
      ['02', 'A+', '10,000', '260,000', '250,000', '40', '10 000,000'],
    ]);
    expect(printed(document, 0, ['subtotal'])[0]?.slice(7, 10)).toEqual(['20 000,000', '', '20 000,000']);
  });

  test('losses that are a part of the energy are added behind the boundary and taken off before it', async () => {
    const source = onePoint();
    source.read(1, START, { 'A+': 1_000_000 });
    source.read(1, END, { 'A+': 2_000_000 });
    const elements = [{ kind: 'percent' as const, active: '1.5', reactive: '0' }];
    source.lossPeriods.push({ pointId: 1, fromUtc: 0, losses: { meterStands: 'behind-boundary', elements } });
    const row = async () => printed(await documentOf(source, 'month-statement', november), 0, ['data'])[0]?.slice(7, 10);
    // 20 000 kWh, 1.5 % of it 300.
    expect(await row()).toEqual(['20 000,000', '300,000', '20 300,000']);
    source.lossPeriods[0] = { pointId: 1, fromUtc: 0, losses: { meterStands: 'before-boundary', elements } };
    expect(await row()).toEqual(['20 000,000', '−300,000', '19 700,000']);
  });

  test('losses of a transformer come from each half-hour, and are not known without the reactive energy', async () => {
    const source = onePoint();
    source.read(1, START, { 'A+': 1_000_000 });
    source.read(1, END, { 'A+': 2_440_000 });
    source.lossPeriods.push({
      pointId: 1,
      fromUtc: 0,
      losses: {
        meterStands: 'behind-boundary',
        elements: [
          { kind: 'transformer', noLoadW: '1000', loadW: '8000', ratedVA: '400000', noLoadCurrentPercent: null, shortCircuitPercent: null },
        ],
      },
    });
    const document = () => documentOf(source, 'month-statement', november);
    expect(printed(await document(), 0, ['data'])[0]?.slice(8, 10)).toEqual(['–', '–']);
    expect(contentOf(await document()).notes[0]).toBe('Потери не посчитаны: Ввод 1 – не хватает реактивной энергии.');
    source.profile.clear();
    source.fill(1, START, END, { 'A+': 2000, 'R+': 0 });
    // 20 kWh in half an hour is 40 kW, a tenth of the rated power: 1000 W + 8000 W x 0.01 = 1080 W over 720 h.
    expect(printed(await document(), 0, ['data'])[0]?.slice(8, 10)).toEqual(['777,600', '29 577,600']);
  });
});
