import path from 'node:path';
import { AppError, asAppError, type ErrorCode, hasCode } from '../../../shared/api/errors.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import type { CarryRecord, HeldDay, HoldReason, SupplierFileContent, SupplierFileRecord } from '../../../shared/domain/supplier-file.ts';
import { CHANNELS } from '../../../shared/domain/channel.ts';
import { decimalText, parseDecimal, type Rational, sumOf } from '../../metering/energy.ts';
import type { SettlementSource } from '../../metering/settlement.ts';
import { addDays, startOfMonth } from '../../metering/zone.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { SupplierFilePart } from '../../store/store.ts';
import type { FileAccess } from './files.ts';
import { zipOne } from './archive.ts';
import { checkMarketFile } from './check.ts';
import { type ChannelOfDay, marketDocument } from './compose.ts';
import { timestampText } from './day.ts';
import { deliverFile, type DeliverDeps } from './deliver-file.ts';
import { digest, highestNumberSeen, putIntoFolder } from './delivery.ts';
import { type Carry, carryKey, codedPoints, dayFigures, type DayFigures, decimalsOf, marketTimeOf, problemsOf } from './figures.ts';
import { marketFileName } from './name.ts';
import { carryText, parseCarry } from './round.ts';
import type { SupplierFileStore } from './store.ts';
import { writeMarketFile } from './write.ts';

export interface MakerDeps extends Omit<DeliverDeps, 'store'> {
  readonly store: SupplierFileStore;
  readonly source: SettlementSource;
  readonly files: FileAccess;
  /** As they are at the moment of the call. */
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called after every change of a day or of a file, whoever asked for it. */
  readonly onChanged: (day: string) => void;
}

export interface DayOrder {
  /** ISO date of the data. */
  readonly day: string;
  /** Schedule that asks for it; null = a person. */
  readonly job: string | null;
  /** Instead of what the settings say: into this folder, without a letter. */
  readonly folder?: string | undefined;
}

/**
 * What became of a day. `held`: nothing was numbered; `same`: the file that was made before is what would be made now, to the byte;
 * `correction`: its figures have changed, it has a larger number than the one before.
 */
export type DayOutcome =
  | { readonly kind: 'held'; readonly hold: HeldDay }
  | { readonly kind: 'new' | 'same' | 'correction'; readonly record: SupplierFileRecord; readonly changedDays: readonly string[] };

/** What `make` would do; nothing is numbered or written. */
export interface DayPreview {
  readonly kind: DayOutcome['kind'];
  readonly number: number | null;
  readonly reasons: readonly HoldReason[];
  readonly points: readonly { readonly code: string; readonly name: string; readonly channels: readonly ChannelOfDay[] }[];
  /** Points with a code that had no meter all day. */
  readonly leftOut: readonly { readonly code: string; readonly name: string }[];
  readonly changedDays: readonly string[];
}

interface RenderedDay {
  readonly content: SupplierFileContent;
  readonly document: Uint8Array;
  readonly part: SupplierFilePart;
  readonly carry: readonly CarryRecord[];
}

/**
 * Makes the supplier's files and brings them on their way. A day is composed and written with the next number first, judged by the
 * recipient's rules, and only then numbered and kept in one transaction: no cut leaves a number without its file. What follows (signature,
 * folder, letter) goes on from where it stood, with the bytes that were kept. One step at a time: calls queue up.
 */
