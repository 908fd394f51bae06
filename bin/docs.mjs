// Writes docs/api.md from the schemas of src/shared/api; with --check only says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { ERROR_CODES } from '../src/shared/api/errors.ts';
import { EVENTS } from '../src/shared/api/events.ts';
import * as meters from '../src/shared/api/meters.ts';
import * as methods from '../src/shared/api/methods.ts';
import * as reportSettings from '../src/shared/api/report-settings.ts';
import * as reports from '../src/shared/api/reports.ts';
import * as search from '../src/shared/api/search.ts';
import * as settings from '../src/shared/api/settings.ts';
import * as settings80020 from '../src/shared/api/settings-80020.ts';
import * as supplier from '../src/shared/api/supplier.ts';
import * as training from '../src/shared/api/training.ts';
import * as values from '../src/shared/api/values.ts';

const PAGE = new URL('../docs/api.md', import.meta.url);

/** Exported object schemas get a section of their own; everything else stands where it is used. */
function nameTypes() {
  const names = [];
  for (const [name, schema] of Object.entries({
    ...values,
    ...settings,
    ...settings80020,
    ...supplier,
    ...search,
    ...meters,
    ...training,
    ...reportSettings,
    ...reports,
    ...methods,
  })) {
    if (!(schema instanceof z.ZodType) || !(schema instanceof z.ZodObject || schema instanceof z.ZodArray)) continue;
    if (name === 'page') continue;
    const id = name[0].toUpperCase() + name.slice(1);
    z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id });
    names.push([id, schema]);
  }
  return new Map(names.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const types = nameTypes();
const toJson = (schema, io) => z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const reference = (ref) => {
  const id = ref.replace(/^#\/\$defs\//, '');
  return `[${id}](#${id.toLowerCase()})`;
};

/** One line for a schema: what a value looks like. */
function typeText(schema) {
  if (schema.$ref !== undefined) return reference(schema.$ref);
  if (schema.allOf?.length === 1) return typeText(schema.allOf[0]);
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(' ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(' or ');
  switch (schema.type) {
    case 'array':
      return schema.prefixItems ? `[${schema.prefixItems.map(typeText).join(', ')}]` : `array of ${typeText(schema.items)}`;
    case 'object':
      return schema.propertyNames?.enum ? `object by ${typeText(schema.propertyNames)}` : 'object';
    case 'string':
      return schema.format ?? (schema.pattern === undefined ? 'string' : `string \`${schema.pattern}\``);
    default:
      return schema.type ?? 'any';
  }
}

function limits(schema) {
  const parts = [];
  if (schema.minimum > -Number.MAX_SAFE_INTEGER) parts.push(`≥ ${schema.minimum}`);
  if (schema.exclusiveMinimum !== undefined) parts.push(`> ${schema.exclusiveMinimum}`);
  if (schema.maximum < Number.MAX_SAFE_INTEGER) parts.push(`≤ ${schema.maximum}`);
  if (schema.minItems !== undefined) parts.push(`at least ${schema.minItems}`);
  if (schema.maxItems !== undefined) parts.push(`at most ${schema.maxItems}`);
  if (schema.default !== undefined) parts.push(`default ${JSON.stringify(schema.default)}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** The object inside, and how its path goes on: `points[].code`. */
function inner(schema) {
  if (schema.properties !== undefined) return [schema, ''];
  if (schema.type === 'array' && schema.items !== undefined) {
    const [object, path] = inner(schema.items) ?? [];
    return object === undefined ? null : [object, `[]${path}`];
  }
  if (typeof schema.additionalProperties === 'object') {
    const [object, path] = inner(schema.additionalProperties) ?? [];
    return object === undefined ? null : [object, `{}${path}`];
  }
  for (const option of schema.anyOf ?? []) {
    const found = inner(option);
    if (found !== null) return found;
  }
  return null;
}

function rows(schema, prefix) {
  const found = inner(schema);
  if (found === null) return [];
  const [object, path] = found;
  const required = new Set(object.required ?? []);
  return Object.entries(object.properties).flatMap(([name, field]) => {
    const full = [prefix + path, name].filter((part) => part !== '').join('.');
    const optional = required.has(name) || field.default !== undefined ? '' : ', optional';
    const meaning = field.description ?? '';
    return [`| \`${full}\` | ${cell(typeText(field) + limits(field) + optional)} | ${cell(meaning)} |`, ...rows(field, full)];
  });
}

function table(schema) {
  if (schema.$ref !== undefined) return [`${reference(schema.$ref)}`];
  const lines = rows(schema, '');
  if (lines.length === 0) return [schema.type === 'object' ? 'none' : typeText(schema)];
  return ['| field | type | meaning |', '| --- | --- | --- |', ...lines];
}

/** A named schema refers to itself at the top; its own section needs the body. */
function body(schema, io) {
  const json = toJson(schema, io);
  return json.$ref === undefined ? json : json.$defs[json.$ref.replace(/^#\/\$defs\//, '')];
}

/** `name: Type` where the whole result is a named type. */
function section(title, schema, io) {
  const named = [...types].find(([, type]) => type === schema);
  return [`**${title}**`, '', ...(named === undefined ? table(toJson(schema, io)) : [reference(named[0])]), ''];
}

function page() {
  const lines = [
    '# The API',
    '',
    '_Written by `npm run docs` from `src/shared/api`; do not edit._',
    '',
    `Version ${methods.API_VERSION}. The same methods and events over three ways in:`,
    '',
    '* `POST /api/call/<method>` with `Authorization: Bearer <token>` and the parameters as a JSON body (12 MB at most). `200` with an outcome; `400` for a body that is no JSON, `401` without the right token, `403` for a foreign host name or page, `404` for an unknown method.',
    '* WebSocket `/api/socket` with the subprotocols `feeder` and `token.<token>`. Frames are JSON text: to the server `{"id", "method", "params"}`, from it `{"id", "outcome"}` and `{"event", "payload"}`. A client that does not read is dropped; it connects anew and asks for the snapshots again.',
    '* In the desktop window `window.feeder.call(method, params)` and `window.feeder.subscribe(listener)`; a listener gets `{name, payload}`.',
    '',
    'An outcome is `{"ok": true, "data"}` or `{"ok": false, "error": {"code", "message", "hint"?, "details"?}}`. `GET /api/health` answers `{"ok": true}` without a token. The token lies in the file `api-token` of the data folder. The server listens on 127.0.0.1 alone unless told otherwise.',
    '',
    'Times are ISO 8601 in UTC, days are days at the site, figures that may be long are exact decimal strings. `null` is "not there".',
    '',
    '## Methods',
    '',
  ];
  for (const name of methods.METHOD_NAMES) {
    const { description, params, result, role } = methods.METHODS[name];
    lines.push(
      `### ${name}`,
      '',
      `${description}.${role === 'operator' ? '' : ` Role: ${role}.`}`,
      '',
      ...section('Parameters', params, 'input'),
      ...section('Result', result, 'output'),
    );
  }
  lines.push('## Events', '');
  for (const [name, schema] of Object.entries(EVENTS)) {
    lines.push(`### ${name}`, '');
    const { description } = toJson(schema, 'output');
    if (description !== undefined) lines.push(`${description}.`, '');
    lines.push(...section('Payload', schema, 'output'));
  }
  lines.push('## Types', '');
  for (const [id, schema] of types) lines.push(`### ${id}`, '', ...table(body(schema, 'output')), '');
  lines.push('## Error codes', '', ERROR_CODES.map((code) => `\`${code}\``).join(' · '), '');
  return lines.join('\n');
}

const text = page();
if (process.argv.includes('--check')) {
  let written = '';
  try {
    written = readFileSync(PAGE, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  if (written !== text) {
    console.error('docs/api.md is not what src/shared/api says: run "npm run docs".');
    process.exitCode = 1;
  }
} else writeFileSync(PAGE, text);
