import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import { openStore, type Store } from '../../../src/main/store/store.ts';
import type { CompletedExchange } from '../../../src/shared/domain/exchange.ts';
import type { Gap } from '../../../src/shared/domain/gap.ts';
import type { MeterInterval } from '../../../src/shared/domain/interval.ts';
import type { ImportRow } from '../../../src/shared/domain/plant.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** 2026-11-22T00:00:00Z. */
export const MIDNIGHT = 1_795_305_600;
export const HALF_HOUR = 1800;

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'feeder-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store in a folder of its own, closed after the test. */
export function temporaryStore(folder = temporaryFolder()): { store: Store; clock: FakeClock; folder: string } {
  const clock = new FakeClock();
  const store = openStore({ folder, clock, logger: silentLogger });
  onTestFinished(() => store.close());
  return { store, clock, folder };
}

/** A store with points P1, P2 ... whose meters have the ids 1, 2 ... */
export function storeWithMeters(count = 2) {
  const opened = temporaryStore();
  opened.store.plant.applyImport(
    Array.from({ length: count }, (_, index) => importRow(index + 1)),
    180,
    'test',
  );
  return opened;
}

/** A checked row of an import file; the number makes code, address and serial its own. */
export function importRow(n: number, changes: Partial<ImportRow> = {}): ImportRow {
  return {
    fileLine: n + 1,
    substation: 'TP-1',
    pointCode: `P${n}`,
    pointName: `Feeder ${n}`,
    line: 'tcp:10.0.0.5:4001:9600-8N1',
    driver: 'mercury-23x',
    address: n,
    serial: String(1_000_000 + n).padStart(8, '0'),
    password: null,
    accessLevel: 1,
    ct: { primary: 600, secondary: 5 },
    vt: { primary: 1, secondary: 1 },
    role: 'technical',
    scheme: null,
    departmentCode: null,
    costItem: null,
    tenantInn: null,
    code80020: null,
    clockOffsetMin: null,
    ...changes,
  };
}

/** The n-th half-hour after midnight. */
export function interval(n: number, aPlus: number | null, flags: MeterInterval['flags'] = []) {
  const counts = { 'A+': aPlus, 'A-': null, 'R+': aPlus === null ? null : 0, 'R-': null };
  return { startUtc: MIDNIGHT + n * HALF_HOUR, lengthS: HALF_HOUR, counts, flags, source: 'profile' as const };
}

/** Half-hours [from, to) after midnight as a row of the ledger. */
export function gap(from: number, to: number, changes: Partial<Gap> = {}): Omit<Gap, 'meterId'> {
  return {
    fromUtc: MIDNIGHT + from * HALF_HOUR,
    toUtc: MIDNIGHT + to * HALF_HOUR,
    reason: 'not-read',
    sinceUtc: MIDNIGHT,
    tries: 1,
    nextTryUtc: null,
    deadlineUtc: null,
    state: 'open',
    ...changes,
  };
}

/** An answered exchange whose bytes begin with `mark`. */
export function exchange(label: string, mark: number, changes: Partial<CompletedExchange> = {}): CompletedExchange {
  const response = Uint8Array.of(mark, 0xff, 0x0a);
  return {
    label,
    request: Uint8Array.of(mark, 0x06, 0x03),
    response,
    received: response,
    sentAtMs: MIDNIGHT * 1000 + mark,
    firstByteMs: 12.345,
    durationMs: 31.25,
    attempt: 1,
    ...changes,
  };
}

/** Stores a batch at once. */
export async function stored(store: Store, ...batches: Parameters<Store['commit']>[0][]): Promise<void> {
  const commits = batches.map((batch) => store.commit(batch));
  await store.flush();
  await Promise.all(commits);
}
