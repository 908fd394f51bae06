import { CHANNELS, type Channel } from '../../shared/domain/channel.ts';
import { isLinked } from '../../shared/domain/plant.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { ExportSource, KeptRegister } from '../export/onec/rows.ts';
import { unpackFigures } from '../metering/closed-figures.ts';
import { meterChannel } from '../metering/energy.ts';
import { NO_LIMITS, type RegisterLimits } from '../metering/registers.ts';
import type { ClosedPeriod } from '../metering/settlement.ts';
import type { StoreReader } from '../store/store.ts';
import { receivedEnergy } from './received-energy.ts';
import type { Site } from './site.ts';

/** Days of the newest profile that tell which channels a meter keeps. */
const KEPT_FROM_S = 2 * 86_400;

/** Stored figures for everything that hands them on: files for 1C, the supplier's layout, reports. */
export function settlementSource(site: Site): ExportSource {
  const { store } = site;
  return {
    plant: () => site.plant,
    intervals: (meterId, fromUtc, toUtc) => site.intervals(meterId, fromUtc, toUtc),
    registers: (meterId, fromUtc, toUtc) =>
      store.registers.list([meterId], { fromUtc, toUtc: toUtc + 1 }).filter(({ kind }) => kind !== 'now'),
    keptChannels: (meterId) => keptChannels(site, meterId),
    keptRegisters: (meterId) => keptRegisters(site, meterId),
    replacements: (pointId, fromUtc, toUtc) => store.replacements.inForce(pointId, fromUtc, toUtc),
    received: (pointId, fromUtc, toUtc) => receivedEnergy(site, pointId, fromUtc, toUtc),
    writtenReadings: (pointId) => store.manualReadings.ofPoint(pointId),
    losses: (pointId) => store.reportData.lossesOf(pointId),
    registerLimits: (pointId) => registerLimits(site, pointId),
    closed: closedPeriods(store),
  };
}

/** What the rules of the site say of the point's connection and its register. */
function registerLimits(site: Site, pointId: number): RegisterLimits {
  const code = site.plant.points.find(({ id }) => id === pointId)?.code;
  const rules = site.settings.replacement.points.find(({ pointCode }) => pointCode === code);
  if (rules === undefined) return NO_LIMITS;
  return { digits: rules.registerDigits, maxPowerW: rules.maxPowerKw === null ? null : rules.maxPowerKw * 1000 };
}

/** Points are asked one after another, each many times: the months of the last one are kept. */
function closedPeriods(store: StoreReader): NonNullable<ExportSource['closed']> {
  let ofPoint: number | null = null;
  const unpacked = new Map<number, ClosedPeriod>();
  return (pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds) => {
    if (pointId !== ofPoint) unpacked.clear();
    ofPoint = pointId;
    return store.months.closedIn(fromUtc, toUtc).map((month) => {
      const known = unpacked.get(month.id);
      if (known !== undefined) return known;
      const figures = store.months.figures(month.id, pointId);
      const steps = new Map(figures.map((packed) => [packed.channel, unpackFigures(packed, month.fromUtc)]));
      const period = { fromUtc: month.fromUtc, toUtc: month.toUtc, steps };
      unpacked.set(month.id, period);
      return period;
    });
  };
}

/** Judged by the newest profile, else by the newest registers, else by what people wrote down of it; a meter that was never read is taken to keep active import. */
function keptChannels(site: Site, meterId: number): readonly Channel[] {
  const { store } = site;
  const newest = store.intervals.newestStart(meterId);
  const profile = newest === null ? [] : store.intervals.list(meterId, newest - KEPT_FROM_S, newest + 1);
  const known = CHANNELS.filter((channel) => profile.some(({ counts }) => counts[channel] !== null));
  if (known.length > 0) return known;
  const registers = keptRegisters(site, meterId);
  return CHANNELS.filter((channel) => registers.some((register) => register.channel === channel));
}

function keptRegisters(site: Site, meterId: number): readonly KeptRegister[] {
  const seen = new Map<string, KeptRegister>();
  for (const { tariff, energy } of site.store.registers.latest(meterId)) {
    for (const channel of CHANNELS) if (energy[channel] !== null) seen.set(`${channel}${tariff}`, { channel, tariff });
  }
  if (seen.size === 0) for (const register of writtenRegisters(site, meterId)) seen.set(`${register.channel}${register.tariff}`, register);
  return seen.size > 0 ? [...seen.values()] : [{ channel: 'A+', tariff: 0 }];
}

/** Of a meter that people read, in its own channels. */
function writtenRegisters(site: Site, meterId: number): KeptRegister[] {
  const meter = site.plant.meters.find(({ id }) => id === meterId);
  if (meter === undefined || isLinked(meter)) return [];
  return site.plant.installations
    .filter((installation) => installation.meterId === meterId)
    .flatMap(({ pointId, direction, fromUtc, toUtc }) =>
      site.store.manualReadings.ofPoint(pointId).flatMap(({ channel, tariff, atUtc }): KeptRegister[] => {
        const counted = meterChannel(direction, channel);
        const isHere = atUtc >= (fromUtc ?? atUtc) && atUtc <= (toUtc ?? atUtc);
        return counted === null || !isHere ? [] : [{ channel: counted, tariff }];
      }),
    );
}
