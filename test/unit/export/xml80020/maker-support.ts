import { mkdtemp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { MailDelivery, Xml80020Settings } from '../../../../src/shared/api/settings-80020.ts';
import { type Settings, settings as settingsSchema } from '../../../../src/shared/api/settings.ts';
import { type FileAccess, nodeFiles } from '../../../../src/main/export/xml80020/files.ts';
import { marketDay } from '../../../../src/main/export/xml80020/day.ts';
import type { Letter, MailServer } from '../../../../src/main/export/xml80020/mail.ts';
import { type MakerDeps, SupplierFileMaker } from '../../../../src/main/export/xml80020/maker.ts';
import type { SupplierFileStore } from '../../../../src/main/export/xml80020/store.ts';
import { silentLogger } from '../../../../src/main/platform/logger.ts';
import { openStore } from '../../../../src/main/store/store.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { installation, interval, meter, plant, point } from '../../metering/plant.ts';
import { MemorySource, SETTINGS } from '../support.ts';

export const DAY = '2026-11-21';
export const SENDER = '7701234567';
export const nameOf = (number: number, day = DAY) => `80020_${SENDER}_${day.replaceAll('-', '')}_${number}_5600010900.xml`;

export function settingsWith(over: Partial<Xml80020Settings> = {}): Settings {
  return settingsSchema.parse({
    ...SETTINGS,
    xml80020: { sender: { inn: SENDER, name: 'АО «Завод»' }, area: { inn: '5600010901', name: 'Площадка 1' }, ...over },
  });
}

/** Two points with codes of the layout; every half-hour of the days has `count` of A+ and 1 of R+: at 1000 imp/kWh a count is 0.5 Wh, the ratio makes it 3 kWh. */
export function filledSource(days: readonly string[] = [DAY], count = 2): MemorySource {
  const ratio = { ct: { primary: 600, secondary: 5 }, vt: { primary: 5000, secondary: 100 } };
  const source = new MemorySource(
    plant({
      points: [point(1, { code80020: '560000000000001' }), point(2, { code80020: '560000000000002' }), point(3)],
      meters: [meter(1), meter(2), meter(3)],
      installations: [installation(1, 1, ratio), installation(2, 2), installation(3, 3)],
    }),
  );
  fill(source, days, count);
  return source;
}

export function fill(source: MemorySource, days: readonly string[], count: number): void {
  for (const id of [1, 2]) {
    const rest = (source.profile.get(id) ?? []).filter(({ startUtc }) => !days.some((day) => isWithin(day, startUtc)));
    const added = days.flatMap((day) =>
      marketDay(day, { kind: 'market', zone: 1 }).halfHours.map(({ startUtc }) => interval(startUtc, { 'A+': count, 'R+': 1 })),
    );
    source.profile.set(
      id,
      [...rest, ...added].sort((a, b) => a.startUtc - b.startUtc),
    );
  }
}

function isWithin(day: string, at: number): boolean {
  const { fromUtc, toUtc } = marketDay(day, { kind: 'market', zone: 1 });
  return at >= fromUtc && at < toUtc;
}

export interface Rig {
  readonly root: string;
  readonly out: string;
  readonly clock: FakeClock;
  readonly store: SupplierFileStore;
  readonly source: MemorySource;
  readonly letters: { readonly server: MailServer; readonly letter: Letter }[];
  /** Changes what the settings say from now on. */
  set(over: Partial<Xml80020Settings>): void;
  deps(over?: Partial<MakerDeps>): MakerDeps;
  maker(over?: Partial<MakerDeps>): SupplierFileMaker;
  names(): Promise<string[]>;
  text(number: number, day?: string): Promise<string>;
}

export async function rig(over: Partial<Xml80020Settings> = {}, days: readonly string[] = [DAY]): Promise<Rig> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'feeder-80020-'));
  const out = path.join(root, 'out');
  await mkdir(out);
  const clock = new FakeClock('2026-11-22T05:15:00Z');
  const opened = openStore({ folder: path.join(root, 'data'), clock, logger: silentLogger });
  onTestFinished(async () => {
    opened.close();
    await rm(root, { recursive: true, force: true });
  });
  const delivery = { folder: out, mail: null, repliesFolder: null };
  let chosen: Partial<Xml80020Settings> = { delivery, ...over };
  const source = filledSource(days);
  const letters: Rig['letters'] = [];
  let uuids = 0;
  const deps = (others: Partial<MakerDeps> = {}): MakerDeps => ({
    store: opened.supplierFiles,
    source,
    files: nodeFiles,
    settings: () => settingsWith(chosen),
    clock,
    log: silentLogger,
    onChanged: () => {},
    signFolder: path.join(root, 'signing'),
    runCommand: () => Promise.reject(new Error('no command is expected')),
    sendLetter: (server, letter) => {
      letters.push({ server, letter });
      return Promise.resolve();
    },
    mailPassword: () => null,
    newUuid: () => {
      uuids += 1;
      return `uuid-${uuids}`;
    },
    ...others,
  });
  return {
    root,
    out,
    clock,
    store: opened.supplierFiles,
    source,
    letters,
    set: (more) => {
      chosen = { ...chosen, ...more };
    },
    deps,
    maker: (others) => new SupplierFileMaker(deps(others)),
    names: async () => (await readdir(out)).sort(),
    text: async (number, day) => new TextDecoder('windows-1251').decode(await readFile(path.join(out, nameOf(number, day)))),
  };
}

export const MAIL: MailDelivery = {
  host: 'mail.example',
  port: 587,
  security: 'starttls',
  user: 'asku',
  from: 'asku@zavod.example',
  to: ['80020@sbyt.example'],
  subject: '{class} {sender} {day} {number}',
};

/** Runs until the step of this number, which does not happen any more: the power is gone. A step that went through may be the last one as well. */
export class PowerCut {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  step(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new Error('power cut');
  }

  /** The deps with a cut before and after every operation that leaves a trace. */
  deps(real: MakerDeps): MakerDeps {
    const around = <A extends unknown[], R>(call: (...args: A) => R) => {
      return (...args: A): R => {
        this.step();
        const result = call(...args);
        this.step();
        return result;
      };
    };
    const aroundAsync = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
      return async (...args: A): Promise<R> => {
        this.step();
        const result = await call(...args);
        this.step();
        return result;
      };
    };
    const { store, files } = real;
    return {
      ...real,
      store: {
        ...store,
        make: around(store.make),
        sign: around(store.sign),
        setState: around(store.setState),
        setHold: around(store.setHold),
      },
      files: this.#files(files),
      runCommand: aroundAsync(real.runCommand),
      sendLetter: aroundAsync(real.sendLetter),
    };
  }

  #files(real: FileAccess): FileAccess {
    const before = async <T>(run: () => Promise<T>): Promise<T> => {
      this.step();
      return run();
    };
    return {
      ...real,
      list: (folder) => before(() => real.list(folder)),
      read: (file) => before(() => real.read(file)),
      write: async (file, bytes) => {
        // A cut inside a write leaves a part of the bytes.
        if (this.#left === 0) await real.write(file, bytes.subarray(0, bytes.length / 2));
        this.step();
        await real.write(file, bytes);
      },
      rename: (from, to) => before(() => real.rename(from, to)),
      remove: (file) => before(() => real.remove(file)),
      syncFolder: (folder) => before(() => real.syncFolder(folder)),
      makeFolder: (folder) => before(() => real.makeFolder(folder)),
    };
  }
}
