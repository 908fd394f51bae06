import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readPlainFile } from './plain-file.ts';

/** What Node tells of the files in a folder that others write into. Links are not followed: they may lead anywhere. */
export const nodeReplyFolder = {
  async list(folder: string): Promise<{ name: string; bytes: number; changedMs: number }[] | null> {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return await Promise.all(
        files.map(async ({ name }) => {
          const { size, mtimeMs } = await lstat(join(folder, name));
          return { name, bytes: size, changedMs: Math.floor(mtimeMs) };
        }),
      );
    } catch (error) {
      if (error instanceof Error && 'syscall' in error) return null;
      throw error;
    }
  },
  /** null = it is gone, or larger or another thing than it was when it was listed. */
  async read(file: string, mostBytes: number): Promise<Uint8Array | null> {
    try {
      const found = await readPlainFile(file, mostBytes);
      return found.kind === 'bytes' ? found.bytes : null;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  },
};
