/** Receivers of the 1C exchange: where their files go and what they look like (onec.md 3 and 4). */
import { z } from 'zod';

export const ONEC_KINDS = ['RF', 'RD', 'IV', 'DY', 'MN'] as const;
export type OnecKind = (typeof ONEC_KINDS)[number];
export const ONEC_FORMATS = ['csv', 'xlsx', 'dbf', 'xml', 'json'] as const;
export type OnecFormat = (typeof ONEC_FORMATS)[number];

/** The receiver that every site has; the settings call it `onec`. Its name on screens may change, its sequence of numbers may not. */
export const FIRST_RECEIVER = '1c';

/** Names of the columns of each kind in their usual order (onec.md 3). A receiver may take fewer of them, in another order. */
export const ONEC_COLUMNS = {
  RF: [
    'point_code',
    'point_name',
    'dept_code',
    'cost_item',
    'tenant_inn',
    'tenant_contract',
    'meter_role',
    'meter_serial',
    'meter_model',
    'ratio_ct',
    'ratio_vt',
    'zone_1',
    'zone_2',
    'zone_3',
    'zone_4',
  ],
  RD: [
    'point_code',
    'point_name',
    'meter_serial',
    'meter_model',
    'channel',
    'zone',
    'moment',
    'utc_offset_min',
    'reading',
    'ratio_ct',
    'ratio_vt',
    'status',
    'method',
    'replaced_meter',
    'rollover',
    'revision',
  ],
  IV: [
    'point_code',
    'point_name',
    'channel',
    'begin',
    'utc_offset_min',
    'length_min',
    'energy',
    'losses',
    'energy_total',
    'status',
    'method',
    'revision',
  ],
  DY: [
    'point_code',
    'point_name',
    'meter_serial',
    'meter_model',
    'channel',
    'zone',
    'day',
    'energy',
    'losses',
    'energy_total',
    'status',
    'method',
    'revision',
  ],
  MN: [
    'point_code',
    'point_name',
    'dept_code',
    'cost_item',
    'tenant_inn',
    'tenant_contract',
    'meter_serial',
    'meter_model',
    'channel',
    'zone',
    'month',
    'reading_begin',
    'reading_end',
    'ratio_ct',
    'ratio_vt',
    'energy',
    'losses',
    'energy_total',
    'energy_intervals',
    'status',
    'method',
    'replaced_meter',
    'rollover',
    'revision',
  ],
} as const satisfies Readonly<Record<OnecKind, readonly string[]>>;

const columnsOf = (kind: OnecKind) =>
  z
    .array(z.enum(ONEC_COLUMNS[kind]))
    .min(1)
    .refine((names) => new Set(names).size === names.length, 'a column twice')
    .optional();

const unique = (items: readonly string[]) => new Set(items).size === items.length;

const receiverFields = {
  name: z.string().min(1).max(100),
  folder: z.string().max(500).nullable().describe('Folder that 1C reads from; null until a person has chosen it'),
  encoding: z.enum(['windows-1251', 'utf-8']).describe('Of the CSV file'),
  formats: z.array(z.enum(ONEC_FORMATS)).min(1).refine(unique, 'a format twice').default(['csv']).describe('All of them under one number'),
  kinds: z
    .array(z.enum(ONEC_KINDS))
    .min(1)
    .refine(unique, 'a kind twice')
    .default([...ONEC_KINDS])
    .describe('Kinds that it takes'),
  csv: z
    .strictObject({ separator: z.enum([';', ',', '\t']), decimal: z.enum([',', '.']) })
    .refine(({ separator, decimal }) => separator !== decimal, 'a comma cannot be both')
    .default({ separator: ';', decimal: ',' }),
  dbfEncoding: z.enum(['cp1251', 'cp866']).default('cp1251'),
  shortNames: z
    .boolean()
    .default(false)
    .describe('Names of DBF files by 8.3, as 1C 7.7 needs them; they do not name the site, so each needs a folder of its own'),
  columns: z
    .strictObject({ RF: columnsOf('RF'), RD: columnsOf('RD'), IV: columnsOf('IV'), DY: columnsOf('DY'), MN: columnsOf('MN') })
    .default({})
    .describe('Columns by kind in the order of the file; a kind that is not here has all'),
  zoneNames: z.array(z.string().max(40)).max(4).default([]).describe('What the tariffs 1 to 4 of the meters mean: peak, night ...'),
  acknowledges: z
    .strictObject({
      isExpected: z.boolean(),
      withinH: z
        .number()
        .int()
        .min(1)
        .max(24 * 31),
      folder: z.string().max(500).nullable().describe('null = ack inside the folder or beside it'),
    })
    .default({ isExpected: false, withinH: 24, folder: null })
    .describe('Answers of 1C; one that is late is named once it is expected'),
  archiveMonths: z
    .number()
    .int()
    .min(1)
    .max(600)
    .default(36)
    .describe('Accepted packages are taken out of the archive after so many months'),
};

/** The first receiver; its id is `1c`. */
export const firstReceiver = z.strictObject(receiverFields);

export const otherReceivers = z
  .array(z.strictObject({ id: z.string().regex(/^[a-z0-9-]{1,40}$/), ...receiverFields }))
  .max(20)
  .default([])
  .refine((all) => unique([FIRST_RECEIVER, ...all.map(({ id }) => id)]), `ids must differ, and ${FIRST_RECEIVER} is taken`)
  .describe('Further receivers, each with a sequence of numbers of its own');

/** One receiver as the export works with it. */
export type Receiver = z.infer<typeof firstReceiver> & { readonly id: string };

/** Every receiver of a site, the first one first. */
export function receiversOf(settings: {
  readonly onec: z.infer<typeof firstReceiver>;
  readonly receivers: readonly Receiver[];
}): readonly Receiver[] {
  return [{ ...settings.onec, id: FIRST_RECEIVER }, ...settings.receivers];
}

/** Two receivers in one folder would take each other's numbers: the folder that is given twice; null = none is. */
export function sharedFolder(receivers: readonly { readonly folder: string | null }[]): string | null {
  const folders = receivers.flatMap(({ folder }) => folder ?? []);
  return folders.find((folder, index) => folders.some((other, at) => at < index && sameFolder(other) === sameFolder(folder))) ?? null;
}

function sameFolder(folder: string): string {
  return folder.replaceAll('\\', '/').replace(/\/+$/, '').toLowerCase();
}

/** What is not said of a receiver. */
export const USUAL_RECEIVER: Omit<Receiver, 'id' | 'name' | 'folder' | 'encoding'> = {
  formats: ['csv'],
  kinds: [...ONEC_KINDS],
  csv: { separator: ';', decimal: ',' },
  dbfEncoding: 'cp1251',
  shortNames: false,
  columns: {},
  zoneNames: [],
  acknowledges: { isExpected: false, withinH: 24, folder: null },
  archiveMonths: 36,
};
