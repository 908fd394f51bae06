/** Methods of the reports, as `METHODS` takes them. */
import { z } from 'zod';
import { balanceOfSubstation, datedLosses, reportAccounts } from './report-settings.ts';
import { madeReport, reportListItem, reportOrder, reportRequest, reportSheet } from './reports.ts';
import type { Role } from './roles.ts';
import { id } from './values.ts';
import { workId } from './works.ts';

const operator: Role = 'operator';
const engineer: Role = 'engineer';

export const REPORT_METHODS = {
  'reports.list': {
    description: 'Reports that there are, and what may be chosen for each',
    params: z.strictObject({}),
    result: z.array(reportListItem),
    role: operator,
  },
  'reports.build': {
    description: 'A report as the screen shows it, the same as on paper; long ones without their last sections',
    params: reportRequest.extend({ workId }),
    result: reportSheet,
    role: operator,
  },
  'reports.make': {
    description: 'A report as a file, in a folder of the server or with the answer',
    params: reportOrder.extend({ workId }),
    result: madeReport,
    role: operator,
  },
  'reports.accounts': {
    description: 'What reports take besides measured figures: balances, losses up to the boundary, formulas',
    params: z.strictObject({}),
    result: reportAccounts,
    role: operator,
  },
  'reports.setBalance': {
    description: 'What the balance of a substation is made of; null = it has none any more. Audited',
    params: z.strictObject({ substationId: id, balance: balanceOfSubstation.nullable() }),
    result: reportAccounts,
    role: engineer,
  },
  'reports.setLosses': {
    description: 'Losses of a point up to its boundary, all periods; none = it has none. Audited',
    params: z.strictObject({ pointId: id, periods: z.array(datedLosses).max(100) }),
    result: reportAccounts,
    role: engineer,
  },
  'reports.setFormulas': {
    description:
      'Calculated points and groups as text (`TP1-01 + 0.5*TP1-02:A- - {Shop 1}`), all of them. Refused with their faults. Audited',
    params: z.strictObject({
      formulas: z
        .array(
          z.strictObject({
            name: z.string().trim().min(1).max(100),
            unit: z.enum(['Wh', 'varh']),
            text: z.string().max(20_000),
          }),
        )
        .max(500),
    }),
    result: reportAccounts,
    role: engineer,
  },
} as const;
