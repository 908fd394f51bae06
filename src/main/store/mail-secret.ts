import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { AppendAudit } from './audit.ts';
import { bytesOf } from './columns.ts';
import type { Row, WritableDb } from './database.ts';

/** The password of the mail server: sealed at rest, like those of the meters. */
export interface MailSecret {
  /** null = none was entered. Throws `store/corrupt` when this key does not open it. */
  password(): string | null;
  /** null takes it away; the audit tells that it was changed, never what it is. */
  setPassword(password: string | null, who: string): void;
}

/** The mail password of an open database. */
export function mailSecret(db: WritableDb, secrets: Secrets, audit: AppendAudit, nowUtc: () => UtcSeconds): MailSecret {
  const sealed = db.query<[], Row & { id: number; sealed: Uint8Array }>(
    'SELECT secret.id, sealed FROM supplier_mail_secret AS mail JOIN secret ON secret.id = mail.secret_id WHERE mail.id = 1',
  );
  const addSecret = db.command('INSERT INTO secret (sealed, saved_utc) VALUES (?, ?)');
  const dropSecret = db.command('DELETE FROM secret WHERE id = ?');
  const point = db.command('INSERT INTO supplier_mail_secret (id, secret_id) VALUES (1, ?)');
  const unpoint = db.command('DELETE FROM supplier_mail_secret WHERE id = 1');
  return {
    password() {
      const row = sealed.get();
      return row === undefined ? null : new TextDecoder().decode(secrets.open(bytesOf(row.sealed)));
    },
    setPassword(password, who) {
      db.transaction(() => {
        const old = sealed.get();
        if (old !== undefined) {
          unpoint.run();
          dropSecret.run(old.id);
        }
        if (password !== null) point.run(addSecret.insert(secrets.seal(new TextEncoder().encode(password)), nowUtc()));
        const entry = { oldValue: old === undefined ? null : 'set', newValue: password === null ? null : 'set', reason: null };
        audit({ who, action: 'supplier.mailPassword', subject: 'mail server', ...entry }, nowUtc());
      });
    },
  };
}
