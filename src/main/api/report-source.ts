/** What reports are made from, over the store and the settings of a site. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReportSource } from '../reports/source.ts';
import { settlementSource } from './settlement-source.ts';
import type { Site } from './site.ts';

/** Events of one meter that a report shows at most; a journal holds some hundreds. */
const MOST_EVENTS = 20_000;

/** For one report: facts that are asked for by point are read once. `turn` is waited for between two points. */
export function reportSource(site: Site, turn: ReportSource['turn'] = () => nextTurn()): ReportSource {
  const { store, settings } = site;
  const { reportData } = store;
  const balances = reportData.balances();
  return {
    ...settlementSource(site),
    zone: site.zone,
    language: settings.language,
    site: { name: settings.site.name, code: settings.site.code, inn: settings.site.inn, kpp: settings.site.kpp },
    settings: settings.reports,
    nowUtc: site.nowUtc(),
    writtenReadings: (pointId) => store.manualReadings.ofPoint(pointId),
    reasonAt: (meterId) => site.reasonAt(meterId),
    events: (meterId, fromUtc, toUtc) => store.journals.list({ meterIds: [meterId], fromUtc, toUtc }, 0, MOST_EVENTS).rows.toReversed(),
    replacements: (pointId, fromUtc, toUtc) => store.replacements.inForce(pointId, fromUtc, toUtc),
    losses: (pointId) => reportData.lossesOf(pointId),
    balance: (substationId) => balances.find((one) => one.substationId === substationId)?.balance ?? null,
    formulas: () => reportData.formulas(),
    turn,
  };
}
