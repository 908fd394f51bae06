/** The program proposes figures for what nobody measured; a person approves them, and may take them back. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MethodResult } from '../../shared/api/methods.ts';
import type { ReplacementDecisionView } from '../../shared/api/replacement.ts';
import { AppError } from '../../shared/api/errors.ts';
import type { PointRecord } from '../../shared/domain/plant.ts';
import type { ReplacementMethod } from '../../shared/domain/replacement.ts';
import { HALF_HOUR_S, isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import { decimalText, rational } from '../metering/energy.ts';
import type { MissingRun, ReplacementContext, ReplacementOption } from '../metering/replacement/context.ts';
import { manualReplacement, missingRuns, proposeReplacement, splitByReadings } from '../metering/replacement/propose.ts';
import { addDays, parseMoment } from '../metering/zone.ts';
import type { NewReplacement, Store } from '../store/store.ts';
import { type Progress, unwatched } from '../platform/progress.ts';
import type { HandlerParams, Handlers } from './dispatch.ts';
import type { LongWorks } from './long-works.ts';
import { endedSteps, isClosedAt, type MonthPeriod, monthOf, monthPeriod, untilWholeDay } from './month-period.ts';
import { replacementContext } from './replacement-source.ts';
import { decisionView, fingerprintOf, knownPoint, proposalView } from './replacement-view.ts';
import { settlementSource } from './settlement-source.ts';
import type { Site } from './site.ts';

export interface ReplacementDeps {
  readonly site: Site;
  readonly store: Store;
  readonly works: LongWorks;
  readonly onReplaced: (month: string) => void;
}

type Choice = HandlerParams<'replacements.approve'>['choices'][number];

export function replacementHandlers({
  site,
  store,
  works,
  onReplaced,
}: ReplacementDeps): Pick<Handlers, 'replacements.propose' | 'replacements.day' | 'replacements.approve' | 'replacements.withdraw'> {
  return {
    'replacements.propose': ({ month, pointCode, workId }) =>
      works.run({ kind: 'proposals', from: month }, workId, (progress) => proposeMonth(site, month, pointCode, progress)),
    'replacements.day': (request) => replacementDay(site, request),
    'replacements.approve': async ({ month, choices, author, reason, document }, { transport }) => {
      const period = monthPeriod(site, month);
      const gaps = await chosenGaps(site, period, choices);
      const ids = store.replacements.approve(gaps, { author, who: `${author} (${transport})`, reason, document });
      onReplaced(month);
      return decisionsOf(site, ids);
    },
    'replacements.withdraw': ({ decisionId, author, reason }, { transport }) => {
      const known = store.replacements.decision(decisionId);
      const code = site.plant.points.find(({ id }) => id === known?.pointId)?.code ?? '';
      store.replacements.withdraw(decisionId, code, { author, who: `${author} (${transport})`, reason });
      if (known !== null) onReplaced(monthOf(site, known.fromUtc));
      const [view] = decisionsOf(site, [decisionId]);
      if (view === undefined) throw new AppError('api/not-found', 'There is no such replacement', { context: { decisionId } });
      return view;
    },
  };
}

/**
 * Gaps of a month with what may fill them. In a closed month nothing can be filled: its gaps are told without proposals. Throws
 * `api/not-found` for a code that no point has.
 */
