/** Closing of months: what a month amounts to, what is open in it, and its figures kept as they are (docs/adr/0024). */
import { createHash } from 'node:crypto';
import { AppError } from '../../shared/api/errors.ts';
import type { MonthCheck, MonthLackView, MonthRow } from '../../shared/api/replacement.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { MonthLack } from '../../shared/domain/closing.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { packFigures } from '../metering/closed-figures.ts';
import {
  add,
  compare,
  divide,
  fixedText,
  inWattHours,
  multiply,
  type Rational,
  rational,
  roundHalfUp,
  subtract,
  ZERO,
} from '../metering/energy.ts';
import { missingRuns } from '../metering/replacement/propose.ts';
import { intervalLengthAt } from '../metering/replacement/settled-context.ts';
import type { SettlementSource, SettlementStep } from '../metering/settlement.ts';
import { startOfMonth } from '../metering/zone.ts';
import type { ClosedFigures, ClosedMonth, Store } from '../store/store.ts';
import { type Progress, unwatched } from '../platform/progress.ts';
import type { Handlers } from './dispatch.ts';
import type { LongWorks } from './long-works.ts';
import { endedSteps, isClosedAt, type MonthPeriod, monthPeriod, untilWholeDay } from './month-period.ts';
import { settlementSource } from './settlement-source.ts';
import type { Site } from './site.ts';

export interface ClosingDeps {
  readonly site: Site;
  readonly store: Store;
  readonly works: LongWorks;
  readonly onReplaced: (month: string) => void;
}

/** Months that the list shows without being asked for earlier ones; closings older than that are shown too. */
const MONTHS_SHOWN = 14;
/** The newest packages that a month is looked for in. */
const PACKAGES_LOOKED_AT = 2000;

type PointSteps = ReadonlyMap<Channel, readonly SettlementStep[]>;

export function closingHandlers({
  site,
  store,
  works,
  onReplaced,
}: ClosingDeps): Pick<Handlers, 'months.list' | 'months.check' | 'months.close' | 'months.open'> {
  const rowOf = (month: string) => monthRow(site, month, store.months.list());
  return {
    'months.list': () => monthRows(site),
    'months.check': ({ month, workId }) =>
      works.run({ kind: 'month-check', from: month }, workId, (progress) => monthCheck(site, month, progress)),
    'months.close': async ({ month, author, reason, confirmation, workId }, { transport }) => {
      await store.flush();
      const by = { author, who: `${author} (${transport})`, reason };
      await works.run({ kind: 'month-closing', from: month }, workId, (progress) =>
        closeMonth(site, store, monthPeriod(site, month), by, confirmation, progress),
      );
      onReplaced(month);
      return rowOf(month);
    },
    'months.open': ({ month, author, reason }, { transport }) => {
      store.months.open(month, { author, who: `${author} (${transport})`, reason });
      onReplaced(month);
      return rowOf(month);
    },
  };
}

/** What of a month is not whole, by point and channel, then packages that did not reach their receiver. */
interface MonthFigures {
  readonly energyWh: bigint;
  readonly replacedWh: bigint;
  readonly waiting: number;
  readonly lacks: readonly MonthLack[];
}

/** What a month amounts to and what is open in it. Throws `api/invalid-argument` for one that has not begun, rejects with `api/cancelled`. */
export async function monthCheck(site: Site, month: string, progress: Progress = unwatched()): Promise<MonthCheck> {
  const period = monthPeriod(site, month);
  const source = settlementSource(site);
  const figures = await monthFigures(site, period, source, progress);
  const isClosed = isClosedAt(site, period.fromUtc);
  return {
    month: period.month,
    isOver: period.isOver,
    isClosed,
    energy: String(figures.energyWh),
    replaced: String(figures.replacedWh),
    replacedShare: figures.energyWh === 0n ? null : percent(figures.replacedWh, figures.energyWh),
    waiting: figures.waiting,
    lacks: figures.lacks.map(lackView),
    confirmation: confirmationOf(figures),
    changedSince: isClosed ? await changedSince(site, period, source, progress) : null,
  };
}

