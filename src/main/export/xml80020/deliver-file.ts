/** From the number to the recipient: signature, folder, letter. Each step is remembered before the next one begins. */
import path from 'node:path';
import { AppError } from '../../../shared/api/errors.ts';
import type { Settings } from '../../../shared/api/settings.ts';
import type { MailDelivery } from '../../../shared/api/settings-80020.ts';
import type { SupplierFileRecord } from '../../../shared/domain/supplier-file.ts';
import type { Clock } from '../../platform/clock.ts';
import { type FileAccess, systemCode } from './files.ts';
import { digest, putIntoFolder } from './delivery.ts';
import { aiisCodeOf, compactDay } from './document.ts';
import type { SendLetter } from './mail.ts';
import { type RunCommand, sign } from './sign.ts';
import type { SupplierFileStore } from './store.ts';

export interface DeliverDeps {
  readonly store: Pick<SupplierFileStore, 'sign' | 'setState' | 'parts' | 'get'>;
  readonly files: FileAccess;
  readonly clock: Clock;
  /** Folder for signing inside the data folder; made when it is missing. */
  readonly signFolder: string;
  readonly runCommand: RunCommand;
  readonly sendLetter: SendLetter;
  /** Of the mail account; null = none was entered. */
  readonly mailPassword: () => string | null;
  readonly newUuid: () => string;
}

/**
 * Brings a file to its end, from whatever step it stands at. A letter bears one Message-ID in all its attempts: when the program ended while
 * the server was taking it, it is handed over again, and the recipient sees the same file with the same number and the same identity.
 * Throws `export/*`; the file is left as the last step that came to its end left it.
 */
export async function deliverFile(deps: DeliverDeps, settings: Settings, record: SupplierFileRecord): Promise<void> {
  const { store, clock, files } = deps;
  const nowUtc = () => Math.floor(clock.now() / 1000);
  const command = settings.xml80020.signCommand;
  if (command !== null && !record.isSigned && record.folderUtc === null && record.mailUtc === null) await signFile(deps, command, record);
  const parts = store.parts(record.id);
  if (record.folder !== null && record.folderUtc === null) {
    await putIntoFolder(files, record.folder, parts);
    store.setState(record.id, record.state === 'sending' ? 'sending' : 'made', record.note, nowUtc(), { folderUtc: nowUtc() });
  }
  if (record.isMailed && record.mailUtc === null) {
    const { mail } = settings.xml80020.delivery;
    if (mail === null) throw mailGone();
    const messageId = record.messageId ?? newMessageId(record, deps.newUuid());
    const wasCut = record.state === 'sending';
    store.setState(record.id, 'sending', wasCut ? 'the program ended while the letter was handed over' : null, nowUtc(), { messageId });
    await deps.sendLetter(
      {
        host: mail.host,
        port: mail.port,
        security: mail.security,
        user: mail.user,
        password: mail.user === '' ? null : deps.mailPassword(),
      },
      {
        from: mail.from,
        to: mail.to,
        subject: subjectOf(mail, settings, record),
        text: letterText(record),
        messageId,
        attachments: parts,
      },
    );
    store.setState(record.id, 'sent', null, nowUtc(), { mailUtc: nowUtc() });
    return;
  }
  store.setState(record.id, 'sent', null, nowUtc());
}

async function signFile({ store, files, runCommand, signFolder }: DeliverDeps, command: readonly string[], record: SupplierFileRecord) {
  const [document] = store.parts(record.id);
  if (document === undefined) throw new AppError('bug', `The supplier's file ${record.id} has no bytes`);
  try {
    const folder = path.join(signFolder, String(record.number));
    const left = await sign({ files, run: runCommand, folder }, command, document);
    store.sign(
      record.id,
      left.map(({ name, bytes }) => ({ name, bytes, sha256: digest(bytes) })),
    );
    for (const { name } of left) await files.remove(path.join(folder, name));
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    throw new AppError(code === 'ENOSPC' ? 'store/disk-full' : 'store/read-only', `The folder for signing cannot be used: ${code}`, {
      context: { folder: signFolder, cause: code },
      hint: 'Free space on the disk of the data folder and see that this account may write to it.',
      cause: error,
    });
  }
}

function newMessageId({ messageClass, senderInn, day, number }: SupplierFileRecord, uuid: string): string {
  return `<${messageClass}.${senderInn}.${compactDay(day)}.${number}.${uuid}@feeder>`;
}

function subjectOf({ subject }: MailDelivery, { xml80020: { sender } }: Settings, record: SupplierFileRecord): string {
  const fields: Readonly<Record<string, string>> = {
    class: record.messageClass,
    inn: record.senderInn,
    day: compactDay(record.day),
    number: String(record.number),
    aiis: aiisCodeOf(record.areaInn),
    sender: sender.name,
    file: record.content.name,
  };
  return subject.replaceAll(/\{([a-z]+)\}/g, (text, name: string) => fields[name] ?? text);
}

/** For the person who opens the letter; programs take the attachment. */
function letterText({ messageClass, day, number, content }: SupplierFileRecord): string {
  const date = day.split('-').reverse().join('.');
  return `Макет ${messageClass} за ${date}, номер ${number}.\r\nФайл: ${content.name}.\r\n`;
}

function mailGone(): AppError {
  return new AppError('export/mail-refused', 'The settings have no mail server any more', {
    hint: 'Enter the mail server again, or make the day anew.',
  });
}