export class SupplierFileMaker {
  readonly #deps: MakerDeps;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(deps: MakerDeps) {
    this.#deps = deps;
  }

  /**
   * Makes a day, or finds that it stands as it was made. A folder or a server out of reach is no exception: the file keeps its number in
   * state `failed`. Throws before anything is numbered: `api/invalid-argument` for settings that lack something, named in
   * `context.problems`, and for a day that is not over.
   */
  make(order: DayOrder): Promise<DayOutcome> {
    return this.#inTurn(async () => {
      const settings = this.#ready(order.folder !== undefined);
      const { store } = this.#deps;
      const senderInn = settings.xml80020.sender.inn;
      const figures = await this.#figures(settings, order.day);
      if (figures.day.toUtc > this.#nowUtc()) throw notOver(order.day);
      const previous = store.ofDay(senderInn, order.day);
      const reasons = holdReasons(figures);
      if (reasons.length > 0) return this.#hold(senderInn, order.day, reasons);
      if (previous !== null && isSame(this.#render(settings, figures, previous.number, previous.madeUtc), previous)) {
        store.liftHold(senderInn, order.day);
        return { kind: 'same', record: await this.#again(previous, order), changedDays: [] };
      }
      const floor = await this.#floor(settings, order.folder);
      const number = Math.max(store.highestNumber(senderInn), floor) + 1;
      const madeUtc = this.#nowUtc();
      const rendered = this.#render(settings, figures, number, madeUtc);
      const faults = await this.#faults(settings, rendered, previous?.number ?? null);
      if (faults.length > 0) return this.#hold(senderInn, order.day, faults);
      const { xml80020 } = settings;
      const record = store.make(
        {
          senderInn,
          areaInn: xml80020.area.inn,
          messageClass: xml80020.messageClass,
          number,
          day: order.day,
          timestamp: timestampText(madeUtc, marketTimeOf(settings)),
          madeUtc,
          job: order.job,
          content: rendered.content,
          folder: order.folder ?? xml80020.delivery.folder,
          isMailed: order.folder === undefined && xml80020.delivery.mail !== null,
        },
        floor,
        [rendered.part],
        rendered.carry,
      );
      await this.#finishAll(null);
      const changedDays = await this.#changedDays(settings, order.day, carryOf(rendered.carry));
      return { kind: previous === null ? 'new' : 'correction', record: this.#get(record.id), changedDays };
    });
  }

  /** What `make` would do with a day. Throws like it, but for a day that is not over. */
  preview(day: string): Promise<DayPreview> {
    return this.#inTurn(async () => {
      const settings = this.#ready(true);
      const { store } = this.#deps;
      const senderInn = settings.xml80020.sender.inn;
      const figures = await this.#figures(settings, day);
      const coded = codedPoints(this.#deps.source.plant());
      const inFile = new Set(figures.points.map(({ code80020 }) => code80020));
      const leftOut = coded.filter(({ code80020 }) => !inFile.has(code80020)).map(({ code80020, name }) => ({ code: code80020, name }));
      const reasons = holdReasons(figures);
      if (figures.composed.kind === 'held' || reasons.length > 0) {
        return { kind: 'held', number: null, reasons, points: [], leftOut, changedDays: [] };
      }
      const { channels } = figures.composed;
      const points = figures.points.map(({ code80020, name }) => ({
        code: code80020,
        name,
        channels: channels.filter(({ pointCode }) => pointCode === code80020),
      }));
      const previous = store.ofDay(senderInn, day);
      if (previous !== null && isSame(this.#render(settings, figures, previous.number, previous.madeUtc), previous)) {
        return { kind: 'same', number: previous.number, reasons, points, leftOut, changedDays: [] };
      }
      const number = Math.max(store.highestNumber(senderInn), await this.#floor(settings, undefined)) + 1;
      const { carry } = this.#render(settings, figures, number, this.#nowUtc());
      const changedDays = await this.#changedDays(settings, day, carryOf(carry));
      return { kind: previous === null ? 'new' : 'correction', number, reasons, points, leftOut, changedDays };
    });
  }

  /**
   * Goes on with every file that a crash, a lost folder or a server out of reach left behind. Called at start and from time to time; with
   * `isChanged` after a person has changed what a server or a folder refused.
   */
  resume(isChanged = false): Promise<void> {
    return this.#inTurn(() => this.#finishAll(isChanged ? 'all' : null));
  }

  /**
   * Looks whether the figures of days from `from` on are still those of their files: data that came late or were replaced make a file stale,
   * and a person decides whether the recipient gets a correction. Nothing is made.
   */
  review(from: string): Promise<void> {
    return this.#inTurn(async () => {
      const { store, source, settings, onChanged } = this.#deps;
      const now = settings();
      if (problemsOf(now, source.plant()).some((problem) => problem !== 'no-delivery')) return;
      const senderInn = now.xml80020.sender.inn;
      const newest = new Map(store.ofDays(senderInn, from, LAST_DAY).map((record) => [record.day, record]));
      for (const [day, record] of newest) {
        const figures = await this.#figures(now, day);
        // A day whose figures went is no day with other figures: what was sent stays right until something else is known.
        const isStale = figures.composed.kind === 'ready' && !isSame(this.#render(now, figures, record.number, record.madeUtc), record);
        if (isStale === (record.staleUtc !== null)) continue;
        store.setStale(record.id, isStale ? this.#nowUtc() : null);
        onChanged(day);
      }
    });
  }

  /** Hands a file over once more: one on its way goes on at once, one that was handed over goes out again byte for byte. Throws `api/not-found`. */
  repeat(id: number): Promise<SupplierFileRecord> {
    return this.#inTurn(async () => {
      const { state } = this.#get(id);
      if (state !== 'made' && state !== 'failed' && state !== 'sending') {
        this.#deps.store.reopen(id, 'handed over once more by a person', this.#nowUtc());
      }
      await this.#finishAll(id);
      return this.#get(id);
    });
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(run, run);
    this.#tail = turn;
    return turn;
  }

  #nowUtc(): number {
    return Math.floor(this.#deps.clock.now() / 1000);
  }

  #get(id: number): SupplierFileRecord {
    const record = this.#deps.store.get(id);
    if (record === null) throw new AppError('api/not-found', `There is no supplier's file ${id}`, { context: { id } });
    return record;
  }

  #ready(hasFolder: boolean): Settings {
    const settings = this.#deps.settings();
    const problems = problemsOf(settings, this.#deps.source.plant()).filter((problem) => problem !== 'no-delivery' || !hasFolder);
    if (problems.length === 0) return settings;
    throw new AppError('api/invalid-argument', `The supplier's file cannot be made yet: ${problems.join(', ')}`, {
      context: { problems },
      hint: "Fill in the settings of the supplier's file (xml80020) and the codes of the points (code_80020).",
    });
  }

  /** The remainder at the start of a day is that of the latest earlier day of its month that was made. */
  async #figures(settings: Settings, day: string): Promise<DayFigures> {
    const { store, source } = this.#deps;
    const before = store.latestBefore(settings.xml80020.sender.inn, startOfMonth(day), day);
    return dayFigures(settings, source, day, before === null ? new Map() : carryOf(store.carryOf(before.id)));
  }

  #hold(senderInn: string, day: string, reasons: readonly HoldReason[]): DayOutcome {
    const { store, log, onChanged } = this.#deps;
    const before = store.hold(senderInn, day);
    store.setHold(senderInn, day, reasons, this.#nowUtc());
    // A job asks again and again until the data are there.
    if (before === null || JSON.stringify(before.reasons) !== JSON.stringify(reasons)) {
      log.warn({ day, reasons: reasons.length, code: reasons[0]?.code }, "the supplier's file is held");
      onChanged(day);
    }
    const hold = store.hold(senderInn, day);
    if (hold === null) throw new AppError('bug', `The hold of ${day} is gone`);
    return { kind: 'held', hold };
  }

  /** Highest number that is not ours to use: below the first one of the settings, and seen in the folder after a restore from a backup. */
  async #floor({ xml80020 }: Settings, ordered: string | undefined): Promise<number> {
    const { sender, nameTemplate, delivery, firstNumber } = xml80020;
    let floor = firstNumber - 1;
    for (const folder of new Set([ordered, delivery.folder])) {
      if (folder === undefined || folder === null) continue;
      floor = Math.max(floor, await highestNumberSeen(this.#deps.files, folder, sender.inn, nameTemplate));
    }
    return floor;
  }

  #render(settings: Settings, { day, composed, points }: DayFigures, number: number, madeUtc: number): RenderedDay {
    if (composed.kind === 'held') throw new AppError('bug', 'A held day has no file');
    const { messageClass, daylightSaving, sender, nameTemplate, isZipped, rounding } = settings.xml80020;
    const time = marketTimeOf(settings);
    const document = marketDocument({ messageClass, number, createdUtc: madeUtc, time, day, daylightSaving, sender }, composed.areas);
    const { bytes } = writeMarketFile(document);
    const name = marketFileName(nameTemplate, document);
    const xml = { name: `${name}.xml`, bytes };
    const file = isZipped ? { name: `${name}.zip`, bytes: zipOne(xml, day.date) } : xml;
    const { channels } = composed;
    return {
      content: {
        points: points.length,
        channels: channels.length,
        sums: CHANNELS.flatMap((channel) => {
          const printed = channels.filter((one) => one.channel === channel);
          return printed.length === 0 ? [] : [{ channel, sum: decimalText(sumOf(printed.map(({ sum }) => parseDecimal(sum)))) }];
        }),
        nonCommercial: channels.reduce((sum, one) => sum + one.nonCommercial, 0),
        name: file.name,
        bytes: bytes.length,
        sha256: digest(bytes),
      },
      document: bytes,
      part: { ...file, sha256: digest(file.bytes) },
      carry: rounding === 'none' ? [] : channels.map(({ pointCode, channel, carry }) => ({ pointCode, channel, carry: carryText(carry) })),
    };
  }

  /** What the recipient's own rules would refuse. */
  async #faults(settings: Settings, { content, document }: RenderedDay, earlier: number | null): Promise<HoldReason[]> {
    const { xml80020 } = settings;
    const time = marketTimeOf(settings);
    const report = await checkMarketFile(
      { name: content.name.replace(/\.zip$/, '.xml'), bytes: document },
      {
        nameTemplate: xml80020.nameTemplate,
        decimals: decimalsOf(xml80020),
        zone: time.kind === 'local' ? time.zone : null,
        highestEarlierNumber: earlier,
        limitOf: () => null,
      },
    );
    return report.rules
      .filter(({ verdict }) => verdict === 'fault')
      .map(({ rule, places }) => ({ ...ABOUT_THE_FILE, code: 'faulty', rule, text: places[0] === undefined ? null : places[0].message }));
  }

  /** A file that stands as it was: goes on when it is on its way, and stands in the folder of the order as well. */
  async #again(record: SupplierFileRecord, { folder }: DayOrder): Promise<SupplierFileRecord> {
    await this.#finishAll(null);
    if (folder !== undefined && path.resolve(folder) !== path.resolve(record.folder ?? '')) {
      await putIntoFolder(this.#deps.files, folder, this.#deps.store.parts(record.id));
    }
    return this.#get(record.id);
  }

  /**
   * Days of the month after a changed one whose files would differ now, by its remainder or by figures of their own. Each is named once; none
   * is made: a person decides whether the recipient gets them anew.
   */
  async #changedDays(settings: Settings, day: string, carryAtEnd: Carry): Promise<string[]> {
    const { store, source } = this.#deps;
    const senderInn = settings.xml80020.sender.inn;
    const last = addDays(startOfMonth(day, 1), -1);
    const newest = new Map(store.ofDays(senderInn, addDays(day, 1), last).map((record) => [record.day, record]));
    const changed: string[] = [];
    let carry = carryAtEnd;
    for (const [later, record] of day === last ? [] : newest) {
      const figures = await dayFigures(settings, source, later, carry);
      const rendered = figures.composed.kind === 'held' ? null : this.#render(settings, figures, record.number, record.madeUtc);
      if (rendered === null || !isSame(rendered, record)) changed.push(later);
      carry = carryOf(rendered?.carry ?? store.carryOf(record.id));
    }
    return changed;
  }

  /** A folder or a server that is out of reach is tried once in a round; what a person has to change first waits for that person. */
  async #finishAll(askedFor: number | 'all' | null): Promise<void> {
    const { store, log, onChanged } = this.#deps;
    const lost = new Map<string, AppError>();
    for (const record of store.unfinished()) {
      if (askedFor !== 'all' && askedFor !== record.id && isForAPerson(record)) continue;
      const places = [record.folder ?? '', record.isMailed ? 'mail' : ''];
      let error = places.map((place) => lost.get(place)).find((one) => one !== undefined) ?? null;
      try {
        if (error === null) await deliverFile(this.#deps, this.#deps.settings(), record);
      } catch (thrown) {
        error = asAppError(thrown);
        // What nobody foresaw, a crash included, leaves the file as it is: the next start goes on from there.
        if (error.code === 'bug') throw thrown;
        if (hasCode(error, 'export/folder-unavailable')) lost.set(record.folder ?? '', error);
        if (hasCode(error, 'export/mail-unavailable')) lost.set('mail', error);
      }
      if (error !== null) {
        store.setState(record.id, 'failed', `${error.code}: ${error.message}`, this.#nowUtc());
        log.warn({ number: record.number, code: error.code }, "the supplier's file is not handed over");
      }
      onChanged(record.day);
    }
  }
}

