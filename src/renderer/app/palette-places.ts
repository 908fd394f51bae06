import { REPORT_NAMES } from '../../shared/api/reports.ts';
import type { Locale } from '../ui/locale.ts';
import { EXCHANGE_TABS, exchangeHref } from './exchange-tabs.tsx';
import type { PaletteEntry } from './palette-search.ts';
import { type Query, routeHref, SCREENS } from './routes.ts';

const CLOSING_TABS = ['gaps', 'readings', 'months', 'rules'] as const;
const REPORT_EDITORS = ['balance', 'losses', 'formulas', 'paper'] as const;

/** Every screen, and every part of a screen that has an address of its own. */
export function palettePlaces(t: Locale['t'], query: Query): PaletteEntry[] {
  const place = (label: string, detail: string, href: string): PaletteEntry => ({ label, detail, href, state: null });
  return [
    // The files of the supplier are a part of the exchange, a point is found by its name.
    ...SCREENS.filter((screen) => screen !== 'points' && screen !== 'supplier').map((screen) =>
      place(t(`nav.${screen}`), t('palette.screen'), routeHref(screen, null, query)),
    ),
    ...EXCHANGE_TABS.map((tab) => place(t(`exchange.${tab}`), t('nav.packages'), exchangeHref(tab, query))),
    ...CLOSING_TABS.map((tab) => place(t(`closing.tabs.${tab}`), t('nav.closing'), routeHref('closing', null, { ...query, tab }))),
    ...REPORT_NAMES.map((report) =>
      place(t(`handover.report.${report}`), t('nav.reports'), routeHref('reports', null, { ...query, report })),
    ),
    ...REPORT_EDITORS.map((tab) => place(t(`reports.tabs.${tab}`), t('nav.reports'), routeHref('reports', null, { ...query, tab }))),
    place(t('events.journal'), t('nav.events'), routeHref('events', null, { ...query, tab: 'journal' })),
  ];
}
