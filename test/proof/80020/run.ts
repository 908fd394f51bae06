/** `npm run proof:80020 -- [--days N] [--seed S]`: a JSON line with the figures, exit 1 when a file is not what it must be. Needs xmllint (Debian package libxml2-utils). */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { quickFolder } from '../folder.ts';
import { proveDays } from './days.ts';

const { values } = parseArgs({ options: { days: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } } });
const [days, seed] = [Number(values.days), Number(values.seed)];
if (!Number.isInteger(days) || days < 1 || !Number.isInteger(seed)) throw new RangeError('--days and --seed are whole numbers');
const folder = quickFolder('80020');
try {
  const report = await proveDays({ days, seed, folder });
  console.log(JSON.stringify(report));
  process.exitCode = report.faults.length === 0 && report.xmllintValid === report.files ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
