/** What the contract of the site says of replacing figures that nobody measured (quality.md 3). */
import { z } from 'zod';
import { REPLACEMENT_METHODS, type ReplacementMethod } from '../domain/replacement.ts';

const pointCode = z.string().min(1).max(100);

const pointRules = z.strictObject({
  pointCode,
  control: pointCode
    .nullable()
    .default(null)
    .describe('Point whose meter counts the same energy; null = a control meter at the point itself'),
  oppositeEnd: z
    .strictObject({
      pointCode,
      isMirrored: z.boolean().describe('What this point takes in is given out there'),
      lossesPpm: z.number().int().min(-500_000).max(500_000).describe('Added to what is counted there, millionths'),
    })
    .nullable()
    .default(null),
  bus: z
    .array(
      z.strictObject({ pointCode, sign: z.union([z.literal(1), z.literal(-1)]).describe('1 = input of the bus, -1 = another feeder') }),
    )
    .max(200)
    .default([]),
  profileOf: pointCode.nullable().default(null).describe('Neighbour whose hours stand for those of the point'),
  maxPowerKw: z.number().int().positive().max(10_000_000).nullable().default(null).describe('Of the act of connection'),
  hoursPerDay: z.number().int().min(1).max(24).default(24).describe('Of the regime stated in the contract'),
  registerDigits: z.number().int().min(3).max(9).nullable().default(null).describe('Before the point of a kWh; null = not known'),
});

const hourOfDay = z.number().int().min(0).max(24);

export const replacementSettings = z.strictObject({
  methods: z
    .array(z.enum(REPLACEMENT_METHODS))
    .refine((methods) => new Set(methods).size === methods.length, 'A method stands in the list once')
    .describe('In the order in which they are tried; what is not in the list is not used'),
  unusualTimes: z
    .number()
    .int()
    .min(2)
    .max(100)
    .describe('A reading that makes so many times more or less than is usual here asks for a confirmation'),
  peakHours: z
    .array(z.strictObject({ from: hourOfDay, to: hourOfDay }))
    .max(6)
    .describe('Planned peak hours of Monday to Friday, local time; empty = an integral figure is shared evenly'),
  points: z.array(pointRules).max(10_000),
});
export type ReplacementSettings = z.infer<typeof replacementSettings>;

const METHODS_BY_DEFAULT: ReplacementMethod[] = [...REPLACEMENT_METHODS];
export const DEFAULT_REPLACEMENT: ReplacementSettings = { methods: METHODS_BY_DEFAULT, unusualTimes: 3, peakHours: [], points: [] };
