/** `npm run proof:kill -- [--times N] [--seed S]`: a JSON line with the figures, exit 1 when something acknowledged is lost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runKills } from './kill.ts';

const { values } = parseArgs({ options: { times: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } } });
const [times, seed] = [Number(values.times), Number(values.seed)];
if (!Number.isInteger(times) || times < 1 || !Number.isInteger(seed)) throw new RangeError('--times and --seed are whole numbers');
const folder = mkdtempSync(join(tmpdir(), 'feeder-kill-'));
try {
  const report = await runKills({ seed, times, folder }, (text) => console.error(text));
  console.log(JSON.stringify(report));
  process.exitCode = report.isGood ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
