/** Files 80020 and 80040 of others, and our own read again: lenient where files of the trade differ, and everything passed over is named. */
import { AppError } from '../../../shared/api/errors.ts';
import {
  type MarketArea,
  type MarketChannel,
  type MarketDocument,
  type MarketPeriod,
  type MarketPoint,
  MESSAGE_CLASSES,
  type Organisation,
} from './document.ts';
import { readXml, type XmlElement, type XmlFile } from './xml.ts';

/**
 * `encoding`: the prolog names another one than the bytes are in; `byte-order-mark`: there is one; `skipped-element`: a known one that
 * carries no figures of points, or figures of something else; `unknown-element`, `unknown-attribute`: no file is known to have it;
 * `letter-case`: known, but with capital letters; `repeated-element`: the first one counts; `missing`: the text is taken as empty.
 */
export const READ_WARNINGS = [
  'encoding',
  'byte-order-mark',
  'skipped-element',
  'unknown-element',
  'unknown-attribute',
  'letter-case',
  'repeated-element',
  'missing',
] as const;
export type ReadWarningKind = (typeof READ_WARNINGS)[number];

/** Something in a file that was passed over or put right. */
export interface ReadWarning {
  readonly kind: ReadWarningKind;
  /** Path in the tree, such as `message/area 5600010901/measuringpoint 562080073213101`. */
  readonly path: string;
  readonly line: number;
  /** What stands there, shortened. */
  readonly text: string;
}

export interface ReadMarketFile {
  readonly document: MarketDocument;
  /** The first `MAX_WARNINGS`. */
  readonly warnings: readonly ReadWarning[];
  /** Lines of the areas, points, channels and periods of the document. */
  readonly lines: ReadonlyMap<object, number>;
  readonly xml: Omit<XmlFile, 'root'>;
}

const MAX_WARNINGS = 200;

/** Elements beside measuring points that files have (xml-80020.md 2); `comment` stands in the message. */
const SKIPPED = new Set(['comment', 'accountpoint', 'deliverypoint', 'deliverygroup', 'peretok']);

/**
 * The document of one XML file. Elements that are not of it are skipped with a warning; values stand as they are, however wrong:
 * `check.ts` judges them. Throws as `readXml`, and `import/wrong-layout` for what is no 80020 or 80040.
 */
export async function readMarketFile(bytes: Uint8Array, schema: string | null = null): Promise<ReadMarketFile> {
  const { root, ...xml } = await readXml(bytes, schema);
  const reader = new Reader();
  if (xml.hasByteOrderMark) reader.warn('byte-order-mark', 'message', root, '');
  if (xml.declaredEncoding !== null && !isSameEncoding(xml))
    reader.warn('encoding', 'message', root, `${xml.declaredEncoding}, in fact ${xml.encoding}`);
  return { document: reader.message(root), warnings: reader.warnings, lines: reader.lines, xml };
}

/** Whether the bytes are in the encoding that the prolog names. */
export function isSameEncoding({ declaredEncoding, encoding }: Pick<XmlFile, 'declaredEncoding' | 'encoding'>): boolean {
  const declared = declaredEncoding?.toLowerCase() ?? 'utf-8';
  return encoding === 'utf-8' ? /^(utf-?8|us-ascii)$/.test(declared) : /1251$/.test(declared);
}

class Reader {
  readonly warnings: ReadWarning[] = [];
  readonly lines = new Map<object, number>();

  warn(kind: ReadWarningKind, path: string, at: XmlElement, text: string): void {
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push({ kind, path, line: at.line, text: shortened(text) });
  }