/** Figures are worked out with breaks between the points; what a person has decided meanwhile refuses the closing. Until they are kept it may be stopped. */
async function closeMonth(
  site: Site,
  store: Store,
  period: MonthPeriod,
  by: { readonly author: string; readonly who: string; readonly reason: string },
  confirmation: string | null,
  progress: Progress,
): Promise<void> {
  const { month, fromUtc, toUtc, isOver } = period;
  if (!isOver) {
    throw new AppError('api/conflict', `The month ${month} is not over yet`, {
      context: { month },
      hint: 'Close it when its last half-hour has ended and was read.',
    });
  }
  const decided = () => JSON.stringify([store.replacements.decisions(fromUtc, toUtc), store.months.list()]);
  const before = decided();
  const packed: ClosedFigures[] = [];
  const figures = await monthFigures(site, period, settlementSource(site), progress, (pointId, steps) => {
    for (const [channel, ofChannel] of steps) packed.push({ pointId, channel, ...packFigures(ofChannel, fromUtc, toUtc) });
  });
  if (figures.lacks.length > 0 && confirmation !== confirmationOf(figures)) {
    throw new AppError('api/conflict', `The month ${month} has ${figures.lacks.length} open place(s)`, {
      context: { month, lacks: figures.lacks.length },
      hint: 'Look at what is open, fill it or confirm it: ask months.check and give its confirmation.',
    });
  }
  if (decided() !== before) {
    throw new AppError('api/conflict', `Something of the month ${month} was decided while it was being closed`, {
      context: { month },
      hint: 'Look at the month again, then close it.',
    });
  }
  const { energyWh, replacedWh, lacks } = figures;
  const totals = { energyWh: Number(energyWh), replacedWh: Number(replacedWh), leftOpen: lacks };
  progress.commit();
  store.months.close({ month, fromUtc, toUtc, ...totals }, packed, by);
}

/** `onPoint` gets the half-hours of each point as they are counted. */
async function monthFigures(
  site: Site,
  period: MonthPeriod,
  source: SettlementSource,
  progress: Progress,
  onPoint: (pointId: number, steps: PointSteps) => void = () => {},
): Promise<MonthFigures> {
  let [energy, replaced] = [ZERO, ZERO];
  let waiting = 0;
  const lacks: MonthLack[] = [];
  const { points } = site.plant;
  for (const [done, point] of points.entries()) {
    // Polling goes on between two points.
    await progress.step({ stage: 'points', done, of: points.length });
    const steps = endedSteps(point.id, source, period);
    for (const step of steps.get('A+') ?? []) {
      if (step.energy === null) continue;
      energy = add(energy, step.energy);
      if (step.status === 'replaced') replaced = add(replaced, step.energy);
    }
    waiting += untilWholeDay(
      missingRuns(point.id, steps, (start) => intervalLengthAt(site.plant, point.id, start)),
      period,
    ).length;
    lacks.push(...lacksOf(point.code, steps, period));
    onPoint(point.id, steps);
  }
  lacks.push(...packageLacks(site, period));
  return { energyWh: wholeWh(energy), replacedWh: wholeWh(replaced), waiting, lacks };
}

function lacksOf(pointCode: string, steps: PointSteps, { wholeDaysUtc }: MonthPeriod): MonthLack[] {
  return [...steps].flatMap(([channel, ofChannel]) =>
    (['missing', 'incomplete'] as const).flatMap((kind) => {
      const intervals = ofChannel.filter(({ status, startUtc }) => status === kind && startUtc < wholeDaysUtc).length;
      return intervals === 0 ? [] : [{ kind, pointCode, channel, intervals }];
    }),
  );
}

/** A package that its receiver refused counts until a later one of the same kind and period went through. */
function packageLacks(site: Site, { month }: MonthPeriod): MonthLack[] {
  const { rows } = site.store.packages.list(0, PACKAGES_LOOKED_AT);
  const done = new Set<string>();
  const lacks: MonthLack[] = [];
  for (const { receiver, number, kind, from, to, state } of rows) {
    if (to < `${month}-01` || from > `${month}-31`) continue;
    const key = `${receiver} ${kind} ${from} ${to}`;
    if (!done.has(key) && (state === 'failed' || state === 'rejected')) {
      lacks.push({ kind: state === 'failed' ? 'package-failed' : 'package-rejected', receiver, number });
    }
    done.add(key);
  }
  return lacks;
}

