/** Proposals and decisions as people read them. */
import { createHash } from 'node:crypto';
import { AppError } from '../../shared/api/errors.ts';
import type { ReplacementBasisView, ReplacementDecisionView, ReplacementProposal as ProposalView } from '../../shared/api/replacement.ts';
import type { ReplacementBasis } from '../../shared/domain/replacement.ts';
import type { PointRecord } from '../../shared/domain/plant.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { inWattHours, roundHalfUp, sumOf } from '../metering/energy.ts';
import type { MissingRun, ReplacementContext, ReplacementOption, Steps } from '../metering/replacement/context.ts';
import type { ReplacementProposal } from '../metering/replacement/propose.ts';
import type { ReplacementDecision } from '../store/store.ts';
import type { Site } from './site.ts';

/** Of the gap and of every figure: another figure is another fingerprint. */
export function fingerprintOf(run: MissingRun, { method, figures }: ReplacementOption): string {
  const seen = JSON.stringify([run.pointId, run.channel, run.starts, method, figures.map(String)]);
  return createHash('sha256').update(seen).digest('hex').slice(0, 32);
}

/** `reasonAt` says of a meter why an interval is absent. */
export function proposalView(
  site: Site,
  { run, options, obstacles }: ReplacementProposal,
  context: ReplacementContext,
  reasonAt: (meterId: number) => ReturnType<Site['reasonAt']>,
): ProposalView {
  const point = knownPoint(site, run.pointId);
  const steps = context.steps(run.pointId, run.channel, run.fromUtc, run.toUtc);
  const there = run.starts.flatMap((start) => steps.get(start)?.energy ?? []);
  const isIncomplete = run.starts.some((start) => steps.get(start)?.status === 'incomplete');
  const meterId = site
    .installations(run.pointId)
    .find(({ range }) => run.fromUtc >= range.fromUtc - run.lengthS && run.fromUtc < range.toUtc)?.meter.id;
  return {
    pointId: point.id,
    code: point.code,
    name: point.name,
    substation: site.plant.substations.find(({ id }) => id === point.substationId)?.name ?? '',
    channel: run.channel,
    from: isoUtc(run.fromUtc),
    to: isoUtc(run.toUtc),
    intervals: run.starts.length,
    minutes: run.lengthS / 60,
    state: isIncomplete ? 'incomplete' : 'missing',
    reason: isIncomplete || meterId === undefined ? null : reasonAt(meterId)(run.fromUtc),
    measured: there.length === 0 ? null : String(roundHalfUp(inWattHours(sumOf(there)), 0)),
    options: options.map((option) => ({
      method: option.method,
      energy: String(option.figures.reduce((sum, figure) => sum + figure, 0n)),
      fingerprint: fingerprintOf(run, option),
      basis: basisView(site, option.basis),
    })),
    obstacles: [...obstacles],
  };
}

/** A point of the plant, also one that has no meter of its own. Throws `api/not-found`. */
export function knownPoint(site: Site, pointId: number): PointRecord {
  const point = site.plant.points.find(({ id }) => id === pointId);
  if (point === undefined)
    throw new AppError('api/not-found', `There is no metering point with number ${pointId}`, { context: { pointId } });
  return point;
}

export function decisionView(site: Site, decision: ReplacementDecision, context: ReplacementContext): ReplacementDecisionView {
  const point = site.plant.points.find(({ id }) => id === decision.pointId);
  const { withdrawnUtc, withdrawnBy, withdrawnReason } = decision;
  const steps = context.steps(decision.pointId, decision.channel, decision.fromUtc, decision.toUtc);
  return {
    decisionId: decision.id,
    pointId: decision.pointId,
    code: point?.code ?? '',
    name: point?.name ?? '',
    channel: decision.channel,
    from: isoUtc(decision.fromUtc),
    to: isoUtc(decision.toUtc),
    intervals: decision.intervals,
    energy: String(decision.energyWh),
    method: decision.method,
    basis: basisView(site, decision.basis),
    author: decision.author,
    reason: decision.reason,
    document: decision.document,
    madeAt: isoUtc(decision.madeUtc),
    withdrawn: withdrawnUtc === null ? null : { at: isoUtc(withdrawnUtc), by: withdrawnBy ?? '', reason: withdrawnReason ?? '' },
    notNeeded: withdrawnUtc === null ? measuredSince(site, decision, steps) : 0,
  };
}

/** Intervals of a decision whose figure is a measured one by now. */
function measuredSince(site: Site, { id }: ReplacementDecision, steps: Steps): number {
  return site.store.replacements.figures(id).filter(({ startUtc }) => steps.get(startUtc)?.status === 'valid').length;
}

function basisView(site: Site, basis: ReplacementBasis): ReplacementBasisView {
  const codeOf = (pointId: number) => site.plant.points.find(({ id }) => id === pointId)?.code ?? '';
  return {
    points: basis.points.map(({ pointId, sharePpm }) => ({ code: codeOf(pointId), sharePpm })),
    windows: basis.windows.map(({ fromUtc, toUtc, energyWh, knownWh, isManual }) => ({
      from: isoUtc(fromUtc),
      to: isoUtc(toUtc),
      energy: String(energyWh),
      known: String(knownWh),
      isManual,
    })),
    shapes: basis.shapes.map(({ day, likeDay, pointId }) => ({ day, likeDay, neighbour: pointId === null ? null : codeOf(pointId) })),
    referenceMonth: basis.referenceMonth,
    maxPower: basis.maxPowerW === null ? null : String(basis.maxPowerW),
    hoursPerDay: basis.hoursPerDay,
    isSplitByLaw: basis.isSplitByLaw,
  };
}
