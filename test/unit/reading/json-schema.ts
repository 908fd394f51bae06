import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

// Formats stand beside patterns that say the same; only the annotations of our own are let through.
const ajv = new Ajv2020({ strictSchema: true, strictTypes: false, validateFormats: false, allErrors: true });
ajv.addVocabulary(['x-unit', 'x-when-null']);
const validate = ajv.compile(Object(JSON.parse(readFileSync('resources/schema/reading-1.json', 'utf8'))));

/** Errors of the published schema, judged by a validator that shares no code with the one that wrote it; empty = valid. */
export function schemaErrors(record: unknown): string[] {
  return validate(record) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}
