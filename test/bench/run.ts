/** `npm run bench`: each figure as a ratio to a limit measured in the same run. JSON lines on stdout, a table on stderr. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandOf } from '../../src/main/protocol/mercury/commands.ts';
import { crc16 } from '../../src/main/protocol/mercury/crc.ts';
import { encodeFrame, frameData } from '../../src/main/protocol/mercury/frame.ts';
import { type Figure, timed } from './figure.ts';
import { fileFigures } from './files.ts';
import { lineFigures } from './lines.ts';
import { packageFigures } from './package.ts';
import { screenFigures } from './screens.ts';
import { reportFigures } from './reports.ts';
import { searchFigures } from './search.ts';
import { loadFigures, startFigure } from './service.ts';
import { storeFigures } from './store.ts';

/** A day of one meter: 17-record reads for two days, registers by tariff, instantaneous blocks every 15 s, the clock, its journals, its status. */
function parseFigure(): Figure {
  const records = Uint8Array.from(
    { length: 255 },
    (_, index) => [0x08, 0x10, 0x30, 0x24, 0x11, 0x26, 0x1e, 0x34, 0x12, 0xff, 0xff, 0x11, 0x01, 0xff, 0xff][index % 15] ?? 0,
  );
  const mix: { readonly body: Uint8Array; readonly frame: Uint8Array }[] = [];
  const add = (times: number, body: readonly number[], data: Uint8Array) => {
    for (let copy = 0; copy < times; copy += 1) mix.push({ body: Uint8Array.from(body), frame: encodeFrame(1, data) });
  };
  add(6, [0x06, 0x03, 0x00, 0x10, 0xff], records);
  add(240, [0x05, 0x00, 0x00], Uint8Array.from([0x30, 0, 0x28, 0xc5, 0xff, 0xff, 0xff, 0xff, 4, 0, 0x9c, 0x95, 0xff, 0xff, 0xff, 0xff]));
  add(5760, [0x08, 0x16, 0xa0], new Uint8Array(95).fill(0x11));
  add(96, [0x04, 0x00], Uint8Array.from([0x43, 0x14, 0x16, 0x03, 0x27, 0x02, 0x08, 0x01]));
  add(4, [0x08, 0x0a], Uint8Array.from([0, 0, 0, 0, 0x04, 0]));
  const times = Uint8Array.from({ length: 120 }, (_, index) => [0x01, 0x53, 0x07, 0x01, 0x02, 0x08][index % 6] ?? 0);
  for (const journal of [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x13, 0x14]) add(2, [0x04, journal, 0xfe], times);
  for (const journal of [0x07, 0x09, 0x0a]) add(2, [0x04, journal, 0xfe], times.subarray(0, 60));
  // Both by turns and the best of each: a neighbour on the machine takes time from either, and proves nothing of the code.
  let [bare, parsed] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < 40; round += 1) {
    bare = Math.min(
      bare,
      timed(() => {
        for (const { frame } of mix) crc16(frame);
      }),
    );
    parsed = Math.min(
      parsed,
      timed(() => {
        for (const { body, frame } of mix) {
          crc16(frame);
          commandOf(body)?.parse(frameData(frame));
        }
      }),
    );
  }
  return {
    name: 'parse of a day of responses',
    value: bare / parsed,
    unit: 'of a bare CRC pass over the same bytes',
    limit: `${bare.toFixed(2)} ms`,
    goal: '>= 0.4',
  };
}

const folder = mkdtempSync(join(tmpdir(), 'feeder-bench-'));
const groups: readonly (() => Promise<readonly Figure[]>)[] = [
  async () => [parseFigure()],
  () => storeFigures(folder),
  lineFigures,
  searchFigures,
  async () => fileFigures(join(folder, 'files')),
  () => packageFigures(join(folder, 'package')),
  () => reportFigures(join(folder, 'reports')),
  async () => [await startFigure(join(folder, 'start'))],
  () => screenFigures(join(folder, 'screens')),
  () => loadFigures(join(folder, 'load')),
];
try {
  for (const group of groups) {
    for (const figure of await group()) {
      const value = Math.round(figure.value * 100) / 100;
      console.log(JSON.stringify({ ...figure, value }));
      console.error(
        `${figure.name.padEnd(36)} ${String(value).padStart(8)} ${figure.unit}   goal ${figure.goal}   (limit: ${figure.limit})`,
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
