/**
 * The universal reading: one JSON form of what was read from a meter, whatever its protocol and medium. The schema in
 * resources/schema/reading-1.json and the page docs/reading-format.md are written from here.
 *
 * An absent figure has its reason beside it; a null outside the lists has it in `absences` under its JSON pointer. A list that
 * is left out was not part of the read, unless `absences` names it. Fields may be added under the same name of the schema; a
 * changed meaning is reading-2.
 */
import { z } from 'zod';
import { decimal, isoInstant } from '../api/values.ts';
import { ABSENCE_REASONS, INTERVAL_FLAGS } from '../domain/interval.ts';
import { UNITS } from '../domain/quantity.ts';
import { REGISTER_KINDS } from '../domain/register.ts';
import { unexplained } from './absences.ts';

/** Name and version of the format, first field of every record. */
export const READING_SCHEMA = 'reading-1';

/** Words of the gap ledger and two that only a reading needs: what came was no possible figure; there is no metering point. */
const READING_REASONS = [...ABSENCE_REASONS, 'implausible', 'not-assigned'] as const;
/** Why something is absent. */
export type ReadingReason = (typeof READING_REASONS)[number];

/** Quality of a figure (quality.md 1); a reading that comes straight from a meter is never `replaced` or `rejected`. */
const READING_QUALITIES = [
  'valid',
  'valid-cut',
  'valid-off',
  'incomplete',
  'incomplete-clock',
  'incomplete-init',
  'suspect',
  'replaced',
  'rejected',
  'missing',
] as const;
/** What a figure is worth. */
export type ReadingQuality = (typeof READING_QUALITIES)[number];

/** Kinds of meters by what flows through them; `pulses` is a bare input. */
const MEDIA = ['electricity', 'heat', 'cooling', 'hot-water', 'cold-water', 'gas', 'pulses', 'other'] as const;

/** Units with a fixed meaning: those of the electricity drivers, then those of heat, water and gas meters. */
const READING_UNITS = [...UNITS, 'VAh', 'J', 'cal', 'm3', 'kg', 'm3/h', 'kg/h', 'Pa', 'bar', 'K'] as const;

interface Notes {
  readonly unit?: string;
  readonly whenNull?: string;
}

/** A field with its meaning, unit and what null says; the latter two stand in the JSON schema as annotations. */
function field<T extends z.ZodType>(schema: T, description: string, { unit, whenNull }: Notes = {}): T {
  return schema.meta({
    description,
    ...(unit === undefined ? {} : { 'x-unit': unit }),
    ...(whenNull === undefined ? {} : { 'x-when-null': whenNull }),
  });
}

const text = z.string().min(1);
const integer = z.number().int();
const natural = integer.nonnegative();
const positive = integer.positive();
const hex = z.string().regex(/^([0-9A-F]{2})+$/);
const instant = isoInstant;
/** A pattern and not the list: a code more in the product is no other format. */
const errorCode = z.string().regex(/^[a-z]+(\/[a-z]+(-[a-z]+)*)?$/);
const LEARNED = 'not read, or the meter does not say: the reason is in `absences`';

const schemaName = field(z.literal(READING_SCHEMA), 'Name and version of this format');
const hostUptime = field(natural.nullable(), 'How long the reading program has been running', { unit: 's', whenNull: 'not recorded' });
const quantity = field(
  z.string().regex(/^[A-Za-z][A-Za-z0-9+-]*$/),
  'What is measured. Electricity: the channels A+ A- R+ R- as the meter sees them, and the keys of the table of quantities. Other media: the name in the table of the driver (V1, M1, t1, Q)',
);
const obis = field(
  z
    .string()
    .regex(/^\d{1,3}-\d{1,3}:\d{1,3}\.\d{1,3}\.\d{1,3}\*\d{1,3}$/)
    .nullable(),
  'OBIS code A-B:C.D.E*F (IEC 62056-61)',
  { whenNull: 'no code of the standard means exactly this' },
);
const unit = field(
  z.union([z.enum(READING_UNITS), z.string().regex(/^x-.+$/)]),
  'Unit of the figure; `one` is a bare number, `count` a number of pieces or pulses, `x-` stands before the own text of a device for a unit that is not in the list',
);
const side = field(
  z.enum(['primary', 'secondary', 'none']),
  'Side of the measuring transformers that the figure belongs to; `none` where they change nothing: frequency, angles, temperature, heat, water',
);
const scaler = field(integer.nullable(), 'Resolution of the meter: the value is a whole multiple of 10^scaler', {
  whenNull: 'there is no value, or its resolution is not known',
});
const value = field(decimal.nullable(), 'The figure as an exact decimal: no exponent, no trailing zeros', {
  unit: 'in `unit`',
  whenNull: 'absent, see `reason`; absent is never 0',
});
const count = field(z.number().int().nullable(), 'The figure as the meter keeps it: an integer', {
  unit: 'multiplier / divisor of `unit`',
  whenNull: 'absent, see `reason`; absent is never 0',
});
const reason = field(z.enum(READING_REASONS).nullable(), 'Why the figure is absent', { whenNull: 'the figure is there' });
const quality = field(z.enum(READING_QUALITIES), 'What the figure is worth; `missing` when there is none');

