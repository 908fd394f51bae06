import path from 'node:path';
import { AppError } from '../../shared/api/errors.ts';
import { ARCHIVE_LIMITS, type NamedFile } from '../export/xml80020/archive.ts';
import { readPlainFileNow } from '../platform/plain-file.ts';

/** A file 80020 or an archive of them that a person hands in, whole. Throws `api/not-found` and `import/too-large`. */
export function readMarketInput(file: string): NamedFile {
  const read = () => {
    try {
      return readPlainFileNow(file, ARCHIVE_LIMITS.archiveBytes);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new AppError('api/not-found', `The file cannot be opened: ${message}`, { context: { file }, cause });
    }
  };
  const found = read();
  if (found.kind === 'bytes') return { name: path.basename(file), bytes: found.bytes };
  if (found.kind === 'other')
    throw new AppError('api/not-found', 'The file cannot be opened: it is a folder, a pipe or a device', { context: { file } });
  throw new AppError('import/too-large', `The file is larger than what is taken in: ${found.size} bytes`, { context: { file } });
}
