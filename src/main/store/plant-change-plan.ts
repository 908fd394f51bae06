import { AppError, type ErrorDetails } from '../../shared/api/errors.ts';
import { CHANNELS } from '../../shared/domain/channel.ts';
import type { InstallationRecord, MeterRecord, Plant, PointRecord } from '../../shared/domain/plant.ts';
import type { ActReading, MeterReplacement, PlantChange, PlantChangeObstacle } from '../../shared/domain/plant-change.ts';
import type { Ratio, ReadBy } from '../../shared/domain/point.ts';
import type { RegisterReading } from '../../shared/domain/register.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';

/** The meter that a replacement puts in; `known` = the store has heard of this serial before. */
export interface IncomingMeter {
  readonly known: MeterRecord | null;
  /** Null for a meter without a link, like its address. */
  readonly lineId: number | null;
  readonly driver: ReadBy;
  readonly serial: string;
  readonly address: number | null;
  readonly accessLevel: 1 | 2;
}

/** What a change does to the rows of the plant. */
export interface PlantChangePlan {
  readonly point: PointRecord;
  readonly change: PlantChange;
  /** The installation that ends at the moment of the change. */
  readonly closes: InstallationRecord | null;
  /** The meter that is not asked any more. */
  readonly removes: MeterRecord | null;
  readonly meter: IncomingMeter | null;
  /** The installation that begins; its meter is `meter`, or the one of `meterId`. */
  readonly opens: { readonly like: InstallationRecord; readonly meterId: number | null; readonly ct: Ratio; readonly vt: Ratio } | null;
  /** The interval that both meters hold a part of; null when the change falls on a boundary. */
  readonly splitStartUtc: UtcSeconds | null;
}

/** What of the store a plan is held against. */
export interface PlantChangeContext {
  readonly plant: Plant;
  readonly nowUtc: UtcSeconds;
  /** Last reading of each kind and tariff that is stored of a meter. */
  readonly latestRegisters: (meterId: number) => readonly RegisterReading[];
  /** First month that is closed and ends after this moment; null = there is none. */
  readonly closedMonth: (fromUtc: UtcSeconds) => string | null;
}

const DEFAULT_PERIOD_MIN = 30;
/** Clocks of two computers are never quite the same. */
const FUTURE_TOLERANCE_S = 300;

/**
 * Works out a change and refuses what cannot be: a moment before the installation began or in the future, a meter that stands
 * elsewhere, an address that is taken, readings that run backwards, a moment inside an interval where one meter would count it
 * twice. Throws `api/not-found`, `api/invalid-argument` and `api/conflict`; nothing is changed.
 */
export function planPlantChange(change: PlantChange, context: PlantChangeContext): PlantChangePlan {
  const { plant, nowUtc } = context;
  const point = plant.points.find(({ code }) => code === change.pointCode);
  if (point === undefined) {
    throw new AppError('api/not-found', `There is no metering point with code "${change.pointCode}"`, {
      context: { point_code: change.pointCode },
      hint: 'The codes are those of the import file.',
    });
  }
  if (change.atUtc > nowUtc + FUTURE_TOLERANCE_S) {
    throw refusal('in-the-future', 'The change lies in the future', {
      context: { at: isoUtc(change.atUtc) },
      hint: 'Enter it once it has been done, with the moment of the act.',
    });
  }
  refuseClosedMonth(change.atUtc, context);
  const history = plant.installations.filter(({ pointId, kind }) => pointId === point.id && kind === 'main');
  const current = history.find(({ toUtc }) => toUtc === null) ?? null;
  if (change.kind === 'switch-on') return planSwitchOn(change, point, history, current, context);
  if (current === null) {
    throw refusal('is-off', `Point ${point.code} has no meter now`, { hint: 'Switch the point on first.' });
  }
  refuseBefore(change.atUtc, current.fromUtc);
  const former = meterOf(plant, current.meterId);
  const base = { point, change, closes: current, splitStartUtc: null };
  switch (change.kind) {
    case 'replace-meter':
      return planReplacement(change, point, current, former, context);
    case 'change-ratio':
      refuseInside(change.atUtc, former);
      return { ...base, removes: null, meter: null, opens: { like: current, meterId: former.id, ct: change.ct, vt: change.vt } };
    case 'switch-off':
      refuseInside(change.atUtc, former);
      return { ...base, removes: former, meter: null, opens: null };
  }
}

