import { resolve } from 'node:path';
import { AppError } from '../../../shared/api/errors.ts';
import type { HoldReason } from '../../../shared/domain/supplier-file.ts';
import { isoUtc } from '../../../shared/domain/time.ts';
import { Site } from '../../api/site.ts';
import { systemClock } from '../../platform/clock.ts';
import { createSupplierDesk } from '../../supplier.ts';
import type { Command } from '../command.ts';
import { makeFolder } from '../flag-values.ts';
import { commandLogger, openWriter } from '../data-folder.ts';

export const exportMarketCommand: Command = {
  name: 'export-80020',
  usage: '--data DIR --day DATE --out DIR',
  summary:
    "Makes the supplier's file of a day of the market zone. A day that lacks figures is held: the reasons are listed, nothing is numbered, exit 3.",
  flags: { data: 'value', day: 'value', out: 'value' },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const folder = resolve(args.required('out'));
    const day = args.required('day');
    const store = openWriter(args.required('data'), args.isSet('trace'));
    try {
      const site = new Site({ store, clock: systemClock, engine: () => null });
      const logger = commandLogger(args.isSet('trace'));
      const desk = createSupplierDesk({ store, site, clock: systemClock, logger, onChanged: () => {} });
      makeFolder(folder);
      const outcome = await desk.make({ day, job: null, folder });
      if (outcome.kind === 'held') {
        io.out({
          file: null,
          number: null,
          day,
          outcome: 'held',
          points: null,
          channels: null,
          sums: null,
          held: outcome.hold.reasons.map(heldRow),
        });
        return 3;
      }
      const { record, kind, changedDays } = outcome;
      if (record.state === 'failed') {
        throw new AppError('export/folder-unavailable', record.note ?? 'The file could not be delivered', {
          context: { number: record.number, folder: record.folder },
          hint: 'The file keeps its number and is delivered by a repeat.',
        });
      }
      const { name, points, channels, sums, nonCommercial, sha256 } = record.content;
      io.out({
        file: resolve(folder, name),
        number: record.number,
        day,
        outcome: kind,
        timestamp: record.timestamp,
        points,
        channels,
        sums: Object.fromEntries(sums.map(({ channel, sum }) => [channel, sum])),
        nonCommercial,
        sha256,
        held: [],
        changedDays,
      });
      return 0;
    } finally {
      store.close();
    }
  },
};

function heldRow({ code, pointCode, channel, fromUtc, toUtc, rule, text }: HoldReason): object {
  const moment = (at: number | null) => (at === null ? null : isoUtc(at));
  return {
    reason: code,
    code_80020: pointCode,
    channel,
    from: moment(fromUtc),
    to: moment(toUtc),
    ...(rule === null ? {} : { rule, text }),
  };
}