export async function proposeMonth(
  site: Site,
  month: string,
  pointCode: string | undefined,
  progress: Progress = unwatched(),
): Promise<MethodResult<'replacements.propose'>> {
  const period = monthPeriod(site, month);
  const isClosed = isClosedAt(site, period.fromUtc);
  const context = replacementContext(site);
  const { methods } = site.settings.replacement;
  const points = pointsInOrder(site, pointCode);
  const ids = new Set(points.map(({ id }) => id));
  const reasons = new Map<number, ReturnType<Site['reasonAt']>>();
  const reasonAt = (meterId: number) => {
    const known = reasons.get(meterId) ?? site.reasonAt(meterId);
    reasons.set(meterId, known);
    return known;
  };
  const proposals: MethodResult<'replacements.propose'>['proposals'] = [];
  for (const [done, { id }] of points.entries()) {
    // Polling goes on between two points.
    await progress.step({ stage: 'points', done, of: points.length });
    for (const run of runsOf(site, id, period, context)) {
      const proposal = proposeReplacement(run, isClosed ? [] : methods, context);
      proposals.push(proposalView(site, proposal, context, reasonAt));
    }
  }
  const decisions = site.store.replacements
    .decisions(period.fromUtc, period.toUtc)
    .filter(({ pointId }) => ids.has(pointId))
    .map((decision) => decisionView(site, decision, context));
  return { month, from: isoUtc(period.fromUtc), to: isoUtc(period.toUtc), isClosed, proposals, decisions };
}

/** In the order of the screens, then those without a meter of their own. */
function pointsInOrder(site: Site, pointCode: string | undefined): PointRecord[] {
  if (pointCode !== undefined) {
    return site.plant.points.some(({ code }) => code === pointCode)
      ? site.plant.points.filter(({ code }) => code === pointCode)
      : [site.pointByCode(pointCode).point];
  }
  const installed = site.points.map(({ point }) => point);
  const ids = new Set(installed.map(({ id }) => id));
  return [...installed, ...site.plant.points.filter(({ id }) => !ids.has(id))];
}

/** Gaps of a point up to the last day that is over. */
function runsOf(site: Site, pointId: number, period: MonthPeriod, context: ReplacementContext): MissingRun[] {
  const steps = endedSteps(pointId, settlementSource(site), period);
  const runs = missingRuns(pointId, steps, (start) => context.lengthAt(pointId, start));
  return untilWholeDay(runs, period).flatMap((run) => splitByReadings(run, context.marks(pointId, run.channel)));
}

/** What was chosen, worked out anew: whoever approves has seen exactly these figures. */
async function chosenGaps(site: Site, period: MonthPeriod, choices: readonly Choice[]): Promise<NewReplacement[]> {
  const context = replacementContext(site);
  const runs = new Map<number, MissingRun[]>();
  const gaps: NewReplacement[] = [];
  for (const choice of choices) {
    const ofPoint = runs.get(choice.pointId) ?? runsOf(site, choice.pointId, period, context);
    runs.set(choice.pointId, ofPoint);
    const point = knownPoint(site, choice.pointId);
    const fromUtc = parseMoment(choice.from, site.zone);
    const run = ofPoint.find((one) => one.channel === choice.channel && one.fromUtc === fromUtc);
    if (run === undefined) {
      throw new AppError('api/conflict', `Point ${point.code} has no such gap any more`, {
        context: { point_code: point.code, channel: choice.channel, from: choice.from },
        hint: 'Look at the proposals again: data have come, or somebody has filled it.',
      });
    }
    const option = chosenOption(run, choice, point.code, site.settings.replacement.methods, context);
    gaps.push({
      pointId: run.pointId,
      pointCode: point.code,
      channel: run.channel,
      fromUtc: run.fromUtc,
      toUtc: run.toUtc,
      lengthS: run.lengthS,
      method: option.method,
      basis: option.basis,
      figures: run.starts.map((startUtc, index) => ({ startUtc, energyWh: Number(option.figures[index] ?? 0n) })),
    });
    await nextTurn();
  }
  return gaps;
}

