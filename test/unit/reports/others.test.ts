import { describe, expect, test } from 'vitest';
import type { BalanceMember } from '../../../src/shared/api/report-settings.ts';
import { installation, interval, meter, plant, point, utc } from '../metering/plant.ts';
import { contentOf, documentOf, MemoryReportSource, printed } from './support.ts';

const DAY = { from: '2026-11-23', to: '2026-11-23' };
const START = '2026-11-22T21:00:00Z';
const END = '2026-11-23T21:00:00Z';

/** Meters 1, 2 ... of 1000 imp/kWh at points 1, 2 ...: 2000 counts a half-hour are 48 kWh a day. */
function points(count: number, over: (id: number) => Parameters<typeof point>[1] = () => ({})): MemoryReportSource {
  const ids = Array.from({ length: count }, (_, index) => index + 1);
  return new MemoryReportSource(
    plant({
      points: ids.map((id) => point(id, over(id))),
      meters: ids.map((id) => meter(id)),
      installations: ids.map((id) => installation(id, id)),
    }),
  );
}

describe('the act of energy received and delivered', () => {
  test('settlement points alone, each channel in its column, and the saldo of both', async () => {
    const source = points(3, (id) => ({ role: id === 3 ? 'technical' : 'settlement' }));
    source.fill(1, START, END, { 'A+': 2000, 'A-': 500, 'R+': 1000 });
    source.fill(2, START, END, { 'A+': 4000 });
    source.fill(3, START, END, { 'A+': 9000 });
    const document = await documentOf(source, 'integral-act', DAY);
    expect(printed(document)).toEqual([
      ['ТП-1'],
      ['Ввод 1', '48,000', '12,000', '24,000', ''],
      ['Ввод 2', '96,000', '', '', ''],
      ['Итого', '144,000', '12,000', '24,000', ''],
      ['Всего', '144,000', '12,000', '24,000', ''],
    ]);
    const { results, notes } = contentOf(document);
    expect(results.map(({ value }) => value)).toEqual(['132,000 кВт·ч', '24,000 квар·ч']);
    expect(notes[0]).toBe('Вошли точки расчётного учёта.');
  });
});

