import { describe, expect, it } from 'vitest';
import { INSTANTANEOUS_QUANTITIES } from '../../../src/shared/reading/quantities.ts';
import { logLine, reading, type LogLine, type Reading } from '../../../src/shared/reading/reading.ts';
import { schemaErrors } from './json-schema.ts';

/** The two samples of the system of 2013, key by key. */
const READING_2013 = {
  CounterAddress: 95,
  LoginAction: 'Logged in',
  SerialNumber: 13535895,
  ManufactureDate: '5-2-13',
  'Timestamp Date': '14-8-13',
  'Timestamp Hour': 18,
  'Timestamp Min': 25,
  'Timestamp Sec': 28,
  'Now Power P SUM value': 28.82,
  'Now Power Q SUM value': -26.2,
  'Now Power S SUM value': 38.96,
  'Now Voltage Phase 1 value': 11.15,
  'Now Voltage Phase 2 value': 0.0,
  'Now Voltage Phase 3 value': 239.13,
  'Now PowerFactor SUM value': 0.739,
  'Now Frequency value': 50.01,
  Uptime: '30039',
};
type Reading2013 = typeof READING_2013;

const LOG_2013 = {
  type: 'debug',
  Address: '0x5Eh',
  'CountersSearch SearchRequest Error': 'No answer from - 94',
  'CountersSearch SearchRequest Buffer': '5E 0 39 D0 ',
  Uptime: '27998',
};
type Log2013 = typeof LOG_2013;

/** Figures of 2013 by our keys, with the resolution of the meter (mercury.md 3 and 11). */
const FIGURES = [
  ['Now Power P SUM value', 'P', -2],
  ['Now Power Q SUM value', 'Q', -2],
  ['Now Power S SUM value', 'S', -2],
  ['Now Voltage Phase 1 value', 'U1', -2],
  ['Now Voltage Phase 2 value', 'U2', -2],
  ['Now Voltage Phase 3 value', 'U3', -2],
  ['Now PowerFactor SUM value', 'cos', -3],
  ['Now Frequency value', 'F', -2],
] as const;

const two = (figure: number | string) => String(figure).padStart(2, '0');

/** `5-2-13` is 2013-02-05. */
function isoDate(date: string): string {
  const [day = '', month = '', year = ''] = date.split('-');
  return `20${two(year)}-${two(month)}-${two(day)}`;
}

function shortDate(iso: string): string {
  const [year, month, day] = iso.slice(0, 10).split('-').map(Number);
  return `${day}-${month}-${Number(year) - 2000}`;
}

/** The offset of the site is what the sample does not say: Saint Petersburg had +04:00 in August 2013. */
function fromLegacy2013(sample: Reading2013, offset = '+04:00'): unknown {
  const time = [sample['Timestamp Hour'], sample['Timestamp Min'], sample['Timestamp Sec']].map(two).join(':');
  const record: Reading = {
    schema: 'reading-1',
    type: 'reading',
    at: `${isoDate(sample['Timestamp Date'])}T${time}${offset}`,
    hostUptimeS: Number(sample.Uptime),
    meter: {
      medium: 'electricity',
      driver: 'mercury-23x',
      line: null,
      address: String(sample.CounterAddress),
      serial: String(sample.SerialNumber),
      manufactured: isoDate(sample.ManufactureDate),
      model: null,
      firmware: null,
    },
    point: null,
    session: sample.LoginAction === 'Logged in' ? { outcome: 'opened', error: null } : { outcome: 'failed', error: 'session/denied' },
    clock: null,
    instantaneous: FIGURES.map(([field, quantity, scaler]) => ({
      quantity,
      obis: INSTANTANEOUS_QUANTITIES[quantity].obis,
      value: String(sample[field]),
      unit: INSTANTANEOUS_QUANTITIES[quantity].unit,
      scaler,
      side: quantity === 'cos' || quantity === 'F' ? 'none' : 'secondary',
      quality: 'valid',
      reason: null,
    })),
    absences: [
      { field: '/meter/line', reason: 'not-read' },
      { field: '/meter/model', reason: 'unsupported' },
      { field: '/meter/firmware', reason: 'not-read' },
      { field: '/point', reason: 'not-assigned' },
      { field: '/clock', reason: 'not-read' },
    ],
  };
  return record;
}

