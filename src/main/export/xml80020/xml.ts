/** Strange XML made into a plain tree: bounded, without entities, in the encoding that it really has. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import iconv from 'iconv-lite';
import type * as libxml2 from 'libxml2-wasm';
import { AppError, asAppError, type ErrorCode } from '../../../shared/api/errors.ts';

export interface XmlElement {
  /** With its namespace in braces where there is one: the layouts know none. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
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
  /** The prolog as it stands; empty when there is none. */
  readonly prolog: string;
  readonly hasByteOrderMark: boolean;
  /** What the schema finds, at most `MAX_FAULTS`; empty when none was given. */
  readonly schemaFaults: readonly SchemaFault[];
}

export interface SchemaFault {
  readonly line: number;
  readonly message: string;
}

/** A day of 1,000 points with four channels takes some 12 MB, 390,000 elements and, with a status on every value, 600,000 attributes. */
export const XML_LIMITS = { bytes: 32 * 1024 ** 2, elements: 500_000, attributes: 1_250_000, instructions: 1000, depth: 24 };
/** The lines of the meters are served in between. */
const ELEMENTS_AT_ONCE = 10_000;
const MAX_FAULTS = 200;

/** Names that prologs give the two encodings. */
const ENCODINGS: Readonly<Record<string, XmlEncoding>> = {
  'windows-1251': 'windows-1251',
  cp1251: 'windows-1251',
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
};

/**
 * Throws `import/too-large` beyond the limits of size, depth and number, `import/forbidden` for a document type or entities and
 * `import/unreadable` for what is no XML or in no encoding that is taken in. `schema` is an XML schema to hold the file against.
 */
export async function readXml(bytes: Uint8Array, schema: string | null = null): Promise<XmlFile> {
  if (bytes.length > XML_LIMITS.bytes) throw tooLarge(`${bytes.length} bytes, at most ${XML_LIMITS.bytes} are taken in`);
  const { text, ...decoded } = decode(bytes);
  // Without a document type there are no entities but the five of XML itself, so nothing can grow while it is parsed.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text))
    throw refused('import/forbidden', 'The file has a document type of its own, which may hide anything');
  if (countOf(text, '<') > 2 * XML_LIMITS.elements) throw tooLarge(`more than ${XML_LIMITS.elements} elements`);
  if (countOf(text, '<?') > XML_LIMITS.instructions) throw tooLarge(`more than ${XML_LIMITS.instructions} instructions`);
  if (countOf(text, '=') > XML_LIMITS.attributes) throw tooLarge(`more than ${XML_LIMITS.attributes} attributes`);
  // Loaded on the first file: it takes as long as the whole rest of a start.
  const library = await import('libxml2-wasm');
  const { ParseOption } = library;
  const option =
    ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_BIG_LINES | ParseOption.XML_PARSE_IGNORE_ENC;
  const parsed = parsing(() => library.XmlDocument.fromBuffer(new TextEncoder().encode(text), { encoding: 'utf-8', option }));
  try {
    const schemaFaults = schema === null ? [] : faultsBy(schema, parsed, library);
    return { root: await treeOf(parsed.root, library, text.includes('xmlns')), ...decoded, schemaFaults };
  } finally {
    parsed.dispose();
  }
}

type Library = typeof libxml2;

function parsing(parse: () => libxml2.XmlDocument): libxml2.XmlDocument {
  try {
    return parse();
  } catch (cause) {
    const message = asAppError(cause).message.trim().split('\n')[0] ?? '';
    if (message.startsWith('Excessive depth')) throw tooLarge('elements nested too deep');
    const line = linesIn(cause)[0]?.line;
    throw new AppError('import/unreadable', `The file is no sound XML: ${message}`, {
      ...(line === undefined ? {} : { context: { line } }),
      hint: 'The file may have been cut short on its way: ask the sender for it again.',
      cause,
    });
  }
}

/** What the library says of a failure, by line; empty for a failure of another kind. */
function linesIn(error: unknown): SchemaFault[] {
  const details: unknown = error instanceof Error && 'details' in error ? error.details : null;
  if (!Array.isArray(details)) return [];
  return details.slice(0, MAX_FAULTS).map(({ line, message }: SchemaFault) => ({ line, message: message.trim() }));
}

