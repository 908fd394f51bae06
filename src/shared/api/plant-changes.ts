/** Schemas of what happens to a point: another meter, another ratio, off and on. */
import { z } from 'zod';
import { PLANT_CHANGE_KINDS } from '../domain/plant-change.ts';
import { DRIVER_IDS } from '../domain/point.ts';
import { id, isoInstant, perChannel } from './values.ts';

export const transformerRatio = z.strictObject({
  primary: z.number().int().positive().max(10_000_000),
  secondary: z.number().int().positive().max(10_000_000),
});

const registerText = z
  .string()
  .regex(/^\d{1,15}$/)
  .nullable()
  .describe('Whole Wh or varh of the secondary side; null = not written down');

export const actReading = z.strictObject({
  tariff: z.number().int().min(0).max(8).describe('0 = sum of tariffs'),
  'A+': registerText.default(null),
  'A-': registerText.default(null),
  'R+': registerText.default(null),
  'R-': registerText.default(null),
});

const common = { pointId: id, at: isoInstant };
const reason = z.string().trim().min(1).max(500).describe('The act or whatever else allows it');
const readings = z.array(actReading).max(9);

export const plantChange = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('replace-meter'),
      ...common,
      reason: reason.nullable().default(null),
      serial: z
        .string()
        .regex(/^\d{1,20}$/)
        .describe('Of the new meter, leading zeros kept'),
      driver: z.enum(DRIVER_IDS).nullable().default(null).describe('null = as before, like all below'),
      address: z.number().int().min(1).max(0xffffffff).nullable().default(null),
      accessLevel: z
        .union([z.literal(1), z.literal(2)])
        .nullable()
        .default(null),
      password: z.string().max(40).nullable().default(null).describe('As in the import file; null = the default one'),
      ct: transformerRatio.nullable().default(null),
      vt: transformerRatio.nullable().default(null),
      finalRegisters: readings.default([]).describe('Of the former meter'),
      firstRegisters: readings.default([]).describe('Of the new meter'),
    })
    .describe('Another meter from this moment on; the history of the point stays'),
  z
    .strictObject({ kind: z.literal('change-ratio'), ...common, reason, ct: transformerRatio, vt: transformerRatio })
    .describe('Other measuring transformers from the start of an interval on'),
  z
    .strictObject({ kind: z.literal('switch-off'), ...common, reason })
    .describe('Nothing is measured here from the start of an interval on'),
  z.strictObject({ kind: z.literal('switch-on'), ...common, reason }).describe('The last meter of the point measures again'),
]);
export type PlantChangeRequest = z.output<typeof plantChange>;

export const plantChangePreview = z.object({
  kind: z.enum(PLANT_CHANGE_KINDS),
  pointCode: z.string(),
  at: isoInstant,
  closes: z
    .object({ meterSerial: z.string(), from: isoInstant.nullable(), ct: transformerRatio, vt: transformerRatio })
    .nullable()
    .describe('The installation that ends'),
  opens: z
    .object({ meterSerial: z.string(), line: z.string(), address: z.number().int().nullable(), ct: transformerRatio, vt: transformerRatio })
    .nullable()
    .describe('The installation that begins'),
  isMeterKnown: z.boolean().nullable().describe('The store has heard of the new meter before; null = no meter comes'),
  splitStart: isoInstant.nullable().describe('The interval that both meters hold a part of: it is incomplete'),
  unreadIntervals: z
    .number()
    .int()
    .nonnegative()
    .describe('Intervals of the meter that goes away which were not read yet: nobody will ask for them any more'),
});
export type PlantChangePreview = z.infer<typeof plantChangePreview>;

const registerRowOfAct = z.object({ tariff: z.number().int(), ...perChannel(registerText).shape });

export const installationRow = z.object({
  meterSerial: z.string(),
  from: isoInstant.nullable().describe('null = since ever'),
  to: isoInstant.nullable().describe('null = still there'),
  ct: transformerRatio,
  vt: transformerRatio,
  valuesArePrimary: z.boolean(),
  firstRegisters: z.array(registerRowOfAct),
  lastRegisters: z.array(registerRowOfAct),
});
export type InstallationRow = z.infer<typeof installationRow>;