function toLegacy2013(record: Reading): Record<string, unknown> {
  const [hour, minute, second] = record.at.slice(11, 19).split(':').map(Number);
  return {
    CounterAddress: Number(record.meter.address),
    LoginAction: record.session?.outcome === 'opened' ? 'Logged in' : record.session?.error,
    SerialNumber: Number(record.meter.serial),
    ManufactureDate: shortDate(record.meter.manufactured ?? ''),
    'Timestamp Date': shortDate(record.at),
    'Timestamp Hour': hour,
    'Timestamp Min': minute,
    'Timestamp Sec': second,
    ...Object.fromEntries(
      FIGURES.map(([field, quantity]) => [field, Number(record.instantaneous?.find((row) => row.quantity === quantity)?.value)]),
    ),
    Uptime: String(record.hostUptimeS),
  };
}

function logFromLegacy2013(sample: Log2013): unknown {
  const line: LogLine = {
    schema: 'reading-1',
    type: 'log',
    level: sample.type === 'debug' ? 'debug' : 'info',
    at: null,
    hostUptimeS: Number(sample.Uptime),
    action: 'search',
    line: null,
    address: String(Number.parseInt(sample.Address.slice(2), 16)),
    request: sample['CountersSearch SearchRequest Buffer'].trim().split(' ').map(two).join(''),
    response: null,
    error: 'transport/timeout',
    message: sample['CountersSearch SearchRequest Error'],
  };
  return line;
}

function logToLegacy2013(line: LogLine): Record<string, unknown> {
  const bytes = (line.request ?? '').match(/../g) ?? [];
  return {
    type: line.level,
    Address: `0x${Number(line.address).toString(16).toUpperCase()}h`,
    'CountersSearch SearchRequest Error': line.message,
    // The original wrote bytes below 16 with one digit and a space after each.
    'CountersSearch SearchRequest Buffer': bytes.map((byte) => `${Number.parseInt(byte, 16).toString(16).toUpperCase()} `).join(''),
    Uptime: String(line.hostUptimeS),
  };
}

describe('the output of 2013', () => {
  it('has its reading in the universal form and back without loss', () => {
    const record = reading.parse(JSON.parse(JSON.stringify(fromLegacy2013(READING_2013))));
    expect(toLegacy2013(record)).toEqual(READING_2013);
    expect(Object.keys(toLegacy2013(record))).toEqual(Object.keys(READING_2013));
  });

  it('has its reading valid by the published schema', () => {
    expect(schemaErrors(fromLegacy2013(READING_2013))).toEqual([]);
  });

  it('keeps a dead phase as a measured zero and not as an absence', () => {
    const record = reading.parse(fromLegacy2013(READING_2013));
    expect(record.instantaneous?.find((row) => row.quantity === 'U2')).toMatchObject({ value: '0', quality: 'valid', reason: null });
  });

  it('is the moment that the host of 2013 wrote', () => {
    expect(Date.parse(reading.parse(fromLegacy2013(READING_2013)).at)).toBe(Date.UTC(2013, 7, 14, 14, 25, 28));
  });

  it('has its line of the search log in the universal form and back without loss', () => {
    const line = logLine.parse(JSON.parse(JSON.stringify(logFromLegacy2013(LOG_2013))));
    expect(line).toMatchObject({ address: '94', request: '5E0039D0' });
    expect(logToLegacy2013(line)).toEqual(LOG_2013);
    expect(schemaErrors(line)).toEqual([]);
  });
});
