/**
 * Energy by readings shared out by the hours of a like day (quality.md 3.4): the sum is the one that the register counted, exact to the
 * watt-hour, only the shape is assumed.
 */
import { type DayShape, NO_BASIS, type ReadingWindow, type ReplacementObstacle } from '../../../shared/domain/replacement.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import {
  add,
  compare,
  inWattHours,
  meterChannel,
  multiply,
  ONE,
  perChannel,
  type Rational,
  rational,
  roundHalfUp,
  scalingFactor,
  subtract,
  sumOf,
} from '../energy.ts';
import { energyByRegisters, type InstallationReadings } from '../registers.ts';
import { isSettled, type Method, type MissingRun, type RegisterMark, type ReplacementContext } from './context.ts';
import { shapeOf } from './shape.ts';
import { spread } from './spread.ts';

/** Readings are whole Wh: two of them are wrong by less than this together (quality.md 1). */
const READING_ERROR_WH = 2;

interface Share {
  readonly window: ReadingWindow;
  readonly days: readonly DayShape[];
  readonly figures: ReadonlyMap<UtcSeconds, bigint>;
}

/**
 * Between each two readings around the run: what they differ by, less what was measured or replaced there already, shared out over
 * all intervals there that have no figure, those of other runs too: whichever is approved first, together they make the sum.
 */
export const byReadings: Method = (run, context) => {
  const marks = context.marks(run.pointId, run.channel);
  const first = marks.findLastIndex(({ atUtc }) => atUtc <= run.fromUtc);
  const last = marks.findIndex(({ atUtc }) => atUtc >= run.toUtc);
  if (first === -1) return { obstacle: 'no-reading-before', basis: NO_BASIS };
  if (last === -1) return { obstacle: 'no-reading-after', basis: NO_BASIS };
  const windows: ReadingWindow[] = [];
  const shapes: DayShape[] = [];
  const figures = new Map<UtcSeconds, bigint>();
  for (let index = first; index < last; index += 1) {
    const [from, to] = [marks[index], marks[index + 1]];
    // Two readings of one moment: the later one begins the next stretch.
    if (from === undefined || to === undefined || from.atUtc === to.atUtc) continue;
    const share = shareOut(run, from, to, context);
    if (typeof share === 'string') return { obstacle: share, basis: { ...NO_BASIS, windows } };
    if (share === null) continue;
    windows.push(share.window);
    const ofRun = new Set(run.starts.map((start) => context.zone.dateOf(start)));
    shapes.push(...share.days.filter(({ day }) => ofRun.has(day)));
    for (const [start, figure] of share.figures) figures.set(start, figure);
  }
  return { figures: run.starts.map((start) => figures.get(start) ?? 0n), basis: { ...NO_BASIS, windows, shapes } };
};

function shareOut(run: MissingRun, from: RegisterMark, to: RegisterMark, context: ReplacementContext): Share | ReplacementObstacle | null {
  const steps = [...context.steps(run.pointId, run.channel, from.atUtc, to.atUtc).values()];
  const lacking = steps.filter((step) => !isSettled(step)).map(({ startUtc }) => startUtc);
  if (lacking.length === 0) return null;
  const counted = energyBetween(run, from, to, context);
  if (counted === null) return 'readings-disagree';
  const known = inWattHours(sumOf(steps.filter(isSettled).map(({ energy }) => energy)));
  const rest = subtract(counted, known);
  if (rest.numerator < 0n && compare(rest, toleranceWh(steps.length, from, run, context)) < 0) return 'readings-below-profile';
  const whole = rest.numerator < 0n ? 0n : roundHalfUp(rest, 0);
  const { weights, days } = shapeOf(run.pointId, run.channel, lacking, context);
  const shares = spread(whole, weights);
  return {
    window: {
      fromUtc: from.atUtc,
      toUtc: to.atUtc,
      energyWh: Number(roundHalfUp(counted, 0)),
      knownWh: Number(roundHalfUp(known, 0)),
      isManual: from.isManual || to.isManual,
    },
    days,
    figures: new Map(lacking.map((start, index) => [start, shares[index] ?? 0n])),
  };
}

/** By how much less than nothing the rest may be, Wh, primary side: counts and readings are both rounded. Negative. */
function toleranceWh(slots: number, { installationId }: RegisterMark, run: MissingRun, context: ReplacementContext): Rational {
  const installation = context.installations(run.pointId).find(({ id }) => id === installationId);
  const count = context.countOf(installationId);
  const readings = multiply(rational(-READING_ERROR_WH), installation === undefined ? ONE : scalingFactor(installation));
  return count === null ? readings : add(readings, multiply(rational(-slots), inWattHours(count)));
}

/** Wh or varh, primary side, over all meters that stood there between; null when their readings do not give one. */
function energyBetween(run: MissingRun, from: RegisterMark, to: RegisterMark, context: ReplacementContext): Rational | null {
  const { maxPowerW, registerDigits } = context.rulesOf(run.pointId);
  const readings = context
    .installations(run.pointId)
    .filter(({ fromUtc, toUtc }) => (fromUtc ?? from.atUtc) < to.atUtc && (toUtc ?? to.atUtc) > from.atUtc)
    .map((installation): InstallationReadings => {
      const counted = meterChannel(installation.direction, run.channel);
      const act = (rows: typeof installation.firstRegisters) => {
        const total = rows.find(({ tariff }) => tariff === 0);
        return counted === null ? null : (total?.energy[counted] ?? null);
      };
      const first = installation.id === from.installationId ? from.readingWh : act(installation.firstRegisters);
      const last = installation.id === to.installationId ? to.readingWh : act(installation.lastRegisters);
      return {
        installation,
        first: perChannel((channel) => (channel === counted ? first : null)),
        last: perChannel((channel) => (channel === counted ? last : null)),
        digits: registerDigits,
        maxPowerW,
        isRollOverConfirmed: installation.id === to.installationId && to.isRollOver,
      };
    });
  return energyByRegisters({ channel: run.channel, fromUtc: from.atUtc, toUtc: to.atUtc, readings, calculated: [] }).total;
}
