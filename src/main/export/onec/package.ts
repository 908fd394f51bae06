import path from 'node:path';
import { AppError, asAppError, hasCode } from '../../../shared/api/errors.ts';
import { type Receiver, receiversOf } from '../../../shared/api/receivers.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import type { PackageContent, PackageRecord, SentDay } from '../../../shared/domain/package.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { type Progress, unwatched } from '../../platform/progress.ts';
import { AckReader } from './ack-reader.ts';
import { pruneArchive } from './archive.ts';
import { deliver, highestNumberIn, type RenderedFiles } from './deliver.ts';
import type { ContentRequest } from './content.ts';
import { type FileAccess, systemCode } from './files.ts';
import { packageName } from './name.ts';
import { checkedContent, type ContentOrder, contentRequest, type IsClosed, type PackageRequest, receiverOf } from './order.ts';
import type { PackageFields, PackageStore } from './package-store.ts';
import { type PackagePreview, previewPackage } from './preview.ts';
import { dropSpools, fileDigest, renderPackage, type SpoolDeps, spoolPackage } from './render.ts';
import type { ExportSource } from './row.ts';
import type { RowsSummary } from './rows.ts';
import { checkKeys } from './writers.ts';

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
  /** Called after every attempt to finish a package and after every answer to one, whoever asked for it. */
  readonly onChanged: (record: PackageRecord) => void;
  /** Nothing is closed where it is not given. */
  readonly isClosed?: IsClosed;
}

export type { PackageRequest } from './order.ts';

/** A package after an attempt to finish it; `error` says why it is not delivered. */
export interface PackageOutcome {
  readonly record: PackageRecord;
  readonly error: AppError | null;
}

/**
 * Makes packages for the receivers and brings them to their folders. Steps of a package: rows spooled -> number reserved -> rendered
 * into the packages folder -> content remembered -> delivered, flag file last -> marked delivered. Until it has its number it may be
 * stopped, since a number that was reserved must not become a hole. After a crash between any two later steps `resume` goes on with
 * the same number and the same pack_id, and what was once rendered is delivered byte for byte. One step at a time: calls queue up, so
 * that numbers reach the folder in order.
 */
