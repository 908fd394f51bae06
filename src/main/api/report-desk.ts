/** Where reports are asked for: by the screens, the command line and the schedules. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, asAppError } from '../../shared/api/errors.ts';
import type { MadeReport, ReportFormat, ReportListItem, ReportRequest, ReportSheet } from '../../shared/api/reports.ts';
import { listReports, makeDocument } from '../reports/catalog.ts';
import { countRows, NOTHING_COUNTED } from '../reports/document.ts';
import { reportFileName, writeReport } from '../reports/print/file.ts';
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

  /** The report as the screen shows it: whole sections, as many as there is room for, the first one in any case. */
  async build(request: ReportRequest): Promise<ReportSheet> {
    const document = makeDocument(reportSource(this.#site), request);
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

  /** A file in a folder, or its bytes when there is none. Rejects with `export/*`. */
  async make(request: ReportRequest, format: ReportFormat, folder: string | null): Promise<MadeReport> {
    const source = reportSource(this.#site);
    const document = makeDocument(source, request);
    const name = reportFileName(request, source.site.code, format);
    if (folder === null) {
      const parts: Uint8Array[] = [];
      const count = await writeReport(document, format, source, {
        write: async (bytes) => {
          parts.push(bytes.slice());
        },
      });
      const bytes = Buffer.concat(parts);
      return { file: name, bytes: bytes.length, ...count, contentBase64: bytes.toString('base64') };
    }
    const file = join(folder, name);
    let size = 0;
    const count = await intoFile(folder, file, async (write) =>
      writeReport(document, format, source, {
        write: async (bytes) => {
          size += bytes.length;
          await write(bytes);
        },
      }),
    );
    return { file, bytes: size, ...count, contentBase64: null };
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
