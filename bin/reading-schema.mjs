// Writes resources/schema/reading-1.json and docs/reading-format.md from src/shared/reading; with --check only says whether they are up to date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { CHANNELS, energyUnit, registerObis } from '../src/shared/domain/channel.ts';
import { INSTANTANEOUS_QUANTITIES, intervalObis } from '../src/shared/reading/quantities.ts';
import { READING_SCHEMA, readingRecord } from '../src/shared/reading/reading.ts';
import { toReading } from '../src/shared/reading/to-reading.ts';

const SCHEMA_FILE = new URL(`../resources/schema/${READING_SCHEMA}.json`, import.meta.url);
const PAGE = new URL('../docs/reading-format.md', import.meta.url);

const { $schema, $defs, ...root } = z.toJSONSchema(readingRecord, { io: 'input', target: 'draft-2020-12' });
const schema = {
  $schema,
  $id: `urn:feeder:schema:${READING_SCHEMA}`,
  title: 'Universal reading',
  description: 'What was read from a meter of any protocol and medium, or a line of the log of exchanges',
  ...root,
  $defs,
};

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
/** What a schema allows, null apart: zod writes null as an option or, for a bare type, into the list of types. */
const types = (field) => [field.type].flat();
const isNull = (option) => types(option).includes('null');
const withNull = (field) => (field.anyOf ?? [field]).some(isNull);

/** One line for a schema: what a value looks like when it is there. */
function typeText(field) {
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.enum !== undefined) return field.enum.map((value) => `\`${value}\``).join(' ');
  if (field.anyOf !== undefined)
    return field.anyOf
      .filter((option) => option.type !== 'null')
      .map(typeText)
      .join(' or ');
  if (field.type === 'array') return field.items.properties === undefined ? `array of ${typeText(field.items)}` : 'array';
  if (field.type === 'string') return field.format ?? (field.pattern === undefined ? 'string' : `string \`${field.pattern}\``);
  return types(field)
    .filter((type) => type !== 'null')
    .join(' or ');
}

/** The object behind a field and how its path goes on: `registers[].value`. */
function inner(field) {
  if (field.properties !== undefined) return [field, ''];
  if (field.type === 'array') {
    const found = inner(field.items);
    return found === null ? null : [found[0], `[]${found[1]}`];
  }
  for (const option of field.anyOf ?? []) {
    const found = inner(option);
    if (found !== null) return found;
  }
  return null;
}

function rows(object, prefix) {
  const required = new Set(object.required ?? []);
  return Object.entries(object.properties).flatMap(([name, field]) => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const type = `${typeText(field)}${withNull(field) ? ', null' : ''}`;
    const whenNull = field['x-when-null'] ?? (required.has(name) ? '' : 'left out: not part of the read');
    const line = `| \`${path}\` | ${[type, field['x-unit'] ?? '', field.description ?? '', whenNull].map(cell).join(' | ')} |`;
    const found = inner(field);
    return found === null ? [line] : [line, ...rows(found[0], path + found[1])];
  });
}

const example = toReading({
  atUtc: Date.UTC(2013, 7, 14, 14, 25, 28) / 1000,
  offsetMin: 240,
  hostUptimeS: 30039,
  meter: {
    driver: 'mercury-23x',
    serial: '13535895',
    address: 95,
    line: 'tcp:10.0.0.5:4001:9600-8N1',
    model: null,
    clock: { offsetMin: 240, seasonBit: 'ignored' },
    facts: { firmware: null, manufactured: '2013-02-05', constantImpPerKwh: 1000 },
  },
  point: { code: 'TP4-07', ct: { primary: 600, secondary: 5 }, vt: { primary: 1, secondary: 1 }, valuesArePrimary: false },
  session: { outcome: 'opened', error: null },
  clock: { wall: { year: 2013, month: 8, day: 14, hour: 18, minute: 25, second: 27 }, isSummer: true, deviationMs: -840 },
  intervals: [
    {
      startUtc: Date.UTC(2013, 7, 14, 13, 30) / 1000,
      lengthS: 1800,
      counts: { 'A+': 29, 'A-': null, 'R+': null, 'R-': 26 },
      flags: ['power-cut'],
      source: 'profile',
    },
  ],
  instantaneous: { P: { count: 2882, scale: -2, unit: 'W' }, U2: { count: 0, scale: -2, unit: 'V' }, angle12: null },
  reasons: { '/meter/model': 'unsupported' },
});

