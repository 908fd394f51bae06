import { parseImportFile } from '../../import/import-file.ts';
import { formatLineAddress, parseLineAddress } from '../../line/line-address.ts';
import { siteZone } from '../../metering/zone.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Command } from '../command.ts';
import { openWriter } from '../data-folder.ts';
import { readInputFile } from '../input-file.ts';

export const importCommand: Command = {
  name: 'import',
  usage: '--data DIR [--timezone IANA] FILE.csv',
  summary:
    'Adds points, meters and lines from a file. The same file again changes nothing; a faulty file is refused whole, every fault named.',
  flags: { data: 'value', timezone: 'value' },
  words: { min: 1, max: 1 },
  async run(args, io) {
    const folder = args.required('data');
    const file = readInputFile(args.words[0] ?? '');
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
