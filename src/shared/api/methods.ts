/** The contract: every method with its parameters and its result. Handlers and clients are both typed from here. */
import { z } from 'zod';
import {
  absenceReason,
  attention,
  channel,
  completeness,
  decimal,
  id,
  intervalFlag,
  isoDate,
  isoInstant,
  measured,
  page,
  perChannel,
  state,
} from './values.ts';
import { backupStatus } from './backup.ts';
import { completenessMap, rereadRow } from './completeness.ts';
import { dayCheckRow } from './day-checks.ts';
import { packageCalendar } from './package-calendar.ts';
import { job, jobLogRequest, jobRun } from './jobs.ts';
import { history, historyRequest } from './history.ts';
import { DAY_VERDICTS } from '../domain/day-check.ts';
import { INSTANTANEOUS_KEYS } from '../domain/quantity.ts';
import { POINT_ROLES, WIRING_SCHEMES } from '../domain/point.ts';
import { REGISTER_KINDS } from '../domain/register.ts';
import { CLOCK_DECISIONS } from '../domain/clock-policy.ts';
import { METER_EVENTS } from '../domain/meter-event.ts';
import { meterWrite } from '../domain/meter-write.ts';
import { eventRow, inventoryItem, meterAudit, writePlan, writeReport, writeRow } from './meters.ts';
import { strangerRejection, strangerRow } from './strangers.ts';
import { installationRow, plantChange, plantChangePreview } from './plant-changes.ts';
import { classWaits } from './promises.ts';
import {
  author,
  manualReading,
  month,
  monthCheck,
  monthRow,
  newReading,
  readingCheck,
  replacementChoice,
  replacementDay,
  replacementDayRequest,
  replacementDecision,
  replacementMonth,
  whyText,
} from './replacement.ts';
import { REPORT_METHODS } from './report-methods.ts';
import type { Role } from './roles.ts';
import { SUPPLIER_METHODS } from './supplier.ts';
import { finding, lineTest, logEntry, searchPlan, searchRequest, searchState } from './search.ts';
import { corrections, correctionsRequest, packagePreview, packageRequest, packageSummary } from './packages.ts';
import { settings } from './settings.ts';
import { WORK_METHODS, workId } from './works.ts';
import { trainingStatus } from './training.ts';

export type { PackagePreview, PackageSummary } from './packages.ts';

const nothing = z.strictObject({});

export const lineStatus = z.object({
  id,
  name: z.string(),
  address: z.string().describe('tcp:HOST:PORT[:9600-8N1] or serial:PATH:9600-8N1'),
  state,
  reason: z.string().nullable().describe('Error code when the line is down'),
  meters: z.number().int(),
  silentMeters: z.number().int(),
  lastExchangeAt: isoInstant.nullable(),
  exchanges: z.number().int(),
  failures: z.number().int(),
});
export type LineStatus = z.infer<typeof lineStatus>;

export const systemStatus = z.object({
  product: z.string(),
  version: z.string(),
  apiVersion: z.number().int(),
  startedAt: isoInstant,
  now: isoInstant,
  site: z.object({ name: z.string(), code: z.string(), timeZone: z.string(), utcOffsetMin: z.number().int() }),
  isPolling: z.boolean(),
  points: z.number().int(),
  lines: z.array(lineStatus),
  completenessYesterday: completeness,
  diskFreeBytes: z.number().nullable(),
  databaseBytes: z.number(),
  attention: z.number().int().describe('How many things ask for attention'),
});
export type SystemStatus = z.infer<typeof systemStatus>;

const instantaneousValues = z.partialRecord(z.enum(INSTANTANEOUS_KEYS), measured.nullable());

export const livePoint = z.object({
  pointId: id,
  code: z.string(),
  name: z.string(),
  substation: z.string(),
  line: z.string().nullable().describe('null = the meter has no link: people read it'),
  meterSerial: z.string(),
  state,
  reason: z.string().nullable().describe('Absence reason or error code when the state is not ok'),
  at: isoInstant.nullable().describe('Moment of the last good read'),
  staleAfterS: z.number().describe('Older than this the values are stale'),
  values: instantaneousValues.describe('Primary side by the ratios of the installation'),
  clockDeviationMs: z.number().nullable().describe('Meter minus PC'),
});
export type LivePoint = z.infer<typeof livePoint>;

