/** Rows of the files for 1C: time against the same bytes written plain, and what a process grows by while it writes. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { encodeText } from '../../src/main/export/file/encoding.ts';
import { type Figure, timed } from './figure.ts';
import { HALF_HOURS_OF_YEAR } from './interval-table.ts';

const ROUNDS = 3;
const CHUNK_BYTES = 100_000;
const MB = 2 ** 20;
/** 200,000 rows. */
const [POINTS, HALF_HOURS] = [100, 2000];

interface Cost {
  readonly elapsedMs: number;
  readonly growthBytes: number;
}

function written(format: 'csv' | 'xlsx', points: number, halfHours: number, file: string): Cost {
  const child = fileURLToPath(new URL('files.child.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [child, format, String(points), String(halfHours), file], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Cost;
}

export function fileFigures(folder: string): Figure[] {
  mkdirSync(folder);
  const year = written('csv', 70, HALF_HOURS_OF_YEAR, join(folder, 'year.csv'));
  return [
    ...formatFigures('csv', join(folder, 'rows.csv'), 'the same text encoded and written', '>= 0.05', (bytes, file) => {
      const text = new TextDecoder('windows-1251').decode(bytes);
      const lots = Array.from({ length: Math.ceil(text.length / CHUNK_BYTES) }, (_, at) =>
        text.slice(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES),
      );
      return () =>
        writePlain(
          lots.map((lot) => encodeText(lot, 'windows-1251')),
          file,
        )();
    }),
    ...formatFigures('xlsx', join(folder, 'rows.xlsx'), 'the same parts deflated and written', '>= 0.3', (bytes, file) => {
      // What is measured is deflating and writing: the parts are there before the time runs.
      const parts = Object.values(unzipSync(bytes));
      return () =>
        writePlain(
          parts.map((part) => deflateRawSync(part)),
          file,
        )();
    }),
    {
      name: 'a year of 70 points as CSV: memory',
      value: year.growthBytes / MB,
      unit: 'MB more resident',
      limit: `${70 * HALF_HOURS_OF_YEAR} rows in ${(year.elapsedMs / 1000).toFixed(1)} s`,
      goal: '<= 150',
    },
  ];
}

/** The writer and the plain way by turns, the best of each: a neighbour on the machine takes time from either. */
function formatFigures(
  format: 'csv' | 'xlsx',
  file: string,
  limit: string,
  goal: string,
  plain: (bytes: Uint8Array, file: string) => () => void,
): Figure[] {
  let [writerMs, plainMs, growthBytes] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const cost = written(format, POINTS, HALF_HOURS, file);
    writerMs = Math.min(writerMs, cost.elapsedMs);
    growthBytes = Math.max(growthBytes, cost.growthBytes);
    plainMs = Math.min(plainMs, timed(plain(readFileSync(file), `${file}.plain`)));
  }
  const rows = `${POINTS * HALF_HOURS} rows in ${Math.round(writerMs)} ms`;
  return [
    { name: `200,000 rows as ${format.toUpperCase()}`, value: plainMs / writerMs, unit: `of ${limit}`, limit: rows, goal },
    {
      name: `200,000 rows as ${format.toUpperCase()}: memory`,
      value: growthBytes / MB,
      unit: 'MB more resident',
      limit: rows,
      goal: '<= 100',
    },
  ];
}

function writePlain(parts: readonly Uint8Array[], file: string): () => void {
  return () => {
    const handle = openSync(file, 'w');
    for (const part of parts) {
      for (let at = 0; at < part.length; at += CHUNK_BYTES) writeSync(handle, part.subarray(at, at + CHUNK_BYTES));
    }
    closeSync(handle);
  };
}
