import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

const pem = (name: string) => readFileSync(new URL(`../vectors/mail/${name}.pem`, import.meta.url), 'utf8');
/** Self-signed for localhost, made for these tests. */
export const CERTIFICATE = pem('certificate');

export interface ReceivedLetter {
  readonly from: string;
  readonly to: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly attachments: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly isSecure: boolean;
  readonly user: string | null;
}

export interface MailServerOptions {
  readonly security?: 'none' | 'starttls' | 'tls';
  /** Name and password that it asks for; nobody is asked when not given. */
  readonly account?: readonly [user: string, password: string];
  /** Answers to the recipient: an SMTP code to refuse with. */
  readonly refuseRecipient?: number;
  /** Called when the letter is whole; the server says that it has it once `answer` is called. */
  readonly onLetter?: (answer: () => void) => void;
  readonly port?: number;
}

/** A mail server on this machine that keeps what it is given, ended after the test. */
export async function mailServer(options: MailServerOptions = {}) {
  const { security = 'none', account, refuseRecipient, onLetter } = options;
  const letters: ReceivedLetter[] = [];
  const server = new SMTPServer({
    secure: security === 'tls',
    key: pem('key'),
    cert: CERTIFICATE,
    disabledCommands: [...(security === 'starttls' ? [] : ['STARTTLS']), ...(account === undefined ? ['AUTH'] : [])],
    authOptional: account === undefined,
    allowInsecureAuth: true,
    logger: false,
    onAuth(auth, _session, callback) {
      const isRight = auth.username === account?.[0] && auth.password === account?.[1];
      if (isRight) callback(null, { user: auth.username });
      else callback(new Error('Invalid username or password'));
    },
    onRcptTo(_address, _session, callback) {
      callback(refuseRecipient === undefined ? null : Object.assign(new Error('not taken'), { responseCode: refuseRecipient }));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        letters.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          isSecure: session.secure,
          user: typeof session.user === 'string' ? session.user : null,
          ...parsed(Buffer.concat(chunks).toString('latin1')),
        });
        onLetter?.(() => callback(null, 'taken'));
        if (onLetter === undefined) callback(null, 'taken');
      });
    },
  });
  server.on('error', () => {});
  const sockets = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  onTestFinished(close);
  const { port } = server.server.address() as AddressInfo;
  /** Breaks every connection off. */
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { port, letters, close, drop };
}

/** What a mail program makes of a letter: headers unfolded, parts by their boundary, base64 decoded. */
function parsed(raw: string): Pick<ReceivedLetter, 'headers' | 'text' | 'attachments'> {
  const { headers, body } = splitPart(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) return { headers, text: body, attachments: [] };
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => splitPart(part.replace(/^\r\n/, '')));
  const attachments = parts.filter((part) => (part.headers['content-disposition'] ?? '').startsWith('attachment'));
  return {
    headers,
    text: new TextDecoder().decode(bytesOf(parts.find((part) => !attachments.includes(part)))),
    attachments: attachments.map((part) => ({
      name: /filename="?([^";]+)"?/.exec(part.headers['content-disposition'] ?? '')?.[1] ?? '',
      bytes: bytesOf(part),
    })),
  };
}

function splitPart(part: string): { headers: Record<string, string>; body: string } {
  const end = part.indexOf('\r\n\r\n');
  const lines = part
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  return { headers, body: part.slice(end + 4) };
}

function bytesOf(part: { headers: Record<string, string>; body: string } | undefined): Uint8Array {
  if (part === undefined) return new Uint8Array();
  const encoding = part.headers['content-transfer-encoding'];
  return new Uint8Array(Buffer.from(part.body, encoding === 'base64' ? 'base64' : 'latin1'));
}