/** A row with a figure, or with the reason why there is none and the quality `missing`: the rule stands in the schema for every reader. */
function row<S extends z.ZodRawShape>(figure: 'value' | 'count', shape: S, description: string) {
  const isNull = { type: 'null' };
  const isMissing = { const: 'missing' };
  return z
    .object(shape)
    .refine(
      (item) => {
        const isAbsent = Reflect.get(item, figure) === null;
        const isCalledMissing = 'quality' in item ? Reflect.get(item, 'quality') === 'missing' : isAbsent;
        return isAbsent === (Reflect.get(item, 'reason') !== null) && isAbsent === isCalledMissing;
      },
      { message: `either ${figure}, or null with a reason and the quality missing` },
    )
    .meta({
      description,
      oneOf: [
        { properties: { [figure]: isNull, reason: { type: 'string' }, quality: isMissing } },
        { properties: { [figure]: { not: isNull }, reason: isNull, quality: { not: isMissing } } },
      ],
    });
}

const ratio = z.object({
  primary: field(positive, 'Primary rating, as the plate says it'),
  secondary: field(positive, 'Secondary rating, as the plate says it'),
});

const meter = z.object({
  medium: field(z.enum(MEDIA), 'What flows through the meter'),
  driver: field(text, 'Driver that read it, named by protocol and family: mercury-23x'),
  line: field(text.nullable(), 'Line: tcp:HOST:PORT[:9600-8N1] or serial:PATH:9600-8N1', { whenNull: 'not recorded' }),
  address: field(text, 'Address on the line as the protocol writes it, decimal where it is a number'),
  serial: field(text.nullable(), 'Serial number, leading zeros kept', { whenNull: LEARNED }),
  manufactured: field(z.iso.date().nullable(), 'Date of manufacture', { whenNull: LEARNED }),
  model: field(text.nullable(), 'Type of the meter in the words of its maker', { whenNull: LEARNED }),
  firmware: field(text.nullable(), 'Version of the firmware in the words of the meter', { whenNull: LEARNED }),
});

const point = z.object({
  code: field(text, 'Code of the metering point'),
  ctRatio: field(ratio, 'Current transformers at the moment of the read; 1/1 for a direct connection'),
  vtRatio: field(ratio, 'Voltage transformers at the moment of the read; 1/1 for a direct connection'),
});

const session = z
  .object({
    outcome: field(
      z.enum(['opened', 'not-needed', 'failed']),
      'How the login to the meter ended; `not-needed` where the protocol has no login or nothing that was read asked for one',
    ),
    error: field(errorCode.nullable(), 'Why the login failed: an error code of docs/api.md', { whenNull: 'it did not fail' }),
  })
  .refine((login) => (login.outcome === 'failed') === (login.error !== null), { message: 'a failed login has an error, no other has' });

const clock = z.object({
  wall: field(
    z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/)
      .nullable(),
    'What the clock of the meter showed: date and time without a zone',
    {
      whenNull: 'only the deviation was kept',
    },
  ),
  offsetMin: field(integer.min(-900).max(900), 'How far the winter time of the meter is east of UTC', { unit: 'min' }),
  seasonBit: field(z.enum(['applied', 'ignored']), 'Whether the season mark "summer" moves the clock by an hour or is decoration'),
  isSummer: field(z.boolean().nullable(), 'The season mark of the meter', { whenNull: 'not read, or the meter has none' }),
  deviationMs: field(integer.nullable(), 'Meter minus the clock of the host, half of the round trip removed', {
    unit: 'ms',
    whenNull: 'not measured',
  }),
});

const register = row(
  'value',
  {
    quantity,
    tariff: field(natural, 'Tariff; 0 is the sum of all'),
    obis,
    value,
    unit,
    scaler,
    side,
    moment: field(instant, 'Moment that the figure belongs to: of the read for `now`, the boundary itself for the others'),
    kind: field(
      z.enum([...REGISTER_KINDS, 'frozen']),
      'Which reading: the one at the read, or the one that the meter kept at the start of a day, month or year; `frozen`: at a moment of its own choice',
    ),
    quality,
    reason,
  },
  'One cumulative register',
);
/** One cumulative register; energies of the drivers are whole Wh and varh. */
export type RegisterRow = z.infer<typeof register>;

const intervalFigure = row(
  'count',
  {
    quantity,
    obis,
    count,
    multiplier: field(positive.nullable(), 'Figure in `unit` = count x multiplier / divisor, exactly', {
      whenNull: 'the scale of the meter is not known: the count must not be interpreted',
    }),
    divisor: field(positive.nullable(), 'See `multiplier`', { whenNull: 'as `multiplier`' }),
    unit,
    side,
    reason,
  },
  'One quantity of an interval',
);