describe('the balance of a substation', () => {
  const member = (pointId: number, section: BalanceMember['section'], meterClass: string | null): BalanceMember => ({
    pointId,
    channel: 'A+',
    section,
    ct: '0.5',
    vt: '0.5',
    line: '0.25',
    meter: meterClass,
  });

  /** The vector of quality.md 5: inputs 0.6 and 0.4 with meters 0.5, feeders 0.4 0.3 0.2 0.1 with meters 1.0. */
  function bus(): MemoryReportSource {
    const source = points(6);
    [6000, 4000, 4000, 3000, 2000, 1000].forEach((count, index) => source.fill(index + 1, START, END, { 'A+': count }));
    source.balances.set(1, {
      members: [1, 2].map((id) => member(id, 'received', '0.5')).concat([3, 4, 5, 6].map((id) => member(id, 'delivered', '1.0'))),
      transformers: [],
      allowed: null,
    });
    return source;
  }

  test('allowed imbalance by classes is that of the worked example', async () => {
    const document = await documentOf(bus(), 'balance', DAY);
    const { results } = contentOf(document);
    expect(results).toEqual([
      { label: 'Небаланс фактический', value: '0,000 кВт·ч' },
      { label: 'Небаланс фактический, %', value: '0,000' },
      { label: 'Небаланс допустимый, %', value: '± 1,038' },
      { label: 'Заключение', value: 'небаланс допустимый' },
    ]);
    const rows = printed(document, 0, ['data']);
    expect(rows[0]?.slice(6)).toEqual(['144,000', '60,000', '0,992', '0,595']);
    expect(rows[2]?.slice(6)).toEqual(['96,000', '40,000', '1,375', '0,550']);
    expect(printed(document, 0, ['subtotal']).map((row) => row[6])).toEqual(['240,000', '240,000']);
  });

  test('more than the allowed imbalance is named so', async () => {
    const source = bus();
    source.profile.delete(6);
    source.fill(6, START, END, { 'A+': 500 });
    // 12 kWh of 240 are 5 %; the root of 0.98313 x 0.52 + 1.890625 x 0.32410 is 1.0602.
    expect(contentOf(await documentOf(source, 'balance', DAY)).results.map(({ value }) => value)).toEqual([
      '12,000 кВт·ч',
      '5,000',
      '± 1,060',
      'небаланс недопустимый',
    ]);
  });

  test('it is not computed while a point lacks a half-hour, and says which', async () => {
    const source = bus();
    source.profile.get(5)?.splice(7, 1);
    const { results, notes } = contentOf(await documentOf(source, 'balance', DAY));
    expect(results).toEqual([{ label: 'Заключение', value: 'баланс не рассчитан' }]);
    expect(notes[0]).toBe('Баланс не рассчитан: нет полных данных по точкам – Ввод 5.');
  });

  test('readings come before intervals, so that the act can be worked out by hand; who has none is named', async () => {
    const source = bus();
    source.profile.get(5)?.splice(7, 1);
    source.read(5, START, { 'A+': 1_000_000 });
    source.read(5, END, { 'A+': 1_048_000 });
    const document = await documentOf(source, 'balance', DAY);
    expect(printed(document, 0, ['data'])[4]?.slice(3, 7)).toEqual(['1 048,000', '1 000,000', '1', '48,000']);
    const { results, notes } = contentOf(document);
    expect(results.at(-1)?.value).toBe('небаланс допустимый');
    expect(notes[0]).toBe('Показаний на начало или конец нет, энергия – по сумме интервалов: Ввод 1, Ввод 2, Ввод 3, Ввод 4, Ввод 6.');
  });

  test('without classes there is no verdict, unless the site has a limit of its own', async () => {
    const source = bus();
    const made = source.balances.get(1);
    source.balances.set(1, { members: (made?.members ?? []).map((one) => ({ ...one, meter: null })), transformers: [], allowed: null });
    expect(contentOf(await documentOf(source, 'balance', DAY)).results.at(-1)?.value).toBe('баланс не рассчитан');
    source.settings = { ...source.settings, balanceLimit: '2' };
    const { results, notes } = contentOf(await documentOf(source, 'balance', DAY));
    expect(results.slice(-2).map(({ value }) => value)).toEqual(['± 2,000', 'небаланс допустимый']);
    expect(notes).toEqual(['Допустимый небаланс задан вручную.']);
  });

  test('losses of a transformer before the bus are a section of their own', async () => {
    const source = bus();
    source.profile.delete(1);
    source.fill(1, START, END, { 'A+': 6000, 'R+': 0 });
    const made = source.balances.get(1);
    source.balances.set(1, {
      members: made?.members ?? [],
      transformers: [
        {
          name: 'Т-1',
          pointId: 1,
          losses: {
            kind: 'transformer',
            noLoadW: '100',
            loadW: '600',
            ratedVA: '60000',
            noLoadCurrentPercent: null,
            shortCircuitPercent: null,
          },
        },
      ],
      allowed: '5',
    });
    const document = await documentOf(source, 'balance', DAY);
    // 3 kWh in half an hour are 6 kW, a tenth of the rated power: 100 W + 6 W over 24 h.
    expect(printed(document, 0, ['data']).at(-1)).toEqual(['7', '', 'Т-1', '', '', '', '2,544', '100,000', '', '']);
    expect(contentOf(document).results[0]?.value).toBe('−2,544 кВт·ч');
  });

  test('a substation that nobody has balanced says what to do', async () => {
    const { notes } = contentOf(await documentOf(points(1), 'balance', { ...DAY, substationId: 1 }));
    expect(notes[0]).toContain('укажите присоединения и их классы точности');
  });
});

