import { createResource } from '../../client/resource.ts';
import type { Services } from '../../client/services.ts';

export const createSettingsSlice = (services: Services) => createResource(services, 'settings.get');

export interface ImportFaultRow {
  readonly line: number;
  readonly column: string;
  readonly message: string;
}

/** Faults that an `import/faulty-file` error carries; anything of another shape is passed over. */
export function importFaults(context: Readonly<Record<string, unknown>>): ImportFaultRow[] {
  const { faults } = context;
  if (!Array.isArray(faults)) return [];
  return faults.filter(
    (fault: unknown): fault is ImportFaultRow =>
      typeof fault === 'object' &&
      fault !== null &&
      'line' in fault &&
      typeof fault.line === 'number' &&
      'column' in fault &&
      typeof fault.column === 'string' &&
      'message' in fault &&
      typeof fault.message === 'string',
  );
}

/** Bytes as base64, in pieces that fit the argument list of `String.fromCharCode`. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
