import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ReportAccountDesk } from '../../../src/main/api/report-accounts.ts';
import { ReportDesk } from '../../../src/main/api/report-desk.ts';
import { reportSource } from '../../../src/main/api/report-source.ts';
import { Site } from '../../../src/main/api/site.ts';
import { progressOf, type WorkStep } from '../../../src/main/platform/progress.ts';
import { reportRequest } from '../../../src/shared/api/reports.ts';
import { interval, MIDNIGHT, stored, storeWithMeters } from '../store/support.ts';

async function desks() {
  const { store, clock } = storeWithMeters(2);
  await stored(store, { meterId: 1, atUtc: MIDNIGHT, intervals: [interval(0, 10), interval(1, 20)] });
  const site = new Site({ store, clock, engine: () => null });
  return { store, site, reports: new ReportDesk(site), accounts: new ReportAccountDesk(site, store) };
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'feeder-reports-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const ask = (part: object) => reportRequest.parse({ from: '2026-11-22', to: '2026-11-22', ...part });

describe('reports over the store', () => {
  test('every report that is listed can be built, and says what may be chosen', async () => {
    const { reports } = await desks();
    for (const { name, title, purpose } of reports.list()) {
      expect([name, title, purpose].every((text) => text !== '')).toBe(true);
      expect((await reports.build(ask({ name }))).name).toBe(name);
    }
  });

  test('a file gets its name when it is whole, and the count of what it lacks', async () => {
    const { reports } = await desks();
    const place = folder();
    const made = await reports.make(ask({ name: 'hourly-matrix', pointIds: [1] }), 'xlsx', place);
    expect(made).toMatchObject({ rows: 1, contentBase64: null, file: join(place, 'report_hourly-matrix_SITE1_20261122_20261122.xlsx') });
    expect(readdirSync(place)).toEqual(['report_hourly-matrix_SITE1_20261122_20261122.xlsx']);
    expect(readFileSync(made.file).length).toBe(made.bytes);
    const here = await reports.make(ask({ name: 'hourly-matrix', pointIds: [1] }), 'xlsx', null);
    expect(Buffer.from(here.contentBase64 ?? '', 'base64').equals(readFileSync(made.file))).toBe(true);
  });

  test('a folder that is none is named as such, and nothing is left behind', async () => {
    const { reports } = await desks();
    const place = folder();
    writeFileSync(join(place, 'file'), '');
    await expect(reports.make(ask({ name: 'completeness' }), 'xlsx', join(place, 'file'))).rejects.toMatchObject({
      code: 'export/folder-unavailable',
    });
    expect(readdirSync(place)).toEqual(['file']);
  });
});

/** Progress that is stopped at the step of this number, from 1; `steps` are those that were told. */
function stoppedAt(number: number) {
  const stop = new AbortController();
  const steps: WorkStep[] = [];
  const progress = progressOf(stop.signal, (step) => {
    steps.push(step);
    if (steps.length === number) stop.abort();
  });
  return { progress, steps };
}

describe('a report that is stopped', () => {
  test.each(['xlsx', 'pdf'] as const)('as %s leaves nothing in the folder, whatever it is at', async (format) => {
    const { reports } = await desks();
    const place = folder();
    const counted = stoppedAt(0);
    await reports.make(ask({ name: 'hourly-matrix' }), format, folder(), counted.progress);
    // Both points, then their sections and that of the sum; of a paper the pages, before and after.
    const parts = [1, 2, 3, 4, 5].map((done) => ({ stage: 'parts', done, of: 5 }));
    const pages = { stage: 'pages', done: 0, of: 0 };
    expect(counted.steps).toEqual(format === 'pdf' ? [...parts, pages, pages] : parts);
    for (let at = 1; at <= counted.steps.length; at += 1) {
      await expect(reports.make(ask({ name: 'hourly-matrix' }), format, place, stoppedAt(at).progress)).rejects.toMatchObject({
        code: 'api/cancelled',
      });
      expect(readdirSync(place)).toEqual([]);
    }
  });

  test('while its pages are laid out ends their thread', async () => {
    const { reports } = await desks();
    const place = folder();
    const stop = new AbortController();
    const progress = progressOf(stop.signal, ({ stage }) => {
      // The thread begins in the next turn, and needs many of them to load what it lays out with.
      if (stage === 'pages') setImmediate(() => setImmediate(() => stop.abort()));
    });
    await expect(reports.make(ask({ name: 'hourly-matrix' }), 'pdf', place, progress)).rejects.toMatchObject({ code: 'api/cancelled' });
    expect([stop.signal.aborted, readdirSync(place)]).toEqual([true, []]);
  });

  test('on the screen just stops', async () => {
    const { reports } = await desks();
    const { progress, steps } = stoppedAt(2);
    await expect(reports.build(ask({ name: 'completeness' }), progress)).rejects.toMatchObject({ code: 'api/cancelled' });
    expect(steps.map(({ stage, done, of }) => `${stage} ${done}/${of}`)).toEqual(['points 1/2', 'points 2/2']);
  });
});

describe('what people tell the reports', () => {
  test('formulas are read from text, keep their numbers by their names, and come back as text', async () => {
    const { accounts } = await desks();
    accounts.setFormulas(
      [
        { name: 'Цех', unit: 'Wh', text: 'P1 + 0.5*P2' },
        { name: 'Завод', unit: 'Wh', text: '{Цех} - P2:A-' },
      ],
      'engineer',
    );
    const before = accounts.get().formulas;
    expect(before.map(({ name, text }) => [name, text])).toEqual([
      ['Цех', 'P1 + 0.5*P2'],
      ['Завод', '{Цех} - P2:A-'],
    ]);
    const after = accounts.setFormulas([{ name: 'Завод', unit: 'Wh', text: 'P1' }], 'engineer').formulas;
    expect(after).toMatchObject([{ id: before[1]?.id, name: 'Завод', text: 'P1' }]);
  });

  test('a faulty set is refused whole, with the part of each text that is wrong', async () => {
    const { accounts, store } = await desks();
    const faultsOf = (formulas: Parameters<ReportAccountDesk['setFormulas']>[0]) => {
      try {
        accounts.setFormulas(formulas, 'engineer');
      } catch (error) {
        return (error as { context: { faults: unknown } }).context.faults;
      }
      return null;
    };
    expect(faultsOf([{ name: 'Цех', unit: 'Wh', text: 'P1 + P9' }])).toEqual([{ formula: 'Цех', code: 'unknown-point', part: 'P9' }]);
    expect(
      faultsOf([
        { name: 'А', unit: 'Wh', text: '{Б}' },
        { name: 'Б', unit: 'Wh', text: '{А}' },
      ]),
    ).toEqual([
      { formula: 'А', code: 'cycle', part: '{Б}' },
      { formula: 'Б', code: 'cycle', part: '{А}' },
    ]);
    expect(faultsOf([{ name: 'Цех', unit: 'Wh', text: 'P1:R+' }])).toEqual([{ formula: 'Цех', code: 'unit-mixed', part: 'P1:R+' }]);
    expect(store.reportData.formulas()).toEqual([]);
  });

  test('a balance takes points that are there, each channel once', async () => {
    const { accounts } = await desks();
    const member = { pointId: 1, channel: 'A+', section: 'received', ct: '0.5', vt: null, line: null, meter: '0.5' } as const;
    const set = (members: (typeof member | (Omit<typeof member, 'pointId'> & { pointId: number }))[]) => () =>
      accounts.setBalance(1, { members, transformers: [], allowed: null }, 'engineer');
    expect(set([member, member])).toThrow(/stands twice/);
    expect(set([{ ...member, pointId: 77 }])).toThrow(/no metering point/);
    expect(set([member])().balances).toMatchObject([{ substationId: 1 }]);
  });

  test('losses, balances and formulas reach the reports', async () => {
    const { accounts, site } = await desks();
    const losses = { meterStands: 'behind-boundary' as const, elements: [{ kind: 'percent' as const, active: '10', reactive: '0' }] };
    accounts.setLosses(1, [{ from: '2026-11-22T03:00:00+03:00', losses }], 'engineer');
    accounts.setBalance(1, { members: [], transformers: [], allowed: '2' }, 'engineer');
    accounts.setFormulas([{ name: 'Цех', unit: 'Wh', text: 'P1' }], 'engineer');
    const source = reportSource(site);
    expect(source.losses(1)).toEqual([{ pointId: 1, fromUtc: MIDNIGHT, losses }]);
    expect(source.losses(2)).toEqual([]);
    expect(source.balance(1)).toMatchObject({ allowed: '2' });
    expect(source.formulas()).toMatchObject([{ name: 'Цех' }]);
  });
});
