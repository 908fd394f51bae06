/** Zip archives on their way in and out (xml-80020.md 3). What comes in is strange: nothing of it is inflated before it was judged. */
import { unzipSync, zipSync, type UnzipFileInfo } from 'fflate';
import { AppError, type ErrorCode } from '../../../shared/api/errors.ts';

export interface ArchiveLimits {
  /** Of the archive itself, bytes. */
  readonly archiveBytes: number;
  /** Of one file when inflated, bytes. */
  readonly fileBytes: number;
  /** Of all files when inflated, bytes. */
  readonly totalBytes: number;
  readonly files: number;
  /** Inflated to deflated. Half-hours of zeros come to some 150. */
  readonly ratio: number;
}

/** A month of days of a large plant goes in. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  archiveBytes: 64 * 1024 ** 2,
  fileBytes: 32 * 1024 ** 2,
  totalBytes: 256 * 1024 ** 2,
  files: 100,
  ratio: 400,
};

export interface NamedFile {
  /** Name without folders. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5) && (bytes[3] === 4 || bytes[3] === 6);
}

/**
 * The XML files of an archive in the order of its directory. Throws `import/too-large` beyond the limits, `import/forbidden`
 * for names that lead out of the archive and `import/unreadable` for a damaged archive or one without XML files.
 */
export function unzipXmlFiles(bytes: Uint8Array, limits: ArchiveLimits = ARCHIVE_LIMITS): NamedFile[] {
  if (bytes.length > limits.archiveBytes) throw tooLarge(`${bytes.length} bytes`, limits.archiveBytes);
  const infos = directoryOf(bytes);
  checkDirectory(infos, limits);
  const wanted = infos.filter(({ name }) => name.toLowerCase().endsWith('.xml'));
  if (wanted.length === 0) throw refused('import/unreadable', 'The archive has no XML file in it');
  return wanted.map((info) => ({ name: info.name.slice(info.name.lastIndexOf('/') + 1), bytes: inflated(bytes, info) }));
}

/** An archive with one file; the same file and day give the same bytes. */
export function zipOne(file: NamedFile, modified: string): Uint8Array {
  // Zip stamps are wall clock without a zone: the day of the data, so that nothing of this PC gets in.
  const [year = 0, month = 1, day = 1] = modified.split('-').map(Number);
  return zipSync({ [file.name]: [file.bytes, { mtime: new Date(year, month - 1, day) }] }, { level: 6 });
}

function directoryOf(bytes: Uint8Array): UnzipFileInfo[] {
  const infos: UnzipFileInfo[] = [];
  guarded(() =>
    unzipSync(bytes, {
      filter: (info) => {
        infos.push(info);
        return false;
      },
    }),
  );
  return infos;
}

function checkDirectory(infos: readonly UnzipFileInfo[], limits: ArchiveLimits): void {
  if (infos.length > limits.files) throw tooLarge(`${infos.length} files`, limits.files);
  let total = 0;
  for (const { name, size, originalSize } of infos) {
    if (isTrick(name))
      throw refused('import/forbidden', `The archive holds a file with a forbidden name: ${JSON.stringify(name.slice(0, 100))}`);
    total += originalSize;
    if (originalSize > limits.fileBytes) throw tooLarge(`${name}: ${originalSize} bytes`, limits.fileBytes);
    if (total > limits.totalBytes) throw tooLarge(`${total} bytes when inflated`, limits.totalBytes);
    if (originalSize > limits.ratio * Math.max(size, 1))
      throw tooLarge(`${name}: inflates ${Math.floor(originalSize / Math.max(size, 1))} times`, limits.ratio);
  }
  if (new Set(infos.map(({ name }) => name)).size !== infos.length)
    throw refused('import/forbidden', 'The archive holds two files of one name');
}

/** Names that mean another place than inside the archive, on any system. */
function isTrick(name: string): boolean {
  return name === '' || /[\p{Cc}\\:]/u.test(name) || name.startsWith('/') || name.split('/').some((part) => part === '..' || part === '.');
}

function inflated(bytes: Uint8Array, { name, originalSize }: UnzipFileInfo): Uint8Array {
  const content = guarded(() => unzipSync(bytes, { filter: (info) => info.name === name }))[name];
  if (content === undefined || content.length !== originalSize) throw refused('import/unreadable', `The archive is damaged at ${name}`);
  return content;
}

function guarded<T>(unzip: () => T): T {
  try {
    return unzip();
  } catch (cause) {
    throw new AppError('import/unreadable', 'The archive is damaged', { hint: 'Ask the sender for the file again.', cause });
  }
}

function tooLarge(what: string, limit: number): AppError {
  return new AppError('import/too-large', `The archive is beyond what is taken in: ${what}`, { context: { limit } });
}

function refused(code: ErrorCode, message: string): AppError {
  return new AppError(code, message);
}
