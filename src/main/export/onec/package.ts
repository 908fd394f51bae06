import { createHash } from 'node:crypto';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError, asAppError, hasCode } from '../../../shared/api/errors.ts';
import type { OnecFormat, OnecKind, Settings } from '../../../shared/api/settings.ts';
import type { PackageContent, PackageFile, PackageRecord, PackageState, SentDay } from '../../../shared/domain/package.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { periodOf, siteZone } from '../../metering/zone.ts';
import { decimalText, fixedText } from '../../metering/energy.ts';
import { checkPointCodes, csvHeader, csvRows } from './csv.ts';
import { deliver, type FileAccess, highestNumberIn, systemCode, writeWhole } from './deliver.ts';
import { flagFile } from './flag-file.ts';
import { packageName } from './name.ts';
import {
  type ExportSource,
  NO_ROWS,
  type OnecRow,
  pointsInOrder,
  type RowsRequest,
  type RowsSummary,
  rowsOfPoint,
  sentDays,
  summarise,
  withRevisions,
} from './rows.ts';

/** A month of a large plant is hundreds of thousands of rows: the lines of the meters are served in between. */
const ROWS_AT_ONCE = 1000;

/** The receiver that numbers are counted for: one 1C. Its name on screens may change, its sequence may not. */
export const ONEC_RECEIVER = '1c';

/** What a package is numbered with; the rest of its record comes with its content and its delivery. */
export type PackageFields = Omit<PackageRecord, 'id' | 'number' | 'state' | 'error' | 'content'>;

/** Where packages are remembered. Every call is one synchronous, durable transaction. */
export interface PackageStore {
  /**
   * A new record in state `made` without content. Its number is one above the highest of the receiver, and above `floor`:
   * the highest number seen among files, which is ahead of the store after a restore from a backup (onec.md 4.5a).
   */
  reserve(fields: PackageFields, floor: number): PackageRecord;
  /** Gives a package its content and remembers what was sent in it. Called again for the same package it replaces both. */
  complete(id: number, content: PackageContent, sent: readonly SentDay[]): void;
  setState(id: number, state: PackageState, error: string | null): void;
  /** Packages in states `made` and `failed`, by number. */
  unfinished(receiver: string): readonly PackageRecord[];
  get(id: number): PackageRecord | null;
  /** 0 when the receiver has none. */
  highestNumber(receiver: string): number;
  /** What the receiver was told last (by the highest package number) of this key and day; null = never. */
  lastSent(receiver: string, kind: OnecKind, key: string, day: string): SentDay | null;
}

export interface PackageDeps {
  readonly store: PackageStore;
  readonly source: ExportSource;
  readonly files: FileAccess;
  /** As they are at the moment of the call. */
  readonly settings: () => Settings;
  /** Folder of the rendered packages inside the data folder; made when it is missing. */
  readonly packagesFolder: string;
  readonly clock: Clock;
  readonly newUuid: () => string;
  readonly log: Logger;
  /** Called after every attempt to finish a package, whoever asked for it. */
  readonly onChanged: (record: PackageRecord) => void;
}

export interface PackageRequest {
  readonly kind: OnecKind;
  /** ISO dates of the site, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly format: OnecFormat;
  /** Instead of the folder in the settings. */
  readonly folder?: string | undefined;
  /** Schedule that asks for it; null = a person. */
  readonly job: string | null;
}

/** A package after an attempt to finish it; `error` says why it is not delivered. */
export interface PackageOutcome {
  readonly record: PackageRecord;
  readonly error: AppError | null;
}

export interface PackagePreview extends RowsSummary {
  readonly isEnded: boolean;
  readonly points: readonly (RowsSummary & {
    readonly code: string;
    readonly name: string;
    /** kWh of A+ in IV, exact text; null in RD and when there is none. */
    readonly energy: string | null;
  })[];
}

/**
 * Makes packages for 1C and brings them to their folder. Steps of a package: number reserved -> rendered into the packages
 * folder -> content remembered -> delivered, flag file last -> marked delivered. After a crash between any two steps `resume`
 * goes on with the same number and the same pack_id, and what was once rendered is delivered byte for byte. One step at a
 * time: calls queue up, so that numbers reach the folder in order.
 */
