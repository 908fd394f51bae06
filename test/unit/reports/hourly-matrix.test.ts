import { describe, expect, test } from 'vitest';
import { siteZone } from '../../../src/main/metering/zone.ts';
import { installation, meter, plant, point, utc } from '../metering/plant.ts';
import { contentOf, documentOf, MemoryReportSource, printed } from './support.ts';

/** Two points of 1000 imp/kWh: 2000 counts are 1 kWh behind a ratio of 1, 10 kWh behind 50/5. */
function source(): MemoryReportSource {
  return new MemoryReportSource(
    plant({
      points: [point(1), point(2)],
      meters: [meter(1), meter(2)],
      installations: [installation(1, 1), installation(2, 2, { ct: { primary: 50, secondary: 5 } })],
    }),
  );
}

describe('hours of a day', () => {
  const day = { from: '2026-11-22', to: '2026-11-22' };

  test('an hour is its two half-hours times the ratio, a day its 24 hours, and the sum all points', async () => {
    const made = source();
    // 1 kWh + 1 kWh an hour at the first point, 20 kWh at the second one.
    made.fill(1, '2026-11-21T21:00:00Z', '2026-11-22T21:00:00Z', { 'A+': 2000 });
    made.fill(2, '2026-11-21T21:00:00Z', '2026-11-22T21:00:00Z', { 'A+': 2000 });
    const document = await documentOf(made, 'hourly-matrix', day);
    expect(document.sections.map(({ name }) => name)).toEqual(['Сумма', 'P1', 'P2']);
    const [first = [], total = []] = printed(document, 1);
    expect(first).toHaveLength(26);
    expect([first[0], first[1], first[24], first[25]]).toEqual(['22.11.2026', '2,000', '2,000', '48,000']);
    expect([total[0], total[1], total[25]]).toEqual(['Итого', '2,000', '48,000']);
    expect(printed(document, 2)[0]?.slice(0, 2)).toEqual(['22.11.2026', '20,000']);
    expect(printed(document, 0)[0]?.[25]).toBe('528,000');
  });

  test('what is missing is a dash, what lacks a part has its letter, and both make their totals incomplete', async () => {
    const made = source();
    // 00:00 and 00:30 are not there, nor is 01:00.
    made.fill(1, '2026-11-21T22:30:00Z', '2026-11-22T21:00:00Z', { 'A+': 2000 });
    const document = await documentOf(made, 'hourly-matrix', { ...day, pointIds: [1] });
    const [row = []] = printed(document, 0);
    expect(row.slice(1, 4)).toEqual(['–', '1,000 Н', '2,000']);
    expect(row[25]).toBe('45,000 Н');
  });

  test('a replacement is marked and counts', async () => {
    const made = source();
    made.fill(1, '2026-11-21T21:30:00Z', '2026-11-22T21:00:00Z', { 'A+': 2000 });
    made.replaced.push({
      pointId: 1,
      channel: 'A+',
      startUtc: utc('2026-11-21T21:00:00Z'),
      lengthS: 1800,
      energyWh: 250,
      method: 'manual',
      author: 'Иванов',
      reason: 'акт 5',
      madeUtc: 0,
    });
    const [row = []] = printed(await documentOf(made, 'hourly-matrix', { ...day, pointIds: [1] }));
    expect([row[1], row[2], row[25]]).toEqual(['1,250 З', '2,000', '47,250 З']);
  });

  test('an hour that is not over has no place, neither as a figure nor as a lack', async () => {
    const made = source();
    made.nowUtc = utc('2026-11-22T00:20:00Z');
    made.fill(1, '2026-11-21T21:00:00Z', '2026-11-22T00:00:00Z', { 'A+': 2000 });
    const document = await documentOf(made, 'hourly-matrix', { ...day, pointIds: [1] });
    const [row = []] = printed(document);
    expect(row.slice(1, 6)).toEqual(['2,000', '2,000', '2,000', '×', '×']);
    expect(row[25]).toBe('6,000');
    expect(contentOf(document).notes[0]).toBe('Период не окончен: учтены данные по 22.11.2026 03:00.');
  });

  test('a channel that the meter does not keep is said, not printed as zeros', async () => {
    const made = source();
    made.fill(1, '2026-11-21T21:00:00Z', '2026-11-22T21:00:00Z', { 'A+': 2000 });
    const content = contentOf(await documentOf(made, 'hourly-matrix', { ...day, pointIds: [1], channel: 'R-' }));
    expect(content.rows).toEqual([]);
    expect(content.notes).toEqual(['Прибор учёта не ведёт энергию «реактивная, отдача (R−)»: показывать нечего.']);
  });
});

