/** Commands that print what is stored; they read and never write, so they work beside a running service. */
import { AppError } from '../../../shared/api/errors.ts';
import { isoUtc } from '../../../shared/domain/time.ts';
import { quantityText } from '../../../shared/domain/quantity.ts';
import { dayCheckRows, sumMismatches } from '../../api/day-checks.ts';
import { suppliesOffAlone } from '../../api/dead-feeder-desk.ts';
import { findingsList } from '../../api/findings-list.ts';
import { gapRows, intervalRows, registerRows } from '../../api/intervals.ts';
import { jobLines, jobTroubles } from '../../api/jobs.ts';
import { STALE_AFTER_S } from '../../api/live-view.ts';
import { storedTroubles } from '../../api/stored-troubles.ts';
import type { InstalledPoint, Site } from '../../api/site.ts';
import { why } from '../../api/why.ts';
import { explainExchange } from '../../explain.ts';
import { parseMoment } from '../../metering/zone.ts';
import type { Arguments } from '../args.ts';
import type { Command } from '../command.ts';
import { withSite } from '../data-folder.ts';
import type { DayCheckRow } from '../../../shared/api/day-checks.ts';
import type { Attention } from '../../../shared/api/values.ts';
import type { Language } from '../../../shared/i18n/language.ts';
import { attentionAdvice, dayCheckText } from '../../../shared/i18n/causes.ts';
import { adviceWords, findingWords } from '../finding-words.ts';
import { outAll } from '../io.ts';

function chosenPoints(site: Site, args: Arguments): readonly InstalledPoint[] {
  const code = args.value('point');
  return code === undefined ? [...site.points].sort(byCode) : [site.pointByCode(code)];
}

function byCode(a: InstalledPoint, b: InstalledPoint): number {
  return a.point.code < b.point.code ? -1 : a.point.code > b.point.code ? 1 : 0;
}

/** A list of what the data folder holds now, whatever its points and times. */
function siteList(name: string, summary: string, rows: (site: Site) => Iterable<object>): Command {
  return {
    name,
    usage: '--data DIR',
    summary,
    flags: { data: 'value' },
    words: { min: 0, max: 0 },
    run: (args, io) => withSite(args.required('data'), async (site) => outAll(io, rows(site))),
  };
}

export const intervalsCommand: Command = {
  name: 'intervals',
  usage: '--data DIR --from MOMENT --to MOMENT [--point CODE]',
  summary: 'Prints every expected interval of [from, to), ordered by point, then start. Absent ones carry the reason.',
  flags: { data: 'value', from: 'value', to: 'value', point: 'value' },
  words: { min: 0, max: 0 },
  run: (args, io) =>
    withSite(args.required('data'), async (site) => {
      const from = parseMoment(args.required('from'), site.zone);
      const to = parseMoment(args.required('to'), site.zone);
      if (to < from) throw new AppError('api/invalid-argument', '--to lies before --from');
      await outAll(io, intervalRows(site, chosenPoints(site, args), from, to));
    }),
};

export const registersCommand: Command = {
  name: 'registers',
  usage: '--data DIR [--point CODE]',
  summary: 'Prints the stored registers, whole Wh and varh of the secondary side.',
  flags: { data: 'value', point: 'value' },
  words: { min: 0, max: 0 },
  run: (args, io) =>
    withSite(args.required('data'), async (site) => {
      await outAll(io, registerRows(site, chosenPoints(site, args)));
    }),
};

export const checksCommand: Command = {
  name: 'checks',
  usage: '--data DIR [--point CODE] [--from DAY] [--to DAY]',
  summary: 'Prints what the sums of closed days say against the registers at both midnights, secondary side, by point and day.',
  flags: { data: 'value', point: 'value', from: 'value', to: 'value' },
  words: { min: 0, max: 0 },
  run: (args, io) =>
    withSite(args.required('data'), async (site) => {
      const filter = { from: args.value('from'), to: args.value('to') };
      await outAll(io, dayCheckRows(site, chosenPoints(site, args), filter).map(checkLine));
    }),
};

/** A script knows a point by its code. */
function checkLine({ point_code, meter_serial, day, verdict, diagnosis, channels, checked_at }: DayCheckRow): object {
  return { point_code, meter_serial, day, verdict, diagnosis, channels, checked_at };
}

export const liveCommand = siteList('live', 'Prints the last instantaneous values of each point, secondary side, with their age.', (site) =>
  [...site.points].sort(byCode).map((installed) => liveRow(site, installed)),
);

function liveRow(site: Site, { point, meter }: InstalledPoint): object {
  const last = site.store.samples.last(meter.id);
  if (last === null) return { point_code: point.code, at: null, age_s: null, stale: true, values: {} };
  const ageS = Math.max(0, site.nowUtc() - last.atUtc);
  const values = Object.fromEntries(
    Object.entries(last.values).map(([key, quantity]) => [
      key,
      quantity === null || quantity === undefined ? null : { value: quantityText(quantity), unit: quantity.unit, side: 'secondary' },
    ]),
  );
  return { point_code: point.code, at: isoUtc(last.atUtc), age_s: ageS, stale: ageS > STALE_AFTER_S, values };
}

export const gapsCommand = siteList('gaps', 'Prints the gap ledger: what is absent, why, until when it can still be had.', gapRows);

export const jobsCommand = siteList(
  'jobs',
  'Prints the jobs by the clock: the next moment of each and what came of its last run.',
  jobLines,
);

export const findingsCommand = siteList(
  'findings',
  "Prints what is wrong now, one line each: its code, since when, its figures, and the words of the site's language.",
  (site) => {
    const { language } = site.settings;
    return [
      ...findingsList(site).map(({ code, weight, subject, since, params }) => ({
        code,
        weight,
        subject: { kind: subject.kind, name: subject.name, ...subjectKeys(site, subject) },
        since,
        params,
        ...findingWords({ code, params }, language),
      })),
      ...[...storedTroubles(site), ...sumMismatches(site), ...suppliesOffAlone(site), ...jobTroubles(site)].map(
        ({ code, state, subject: { kind, id, name }, since, params }) => ({
          code,
          weight: state,
          subject: { kind, name, ...(kind === 'line' || kind === 'point' ? subjectKeys(site, { kind, id: id ?? 0 }) : {}) },
          since,
          params,
          ...troubleWords(code, params, language),
        }),
      ),
    ];
  },
);

function troubleWords(code: Attention['code'], { diagnosis }: Attention['params'], language: Language): ReturnType<typeof adviceWords> {
  const advice = attentionAdvice(code, language);
  return adviceWords(code === 'sum-mismatch' ? { ...advice, what: `${advice.what}: ${dayCheckText(diagnosis, language)}` } : advice);
}

/** What a script knows the subject by. */
function subjectKeys(site: Site, { kind, id }: { readonly kind: 'line' | 'point'; readonly id: number }): object {
  if (kind === 'line') return { line: site.plant.lines.find((line) => line.id === id)?.address ?? null };
  const { point, meter } = site.point(id);
  return { point_code: point.code, meter_serial: meter.serial };
}

export const whyCommand: Command = {
  name: 'why',
  usage: '--data DIR --point CODE --at MOMENT',
  summary: 'From a number back to its bytes: the interval that contains the moment, its formula, the exchange that brought it.',
  flags: { data: 'value', point: 'value', at: 'value' },
  words: { min: 0, max: 0 },
  run: (args, io) =>
    withSite(args.required('data'), async (site) => {
      io.out(why(site, args.required('point'), parseMoment(args.required('at'), site.zone), explainExchange));
    }),
};