export class PackageMaker {
  readonly #deps: PackageDeps;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(deps: PackageDeps) {
    this.#deps = deps;
  }

  /**
   * Makes and delivers one package, earlier unfinished ones of the receiver first. A folder that cannot be used is no
   * exception: the package keeps its number in state `failed` and `error` is set. Throws before a number is taken:
   * `export/unsupported` for what cannot be written, `api/invalid-argument` for the period, `export/folder-unavailable` when no
   * folder was chosen.
   */
  make(request: PackageRequest): Promise<PackageOutcome> {
    return this.#inTurn(async () => {
      const fields = this.#fieldsOf(request);
      const floor = await highestNumberIn(this.#deps.files, fields.folder, fields.siteCode);
      const { id, receiver } = this.#deps.store.reserve(fields, floor);
      const outcomes = await this.#finishAll(receiver);
      return outcomes.find(({ record }) => record.id === id) ?? { record: this.#get(id), error: null };
    });
  }

  /** Finishes every package that a crash or a lost folder left behind, in order of their numbers. Called at start and from time to time. */
  resume(): Promise<PackageOutcome[]> {
    return this.#inTurn(() => this.#finishAll(ONEC_RECEIVER));
  }

  /** Tries a package that did not reach its folder once more, after the earlier ones; one that did is left alone. Throws `api/not-found`. */
  redeliver(id: number): Promise<PackageOutcome> {
    return this.#inTurn(async () => {
      const record = this.#get(id);
      const outcomes = record.state === 'made' || record.state === 'failed' ? await this.#finishAll(record.receiver) : [];
      return outcomes.find((outcome) => outcome.record.id === id) ?? { record: this.#get(id), error: null };
    });
  }

  /** What a package would hold; nothing is numbered or written. Throws like `make`. */
  preview(request: Pick<PackageRequest, 'kind' | 'from' | 'to' | 'format'>): PackagePreview {
    const rowsRequest = this.#rowsRequest(request);
    let total = NO_ROWS;
    const points: PackagePreview['points'][number][] = [];
    for (const point of pointsInOrder(this.#deps.source.plant())) {
      const rows = rowsOfPoint(point, this.#deps.source, rowsRequest);
      const imported = rows.flatMap((row) => (row.kind === 'IV' && row.channel === 'A+' ? (row.figure ?? []) : []));
      const energy = imported.reduce((sum, figure) => sum + figure, 0n);
      points.push({
        ...summarise(NO_ROWS, rows),
        code: point.code,
        name: point.name,
        energy: imported.length === 0 ? null : decimalText({ numerator: energy, denominator: 1000n }),
      });
      total = summarise(total, rows);
    }
    const { toUtc } = periodOf(request.from, request.to, rowsRequest.zone);
    return { ...total, isEnded: toUtc * 1000 <= this.#deps.clock.now(), points };
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(run, run);
    this.#tail = turn;
    return turn;
  }

  #fieldsOf(request: PackageRequest): PackageFields {
    const { site, onec } = this.#deps.settings();
    const { zone } = this.#rowsRequest(request);
    const folder = request.folder ?? onec.folder;
    if (folder === null) {
      throw new AppError('export/folder-unavailable', 'No exchange folder has been chosen', {
        hint: 'Choose the folder that 1C reads from in the settings.',
      });
    }
    // A number that can never be delivered would be a hole in the sequence for 1C.
    checkPointCodes(this.#deps.source.plant().points, onec.encoding);
    const createdUtc = Math.floor(this.#deps.clock.now() / 1000);
    return {
      receiver: ONEC_RECEIVER,
      siteCode: site.code,
      packId: this.#deps.newUuid(),
      kind: request.kind,
      format: request.format,
      mode: 'full',
      from: request.from,
      to: request.to,
      createdUtc,
      createdOffsetMin: zone.offsetMinAt(createdUtc),
      folder,
      job: request.job,
    };
  }

  #rowsRequest({ kind, from, to, format }: Pick<PackageRequest, 'kind' | 'from' | 'to' | 'format'>): RowsRequest {
    if ((kind !== 'IV' && kind !== 'RD') || format !== 'csv') {
      throw new AppError('export/unsupported', `A package of kind ${kind} as ${format} cannot be made`, {
        context: { kind, format },
        hint: 'Kinds IV (intervals) and RD (readings) as csv work.',
      });
    }
    const zone = siteZone(this.#deps.settings().site.timeZone);
    const { fromUtc, toUtc } = periodOf(from, to, zone);
    if (toUtc <= fromUtc)
      throw new AppError('api/invalid-argument', `The period ends (${to}) before it begins (${from})`, { context: { from, to } });
    return { kind, from, to, zone };
  }

  #get(id: number): PackageRecord {
    const record = this.#deps.store.get(id);
    if (record === null) throw new AppError('api/not-found', `There is no package ${id}`, { context: { id } });
    return record;
  }

  /** A fault of a folder holds back the later packages of the same folder: 1C must not see a number before its predecessor. */
  async #finishAll(receiver: string): Promise<PackageOutcome[]> {
    const { store, log } = this.#deps;
    const lost = new Map<string, AppError>();
    const outcomes: PackageOutcome[] = [];
    for (const record of store.unfinished(receiver)) {
      let error = lost.get(record.folder) ?? null;
      try {
        const fresh = record.content === null ? await this.#renderedFiles(record) : null;
        // What may have been handed over already must not be rendered anew before that is known.
        const rendered = async () => fresh ?? (await this.#renderedFiles(record));
        if (error === null) await deliver(this.#deps.files, { ...record, name: packageName(record), rendered });
      } catch (thrown) {
        error = asAppError(thrown);
        // What nobody foresaw, a crash included, leaves the package as it is: the next start goes on from there.
        if (error.code === 'bug') throw thrown;
        if (hasCode(error, 'export/folder-unavailable')) lost.set(record.folder, error);
      }
      if (error === null) store.setState(record.id, 'delivered', null);
      else store.setState(record.id, 'failed', `${error.code}: ${error.message}`);
      if (error !== null) log.warn({ package: record.number, code: error.code }, 'package is not delivered');
      const finished = this.#get(record.id);
      this.#deps.onChanged(finished);
      outcomes.push({ record: finished, error });
    }
    return outcomes;
  }

  /** Files of a package, the flag file last: as they were rendered, or rendered now when that did not come to its end or the disk lost it. */
  async #renderedFiles(record: PackageRecord): Promise<{ readonly name: string; readonly bytes: Uint8Array }[]> {
    try {
      if (record.content !== null) {
        const rendered = await this.#readRendered(record.content.files);
        if (rendered !== null) return rendered;
      }
      return await this.#render(record);
    } catch (error) {
      const code = systemCode(error);
      if (code === null) throw error;
      throw new AppError(code === 'ENOSPC' ? 'store/disk-full' : 'store/read-only', `The folder of packages cannot be used: ${code}`, {
        context: { folder: this.#deps.packagesFolder, cause: code },
        hint: 'Free space on the disk of the data folder and see that this account may write to it.',
        cause: error,
      });
    }
  }

  async #readRendered(wanted: readonly PackageFile[]): Promise<{ readonly name: string; readonly bytes: Uint8Array }[] | null> {
    const found: { readonly name: string; readonly bytes: Uint8Array }[] = [];
    for (const { name, sha256 } of wanted) {
      const bytes = await this.#deps.files.read(path.join(this.#deps.packagesFolder, name));
      if (bytes === null || digest(bytes) !== sha256) return null;
      found.push({ name, bytes });
    }
    return found;
  }

  async #render(record: PackageRecord): Promise<{ readonly name: string; readonly bytes: Uint8Array }[]> {
    const { store, source, files, settings, packagesFolder } = this.#deps;
    const { site, onec } = settings();
    const request = this.#rowsRequest(record);
    const chunks = [csvHeader(request.kind, onec.encoding)];
    const sent: SentDay[] = [];
    let summary = NO_ROWS;
    for (const point of pointsInOrder(source.plant())) {
      const rows: OnecRow[] = withRevisions(rowsOfPoint(point, source, request), (key, day) =>
        store.lastSent(record.receiver, record.kind, key, day),
      );
      for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
        chunks.push(csvRows(rows.slice(start, start + ROWS_AT_ONCE), onec.encoding));
        await nextTurn();
      }
      for (const day of sentDays(rows)) sent.push(day);
      summary = summarise(summary, rows);
    }
    const name = packageName(record);
    const data = { name: `${name}.csv`, bytes: new Uint8Array(Buffer.concat(chunks)) };
    const described = { name: data.name, sha256: digest(data.bytes) };
    const flag = {
      name: `${name}.ok`,
      bytes: flagFile({ record, inn: site.inn, kpp: site.kpp, summary, encoding: onec.encoding, files: [described] }),
    };
    await files.makeFolder(packagesFolder);
    for (const file of [data, flag]) await writeWhole(files, path.join(packagesFolder, file.name), file.bytes);
    const content: PackageContent = {
      rows: summary.rows,
      missingRows: summary.missingRows,
      controlSum: summary.sum === null ? null : fixedText(summary.sum, 3),
      files: [data, flag].map((file) => ({ name: file.name, bytes: file.bytes.length, sha256: digest(file.bytes) })),
    };
    store.complete(record.id, content, sent);
    return [data, flag];
  }
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
