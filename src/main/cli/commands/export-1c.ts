import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError, asAppError } from '../../../shared/api/errors.ts';
import { ONEC_FORMATS, ONEC_KINDS } from '../../../shared/api/settings.ts';
import { packageSummary } from '../../api/packages.ts';
import { Site } from '../../api/site.ts';
import { createPackageDesk } from '../../packages.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Command } from '../command.ts';
import { commandLogger, openWriter } from '../data-folder.ts';

export const exportOnecCommand: Command = {
  name: 'export-1c',
  usage: '--data DIR --kind IV|RD --from DATE --to DATE --format csv --out DIR',
  summary: 'Makes a package for 1C: both dates inclusive. Kinds RF, DY, MN and formats xlsx, dbf, xml, json are not in this version.',
  flags: { data: 'value', kind: 'value', from: 'value', to: 'value', format: 'value', out: 'value' },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const folder = args.required('data');
    const kind = oneOf(ONEC_KINDS, args.required('kind'), '--kind');
    const format = oneOf(ONEC_FORMATS, args.value('format') ?? 'csv', '--format');
    const order = { kind, from: date(args.required('from')), to: date(args.required('to')), format, folder: resolve(args.required('out')) };
    const logger = commandLogger(args.isSet('trace'));
    const store = openWriter(folder, args.isSet('trace'));
    try {
      const site = new Site({ store, clock: systemClock, engine: () => null });
      if (site.points.length === 0) {
        throw new AppError('api/not-found', 'There are no metering points in this data folder', {
          hint: 'Bring them in with: feeder import --data DIR FILE.csv',
        });
      }
      const desk = createPackageDesk({ store, site, clock: systemClock, logger, onChanged: () => {} });
      desk.preview(order);
      makeFolder(order.folder);
      const record = await desk.make(order, null);
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

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new AppError('export/folder-unavailable', `The folder ${folder} cannot be made: ${asAppError(cause).message}`, {
      context: { folder },
      cause,
    });
  }
}

function date(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new AppError('api/invalid-argument', `"${text}" is not a date (YYYY-MM-DD)`);
  return text;
}

function oneOf<T extends string>(allowed: readonly T[], text: string, flag: string): T {
  const found = allowed.find((value) => value === text);
  if (found === undefined)
    throw new AppError('api/invalid-argument', `${flag} must be one of ${allowed.join(', ')}`, { context: { flag, value: text } });
  return found;
}
