import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openStoreReader, type Store } from '../../../src/main/store/store.ts';
import { AppError } from '../../../src/shared/api/errors.ts';
import { CHANNELS } from '../../../src/shared/domain/channel.ts';
import type { ImportFault, ImportRow } from '../../../src/shared/domain/plant.ts';
import { INSTALLATION_KINDS, METER_OWNERS, POINT_ROLES, READ_BY, WIRING_SCHEMES } from '../../../src/shared/domain/point.ts';
import { exchange, importRow, interval, MIDNIGHT, stored, temporaryStore } from './support.ts';

const id = z.number().int().positive();
const text = z.string().nullable();
const ratio = z.strictObject({ primary: id, secondary: id });
const integer = z.number().int().nullable();
const plant = z.strictObject({
  lines: z.array(z.strictObject({ id, name: z.string(), address: z.string() })),
  substations: z.array(z.strictObject({ id, name: z.string() })),
  points: z.array(
    z.strictObject({
      id,
      substationId: id,
      code: z.string(),
      name: z.string(),
      role: z.enum(POINT_ROLES),
      owner: z.enum(METER_OWNERS),
      departmentCode: text,
      costItem: text,
      tenantInn: text,
      tenantContract: text,
      code80020: text,
      intervalMin: z.number().int(),
    }),
  ),
  installations: z.array(
    z.strictObject({
      id,
      pointId: id,
      meterId: id,
      fromUtc: integer,
      toUtc: integer,
      kind: z.enum(INSTALLATION_KINDS),
      ct: ratio,
      vt: ratio,
      direction: z.record(z.enum(CHANNELS), z.enum(CHANNELS)),
      scheme: z.enum(WIRING_SCHEMES).nullable(),
      valuesArePrimary: z.boolean(),
      firstRegisters: z.array(z.unknown()).length(0),
      lastRegisters: z.array(z.unknown()).length(0),
    }),
  ),
  meters: z.array(
    z.strictObject({
      id,
      lineId: id.nullable(),
      driver: z.enum(READ_BY),
      serial: z.string(),
      address: integer,
      accessLevel: z.union([z.literal(1), z.literal(2)]),
      hasPassword: z.boolean(),
      removedUtc: integer,
      quarantinedUtc: integer,
      clock: z.strictObject({ offsetMin: z.number().int(), seasonBit: z.enum(['applied', 'ignored']) }),
      facts: z.strictObject({
        firmware: text,
        manufactured: text,
        constantImpPerKwh: integer,
        profilePeriodMin: integer,
        hasProfile: z.boolean().nullable(),
        ringSlots: integer,
        variantHex: text,
        memory: z.record(z.string(), z.unknown()),
      }),
    }),
  ),
});

const PASSWORD = Uint8Array.of(0xa7, 0x3c, 0xd1, 0x5e, 0x92, 0x4b);
const FULL = importRow(1, {
  password: PASSWORD,
  accessLevel: 2,
  ct: { primary: 600, secondary: 5 },
  vt: { primary: 15_750, secondary: 100 },
  role: 'settlement',
  scheme: '2CT+2VT',
  departmentCode: 'D7',
  costItem: '25.01',
  tenantInn: '7801234567',
  code80020: '783130001',
  clockOffsetMin: 240,
});

function faultsOf(run: () => unknown): readonly ImportFault[] {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'import/faulty-file' });
    return (error as AppError).context['faults'] as ImportFault[];
  }
  return [];
}

/** Everything that an import could have changed. */
function snapshot(store: Store): unknown {
  return {
    plant: store.plant.load(),
    audit: store.audit.list(0, 100),
    passwords: store.plant.load().meters.map(({ id: meter }) => store.plant.password(meter)),
  };
}

