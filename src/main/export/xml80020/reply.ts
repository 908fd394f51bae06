/** Replies 80021 to our files (xml-80020.md 7). */
import { AppError } from '../../../shared/api/errors.ts';
import { readXml, type XmlElement } from './xml.ts';

/** By the status of the reply, 0 to 4. */
export const REPLY_STATUSES = ['accepted', 'accepted-non-commercial', 'unknown-channels', 'format-errors', 'not-xml'] as const;
export type ReplyStatus = (typeof REPLY_STATUSES)[number];

export interface MarketReply {
  readonly status: ReplyStatus;
  /** Name of our file as the receiver had it. */
  readonly fileName: string;
  /** null where the reply does not say. */
  readonly isZipped: boolean | null;
  /** As written; null when it is not there. */
  readonly fileDate: string | null;
  readonly id: string | null;
  /** The letter that the file came with; null when it came otherwise. */
  readonly email: {
    readonly id: string | null;
    readonly received: string | null;
    readonly from: string | null;
    readonly subject: string | null;
  } | null;
}

/** A name of a file is short and has nothing of a path in it. */
const FILE_NAME = /^[^\p{Cc}\\/:*?"<>|]{1,200}$/u;

/** Whether the receiver took the file in. */
export function isAccepted(status: ReplyStatus): boolean {
  return status === 'accepted' || status === 'accepted-non-commercial';
}

/** Throws as `readXml`, and `import/wrong-layout` for what is no reply, names no file or has a status that is none of 0 to 4. */
export async function readReply(bytes: Uint8Array): Promise<MarketReply> {
  const { root } = await readXml(bytes);
  if (root.name !== 'message' || root.attributes.get('class') !== '80021') throw wrong('it is none');
  const file = childOf(root, 'file');
  const email = childOf(root, 'email');
  const fileName = fieldOf(file, 'name');
  if (fileName === null || !FILE_NAME.test(fileName)) throw wrong('it names no file');
  const found = fieldOf(childOf(root, 'reply'), 'status');
  const status = found !== null && /^[0-4]$/.test(found) ? REPLY_STATUSES[Number(found)] : undefined;
  if (status === undefined) throw wrong(`its status is "${(found ?? '').slice(0, 20)}", expected 0 to 4`);
  const zip = fieldOf(file, 'zip');
  return {
    status,
    fileName,
    isZipped: zip === null ? null : zip === '1',
    fileDate: fieldOf(file, 'date'),
    id: fieldOf(root, 'id'),
    email:
      email === null
        ? null
        : {
            id: fieldOf(email, 'id'),
            received: fieldOf(email, 'received'),
            from: fieldOf(email, 'from'),
            subject: fieldOf(email, 'subject'),
          },
  };
}

/** Whether a reply means a file of ours: the names without their endings, in any case of letters. */
export function isReplyTo(reply: MarketReply, fileName: string): boolean {
  return bareName(reply.fileName) === bareName(fileName);
}

function bareName(name: string): string {
  return name.replace(/\.(xml|zip)$/i, '').toLowerCase();
}

function childOf(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((child) => child.name === name) ?? null;
}

/** Attribute or child element of a name: replies of different age have the one or the other. */
function fieldOf(element: XmlElement | null, name: string): string | null {
  if (element === null) return null;
  const text = element.attributes.get(name) ?? childOf(element, name)?.text ?? null;
  return text === null || text === '' ? null : text.trim();
}

function wrong(what: string): AppError {
  return new AppError('import/wrong-layout', `The file is no reply 80021: ${what}`);
}
