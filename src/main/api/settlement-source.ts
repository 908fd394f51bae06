import { CHANNELS, type Channel } from '../../shared/domain/channel.ts';
import type { ExportSource, KeptRegister } from '../export/onec/rows.ts';
import type { StoreReader } from '../store/store.ts';
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
    keptChannels: (meterId) => keptChannels(store, meterId),
    keptRegisters: (meterId) => keptRegisters(store, meterId),
    replacements: (pointId, fromUtc, toUtc) => store.replacements.inForce(pointId, fromUtc, toUtc),
  };
}

/** Judged by the newest profile, else by the newest registers; a meter that was never read is taken to keep active import. */
function keptChannels(store: StoreReader, meterId: number): readonly Channel[] {
  const newest = store.intervals.newestStart(meterId);
  const profile = newest === null ? [] : store.intervals.list(meterId, newest - KEPT_FROM_S, newest + 1);
  const known = CHANNELS.filter((channel) => profile.some(({ counts }) => counts[channel] !== null));
  if (known.length > 0) return known;
  const registers = keptRegisters(store, meterId);
  return CHANNELS.filter((channel) => registers.some((register) => register.channel === channel));
}

function keptRegisters(store: StoreReader, meterId: number): readonly KeptRegister[] {
  const seen = new Map<string, KeptRegister>();
  for (const { tariff, energy } of store.registers.latest(meterId)) {
    for (const channel of CHANNELS) if (energy[channel] !== null) seen.set(`${channel}${tariff}`, { channel, tariff });
  }
  return seen.size > 0 ? [...seen.values()] : [{ channel: 'A+', tariff: 0 }];
}
