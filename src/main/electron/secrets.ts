import { safeStorage } from 'electron';
import { AppError } from '../../shared/api/errors.ts';
import type { Secrets } from '../platform/secrets.ts';

/**
 * Secrets sealed by the operating system for this Windows account (DPAPI). A data folder that is moved to another
 * account or computer cannot be opened there: the passwords of the meters are then entered again. Throws
 * `store/corrupt` for what this account did not seal.
 */
export function desktopSecrets(): Secrets {
  return {
    // safeStorage takes text only.
    seal: (plain) => new Uint8Array(safeStorage.encryptString(Buffer.from(plain).toString('base64'))),
    open: (sealed) => {
      try {
        return new Uint8Array(Buffer.from(safeStorage.decryptString(Buffer.from(sealed)), 'base64'));
      } catch (cause) {
        throw new AppError('store/corrupt', 'A secret was sealed by another account or computer', {
          hint: 'Enter the passwords of the meters again',
          cause,
        });
      }
    },
  };
}
