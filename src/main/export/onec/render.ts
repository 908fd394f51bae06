/** From stored figures to the files of a package, in the packages folder of the data folder. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Receiver } from '../../../shared/api/receivers.ts';
import type { PackageContent, PackageFile, PackageRecord, SentDay } from '../../../shared/domain/package.ts';
import { fixedText } from '../../metering/energy.ts';
import type { Progress } from '../../platform/progress.ts';
import type { ByteSink } from '../file/sink.ts';
import { columnsOf } from './columns.ts';
import { type ContentRequest, contentOf, RowCollector, type ToldLookup } from './content.ts';
import { type FileAccess, type GrowingFile, growWhole, writeWhole } from './files.ts';
import { flagFile } from './flag-file.ts';
import { type HeaderFields, headerRecord } from './header.ts';
import { dataFileNames, packageName } from './name.ts';
import type { ExportSource } from './row.ts';
import { NO_ROWS, type RowsSummary, summarise } from './rows.ts';
import { spooledRows, spooledSent, spoolLines, spoolSent } from './spool.ts';
import { flagEncoding, writeFormat } from './writers.ts';

/** Each keeping is a flush of the database: so many keys and days are kept together. */
const DAYS_AT_ONCE = 500;
/** One package is made at a time, so its spools need no name of their own; what a power cut left of them is overwritten. */
const ROWS_SPOOL = 'package.rows.part';
const SENT_SPOOL = 'package.sent.part';

export interface SpoolDeps {
  readonly files: FileAccess;
  readonly source: ExportSource;
  /** Of packages before this one. */
  readonly told: ToldLookup;
  readonly packagesFolder: string;
  readonly receiver: Receiver;
}

export interface RenderDeps extends Pick<SpoolDeps, 'files' | 'packagesFolder' | 'receiver'> {
  /** Keeps what the package says, lot by lot. */
  readonly remember: (sent: readonly SentDay[]) => void;
  readonly site: { readonly inn: string; readonly kpp: string };
}

/**
 * Makes the rows of a package once and spools them, so that all its formats carry the same ones and the header knows their number
 * and sum; memory holds the rows of a month of one point, and those of its other months as bytes. Nothing of it needs the number of
 * the package. Rejects with `api/cancelled`, and leaves no spool then.
 */
export async function spoolPackage(deps: SpoolDeps, request: ContentRequest, progress: Progress): Promise<RowsSummary> {
  const { files, source, told, packagesFolder, receiver } = deps;
  await files.makeFolder(packagesFolder);
  const { cells } = columnsOf(request.kind, receiver);
  const spool = await files.create(path.join(packagesFolder, ROWS_SPOOL));
  try {
    const sentSpool = await files.create(path.join(packagesFolder, SENT_SPOOL));
    try {
      let summary = NO_ROWS;
      const collected = new RowCollector((rows) => spoolLines(rows.map(cells)));
      for await (const part of contentOf(source, told, request, progress)) {
        collected.add(part.rows);
        summary = summarise(summary, part.rows);
        await sentSpool.write(spoolSent(part.sent));
        if (!part.isLast) continue;
        for (const lines of collected.take()) await spool.write(lines);
      }
      return summary;
    } finally {
      await sentSpool.release();
    }
  } finally {
    await spool.release();
  }
}

/** Takes the spools away, as far as they are there. */
export async function dropSpools({ files, packagesFolder }: Pick<SpoolDeps, 'files' | 'packagesFolder'>): Promise<void> {
  for (const name of [ROWS_SPOOL, SENT_SPOOL]) {
    const file = path.join(packagesFolder, name);
    if ((await files.size(file)) !== null) await files.remove(file);
  }
}

/** Renders every format of a package and its flag file from the spools, which are taken away after that. */
export async function renderPackage(deps: RenderDeps, record: PackageRecord, summary: RowsSummary): Promise<PackageContent> {
  const { files, packagesFolder, receiver, site } = deps;
  const name = packageName(record);
  const columns = columnsOf(record.kind, receiver);
  rememberSent(deps);
  const header: HeaderFields = { record, ...site, summary };
  const data: PackageFile[] = [];
  for (const format of record.formats) {
    const document = {
      kind: record.kind,
      made: { utc: record.createdUtc, offsetMin: record.createdOffsetMin },
      rowCount: summary.rows,
      header: headerRecord(header),
      table: { columns: columns.columns, rows: spooledRows(files.chunksNow(path.join(packagesFolder, ROWS_SPOOL))) },
    };
    const names = dataFileNames(record, format, receiver.shortNames);
    data.push(...(await growAll(deps, names, (sinks) => writeFormat(format, document, receiver, sinks))));
  }
  const flag = flagFile({ ...header, encoding: flagEncoding(record.formats, receiver), files: data });
  await writeWhole(files, path.join(packagesFolder, `${name}.ok`), flag);
  await dropSpools(deps);
  return {
    rows: summary.rows,
    missingRows: summary.missingRows,
    controlSum: summary.sum === null ? null : fixedText(summary.sum, 3),
    files: [...data, { name: `${name}.ok`, bytes: flag.length, sha256: createHash('sha256').update(flag).digest('hex') }],
  };
}

function rememberSent({ files, packagesFolder, remember }: RenderDeps): void {
  let lot: SentDay[] = [];
  for (const day of spooledSent(files.chunksNow(path.join(packagesFolder, SENT_SPOOL)))) {
    lot.push(day);
    if (lot.length < DAYS_AT_ONCE) continue;
    remember(lot);
    lot = [];
  }
  remember(lot);
}

/** Opens the files of one format, one inside the other, and describes what came into them. */
async function growAll(
  deps: Pick<RenderDeps, 'files' | 'packagesFolder'>,
  names: readonly string[],
  fill: (sinks: readonly ByteSink[]) => Promise<void>,
  sinks: readonly HashingSink[] = [],
): Promise<PackageFile[]> {
  const [name, ...others] = names;
  if (name === undefined) {
    await fill(sinks);
    return [];
  }
  const described: PackageFile[] = [];
  await growWhole(deps.files, path.join(deps.packagesFolder, name), async (growing) => {
    const sink = new HashingSink(growing);
    const inner = await growAll(deps, others, fill, [...sinks, sink]);
    described.push({ name, bytes: sink.bytes, sha256: sink.digest() }, ...inner);
  });
  return described;
}

/** Counts and digests what goes into a file. */
class HashingSink implements ByteSink {
  bytes = 0;
  readonly #file: GrowingFile;
  readonly #hash = createHash('sha256');

  constructor(file: GrowingFile) {
    this.#file = file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.bytes += bytes.length;
    await this.#file.write(bytes);
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** SHA-256 of a file, hexadecimal; null when it is not there. */
export async function fileDigest(files: FileAccess, file: string): Promise<string | null> {
  const chunks = await files.chunks(file);
  if (chunks === null) return null;
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}
