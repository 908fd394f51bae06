/** Zip archives on their way in and out (xml-80020.md 3). What comes in is strange: nothing of it is inflated before it was judged. */
import { crc32, inflateRawSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { AppError, type ErrorCode } from '../../../shared/api/errors.ts';

export interface ArchiveLimits {
  /** Of the archive itself, bytes. */
  readonly archiveBytes: number;
  /** Of one file when inflated, bytes. */
  readonly fileBytes: number;
  /** Of all files when inflated, bytes. */
  readonly totalBytes: number;
  readonly files: number;
  /** Inflated to deflated. A day of 1,000 points with nothing but zeros comes to 144. */
  readonly ratio: number;
}

/** A month of days of 1,000 points with two channels goes in. */
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
 * for names that lead out of the archive and for encrypted files, and `import/unreadable` for a damaged archive or one without XML files.
 */
export function unzipXmlFiles(bytes: Uint8Array, limits: ArchiveLimits = ARCHIVE_LIMITS): NamedFile[] {
  if (bytes.length > limits.archiveBytes) throw tooLarge(`${bytes.length} bytes`);
  const entries = directoryOf(bytes, limits);
  checkDirectory(entries, limits);
  const wanted = entries.filter(({ name }) => name.toLowerCase().endsWith('.xml'));
  if (wanted.length === 0) throw refused('import/unreadable', 'The archive has no XML file in it');
  return wanted.map((entry) => ({ name: entry.name.slice(entry.name.lastIndexOf('/') + 1), bytes: contentOf(bytes, entry) }));
}

/**
 * An archive with one file. The same file and day give the same bytes on every PC: the compression is not the system's, and the
 * stamp is the day of the data (ISO date).
 */
export function zipOne(file: NamedFile, day: string): Uint8Array {
  // Stamps of archives are wall clock without a zone, taken from a date of this PC's zone.
  const mtime = new Date(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)));
  return zipSync({ [file.name]: [file.bytes, { mtime }] }, { level: 6 });
}

/** One file by the directory of an archive: what it says of itself, not what is. */
interface Entry {
  readonly name: string;
  readonly isEncrypted: boolean;
  /** 0 = stored, 8 = deflated. */
  readonly method: number;
  readonly crc: number;
  readonly deflatedBytes: number;
  readonly inflatedBytes: number;
  /** Of its local header. */
  readonly offset: number;
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const LONGEST_REMARK = 0xffff;

/** The central directory (APPNOTE.TXT 4.3.12, 4.3.16). Archives beyond 4 GB and of several volumes are not taken in. */
function directoryOf(bytes: Uint8Array, limits: ArchiveLimits): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - END_BYTES;
  while (end >= 0 && end >= bytes.length - END_BYTES - LONGEST_REMARK && view.getUint32(end, true) !== END_SIGNATURE) end -= 1;
  if (end < 0 || view.getUint32(end, true) !== END_SIGNATURE) throw damaged('it has no directory');
  const count = view.getUint16(end + 10, true);
  if (count > limits.files) throw tooLarge(`${count} files`);
  const entries: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY_SIGNATURE) throw damaged('its directory breaks off');
    const flags = view.getUint16(at + 8, true);
    const nameBytes = view.getUint16(at + 28, true);
    entries.push({
      name: nameText(bytes.subarray(at + 46, Math.min(at + 46 + nameBytes, end)), (flags & 0x800) !== 0),
      isEncrypted: (flags & 1) !== 0,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      deflatedBytes: view.getUint32(at + 20, true),
      inflatedBytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** Names without the mark of UTF-8 are in some code page of DOS: their letters do not matter, the signs of a path are the same in all. */
function nameText(bytes: Uint8Array, isUtf8: boolean): string {
  return new TextDecoder(isUtf8 ? 'utf-8' : 'ibm866').decode(bytes);
}

function checkDirectory(entries: readonly Entry[], limits: ArchiveLimits): void {
  let total = 0;
  for (const { name, isEncrypted, deflatedBytes, inflatedBytes } of entries) {
    const shown = JSON.stringify(name.slice(0, 100));
    if (isTrick(name)) throw refused('import/forbidden', `The archive holds a file with a forbidden name: ${shown}`);
    if (isEncrypted) throw refused('import/forbidden', `The archive is encrypted: ${shown}`);
    total += inflatedBytes;
    if (inflatedBytes > limits.fileBytes) throw tooLarge(`${shown} inflates to ${inflatedBytes} bytes`);
    if (total > limits.totalBytes) throw tooLarge(`it inflates to more than ${limits.totalBytes} bytes`);
    if (inflatedBytes > limits.ratio * Math.max(deflatedBytes, 1)) throw tooLarge(`${shown} inflates more than ${limits.ratio} times`);
  }
  if (new Set(entries.map(({ name }) => name)).size !== entries.length) {
    throw refused('import/forbidden', 'The archive holds two files of one name');
  }
}

/** Names that mean another place than inside the archive, on any system. */
function isTrick(name: string): boolean {
  return name === '' || /[\p{Cc}\\:]/u.test(name) || name.startsWith('/') || name.split('/').some((part) => part === '..' || part === '.');
}

/** Never inflates beyond what the directory says, which was judged before. */
function contentOf(bytes: Uint8Array, { name, method, crc, deflatedBytes, inflatedBytes, offset }: Entry): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (offset + 30 > bytes.length || view.getUint32(offset, true) !== LOCAL_SIGNATURE) throw damaged(`${name} is not where it should be`);
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + deflatedBytes > bytes.length) throw damaged(`${name} breaks off`);
  const packed = bytes.subarray(start, start + deflatedBytes);
  const content = method === 0 ? packed : inflated(packed, method, name, inflatedBytes);
  if (content.length !== inflatedBytes || crc32(content) !== crc) throw damaged(`${name} is not what the directory says`);
  return content;
}

function inflated(packed: Uint8Array, method: number, name: string, inflatedBytes: number): Uint8Array {
  if (method !== 8) throw refused('import/unreadable', `${name} is packed in a way that is not taken in (method ${method})`);
  try {
    return new Uint8Array(inflateRawSync(packed, { maxOutputLength: Math.max(inflatedBytes, 1) }));
  } catch (cause) {
    throw damaged(`${name} cannot be inflated`, cause);
  }
}

function damaged(why: string, cause?: unknown): AppError {
  return new AppError('import/unreadable', `The archive is damaged: ${why}`, { hint: 'Ask the sender for the file again.', cause });
}

function tooLarge(what: string): AppError {
  return new AppError('import/too-large', `The archive is larger than what is taken in: ${what}`);
}

function refused(code: ErrorCode, message: string): AppError {
  return new AppError(code, message);
}