const LAST_DAY = '9999-12-31';
const ABOUT_THE_FILE = { pointCode: null, pointName: null, channel: null, fromUtc: null, toUtc: null, rule: null, text: null };

function holdReasons({ composed, points }: DayFigures): HoldReason[] {
  if (points.length === 0) return [{ ...ABOUT_THE_FILE, code: 'no-points' }];
  if (composed.kind === 'ready') return [];
  return composed.holds.map(({ reason, ...place }) => ({ ...ABOUT_THE_FILE, ...place, code: reason }));
}

function isSame({ content, part }: RenderedDay, record: SupplierFileRecord): boolean {
  return content.sha256 === record.content.sha256 && part.name === record.content.name;
}

/** What a person has to change first: a server that is asked again and again with a wrong password may lock the account. */
const FOR_A_PERSON: readonly ErrorCode[] = ['export/mail-refused', 'export/sign-failed', 'api/conflict'];

function isForAPerson({ state, note }: SupplierFileRecord): boolean {
  return state === 'failed' && FOR_A_PERSON.some((code) => note?.startsWith(`${code}:`) === true);
}

function carryOf(records: readonly CarryRecord[]): Carry {
  return new Map<string, Rational>(records.map(({ pointCode, channel, carry }) => [carryKey(pointCode, channel), parseCarry(carry)]));
}

function notOver(day: string): AppError {
  return new AppError('api/invalid-argument', `The day ${day} is not over yet`, {
    context: { day },
    hint: 'By the clock of the market zone; the file is made after its midnight.',
  });
}