function faultsBy(schema: string, parsed: libxml2.XmlDocument, library: Library): readonly SchemaFault[] {
  const schemaDocument = library.XmlDocument.fromString(schema);
  try {
    const validator = library.XsdValidator.fromDoc(schemaDocument);
    try {
      validator.validate(parsed);
      return [];
    } catch (error) {
      if (error instanceof library.XmlValidateError) return linesIn(error);
      throw error;
    } finally {
      validator.dispose();
    }
  } finally {
    schemaDocument.dispose();
  }
}

interface OpenElement {
  readonly element: XmlElement & { readonly children: XmlElement[]; text: string };
  /** The child that comes next. */
  next: libxml2.XmlNode | null;
}

async function treeOf(root: libxml2.XmlElement, library: Library, hasNamespaces: boolean): Promise<XmlElement> {
  const { XmlElement, XmlText, XmlCData } = library;
  const opened = (node: libxml2.XmlElement): OpenElement => {
    const uri = hasNamespaces ? node.namespaceUri : '';
    const name = uri === '' ? node.name : `{${uri}}${node.name}`;
    const attributes = new Map(node.attrs.map((attribute) => [attribute.name, attribute.value]));
    return { element: { name, attributes, children: [], text: '', line: node.line }, next: node.firstChild };
  };
  const first = opened(root);
  const open = [first];
  let count = 1;
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const child = top.next;
    if (child === null) {
      top.element.text = top.element.text.trim();
      open.pop();
      continue;
    }
    top.next = nextOf(child, library);
    if (child instanceof XmlText || child instanceof XmlCData) top.element.text += child.content;
    if (!(child instanceof XmlElement)) continue;
    if (open.length >= XML_LIMITS.depth) throw tooLarge('elements nested too deep');
    const inner = opened(child);
    top.element.children.push(inner.element);
    open.push(inner);
    count += 1;
    if (count % ELEMENTS_AT_ONCE === 0) await nextTurn();
  }
  return first.element;
}

/** The library gives an instruction (`<?name …?>`) no way to its neighbour but a search. */
function nextOf(node: libxml2.XmlNode, { XmlTreeNode }: Library): libxml2.XmlNode | null {
  return node instanceof XmlTreeNode ? node.next : node.get('following-sibling::node()[1]');
}

interface Decoded extends Pick<XmlFile, 'encoding' | 'declaredEncoding' | 'prolog' | 'hasByteOrderMark'> {
  readonly text: string;
}

/**
 * Bytes as text. The encoding is the one that the bytes fit, since in the other one names would come out wrong; codes and figures are
 * the same in both. Words in windows-1251 are never sound UTF-8, but single letters before a sign are: `Т№` is the letter ҹ there.
 */
function decode(bytes: Uint8Array): Decoded {
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = hasByteOrderMark ? bytes.subarray(3) : bytes;
  if (body.includes(0) || (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw refused('import/unreadable', 'The file is in UTF-16 or no text at all');
  }
  const start = new TextDecoder('latin1').decode(body.subarray(0, 300));
  const prolog = /^<\?xml\s[^>]*\?>/.exec(start)?.[0] ?? '';
  const declaredEncoding = /\sencoding\s*=\s*["']([^"']*)["']/.exec(prolog)?.[1] ?? null;
  const declared = declaredEncoding === null ? 'utf-8' : ENCODINGS[declaredEncoding.toLowerCase()];
  if (declared === undefined)
    throw refused('import/unreadable', `The file is in ${declaredEncoding}, and only windows-1251 and UTF-8 are taken in`);
  const asUtf8 = decodeUtf8(body);
  const utf8 = asUtf8 !== null && (declared === 'utf-8' || isMostlyRussian(asUtf8)) ? asUtf8 : null;
  const text = utf8 ?? iconv.decode(body, 'win1251');
  if (text.includes('\uFFFD'))
    throw refused('import/unreadable', 'The file has bytes that stand for no letter, neither in windows-1251 nor in UTF-8');
  return { text, encoding: utf8 === null ? 'windows-1251' : 'utf-8', declaredEncoding, prolog, hasByteOrderMark };
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function isMostlyRussian(text: string): boolean {
  const russian = text.match(/[А-Яа-яЁё]/g)?.length ?? 0;
  return russian > 0 && 2 * russian >= (text.match(/[^\u0000-\u007F]/g)?.length ?? 0);
}

function countOf(text: string, sign: string): number {
  let count = 0;
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) count += 1;
  return count;
}

function tooLarge(what: string): AppError {
  return new AppError('import/too-large', `The file is larger than what is taken in: ${what}`);
}

function refused(code: ErrorCode, message: string): AppError {
  return new AppError(code, message, { hint: 'Make sure that it is the right file, and ask the sender for it again.' });
}
