import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What Node tells of the files in a folder that others write into. Links are not followed: they may lead anywhere. */
export const nodeReplyFolder = {
  async list(folder: string): Promise<{ name: string; bytes: number; changedMs: number }[] | null> {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      return await Promise.all(
        files.map(async ({ name }) => {
          const { size, mtimeMs } = await stat(join(folder, name));
          return { name, bytes: size, changedMs: Math.floor(mtimeMs) };
        }),
      );
    } catch (error) {
      if (error instanceof Error && 'syscall' in error) return null;
      throw error;
    }
  },
  async read(file: string): Promise<Uint8Array | null> {
    try {
      return new Uint8Array(await readFile(file));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw error;
    }
  },
};