describe('an import', () => {
  test('makes lines, substations, meters, points and their installations', () => {
    const { store } = temporaryStore();
    const rows = [FULL, importRow(2, { substation: 'TP-2' }), importRow(3, { line: 'serial:COM4:9600-8N1', address: 1 })];
    expect(store.plant.applyImport(rows, 180, 'installer')).toEqual({ lines: 2, points: 3, added: 3, unchanged: 0, warnings: [] });
    const loaded = store.plant.load();
    expect(plant.parse(loaded)).toEqual(loaded);
    expect(loaded.lines.map(({ address }) => address)).toEqual([FULL.line, 'serial:COM4:9600-8N1']);
    expect(loaded.substations.map(({ name }) => name)).toEqual(['TP-1', 'TP-2']);
    expect(loaded.points[0]).toEqual({
      id: 1,
      substationId: 1,
      code: 'P1',
      name: 'Feeder 1',
      role: 'settlement',
      owner: 'plant',
      departmentCode: 'D7',
      costItem: '25.01',
      tenantInn: '7801234567',
      tenantContract: null,
      code80020: '783130001',
      intervalMin: 30,
    });
    expect(loaded.installations[0]).toEqual({
      id: 1,
      pointId: 1,
      meterId: 1,
      fromUtc: null,
      toUtc: null,
      kind: 'main',
      ct: { primary: 600, secondary: 5 },
      vt: { primary: 15_750, secondary: 100 },
      direction: { 'A+': 'A+', 'A-': 'A-', 'R+': 'R+', 'R-': 'R-' },
      scheme: '2CT+2VT',
      valuesArePrimary: false,
      firstRegisters: [],
      lastRegisters: [],
    });
    expect(loaded.meters[0]).toMatchObject({ serial: '01000001', address: 1, accessLevel: 2, hasPassword: true });
    expect(loaded.meters.map(({ clock }) => clock.offsetMin)).toEqual([240, 180, 180]);
    expect(store.plant.password(1)).toEqual(PASSWORD);
    expect(store.plant.password(2)).toBeNull();
  });

  test('of the same file again changes nothing and leaves no trace', () => {
    const { store } = temporaryStore();
    const rows = [FULL, importRow(2)];
    store.plant.applyImport(rows, 180, 'installer');
    const before = snapshot(store);
    expect(store.plant.applyImport(rows, 240, 'installer')).toEqual({ lines: 1, points: 2, added: 0, unchanged: 2, warnings: [] });
    expect(snapshot(store)).toEqual(before);
  });

  test('of a larger file adds what is new; points that a file does not name stay', () => {
    const { store } = temporaryStore();
    store.plant.applyImport([FULL, importRow(2)], 180, 'installer');
    expect(store.plant.applyImport([importRow(2), importRow(3)], 180, 'installer')).toEqual({
      lines: 1,
      points: 2,
      added: 1,
      unchanged: 1,
      warnings: [],
    });
    expect(store.plant.load().points.map(({ code }) => code)).toEqual(['P1', 'P2', 'P3']);
  });

  describe('of both families on one line', () => {
    const low = (n: number, line = FULL.line) => importRow(n, { driver: 'mercury-200', address: 0xff_ffff, serial: '16777215', line });
    const warned = [{ line: 3, column: 'address', message: expect.stringContaining('begin with 00') }];

    test('warns of a meter whose requests begin with the universal address', () => {
      const { store } = temporaryStore();
      expect(store.plant.applyImport([FULL, low(2)], 180, 'installer')).toMatchObject({ added: 2, warnings: warned });
      expect(store.plant.checkImport([low(2)], 180).warnings).toEqual([{ ...warned[0], line: 3 }]);
      expect(store.plant.checkImport([importRow(3)], 180).warnings).toMatchObject([{ line: 4, column: 'line' }]);
    });

    test('says nothing of a longer number, of lines apart, and of a line without the other family', () => {
      const { store } = temporaryStore();
      const high = importRow(2, { driver: 'mercury-200', address: 0x100_0000, serial: '16777216' });
      expect(store.plant.checkImport([FULL, high, low(3, 'serial:COM4:9600-8N1')], 180).warnings).toEqual([]);
      expect(store.plant.checkImport([low(3)], 180).warnings).toEqual([]);
    });
  });

  test('checked beforehand tells the same and changes nothing', () => {
    const { store, folder } = temporaryStore();
    store.plant.applyImport([FULL], 180, 'installer');
    const before = snapshot(store);
    const wanted = { lines: 1, points: 2, added: 1, unchanged: 1, warnings: [] };
    expect(store.plant.checkImport([FULL, importRow(2)], 180)).toEqual(wanted);
    expect(snapshot(store)).toEqual(before);
    const reader = openStoreReader({ folder });
    expect(reader.plant.checkImport([FULL, importRow(2)], 180)).toEqual(wanted);
    reader.close();
  });

  test.each<[string, Partial<ImportRow>]>([
    ['name', { pointName: 'Compressor' }],
    ['role', { role: 'control' }],
    ['scheme', { scheme: '3CT' }],
    ['department', { departmentCode: null }],
    ['cost item', { costItem: '26' }],
    ['tenant', { tenantInn: null }],
    ['80020 code', { code80020: '783130002' }],
    ['access level', { accessLevel: 1 }],
    ['password', { password: Uint8Array.of(1, 1, 1, 1, 1, 1) }],
    ['password, back to the default', { password: null }],
  ])('takes another %s over and writes into the audit log who did it', (_what, change) => {
    const { store } = temporaryStore();
    store.plant.applyImport([FULL], 180, 'installer');
    const changed = { ...FULL, ...change };
    expect(store.plant.applyImport([changed], 180, 'engineer')).toEqual({ lines: 1, points: 1, added: 0, unchanged: 0, warnings: [] });
    expect(store.audit.list(0, 10).rows.map(({ who, action, subject }) => [who, action, subject])).toEqual([
      ['engineer', 'point.update', 'point P1'],
      ['installer', 'point.import', 'point P1'],
    ]);
    expect(store.plant.applyImport([changed], 180, 'engineer').unchanged).toBe(1);
    expect(store.plant.password(1)).toEqual(changed.password);
    expect(store.plant.load().points[0]).toMatchObject({
      name: changed.pointName,
      role: changed.role,
      departmentCode: changed.departmentCode,
    });
  });

  test.each<[string, Partial<ImportRow>, string]>([
    ['serial', { serial: '7' }, 'replace-meter'],
    ['ct_ratio', { ct: { primary: 400, secondary: 5 } }, 'the ratio change command'],
    ['vt_ratio', { vt: { primary: 1, secondary: 1 } }, 'the ratio change command'],
    ['substation', { substation: 'TP-9' }, 'does not change it'],
    ['line', { line: 'serial:COM4:9600-8N1' }, 'does not change it'],
    ['driver', { driver: 'mercury-200' }, 'does not change it'],
    ['address', { address: 77 }, 'does not change it'],
    ['clock_zone', { clockOffsetMin: 180 }, 'does not change it'],
  ])('refuses another %s of a known point', (column, change, words) => {
    const { store } = temporaryStore();
    store.plant.applyImport([FULL], 180, 'installer');
    const before = snapshot(store);
    const faults = faultsOf(() => store.plant.applyImport([{ ...FULL, ...change }, importRow(5)], 180, 'installer'));
    expect(faults).toEqual([{ line: 2, column, message: expect.stringContaining(words) }]);
    expect(snapshot(store)).toEqual(before);
  });

  test('takes a ratio written another way for the same', () => {
    const { store } = temporaryStore();
    store.plant.applyImport([FULL], 180, 'installer');
    expect(store.plant.checkImport([{ ...FULL, ct: { primary: 120, secondary: 1 } }], 180).unchanged).toBe(1);
  });

  test('refuses serials and addresses of other stored points, and names every fault of the file', () => {
    const { store } = temporaryStore();
    store.plant.applyImport([FULL, importRow(2)], 180, 'installer');
    const faults = faultsOf(() =>
      store.plant.checkImport([importRow(8, { serial: '01000002' }), importRow(9, { address: 1 }), importRow(2, { serial: '5' })], 180),
    );
    expect(faults).toEqual([
      { line: 9, column: 'serial', message: expect.stringContaining('point P2') },
      { line: 10, column: 'address', message: expect.stringContaining('point P1') },
      { line: 3, column: 'serial', message: expect.stringContaining('replace-meter') },
    ]);
  });
});

