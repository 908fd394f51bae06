/** What the 23x driver asks and how long it waits; sections are those of the family's specification (README.md). */
import { CHANNELS, registerObis } from '../../../shared/domain/channel.ts';
import type { ExchangeTiming } from '../../../shared/domain/exchange.ts';
import type { InstantaneousKey } from '../../../shared/domain/quantity.ts';
import type { WallTime } from '../../../shared/domain/time.ts';
import type { RegisterKind } from '../../../shared/domain/register.ts';
import { ENERGY_ARRAYS, type EnergyArray } from '../../protocol/mercury/energy.ts';
import { COUNT_FORMATS } from '../../protocol/mercury/formats.ts';
import { METER_CONSTANTS } from '../../protocol/mercury/identity.ts';
import { FALLBACK_GROUPS, groupCommand, instantaneousLayout } from '../../protocol/mercury/instantaneous.ts';
import { flagsCommand, loadControlCommand } from '../../protocol/mercury/parameters.ts';
import { statusWordCommand } from '../../protocol/mercury/status-word.ts';
import {
  addressWrite,
  clockCorrectWrite,
  clockSetWrite,
  linkWrite,
  loadWrite,
  periodWrite,
  seasonWrite,
} from '../../protocol/mercury/writes.ts';
import type { DriverTable, TableRow } from '../driver-table.ts';

/** System time-out and longest wait for the first byte by speed, fastest first (1); multiplier 1. */
const TIMING: readonly { readonly baudRate: number; readonly silenceMs: number; readonly firstByteMs: number }[] = [
  { baudRate: 38400, silenceMs: 2, firstByteMs: 150 },
  { baudRate: 19200, silenceMs: 3, firstByteMs: 150 },
  { baudRate: 9600, silenceMs: 5, firstByteMs: 150 },
  { baudRate: 4800, silenceMs: 10, firstByteMs: 180 },
  { baudRate: 2400, silenceMs: 20, firstByteMs: 250 },
  { baudRate: 1200, silenceMs: 40, firstByteMs: 400 },
  { baudRate: 600, silenceMs: 80, firstByteMs: 800 },
  { baudRate: 300, silenceMs: 160, firstByteMs: 1600 },
];
/** Replies with more data bytes than 16 may pause for 25 ms inside (1). */
const LONG_REPLY_BYTES = 19;
const LONG_REPLY_PAUSE_MS = 25;

/** Waits of one exchange; a speed between two rows waits as the slower one. */
export function timingOf(baudRate: number, replyBytes: number): ExchangeTiming {
  const row = TIMING.find((candidate) => candidate.baudRate <= baudRate) ?? TIMING.at(-1);
  const silenceMs = row?.silenceMs ?? 160;
  return {
    silenceMs,
    firstByteMs: row?.firstByteMs ?? 1600,
    interByteMs: replyBytes > LONG_REPLY_BYTES ? Math.max(silenceMs, LONG_REPLY_PAUSE_MS) : silenceMs,
  };
}

/** Array that holds the reading at the start of the running period and of the one before (5). Months share one array. */
export const BOUNDARY_ARRAYS: Readonly<Record<Exclude<RegisterKind, 'now'>, readonly [running: BoundaryArray, previous: BoundaryArray]>> = {
  'day-start': [ENERGY_ARRAYS.dayStart, ENERGY_ARRAYS.previousDayStart],
  'month-start': [ENERGY_ARRAYS.monthStart, ENERGY_ARRAYS.monthStart],
  'year-start': [ENERGY_ARRAYS.yearStart, ENERGY_ARRAYS.previousYearStart],
};
type BoundaryArray = Exclude<EnergyArray, 6>;

/** The least firmware that tells the last written record of a journal (4). */
export const NEWEST_RECORD_SINCE: readonly [number, number, number] = [2, 1, 0];

/** The least firmware that sends 17 profile records at once (8.2); older or unknown firmware is never asked. */
export const BATCH_SINCE: readonly [number, number, number] = [2, 2, 2];

