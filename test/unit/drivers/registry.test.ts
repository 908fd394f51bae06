import { describe, expect, test } from 'vitest';
import { frameData } from '../../../src/main/protocol/mercury/frame.ts';
import { commandOf } from '../../../src/main/protocol/mercury/commands.ts';
import { commandOf as commandOf200, commandOfReply } from '../../../src/main/protocol/mercury-200/commands.ts';
import { frameBody } from '../../../src/main/protocol/mercury-200/frame.ts';
import { DRIVER_TABLES, DRIVERS } from '../../../src/main/drivers/registry.ts';
import { DRIVER_IDS } from '../../../src/shared/domain/point.ts';
import { UNITS } from '../../../src/shared/domain/quantity.ts';
import { bytesOf, loadVectors } from '../protocol/mercury/vectors.ts';
import { loadVectors200 } from '../protocol/mercury-200/vectors.ts';

/** Commands of which no exchange is published, with what proves them instead. */
const WITHOUT_VECTOR: Readonly<Record<string, string>> = {
  'long-passport': 'layout of D23; its first 16 bytes are those of the short passport, which has a vector',
  'instantaneous-16-A0': 'layout by one public client; the values are those of the single groups',
  'instantaneous-16-04': 'same layout as 16 00; single Q has a vector (inst11-q)',
  'instantaneous-16-08': 'same layout as 16 00; frozen S has a vector (inst14-s-doc)',
  'profile-relative': 'layout of the records of profile-record-doc; the request by D20..D23, no public code uses it',
  'journal-records': 'ten or twenty times the record of the journals that have a vector (D23)',
  'frozen-energy': 'same bytes as the energy arrays, which have vectors (D23)',
  'write-0D': 'BCD as in write-set-time; the order of the bytes by D23',
  'write-15': 'same bytes as write-set-comm of the additional interface (D23)',
  'profile-batch': 'seventeen times the record of profile-record-doc (D23)',
};

/** The same of the 200 family: nobody has published an exchange of these. */
const WITHOUT_VECTOR_200: Readonly<Record<string, string>> = {
  clock: 'layout of S17; the moment of the last power-on (sp-last-on) is laid out in the same way',
  'season-flag': 'one byte of S17, shown as it is',
  'reactive-energy': 'layout of S17, that of the active energy',
  frequency: 'layout of S17',
  'power-factor': 'layout by public code; reactive power by the same command has a vector (sp-reactive-iob)',
  'archive-day': 'layout of S17',
  'archive-month': 'layout of S17',
  'half-hours': 'layout of S17, byte order by public code',
  'last-power-off': 'layout of S17, that of the last power-on (sp-last-on)',
  'last-cover-opened': 'layout of S17, that of the last power-on (sp-last-on)',
  'last-cover-closed': 'layout of S17, that of the last power-on (sp-last-on)',
  'journal-parameters': 'layout of S17',
};

test('every driver stands under its own id, and has a table', () => {
  expect([...DRIVERS].map(([key, { id }]) => [key, id])).toEqual([...DRIVERS.keys()].map((id) => [id, id]));
  expect([...DRIVER_TABLES.keys()]).toEqual([...DRIVERS.keys()]);
  for (const id of DRIVERS.keys()) expect(DRIVER_IDS).toContain(id);
  for (const { title } of DRIVERS.values()) expect(title).not.toBe('');
});

describe.each([...DRIVER_TABLES])('the table of %s', (id, { rows, commands, formats }) => {
  test('has unique keys and unique commands', () => {
    const keys = rows.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(commands).size).toBe(commands.length);
  });

  test('names known units and formats, and commands that the driver sends', () => {
    for (const row of rows) {
      expect(UNITS, row.key).toContain(row.unit);
      expect(formats, row.key).toContain(row.format);
      expect(commands, row.key).toContain(row.command);
      expect(row.source, row.key).not.toBe('');
      if (row.obis !== null) expect(row.obis, row.key).toMatch(/^\d-\d:\d+\.\d+\.\d+\*\d+$/);
    }
  });

  test('holds no two figures in the same bytes of a reply', () => {
    const places = rows.map(({ command, offset }) => `${command} ${offset}`);
    expect(new Set(places).size).toBe(places.length);
  });

  if (id === 'mercury-200') {
    test('has a published exchange for every command, or a reason why not', () => {
      const published = new Set(
        loadVectors200().flatMap(({ request_hex, response_hex }) => {
          const frame = bytesOf(request_hex ?? response_hex);
          const body = frame === null ? null : frameBody(frame);
          if (body === null) return [];
          return (request_hex === null ? commandOfReply(body[0] ?? -1, body.subarray(1)) : commandOf200(body))?.name ?? [];
        }),
      );
      expect(commands.filter((command) => !published.has(command)).sort()).toEqual(Object.keys(WITHOUT_VECTOR_200).sort());
    });
  }

  if (id === 'mercury-23x') {
    test('has a published exchange for every command, or a reason why not', () => {
      const published = new Set(
        loadVectors().flatMap(({ request_hex }) => (request_hex === null ? [] : (commandOf(frameData(bytesOf(request_hex)))?.name ?? []))),
      );
      expect(commands.filter((command) => !published.has(command)).sort()).toEqual(Object.keys(WITHOUT_VECTOR).sort());
    });
  }
});
