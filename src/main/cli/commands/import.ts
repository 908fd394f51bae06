import { readFileSync, statSync } from 'node:fs';
import { AppError } from '../../../shared/api/errors.ts';
import { parseImportFile } from '../../import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../line/line-address.ts';
import { siteZone } from '../../metering/zone.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Command } from '../command.ts';
import { openWriter } from '../data-folder.ts';

const MAX_BYTES = 10 * 1024 * 1024;

export const importCommand: Command = {
  name: 'import',
  usage: '--data DIR [--timezone IANA] FILE.csv',
  summary:
    'Adds points, meters and lines from a file. The same file again changes nothing; a faulty file is refused whole, every fault named.',
  flags: { data: 'value', timezone: 'value' },
  words: { min: 1, max: 1 },
  async run(args, io) {
    const folder = args.required('data');
    const file = readFile(args.words[0] ?? '');
    const zoneName = args.value('timezone');
    const zone = zoneName === undefined ? null : siteZone(zoneName);
    const store = openWriter(folder, args.isSet('trace'));
    try {
      const settings = store.settings.load();
      const offsetMin = (zone ?? siteZone(settings.site.timeZone)).offsetMinAt(Math.floor(systemClock.now() / 1000));
      const rows = parseImportFile(file, { offsetMin }, (text) => formatLineAddress(parseLineAddress(text)));
      const result = store.plant.applyImport(rows, offsetMin, 'command line');
      if (zone !== null && zone.name !== settings.site.timeZone) {
        store.settings.save({ ...settings, site: { ...settings.site, timeZone: zone.name } }, 'command line');
      }
      io.out(result);
      return 0;
    } finally {
      store.close();
    }
  },
};

function readFile(path: string): Uint8Array {
  try {
    if (statSync(path).size > MAX_BYTES) {
      throw new AppError('api/invalid-argument', `${path} is larger than 10 MB`, {
        hint: 'An import file has one line per metering point.',
      });
    }
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('api/invalid-argument', `${path} cannot be read`, { context: { file: path }, cause });
  }
}
