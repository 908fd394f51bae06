import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Receiver } from '../../../shared/api/receivers.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import type { AckFault, PackageRecord } from '../../../shared/domain/package.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { ACK_LIMIT, FAULTS_LIMIT, parseAck, parseFaults } from './ack-file.ts';
import { ackFolders } from './deliver.ts';
import { type FileAccess, systemCode } from './files.ts';
import { packageName, packageNumber } from './name.ts';
import type { PackageStore } from './package-store.ts';

export interface AckDeps {
  readonly store: PackageStore;
  readonly files: FileAccess;
  readonly settings: () => Settings;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChanged: (record: PackageRecord) => void;
}

/** States in which an answer is news; one that was accepted is not asked again. */
const OPEN_TO_ANSWERS: ReadonlySet<PackageRecord['state']> = new Set(['delivered', 'partial', 'rejected']);

/**
 * Reads what the receivers answered. A file that is no answer to be believed stays where it is, changes nothing and is named once:
 * a broken or hostile one must not turn a package into an accepted one.
 */
export class AckReader {
  readonly #deps: AckDeps;

  constructor(deps: AckDeps) {
    this.#deps = deps;
  }

  async read(receivers: readonly Receiver[]): Promise<void> {
    const folders = new Map<string, Receiver[]>();
    for (const receiver of receivers) {
      if (receiver.folder === null) continue;
      for (const folder of ackFolders(receiver.folder, receiver.acknowledges.folder)) {
        folders.set(folder, [...(folders.get(folder) ?? []), receiver]);
      }
    }
    for (const [folder, sharing] of folders) await this.#readFolder(folder, sharing);
    // Of a folder that nobody looks into any more nothing is left to tell.
    for (const { id } of receivers) {
      for (const { folder, file } of this.#deps.store.refusedAcks(id)) {
        if (folders.get(folder)?.[0]?.id !== id) this.#deps.store.dropRefusedAck(id, folder, file);
      }
    }
  }

  async #readFolder(folder: string, receivers: readonly Receiver[]): Promise<void> {
    const { store, settings } = this.#deps;
    const names = await this.#namesIn(folder);
    const owner = receivers[0];
    if (owner === undefined || names === null) return;
    const refused = new Map(store.refusedAcks(owner.id).flatMap((one) => (one.folder === folder ? [[one.file, one.digest]] : [])));
    for (const name of names) {
      const number = name.endsWith('.ack') ? packageNumber(name, settings().site.code) : null;
      if (number === null) continue;
      const asked = receivers.flatMap((receiver) => {
        const record = store.byNumber(receiver.id, number);
        return record !== null && `${packageName(record)}.ack` === name ? [record] : [];
      });
      const open = asked.filter(({ state }) => OPEN_TO_ANSWERS.has(state));
      if (asked.length > 0 && open.length === 0) continue;
      const { fault, digest } = await this.#readAnswer(folder, name, open);
      const known = refused.get(name);
      refused.delete(name);
      if (fault === null) {
        if (known !== undefined) store.dropRefusedAck(owner.id, folder, name);
        continue;
      }
      if (known === digest) continue;
      this.#deps.log.warn({ receiver: owner.id, folder, file: name, reason: fault }, 'an answer is refused');
      const foundUtc = Math.floor(this.#deps.clock.now() / 1000);
      store.saveRefusedAck({ receiver: owner.id, folder, file: name, reason: fault, digest, foundUtc });
    }
    for (const file of refused.keys()) store.dropRefusedAck(owner.id, folder, file);
  }

  /** null = the folder is not there or cannot be read, which says nothing of what lies in it. */
  async #namesIn(folder: string): Promise<string[] | null> {
    try {
      return await this.#deps.files.list(folder);
    } catch (error) {
      if (systemCode(error) === null) throw error;
      return null;
    }
  }

  /** `digest` tells this content of the answer from any other. */
  async #readAnswer(
    folder: string,
    name: string,
    records: readonly PackageRecord[],
  ): Promise<{ readonly fault: AckFault | null; readonly digest: string }> {
    const { store, clock } = this.#deps;
    const answer = await this.#readSmall(path.join(folder, name), ACK_LIMIT);
    if (answer.bytes === null) return { fault: answer.isTooLarge ? 'too-large' : 'unreadable', digest: answer.why };
    const list = await this.#readSmall(path.join(folder, `${name.slice(0, -'.ack'.length)}.err`), FAULTS_LIMIT);
    const digest = createHash('sha256')
      .update(answer.bytes)
      .update(list.bytes ?? list.why)
      .digest('hex');
    const refused = (fault: AckFault) => ({ fault, digest });
    if (records.length === 0) return refused('unknown-package');
    const ack = parseAck(answer.bytes);
    if (ack.fault !== null) return refused(ack.fault);
    const record = records.find(({ packId }) => packId === ack.value.packId);
    if (record === undefined) return refused('other-pack-id');
    if (ack.value.number !== null && ack.value.number !== record.number) return refused('other-pack-no');
    if (list.bytes === null && list.why !== '') return refused(list.isTooLarge ? 'faults-too-large' : 'faults-unreadable');
    const faults = list.bytes === null ? null : parseFaults(list.bytes);
    if (faults !== null && faults.fault !== null) return refused(faults.fault);
    if (record.ack?.digest === digest) return { fault: null, digest };
    const { status, rowsOk, rowsBad, text } = ack.value;
    store.saveAck(record.id, {
      readUtc: Math.floor(clock.now() / 1000),
      status,
      rowsOk,
      rowsBad,
      text,
      faults: faults?.value.faults ?? [],
      faultCount: faults?.value.count ?? 0,
      digest,
    });
    const changed = store.get(record.id);
    if (changed !== null) this.#deps.onChanged(changed);
    return { fault: null, digest };
  }

  /** The size is asked for first: a file of gigabytes is never read. Without bytes `why` says what kept them back; '' = nothing is there. */
  async #readSmall(file: string, limit: number): Promise<SmallFile> {
    const { files } = this.#deps;
    try {
      const size = await files.size(file);
      if (size === null) return { bytes: null, why: '', isTooLarge: false };
      if (size > limit) return { bytes: null, why: `${size} bytes`, isTooLarge: true };
      return { bytes: await files.read(file), why: '', isTooLarge: false };
    } catch (error) {
      const code = systemCode(error);
      if (code === null) throw error;
      return { bytes: null, why: code, isTooLarge: false };
    }
  }
}

interface SmallFile {
  readonly bytes: Uint8Array | null;
  readonly why: string;
  readonly isTooLarge: boolean;
}
