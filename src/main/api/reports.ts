/** Reports and what people tell them. */
import type { Store } from '../store/store.ts';
import type { Handlers } from './dispatch.ts';
import type { LongWorks } from './long-works.ts';
import { ReportAccountDesk } from './report-accounts.ts';
import { ReportDesk } from './report-desk.ts';
import type { Site } from './site.ts';

type ReportMethod = Extract<keyof Handlers, `reports.${string}`>;

export interface ReportHandlerDeps {
  readonly site: Site;
  readonly store: Store;
  readonly works: LongWorks;
}

export function reportHandlers({ site, store, works }: ReportHandlerDeps): Pick<Handlers, ReportMethod> {
  const desk = new ReportDesk(site);
  const accounts = new ReportAccountDesk(site, store);
  return {
    'reports.list': () => desk.list(),
    'reports.build': ({ workId, ...request }) =>
      works.run({ kind: 'report-sheet', ...request }, workId, (progress) => desk.build(request, progress)),
    'reports.make': ({ workId, request, format, folder }) =>
      works.run({ kind: 'report', ...request }, workId, (progress) => desk.make(request, format, folder, progress)),
    'reports.accounts': () => accounts.get(),
    'reports.setBalance': ({ substationId, balance }, context) => accounts.setBalance(substationId, balance, context.transport),
    'reports.setLosses': ({ pointId, periods }, context) => accounts.setLosses(pointId, periods, context.transport),
    'reports.setFormulas': ({ formulas }, context) => accounts.setFormulas(formulas, context.transport),
  };
}
