/** Settings of the supplier's file: what the recipient asks for and how it reaches him. */
import { z } from 'zod';

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'hh:mm');
const inn = z
  .string()
  .regex(/^(\d{10}|\d{12})?$/, '10 or 12 digits')
  .describe('Empty until it is known');
const organisation = z.strictObject({ inn, name: z.string().max(200) });
const mailAddress = z.string().regex(/^[^\s@<>",;]{1,64}@[^\s@<>",;]{1,190}$/, 'name@domain');

/** Codes of the measuring channels of the layout (xml-80020.md 2). */
export const CHANNEL_CODES = ['01', '02', '03', '04'] as const;
export type ChannelCode = (typeof CHANNEL_CODES)[number];

/** Plain text, TLS by STARTTLS that must come about, TLS from the first byte. */
export const MAIL_SECURITIES = ['none', 'starttls', 'tls'] as const;

export const mailDelivery = z.strictObject({
  host: z.string().min(1).max(200),
  port: z.number().int().min(1).max(65_535).default(587),
  security: z.enum(MAIL_SECURITIES).default('starttls'),
  user: z.string().max(200).default('').describe('Empty = the server asks nobody; the password is kept apart'),
  from: mailAddress,
  to: z.array(mailAddress).min(1).max(10),
  subject: z.string().max(200).default('{class} {sender}').describe('By agreement; {class} {inn} {day} {number} {aiis} {sender} {file}'),
});
export type MailDelivery = z.infer<typeof mailDelivery>;

export const xml80020 = z.strictObject({
  sender: organisation,
  area: organisation.describe('Its `inn` is the code of the area'),
  messageClass: z.enum(['80020', '80040']).default('80020'),
  aiisCode: z
    .string()
    .regex(/^(\d{10})?$/, '10 digits')
    .default('')
    .describe('Empty = the code of the area with 00 at its end'),
  marketZone: z
    .union([z.literal(1), z.literal(3)])
    .default(1)
    .describe('1 = UTC+3, 3 = UTC+10'),
  time: z.enum(['market', 'local']).default('market').describe('Whose day the file holds: of the market zone or of the site'),
  channels: z
    .array(z.enum(CHANNEL_CODES))
    .min(1)
    .max(4)
    .default(['01', '03'])
    .describe('A+ A- R+ R- are 01 02 03 04; a channel that a meter does not keep is left out'),
  decimals: z.number().int().min(0).max(3).default(0),
  rounding: z.enum(['carry-month', 'none']).default('carry-month').describe('Whether what rounding leaves goes over to the next half-hour'),
  missing: z
    .enum(['hold', 'replacement', 'zero'])
    .default('hold')
    .describe('Figures that are not valid: hold the file, send the approved replacement with status 1, send 0 with status 1'),
  daylightSaving: z.union([z.literal(0), z.literal(1)]).default(0),
  nameTemplate: z
    .string()
    .min(1)
    .max(120)
    .default('{class}_{inn}_{day}_{number}_{aiis}')
    .describe('{class} {inn} {day} {number} {aiis} {area}, without the ending'),
  firstNumber: z
    .number()
    .int()
    .min(1)
    .max(999_999_999)
    .default(1)
    .describe('Numbers begin here: above the last one that another program has used for this sender'),
  isZipped: z.boolean().default(false),
  hourlyMeters: z
    .enum(['refuse', 'halves'])
    .default('refuse')
    .describe('A meter with an hourly profile holds the file, or counts as two halves'),
  delivery: z
    .strictObject({
      folder: z.string().trim().min(1).max(500).nullable().default(null),
      mail: mailDelivery.nullable().default(null),
      repliesFolder: z.string().trim().min(1).max(500).nullable().default(null).describe('Where replies of class 80021 appear'),
    })
    .default({ folder: null, mail: null, repliesFolder: null }),
  deadline: clockTime.default('12:00').describe("Of the day after the file's day, in the zone of the site"),
  replyWithinH: z.number().int().min(1).max(720).nullable().default(null).describe('null = no reply is expected'),
  signCommand: z
    .array(z.string().min(1).max(500))
    .min(1)
    .max(30)
    .nullable()
    .default(null)
    .describe('Program and arguments, started without a shell; {file} is the file to sign. What it leaves in its folder is sent'),
});
export type Xml80020Settings = z.infer<typeof xml80020>;

export const DEFAULT_XML80020: Xml80020Settings = xml80020.parse({ sender: { inn: '', name: '' }, area: { inn: '', name: '' } });
