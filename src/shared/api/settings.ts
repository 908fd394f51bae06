import { z } from 'zod';
import { firstReceiver, type OnecFormat, otherReceivers, receiversOf, sharedFolder, USUAL_RECEIVER } from './receivers.ts';
import { DEFAULT_REPLACEMENT, replacementSettings } from './replacement-settings.ts';
import { DEFAULT_SCHEDULES, schedules } from './schedules.ts';
import { DEFAULT_XML80020, xml80020 } from './settings-80020.ts';
import { DEFAULT_REPORT_SETTINGS, reportSettings } from './report-settings.ts';

/** Latin letters and digits: the code stands in file names. */
const siteCode = z.string().regex(/^[A-Za-z0-9]{1,16}$/, 'Latin letters and digits, 1 to 16');

export { ONEC_FORMATS, ONEC_KINDS } from './receivers.ts';
export type { OnecFormat, OnecKind } from './receivers.ts';

/** What this version makes of them; the rest is refused with `export/unsupported`. */
export const MADE_FORMATS: readonly OnecFormat[] = ['csv', 'xlsx', 'dbf', 'xml', 'json'];

const inn = z
  .string()
  .regex(/^(\d{10}|\d{12})?$/, '10 or 12 digits')
  .describe('Empty until it is known');

const settingsFields = z.strictObject({
  site: z.strictObject({
    name: z.string().min(1).max(200),
    code: siteCode,
    inn,
    kpp: z.string().regex(/^(\d{9})?$/, '9 digits'),
    timeZone: z.string().min(1).max(64).describe('IANA name'),
  }),
  onec: firstReceiver,
  receivers: otherReceivers,
  xml80020: xml80020
    .default(DEFAULT_XML80020)
    .describe(
      "The supplier's file: who sends it, which area it covers, how it is made and handed over; the codes of the points come with the points",
    ),
  schedules,
  writes: z
    .strictObject({ isEnabled: z.boolean() })
    .default({ isEnabled: false })
    .describe('Writing to meters: clock, address, relay. Off until an engineer switches it on'),
  clock: z
    .strictObject({
      isCorrected: z
        .boolean()
        .describe("Feeder corrects the meters' clocks by itself, once a day at most; needs writing to be switched on"),
      settlementThresholdS: z.number().int().min(2).max(240),
      technicalThresholdS: z.number().int().min(2).max(240),
      settlementReason: z
        .string()
        .trim()
        .max(500)
        .nullable()
        .describe('Document that allows it on settlement meters; null = they are left alone'),
    })
    .default({ isCorrected: false, settlementThresholdS: 5, technicalThresholdS: 15, settlementReason: null }),
  backup: z
    .strictObject({ folder: z.string().trim().max(500).nullable() })
    .default({ folder: null })
    .describe('Folder of the daily backup copies, best on another disk; null = inside the data folder'),
  replacement: replacementSettings.default(DEFAULT_REPLACEMENT),
  reports: reportSettings.default(DEFAULT_REPORT_SETTINGS).describe('What stands on reports'),
  language: z.enum(['ru', 'en']),
});

export const settings = settingsFields.refine((all) => sharedFolder(receiversOf(all)) === null, {
  path: ['receivers'],
  message: 'two receivers share a folder: each needs its own',
});
export type Settings = z.infer<typeof settings>;

export const DEFAULT_SETTINGS: Settings = {
  site: { name: 'Новый объект', code: 'SITE1', inn: '', kpp: '', timeZone: 'Europe/Moscow' },
  onec: { name: '1С', folder: null, encoding: 'windows-1251', ...USUAL_RECEIVER },
  receivers: [],
  xml80020: DEFAULT_XML80020,
  schedules: [...DEFAULT_SCHEDULES],
  writes: { isEnabled: false },
  clock: { isCorrected: false, settlementThresholdS: 5, technicalThresholdS: 15, settlementReason: null },
  backup: { folder: null },
  replacement: DEFAULT_REPLACEMENT,
  reports: DEFAULT_REPORT_SETTINGS,
  language: 'ru',
};
