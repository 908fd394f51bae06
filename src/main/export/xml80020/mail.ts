/** The letter with the supplier's file: plain SMTP, the attachment byte for byte. */
import { createTransport } from 'nodemailer';
import { AppError } from '../../../shared/api/errors.ts';
import type { MailDelivery } from '../../../shared/api/settings-80020.ts';

export interface Letter {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** `<...@...>`; the same in every attempt, so that a mail system can tell a repeat. */
  readonly messageId: string;
  readonly attachments: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** A mail server with the password of its account; null = none was entered. */
export type MailServer = Pick<MailDelivery, 'host' | 'port' | 'security' | 'user'> & { readonly password: string | null };

/**
 * Hands one letter to a mail server; resolves when the server has taken it for all recipients. Throws `export/mail-unavailable` when the
 * server cannot be reached or asks to come later, and `export/mail-refused` when a person has to change something first.
 */
export type SendLetter = (server: MailServer, letter: Letter) => Promise<void>;

const ANSWER_MS = 20_000;
/** A server that looks through attachments takes its time before it says that it has the letter. */
const SILENCE_MS = 120_000;

/** Sends over the network. `trusted` gives the certificates to be trusted, PEM, asked for with each letter; none = those of the runtime. */
export function smtpSender(trusted: () => readonly string[]): SendLetter {
  return async (server, { from, to, subject, text, messageId, attachments }) => {
    const { host, port, security, user, password } = server;
    if (user !== '' && password === null) throw refused(server, 'no password has been entered for its account');
    const ca = [...trusted()];
    const transport = createTransport({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      ...(user === '' ? {} : { auth: { user, pass: password ?? '' } }),
      connectionTimeout: ANSWER_MS,
      greetingTimeout: ANSWER_MS,
      socketTimeout: SILENCE_MS,
      ...(ca.length === 0 ? {} : { tls: { ca } }),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      const files = attachments.map(({ name, bytes }) => ({
        filename: name,
        content: Buffer.from(bytes),
        contentType: 'application/octet-stream',
        contentTransferEncoding: 'base64' as const,
      }));
      const sent = await transport.sendMail({ from, to: [...to], subject, text, messageId, attachments: files });
      if (sent.rejected.length > 0) throw refused(server, `it does not take letters for ${sent.rejected.map(addressText).join(', ')}`);
    } catch (error) {
      throw error instanceof AppError ? error : mailError(server, error);
    } finally {
      transport.close();
    }
  };
}

function addressText(address: string | { readonly address: string }): string {
  return typeof address === 'string' ? address : address.address;
}

/** Codes of the library by what happens next: only what a person has to change is a refusal. */
function mailError(server: MailServer, error: unknown): AppError {
  const code = textField(error, 'code');
  const reply = numberField(error, 'responseCode');
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'EAUTH' || code === 'ENOAUTH') {
    return reply !== null && reply < 500
      ? unavailable(server, message, error)
      : refused(server, 'it does not accept the name or the password of the account', error);
  }
  if (code === 'ETLS' || isCertificateFault(error)) return refused(server, `no protected connection comes about: ${message}`, error);
  if (reply !== null && reply >= 500 && reply !== 503) return refused(server, `it answers ${message}`, error);
  return unavailable(server, message, error);
}

/** A socket error whose cause is the certificate: waiting does not help. */
function isCertificateFault(error: unknown): boolean {
  const texts = [textField(error, 'code'), error instanceof Error ? error.message : '', causeText(error)];
  return texts.some(
    (text) => text !== null && /certificate|CERT_|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|wrong version number|SSL routines/i.test(text),
  );
}

function causeText(error: unknown): string | null {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error ? `${textField(cause, 'code') ?? ''} ${cause.message}` : null;
}

function textField(error: unknown, field: string): string | null {
  const value: unknown = error instanceof Error ? Reflect.get(error, field) : null;
  return typeof value === 'string' ? value : null;
}

function numberField(error: unknown, field: string): number | null {
  const value: unknown = error instanceof Error ? Reflect.get(error, field) : null;
  return typeof value === 'number' ? value : null;
}

function unavailable({ host, port }: MailServer, why: string, cause: unknown): AppError {
  return new AppError('export/mail-unavailable', `The mail server ${host}:${port} has not taken the letter: ${why}`, {
    context: { host, port },
    hint: 'Check that the server can be reached from here; sending is repeated by itself.',
    cause,
  });
}

function refused({ host, port, user }: MailServer, why: string, cause?: unknown): AppError {
  return new AppError('export/mail-refused', `The mail server ${host}:${port} has refused: ${why}`, {
    context: { host, port, user },
    hint: 'Check the account and its password, the addresses and the kind of security in the settings, then send again.',
    cause,
  });
}
