import { AppError } from '../../../shared/api/errors.ts';
import { settings as settingsSchema } from '../../../shared/api/settings.ts';
import { checkedZoneName } from '../../metering/zone.ts';
import { openWriter, readerOrEmpty } from '../data-folder.ts';
import type { Command } from '../command.ts';
import { readInputText } from '../input-file.ts';

export const settingsCommand: Command = {
  name: 'settings',
  usage: '--data DIR [--set FILE.json]',
  summary: 'Prints the settings of the site, or changes those that stand in FILE.json (objects are merged, lists are replaced).',
  flags: { data: 'value', set: 'value' },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const folder = args.required('data');
    const file = args.value('set');
    if (file === undefined) {
      io.out(readerOrEmpty(folder).settings);
      return 0;
    }
    const change = readJson(file);
    const store = openWriter(folder, args.isSet('trace'));
    try {
      const merged = settingsSchema.safeParse(merge(store.settings.load(), change));
      if (!merged.success) {
        const faults = merged.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
        throw new AppError('api/invalid-argument', `${file} is not a valid set of settings`, { context: { faults } });
      }
      checkedZoneName(merged.data.site.timeZone);
      store.settings.save(merged.data, 'command line');
      io.out(merged.data);
      return 0;
    } finally {
      store.close();
    }
  },
};

function readJson(file: string): unknown {
  const text = readInputText(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('api/invalid-argument', `${file} cannot be read as JSON`, { context: { file }, cause });
  }
}

/** RFC 7396 without its deletion by null: null is a value here. */
function merge(base: unknown, change: unknown): unknown {
  if (!isObject(base) || !isObject(change)) return change;
  const changed = Object.entries(change).map(([key, value]) => [key, Object.hasOwn(base, key) ? merge(base[key], value) : value]);
  // Not by assignment: a key `__proto__` stays a key, and the schema refuses it by its name.
  return Object.fromEntries([...Object.entries(base), ...changed]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
