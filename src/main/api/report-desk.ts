/** Where reports are asked for: by the screens, the command line and the schedules. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, asAppError } from '../../shared/api/errors.ts';
import type { MadeReport, ReportFormat, ReportListItem, ReportRequest, ReportSheet } from '../../shared/api/reports.ts';
import type { WorkStage } from '../../shared/domain/work.ts';
import { type Progress, unwatched } from '../platform/progress.ts';
import { listReports, makeDocument, turnsOf } from '../reports/catalog.ts';
import { countRows, NOTHING_COUNTED, type ReportDocument } from '../reports/document.ts';
import { reportFileName, writeReport } from '../reports/print/file.ts';
import type { ReportSource } from '../reports/source.ts';
import { reportSource } from './report-source.ts';
import type { Site } from './site.ts';

/** Rows that a screen gets at once; the files have all of them. */
const MOST_SHOWN_ROWS = 500;

export class ReportDesk {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  list(): ReportListItem[] {
    return listReports(this.#site.settings.language);
  }

  /** The report as the screen shows it: whole sections, as many as there is room for, the first one in any case. Rejects with `api/cancelled`. */
  async build(request: ReportRequest, progress: Progress = unwatched()): Promise<ReportSheet> {
    const { document } = this.#counted(request, progress);
    const sections: ReportSheet['sections'] = [];
    let count = NOTHING_COUNTED;
    let shown = 0;
    for (const { name, heading, columns, content } of document.sections) {
      if (shown >= MOST_SHOWN_ROWS) break;
      const { facts, rows, results, notes } = await content();
      count = countRows(count, rows);
      shown += rows.length;
      sections.push({ name, heading, columns: [...columns], facts: [...facts], rows: [...rows], results: [...results], notes: [...notes] });
    }
    return {
      name: document.name,
      title: document.title,
      isLandscape: document.isLandscape,
      head: [...document.head],
      sections,
      hiddenSections: document.sections.length - sections.length,
      signatures: document.signatures.map((signature) => ({ ...signature })),
      ...count,
    };
  }

  /** A file in a folder, or its bytes when there is none. Rejects with `export/*`, and with `api/cancelled`: nothing lies in the folder then. */
  async make(request: ReportRequest, format: ReportFormat, folder: string | null, progress: Progress = unwatched()): Promise<MadeReport> {
    const { source, document } = this.#counted(request, progress);
    const name = reportFileName(request, source.site.code, format);
    if (folder === null) {
      const parts: Uint8Array[] = [];
      const write = async (bytes: Uint8Array) => void parts.push(bytes.slice());
      const count = await writeReport(document, format, source, { write }, progress);
      const bytes = Buffer.concat(parts);
      return { file: name, bytes: bytes.length, ...count, contentBase64: bytes.toString('base64') };
    }
    const file = join(folder, name);
    let size = 0;
    const count = await intoFile(folder, file, async (write) => {
      const counting = async (bytes: Uint8Array) => {
        size += bytes.length;
        await write(bytes);
      };
      const written = await writeReport(document, format, source, { write: counting }, progress);
      progress.commit();
      return written;
    });
    return { file, bytes: size, ...count, contentBase64: null };
  }

  /** The document of a request; points and, where there are several, sections are counted as they come. */
  #counted(request: ReportRequest, progress: Progress): { readonly source: ReportSource; readonly document: ReportDocument } {
    let [done, of] = [0, 0];
    let stage: WorkStage = 'points';
    const step = () => {
      done = Math.min(done + 1, of);
      return progress.step({ stage, done, of });
    };
    const source = reportSource(this.#site, step);
    const document = makeDocument(source, request);
    of = turnsOf(source, request);
    if (document.sections.length === 1) return { source, document };
    stage = 'parts';
    of += document.sections.length;
    const sections = document.sections.map((section) => ({
      ...section,
      content: async () => {
        const content = await section.content();
        await step();
        return content;
      },
    }));
    return { source, document: { ...document, sections } };
  }
}

/** Half a file never carries the final name. */
async function intoFile<T>(folder: string, file: string, fill: (write: (bytes: Uint8Array) => Promise<void>) => Promise<T>): Promise<T> {
  const part = `${file}.part`;
  const handle = await unavailable(folder, async () => {
    await mkdir(folder, { recursive: true });
    return open(part, 'w');
  });
  try {
    const result = await fill((bytes) =>
      unavailable(folder, async () => {
        await handle.writeFile(bytes);
      }),
    );
    await unavailable(folder, () => handle.sync());
    await handle.close();
    await unavailable(folder, () => rename(part, file));
    return result;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** What the system says of a folder as `export/folder-unavailable`. */
async function unavailable<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new AppError('export/folder-unavailable', `The report cannot be written into ${folder}: ${asAppError(cause).message}`, {
      context: { folder },
      hint: 'Check that the folder is there, may be written to and has room.',
      cause,
    });
  }
}
