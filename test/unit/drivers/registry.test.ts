import { describe, expect, test } from 'vitest';
import { frameData } from '../../../src/main/protocol/mercury/frame.ts';
import { commandOf } from '../../../src/main/protocol/mercury/commands.ts';
import { DRIVER_TABLES, DRIVERS } from '../../../src/main/drivers/registry.ts';
import { DRIVER_IDS } from '../../../src/shared/domain/point.ts';
import { UNITS } from '../../../src/shared/domain/quantity.ts';
import { bytesOf, loadVectors } from '../protocol/mercury/vectors.ts';

/** Commands of which no exchange is published, with what proves them instead. */
const WITHOUT_VECTOR: Readonly<Record<string, string>> = {
  'long-passport': 'layout of D23; its first 16 bytes are those of the short passport, which has a vector',
  'instantaneous-16-A0': 'layout by one public client; the values are those of the single groups',
  'instantaneous-16-04': 'same layout as 16 00; single Q has a vector (inst11-q)',
  'instantaneous-16-08': 'same layout as 16 00; frozen S has a vector (inst14-s-doc)',
  'profile-batch': 'seventeen times the record of profile-record-doc (D23)',
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

  if (id === 'mercury-23x') {
    test('has a published exchange for every command, or a reason why not', () => {
      const published = new Set(
        loadVectors().flatMap(({ request_hex }) => (request_hex === null ? [] : (commandOf(frameData(bytesOf(request_hex)))?.name ?? []))),
      );
      expect(commands.filter((command) => !published.has(command)).sort()).toEqual(Object.keys(WITHOUT_VECTOR).sort());
    });
  }
});
