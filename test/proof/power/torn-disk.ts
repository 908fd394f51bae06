/** A disk that loses power: what was flushed is there, of the rest any part in any order, sectors torn from each other. */
import type { Chance } from '../chance.ts';
import type { FileStep } from './recording.ts';

/** The smallest piece that a disk writes whole. */
const SECTOR_BYTES = 512;

type Change = Extract<FileStep, { kind: 'write' | 'truncate' }>;

/** How much of what was not flushed has reached the disk: a share of the sectors, or everything up to some moment. */
const KEPT_SHARES = [0, 0.1, 0.5, 0.9, 1];

export interface TornDiskOptions {
  /** A disk that says that it has flushed and has not: with it something must be lost, or the proof proves nothing. */
  readonly isLying: boolean;
}

export class TornDisk {
  readonly #isLying: boolean;
  /** Flushed contents. */
  readonly #flushed = new Map<string, Uint8Array>();
  /** What came after them. */
  readonly #waiting = new Map<string, Change[]>();
  /** Names as the disk has them for certain, and what became of names since. */
  readonly #names = new Set<string>();
  #renamed: { readonly file: string; readonly isThere: boolean }[] = [];

  constructor({ isLying }: TornDiskOptions) {
    this.#isLying = isLying;
  }

  apply(step: FileStep): void {
    switch (step.kind) {
      case 'create':
        this.#renamed.push({ file: step.file, isThere: true });
        this.#flushed.set(step.file, new Uint8Array());
        this.#waiting.set(step.file, []);
        return;
      case 'unlink':
        this.#renamed.push({ file: step.file, isThere: false });
        return;
      case 'write':
      case 'truncate':
        this.#waiting.get(step.file)?.push(step);
        return;
      case 'sync':
        if (this.#isLying) return;
        this.#flushed.set(step.file, this.#changed(step.file, this.#waiting.get(step.file) ?? []));
        this.#waiting.set(step.file, []);
        return;
      case 'sync-folder':
        for (const { file, isThere } of this.#renamed) setName(this.#names, file, isThere);
        this.#renamed = [];
        return;
      case 'acknowledged':
        return;
    }
  }

  /** What the disk holds when power goes now, by name. */
  image(chance: Chance): Map<string, Uint8Array> {
    const names = new Set(this.#names);
    // Names reach the disk in their order: a journal of the file system stands behind them.
    for (const { file, isThere } of this.#renamed.slice(0, chance.whole(0, this.#renamed.length))) setName(names, file, isThere);
    return new Map([...names].map((file) => [file, this.#torn(file, chance)]));
  }

  #torn(file: string, chance: Chance): Uint8Array {
    const waiting = this.#waiting.get(file) ?? [];
    if (chance.share() < 0.3) {
      const whole = chance.whole(0, waiting.length);
      return this.#changed(file, [
        ...waiting.slice(0, whole),
        ...waiting.slice(whole, whole + 1).flatMap((change) => halved(change, chance)),
      ]);
    }
    const kept = chance.one(KEPT_SHARES);
    return this.#changed(
      file,
      waiting.flatMap((change) => sectorsOf(change).filter(() => chance.share() < kept)),
    );
  }

  #changed(file: string, changes: readonly Change[]): Uint8Array {
    const before = this.#flushed.get(file) ?? new Uint8Array();
    const most = changes.reduce((size, change) => Math.max(size, endOf(change)), before.length);
    const content = new Uint8Array(most);
    content.set(before);
    let size = before.length;
    for (const change of changes) {
      if (change.kind === 'write') {
        content.set(change.bytes, change.offset);
        size = Math.max(size, endOf(change));
      } else {
        content.fill(0, change.size);
        size = change.size;
      }
    }
    return content.subarray(0, size);
  }
}

function setName(names: Set<string>, file: string, isThere: boolean): void {
  if (isThere) names.add(file);
  else names.delete(file);
}

function endOf(change: Change): number {
  return change.kind === 'write' ? change.offset + change.bytes.length : change.size;
}

/** The parts of a change that reach the disk each for itself. */
function sectorsOf(change: Change): Change[] {
  if (change.kind === 'truncate') return [change];
  const parts: Change[] = [];
  const end = endOf(change);
  for (let from = change.offset; from < end; ) {
    const to = Math.min(end, (Math.floor(from / SECTOR_BYTES) + 1) * SECTOR_BYTES);
    parts.push({ ...change, offset: from, bytes: change.bytes.subarray(from - change.offset, to - change.offset) });
    from = to;
  }
  return parts;
}

/** The sectors of a write up to one of them. */
function halved(change: Change, chance: Chance): Change[] {
  const sectors = sectorsOf(change);
  return sectors.slice(0, chance.whole(0, sectors.length));
}