function chosenOption(
  run: MissingRun,
  { method, fingerprint, energy }: Choice,
  code: string,
  methods: readonly ReplacementMethod[],
  context: ReplacementContext,
): ReplacementOption {
  if (!methods.includes(method)) {
    throw new AppError('api/invalid-argument', `The method ${method} is not in the list of the site`, {
      hint: 'Add it to the settings of replacement, or choose another one.',
    });
  }
  if (method === 'manual') {
    if (energy === null || energy.startsWith('-')) {
      throw new AppError('api/invalid-argument', `A manual figure for point ${code} needs its energy`, {
        hint: 'Give the energy of the whole gap, whole Wh of the primary side.',
      });
    }
    return manualReplacement(run, BigInt(energy), context);
  }
  const option = proposeReplacement(run, [method], context).options[0];
  if (option === undefined || fingerprintOf(run, option) !== fingerprint) {
    throw new AppError('api/conflict', `The proposal for point ${code} is another one by now`, {
      context: { point_code: code, method },
      hint: 'Look at the proposals again, then approve what you see.',
    });
  }
  return option;
}

function decisionsOf(site: Site, ids: readonly number[]): ReplacementDecisionView[] {
  const context = replacementContext(site);
  return ids.flatMap((id) => {
    const decision = site.store.replacements.decision(id);
    return decision === null ? [] : [decisionView(site, decision, context)];
  });
}

/** A day of the chart: what is handed on, what a rule proposes for its gaps, and the day that gave the shape. */
function replacementDay(site: Site, request: HandlerParams<'replacements.day'>): MethodResult<'replacements.day'> {
  const { pointId, channel, day } = request;
  const { zone } = site;
  knownPoint(site, pointId);
  const context = replacementContext(site);
  const [fromUtc, toUtc] = [zone.startOfDay(day), zone.startOfDay(addDays(day, 1))];
  const proposed = new Map<UtcSeconds, bigint>();
  let likeDay: string | null = null;
  for (const { run, option } of fromUtc > site.nowUtc() ? [] : optionsOfDay(site, request, context)) {
    run.starts.forEach((start, index) => proposed.set(start, option.figures[index] ?? 0n));
    likeDay ??= option.basis.shapes.find((shape) => shape.day === day)?.likeDay ?? null;
  }
  const movedS = likeDay === null ? 0 : zone.startOfDay(likeDay) - fromUtc;
  const like = likeDay === null ? null : context.steps(pointId, channel, fromUtc + movedS, toUtc + movedS);
  const steps = [...context.steps(pointId, channel, fromUtc, toUtc).values()];
  const ended = steps.filter(({ startUtc }) => startUtc + HALF_HOUR_S <= site.nowUtc());
  return {
    day,
    likeDay,
    rows: ended.map(({ startUtc, status, energy }) => {
      const figure = proposed.get(startUtc);
      const likeEnergy = like?.get(startUtc + movedS)?.energy ?? null;
      return {
        start: isoUtc(startUtc),
        minutes: context.lengthAt(pointId, startUtc) / 60,
        status,
        energy: energy === null ? null : decimalText(energy),
        proposed: figure === undefined ? null : decimalText(rational(figure, 1000)),
        like: likeEnergy === null ? null : decimalText(likeEnergy),
      };
    }),
  };
}

/** What would fill the gaps of a day: by one rule, or the one gap that a person brings a figure for. */
function optionsOfDay(
  site: Site,
  { pointId, channel, day, method, manual }: HandlerParams<'replacements.day'>,
  context: ReplacementContext,
): { readonly run: MissingRun; readonly option: ReplacementOption }[] {
  if (method === null) return [];
  const [fromUtc, toUtc] = [site.zone.startOfDay(day), site.zone.startOfDay(addDays(day, 1))];
  const runs = runsOf(site, pointId, monthPeriod(site, day.slice(0, 7)), context).filter(
    (run) => run.channel === channel && run.fromUtc < toUtc && run.toUtc > fromUtc,
  );
  return runs.flatMap((run) => {
    if (method !== 'manual') return proposeReplacement(run, [method], context).options.map((option) => ({ run, option }));
    if (manual === null || manual.energy.startsWith('-') || parseMoment(manual.from, site.zone) !== run.fromUtc) return [];
    return [{ run, option: manualReplacement(run, BigInt(manual.energy), context) }];
  });
}
