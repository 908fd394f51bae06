/** Replies of the recipient (class 80021): found in a folder, matched by the name of our file, each judged once (xml-80020.md 7). */
import path from 'node:path';
import { asAppError } from '../../../shared/api/errors.ts';
import type { Xml80020Settings } from '../../../shared/api/settings-80020.ts';
import type { SupplierFileRecord, SupplierFileState } from '../../../shared/domain/supplier-file.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { systemCode } from './files.ts';
import { ARCHIVE_LIMITS, isZip, unzipXmlFiles } from './archive.ts';
import { digest } from './delivery.ts';
import { DEFAULT_NAME_TEMPLATE, parseMarketFileName } from './name.ts';
import { isReplyTo, type MarketReply, readReply, REPLY_STATUSES, type ReplyStatus } from './reply.ts';
import type { SupplierFileStore } from './store.ts';

/** A folder that strangers write into: nothing of it is read before its size is known. */
export interface ReplyFolder {
  /** Plain files with their sizes; null when the folder is not there or may not be read. */
  list(folder: string): Promise<readonly { readonly name: string; readonly bytes: number; readonly changedMs: number }[] | null>;
  /** null when it is gone, or larger or another thing than it was when it was listed. */
  read(file: string, mostBytes: number): Promise<Uint8Array | null>;
}

export interface ReplyDeps {
  readonly store: SupplierFileStore;
  readonly replies: ReplyFolder;
  readonly settings: () => Xml80020Settings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChanged: (day: string) => void;
}

const MOST_BYTES = 1_000_000;
/** A reply is one short document. */
const REPLY_LIMITS = { ...ARCHIVE_LIMITS, archiveBytes: MOST_BYTES, fileBytes: MOST_BYTES, totalBytes: MOST_BYTES, files: 5 };
const HOUR_S = 3600;
const LOOK_BACK_S = 60 * 86_400;

const OUTCOMES: Readonly<Record<ReplyStatus, { readonly state: SupplierFileState; readonly note: string }>> = {
  accepted: { state: 'accepted', note: '0' },
  'accepted-non-commercial': { state: 'accepted-with-remarks', note: '1' },
  'unknown-channels': { state: 'rejected', note: '2' },
  'format-errors': { state: 'rejected', note: '3' },
  'not-xml': { state: 'rejected', note: '4' },
};

/** Looks for replies, and for files whose reply is overdue. A reply that is refused changes nothing and stays where it is. */
export class ReplyWatch {
  readonly #deps: ReplyDeps;
  /** Files that were looked at as they are now. */
  readonly #known = new Map<string, string>();

  constructor(deps: ReplyDeps) {
    this.#deps = deps;
  }

  /** One look. Whatever is wrong with a reply is remembered once, with its reason; nothing is thrown for it. */
  async look(): Promise<void> {
    const folder = this.#deps.settings().delivery.repliesFolder;
    if (folder !== null) await this.#lookInto(folder);
    this.#markOverdue();
  }

  async #lookInto(folder: string): Promise<void> {
    const { replies, log } = this.#deps;
    for (const { name, bytes, changedMs } of (await replies.list(folder)) ?? []) {
      if (!/\.(xml|zip)$/i.test(name)) continue;
      const place = path.join(folder, name);
      const mark = `${bytes} ${changedMs}`;
      if (this.#known.get(place) === mark) continue;
      try {
        if (bytes > MOST_BYTES) this.#refuse(name, digest(new TextEncoder().encode(`${name} ${mark}`)), `import/too-large: ${bytes} bytes`);
        else await this.#judge(name, place);
        this.#known.set(place, mark);
      } catch (error) {
        // A share that breaks away is looked at again in the next round.
        if (systemCode(error) === null) throw error;
        log.warn({ file: name, code: systemCode(error) }, 'a reply cannot be read now');
      }
    }
  }

  async #judge(name: string, place: string): Promise<void> {
    const { store, replies } = this.#deps;
    const bytes = await replies.read(place, MOST_BYTES);
    if (bytes === null) return;
    const sha256 = digest(bytes);
    if (store.reply(sha256) !== null) return;
    let reply: MarketReply;
    try {
      reply = await readReply(documentOf(bytes));
    } catch (thrown) {
      const error = asAppError(thrown);
      if (error.code === 'bug') throw thrown;
      this.#refuse(name, sha256, `${error.code}: ${error.message}`);
      return;
    }
    const record = this.#fileOf(reply);
    if (record === null) {
      this.#refuse(name, sha256, `api/not-found: the reply is about ${reply.fileName.slice(0, 100)}, which is no file of ours`);
      return;
    }
    const { status } = reply;
    const seenUtc = this.#nowUtc();
    store.addReply({ sha256, name, seenUtc, fileId: record.id, status: REPLY_STATUSES.indexOf(status), error: null }, OUTCOMES[status]);
    this.#deps.onChanged(record.day);
  }

  #fileOf(reply: MarketReply): SupplierFileRecord | null {
    const { sender, nameTemplate } = this.#deps.settings();
    const fields = parseMarketFileName(nameTemplate, reply.fileName) ?? parseMarketFileName(DEFAULT_NAME_TEMPLATE, reply.fileName);
    if (fields === null || fields.number === null) return null;
    const record = this.#deps.store.byNumber(fields.inn ?? sender.inn, fields.number);
    return record !== null && isReplyTo(reply, record.content.name) ? record : null;
  }

  #refuse(name: string, sha256: string, error: string): void {
    const { store, log } = this.#deps;
    store.addReply({ sha256, name, seenUtc: this.#nowUtc(), fileId: null, status: null, error: error.slice(0, 500) }, null);
    log.warn({ file: name, error }, 'a reply is refused');
  }

  #markOverdue(): void {
    const { store, settings, onChanged } = this.#deps;
    const { replyWithinH } = settings();
    if (replyWithinH === null) return;
    // Whoever begins to expect replies does not wait for those of years ago.
    for (const record of store.waiting(this.#nowUtc() - LOOK_BACK_S)) {
      if (this.#nowUtc() < record.stateUtc + replyWithinH * HOUR_S) continue;
      store.setState(record.id, 'no-reply', String(replyWithinH), this.#nowUtc());
      onChanged(record.day);
    }
  }

  #nowUtc(): number {
    return Math.floor(this.#deps.clock.now() / 1000);
  }
}

function documentOf(bytes: Uint8Array): Uint8Array {
  return isZip(bytes) ? (unzipXmlFiles(bytes, REPLY_LIMITS)[0]?.bytes ?? bytes) : bytes;
}