function planReplacement(
  change: MeterReplacement,
  point: PointRecord,
  current: InstallationRecord,
  former: MeterRecord,
  { plant, latestRegisters }: PlantChangeContext,
): PlantChangePlan {
  if (change.serial === former.serial) {
    throw refusal('same-meter', `Meter ${change.serial} stands at point ${point.code} already`, {
      hint: 'Give the serial of the new meter.',
    });
  }
  const known = plant.meters.find(({ serial }) => serial === change.serial) ?? null;
  const elsewhere = plant.installations.find(({ meterId, toUtc }) => meterId === known?.id && (toUtc === null || toUtc > change.atUtc));
  if (elsewhere !== undefined) {
    const code = plant.points.find(({ id }) => id === elsewhere.pointId)?.code ?? '';
    throw refusal('meter-elsewhere', `Meter ${change.serial} stands at point ${code}`, {
      context: { serial: change.serial, point_code: code },
      hint: 'A meter stands at one point at a time: take it away there first.',
    });
  }
  if (former.lineId === null && (change.driver !== null || change.address !== null)) {
    throw refusal('no-link', `Point ${point.code} has no link: there is no line that the new meter could be asked over`, {
      context: { point_code: point.code },
      hint: 'Leave out the driver and the address: people will read the new meter too.',
    });
  }
  const address = change.address ?? former.address;
  const neighbour = plant.meters.find(
    (meter) =>
      meter.lineId !== null &&
      meter.lineId === former.lineId &&
      meter.address === address &&
      meter.removedUtc === null &&
      meter.quarantinedUtc === null &&
      meter.id !== former.id &&
      meter.id !== known?.id,
  );
  if (neighbour !== undefined) {
    throw refusal('address-taken', `Address ${address} of the line belongs to meter ${neighbour.serial}`, {
      context: { address, serial: neighbour.serial },
      hint: 'Choose an address that no meter of the line has.',
    });
  }
  // A meter that was read in quarantine has answered at its own level.
  const { accessLevel } = known !== null && known.quarantinedUtc !== null ? known : former;
  refuseBackwards(change.finalRegisters, latestRegisters(former.id), former.serial, change.atUtc);
  return {
    point,
    change,
    closes: current,
    removes: former,
    meter: {
      known,
      lineId: former.lineId,
      driver: change.driver ?? former.driver,
      serial: change.serial,
      address,
      accessLevel: change.accessLevel ?? accessLevel,
    },
    opens: { like: current, meterId: null, ct: change.ct ?? current.ct, vt: change.vt ?? current.vt },
    splitStartUtc: boundaryBefore(change.atUtc, former) === change.atUtc ? null : boundaryBefore(change.atUtc, former),
  };
}

function planSwitchOn(
  change: PlantChange,
  point: PointRecord,
  history: readonly InstallationRecord[],
  current: InstallationRecord | null,
  { plant }: PlantChangeContext,
): PlantChangePlan {
  const last = history.reduce<InstallationRecord | null>((a, b) => (a === null || (b.toUtc ?? 0) > (a.toUtc ?? 0) ? b : a), null);
  if (current !== null || last === null) {
    throw refusal('is-not-off', `Point ${point.code} is not switched off`, { hint: 'Only a point that is off can be switched on.' });
  }
  refuseBefore(change.atUtc, last.toUtc === null ? null : last.toUtc - 1);
  const meter = meterOf(plant, last.meterId);
  refuseInside(change.atUtc, meter);
  const elsewhere = plant.installations.find(({ meterId, toUtc }) => meterId === meter.id && toUtc === null);
  const taken = plant.meters.find(
    ({ id, lineId, address, removedUtc, quarantinedUtc }) =>
      id !== meter.id &&
      lineId !== null &&
      lineId === meter.lineId &&
      address === meter.address &&
      removedUtc === null &&
      quarantinedUtc === null,
  );
  if (elsewhere !== undefined) {
    const code = plant.points.find(({ id }) => id === elsewhere.pointId)?.code ?? '';
    throw refusal('meter-elsewhere', `Meter ${meter.serial} stands at point ${code} now`, {
      context: { serial: meter.serial, point_code: code },
      hint: 'Replace the meter of this point by another one.',
    });
  }
  if (taken !== undefined) {
    throw refusal('address-taken', `Address ${meter.address} of the line belongs to meter ${taken.serial} now`, {
      context: { address: meter.address, serial: taken.serial },
      hint: 'Free the address on the line first.',
    });
  }
  const incoming = { known: meter, lineId: meter.lineId, driver: meter.driver, serial: meter.serial, address: meter.address };
  return {
    point,
    change,
    closes: null,
    removes: null,
    meter: { ...incoming, accessLevel: meter.accessLevel },
    opens: { like: last, meterId: null, ct: last.ct, vt: last.vt },
    splitStartUtc: null,
  };
}

