/** A person tells the program that another meter stands at a point: done while the program is down, as by its command. */
import { silentLogger } from '../../../src/main/platform/logger.ts';
import type { Clock } from '../../../src/main/platform/clock.ts';
import { openStore } from '../../../src/main/store/store.ts';

/** The main meter of the point is taken away at `atUtc`; one of this serial has its address and ratios from then on. */
export function tellReplacement(
  folder: string,
  clock: Clock,
  { pointCode, serial, atUtc }: { readonly pointCode: string; readonly serial: string; readonly atUtc: number },
): void {
  const store = openStore({ folder, clock, logger: silentLogger });
  try {
    const asBefore = { driver: null, address: null, accessLevel: null, password: null, ct: null, vt: null };
    store.plant.applyChange(
      { kind: 'replace-meter', pointCode, atUtc, serial, reason: 'chaos', ...asBefore, finalRegisters: [], firstRegisters: [] },
      180,
      'chaos',
    );
  } finally {
    store.close();
  }
}
