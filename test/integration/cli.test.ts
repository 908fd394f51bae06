/** The command line from outside, against the training plant: what CLI.md promises to scripts. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/main/platform/clock.ts';
import { completePoints, polledMeters } from '../../src/main/demo/truth-check.ts';
import { createPlant, type Plant } from '../../src/main/simulator/plant.ts';
import { feeder, startFeeder } from '../support/feeder-process.ts';

const HALF_HOUR = 1800;
let folder: string;
let plant: Plant;
let data: string;
let list: string;

const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
const file = (name: string, text: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const errorOf = (lines: Record<string, unknown>[]) =>
  lines[0]?.error as { code: string; message: string; details?: Record<string, unknown> };

/** Midnight of yesterday in Moscow, which has had no season since 2014. */
const yesterdayStart = () => Math.floor((Date.now() / 1000 + 3 * 3600) / 86_400) * 86_400 - 3 * 3600 - 86_400;
const dateOf = (seconds: number) => new Date((seconds + 3 * 3600) * 1000).toISOString().slice(0, 10);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'feeder-cli-'));
  data = join(folder, 'data');
  plant = createPlant({ clock: systemClock, historyDays: 4, hasWireTime: false, latencyMs: [0, 1] });
  await plant.start();
  list = file('list.csv', plant.importFile());
});