/**
 * The least firmware of 234 and 236, which know journals, arrays and parameters that the 230 lacks. One public source draws
 * the line here; on the wrong side a request costs one status, which is remembered.
 */
export const NEWER_SINCE: readonly [number, number, number] = [7, 0, 0];

/** OBIS codes by key; the signed sums of reactive power and the angles have none that means the same. */
const OBIS: Readonly<Partial<Record<InstantaneousKey, string>>> = {
  P: '1-0:16.7.0*255',
  P1: '1-0:36.7.0*255',
  P2: '1-0:56.7.0*255',
  P3: '1-0:76.7.0*255',
  S: '1-0:9.7.0*255',
  S1: '1-0:29.7.0*255',
  S2: '1-0:49.7.0*255',
  S3: '1-0:69.7.0*255',
  U1: '1-0:32.7.0*255',
  U2: '1-0:52.7.0*255',
  U3: '1-0:72.7.0*255',
  I1: '1-0:31.7.0*255',
  I2: '1-0:51.7.0*255',
  I3: '1-0:71.7.0*255',
  cos: '1-0:13.7.0*255',
  cos1: '1-0:33.7.0*255',
  cos2: '1-0:53.7.0*255',
  cos3: '1-0:73.7.0*255',
  F: '1-0:14.7.0*255',
};

const REGISTERS: readonly TableRow[] = CHANNELS.map((channel, index) => ({
  key: `register.${channel}`,
  obis: registerObis(channel, 0),
  command: 'energy',
  offset: index * COUNT_FORMATS.E4.size,
  format: 'E4',
  scale: 0,
  unit: channel.startsWith('A') ? 'Wh' : 'varh',
  accessLevel: 1,
  source: 'D23, code 05',
}));

const INSTANTANEOUS: readonly TableRow[] = (instantaneousLayout('now', 0xa0, 95) ?? []).map(({ key, offset, format, scale, unit }) => ({
  key,
  obis: OBIS[key] ?? null,
  command: 'instantaneous-16-A0',
  offset,
  format,
  scale,
  unit,
  accessLevel: 1,
  source: 'D23, code 08 16; block layout: ICS Collector',
}));

const COUNTS: readonly TableRow[] = CHANNELS.map((channel, index) => ({
  key: `profile.${channel}`,
  obis: null,
  command: 'profile-record',
  offset: 7 + index * COUNT_FORMATS.W2.size,
  format: 'W2',
  scale: 0,
  unit: 'count',
  accessLevel: 1,
  source: 'D12, D23, code 06 memory 3',
}));

/** Any wall time: the names of commands do not hang on it. */
const EPOCH: WallTime = { year: 2000, month: 1, day: 1, hour: 0, minute: 0, second: 0 };

/** Rows, commands and formats of the driver, for the checks over all drivers. */
export const MERCURY_23X_TABLE: DriverTable = {
  rows: [...REGISTERS, ...INSTANTANEOUS, ...COUNTS],
  commands: [
    'serial-number',
    'open-channel',
    'close-channel',
    'long-passport',
    'passport',
    'firmware-version',
    'execution-variant',
    'ratios',
    'clock',
    'energy',
    'instantaneous-16-A0',
    ...FALLBACK_GROUPS.map((bwri) => groupCommand(bwri).name),
    'profile-head',
    'profile-record',
    'profile-batch',
    'profile-relative',
    'journal',
    'journal-records',
    'frozen-time',
    'frozen-energy',
    flagsCommand().name,
    loadControlCommand().name,
    statusWordCommand().name,
    'network-address',
    ...[
      periodWrite(1, 30, true),
      addressWrite(1),
      clockSetWrite(EPOCH, false),
      clockCorrectWrite(EPOCH),
      linkWrite('main', 9600, 'none', 1),
      seasonWrite(true),
      loadWrite(true),
    ].map(({ name }) => name),
  ],
  formats: Object.keys(COUNT_FORMATS),
  counting: { constants: METER_CONSTANTS, registerStepWh: 1 },
};
