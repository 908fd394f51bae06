/** Names of files by the template of the recipient (xml-80020.md 3). */
import { AppError } from '../../../shared/api/errors.ts';
import { aiisCodeOf, compactDay, dayOfCompact, MESSAGE_CLASSES, type MarketDocument } from './document.ts';

export const NAME_FIELDS = ['class', 'inn', 'day', 'number', 'aiis', 'area'] as const;
export type NameField = (typeof NAME_FIELDS)[number];

/** The usual name; without an ending, as all templates are. */
export const DEFAULT_NAME_TEMPLATE = '{class}_{inn}_{day}_{number}_{aiis}';

/** What a name tells; a field that the template does not have is null. */
export interface NameFields {
  readonly class: string | null;
  /** Of the sender. */
  readonly inn: string | null;
  /** ISO date of the data. */
  readonly day: string | null;
  readonly number: number | null;
  readonly aiis: string | null;
  /** Code of the (first) area. */
  readonly area: string | null;
}

/** What the contents of a field look like. */
const FIELD_PATTERNS: Readonly<Record<NameField, string>> = {
  class: MESSAGE_CLASSES.join('|'),
  inn: '\\d{12}|\\d{10}',
  day: '\\d{8}',
  number: '\\d{1,15}',
  aiis: '\\d{10}',
  area: '\\d{10}',
};

/** Parts of a template: text as it is, and fields. */
type Part = { readonly text: string } | { readonly field: NameField };

/**
 * Throws `api/invalid-argument` for a template with unknown or repeated fields, without the day or the number (two files would
 * get one name), with characters that file systems do not take, or with fields that touch each other, which nobody could take apart.
 */
export function checkNameTemplate(template: string): void {
  partsOf(template);
}

/** Name of a file without an ending. */
export function marketFileName(template: string, document: MarketDocument): string {
  return partsOf(template)
    .map((part) => ('text' in part ? part.text : fieldText(part.field, document)))
    .join('');
}

/** Fields of a name with or without its ending `.xml` or `.zip`; null when it is not of the template. */
export function parseMarketFileName(template: string, name: string): NameFields | null {
  const parts = partsOf(template);
  const pattern = parts.map((part) => ('text' in part ? escaped(part.text) : `(?<${part.field}>${FIELD_PATTERNS[part.field]})`)).join('');
  const groups = new RegExp(`^${pattern}(?:\\.(?:xml|zip))?$`, 'i').exec(name)?.groups;
  if (groups === undefined) return null;
  const day = groups['day'] === undefined ? null : dayOfCompact(groups['day']);
  if (groups['day'] !== undefined && day === null) return null;
  return {
    class: groups['class'] ?? null,
    inn: groups['inn'] ?? null,
    day,
    number: groups['number'] === undefined ? null : Number(groups['number']),
    aiis: groups['aiis'] ?? null,
    area: groups['area'] ?? null,
  };
}

/** The same fields as a document has them; those that it lacks or that cannot be read are null. */
export function nameFieldsOf(document: MarketDocument): NameFields {
  const area = document.areas[0]?.inn ?? null;
  return {
    class: document.messageClass,
    inn: document.sender.inn,
    day: dayOfCompact(document.day),
    number: /^\d{1,15}$/.test(document.number) ? Number(document.number) : null,
    aiis: area === null ? null : aiisCodeOf(area),
    area,
  };
}

function fieldText(field: NameField, document: MarketDocument): string {
  const fields = nameFieldsOf(document);
  const value = field === 'day' && fields.day !== null ? compactDay(fields.day) : fields[field];
  const text = String(value);
  // The text comes from settings and points: nothing that is not of its field may get into a path.
  if (!new RegExp(`^(?:${FIELD_PATTERNS[field]})$`).test(text)) {
    throw new AppError('api/invalid-argument', `The name of the file needs ${field}, and "${value ?? ''}" is none`, { context: { field } });
  }
  return text;
}

function partsOf(template: string): Part[] {
  const refuse = (why: string): never => {
    throw new AppError('api/invalid-argument', `The template of file names "${template}" cannot be used: ${why}`, {
      context: { template },
      hint: `Fields: ${NAME_FIELDS.map((field) => `{${field}}`).join(' ')}; for example ${DEFAULT_NAME_TEMPLATE}`,
    });
  };
  const parts = template
    .split(/(\{[^{}]*\})/)
    .filter((text) => text !== '')
    .map((text): Part => {
      if (!text.startsWith('{')) return { text };
      const field = NAME_FIELDS.find((known) => text === `{${known}}`);
      return field === undefined ? refuse(`there is no field ${text}`) : { field };
    });
  const fields = parts.flatMap((part) => ('field' in part ? [part.field] : []));
  if (new Set(fields).size !== fields.length) refuse('a field is repeated');
  if (!fields.includes('day') || !fields.includes('number')) refuse('{day} and {number} must be in it');
  if (parts.some((part) => 'text' in part && !/^[\p{L}\p{N} ()._-]+$/u.test(part.text)))
    refuse('it has characters that no file name may have');
  if (/\}(\{|\d)|\d\{/.test(template)) refuse('between two fields there must be a sign that is no digit');
  return parts;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\-]/g, '\\$&');
}
