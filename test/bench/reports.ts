/** A month of hours of seventy points as a workbook of 71 sheets: time against the same bytes written plain, and the longest turn. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { deflateRawSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { reportRequest } from '../../src/shared/api/reports.ts';
import { makeDocument } from '../../src/main/reports/catalog.ts';
import { writeReport } from '../../src/main/reports/print/file.ts';
import { installation, interval, meter, plant, point, utc } from '../unit/metering/plant.ts';
import { MemoryReportSource } from '../unit/reports/support.ts';
import { type Figure, timed } from './figure.ts';

const POINTS = 70;
const ROUNDS = 3;
const REQUEST = reportRequest.parse({ name: 'hourly-matrix', from: '2026-10-01', to: '2026-10-31' });

function month(): MemoryReportSource {
  const ids = Array.from({ length: POINTS }, (_, index) => index + 1);
  const source = new MemoryReportSource(
    plant({
      points: ids.map((id) => point(id)),
      meters: ids.map((id) => meter(id)),
      installations: ids.map((id) => installation(id, id, { ct: { primary: 600, secondary: 5 } })),
    }),
  );
  const [fromUtc, toUtc] = [utc('2026-09-30T21:00:00Z'), utc('2026-10-31T21:00:00Z')];
  for (const id of ids) {
    const starts = Array.from({ length: (toUtc - fromUtc) / 1800 }, (_, index) => fromUtc + index * 1800);
    // Figures that do not repeat: a file of equal ones would be written in no time.
    const count = (start: number) => Math.imul(start / 1800 + id * 7919, 0x9e3779b1) >>> 18;
    source.profile.set(
      id,
      starts.map((start) => interval(start, { 'A+': count(start), 'R+': count(start + 3) })),
    );
  }
  return source;
}

export async function reportFigures(folder: string): Promise<Figure[]> {
  mkdirSync(folder);
  const source = month();
  const file = join(folder, 'report.xlsx');
  let [reportMs, plainMs, longestMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round += 1) {
    const delays = monitorEventLoopDelay({ resolution: 2 });
    delays.enable();
    const startedAt = performance.now();
    const bytes = await written(source, file);
    reportMs = Math.min(reportMs, performance.now() - startedAt);
    delays.disable();
    longestMs = Math.min(longestMs, delays.max / 1e6);
    const parts = Object.values(unzipSync(bytes));
    plainMs = Math.min(
      plainMs,
      timed(() => {
        const handle = openSync(`${file}.plain`, 'w');
        for (const part of parts) writeSync(handle, deflateRawSync(part));
        closeSync(handle);
      }),
    );
  }
  const limit = `${POINTS} points, ${Math.round(reportMs)} ms`;
  return [
    {
      name: 'hourly month as XLSX, 70 points',
      value: plainMs / reportMs,
      unit: 'of the same parts deflated and written',
      limit,
      goal: '>= 0.05',
    },
    { name: 'the same: seconds', value: reportMs / 1000, unit: 's', limit, goal: '<= 5' },
    { name: 'the same: longest turn', value: longestMs, unit: 'ms in which nothing else ran', limit, goal: '<= 100' },
  ];
}

async function written(source: MemoryReportSource, file: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const handle = await open(file, 'w');
  await writeReport(makeDocument(source, REQUEST), 'xlsx', source, {
    write: async (bytes) => {
      parts.push(bytes.slice());
      await handle.writeFile(bytes);
    },
  });
  await handle.close();
  return Buffer.concat(parts);
}