describe('maxima of power', () => {
  test('half-hour, hour and planned peak hours of a working day, with the mean of working days', async () => {
    const source = points(1);
    source.settings = { ...source.settings, peakHours: { '11': '8-11,16-21' } };
    // Monday: 1 kWh a half-hour, 5 kWh at 06:30, 4 kWh in both halves of 09-10. Tuesday: 2 kWh throughout.
    source.fill(1, START, '2026-11-24T21:00:00Z', { 'A+': 2000 });
    const set = (at: string, count: number) => {
      const own = source.profile.get(1) ?? [];
      const index = own.findIndex(({ startUtc }) => startUtc === utc(at));
      own[index] = interval(utc(at), { 'A+': count });
    };
    set('2026-11-23T03:30:00Z', 10_000);
    set('2026-11-23T06:00:00Z', 8000);
    set('2026-11-23T06:30:00Z', 8000);
    for (let at = utc(END); at < utc('2026-11-24T21:00:00Z'); at += 1800) set(new Date(at * 1000).toISOString(), 4000);
    const document = await documentOf(source, 'maximum-power', { from: '2026-11-23', to: '2026-11-24' });
    expect(printed(document)).toEqual([
      ['23.11.2026', '06:30–07:00', '10,000', '09:00–10:00', '8,000', '09:00–10:00', '8,000'],
      ['24.11.2026', '00:00–00:30', '4,000', '00:00–01:00', '4,000', '07:00–08:00', '4,000'],
      ['За период', '23.11 06:30–07:00', '10,000', '23.11 09:00–10:00', '8,000', '23.11 09:00–10:00', '8,000'],
    ]);
    expect(contentOf(document).results[0]?.value).toBe('6,000 кВт (2)');
  });

  test('a day off has no planned peak hours, and a day that is not whole says that more is possible', async () => {
    const source = points(1);
    source.settings = { ...source.settings, peakHours: { '11': '8-11' }, daysOff: ['2026-11-23'] };
    source.fill(1, START, END, { 'A+': 2000 });
    source.profile.get(1)?.splice(3, 1);
    expect(printed(await documentOf(source, 'maximum-power', DAY))[0]).toEqual([
      '23.11.2026',
      '00:00–00:30',
      '2,000 Н',
      '00:00–01:00',
      '2,000 Н',
      '',
      '',
    ]);
  });
});

describe('completeness', () => {
  test('received, valid, replaced and missing intervals are counted apart', async () => {
    const source = points(1);
    source.kept.set(1, ['A+']);
    source.fill(1, START, END, { 'A+': 2000 });
    const own = source.profile.get(1) ?? [];
    own[5] = interval(own[5]?.startUtc ?? 0, { 'A+': 2000 }, ['clock-set']);
    own.splice(10, 3);
    source.replaced.push({
      pointId: 1,
      channel: 'A+',
      startUtc: utc(START) + 10 * 1800,
      lengthS: 1800,
      energyWh: 900,
      method: 'control',
      author: 'Иванов',
      reason: 'акт',
      madeUtc: 0,
    });
    const [row] = printed(await documentOf(source, 'completeness', DAY), 0, ['data']);
    expect(row).toEqual(['Ввод 1', 'A+', '48', '45', '93,75', '44', '91,66', '1', '2', '45,900 Н', '0,900']);
  });
});

