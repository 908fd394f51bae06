/** What the screens are told, over a plant whose truth is known. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Consumption, Overview, PointCard } from '../../src/shared/api/methods.ts';
import { polledMeters } from '../../src/main/demo/truth-check.ts';
import { intervalsOfYesterday, startTrainingService, type TrainingService } from '../support/training-service.ts';

let folder: string;
let service: TrainingService;
const yesterday = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Moscow' }).format(Date.now() - 86_400_000);
const wh = (counts: number, constant: number, ratio: number) => (counts * 500 * ratio) / constant;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-overview-'));
  service = await startTrainingService({ folder });
  await service.untilComplete();
}, 120_000);

afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ratioOf = (meter: TrainingService['plant']['truth']['meters'][number]) =>
  (meter.ct.primary / meter.ct.secondary) * (meter.vt.primary / meter.vt.secondary);

function trueWh(meter: TrainingService['plant']['truth']['meters'][number], day: string): number {
  const start = Date.parse(`${day}T00:00:00+03:00`) / 1000;
  const { truth } = service.plant;
  return truth
    .expectedStarts(meter.serial, start, start + 86_400)
    .reduce((sum, slot) => sum + wh(truth.interval(meter.serial, slot)?.['A+'] ?? 0, meter.constant, ratioOf(meter)), 0);
}

test('the energy of yesterday is that of the meters, by substation and for the whole plant', async () => {
  const view = (await service.call('overview.get')) as Overview;
  const day = yesterday();
  expect(view.yesterday).toMatchObject({ day, completeness: { received: intervalsOfYesterday(service.plant) } });
  const bySubstation = new Map<string, number>();
  for (const meter of polledMeters(service.plant.truth)) {
    bySubstation.set(meter.substation, (bySubstation.get(meter.substation) ?? 0) + trueWh(meter, day));
  }
  for (const { name, yesterday: energy } of view.substations) expect(Number(energy)).toBeCloseTo(bySubstation.get(name) ?? Number.NaN, 3);
  expect(Number(view.yesterday.total)).toBeCloseTo(
    [...bySubstation.values()].reduce((a, b) => a + b),
    3,
  );
  expect(view.yesterday.curve).toHaveLength(48);
});

test('the power of the plant is the sum of the points with fresh values', async () => {
  const view = (await service.call('overview.get')) as Overview;
  expect(view.power).toMatchObject({ points: polledMeters(service.plant.truth).length, total: 70 });
  const sum = view.substations.reduce((total, { power }) => total + Number(power), 0);
  expect(Number(view.power.value)).toBeCloseTo(sum, 3);
  expect(sum).toBeGreaterThan(0);
});

test('consumption by hours and by the day is the same energy in other steps', async () => {
  const meter = service.plant.truth.meters[2];
  const tree = (await service.call('points.tree')) as { points: { id: number; code: string }[] }[];
  const point = tree.flatMap(({ points }) => points).find(({ code }) => code === meter?.pointCode);
  const day = yesterday();
  const totals: string[] = [];
  for (const step of ['half-hour', 'hour', 'day']) {
    const { series } = (await service.call('consumption.get', {
      pointIds: [point?.id],
      from: day,
      to: day,
      step,
      channel: 'A+',
    })) as Consumption;
    totals.push(series[0]?.total ?? '');
    expect(series[0]?.rows).toHaveLength({ 'half-hour': 48, hour: 24, day: 1 }[step] ?? 0);
  }
  expect(new Set(totals).size).toBe(1);
  if (meter !== undefined) expect(Number(totals[0])).toBeCloseTo(trueWh(meter, day), 3);
});

test('the two phases that lost their voltage are named, as the sample of 2013 had them', async () => {
  const view = (await service.call('overview.get')) as Overview;
  const lost = view.attention.filter(({ code }) => code === 'phase-lost');
  expect(lost.map(({ params }) => params.phase)).toEqual([1, 2]);
  const card = (await service.call('points.get', { pointId: lost[0]?.subject.id })) as PointCard;
  expect(card.findings.map(({ code }) => code)).toContain('phase-lost');
  expect(card.live.state).toBe('attention');
  expect(card.meter.constantImpPerKwh).toBeGreaterThan(0);
});

test('a gateway in use by another program is named once, by its reason', { timeout: 60_000 }, async () => {
  const [, , , line] = service.plant.lines;
  service.plant.setFault({ kind: 'one-client', line: line?.name ?? '' });
  service.plant.setFault({ kind: 'drop-line', line: line?.name ?? '' });
  service.plant.clearFault({ kind: 'drop-line', line: line?.name ?? '' });
  const other = connect(line?.port ?? 0, '127.0.0.1');
  try {
    await expect
      .poll(
        async () => {
          const { attention } = (await service.call('overview.get')) as Overview;
          return attention.filter(({ subject }) => subject.kind === 'line').map(({ code }) => code);
        },
        { timeout: 50_000 },
      )
      .toEqual(['gateway-busy']);
  } finally {
    other.destroy();
    service.plant.clearFault({ kind: 'one-client', line: line?.name ?? '' });
  }
});
