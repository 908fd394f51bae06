/** Replies 80021 to our files (xml-80020.md 7). */
import { AppError } from '../../../shared/api/errors.ts';
import { readXml } from './xml.ts';

/** By the status of the reply, 0 to 4. */
export const REPLY_STATUSES = ['accepted', 'accepted-non-commercial', 'unknown-channels', 'format-errors', 'not-xml'] as const;
export type ReplyStatus = (typeof REPLY_STATUSES)[number];

export interface MarketReply {
  readonly status: ReplyStatus;
  /** Name of our file as the receiver had it, with its ending. */
  readonly fileName: string;
  readonly isZipped: boolean | null;
  /** As written; null when it is not there. */
  readonly fileDate: string | null;
  readonly messageId: string | null;
  readonly email: {
    readonly id: string | null;
    readonly received: string | null;
    readonly from: string | null;
    readonly subject: string | null;
  } | null;
}

/** Whether the receiver took the file in. */
export function isAccepted(status: ReplyStatus): boolean {
  return status === 'accepted' || status === 'accepted-non-commercial';
}

/** Throws as `readXml`, and `import/wrong-layout` for what is no reply, has no file name or a status that is none of 0 to 4. */
export async function readReply(bytes: Uint8Array): Promise<MarketReply> {
  const xml = await readXml(bytes);
  throw new AppError('import/wrong-layout', `${xml.root.name} is no reply 80021`);
}

/** Whether a reply means a file of ours: names without folder and ending, in any case of letters. */
export function isReplyTo(reply: MarketReply, fileName: string): boolean {
  return bareName(reply.fileName) === bareName(fileName);
}

function bareName(name: string): string {
  return name
    .slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
    .replace(/\.(xml|zip)$/i, '')
    .toLowerCase();
}
