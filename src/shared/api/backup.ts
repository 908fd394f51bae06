/** Schemas of backup copies. */
import { z } from 'zod';
import { ERROR_CODES } from './errors.ts';
import { isoDate, isoInstant } from './values.ts';

export const backupStatus = z.object({
  folder: z.string(),
  isRunning: z.boolean(),
  failure: z
    .object({ code: z.enum(ERROR_CODES), at: isoInstant })
    .nullable()
    .describe('Of the last try; null = it went well, or there was none'),
  files: z.array(z.object({ day: isoDate, bytes: z.number().int(), file: z.string() })).describe('Checked copies, newest first'),
});
export type BackupStatus = z.infer<typeof backupStatus>;
