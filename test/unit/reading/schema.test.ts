import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../src/shared/api/errors.ts';
import { readingRecord, type Reading } from '../../../src/shared/reading/reading.ts';
import { schemaErrors } from './json-schema.ts';

/** A heat meter read over M-Bus, with a pulse input: nothing of it is electricity. */
const HEAT: Reading = {
  schema: 'reading-1',
  type: 'reading',
  at: '2026-11-22T12:00:05+03:00',
  hostUptimeS: 40,
  meter: {
    medium: 'heat',
    driver: 'mbus',
    line: 'tcp:10.0.0.9:4001:2400-8E1',
    address: '01234567.LUG.64.04',
    serial: '01234567',
    manufactured: null,
    model: 'UH50',
    firmware: null,
  },
  point: { code: 'ITP-1', ctRatio: { primary: 1, secondary: 1 }, vtRatio: { primary: 1, secondary: 1 } },
  session: { outcome: 'not-needed', error: null },
  clock: null,
  registers: [
    {
      quantity: 'Q',
      tariff: 0,
      obis: '6-0:1.0.0*255',
      value: '123456.78',
      unit: 'cal',
      scaler: -2,
      side: 'none',
      moment: '2026-11-22T09:00:05Z',
      kind: 'frozen',
      quality: 'valid',
      reason: null,
    },
  ],
  intervals: [
    {
      start: '2026-11-22T08:00:00Z',
      lengthS: 3600,
      source: 'profile',
      flags: [],
      quality: 'valid',
      figures: [
        { quantity: 't1', obis: null, count: -701, multiplier: 1, divisor: 100, unit: 'degC', side: 'none', reason: null },
        { quantity: 'V1', obis: null, count: null, multiplier: 1, divisor: 1000, unit: 'm3', side: 'none', reason: 'implausible' },
      ],
    },
  ],
  instantaneous: [
    {
      quantity: 'G1',
      obis: null,
      value: '0.5',
      unit: 'x-gal/min',
      scaler: null,
      side: 'none',
      quality: 'suspect',
      reason: null,
    },
  ],
  events: [
    { journal: '0.0.99.98.2.255', code: '1', obis: null, from: '2026-11-20T01:02:03Z', to: null, data: null },
    { journal: '01', code: null, obis: null, from: '2026-11-20T01:02:03Z', to: '2026-11-20T01:05:00Z', data: 'A0FF' },
  ],
  absences: [
    { field: '/meter/manufactured', reason: 'unsupported' },
    { field: '/meter/firmware', reason: 'not-read' },
    { field: '/clock', reason: 'unsupported' },
  ],
};

