/** A point without a link as scripts live with it: entered, read by people, replaced, handed on. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { feeder } from '../support/feeder-process.ts';

const HEADER = 'substation;point_code;point_name;line;driver;address;serial;password;access_level;ct_ratio;vt_ratio';

test('a meter that people read goes from the import file to the package', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-reading-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [data, file, out] = [join(folder, 'data'), join(folder, 'points.csv'), join(folder, 'out')];
  const importRows = (row: string) => {
    writeFileSync(file, [HEADER, row, ''].join('\r\n'));
    return feeder(['import', '--data', data, '--timezone', 'Europe/Moscow', file]);
  };
  expect(await importRows('ТП-1;H1;Склад;tcp:10.0.0.5:4001;manual;;77;;;200/5;1')).toMatchObject({
    code: 1,
    lines: [{ error: { code: 'import/faulty-file', details: { faults: [{ line: 2, column: 'line' }] } } }],
  });
  expect(await importRows('ТП-1;H1;Склад;;manual;;77;;;200/5;1')).toMatchObject({ code: 0, lines: [{ lines: 0, points: 1, added: 1 }] });
  expect(await importRows('ТП-1;H1;Склад;;manual;;77;;;200/5;1')).toMatchObject({ code: 0, lines: [{ added: 0, unchanged: 1 }] });

  // Nobody is asked, so nothing is open.
  expect(await feeder(['poll', '--data', data, '--until-complete'])).toMatchObject({
    code: 0,
    lines: [{ points: 1, stored: 0, open: [], lines: [] }],
  });
  expect(await feeder(['intervals', '--data', data, '--from', '2024-10-01T00:00+03:00', '--to', '2024-10-01T01:00+03:00'])).toMatchObject({
    lines: [
      { point_code: 'H1', meter_serial: '77', reason: 'unsupported' },
      { point_code: 'H1', reason: 'unsupported' },
    ],
  });

  const reading = (at: string, value: string, ...more: string[]) =>
    feeder(['reading', '--data', data, '--point', 'H1', '--at', at, '--value', value, '--author', 'Ivanov', ...more]);
  const first = await reading('2024-10-01', '1000.5');
  expect(first).toMatchObject({
    code: 1,
    lines: [{ error: { code: 'api/invalid-argument', details: { confirmation: 'nothing-to-compare' } } }],
  });
  expect(await reading('2024-10-01', '1000.5', '--confirm', 'unusual')).toMatchObject({ code: 1 });
  expect(await reading('2024-10-01', '1000.5', '--confirm', 'nothing-to-compare')).toMatchObject({
    code: 0,
    lines: [{ point_code: 'H1', at: '2024-09-30T21:00:00Z', channel: 'A+', tariff: 0, reading: '1000500', author: 'Ivanov' }],
  });
  expect(await reading('2024-11-01', '999', '--confirm', 'runs-backwards')).toMatchObject({
    code: 1,
    lines: [{ error: { details: { doubts: ['runs-backwards'], confirmation: null } } }],
  });
  expect(await reading('2024-11-01', '1031.2345')).toMatchObject({ code: 1, lines: [{ error: { code: 'api/invalid-argument' } }] });
  // 31 kWh of the meter's side times 40.
  expect(await reading('2024-11-01', '1031.5')).toMatchObject({ code: 0, lines: [{ energy: '1240000', doubts: [] }] });

  const by = ['--author', 'Ivanov', '--reason', 'act 12'];
  expect(
    await feeder(['replace-missing', '--data', data, '--month', '2024-10', '--method', 'readings-by-profile', '--approve', ...by]),
  ).toMatchObject({
    code: 0,
    lines: [{ point_code: 'H1', intervals: 1488, method: 'readings-by-profile', energy: '1240000' }],
  });
  const rowsOf = async (kind: string) => {
    const period = ['--from', '2024-10-01', '--to', '2024-10-31'];
    const made = await feeder(['export-1c', '--data', data, '--kind', kind, ...period, '--format', 'csv', '--out', join(out, kind)]);
    expect(made).toMatchObject({ code: 0 });
    const name = readdirSync(join(out, kind)).find((one) => one.endsWith('.csv')) ?? '';
    const [head = '', ...rows] = readFileSync(join(out, kind, name), 'latin1')
      .trim()
      .split('\r\n');
    const columns = head.split(';');
    return rows.map((row) => Object.fromEntries(row.split(';').map((cell, index) => [columns[index] ?? '', cell])));
  };
  expect(await rowsOf('MN')).toMatchObject([
    {
      reading_begin: '1000,500',
      reading_end: '1031,500',
      energy: '1240,000',
      energy_intervals: '1240,000',
      status: '1',
      method: 'profile',
    },
  ]);
  const readings = await rowsOf('RD');
  expect(readings.filter(({ method }) => method === 'manual')).toMatchObject([
    { moment: '01.10.2024 00:00:00', reading: '1000,500', status: '0' },
    { moment: '01.11.2024 00:00:00', reading: '1031,500', status: '0' },
  ]);
  expect(readings.filter(({ status }) => status === '2')).toHaveLength(30);
}, 120_000);