afterAll(async () => {
  await plant.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('from an empty folder to a package', () => {
  test('settings are printed, changed in part and refused as a whole when one is wrong', async () => {
    const printed = await feeder(['settings', '--data', data]);
    expect(printed.code).toBe(0);
    expect(printed.lines[0]).toMatchObject({ site: { timeZone: 'Europe/Moscow' } });
    const changed = await feeder([
      'settings',
      '--data',
      data,
      '--set',
      file('s.json', '{"site":{"code":"LPM","inn":"7802012345","name":"Завод"}}'),
    ]);
    expect(changed).toMatchObject({ code: 0 });
    expect(changed.lines[0]).toMatchObject({ site: { code: 'LPM', inn: '7802012345', timeZone: 'Europe/Moscow' } });
    const refused = await feeder(['settings', '--data', data, '--set', file('bad.json', '{"site":{"inn":"12","kpp":"x"}}')]);
    expect(refused.code).toBe(1);
    expect(errorOf(refused.lines).code).toBe('api/invalid-argument');
    expect(errorOf(refused.lines).details?.faults).toHaveLength(2);
    const after = await feeder(['settings', '--data', data]);
    expect(after.lines).toEqual(changed.lines);
  });

  test('a faulty import file is refused whole, every fault named by line and column, no password repeated', async () => {
    const header = 'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio';
    const rows = [
      'ТП-1;P1;Ввод;tcp:127.0.0.1:4001;mercury-23x;1;10000001;;1;600/5;1',
      'ТП-1;P1;Ввод;tcp:127.0.0.1:4001;mercury-23x;300;10000002;;1;;1',
      'ТП-1;P3;Ввод;ftp:127.0.0.1;mercury-99;3;10000003;ascii:sesame;9;600/5;1',
    ];
    const refused = await feeder(['import', '--data', data, file('faulty.csv', [header, ...rows].join('\n'))]);
    expect(refused.code).toBe(1);
    const error = errorOf(refused.lines);
    expect(error.code).toBe('import/faulty-file');
    const faults = error.details?.faults as { line: number; column: string; message: string }[];
    const places = faults.map(({ line, column }) => `${line}:${column}`);
    for (const place of ['3:point_code', '3:address', '3:ct_ratio', '4:line', '4:driver', '4:access_level'])
      expect(places).toContain(place);
    expect(JSON.stringify(refused)).not.toContain('sesame');
    expect((await feeder(['intervals', '--data', data, '--from', '2026-11-01', '--to', '2026-11-02'])).lines).toEqual([]);
  });

  test('the list of the plant goes in once; the same file again changes nothing; a changed serial names the command to use', async () => {
    const first = await feeder(['import', '--data', data, '--timezone', 'Europe/Moscow', list]);
    expect(first).toMatchObject({ code: 0 });
    expect(first.lines[0]).toMatchObject({ points: 70, added: 70, unchanged: 0, lines: 4 });
    const again = await feeder(['import', '--data', data, list]);
    expect(again.lines[0]).toMatchObject({ points: 70, added: 0, unchanged: 70 });
    const serial = plant.truth.meters[0]?.serial ?? '';
    const other = await feeder(['import', '--data', data, file('other.csv', readFileSync(list, 'utf8').replace(serial, '99999999'))]);
    expect(other.code).toBe(1);
    expect(JSON.stringify(errorOf(other.lines).details)).toContain('replace-meter');
  });

  test('a poll reads two days of all meters, equal to the truth, and its summary says so', async () => {
    const startedAt = Math.floor(Date.now() / 1000);
    const poll = await feeder(['poll', '--data', data, '--until-complete', '--depth-days', '2']);
    // A meter of a plant on a busy machine may answer too late once: it is asked again.
    const said = poll.stderr.split('\n').filter((line) => line !== '' && !/meters answer|transport\/timeout/.test(line));
    const withoutDriver = plant.truth.meters.filter((meter) => !polledMeters(plant.truth).includes(meter));
    expect(said.filter((line) => !/no driver in this version/.test(line))).toEqual([]);
    expect(said.map((line) => (JSON.parse(line) as { meter: string }).meter).toSorted()).toEqual(
      withoutDriver.map(({ serial }) => serial).toSorted(),
    );
    expect(poll.code).toBe(0);
    const summary = poll.lines.at(-1) as {
      points: number;
      stored: number;
      open: unknown[];
      seconds: number;
      lines: Record<string, number>[];
    };
    expect(summary).toMatchObject({ points: 70, open: [] });
    const stored = polledMeters(plant.truth).map(({ serial, periodMin }) => {
      const to = startedAt - (startedAt % (periodMin * 60));
      return plant.truth.expectedStarts(serial, to - 2 * 86_400, to).length;
    });
    expect(summary.stored).toBe(stored.reduce((sum, count) => sum + count));
    expect(summary.lines).toHaveLength(4);
    for (const line of summary.lines) {
      expect(line.exchanges).toBeGreaterThan(100);
      expect(line.busy_share).toBeGreaterThan(0);
      expect(line.busy_share).toBeLessThanOrEqual(1);
    }
  });

  test('intervals are listed by point, then start, exact on both sides, each equal to what the meter counted', async () => {
    const from = yesterdayStart();
    const listed = await feeder(['intervals', '--data', data, '--from', dateOf(from), '--to', isoOf(from + 86_400)]);
    expect(listed.code).toBe(0);
    const codes = listed.lines.map((line) => String(line.point_code));
    expect(codes).toEqual([...codes].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    for (const meter of plant.truth.meters) {
      const rows = listed.lines.filter((line) => line.point_code === meter.pointCode);
      const isRead = polledMeters(plant.truth).includes(meter) && meter.intervals !== 'registers';
      const lengthS = isRead ? meter.periodMin * 60 : HALF_HOUR;
      expect(rows.map((row) => row.intervalStart)).toEqual(
        Array.from({ length: 86_400 / lengthS }, (_, slot) => isoOf(from + slot * lengthS)),
      );
      for (const row of rows) {
        const truth = isRead ? plant.truth.interval(meter.serial, Date.parse(String(row.intervalStart)) / 1000) : null;
        if (truth === null) {
          expect(row.counts).toMatchObject({ 'A+': null });
          expect(row.reason).not.toBeNull();
          continue;
        }
        expect(row.counts).toEqual(truth);
        expect(row).toMatchObject({ meter_serial: meter.serial, minutes: lengthS / 60, reason: null });
        const secondary = (row.secondary as Record<string, string>)['A+'];
        expect(Number(secondary)).toBeCloseTo((truth?.['A+'] ?? 0) / (2 * meter.constant), 9);
        const ratio = (meter.ct.primary / meter.ct.secondary) * (meter.vt.primary / meter.vt.secondary);
        expect(Number((row.primary as Record<string, string>)['A+'])).toBeCloseTo(Number(secondary) * ratio, 6);
      }
    }
  });

  test('days that were not asked for are absent with a reason, never zero', async () => {
    const from = yesterdayStart() - 3 * 86_400;
    const code = plant.truth.meters[0]?.pointCode ?? '';
    const listed = await feeder(['intervals', '--data', data, '--from', dateOf(from), '--to', dateOf(from + 86_400), '--point', code]);
    expect(listed.lines).toHaveLength(48);
    for (const line of listed.lines) {
      expect(line).toMatchObject({ reason: 'not-read', counts: { 'A+': null, 'A-': null, 'R+': null, 'R-': null } });
    }
  });

  test('registers are whole Wh equal to the truth, by kind and tariff', async () => {
    const listed = await feeder(['registers', '--data', data]);
    expect(listed.code).toBe(0);
    const serial = plant.truth.meters[3]?.serial ?? '';
    const rows = listed.lines.filter((line) => line.meter_serial === serial && line.kind !== 'now');
    expect(new Set(rows.map((row) => row.kind))).toEqual(new Set(['day-start', 'month-start', 'year-start']));
    let compared = 0;
    for (const row of rows) {
      const moment = Date.parse(String(row.moment)) / 1000;
      const truth = plant.truth.register(serial, row.kind as 'day-start', moment, row.tariff as number);
      if (truth === null) continue;
      compared += 1;
      expect(row['A+']).toBe(truth['A+'] === null ? null : String(truth['A+']));
      expect(row['R+']).toBe(truth['R+'] === null ? null : String(truth['R+']));
    }
    expect(compared).toBeGreaterThanOrEqual(5);
  });

  test('live values carry unit, side and age', async () => {
    const listed = await feeder(['live', '--data', data]);
    expect(listed.lines).toHaveLength(70);
    expect(listed.lines[0]).toMatchObject({
      stale: expect.any(Boolean),
      values: { P: { unit: 'W', side: 'secondary' }, U1: { unit: 'V' } },
    });
    const polled = new Set(polledMeters(plant.truth).map(({ pointCode }) => pointCode));
    for (const line of listed.lines) {
      if (polled.has(String(line.point_code))) expect(line.age_s).toBeGreaterThanOrEqual(0);
      else expect(line.age_s).toBeNull();
    }
  });

  test('why leads from an interval to the bytes that brought it', async () => {
    const meter = plant.truth.meters[7];
    const at = yesterdayStart() + 12 * 3600 + 600;
    const result = await feeder(['why', '--data', data, '--point', meter?.pointCode ?? '', '--at', isoOf(at)]);
    expect(result.code).toBe(0);
    const why = result.lines[0] as {
      interval: { intervalStart: string; counts: unknown };
      exchange: { response: string; fields: { name: string; value: string }[] };
    };
    expect(why.interval.intervalStart).toBe(isoOf(at - 600));
    expect(why.interval.counts).toEqual(plant.truth.interval(meter?.serial ?? '', at - 600));
    expect(why.exchange.response).toMatch(/^([0-9A-F]{2} )+[0-9A-F]{2}$/);
    expect(why.exchange.fields.length).toBeGreaterThan(5);
  });

  test('gaps of a complete poll are none that could still be filled', async () => {
    const listed = await feeder(['gaps', '--data', data]);
    expect(listed.code).toBe(0);
    for (const line of listed.lines) expect(line.state).toBe('proven-absent');
  });

  test('a package of intervals is a cp1251 file with its flag, and its sum is that of the rows', async () => {
    const day = dateOf(yesterdayStart());
    const out = join(folder, 'out');
    const made = await feeder(['export-1c', '--data', data, '--kind', 'IV', '--from', day, '--to', day, '--format', 'csv', '--out', out]);
    expect(made.code).toBe(0);
    expect(made.lines[0]).toMatchObject({ number: 1, kind: 'IV', state: 'delivered' });
    const names = readdirSync(out).sort();
    const base = `EN_LPM_IV_${day.replaceAll('-', '')}_${day.replaceAll('-', '')}_00000001`;
    expect(names).toEqual([`${base}.csv`, `${base}.ok`]);
    const bytes = readFileSync(join(out, `${base}.csv`));
    const flag = new Map(
      readFileSync(join(out, `${base}.ok`), 'utf8')
        .split('\n')
        .map((line) => line.split('=') as [string, string]),
    );
    expect(flag.get(`sha256.${base}.csv`)).toBe(createHash('sha256').update(bytes).digest('hex'));
    const [header = '', ...rows] = new TextDecoder('windows-1251')
      .decode(bytes)
      .split('\r\n')
      .filter((line) => line !== '');
    const columns = header.split(';');
    const cells = rows.map((row) => row.split(';'));
    const sum = cells.reduce((total, row) => total + BigInt((row[columns.indexOf('energy')] ?? '').replace(',', '') || 0), 0n);
    // Rows without a figure: points without a load profile, and meters that no driver reads.
    const lacking = cells.filter((row) => row[columns.indexOf('energy')] === '');
    const complete = completePoints(plant.truth, yesterdayStart(), yesterdayStart() + 86_400);
    expect(lacking.filter((row) => complete.has(row[columns.indexOf('point_code')] ?? ''))).toEqual([]);
    // Beside them those that a moved clock or a power cut left incomplete.
    const unsound = cells.filter((row) => row[columns.indexOf('status')] === '2');
    expect(lacking.every((row) => unsound.includes(row))).toBe(true);
    expect(made.lines[0]?.missingRows).toBe(unsound.length);
    expect(flag.get('control_sum')).toBe(`${sum / 1000n}.${String(sum % 1000n).padStart(3, '0')}`);
    expect(flag.get('rows')).toBe(String(rows.length));
    const readings = await feeder([
      'export-1c',
      '--data',
      data,
      '--kind',
      'RD',
      '--from',
      day,
      '--to',
      day,
      '--format',
      'csv',
      '--out',
      out,
    ]);
    expect(readings.lines[0]).toMatchObject({ number: 2, kind: 'RD', state: 'delivered' });
    expect(readdirSync(out).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('all kinds and formats are made, a dry run tells what differs from what was sent and leaves no trace', async () => {
    const day = dateOf(yesterdayStart());
    const out = join(folder, 'kinds');
    const ask = (kind: string, ...more: string[]) =>
      feeder(['export-1c', '--data', data, '--kind', kind, '--from', day, '--to', day, ...more]);
    for (const [kind, format] of [
      ['RF', 'json'],
      ['DY', 'xml'],
      ['IV', 'dbf'],
      ['RD', 'xlsx'],
    ] as const) {
      const made = await ask(kind, '--format', format, '--out', out);
      expect(made.lines[0]).toMatchObject({ kind, formats: [format], mode: 'full', state: 'delivered', ack: null });
    }
    const names = readdirSync(out);
    const dry = await ask('IV', '--dry-run');
    expect([dry.code, dry.lines.length]).toEqual([0, 1]);
    expect(dry.lines[0]).toMatchObject({
      dryRun: true,
      kind: 'IV',
      isFirst: false,
      changes: { new: 0, changed: 0, withdrawn: 0 },
      held: 0,
    });
    const delta = await ask('IV', '--mode', 'delta', '--format', 'csv', '--out', out);
    expect(errorOf(delta.lines).code).toBe('api/conflict');
    expect(errorOf((await ask('IV', '--receiver', 'shop', '--dry-run')).lines).code).toBe('api/not-found');
    expect(readdirSync(out)).toEqual(names);
  });
});

describe('one meter and single frames', () => {
  test('probe says what a meter is and holds', async () => {
    const meter = plant.truth.meters[0];
    const line =
      readFileSync(list, 'utf8')
        .split('\n')
        .find((row) => row.includes(meter?.serial ?? '-'))
        ?.split(';')[3] ?? '';
    const probe = await feeder(['probe', line, String(meter?.address)]);
    expect(probe.code).toBe(0);
    expect(probe.lines[0]).toMatchObject({ serial: meter?.serial, constant_imp_per_kwh: meter?.constant, has_profile: true, reasons: {} });
    const profile = probe.lines[0]?.profile as { last: { intervalStart: string; counts: unknown } };
    expect(profile.last.counts).toEqual(plant.truth.interval(meter?.serial ?? '', Date.parse(profile.last.intervalStart) / 1000));
  });

  test('probe of an address where nobody is ends with a time-out error', async () => {
    const line = readFileSync(list, 'utf8').split('\n')[1]?.split(';')[3] ?? '';
    const used = new Set(plant.truth.meters.map(({ address }) => address));
    const free = Array.from({ length: 240 }, (_, index) => index + 1).find((address) => !used.has(address));
    const probe = await feeder(['probe', line, String(free)]);
    expect(probe.code).toBe(1);
    expect(errorOf(probe.lines).code).toBe('transport/timeout');
  });

  test('decode explains frames line by line, and a bad line is a result', async () => {
    const stdin = [
      JSON.stringify({ request: '00 05 00 00 10 25', response: '00 30 00 28 C5 FF FF FF FF 04 00 9C 95 FF FF FF FF 44 AB' }),
      'not json',
      JSON.stringify({ request: '80 08 00 77 E8', response: '80 29 5A 40 43 16 06 14 0A 74' }),
    ].join('\n');
    const decoded = await feeder(['decode', '--driver', 'mercury-23x', '--stdin'], { stdin });
    expect(decoded.code).toBe(0);
    expect(decoded.lines).toHaveLength(3);
    const fields = (decoded.lines[0]?.fields ?? []) as { name: string; value: string | null; unit: string; bytes: number[]; in: string }[];
    expect(fields.find(({ name }) => name === 'energy.A+')).toEqual({
      name: 'energy.A+',
      value: '3196200',
      unit: 'Wh',
      bytes: [1, 4],
      in: 'response',
    });
    expect(fields.find(({ name }) => name === 'energy.A-')?.value).toBeNull();
    expect(decoded.lines[1]).toMatchObject({ ok: false, error: { code: 'api/invalid-argument' } });
    expect(decoded.lines[2]).toMatchObject({ ok: false, error: { code: 'transport/bad-checksum' } });
  });

  test('decode explains frames of the driver that it is told', async () => {
    const stdin = JSON.stringify({ request: '00 06 47 5E 63 EC D4', response: '00 06 47 5E 63 23 58 02 64 00 05 88 45 C6' });
    const decoded = await feeder(['decode', '--driver', 'mercury-200', '--stdin'], { stdin });
    expect(decoded.lines).toHaveLength(1);
    expect(decoded.lines[0]?.fields).toContainEqual({ name: 'U1', value: '235.8', unit: 'V', bytes: [5, 2], in: 'response' });
  });
});

describe('what is refused', () => {
  test.each([
    [['no-such-command'], 'api/invalid-argument'],
    [['intervals', '--data', 'x', '--frm', '2026-01-01'], 'api/invalid-argument'],
    [['intervals', '--data', '/nonexistent-feeder-data', '--from', '2026-01-01', '--to', '2026-01-02'], 'api/not-found'],
    [['import', '--data', 'x', '/nonexistent.csv'], 'api/invalid-argument'],
    [['probe', 'tcp:127.0.0.1', '1'], 'api/invalid-argument'],
    [['probe', 'tcp:127.0.0.1:9', '500'], 'api/invalid-argument'],
    [['decode', '--driver', 'mercury-99', '--stdin'], 'api/invalid-argument'],
    [['probe', 'tcp:127.0.0.1:9', '0', '--driver', 'mercury-200'], 'api/invalid-argument'],
    [['probe', 'tcp:127.0.0.1:9', '4294967296', '--driver', 'mercury-200'], 'api/invalid-argument'],
  ])('%j ends with a typed error and exit 1', async (args, code) => {
    const result = await feeder(args);
    expect(result.code).toBe(1);
    expect(result.lines).toHaveLength(1);
    expect(errorOf(result.lines).code).toBe(code);
  });

  test('a period without an offset, an unknown point and a kind of a later version are named', async () => {
    const inexact = await feeder(['intervals', '--data', data, '--from', '2026-11-22T00:00', '--to', '2026-11-23']);
    expect(errorOf(inexact.lines).code).toBe('api/invalid-argument');
    const unknown = await feeder(['intervals', '--data', data, '--from', '2026-11-22', '--to', '2026-11-23', '--point', 'NOPE']);
    expect(errorOf(unknown.lines).code).toBe('api/not-found');
    const later = await feeder([
      'export-1c',
      '--data',
      data,
      '--kind',
      'MN',
      '--from',
      '2026-11-01',
      '--to',
      '2026-11-01',
      '--format',
      'csv',
      '--out',
      join(folder, 'none'),
    ]);
    // One day is no month.
    expect(errorOf(later.lines).code).toBe('api/invalid-argument');
    expect(readdirSync(folder)).not.toContain('none');
  });

  test('a second writer is refused while the service runs, reading goes on', async () => {
    const service = startFeeder(['run', '--data', data, '--port', '0']);
    try {
      const ready = (await service.ready) as { ready: boolean; url: string; tokenFile: string };
      expect(ready.ready).toBe(true);
      expect(await (await fetch(`${ready.url}/api/health`)).json()).toEqual({ ok: true });
      const second = await feeder(['poll', '--data', data, '--until-complete']);
      expect(second.code).toBe(1);
      expect(errorOf(second.lines).code).toBe('store/in-use');
      expect((await feeder(['gaps', '--data', data])).code).toBe(0);
      const token = readFileSync(ready.tokenFile, 'utf8').trim();
      const status = await fetch(`${ready.url}/api/call/system.status`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
      expect(await status.json()).toMatchObject({ ok: true, data: { points: 70, isPolling: true } });
      expect((await fetch(`${ready.url}/api/call/system.status`, { method: 'POST' })).status).toBe(401);
    } finally {
      expect(await service.end()).toBe(0);
    }
  });

  test('a meter is replaced from a moment on: first shown, then done, the history stays with the former one', async () => {
    const day = dateOf(yesterdayStart() + 86_400);
    const code = String((await feeder(['live', '--data', data])).lines[0]?.point_code);
    const before = (await feeder(['registers', '--data', data, '--point', code])).lines.filter(({ kind }) => kind === 'now');
    const newest = Math.max(...before.filter(({ tariff }) => tariff === 0).map((row) => Number(row['A+'])));
    const final = file('final.json', JSON.stringify([{ tariff: 0, 'A+': String(newest + 5) }]));
    const first = file('first.json', '{"tariff":0,"A+":"7","A-":null,"R+":"0","R-":null,"meter_serial":"40999999"}');
    const moment = ['--point', code, '--at', `${day}T00:00+03:00`, '--serial', '40999999'];
    const dry = await feeder(['replace-meter', '--data', data, ...moment, '--final', final, '--first', first, '--dry-run']);
    expect(dry).toMatchObject({ code: 0, lines: [{ done: false, opens: { meterSerial: '40999999' } }] });
    const low = file('low.json', '[{"tariff":0,"A+":"1"}]');
    const refused = await feeder(['replace-meter', '--data', data, ...moment, '--final', low, '--first', first]);
    expect(errorOf(refused.lines)).toMatchObject({ code: 'api/invalid-argument', details: { stored: expect.any(String) } });
    const foreign = await feeder([
      'replace-meter',
      '--data',
      data,
      ...moment,
      '--final',
      final,
      '--first',
      file('f.json', '{"tariff":0,"meter_serial":"1"}'),
    ]);
    expect(errorOf(foreign.lines).code).toBe('api/invalid-argument');
    expect((await feeder(['replace-meter', '--data', data, ...moment, '--final', final, '--first', first])).code).toBe(0);
    const to = isoOf(yesterdayStart() + 86_400 + HALF_HOUR);
    const rows = (await feeder(['intervals', '--data', data, '--from', isoOf(yesterdayStart()), '--to', to, '--point', code])).lines;
    expect(rows.slice(0, 48).every(({ reason, meter_serial }) => reason === null && meter_serial !== '40999999')).toBe(true);
    const off = ['point-off', '--data', data, '--point', code, '--at', `${day}T00:00+03:00`];
    expect(errorOf((await feeder([...off, '--reason', 'repair'])).lines).code).toBe('api/invalid-argument');
    expect(errorOf((await feeder(off)).lines).code).toBe('api/invalid-argument');
  });

  test('a reader that has seen enough ends a long list without a word', async () => {
    const range = `--from ${isoOf(yesterdayStart() - 40 * 86_400)} --to ${isoOf(yesterdayStart() + 86_400)}`;
    const bin = fileURLToPath(new URL('../../bin/feeder.mjs', import.meta.url));
    const line = `"${process.execPath}" "${bin}" intervals --data "${data}" ${range} | head -n 1`;
    const result = spawnSync('bash', ['-o', 'pipefail', '-c', line], { encoding: 'utf8' });
    expect(result.stderr).toBe('');
    expect(JSON.parse(result.stdout)).toHaveProperty('point_code');
  });

  test('on an older Node the program says so in one sentence', async () => {
    const text = readFileSync(new URL('../../bin/feeder.mjs', import.meta.url), 'utf8').replaceAll('process.versions.node', "'20.1.0'");
    const old = file('old.mjs', text);
    const result = spawnSync(process.execPath, [old, '--version'], { encoding: 'utf8' });
    expect(result.status).toBe(1);
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'platform/old-node' } });
    expect(result.stderr).toBe('');
  });
});
