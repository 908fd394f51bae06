/** `npm run proof:80020 -- [--days N] [--mutations M] [--seed S]`: a JSON line with the figures, exit 1 when a file is not what it must be. Needs xmllint (Debian package libxml2-utils). */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Chance } from '../chance.ts';
import { quickFolder } from '../folder.ts';
import { proveDays } from './days.ts';
import { proveMutations } from './mutations.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '1000' },
    mutations: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
});
const [days, times, seed] = [Number(values.days), Number(values.mutations), Number(values.seed)];
if (![days, times, seed].every(Number.isInteger) || days < 1) throw new RangeError('--days, --mutations and --seed are whole numbers');
const folder = quickFolder('80020');
try {
  const report = await proveDays({ days, seed, folder });
  // Most mutations end in an error: their stacks would be most of the time.
  Error.stackTraceLimit = 0;
  const mutations = await proveMutations(new Chance(seed), times);
  console.log(JSON.stringify({ ...report, mutations }));
  process.exitCode = report.faults.length === 0 && report.xmllintValid === report.files && mutations.faults.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
