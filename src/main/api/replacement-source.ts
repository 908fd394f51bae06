/** The plant, the settings and the store as the rules of replacement look at them. */
import type { ReplacementSettings } from '../../shared/api/replacement-settings.ts';
import { NO_RULES, type PointRules, type ReplacementContext } from '../metering/replacement/context.ts';
import { settledContext } from '../metering/replacement/settled-context.ts';
import type { SiteZone } from '../metering/zone.ts';
import { settlementSource } from './settlement-source.ts';
import type { Site } from './site.ts';

/** A context for one question: what it has read it does not read again. */
export function replacementContext(site: Site): ReplacementContext {
  const { zone } = site;
  const settings = site.settings.replacement;
  const source = settlementSource(site);
  return settledContext({
    zone,
    rulesOf: rulesByPoint(site, settings),
    isPeak: (startUtc) => isPeak(settings, zone, startUtc),
    source: {
      ...source,
      registers: (meterId) => site.store.registers.list([meterId]).filter(({ kind }) => kind !== 'now'),
      writtenReadings: (pointId) => site.store.manualReadings.ofPoint(pointId),
    },
  });
}

/** Points that the settings name and the plant does not have are passed over. */
function rulesByPoint(site: Site, settings: ReplacementSettings): (pointId: number) => PointRules {
  const ids = new Map(site.plant.points.map(({ id, code }) => [code, id]));
  const rules = new Map(
    settings.points.flatMap(({ pointCode, control, oppositeEnd, bus, profileOf, maxPowerKw, hoursPerDay, registerDigits }) => {
      const pointId = ids.get(pointCode);
      if (pointId === undefined) return [];
      const idOf = (code: string | null) => (code === null ? null : (ids.get(code) ?? null));
      const endId = idOf(oppositeEnd?.pointCode ?? null);
      // A bus with a feeder that is not known cannot be balanced.
      const isBusKnown = bus.every((member) => ids.has(member.pointCode));
      const own: PointRules = {
        controlPointId: idOf(control),
        oppositeEnd:
          oppositeEnd === null || endId === null
            ? null
            : { pointId: endId, isMirrored: oppositeEnd.isMirrored, lossesPpm: oppositeEnd.lossesPpm },
        bus: isBusKnown ? bus.map((member) => ({ pointId: ids.get(member.pointCode) ?? 0, sign: member.sign })) : [],
        profilePointId: idOf(profileOf),
        maxPowerW: maxPowerKw === null ? null : maxPowerKw * 1000,
        hoursPerDay,
        registerDigits,
      };
      return [[pointId, own] as const];
    }),
  );
  return (pointId) => rules.get(pointId) ?? NO_RULES;
}

const SATURDAY = 6;

function isPeak({ peakHours }: ReplacementSettings, zone: SiteZone, startUtc: number): boolean {
  if (peakHours.length === 0) return false;
  const { year, month, day, hour } = zone.wallOf(startUtc);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return weekday !== 0 && weekday !== SATURDAY && peakHours.some(({ from, to }) => hour >= from && hour < to);
}
