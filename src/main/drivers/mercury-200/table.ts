/** What the 200 driver asks and how long it waits; sections are those of the family's specification (README.md). */
import { registerObis } from '../../../shared/domain/channel.ts';
import type { ExchangeTiming } from '../../../shared/domain/exchange.ts';
import type { InstantaneousKey } from '../../../shared/domain/quantity.ts';
import { HALF_HOUR_CONSTANT } from '../../protocol/mercury-200/archive.ts';
import { TARIFFS } from '../../protocol/mercury-200/energy.ts';
import { COUNT_FORMATS } from '../../protocol/mercury-200/formats.ts';
import { VALUE_LAYOUTS } from '../../protocol/mercury-200/instantaneous.ts';
import type { DriverTable, TableRow } from '../driver-table.ts';

/** Silence that ends a frame, in times of a byte of ten bits (12). */
const SILENCE_BYTES = 6;
const BYTE_BITS = 10;
/** No document prints a longest wait for the first byte; these are the waits of the 23x family, doubled. */
const FIRST_BYTE: readonly { readonly baudRate: number; readonly firstByteMs: number }[] = [
  { baudRate: 9600, firstByteMs: 300 },
  { baudRate: 4800, firstByteMs: 360 },
  { baudRate: 2400, firstByteMs: 500 },
  { baudRate: 1200, firstByteMs: 800 },
  { baudRate: 0, firstByteMs: 1600 },
];

/** Waits of one exchange. */
export function timingOf(baudRate: number): ExchangeTiming {
  const silenceMs = Math.ceil((SILENCE_BYTES * BYTE_BITS * 1000) / baudRate);
  const firstByteMs = FIRST_BYTE.find((row) => row.baudRate <= baudRate)?.firstByteMs ?? 1600;
  return { silenceMs, firstByteMs, interByteMs: silenceMs };
}

/**
 * Days of half-hours that are asked for. How many the archive keeps no document prints; a day that it has not kept is
 * answered without data.
 */
export const PROFILE_DAYS = 90;

/** OBIS codes by key; signed reactive power has none that means the same. */
const OBIS: Readonly<Partial<Record<InstantaneousKey, string>>> = {
  U1: '1-0:32.7.0*255',
  I1: '1-0:31.7.0*255',
  P: '1-0:16.7.0*255',
  F: '1-0:14.7.0*255',
  S: '1-0:9.7.0*255',
  cos: '1-0:13.7.0*255',
};

const registers = (channel: 'A+' | 'R+', command: string, source: string): readonly TableRow[] =>
  TARIFFS.map((tariff, index) => ({
    key: `register.${channel}.T${tariff}`,
    obis: registerObis(channel, tariff),
    command,
    offset: index * COUNT_FORMATS.B4.size,
    format: 'B4',
    scale: 1,
    unit: channel === 'A+' ? 'Wh' : 'varh',
    accessLevel: 1,
    source,
  }));

const values: readonly TableRow[] = Object.entries(VALUE_LAYOUTS).flatMap(([command, layouts]) =>
  layouts.map(({ key, offset, format, scale, unit }) => ({
    key: command === 'load-power' ? `${key}.26` : key,
    obis: OBIS[key] ?? null,
    command,
    offset,
    format,
    scale,
    unit,
    accessLevel: 1 as const,
    source: 'S17',
  })),
);

const HALF_HOUR: TableRow = {
  key: 'profile.A+',
  obis: null,
  command: 'half-hours',
  offset: 0,
  format: 'W2',
  scale: 0,
  unit: 'count',
  accessLevel: 1,
  source: 'S17, code 37; byte order: public code',
};

/** Rows, commands and formats of the driver, for the checks over all drivers. */
export const MERCURY_200_TABLE: DriverTable = {
  rows: [...registers('A+', 'active-energy', 'S17, code 27'), ...registers('R+', 'reactive-energy', 'S17, code 85'), ...values, HALF_HOUR],
  commands: [
    'serial-number',
    'firmware',
    'manufactured',
    'execution',
    'clock',
    'season-flag',
    'active-energy',
    'reactive-energy',
    ...Object.keys(VALUE_LAYOUTS),
    'archive-day',
    'archive-month',
    'half-hours',
    'last-power-off',
    'last-power-on',
    'last-cover-opened',
    'last-cover-closed',
    'journal-parameters',
  ],
  formats: Object.keys(COUNT_FORMATS),
  // Registers are hundredths of a kWh (mercury.md 12.1, command 27).
  counting: { constants: [HALF_HOUR_CONSTANT], registerStepWh: 10 },
};
