/** Session commands 00, 01, 02 (mercury.md 2): every reply is a status. */
import { ProtocolError } from '../protocol-error.ts';
import type { Command } from './command.ts';
import { byteAt } from './formats.ts';
import { STATUS_LENGTH, statusError, statusMeaning } from './status.ts';

/** Bytes of a password on the wire. */
export const PASSWORD_LENGTH = 6;
/** 1 = consumer, reads; 2 = owner, reads and writes. */
export type AccessLevel = 1 | 2;
/** Two encodings of the same digits: bytes 01..0F, or ASCII 31..39. Which one a meter wants is not said by the meter. */
export type PasswordForm = 'binary' | 'ascii';

/** Channel test: works without a channel. An echoing adapter answers it as well, so it proves nothing. */
export function channelTest(): Command<null> {
  return { ...statusCommand('channel-test', 'channel test', [0x00]), replyMayEqualRequest: true };
}

/** Opens the channel with six password bytes as they go over the wire. Any status but "done" is `session/denied`. */
export function openChannel(level: AccessLevel, password: Uint8Array): Command<null> {
  const label = `open channel level ${level}`;
  return {
    name: 'open-channel',
    label,
    body: Uint8Array.of(0x01, level, ...password),
    replyLengths: [STATUS_LENGTH],
    isSecret: true,
    parse: (data) => {
      const status = byteAt(data, 0);
      if ((status & 0x0f) === 0) return null;
      // Documents and code disagree on the status of a wrong password (3 or 5): any refusal waits for a person.
      throw new ProtocolError('session/denied', `${label}: not accepted (status ${status & 0x0f}: ${statusMeaning(status)})`, {
        offset: 1,
        expectation: 'status 0',
        context: { command: label, status },
        hint: 'Check the password, its form (binary digits or ASCII) and the access level',
      });
    },
  };
}

/** Closes the channel. */
export function closeChannel(): Command<null> {
  return statusCommand('close-channel', 'close channel', [0x02]);
}

/** Six bytes of the factory password of a level: 111111 or 222222. */
export function defaultPassword(level: AccessLevel, form: PasswordForm): Uint8Array {
  return new Uint8Array(PASSWORD_LENGTH).fill(form === 'binary' ? level : 0x30 + level);
}

/** A command whose good reply is the status "done". */
export function statusCommand(name: string, label: string, body: readonly number[]): Command<null> {
  return { name, label, body: Uint8Array.from(body), replyLengths: [STATUS_LENGTH], parse: (data) => done(data, label) };
}

function done(data: Uint8Array, label: string): null {
  const status = byteAt(data, 0);
  if ((status & 0x0f) !== 0) throw statusError(status, label);
  return null;
}