function page() {
  const table = (name) => ['| field | type | unit | meaning | when null |', '| --- | --- | --- | --- | --- |', ...rows($defs[name], '')];
  return [
    '# The universal reading',
    '',
    '_Written by `node bin/reading-schema.mjs` from `src/shared/reading`; do not edit._',
    '',
    `\`${READING_SCHEMA}\` is the one JSON form of what Feeder reads from a meter, whatever its protocol and medium. The machine-readable schema is [${READING_SCHEMA}.json](../resources/schema/${READING_SCHEMA}.json) (JSON Schema, draft 2020-12). A record is a reading or a line of the log of exchanges; \`type\` says which.`,
    '',
    '* Figures are exact decimal strings or integer counts, as the meter gave them; ratios of transformers are told, never applied.',
    '* Times are ISO 8601 with an offset. Intervals are named by their start.',
    '* Absent is `null`, never 0. A figure that is absent has its `reason` beside it; a `null` outside the lists has one in `absences`; every other `null` says what the last column says. A list that is left out was not part of the read, unless `absences` names it.',
    '* A receiver ignores fields that it does not know: fields may be added under the same name of the schema. A field that is removed or changes its meaning makes `reading-2`.',
    '',
    '## Reading',
    '',
    ...table('Reading'),
    '',
    '## Log line',
    '',
    ...table('LogLine'),
    '',
    '## Quantities of electricity',
    '',
    'P and Q are signed: positive is import, negative export. Phases are 1, 2, 3; without a number it is the sum. Codes are those of IEC 62056-61 (62056-6-1).',
    '',
    '| where | quantity | OBIS | unit |',
    '| --- | --- | --- | --- |',
    ...CHANNELS.map((channel) => `| register of tariff T | \`${channel}\` | ${registerObis(channel, 'T')} | ${energyUnit(channel)} |`),
    ...CHANNELS.map((channel) => `| interval | \`${channel}\` | ${intervalObis(channel)} | ${energyUnit(channel)} |`),
    ...Object.entries(INSTANTANEOUS_QUANTITIES).map(
      ([key, { obis, unit }]) => `| instantaneous | \`${key}\` | ${obis ?? 'none'} | ${unit} |`,
    ),
    '',
    'Without a code: signed reactive power, since C = 3 and 4 are one direction each; voltages between phases, for which the standard has none; angles, since the code says which way round they count and meters differ in that.',
    '',
    '## Output of 2013',
    '',
    'The system of 2013 wrote flat objects. They go into this form and back without loss:',
    '',
    '| field of 2013 | here |',
    '| --- | --- |',
    '| CounterAddress | `meter.address` |',
    '| LoginAction: Logged in | `session.outcome`: opened |',
    '| SerialNumber | `meter.serial` |',
    '| ManufactureDate, day-month-year | `meter.manufactured` |',
    '| Timestamp Date, Hour, Min, Sec, by the host | `at`, with the offset of the site |',
    '| Now Power P/Q/S SUM value | `instantaneous` P, Q, S; W, var, VA of the secondary side |',
    '| Now Voltage Phase N value | `instantaneous` U1, U2, U3 |',
    '| Now PowerFactor SUM value | `instantaneous` cos |',
    '| Now Frequency value | `instantaneous` F |',
    '| Uptime | `hostUptimeS`; taken for seconds, the unit was not documented |',
    '| type: debug | `level`: debug |',
    '| Address of a search | `address` |',
    '| CountersSearch SearchRequest Error | `message` with `error`: transport/timeout, `action`: search |',
    '| CountersSearch SearchRequest Buffer | `request` |',
    '',
    '## Example',
    '',
    '```json',
    JSON.stringify(example, null, 2),
    '```',
    '',
  ].join('\n');
}

let stale = 0;
for (const [file, text] of [
  [SCHEMA_FILE, `${JSON.stringify(schema, null, 2)}\n`],
  [PAGE, page()],
]) {
  if (!process.argv.includes('--check')) {
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, text);
    continue;
  }
  let written = '';
  try {
    written = readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  if (written === text) continue;
  console.error(`${file.pathname} is not what src/shared/reading says: run "node bin/reading-schema.mjs".`);
  stale += 1;
}
if (stale > 0) process.exitCode = 1;