/** HEAT with the value at a path replaced; `undefined` takes the field away. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy: unknown = structuredClone(HEAT);
  let place: unknown = copy;
  for (const step of path.slice(0, -1)) place = Reflect.get(Object(place), step);
  const last = path.at(-1) ?? '';
  if (value === undefined) Reflect.deleteProperty(Object(place), last);
  else Reflect.set(Object(place), last, value);
  return copy;
}

const isValidHere = (record: unknown) => readingRecord.safeParse(record).success;

describe('the format reading-1', () => {
  it('has room for a meter of heat and a pulse input', () => {
    expect(readingRecord.parse(HEAT)).toEqual(HEAT);
    expect(schemaErrors(HEAT)).toEqual([]);
  });

  it.each<[string, (string | number)[], unknown]>([
    ['another version', ['schema'], 'reading-2'],
    ['an unknown type of record', ['type'], 'forecast'],
    ['a moment without an offset', ['at'], '2026-11-22T12:00:05'],
    ['a thirteenth month', ['at'], '2026-13-22T12:00:05Z'],
    ['a number in place of a decimal', ['registers', 0, 'value'], 123456.78],
    ['an exponent', ['registers', 0, 'value'], '1.2e5'],
    ['a trailing zero', ['registers', 0, 'value'], '1.20'],
    ['an absent figure without a reason', ['registers', 0, 'value'], null],
    ['a figure with a reason for its absence', ['registers', 0, 'reason'], 'not-read'],
    ['a figure that is called missing', ['registers', 0, 'quality'], 'missing'],
    ['an absent count without a reason', ['intervals', 0, 'figures', 0, 'count'], null],
    ['a count that is no integer', ['intervals', 0, 'figures', 0, 'count'], 7.5],
    ['an interval without figures', ['intervals', 0, 'figures'], []],
    ['a zero divisor', ['intervals', 0, 'figures', 0, 'divisor'], 0],
    ['an unknown reason', ['intervals', 0, 'figures', 1, 'reason'], 'forgotten'],
    ['an unknown flag', ['intervals', 0, 'flags'], ['eclipse']],
    ['a unit that is neither listed nor marked as own', ['registers', 0, 'unit'], 'kWh'],
    ['an OBIS code in another notation', ['registers', 0, 'obis'], '6.0.1.0.0.255'],
    ['half a byte', ['events', 1, 'data'], 'A0F'],
    ['an empty serial', ['meter', 'serial'], ''],
    ['a meter without an address', ['meter', 'address'], undefined],
    ['a numeric address', ['meter', 'address'], 95],
    ['no list of absences', ['absences'], undefined],
  ])('refuses %s in both validators', (_what, path, value) => {
    expect(isValidHere(changed(path, value))).toBe(false);
    expect(schemaErrors(changed(path, value))).not.toEqual([]);
  });

  // A schema cannot compare two places of a record; our own validator does.
  it.each<[string, (string | number)[], unknown]>([
    ['a null without a reason', ['absences', 0], { field: '/meter/firmware', reason: 'not-read' }],
    ['a reason for a field that is there', ['absences', 0, 'field'], '/meter/model'],
    ['two reasons for one null', ['absences', 3], { field: '/clock', reason: 'silent' }],
    ['a reason for a list that is there', ['absences', 3], { field: '/registers', reason: 'denied' }],
    ['a failed login without an error', ['session', 'outcome'], 'failed'],
    ['an interval called missing that has a figure', ['intervals', 0, 'quality'], 'missing'],
  ])('refuses %s', (_what, path, value) => {
    expect(isValidHere(changed(path, value))).toBe(false);
  });

  it('has room for every error code of the product', () => {
    const refused = ERROR_CODES.filter((error) => !isValidHere(changed(['session'], { outcome: 'failed', error })));
    expect(refused).toEqual([]);
  });

  it('lets a receiver pass fields that a later writer adds', () => {
    expect(isValidHere(changed(['meter', 'colour'], 'grey'))).toBe(true);
    expect(schemaErrors(changed(['meter', 'colour'], 'grey'))).toEqual([]);
  });
});

describe('the published schema and its page', () => {
  it('are what the code says', () => {
    const { status, stderr } = spawnSync(process.execPath, ['bin/reading-schema.mjs', '--check'], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('describe every field, and every null of theirs', () => {
    const silent: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (Array.isArray(node)) for (const [index, item] of node.entries()) visit(item, `${path}/${index}`);
      else if (typeof node === 'object' && node !== null) {
        const isRule = /\/oneOf\/\d+$/.test(path);
        const properties: unknown = Reflect.get(node, 'properties');
        if (typeof properties === 'object' && properties !== null && !isRule) {
          for (const [name, field] of Object.entries(properties)) {
            const text = JSON.stringify(field);
            if (!('description' in field)) silent.push(`${path}/${name}`);
            const canBeNull =
              [field.type].flat().includes('null') || field.anyOf?.some((option: { type?: string }) => option.type === 'null');
            if (canBeNull === true && !text.includes('x-when-null')) silent.push(`${path}/${name} null`);
          }
        }
        for (const [key, inner] of Object.entries(node)) visit(inner, `${path}/${key}`);
      }
    };
    visit(JSON.parse(readFileSync('resources/schema/reading-1.json', 'utf8')), '');
    expect(silent).toEqual([]);
  });

  it('say which draft and which format they are', () => {
    const schema: unknown = JSON.parse(readFileSync('resources/schema/reading-1.json', 'utf8'));
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:feeder:schema:reading-1',
      title: 'Universal reading',
    });
  });

  it('hold an example in the page that is valid by the schema', () => {
    const example = /```json\n([\s\S]*?)\n```/.exec(readFileSync('docs/reading-format.md', 'utf8'))?.[1] ?? '';
    const record: unknown = JSON.parse(example);
    expect(schemaErrors(record)).toEqual([]);
    expect(isValidHere(record)).toBe(true);
  });
});
