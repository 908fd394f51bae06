import { AppError } from '../../shared/api/errors.ts';
import { readPlainFileNow } from '../platform/plain-file.ts';

const MAX_BYTES = 10 * 1024 * 1024;

/** A file that a person hands in, whole. Throws `api/invalid-argument` when it cannot be read or is larger than any such file can be. */
export function readInputFile(file: string): Uint8Array {
  const read = () => {
    try {
      return readPlainFileNow(file, MAX_BYTES);
    } catch (cause) {
      throw new AppError('api/invalid-argument', `${file} cannot be read`, { context: { file }, cause });
    }
  };
  const found = read();
  if (found.kind === 'bytes') return found.bytes;
  if (found.kind === 'other') throw new AppError('api/invalid-argument', `${file} is a folder, a pipe or a device`, { context: { file } });
  throw new AppError('api/invalid-argument', `${file} is larger than 10 MB`, {
    context: { file },
    hint: 'Files for this command are lists and settings of some kilobytes: this is another one.',
  });
}

/** The same as text in UTF-8, a byte order mark removed. Throws `api/invalid-argument` for other encodings, too. */
export function readInputText(file: string): string {
  const bytes = readInputFile(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('api/invalid-argument', `${file} is no text in UTF-8`, {
      context: { file },
      hint: 'Save it as UTF-8.',
      cause,
    });
  }
}
