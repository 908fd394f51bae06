/** Writes one file of half-hours in a process of its own; its last line says what it cost. Arguments: format, points, half-hours, file. */
import { open } from 'node:fs/promises';
import { writeCsv } from '../../src/main/export/file/csv.ts';
import type { ByteSink } from '../../src/main/export/file/sink.ts';
import { writeTableXlsx } from '../../src/main/export/file/xlsx-table.ts';
import { intervalTable } from './interval-table.ts';

const [format = '', points = '0', halfHours = '0', file = ''] = process.argv.slice(2);
const table = intervalTable(Number(points), Number(halfHours));
const handle = await open(file, 'w');
const before = process.memoryUsage.rss();
let most = before;
const sink: ByteSink = {
  write: async (bytes) => {
    await handle.writeFile(bytes);
    most = Math.max(most, process.memoryUsage.rss());
  },
};
const startedAt = performance.now();
if (format === 'csv') await writeCsv(table, sink, { encoding: 'windows-1251', separator: ';', decimal: ',' });
else {
  const made = { utc: 0, offsetMin: 180 };
  await writeTableXlsx({ header: { columns: [], cells: [] }, table }, sink, { sheet: 'Данные', headerSheet: 'Пакет', made });
}
const elapsedMs = performance.now() - startedAt;
await handle.close();
console.log(JSON.stringify({ elapsedMs, growthBytes: most - before }));
