import { type HeaderFields, headerTexts } from './header.ts';

export interface FlagFields extends HeaderFields {
  /** Of the CSV file, else of the first data file. */
  readonly encoding: string;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
}

/**
 * The flag file `.ok` (onec.md 4.2): UTF-8 without a byte order mark, `key=value` lines ended by LF, all header fields of
 * onec.md 3, then every data file of the package with its digest.
 */
export function flagFile(flag: FlagFields): Uint8Array {
  const fields: readonly (readonly [string, string])[] = [
    ...headerTexts(flag),
    ['encoding', flag.encoding],
    ...flag.files.map(({ name, sha256 }) => [`sha256.${name}`, sha256] as const),
  ];
  return new TextEncoder().encode(fields.map(([key, value]) => `${key}=${value}\n`).join(''));
}

/** The pack_id that a flag file or an acknowledgement names; null when it names none. */
export function packIdOf(bytes: Uint8Array): string | null {
  return /^pack_id=([^\r\n]+)/m.exec(new TextDecoder().decode(bytes))?.[1]?.trim() ?? null;
}
