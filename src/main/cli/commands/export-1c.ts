import { resolve } from 'node:path';
import { AppError } from '../../../shared/api/errors.ts';
import { FIRST_RECEIVER, ONEC_FORMATS, ONEC_KINDS } from '../../../shared/api/receivers.ts';
import { packageSummary } from '../../api/packages.ts';
import { Site } from '../../api/site.ts';
import { createPackageDesk, previewOf } from '../../packages.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Command } from '../command.ts';
import { date, makeFolder, oneOf } from '../flag-values.ts';
import { commandLogger, openWriter, withSite } from '../data-folder.ts';
import { withProgress } from '../progress.ts';

const MODES = ['full', 'delta'] as const;

export const exportOnecCommand: Command = {
  name: 'export-1c',
  usage:
    '--data DIR --kind RF|RD|IV|DY|MN --from DATE --to DATE [--format csv|xlsx|dbf|xml|json] (--out DIR | --dry-run) [--receiver ID] [--mode full|delta]',
  summary:
    'Makes a package for 1C: both dates inclusive. Without --format it has all formats of the receiver; delta holds only what has changed since it was sent; --dry-run writes nothing and compares with what was sent.',
  flags: {
    data: 'value',
    kind: 'value',
    from: 'value',
    to: 'value',
    format: 'value',
    out: 'value',
    receiver: 'value',
    mode: 'value',
    'dry-run': 'switch',
  },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const folder = args.required('data');
    const format = args.value('format');
    const isDry = args.isSet('dry-run');
    const order = {
      kind: oneOf(ONEC_KINDS, args.required('kind'), '--kind'),
      from: date(args.required('from')),
      to: date(args.required('to')),
      format: format === undefined ? undefined : oneOf(ONEC_FORMATS, format, '--format'),
      receiver: args.value('receiver') ?? FIRST_RECEIVER,
      mode: oneOf(MODES, args.value('mode') ?? 'full', '--mode'),
    };
    if (isDry) {
      return withSite(folder, async (site) => {
        refuseEmpty(site);
        io.out({ dryRun: true, ...(await withProgress(io, (progress) => previewOf(site, systemClock, order, progress))) });
      });
    }
    const out = resolve(args.required('out'));
    const logger = commandLogger(args.isSet('trace'));
    const store = openWriter(folder, args.isSet('trace'));
    try {
      const site = new Site({ store, clock: systemClock, engine: () => null });
      refuseEmpty(site);
      const desk = createPackageDesk({ store, site, clock: systemClock, logger, onChanged: () => {} });
      const record = await withProgress(
        io,
        (progress) => desk.make({ ...order, folder: out }, null, progress),
        () => makeFolder(out),
      );
      if (record.state !== 'delivered') {
        throw new AppError('export/folder-unavailable', record.error ?? 'The package could not be delivered', {
          context: { number: record.number, folder: record.folder },
          hint: 'The package keeps its number and is delivered with the next one.',
        });
      }
      io.out(packageSummary(record));
      return 0;
    } finally {
      store.close();
    }
  },
};

function refuseEmpty(site: Site): void {
  if (site.points.length > 0) return;
  throw new AppError('api/not-found', 'There are no metering points in this data folder', {
    hint: 'Bring them in with: feeder import --data DIR FILE.csv',
  });
}
