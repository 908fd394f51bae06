/** Cuts a recording at points of chance and opens what the disk would hold then, as the product opens it after a loss of power. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { DATABASE_FILE } from '../../../src/main/store/database.ts';
import { openStore, type Store } from '../../../src/main/store/store.ts';
import { asAppError } from '../../../src/shared/api/errors.ts';
import { Chance } from '../chance.ts';
import type { FileStep } from './recording.ts';
import { TornDisk } from './torn-disk.ts';

export interface PowerReport {
  readonly seed: number;
  readonly cuts: number;
  readonly steps: number;
  readonly flushes: number;
  readonly acknowledged: number;
  /** Cuts after which an acknowledged interval was gone or had other figures. */
  readonly losses: number;
  /** Cuts after which the database was not whole or did not open. */
  readonly broken: number;
  readonly faults: readonly string[];
}

/** `folder` is for the databases; it is emptied for each of them. */
export function cutPower(
  steps: readonly FileStep[],
  options: { readonly seed: number; readonly cuts: number; readonly folder: string; readonly isLying?: boolean },
): PowerReport {
  const { seed, folder, isLying = false } = options;
  const chance = new Chance(seed);
  const cuts = Array.from({ length: options.cuts }, () => chance.whole(0, steps.length)).sort((a, b) => a - b);
  const whole = new TornDisk({ isLying: false });
  for (const step of steps) whole.apply(step);
  const figures = figuresIn(whole.image(new Chance(0)), folder).figures;
  const disk = new TornDisk({ isLying });
  const acknowledged = new Set<string>();
  const faults: string[] = [];
  let [done, losses, broken] = [0, 0, 0];
  for (const at of cuts) {
    for (; done < at; done += 1) {
      const step = steps[done];
      if (step === undefined) break;
      disk.apply(step);
      if (step.kind === 'acknowledged') for (const key of step.keys) acknowledged.add(key);
    }
    const { figures: found, fault } = figuresIn(disk.image(chance), folder);
    const lost = [...acknowledged].filter((key) => found.get(key) !== figures.get(key));
    if (fault !== null) broken += 1;
    if (lost.length > 0) losses += 1;
    if (fault !== null) faults.push(`cut at ${at}: ${fault}`);
    else if (lost.length > 0) faults.push(`cut at ${at}: ${lost.length} of ${acknowledged.size} lost, the first ${lost[0]}`);
  }
  return {
    seed,
    cuts: cuts.length,
    steps: steps.length,
    flushes: steps.filter(({ kind }) => kind === 'sync').length,
    acknowledged: new Set(steps.flatMap((step) => (step.kind === 'acknowledged' ? step.keys : []))).size,
    losses,
    broken,
    faults: faults.slice(0, 20),
  };
}

/** Opens what is on the disk as the product does; figures of the intervals by `meterId start`. */
function figuresIn(image: ReadonlyMap<string, Uint8Array>, folder: string): { figures: Map<string, string>; fault: string | null } {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of image) writeFileSync(join(folder, name), bytes);
  let store: Store | null = null;
  try {
    store = openStore({ folder, clock: systemClock, logger: silentLogger });
    const { intervals } = store;
    const figures = new Map(
      store.plant
        .load()
        .meters.flatMap(({ id }) =>
          intervals
            .list(id, 0, Number.MAX_SAFE_INTEGER)
            .map(({ startUtc, counts }): [string, string] => [`${id} ${startUtc}`, JSON.stringify(counts)]),
        ),
    );
    store.close();
    store = null;
    const db = new Database(join(folder, DATABASE_FILE));
    const integrity = String(db.pragma('integrity_check', { simple: true }));
    db.close();
    return { figures, fault: integrity === 'ok' ? null : integrity };
  } catch (thrown) {
    const { code, message } = asAppError(thrown);
    return { figures: new Map(), fault: `${code}: ${message}` };
  } finally {
    store?.close();
  }
}