export const curvePoint = z.object({
  intervalStart: isoInstant,
  energy: decimal.nullable().describe('Wh, primary side, points that have the interval; null when none has'),
  missingPoints: z.number().int(),
});
export type CurvePoint = z.infer<typeof curvePoint>;

export const daySummary = z.object({
  day: isoDate,
  total: decimal.nullable().describe('Wh of the intervals received'),
  completeness,
  curve: z.array(curvePoint),
});
export type DaySummary = z.infer<typeof daySummary>;

export const substationSummary = z.object({
  id,
  name: z.string(),
  points: z.number().int(),
  power: decimal.nullable().describe('W, primary, sum over points with fresh values'),
  powerPoints: z.number().int().describe('Points that the power is the sum of'),
  today: decimal.nullable().describe('Wh since midnight at the site'),
  todayCompleteness: completeness,
  yesterday: decimal.nullable(),
  yesterdayCompleteness: completeness,
  state,
  silentPoints: z.number().int(),
});
export type SubstationSummary = z.infer<typeof substationSummary>;

export const overview = z.object({
  at: isoInstant,
  power: z.object({ value: decimal.nullable(), points: z.number().int(), total: z.number().int() }).describe('W, primary'),
  today: daySummary,
  yesterday: daySummary,
  substations: z.array(substationSummary),
  attention: z.array(attention),
  packages: z.array(packageSummary),
});
export type Overview = z.infer<typeof overview>;

export const treePoint = z.object({
  id,
  code: z.string(),
  name: z.string(),
  role: z.enum(POINT_ROLES),
  state,
  isReceived: z.boolean().optional().describe('true = it lives by files of another organisation and has no meter here'),
});
export const pointTree = z.array(z.object({ id, name: z.string(), points: z.array(treePoint) }));
export type PointTree = z.infer<typeof pointTree>;

const ratio = z.object({ primary: z.number().int().positive(), secondary: z.number().int().positive() });

export const registerRow = z.object({
  point_code: z.string(),
  meter_serial: z.string(),
  moment: isoInstant,
  kind: z.enum(REGISTER_KINDS),
  tariff: z.number().int(),
  ...perChannel(z.string().regex(/^\d+$/).nullable()).shape,
});
export type RegisterRow = z.infer<typeof registerRow>;

/** How the clock of a meter runs. */
const clockTrend = z.object({
  driftMsPerDay: z.number().nullable().describe('How fast it runs away since it was set last; null with less than a day of measurements'),
  correction: z.enum(CLOCK_DECISIONS).nullable().describe('What the rule of the site says of it now; null while it was not measured'),
});

export const pointCard = z.object({
  id,
  code: z.string(),
  name: z.string(),
  substation: z.string(),
  role: z.enum(POINT_ROLES),
  live: livePoint,
  meter: z.object({
    serial: z.string(),
    driver: z.string().describe('`manual` = people read it'),
    address: z.number().int().nullable().describe('null without a link, like line and lineAddress'),
    firmware: z.string().nullable(),
    manufactured: isoDate.nullable(),
    constantImpPerKwh: z.number().int().nullable(),
    profilePeriodMin: z.number().int().nullable(),
    ringDays: z.number().nullable(),
    line: z.string().nullable(),
    lineAddress: z.string().nullable(),
    clockOffsetMin: z.number().int(),
  }),
  installation: z.object({
    from: isoInstant.nullable(),
    ct: ratio,
    vt: ratio,
    scheme: z.enum(WIRING_SCHEMES).nullable(),
    valuesArePrimary: z.boolean(),
  }),
  registers: z.array(registerRow),
  today: daySummary,
  clock: clockTrend,
  findings: z.array(attention).describe('What Feeder makes of the values, for example a lost phase'),
});
export type PointCard = z.infer<typeof pointCard>;

export const intervalRow = z.object({
  point_code: z.string(),
  meter_serial: z.string(),
  intervalStart: isoInstant,
  minutes: z.number().int(),
  counts: perChannel(z.number().int().nonnegative().nullable()).describe('N in units of 1/(2A) kWh or kvarh'),
  secondary: perChannel(decimal.nullable()).describe('kWh, kvarh before the ratios'),
  primary: perChannel(decimal.nullable()).describe('kWh, kvarh with the ratios of the installation'),
  flags: z.array(intervalFlag),
  reason: absenceReason.nullable().describe('Why the interval is absent; null when it is there'),
});
export type IntervalRow = z.infer<typeof intervalRow>;

