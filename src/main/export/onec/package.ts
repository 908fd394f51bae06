import path from 'node:path';
import { AppError, asAppError, hasCode } from '../../../shared/api/errors.ts';
import { type Receiver, receiversOf } from '../../../shared/api/receivers.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import type { PackageContent, PackageRecord } from '../../../shared/domain/package.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { AckReader } from './ack-reader.ts';
import { pruneArchive } from './archive.ts';
import { deliver, highestNumberIn, type RenderedFiles } from './deliver.ts';
import { type FileAccess, systemCode } from './files.ts';
import { packageName } from './name.ts';
import { checkedContent, type ContentOrder, contentRequest, type IsClosed, type PackageRequest, receiverOf } from './order.ts';
import type { PackageFields, PackageStore } from './package-store.ts';
import { type PackagePreview, previewPackage } from './preview.ts';
import { fileDigest, renderPackage } from './render.ts';
import type { ExportSource } from './row.ts';
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
 * Makes packages for the receivers and brings them to their folders. Steps of a package: number reserved -> rendered into the
 * packages folder -> content remembered -> delivered, flag file last -> marked delivered. After a crash between any two steps
 * `resume` goes on with the same number and the same pack_id, and what was once rendered is delivered byte for byte. One step at a
 * time: calls queue up, so that numbers reach the folder in order.
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
   * `api/conflict` for corrections when there are none, `export/folder-unavailable` when no folder was chosen.
   */
  make(request: PackageRequest): Promise<PackageOutcome> {
    return this.#inTurn(async () => {
      const receiver = receiverOf(this.#deps.settings(), request.receiver);
      const fields = await this.#fieldsOf(request, receiver);
      const floor = await highestNumberIn(this.#deps.files, { ...fields, ackFolder: receiver.acknowledges.folder });
      const { id } = this.#deps.store.reserve(fields, floor);
      const outcomes = await this.#finishAll(receiver);
      return outcomes.find(({ record }) => record.id === id) ?? { record: this.#get(id), error: null };
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
  async preview(request: ContentOrder): Promise<PackagePreview> {
    const settings = this.#deps.settings();
    const receiver = receiverOf(settings, request.receiver);
    return previewPackage(this.#deps, receiver.id, checkedContent(request, receiver, settings, this.#isClosed));
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(run, run);
    this.#tail = turn;
    return turn;
  }

  async #fieldsOf(request: PackageRequest, receiver: Receiver): Promise<PackageFields> {
    const { store, settings, source, clock, newUuid } = this.#deps;
    const { kind, from, to } = request;
    const content = checkedContent(request, receiver, settings(), this.#isClosed);
    const folder = request.folder ?? receiver.folder;
    if (folder === null) {
      throw new AppError('export/folder-unavailable', 'No exchange folder has been chosen', {
        context: { receiver: receiver.id },
        hint: 'Choose the folder that 1C reads from in the settings.',
      });
    }
    const formats = request.format === undefined ? receiver.formats : [request.format];
    // A number that can never be delivered would be a hole in the sequence for 1C.
    checkKeys(source.plant(), formats, receiver);
    if (content.mode === 'delta' && (await previewPackage(this.#deps, receiver.id, content)).rows === 0) {
      throw new AppError('api/conflict', `Nothing of ${kind} from ${from} to ${to} differs from what was sent`, {
        context: { receiver: receiver.id, kind, from, to },
        hint: 'There is nothing to correct; a full package repeats everything.',
      });
    }
    const createdUtc = Math.floor(clock.now() / 1000);
    return {
      receiver: receiver.id,
      siteCode: settings().site.code,
      packId: newUuid(),
      kind,
      format: formats[0] ?? 'csv',
      formats,
      mode: content.mode,
      from,
      to,
      createdUtc,
      createdOffsetMin: content.zone.offsetMinAt(createdUtc),
      folder,
      job: request.job,
      replacesPackId: content.mode === 'full' ? store.lastFull(receiver.id, kind, from, to) : null,
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
  async #renderedFiles(record: PackageRecord, receiver: Receiver): Promise<RenderedFiles> {
    const { packagesFolder } = this.#deps;
    try {
      const isWhole = record.content !== null && (await this.#isRendered(record.content));
      const content = isWhole && record.content !== null ? record.content : await this.#render(record, receiver);
      return { folder: packagesFolder, names: content.files.map(({ name }) => name) };
    } catch (error) {
      const code = systemCode(error);
      if (code === null) throw error;
      throw new AppError(code === 'ENOSPC' ? 'store/disk-full' : 'store/read-only', `The folder of packages cannot be used: ${code}`, {
        context: { folder: packagesFolder, cause: code },
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

  async #render(record: PackageRecord, receiver: Receiver): Promise<PackageContent> {
    const { store, settings } = this.#deps;
    store.begin(record.id);
    const content = await renderPackage(
      {
        ...this.#deps,
        receiver,
        site: settings().site,
        told: (pointCode, from, to) => store.sentBefore(receiver.id, record.kind, pointCode, { from, to }, record.number),
        remember: (sent) => store.remember(record.id, sent),
      },
      record,
      contentRequest(record, settings(), this.#isClosed),
    );
    store.complete(record.id, content);
    return content;
  }
}
