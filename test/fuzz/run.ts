/** `npm run proof:fuzz -- [--frames N] [--seed S]`: a JSON line for each family, exit 1 when one of them lets through what it must not. */
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { FUZZ_FAMILIES } from './families.ts';

const { values } = parseArgs({ options: { frames: { type: 'string', default: '10000000' }, seed: { type: 'string', default: '1' } } });
const frames = Number(values.frames);
const seed = Number(values.seed);
if (!Number.isInteger(frames) || frames < 1 || !Number.isInteger(seed)) throw new RangeError('--frames and --seed are whole numbers');

// Most frames end in an error: their stacks would be most of the time measured.
Error.stackTraceLimit = 0;
for (const family of FUZZ_FAMILIES) {
  const report = fuzz(family(seed), frames, seed);
  console.log(JSON.stringify(report));
  console.error(
    `${report.family}: ${report.frames} frames at ${report.framesPerSecond}/s, ${report.accepted} let through by a right checksum, ${report.beyond} beyond it, ${report.faults} faults; of random bytes ${report.chance.accepted} where chance gives ${report.chance.expected}`,
  );
  if (!report.isGood) process.exitCode = 1;
}