const interval = z
  .object({
    start: field(instant, 'Start of the interval, whatever end the meter stamps'),
    lengthS: field(positive, 'Nominal length', { unit: 's' }),
    source: field(
      z.enum(['profile', 'frozen-registers']).nullable(),
      'Archive of the meter, or the difference of registers frozen at both ends',
      {
        whenNull: 'the interval is absent',
      },
    ),
    flags: field(z.array(z.enum(INTERVAL_FLAGS)), 'What happened inside, by the marks of the meter'),
    quality,
    figures: field(z.array(intervalFigure).min(1), 'One row for each quantity'),
  })
  .refine((item) => (item.quality === 'missing') === item.figures.every((figure) => figure.count === null), {
    message: 'the quality is missing exactly when no figure is there',
  });
/** One interval with a row for each quantity. */
export type IntervalRow = z.infer<typeof interval>;

const instantaneous = row('value', { quantity, obis, value, unit, scaler, side, quality, reason }, 'One value at the moment of the read');
/** One value at the moment of the read. */
export type InstantaneousRow = z.infer<typeof instantaneous>;

const event = z.object({
  journal: field(text, 'Journal of the meter, by the name or number that the protocol gives it'),
  code: field(text.nullable(), 'Code of the event inside the journal', { whenNull: 'the journal holds one kind of event' }),
  obis,
  from: field(instant.nullable(), 'Start, or the only moment, by the clock of the meter', { whenNull: 'the meter did not record it' }),
  to: field(instant.nullable(), 'End, by the clock of the meter', { whenNull: 'a single event, or it lasts' }),
  data: field(hex.nullable(), 'What else the record holds, raw, hexadecimal', { whenNull: 'nothing else' }),
});
/** One record of a journal of the meter. */
export type EventRow = z.infer<typeof event>;

const absence = z.object({
  field: field(
    z.string().regex(/^(\/[A-Za-z0-9]+)+$/),
    'JSON pointer (RFC 6901) of a field that is null, or of a list that was asked for and is left out',
  ),
  reason: field(z.enum(READING_REASONS), 'Why it is absent'),
});

/** One read of one meter. */
export const reading = z
  .object({
    schema: schemaName,
    type: field(z.literal('reading'), 'Kind of this record'),
    at: field(instant, 'Moment of the read by the clock of the host, with the offset of the site'),
    hostUptimeS: hostUptime,
    meter: field(meter, 'Which meter'),
    point: field(point.nullable(), 'Metering point that the meter stands at', { whenNull: 'it stands at none that is known' }),
    session: field(session.nullable(), 'Login to the meter', { whenNull: 'not recorded' }),
    clock: field(clock.nullable(), 'Clock of the meter', { whenNull: LEARNED }),
    registers: field(z.array(register).optional(), 'Cumulative registers'),
    intervals: field(z.array(interval).optional(), 'Interval data, absent intervals included'),
    instantaneous: field(z.array(instantaneous).optional(), 'Values at the moment of the read'),
    events: field(z.array(event).optional(), 'Events of the journals of the meter'),
    absences: field(
      z.array(absence),
      'Reason of every null outside the rows of the lists, and of every list that was asked for and did not come',
    ),
  })
  .superRefine((record, context) => {
    for (const message of unexplained(record)) context.addIssue({ code: 'custom', message, path: ['absences'] });
  })
  .meta({ id: 'Reading', title: 'Reading', description: 'One read of one meter' });
/** One read of one meter; made by `toReading`. */
export type Reading = z.infer<typeof reading>;

/** One line of the log of exchanges, as the search for meters writes it. */
export const logLine = z
  .object({
    schema: schemaName,
    type: field(z.literal('log'), 'Kind of this record'),
    level: field(z.enum(['debug', 'info', 'warning', 'error']), 'How much it matters'),
    at: field(instant.nullable(), 'Moment of the line by the clock of the host', { whenNull: 'the line knows only the uptime' }),
    hostUptimeS: hostUptime,
    action: field(z.enum(['search', 'poll', 'probe']), 'What the program was doing'),
    line: field(text.nullable(), 'Line, as in a reading', { whenNull: 'not recorded' }),
    address: field(text.nullable(), 'Address on the line that was asked', { whenNull: 'the line is about no single meter' }),
    request: field(hex.nullable(), 'Bytes sent, hexadecimal; a password is masked before', { whenNull: 'nothing was sent' }),
    response: field(hex.nullable(), 'Bytes received, hexadecimal', { whenNull: 'nothing came' }),
    error: field(errorCode.nullable(), 'An error code of docs/api.md', { whenNull: 'no error' }),
    message: field(text.nullable(), 'The same in words', { whenNull: 'the code says it all' }),
  })
  .meta({ id: 'LogLine', title: 'Log line', description: 'One line of the log of exchanges' });
/** One line of the log of exchanges. */
export type LogLine = z.infer<typeof logLine>;

/** Everything that may stand in a stream of the format, told apart by `type`. */
export const readingRecord = z.discriminatedUnion('type', [reading, logLine]);
/** A reading or a log line. */
export type ReadingRecord = z.infer<typeof readingRecord>;