describe('days on which the zone changed', () => {
  test('the repeated hour of 26.10.2014 is a column of its own, which other days do not have', async () => {
    const made = source();
    made.zone = siteZone('Europe/Moscow');
    made.fill(1, '2014-10-24T20:00:00Z', '2014-10-26T21:00:00Z', { 'A+': 2000 });
    const document = await documentOf(made, 'hourly-matrix', { from: '2014-10-25', to: '2014-10-26', pointIds: [1] });
    expect(document.sections[0]?.columns.map(({ title }) => title).slice(1, 5)).toEqual(['00–01', '01–02', '01–02 повт.', '02–03']);
    const [before = [], change = []] = printed(document);
    expect([before[3], before.at(-1)]).toEqual(['×', '48,000']);
    expect([change[2], change[3], change.at(-1)]).toEqual(['2,000', '2,000', '50,000']);
  });

  test('27.03.2011 has no hour from 02 to 03', async () => {
    const made = source();
    made.fill(1, '2011-03-26T21:00:00Z', '2011-03-27T20:00:00Z', { 'A+': 2000 });
    const [row = []] = printed(await documentOf(made, 'hourly-matrix', { from: '2011-03-27', to: '2011-03-27', pointIds: [1] }));
    expect(row.slice(1, 5)).toEqual(['2,000', '2,000', '×', '2,000']);
    expect(row.at(-1)).toBe('46,000');
  });
});

describe('calculated groups', () => {
  test('a group is the signed sum of its points, and has no figure where one of them is not whole', async () => {
    const made = source();
    made.fill(1, '2026-11-21T21:00:00Z', '2026-11-22T21:00:00Z', { 'A+': 2000 });
    made.fill(2, '2026-11-21T22:00:00Z', '2026-11-22T21:00:00Z', { 'A+': 2000 });
    made.formulaList.push({
      id: 7,
      name: 'Цех',
      unit: 'Wh',
      terms: [
        { coefficient: { numerator: 1, denominator: 1 }, of: { kind: 'point', pointId: 2, channel: 'A+' } },
        { coefficient: { numerator: -1, denominator: 2 }, of: { kind: 'point', pointId: 1, channel: 'A+' } },
      ],
    });
    const document = await documentOf(made, 'hourly-matrix', { from: '2026-11-22', to: '2026-11-22', formulaIds: [7] });
    expect(document.sections.map(({ name }) => name)).toEqual(['Цех']);
    expect(contentOf(document).facts).toEqual([{ label: 'Формула', value: 'P2 - 0.5*P1' }]);
    // 20 - 0.5 x 2 kWh.
    expect(printed(document)[0]?.slice(1, 4)).toEqual(['–', '19,000', '19,000']);
  });
});

test('a period that is empty or too long is refused, and so is a point that is not there', async () => {
  const made = source();
  const refused = (ask: Parameters<typeof documentOf>[2]) => expect(documentOf(made, 'hourly-matrix', ask)).rejects;
  await refused({ from: '2026-11-22', to: '2026-11-21' }).toThrow(/ends before it begins/);
  await refused({ from: '2026-01-01', to: '2026-12-31' }).toThrow(/92 days at most/);
  await refused({ from: '2026-11-22', to: '2026-11-22', pointIds: [9] }).toThrow(/no metering point with number 9/);
  await refused({ from: '2026-11-22', to: '2026-11-22', formulaIds: [9] }).toThrow(/no formula with number 9/);
});
