import { comparison, receiveFiles } from '../../api/received-files.ts';
import { Site } from '../../api/site.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Command } from '../command.ts';
import { openWriter } from '../data-folder.ts';
import { readMarketInput } from '../market-file.ts';

export const import80020Command: Command = {
  name: 'import-80020',
  usage: '--data DIR FILE [--as-source]',
  summary: `Takes in a file 80020 or 80040 of somebody else, or an archive of them, and compares it with the figures of our own meters. With
--as-source the points of the file that have no meter here live by the files of its sender; points that are not there are made. Exit 3 when
figures differ by more than rounding can make them.`,
  flags: { data: 'value', 'as-source': 'switch' },
  words: { min: 1, max: 1 },
  async run(args, io) {
    const file = readMarketInput(args.words[0] ?? '');
    const store = openWriter(args.required('data'), args.isSet('trace'));
    try {
      const site = new Site({ store, clock: systemClock, engine: () => null });
      const imported = await receiveFiles(site, store, { file, isSource: args.isSet('as-source'), who: 'cli' });
      let isDifferent = false;
      for (const one of imported) {
        const compared = comparison(site, one.day).filter(
          ({ senderInn, isSource, pointId }) => senderInn === one.sender.inn && !isSource && pointId !== null,
        );
        const rows = compared.map(({ pointCode, channel, intervals, ours, theirs, difference, differing, onlyOurs, onlyTheirs }) => {
          isDifferent ||= differing > 0;
          return {
            code_80020: pointCode,
            channel,
            intervals,
            ours,
            theirs,
            difference,
            differing,
            only_ours: onlyOurs,
            only_theirs: onlyTheirs,
          };
        });
        io.out({ ...one, comparison: rows });
      }
      return isDifferent ? 3 : 0;
    } finally {
      store.close();
    }
  },
};