export class PackageMaker {
  readonly #deps: PackageDeps;
  readonly #acks: AckReader;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(deps: PackageDeps) {
    this.#deps = deps;
    this.#acks = new AckReader(deps);
  }

  /**
   * Makes and delivers one package, earlier unfinished ones of the receiver first. A folder that cannot be used is no
   * exception: the package keeps its number in state `failed` and `error` is set. Throws before a number is taken:
   * `export/unsupported` for what cannot be written, `api/not-found` for an unknown receiver, `api/invalid-argument` for the period,
   * `api/conflict` for corrections when there are none, `export/folder-unavailable` when no folder was chosen, `store/*` when the data
   * folder does not take the rows, `api/cancelled` when it was to stop.
   */
  make(request: PackageRequest, progress: Progress = unwatched()): Promise<PackageOutcome> {
    return this.#inTurn(async () => {
      const { store, settings, files } = this.#deps;
      const receiver = receiverOf(settings(), request.receiver);
      const content = this.#checked(request, receiver);
      // What is compared with the earlier packages has to know what they say.
      if (store.unfinished(receiver.id).some((earlier) => earlier.content === null)) await this.#finishAll(receiver);
      const record = await this.#spooled(async () => {
        const summary = await this.#spool(receiver, content, Number.MAX_SAFE_INTEGER, progress);
        if (content.mode === 'delta' && summary.rows === 0) throw nothingToCorrect(request, receiver);
        const fields = this.#fieldsOf(request, receiver, content);
        const floor = await highestNumberIn(files, { ...fields, ackFolder: receiver.acknowledges.folder });
        progress.commit();
        const reserved = store.reserve(fields, floor);
        try {
          await this.#onDisk(() => this.#render(reserved, receiver, summary));
        } catch (thrown) {
          // A disk that is full: it has its number, so it is finished as one that a crash left behind.
          if (asAppError(thrown).code === 'bug') throw thrown;
        }
        return reserved;
      });
      const outcomes = await this.#finishAll(receiver);
      return outcomes.find((outcome) => outcome.record.id === record.id) ?? { record: this.#get(record.id), error: null };
    });
  }

  /**
   * One round: finishes every package that a crash or a lost folder left behind, in order of their numbers, then reads the answers
   * of the receivers and clears their archives. Called at start and from time to time.
   */
  resume(): Promise<PackageOutcome[]> {
    return this.#inTurn(async () => {
      const receivers = receiversOf(this.#deps.settings());
      const outcomes: PackageOutcome[] = [];
      const steps = [
        ...receivers.map((receiver) => async () => void outcomes.push(...(await this.#finishAll(receiver)))),
        () => this.#acks.read(receivers),
        ...receivers.map((receiver) => () => pruneArchive(this.#deps, receiver)),
      ];
      let fault: unknown = null;
      for (const step of steps) {
        try {
          await step();
        } catch (thrown) {
          fault ??= thrown;
        }
      }
      // What nobody foresaw of one receiver must not keep the others waiting; it is told all the same.
      if (fault !== null) throw asAppError(fault);
      return outcomes;
    });
  }

  /** Tries a package that did not reach its folder once more, after the earlier ones; one that did is left alone. Throws `api/not-found`. */
  redeliver(id: number): Promise<PackageOutcome> {
    return this.#inTurn(async () => {
      const record = this.#get(id);
      const isOpen = record.state === 'made' || record.state === 'failed';
      const outcomes = isOpen ? await this.#finishAll(receiverOf(this.#deps.settings(), record.receiver)) : [];
      return outcomes.find((outcome) => outcome.record.id === id) ?? { record: this.#get(id), error: null };
    });
  }

  /** What a package would hold beside what the receiver was told before; nothing is numbered or written. Throws like `make`. */
  async preview(request: ContentOrder, progress: Progress = unwatched()): Promise<PackagePreview> {
    const settings = this.#deps.settings();
    const receiver = receiverOf(settings, request.receiver);
    return previewPackage(this.#deps, receiver.id, checkedContent(request, receiver, settings, this.#isClosed), progress);
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(run, run);
    this.#tail = turn;
    return turn;
  }

  /** Checked before the rows are made: what can be refused at once must not be refused a minute later. */
  #checked(request: PackageRequest, receiver: Receiver): ContentRequest {
    const content = checkedContent(request, receiver, this.#deps.settings(), this.#isClosed);
    folderOf(request, receiver);
    // A number that can never be delivered would be a hole in the sequence for 1C.
    checkKeys(this.#deps.source.plant(), formatsOf(request, receiver), receiver);
    return content;
  }

  #fieldsOf(request: PackageRequest, receiver: Receiver, { mode, zone }: ContentRequest): PackageFields {
    const { store, settings, clock, newUuid } = this.#deps;
    const { kind, from, to } = request;
    const formats = formatsOf(request, receiver);
    const createdUtc = Math.floor(clock.now() / 1000);
    return {
      receiver: receiver.id,
      siteCode: settings().site.code,
      packId: newUuid(),
      kind,
      format: formats[0] ?? 'csv',
      formats,
      mode,
      from,
      to,
      createdUtc,
      createdOffsetMin: zone.offsetMinAt(createdUtc),
      folder: folderOf(request, receiver),
      job: request.job,
      replacesPackId: mode === 'full' ? store.lastFull(receiver.id, kind, from, to) : null,
    };
  }

  get #isClosed(): IsClosed {
    return this.#deps.isClosed ?? (() => null);
  }

  #get(id: number): PackageRecord {
    const record = this.#deps.store.get(id);
    if (record === null) throw new AppError('api/not-found', `There is no package ${id}`, { context: { id } });
    return record;
  }

  /** A fault of a folder holds back the later packages of the same folder: 1C must not see a number before its predecessor. */
  async #finishAll(receiver: Receiver): Promise<PackageOutcome[]> {
    const { store, log, clock } = this.#deps;
    const lost = new Map<string, AppError>();
    const outcomes: PackageOutcome[] = [];
    for (const record of store.unfinished(receiver.id)) {
      let error = lost.get(record.folder) ?? null;
      try {
        const fresh = record.content === null ? await this.#renderedFiles(record, receiver) : null;
        // What may have been handed over already must not be rendered anew before that is known.
        const rendered = async () => fresh ?? (await this.#renderedFiles(record, receiver));
        const delivery = { ...record, name: packageName(record), ackFolder: receiver.acknowledges.folder, rendered };
        if (error === null) await deliver(this.#deps.files, delivery);
      } catch (thrown) {
        error = asAppError(thrown);
        // What nobody foresaw, a crash included, leaves the package as it is: the next start goes on from there.
        if (error.code === 'bug') throw thrown;
        if (hasCode(error, 'export/folder-unavailable')) lost.set(record.folder, error);
      }
      const nowUtc = Math.floor(clock.now() / 1000);
      if (error === null) store.setState(record.id, 'delivered', null, nowUtc);
      else store.setState(record.id, 'failed', `${error.code}: ${error.message}`, nowUtc);
      if (error !== null) log.warn({ receiver: receiver.id, package: record.number, code: error.code }, 'package is not delivered');
      const finished = this.#get(record.id);
      this.#deps.onChanged(finished);
      outcomes.push({ record: finished, error });
    }
    return outcomes;
  }

  /** Files of a package, the flag file last: as they were rendered, or rendered now when that did not come to its end or the disk lost it. */
  #renderedFiles(record: PackageRecord, receiver: Receiver): Promise<RenderedFiles> {
    return this.#onDisk(async () => {
      const isWhole = record.content !== null && (await this.#isRendered(record.content));
      const content = isWhole && record.content !== null ? record.content : await this.#renderAnew(record, receiver);
      return { folder: this.#deps.packagesFolder, names: content.files.map(({ name }) => name) };
    });
  }

  /** What the system says of the packages folder as `store/*`. */
  async #onDisk<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
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

  async #isRendered({ files }: PackageContent): Promise<boolean> {
    for (const { name, sha256 } of files) {
      if ((await fileDigest(this.#deps.files, path.join(this.#deps.packagesFolder, name))) !== sha256) return false;
    }
    return true;
  }

  #spool(receiver: Receiver, content: ContentRequest, belowNumber: number, progress: Progress): Promise<RowsSummary> {
    const { store } = this.#deps;
    const told: SpoolDeps['told'] = (pointCode, from, to) =>
      store.sentBefore(receiver.id, content.kind, pointCode, { from, to }, belowNumber);
    return this.#onDisk(() => spoolPackage({ ...this.#deps, receiver, told }, content, progress));
  }

  /** Whatever comes of it, no spool stays behind; what a dead process left is overwritten by the next one. */
  async #spooled<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (asAppError(error).code !== 'bug') await dropSpools(this.#deps);
      throw error;
    }
  }

  async #renderAnew(record: PackageRecord, receiver: Receiver): Promise<PackageContent> {
    const content = contentRequest(record, this.#deps.settings(), this.#isClosed);
    return this.#render(record, receiver, await this.#spool(receiver, content, record.number, unwatched()));
  }

  /** From the spools to a package that is complete. */
  async #render(record: PackageRecord, receiver: Receiver, summary: RowsSummary): Promise<PackageContent> {
    const { store, settings } = this.#deps;
    store.begin(record.id);
    const remember = (sent: readonly SentDay[]) => store.remember(record.id, sent);
    const content = await renderPackage({ ...this.#deps, receiver, site: settings().site, remember }, record, summary);
    store.complete(record.id, content);
    return content;
  }
}

function formatsOf(request: PackageRequest, receiver: Receiver): PackageFields['formats'] {
  return request.format === undefined ? receiver.formats : [request.format];
}

function folderOf(request: PackageRequest, receiver: Receiver): string {
  const folder = request.folder ?? receiver.folder;
  if (folder !== null) return folder;
  throw new AppError('export/folder-unavailable', 'No exchange folder has been chosen', {
    context: { receiver: receiver.id },
    hint: 'Choose the folder that 1C reads from in the settings.',
  });
}

function nothingToCorrect({ kind, from, to }: PackageRequest, receiver: Receiver): AppError {
  return new AppError('api/conflict', `Nothing of ${kind} from ${from} to ${to} differs from what was sent`, {
    context: { receiver: receiver.id, kind, from, to },
    hint: 'There is nothing to correct; a full package repeats everything.',
  });
}
