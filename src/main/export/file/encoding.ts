import iconv from 'iconv-lite';
import { AppError } from '../../../shared/api/errors.ts';

/** Encodings of text files and of dBase files, by the names that `TextDecoder` knows too. */
export type TextEncoding = 'utf-8' | 'windows-1251' | 'cp866';

const CODE_PAGES: Readonly<Record<Exclude<TextEncoding, 'utf-8'>, string>> = { 'windows-1251': 'win1251', cp866: 'cp866' };

/** Bytes of a text; a letter that the code page lacks becomes `?`. */
export function encodeText(text: string, encoding: TextEncoding): Uint8Array {
  return encoding === 'utf-8' ? new TextEncoder().encode(text) : iconv.encode(text, CODE_PAGES[encoding]);
}

/** Whether a text comes back as it was. Decoding is the only sure sign: the encoder makes a `?` of what it does not know without a word. */
export function canEncode(text: string, encoding: TextEncoding): boolean {
  if (encoding === 'utf-8') return true;
  return iconv.decode(iconv.encode(text, CODE_PAGES[encoding]), CODE_PAGES[encoding]) === text;
}

/**
 * Judges the texts of one key column. Throws `export/unsupported` for the first one that the encoding cannot hold; rows come by
 * their keys, so a text seen the time before needs no second look.
 */
export function keyGuard(column: string, encoding: TextEncoding): (text: string) => void {
  let last: string | null = null;
  return (text) => {
    if (text === last) return;
    if (!canEncode(text, encoding)) {
      throw new AppError('export/unsupported', `"${text}" in ${column} has letters that ${encoding} cannot hold`, {
        context: { column, value: text, encoding },
        hint: 'Choose UTF-8 or another format for the files of this receiver, or change the code.',
      });
    }
    last = text;
  };
}