export const STEPS = ['half-hour', 'hour', 'day', 'month'] as const;
export const consumptionRow = z.object({
  start: isoInstant,
  minutes: z.number().int().describe('Real length: 1380 or 1500 on a day when the zone changed'),
  energy: decimal.nullable().describe('Wh or varh, primary; null when no interval of the step is there'),
  expected: z.number().int(),
  received: z.number().int(),
  reason: absenceReason.nullable().describe('Of the first interval that is absent'),
  flags: z.array(intervalFlag),
  origin: z
    .enum(['replaced', 'received'])
    .optional()
    .describe('Of a figure that no meter told us: put in by a person’s leave, or from a file of another organisation'),
});
export type ConsumptionRow = z.infer<typeof consumptionRow>;

export const consumption = z.object({
  from: isoInstant,
  to: isoInstant,
  step: z.enum(STEPS),
  channel,
  unit: z.enum(['Wh', 'varh']),
  series: z.array(
    z.object({
      pointId: id,
      code: z.string(),
      name: z.string(),
      rows: z.array(consumptionRow),
      total: decimal.nullable(),
      peak: z.object({ start: isoInstant, minutes: z.number().int(), power: decimal }).nullable().describe('W, mean over the step'),
      completeness,
    }),
  ),
});
export type Consumption = z.infer<typeof consumption>;

export const gapRow = z.object({
  point_code: z.string(),
  meter_serial: z.string(),
  from: isoInstant,
  to: isoInstant,
  reason: absenceReason,
  since: isoInstant,
  tries: z.number().int(),
  next_try: isoInstant.nullable(),
  deadline: isoInstant.nullable().describe('When the ring overwrites it; null when it does not matter any more'),
  state: z.enum(['open', 'proven-absent']),
});
export type GapRow = z.infer<typeof gapRow>;

export const decodedField = z.object({
  name: z.string(),
  value: z.string().nullable(),
  unit: z.string().nullable(),
  bytes: z.tuple([z.number().int(), z.number().int()]).describe('Offset and length'),
  in: z.enum(['request', 'response']),
});
export type DecodedField = z.infer<typeof decodedField>;

export const why = z.object({
  point_code: z.string(),
  meter_serial: z.string(),
  interval: intervalRow,
  formula: z
    .object({
      constant_imp_per_kwh: z.number().int(),
      ct_ratio: z.string(),
      vt_ratio: z.string(),
      text: z.string().describe('From the counts to the primary figure, in words and figures'),
    })
    .nullable(),
  exchange: z
    .object({
      id,
      line: z.string(),
      sentAt: isoInstant,
      durationMs: z.number(),
      attempt: z.number().int(),
      label: z.string(),
      request: z.string().describe('hex'),
      response: z.string().describe('hex'),
      fields: z.array(decodedField),
    })
    .nullable(),
  revision: z.number().int().nullable(),
  gap: gapRow.nullable(),
});
export type Why = z.infer<typeof why>;

export const importResult = z.object({
  lines: z.number().int(),
  points: z.number().int().describe('Rows in the file'),
  added: z.number().int(),
  unchanged: z.number().int(),
  warnings: z
    .array(z.object({ line: z.number().int(), column: z.string(), message: z.string() }))
    .describe('What is taken, yet may not work well: by line of the file and column'),
});
export type ImportResult = z.infer<typeof importResult>;

/** `role` is the least that may call it; everybody may what only looks. */
const method = <P extends z.ZodType, R extends z.ZodType>(description: string, params: P, result: R, role: Role = 'operator') => ({
  description,
  params,
  result,
  role,
});

const searchId = z.strictObject({ searchId: id });
const testId = z.strictObject({ testId: id });
const pointId = z.strictObject({ pointId: id });

