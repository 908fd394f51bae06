import { z } from 'zod';

type Json = z.core.JSONSchema.BaseSchema;

/** Texts that between them match every pattern of the contract. */
const TEXTS = ['1', 'SITE1', '06:00', '1234567890', '', '123456789', '9600-8N1', '2026-11'];
const FORMATS: Readonly<Record<string, string>> = { date: '2026-11-22', 'date-time': '2026-11-22T09:00:00Z' };

/** A small value that satisfies a schema: the first choice everywhere, one item in every list, no optional field. */
export function sampleOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  return schema.parse(valueOf(z.toJSONSchema(schema, { io, reused: 'inline' })));
}

function valueOf(schema: Json | boolean): unknown {
  if (typeof schema === 'boolean') return null;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  const first = schema.anyOf?.[0] ?? schema.oneOf?.[0] ?? schema.allOf?.[0];
  if (first !== undefined) return valueOf(first);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries((schema.required ?? []).map((name) => [name, valueOf(schema.properties?.[name] ?? true)]));
    case 'array':
      return (schema.prefixItems ?? itemsOf(schema)).map(valueOf);
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return Math.max(0, Number(schema.minimum ?? 0), Number(schema.exclusiveMinimum ?? -1) + 1);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function itemsOf(schema: Json): (Json | boolean)[] {
  return schema.items === undefined || Array.isArray(schema.items) ? [] : [schema.items];
}

function textOf(schema: Json): string {
  const known = FORMATS[schema.format ?? ''];
  if (known !== undefined) return known;
  const pattern = new RegExp(schema.pattern ?? '');
  const text = TEXTS.find((candidate) => pattern.test(candidate) && candidate.length >= (schema.minLength ?? 0));
  if (text === undefined) throw new Error(`No sample text matches ${schema.pattern}: add one`);
  return text;
}