/** What would be handed on if the month were open, against what is. */
async function changedSince(
  site: Site,
  period: MonthPeriod,
  source: SettlementSource,
  progress: Progress,
): Promise<MonthCheck['changedSince']> {
  const live: SettlementSource = { ...source, closed: () => [] };
  let intervals = 0;
  let energy = ZERO;
  const { points } = site.plant;
  for (const [done, { id }] of points.entries()) {
    await progress.step({ stage: 'points', done, of: points.length });
    const before = endedSteps(id, source, period);
    for (const [channel, steps] of endedSteps(id, live, period)) {
      const kept = new Map((before.get(channel) ?? []).map((step) => [step.startUtc, step]));
      for (const step of steps) {
        const then = kept.get(step.startUtc);
        const difference = subtract(step.energy ?? ZERO, then?.energy ?? ZERO);
        if (then?.status === step.status && compare(difference, ZERO) === 0) continue;
        intervals += 1;
        if (channel === 'A+') energy = add(energy, difference);
      }
    }
  }
  return { intervals, energy: String(wholeWh(energy)) };
}

/** Newest first: this month and those of the last year that anything was read of, and whatever was closed before. */
function monthsShown(site: Site): string[] {
  const today = startOfMonth(site.zone.dateOf(site.nowUtc()));
  const recent = Array.from({ length: MONTHS_SHOWN }, (_, index) => startOfMonth(today, -index).slice(0, 7)).filter(
    (month, index) => index === 0 || hasData(site, monthPeriod(site, month)),
  );
  const closed = site.store.months.list().map(({ month }) => month);
  return [...new Set([...recent, ...closed])].sort().reverse();
}

/** Months with their state, the newest first. */
export function monthRows(site: Site): MonthRow[] {
  const closings = site.store.months.list();
  return monthsShown(site).map((month) => monthRow(site, month, closings));
}

function hasData(site: Site, { fromUtc, toUtc }: MonthPeriod): boolean {
  return site.plant.meters.some(({ id }) => site.store.intervals.count(id, fromUtc, toUtc) > 0);
}

function monthRow(site: Site, month: string, closings: readonly ClosedMonth[]): MonthRow {
  const ofMonth = closings.filter((closing) => closing.month === month);
  const [last] = ofMonth;
  const isClosed = last !== undefined && last.openedUtc === null;
  return {
    month,
    isOver: monthPeriod(site, month).isOver,
    closed: isClosed ? { at: isoUtc(last.closedUtc), by: last.closedBy, reason: last.closedReason, lacks: last.leftOpen.length } : null,
    energy: last === undefined ? null : String(last.energyWh),
    replaced: last === undefined ? null : String(last.replacedWh),
    history: ofMonth.map(({ closedUtc, closedBy, closedReason, openedUtc, openedBy, openedReason }) => ({
      closedAt: isoUtc(closedUtc),
      closedBy,
      closedReason,
      openedAt: openedUtc === null ? null : isoUtc(openedUtc),
      openedBy,
      openedReason,
    })),
  };
}

function lackView(lack: MonthLack): MonthLackView {
  return { pointCode: null, channel: null, intervals: null, receiver: null, number: null, ...lack };
}

function confirmationOf({ lacks }: MonthFigures): string {
  return createHash('sha256').update(JSON.stringify(lacks)).digest('hex').slice(0, 32);
}

function wholeWh(energy: Rational): bigint {
  return roundHalfUp(inWattHours(energy), 0);
}

/** Two digits, half-up, as an exact decimal. */
function percent(part: bigint, whole: bigint): string {
  const hundredths = roundHalfUp(divide(multiply(rational(part), rational(100)), rational(whole)), 2);
  return fixedText(hundredths, 2).replace(/\.?0+$/, '');
}