/** name -> parameters, result. Names are `noun.verb`. */
export const METHODS = {
  ...REPORT_METHODS,
  'system.status': method('State of the engine, its lines and the store, for the frame of the screens', nothing, systemStatus),
  'overview.get': method('Power now, energy of today and yesterday, substations, what needs attention', nothing, overview),
  'live.list': method(
    'Last instantaneous values of all points. Snapshot with a sequence number; `live.changed` events follow it',
    nothing,
    z.object({ sequence: z.number().int(), at: isoInstant, points: z.array(livePoint) }),
  ),
  'live.watch': method(
    'Points that are on screen are polled faster; the last call holds for 60 seconds',
    z.strictObject({ pointIds: z.array(id).max(100) }),
    nothing,
  ),
  'live.history': method(
    'One instantaneous quantity of a point by half-hours or days: smallest, mean and largest of every read, kept for five years',
    historyRequest,
    history,
  ),
  'points.tree': method('Substations and their points', nothing, pointTree),
  'points.get': method('One point with its meter, installation, registers and today', z.strictObject({ pointId: id }), pointCard),
  'points.history': method(
    'Meters of a point with the time that each stood there',
    z.strictObject({ pointId: id }),
    z.array(installationRow),
  ),
  'points.checkChange': method(
    'What a change of a point would do; nothing is done',
    z.strictObject({ change: plantChange }),
    plantChangePreview,
  ),
  'points.change': method(
    'Another meter, another ratio, off or on: dated, audited, the history stays',
    z.strictObject({ change: plantChange }),
    plantChangePreview,
    'engineer',
  ),
  'strangers.list': method(
    'Meters that answer in place of others, those that wait for a decision first; `points.change` with their serial places them',
    z.strictObject({ pointId: id.optional() }),
    z.array(strangerRow),
  ),
  'strangers.reject': method(
    'A meter in quarantine has no business there: it is not asked any more, its data stay stored and belong to no point',
    strangerRejection,
    nothing,
    'engineer',
  ),
  'consumption.get': method(
    'Energy of points by half-hours, hours, days or months',
    z.strictObject({
      pointIds: z.array(id).min(1).max(100),
      from: isoDate,
      to: isoDate.describe('Inclusive'),
      step: z.enum(STEPS),
      channel,
    }),
    consumption,
  ),
  'intervals.list': method(
    'Every expected interval, ordered by point, then start',
    z.strictObject({ from: isoInstant, to: isoInstant, pointCode: z.string().optional(), ...page.shape }),
    z.object({ rows: z.array(intervalRow), total: z.number().int() }),
  ),
  'registers.list': method(
    'Stored registers',
    z.strictObject({ pointCode: z.string().optional(), ...page.shape }),
    z.object({ rows: z.array(registerRow), total: z.number().int() }),
  ),
  'gaps.list': method('The gap ledger', z.strictObject({ ...page.shape }), z.object({ rows: z.array(gapRow), total: z.number().int() })),
  'backup.status': method('Backup copies of the database', nothing, backupStatus),
  'backup.make': method('Makes a backup copy now, beside the polling, and checks it', nothing, backupStatus, 'engineer'),
  'completeness.get': method(
    'Points by days: what is there, what is lost, what can still be had and until when',
    z.strictObject({ from: isoDate, to: isoDate.describe('Inclusive; 92 days at most') }),
    completenessMap,
  ),
  'checks.list': method(
    'Closed days of the meters: sums of the intervals against the registers at both midnights, ordered by point, then day',
    z.strictObject({
      pointCode: z.string().optional(),
      from: isoDate.optional(),
      to: isoDate.optional().describe('Inclusive'),
      verdict: z.enum(DAY_VERDICTS).optional(),
      ...page.shape,
    }),
    z.object({ rows: z.array(dayCheckRow), total: z.number().int() }),
  ),
  'rereads.ask': method(
    'Asks the meters of a point for a period again: what is stored is compared, what was proven absent is looked for once more',
    z.strictObject({ pointId: id, from: isoInstant, to: isoInstant, reason: z.string().trim().max(500).nullable().default(null) }),
    z.array(rereadRow),
    'engineer',
  ),
  'rereads.list': method(
    'Periods asked for again, newest first',
    z.strictObject({ ...page.shape }),
    z.object({ rows: z.array(rereadRow), total: z.number().int() }),
  ),
  'rereads.cancel': method('Asks no more; what has come stays', z.strictObject({ rereadId: id }), rereadRow, 'engineer'),
  'replacements.propose': method(
    'Gaps of a month with every way to fill them, and what was approved; nothing is changed',
    z.strictObject({ month, pointCode: z.string().optional(), workId }),
    replacementMonth,
  ),
  'replacements.day': method(
    'One day of a point: what is handed on, what a method proposes, the like day',
    replacementDayRequest,
    replacementDay,
  ),
  'replacements.approve': method(
    'Puts figures in place of gaps, all or none; audited. What was measured is never touched, and counts again as soon as it comes',
    z.strictObject({
      month,
      choices: z.array(replacementChoice).min(1).max(5000),
      author,
      reason: whyText,
      document: whyText.nullable().default(null),
    }),
    z.array(replacementDecision),
    'engineer',
  ),
  'replacements.withdraw': method(
    'Takes a replacement back: the gap is open again; audited',
    z.strictObject({ decisionId: id, author, reason: whyText }),
    replacementDecision,
    'engineer',
  ),
  'readings.list': method(
    'Readings that people wrote down, of one month, in order of time',
    z.strictObject({ month }),
    z.array(manualReading),
  ),
  'readings.check': method('Whether a reading can be; nothing is written down', newReading, readingCheck),
  'readings.enter': method(
    'Writes a reading down; audited',
    newReading.extend({ author, reason: whyText, isConfirmed: z.boolean().default(false).describe('The person knows of the doubts') }),
    manualReading,
    'engineer',
  ),
  'readings.withdraw': method(
    'Takes a reading back; audited',
    z.strictObject({ readingId: id, author, reason: whyText }),
    manualReading,
    'engineer',
  ),
  'months.list': method('Months with their state, the newest first', nothing, z.array(monthRow)),
  'months.check': method('What a month amounts to and what is open in it', z.strictObject({ month, workId }), monthCheck),
  'months.close': method(
    'Closes a month: its figures stay what they are now, whatever is stored later; audited',
    z.strictObject({ month, author, reason: whyText, confirmation: z.string().max(64).nullable().default(null), workId }),
    monthRow,
    'engineer',
  ),
  'months.open': method(
    'Opens a closed month again: what came meanwhile counts, exports get new revisions; audited',
    z.strictObject({ month, author, reason: whyText }),
    monthRow,
    'administrator',
  ),
  'why.get': method('From a number back to its bytes', z.strictObject({ pointCode: z.string(), at: isoInstant }), why),
  'packages.list': method(
    'Packages made for 1C, newest first',
    z.strictObject({ ...page.shape }),
    z.object({ rows: z.array(packageSummary), total: z.number().int() }),
  ),
  'packages.get': method('One package', z.strictObject({ packageId: id }), packageSummary),
  'packages.calendar': method(
    'A month of what was handed over to each receiver, and of what should have been',
    z.strictObject({ month: isoDate.describe('Any day of the month') }),
    packageCalendar,
  ),
  'packages.preview': method('What a package would hold; nothing is numbered or written', packageRequest, packagePreview),
  'packages.corrections': method(
    'What has changed since it was sent: the packages of corrections that would be made; nothing is numbered or written',
    correctionsRequest,
    corrections,
  ),
  'packages.make': method('Makes and delivers a package now', packageRequest, packageSummary),
  'packages.redeliver': method(
    'Writes the files of a package that did not reach its folder once more',
    z.strictObject({ packageId: id }),
    packageSummary,
  ),
  'jobs.list': method('Jobs by the clock: their state, their next moment and their last run', nothing, z.array(job)),
  'jobs.log': method(
    'Runs of one job or of all, newest first; kept for 400 days',
    jobLogRequest,
    z.object({ rows: z.array(jobRun), total: z.number().int() }),
  ),
  'jobs.run': method(
    'Hands over the newest period of a job now, complete or not; what went wrong stands in the run',
    z.strictObject({ jobId: z.string().max(40) }),
    jobRun,
  ),
  'settings.get': method('Settings of the site', nothing, settings),
  'settings.set': method('Replaces the settings as a whole', settings, settings, 'engineer'),
  'import.check': method(
    'Checks an import file; nothing is changed',
    z.strictObject({ fileBase64: z.string(), timeZone: z.string().optional() }),
    importResult,
  ),
  'import.apply': method(
    'Adds points, meters and lines from an import file',
    z.strictObject({ fileBase64: z.string(), timeZone: z.string().optional() }),
    importResult,
    'engineer',
  ),
  'search.plan': method('What a search would ask and how long it takes; nothing is sent', searchRequest, searchPlan),
  'search.start': method(
    'Looks for meters on one line, by identity reads only: no channel is opened, no password tried',
    searchRequest,
    searchState,
    'engineer',
  ),
  'search.list': method('Searches since the start of the program, newest first', nothing, z.array(searchState)),
  'search.get': method('One search', searchId, searchState),
  'search.pause': method('Pauses a search after the exchange in work', searchId, searchState, 'engineer'),
  'search.resume': method('Goes on where it paused', searchId, searchState, 'engineer'),
  'search.cancel': method('Ends a search; what was found stays', searchId, searchState, 'engineer'),
  'search.log': method(
    'Raw exchanges of a search in their order',
    z.strictObject({
      searchId: id,
      after: z.number().int().nonnegative().default(0),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    z.object({ entries: z.array(logEntry), last: z.number().int().describe('Sequence of the newest entry there is') }),
  ),
  'lines.waits': method(
    'What the work on a line waited over the last hour, beside what is promised; empty for a line that is not polled',
    z.strictObject({ lineId: id }),
    z.array(classWaits),
  ),
  'lineTest.start': method(
    'Grades a line and its meters by exchanges that change nothing',
    z.strictObject({ lineId: id, exchanges: z.number().int().min(10).max(1000).default(100).describe('With each meter') }),
    lineTest,
    'engineer',
  ),
  'lineTest.get': method('One test', testId, lineTest),
  'lineTest.cancel': method('Ends a test; it gets no grade', testId, lineTest, 'engineer'),
  'lineTest.list': method('Stored tests of a line, newest first', z.strictObject({ lineId: id }), z.array(lineTest)),
  'findings.list': method(
    'What is wrong with lines, meters and their wiring now, by name',
    nothing,
    z.array(
      finding.extend({
        subject: z.object({ kind: z.enum(['line', 'point']), id, name: z.string() }),
        since: isoInstant,
      }),
    ),
  ),
  'events.list': method(
    "Events of the meters' own journals, newest first",
    z.strictObject({
      pointId: id.optional(),
      from: isoInstant.optional(),
      to: isoInstant.optional(),
      kinds: z.array(z.enum(METER_EVENTS)).optional(),
      ...page.shape,
    }),
    z.object({ rows: z.array(eventRow), total: z.number().int() }),
  ),
  'meter.inventory': method('What this meter may be asked for besides what polling reads', pointId, z.array(inventoryItem), 'engineer'),
  'meter.read': method(
    'Reads one item of the inventory now',
    z.strictObject({ pointId: id, key: z.string().max(100) }),
    z.object({ key: z.string(), at: isoInstant, fields: z.array(decodedField) }),
    'engineer',
  ),
  'meter.audit': method('Last audit of the settings of a meter', pointId, meterAudit),
  'meter.auditNow': method('Reads the settings of a meter and judges them', pointId, meterAudit, 'engineer'),
  'writes.plan': method(
    'Dry run of a write: exact bytes, the setting as it is, what stands in the way; nothing is written',
    z.strictObject({ pointId: id, write: meterWrite }),
    writePlan,
    'engineer',
  ),
  'writes.perform': method(
    'Writes once what was planned. Never repeated by itself; recorded with before and after',
    z.strictObject({
      planId: z.string().max(64),
      confirmation: z.string().max(32).describe('The serial of the meter, typed by the person'),
      reason: z.string().max(500).nullable().describe('Document that allows it; a settlement meter cannot do without'),
    }),
    writeReport,
    'engineer',
  ),
  'writes.list': method(
    'Writes made so far, newest first',
    z.strictObject({ ...page.shape }),
    z.object({ rows: z.array(writeRow), total: z.number().int() }),
  ),
  'training.status': method('The training plant: whether it runs, its lines and the faults in force', nothing, trainingStatus),
  'training.start': method(
    'Starts the training plant with its own data folder; the real lines go on being polled',
    z.strictObject({
      seed: z.number().int().min(0).max(0xffffffff).default(1),
      isFresh: z.boolean().default(false).describe('Forget what earlier practice stored'),
    }),
    trainingStatus,
    'engineer',
  ),
  'training.stop': method('Stops the training plant; its data stay until the next fresh start', nothing, trainingStatus, 'engineer'),
  'training.setFault': method(
    'Puts a fault in force (src/main/simulator/README.md lists them)',
    z.strictObject({ fault: z.record(z.string(), z.unknown()) }),
    trainingStatus,
    'engineer',
  ),
  'training.clearFault': method('Ends a fault', z.strictObject({ kind: z.string(), target: z.string() }), trainingStatus, 'engineer'),
  ...SUPPLIER_METHODS,
  ...WORK_METHODS,
} as const;

export type MethodName = keyof typeof METHODS;
export type MethodParams<N extends MethodName> = z.input<(typeof METHODS)[N]['params']>;
export type MethodResult<N extends MethodName> = z.output<(typeof METHODS)[N]['result']>;

export const METHOD_NAMES = Object.keys(METHODS) as MethodName[];
export const API_VERSION = 2;
