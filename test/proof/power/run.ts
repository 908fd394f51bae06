/**
 * `npm run proof:power -- [--cuts N] [--seed S] [--hours H]`: a JSON line with the figures, exit 1 when something acknowledged is
 * lost or the database is broken. Needs strace (Debian package of that name) and the right to follow a process.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CHAOS_START_MS } from '../chaos/scenario.ts';
import { quickFolder } from '../folder.ts';
import { cutPower } from './power.ts';
import { canRecord, record, saveRecording } from './recording.ts';

const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    /** Simulated, of the recorded work. */
    hours: { type: 'string', default: '8' },
    points: { type: 'string', default: '3' },
    /** Keeps the recording in a file instead of cutting it. */
    save: { type: 'string' },
  },
});
const [cuts, seed, hours, pointsPerLine] = [values.cuts, values.seed, values.hours, values.points].map(Number);
if (cuts === undefined || seed === undefined || hours === undefined || pointsPerLine === undefined) throw new RangeError('figures');
if (!canRecord()) throw new Error('strace is not there or may not follow a process: apt-get install -y strace');
const folder = quickFolder('power');
try {
  const scenario = { seed, days: hours / 24, outageDays: 0, pointsPerLine, replacements: 0, hasPowerCuts: false };
  const steps = await record({ ...scenario, folder: join(folder, 'recorded'), fromMs: CHAOS_START_MS, life: 0, readsJournals: true });
  if (values.save !== undefined) saveRecording(values.save, steps);
  else {
    const report = cutPower(steps, { seed, cuts, folder: join(folder, 'cut') });
    // A disk that lies about flushing must be found out, or the cuts prove nothing.
    const lying = cutPower(steps, { seed, cuts: Math.ceil(cuts / 20), folder: join(folder, 'cut'), isLying: true });
    console.log(JSON.stringify({ ...report, withoutFlushes: { cuts: lying.cuts, losses: lying.losses, broken: lying.broken } }));
    process.exitCode = report.losses === 0 && report.broken === 0 && report.acknowledged > 0 && lying.losses > 0 ? 0 : 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