/** What the person gave is at fault, or what stands in the plant. */
const GIVEN: ReadonlySet<PlantChangeObstacle> = new Set([
  'in-the-future',
  'no-link',
  'before-the-last-change',
  'inside-an-interval',
  'reading-below-stored',
]);

function refusal(obstacle: PlantChangeObstacle, message: string, { context = {}, hint = '' }: ErrorDetails): AppError {
  return new AppError(GIVEN.has(obstacle) ? 'api/invalid-argument' : 'api/conflict', message, { context: { obstacle, ...context }, hint });
}

function meterOf(plant: Plant, meterId: number): MeterRecord {
  const meter = plant.meters.find(({ id }) => id === meterId);
  if (meter === undefined) throw new AppError('bug', 'An installation without its meter', { context: { meterId } });
  return meter;
}

function refuseBefore(atUtc: UtcSeconds, fromUtc: UtcSeconds | null): void {
  if (fromUtc === null || atUtc > fromUtc) return;
  throw refusal('before-the-last-change', 'The change lies before the one that was made last', {
    context: { at: isoUtc(atUtc), last: isoUtc(fromUtc) },
    hint: 'Changes of a point are entered in the order in which they happened.',
  });
}

/** What has been accounted for keeps its meter and its ratio. */
function refuseClosedMonth(atUtc: UtcSeconds, { closedMonth }: PlantChangeContext): void {
  const month = closedMonth(atUtc);
  if (month === null) return;
  throw refusal('month-closed', `The change would touch the month ${month}, which is closed`, {
    context: { at: isoUtc(atUtc), month },
    hint: 'Open the month again with a reason, make the change, and close it anew.',
  });
}

/** One meter cannot say which part of an interval belongs to which ratio (quality.md 4: a ratio has a history to the half-hour). */
function refuseInside(atUtc: UtcSeconds, meter: MeterRecord): void {
  const before = boundaryBefore(atUtc, meter);
  if (before === atUtc) return;
  const after = before + periodS(meter);
  throw refusal('inside-an-interval', 'The moment lies inside an interval of the meter', {
    context: { at: isoUtc(atUtc), before: isoUtc(before), after: isoUtc(after) },
    hint: `Give a moment between two intervals: ${isoUtc(before)} or ${isoUtc(after)}.`,
  });
}

function periodS(meter: MeterRecord): number {
  return (meter.facts.profilePeriodMin ?? DEFAULT_PERIOD_MIN) * 60;
}

function boundaryBefore(atUtc: UtcSeconds, meter: MeterRecord): UtcSeconds {
  const offsetS = meter.clock.offsetMin * 60;
  return Math.floor((atUtc + offsetS) / periodS(meter)) * periodS(meter) - offsetS;
}

/** Readings never decrease (quality.md 1): an act that says so names the wrong meter, or holds a slip of the pen. */
function refuseBackwards(act: readonly ActReading[], stored: readonly RegisterReading[], serial: string, atUtc: UtcSeconds): void {
  for (const { tariff, energy } of act) {
    for (const before of stored) {
      if (before.tariff !== tariff || before.momentUtc > atUtc) continue;
      for (const channel of CHANNELS) {
        const [now, then] = [energy[channel], before.energy[channel]];
        if (now === null || then === null || now >= then) continue;
        throw refusal('reading-below-stored', `The final reading of meter ${serial} is below one that it has told before`, {
          context: { serial, tariff, channel, given: String(now), stored: String(then), moment: isoUtc(before.momentUtc) },
          hint: 'Check the act. Where the register has run over its last digit, give null for it.',
        });
      }
    }
  }
}
