/**
 * A process that owns a data folder: `hold` keeps it, `write` stores one interval after the other for ever and prints the
 * number of each one that was acknowledged. Started and killed by the tests.
 */
import { writeSync } from 'node:fs';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { openStore } from '../../../src/main/store/store.ts';

const [folder = '', mode = '', first = '0', at = '0'] = process.argv.slice(2);
const store = openStore({ folder, clock: systemClock, logger: silentLogger });
writeSync(1, 'ready\n');
if (mode === 'hold') systemClock.after(3_600_000, () => {});
else {
  for (let n = Number(first); ; n += 5) {
    const commits = [n, n + 1, n + 2, n + 3, n + 4].map((index) => {
      const startUtc = Number(at) + index * 1800;
      const frame = Uint8Array.from({ length: 258 }, (_, byte) => (byte + index) & 0xff);
      return store.commit({
        meterId: 1,
        atUtc: startUtc,
        exchanges: [
          {
            label: `profile ${index}`,
            request: frame.subarray(0, 8),
            response: frame,
            received: frame,
            sentAtMs: startUtc * 1000,
            firstByteMs: 1,
            durationMs: 2,
            attempt: 1,
          },
        ],
        intervals: [
          { startUtc, lengthS: 1800, counts: { 'A+': index, 'A-': null, 'R+': index * 2, 'R-': null }, flags: [], source: 'profile' },
        ],
      });
    });
    await store.flush();
    await Promise.all(commits);
    writeSync(1, `${n + 4}\n`);
  }
}
