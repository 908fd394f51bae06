/** What a person sets for the reports: who signs, how figures are printed, and what balances are made of. */
import { z } from 'zod';
import { CHANNELS } from '../domain/channel.ts';
import { boundaryLosses, lossModel } from '../domain/losses.ts';
import { id, isoDate, isoInstant } from './values.ts';

const percent = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,4})?$/)
  .describe('Percent as an exact decimal');

/** Hours `8-11,16-21`, both ends included: hour 8 lasts from 07:00 to 08:00 (the way in which the system operator numbers them). */
const hourRanges = z.string().regex(/^(\d{1,2}(-\d{1,2})?)(,\d{1,2}(-\d{1,2})?)*$/);

export const reportSettings = z.strictObject({
  organisation: z.string().trim().max(200).describe('As it stands on paper; empty = the name of the site'),
  signatures: z.array(z.strictObject({ position: z.string().trim().min(1).max(100), name: z.string().trim().max(100) })).max(4),
  digits: z.number().int().min(0).max(3).describe('Of energy, after the point'),
  balanceLimit: percent.nullable().describe('Allowed imbalance where accuracy classes are not known; null = it is not judged there'),
  peakHours: z
    .partialRecord(z.enum(['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12']), hourRanges)
    .describe('Planned peak hours of working days by month, on the clock of the site'),
  daysOff: z.array(isoDate).max(400).describe('Days off between Monday and Friday'),
  tenantPrice: z
    .string()
    .regex(/^\d{1,4}(\.\d{1,5})?$/)
    .nullable()
    .describe('Roubles for a kWh, VAT left out; null = sums are not worked out'),
  vatPercent: percent.describe('Put on top of the sums of tenants'),
});
export type ReportSettings = z.infer<typeof reportSettings>;

export const DEFAULT_REPORT_SETTINGS: ReportSettings = {
  organisation: '',
  signatures: [
    { position: 'Главный энергетик', name: '' },
    { position: 'Ответственный за учёт', name: '' },
  ],
  digits: 3,
  balanceLimit: null,
  peakHours: {},
  daysOff: [],
  tenantPrice: null,
  vatPercent: '22',
};

const accuracy = percent.nullable();

/** Point of a balance with the accuracy of its complex. Classes are limits of error in percent, as on the plates. */
export const balanceMember = z.strictObject({
  pointId: id,
  channel: z.enum(CHANNELS),
  section: z.enum(['received', 'delivered', 'own-needs']),
  ct: accuracy.describe('Current transformers; null = none'),
  vt: accuracy.describe('Voltage transformers; null = none'),
  line: accuracy.describe('Loss of voltage in the line to the voltage transformer; null = none'),
  meter: accuracy.describe('The meter; null = not known: then there is no limit of error'),
});
export type BalanceMember = z.infer<typeof balanceMember>;

export const balanceOfSubstation = z.strictObject({
  members: z.array(balanceMember).max(200),
  transformers: z
    .array(z.strictObject({ name: z.string().trim().min(1).max(100), pointId: id, losses: lossModel }))
    .max(20)
    .describe('Transformers between an input and the bus; the point is the input that the energy goes through'),
  allowed: percent.nullable().describe('Fixed limit instead of the one by classes'),
});
export type BalanceOfSubstation = z.infer<typeof balanceOfSubstation>;

export const datedLosses = z.object({ from: isoInstant, losses: boundaryLosses.nullable().describe('null = none from then on') });

/** All that reports take besides measured figures. */
export const reportAccounts = z.object({
  balances: z.array(z.object({ substationId: id, balance: balanceOfSubstation })),
  losses: z.array(z.object({ pointId: id, periods: z.array(datedLosses).describe('In order of time') })),
  formulas: z.array(
    z.object({ id, name: z.string(), unit: z.enum(['Wh', 'varh']), text: z.string().describe('As `reports.setFormulas` takes it') }),
  ),
});
export type ReportAccounts = z.infer<typeof reportAccounts>;