describe('replaced data', () => {
  const record = (index: number, over: object = {}) => ({
    pointId: 1,
    channel: 'A+' as const,
    startUtc: utc(START) + index * 1800,
    lengthS: 1800,
    energyWh: 500,
    method: 'readings-by-profile' as const,
    author: 'Петров П. П.',
    reason: 'Акт № 3',
    madeUtc: utc('2026-12-01T06:00:00Z'),
    ...over,
  });

  test('neighbours of one origin are one row; what was measured after all is not shown', async () => {
    const source = points(1);
    source.fill(1, START, END, { 'A+': 2000 });
    source.profile.get(1)?.splice(4, 3);
    source.replaced.push(record(4), record(5), record(6, { method: 'manual', energyWh: 250 }), record(20));
    const document = await documentOf(source, 'replaced', DAY);
    const rows = printed(document);
    // 45 x 1 + 0.5 + 0.5 + 0.25 kWh: 1 of 46.25 is 2.16 %.
    expect(rows[0]).toEqual([
      'Ввод 1',
      'A+',
      '23.11.2026 02:00',
      '23.11.2026 03:00',
      '2',
      '1,000',
      '2,16',
      'по показаниям и профилю аналогичного дня',
      'Петров П. П.',
      'Акт № 3',
      '01.12.2026 09:00',
    ]);
    expect(rows[1]?.slice(2, 8)).toEqual(['23.11.2026 03:00', '23.11.2026 03:30', '1', '0,250', '0,54', 'введено вручную']);
    expect(rows).toHaveLength(3);
    expect(rows[2]?.slice(0, 6)).toEqual(['Итого', 'A+', '', '', '3', '1,250']);
  });

  test('nothing replaced is said', async () => {
    expect(contentOf(await documentOf(points(1), 'replaced', DAY)).notes).toEqual(['За период замещённых данных нет.']);
  });
});

test('events of all points stand in the order of time, with their details in words', async () => {
  const source = points(2);
  source.journal.set(1, [{ journal: 1, kind: 'phase-off', atUtc: utc('2026-11-23T10:00:00Z'), details: { phase: 2 } }]);
  source.journal.set(2, [
    { journal: 1, kind: 'power-off', atUtc: utc('2026-11-23T09:00:05Z'), details: {} },
    { journal: 1, kind: 'power-on', atUtc: utc('2026-11-24T09:00:00Z'), details: {} },
  ]);
  expect(printed(await documentOf(source, 'events', DAY))).toEqual([
    ['23.11.2026 12:00:05', 'Ввод 2', '02', 'Питание пропало', ''],
    ['23.11.2026 13:00', 'Ввод 1', '01', 'Напряжение фазы пропало', 'фаза B'],
  ]);
});

describe('the statement of tenants', () => {
  const over = (id: number) => ({ tenantInn: id === 3 ? null : '7701234567', tenantContract: id === 1 ? '12/А' : null });

  test('by contract, the sum from the figure that is printed, to a kopeck', async () => {
    const source = points(3, over);
    source.settings = { ...source.settings, digits: 0, tenantPrice: '7.12345', vatPercent: '22' };
    source.fill(1, START, END, { 'A+': 2000 });
    source.fill(2, START, END, { 'A+': 2000 });
    source.read(1, START, { 'A+': 100_000 });
    source.read(1, END, { 'A+': 147_600 });
    const document = await documentOf(source, 'tenants', DAY);
    // 47.6 kWh are printed as 48: 48 x 7.12345 = 341.9256; VAT of 341.93 is 75.2246.
    expect(printed(document)).toEqual([
      ['ИНН 7701234567, без договора'],
      ['Ввод 2', '02', '–', '–', '1', '48', '7,12345', '341,93', '75,22', '417,15'],
      ['ИНН 7701234567, договор 12/А'],
      ['Ввод 1', '01', '100,000', '147,600', '1', '48', '7.12345'.replace('.', ','), '341,93', '75,22', '417,15'],
      ['Всего', '', '', '', '', '96', '7,12345', '683,86', '150,44', '834,30'],
    ]);
    expect(contentOf(document).notes[0]).toBe('Ввод 2: показаний на начало или конец нет, объём – по сумме интервалов.');
  });

  test('without a price there are no columns of money, without tenants a word what to do', async () => {
    const source = points(1, over);
    source.fill(1, START, END, { 'A+': 2000 });
    expect((await documentOf(source, 'tenants', DAY)).sections[0]?.columns).toHaveLength(6);
    expect(
      contentOf(
        await documentOf(
          points(3, () => ({})),
          'tenants',
          DAY,
        ),
      ).notes[0],
    ).toContain('укажите ИНН');
  });
});
