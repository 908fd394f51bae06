/** Reports and what people tell them. */
import type { Store } from '../store/store.ts';
import type { Handlers } from './dispatch.ts';
import { ReportAccountDesk } from './report-accounts.ts';
import { ReportDesk } from './report-desk.ts';
import type { Site } from './site.ts';

type ReportMethod = Extract<keyof Handlers, `reports.${string}`>;

export function reportHandlers({ site, store }: { readonly site: Site; readonly store: Store }): Pick<Handlers, ReportMethod> {
  const desk = new ReportDesk(site);
  const accounts = new ReportAccountDesk(site, store);
  return {
    'reports.list': () => desk.list(),
    'reports.build': (request) => desk.build(request),
    'reports.make': ({ request, format, folder }) => desk.make(request, format, folder),
    'reports.accounts': () => accounts.get(),
    'reports.setBalance': ({ substationId, balance }, context) => accounts.setBalance(substationId, balance, context.transport),
    'reports.setLosses': ({ pointId, periods }, context) => accounts.setLosses(pointId, periods, context.transport),
    'reports.setFormulas': ({ formulas }, context) => accounts.setFormulas(formulas, context.transport),
  };
}
