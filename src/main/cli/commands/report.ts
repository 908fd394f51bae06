import { resolve } from 'node:path';
import { AppError } from '../../../shared/api/errors.ts';
import { REPORT_FORMATS, reportRequest } from '../../../shared/api/reports.ts';
import { CHANNELS } from '../../../shared/domain/channel.ts';
import { ReportDesk } from '../../api/report-desk.ts';
import type { Site } from '../../api/site.ts';
import { reportNamed } from '../../reports/catalog.ts';
import type { Command } from '../command.ts';
import { date, oneOf } from '../flag-values.ts';
import { withSite } from '../data-folder.ts';
import { withProgress } from '../progress.ts';

export const reportCommand: Command = {
  name: 'report',
  usage: 'NAME --data DIR --from DATE --to DATE --format xlsx|pdf --out DIR [--point CODE|--substation NAME] [--channel A+]',
  summary: 'Makes a report as a file; both dates inclusive. Prints the file, its rows, and how many figures are missing or incomplete.',
  flags: {
    data: 'value',
    from: 'value',
    to: 'value',
    format: 'value',
    out: 'value',
    point: 'value',
    substation: 'value',
    channel: 'value',
  },
  words: { min: 1, max: 1 },
  run(args, io) {
    const { name } = reportNamed(args.words[0] ?? '');
    const format = oneOf(REPORT_FORMATS, args.value('format') ?? 'xlsx', '--format');
    const channel = oneOf(CHANNELS, args.value('channel') ?? 'A+', '--channel');
    const period = { from: date(args.required('from')), to: date(args.required('to')) };
    const folder = resolve(args.required('out'));
    return withSite(args.required('data'), async (site) => {
      const pointCode = args.value('point');
      const substation = args.value('substation');
      const request = reportRequest.parse({
        name,
        ...period,
        channel,
        ...(pointCode === undefined ? {} : { pointIds: [site.pointByCode(pointCode).point.id] }),
        ...(substation === undefined ? {} : { substationId: substationNamed(site, substation) }),
      });
      const desk = new ReportDesk(site);
      const { file, rows, missing } = await withProgress(io, (progress) => desk.make(request, format, folder, progress));
      io.out({ file, rows, missing });
    });
  },
};

function substationNamed(site: Site, name: string): number {
  const found = site.plant.substations.find((substation) => substation.name === name);
  if (found !== undefined) return found.id;
  throw new AppError('api/not-found', `There is no substation "${name}"`, {
    context: { name },
    hint: `Substations: ${site.plant.substations.map((known) => known.name).join(', ')}`,
  });
}
