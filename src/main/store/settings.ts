import { AppError } from '../../shared/api/errors.ts';
import { DEFAULT_SETTINGS, type Settings, settings as settingsSchema } from '../../shared/api/settings.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { AppendAudit } from './audit.ts';
import type { ReadableDb, Row, WritableDb } from './database.ts';

/** Reads the settings of the site. */
export interface SettingsReader {
  /** The defaults when they were never saved. */
  load(): Settings;
}

/** Settings of an open database. */
export function settingsReader(db: ReadableDb): SettingsReader {
  const load = db.query<[], Row & { settings: string }>('SELECT settings FROM site');
  return {
    load() {
      const row = load.get();
      if (row === undefined) return DEFAULT_SETTINGS;
      const parsed = settingsSchema.safeParse(JSON.parse(row.settings));
      if (parsed.success) return parsed.data;
      throw new AppError('store/corrupt', 'The stored settings make no sense', {
        context: { folder: db.folder },
        hint: 'Restore the last backup or save the settings anew.',
        cause: parsed.error,
      });
    },
  };
}

/** Saves the settings as a whole; an audit entry tells what they were. Equal settings again change nothing. */
export function settingsWriter(db: WritableDb, audit: AppendAudit): (settings: Settings, who: string, nowUtc: UtcSeconds) => void {
  const load = db.query<[], Row & { settings: string }>('SELECT settings FROM site');
  const save = db.command('INSERT OR REPLACE INTO site (id, settings, saved_utc) VALUES (1, ?, ?)');
  return (settings, who, nowUtc) => {
    db.transaction(() => {
      const oldValue = load.get()?.settings ?? null;
      const newValue = JSON.stringify(settings);
      if (newValue === oldValue) return;
      save.run(newValue, nowUtc);
      audit({ who, action: 'settings.save', subject: 'site', oldValue, newValue, reason: null }, nowUtc);
    });
  };
}
