import { describe, expect, it, vi } from 'vitest';
import { desktopSecrets } from '../../../src/main/electron/secrets.ts';

const MARK = 'sealed by this account:';
vi.mock('electron', () => ({
  safeStorage: {
    encryptString: (text: string) => Buffer.from(MARK + text),
    decryptString: (sealed: Buffer) => {
      if (!sealed.toString().startsWith(MARK)) throw new Error('Error while decrypting the ciphertext');
      return sealed.toString().slice(MARK.length);
    },
  },
}));

describe('secrets of the desktop product', () => {
  it('come back byte for byte, whatever the bytes are', () => {
    const secrets = desktopSecrets();
    const every = Uint8Array.from({ length: 256 }, (_unused, index) => index);
    for (const plain of [every, new Uint8Array(), Uint8Array.of(0x31, 0x31, 0x31, 0x31, 0x31, 0x31)]) {
      expect(secrets.open(secrets.seal(plain))).toEqual(plain);
    }
  });

  it('of another account are refused as corrupt, with what to do', () => {
    const open = () => desktopSecrets().open(Uint8Array.of(1, 2, 3));
    expect(open).toThrow(expect.objectContaining({ code: 'store/corrupt', hint: expect.stringContaining('again') as string }) as Error);
  });
});