test('no file of the data folder holds a password in the clear', async () => {
  const { store, folder } = temporaryStore();
  const next = Uint8Array.of(0x3e, 0x91, 0xc4, 0x07, 0xbb, 0x6d);
  store.plant.applyImport([FULL], 180, 'installer');
  const opening = exchange('open channel level 2', 1, { request: Uint8Array.of(1, 1, 2, ...PASSWORD, 0x5a, 0xa5) });
  await stored(store, { meterId: 1, atUtc: MIDNIGHT, exchanges: [opening, exchange('profile', 2)], intervals: [interval(0, 1)] });
  store.plant.applyImport([{ ...FULL, password: next }], 180, 'installer');
  const holders = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .filter((entry) => {
        const bytes = readFileSync(join(entry.parentPath, entry.name));
        return [PASSWORD, next].some(
          (password) =>
            bytes.includes(Buffer.from(password)) ||
            bytes.includes(Buffer.from(password).toString('hex')) ||
            bytes.includes(Buffer.from(password).toString('base64')),
        );
      })
      .map(({ name }) => name);
  expect(readdirSync(folder)).toContain('feeder.db-wal');
  expect(holders()).toEqual([]);
  expect(store.plant.password(1)).toEqual(next);
  store.close();
  expect(holders()).toEqual([]);
});

describe('a meter without a link', () => {
  const byHand = { line: '', driver: 'manual', address: null } as const;

  test('is stored without a line, and the same file again changes nothing', () => {
    const { store } = temporaryStore();
    const rows = [importRow(1), importRow(2, byHand), importRow(3, byHand)];
    expect(store.plant.applyImport(rows, 180, 'test')).toMatchObject({ lines: 1, points: 3, added: 3 });
    expect(store.plant.load()).toMatchObject({
      lines: [{ id: 1 }],
      meters: [
        { lineId: 1, driver: 'mercury-23x', address: 1 },
        { lineId: null, driver: 'manual', address: null, serial: '01000002' },
        { lineId: null, driver: 'manual', address: null, serial: '01000003' },
      ],
    });
    expect(store.plant.applyImport(rows, 180, 'test')).toMatchObject({ added: 0, unchanged: 3 });
  });

  test('is not given a link by an import, nor loses one', () => {
    const { store } = temporaryStore();
    store.plant.applyImport([importRow(1), importRow(2, byHand)], 180, 'test');
    const columnsOf = (row: ImportRow) => {
      try {
        store.plant.checkImport([row], 180);
      } catch (error) {
        if (error instanceof AppError) return (error.context['faults'] as ImportFault[]).map(({ column }) => column);
      }
      return [];
    };
    expect(columnsOf(importRow(1, byHand))).toEqual(['line', 'driver', 'address']);
    expect(columnsOf(importRow(2))).toEqual(['line', 'driver', 'address']);
  });
});