  message(root: XmlElement): MarketDocument {
    const messageClass = MESSAGE_CLASSES.find((known) => root.attributes.get('class') === known);
    if (root.name !== 'message' || messageClass === undefined) {
      const found = `${root.name}${root.attributes.has('class') ? ` of class ${root.attributes.get('class') ?? ''}` : ''}`;
      throw new AppError('import/wrong-layout', `The file is no 80020 or 80040 but ${shortened(found)}`, {
        context: { found: shortened(found) },
      });
    }
    const path = 'message';
    this.#attributes(root, path, ['class', 'version', 'number']);
    const { datetime, sender, area = [] } = this.#children(root, path, ['datetime', 'sender', 'area']);
    const moment = this.#only(datetime, path, root, 'datetime');
    const organisation = this.#only(sender, path, root, 'sender');
    const times = moment === null ? {} : this.#children(moment, `${path}/datetime`, ['timestamp', 'daylightsavingtime', 'day']);
    const text = (found: readonly XmlElement[] | undefined, name: string) =>
      this.#only(found, `${path}/datetime`, moment ?? root, name)?.text ?? '';
    return {
      messageClass,
      version: this.#required(root, path, 'version'),
      number: this.#required(root, path, 'number'),
      timestamp: text(times['timestamp'], 'timestamp'),
      daylightSaving: text(times['daylightsavingtime'], 'daylightsavingtime'),
      day: text(times['day'], 'day'),
      sender:
        organisation === null
          ? { inn: '', name: '' }
          : this.#organisation(organisation, `${path}/sender`, this.#children(organisation, `${path}/sender`, ['inn', 'name'])),
      areas: area.map((one) => this.#area(one, path)),
    };
  }

  #area(element: XmlElement, above: string): MarketArea {
    const code = element.children.find(({ name }) => name.toLowerCase() === 'inn')?.text ?? '';
    const path = `${above}/area ${shortened(code)}`;
    this.#attributes(element, path, ['timezone']);
    const children = this.#children(element, path, ['inn', 'name', 'measuringpoint']);
    return this.#placed(element, {
      ...this.#organisation(element, path, children),
      timeZone: element.attributes.get('timezone') ?? null,
      points: (children['measuringpoint'] ?? []).map((point) => this.#point(point, path)),
    });
  }

  #point(element: XmlElement, above: string): MarketPoint {
    const code = element.attributes.get('code') ?? '';
    const path = `${above}/measuringpoint ${shortened(code)}`;
    this.#attributes(element, path, ['code', 'name']);
    const { measuringchannel = [] } = this.#children(element, path, ['measuringchannel']);
    return this.#placed(element, {
      code: this.#required(element, path, 'code'),
      name: this.#required(element, path, 'name'),
      channels: measuringchannel.map((channel) => this.#channel(channel, path)),
    });
  }

  #channel(element: XmlElement, above: string): MarketChannel {
    const path = `${above}/measuringchannel ${shortened(element.attributes.get('code') ?? '')}`;
    this.#attributes(element, path, ['code', 'desc', 'verbose']);
    const { period = [] } = this.#children(element, path, ['period']);
    return this.#placed(element, {
      code: this.#required(element, path, 'code'),
      description: this.#required(element, path, 'desc'),
      periods: period.map((one) => this.#period(one, path)),
    });
  }

  #period(element: XmlElement, above: string): MarketPeriod {
    const path = `${above}/period ${shortened(element.attributes.get('start') ?? '')}`;
    this.#attributes(element, path, ['start', 'end', 'summer']);
    const value = this.#only(this.#children(element, path, ['value'])['value'], path, element, 'value');
    if (value !== null) this.#attributes(value, path, ['status', 'extendedstatus', 'param1', 'param2', 'param3', 'errofmeasuring']);
    return this.#placed(element, {
      start: this.#required(element, path, 'start'),
      end: this.#required(element, path, 'end'),
      isSummer: element.attributes.get('summer') === '1',
      value: value === null || value.text === '' ? null : value.text,
      status: value?.attributes.get('status') ?? null,
      extendedStatus: value?.attributes.get('extendedstatus') ?? null,
      param1: value?.attributes.get('param1') ?? null,
    });
  }

  #organisation(element: XmlElement, path: string, { inn, name }: Readonly<Record<string, XmlElement[]>>): Organisation {
    return { inn: this.#only(inn, path, element, 'inn')?.text ?? '', name: this.#only(name, path, element, 'name')?.text ?? '' };
  }

  /** Known children by name; all others are named and skipped. */
  #children(element: XmlElement, path: string, known: readonly string[]): Readonly<Record<string, XmlElement[]>> {
    const found: Record<string, XmlElement[]> = Object.fromEntries(known.map((name) => [name, []]));
    for (const child of element.children) {
      const name = known.find((one) => one === child.name.toLowerCase());
      if (name === undefined) {
        this.warn(SKIPPED.has(child.name.toLowerCase()) ? 'skipped-element' : 'unknown-element', path, child, child.name);
        continue;
      }
      if (name !== child.name) this.warn('letter-case', path, child, child.name);
      found[name]?.push(child);
    }
    return found;
  }

  #only(found: readonly XmlElement[] | undefined, path: string, above: XmlElement, name: string): XmlElement | null {
    const [first, second] = found ?? [];
    if (second !== undefined) this.warn('repeated-element', path, second, name);
    if (first === undefined) this.warn('missing', path, above, name);
    return first ?? null;
  }

  #attributes(element: XmlElement, path: string, known: readonly string[]): void {
    for (const name of element.attributes.keys()) if (!known.includes(name)) this.warn('unknown-attribute', path, element, name);
  }

  #required(element: XmlElement, path: string, name: string): string {
    const value = element.attributes.get(name);
    if (value === undefined) this.warn('missing', path, element, name);
    return value ?? '';
  }

  #placed<T extends object>(element: XmlElement, part: T): T {
    this.lines.set(part, element.line);
    return part;
  }
}

/** Text of a strange file as it may stand in a message. */
function shortened(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ');
  return plain.length > 60 ? `${plain.slice(0, 59)}…` : plain;
}
