import { AppError } from '../../shared/api/errors.ts';
import type { ImportResult } from '../../shared/api/methods.ts';
import type { ImportFault, ImportRow, InstallationRecord, LineRecord, MeterRecord, Plant, PointRecord } from '../../shared/domain/plant.ts';
import { MANUAL, type Ratio } from '../../shared/domain/point.ts';
import { isSameBytes } from '../../shared/domain/bytes.ts';

/** A stored point with what hangs on it now. */
export interface StoredPoint {
  readonly point: PointRecord;
  readonly installation: InstallationRecord;
  readonly meter: MeterRecord;
  /** Null for a meter without a link. */
  readonly line: LineRecord | null;
}

/** What an import would do. */
export interface ImportPlan {
  readonly adds: readonly ImportRow[];
  /** Rows of known points whose descriptive columns differ from what is stored. */
  readonly updates: readonly { readonly row: ImportRow; readonly stored: StoredPoint; readonly isPasswordNew: boolean }[];
  readonly result: ImportResult;
}

/** Descriptive columns of the import file as a stored point has them, in the words of the file: what an import may change. */
export type Description = Readonly<
  Record<'point_name' | 'role' | 'scheme' | 'dept_code' | 'cost_item' | 'tenant_inn' | 'code_80020', string | null>
> & {
  readonly access_level: number;
};

/**
 * Compares an import file with the stored plant. Rows of unknown points are added. Of a known point the file may change
 * what describes it (name, role, scheme, department, cost item, tenant, 80020 code) and how its meter is opened (password,
 * access level). What history hangs on - substation, line, driver, address, serial, ratios, a stated clock zone - is
 * refused with the command to use instead; a ratio written another way (120 for 600/5) is no change, and an empty clock
 * zone asks for none. Points that the file does not name stay. `passwordOf` gives the stored password, null for the
 * default, `undefined` when it cannot be told: then only whether there is one is compared. Rows updated are neither
 * `added` nor `unchanged`. Throws `import/faulty-file` with `context.faults`: every fault.
 */
export function planImport(
  plant: Plant,
  rows: readonly ImportRow[],
  passwordOf: (meter: MeterRecord) => Uint8Array | null | undefined,
): ImportPlan {
  const stored = storedPoints(plant);
  const codes = new Set(plant.points.map(({ code }) => code));
  const faults: ImportFault[] = [];
  const adds: ImportRow[] = [];
  const updates: ImportPlan['updates'][number][] = [];
  for (const row of rows) {
    const known = stored.get(row.pointCode);
    faults.push(...foreignMeterFaults(row, plant, known));
    if (!codes.has(row.pointCode)) {
      adds.push(row);
    } else if (known === undefined) {
      faults.push(fault(row, 'serial', `point ${row.pointCode} has no meter now: use replace-meter`));
    } else {
      faults.push(...identityFaults(row, plant, known));
      const isPasswordNew = differs(row.password, passwordOf(known.meter), known.meter.hasPassword);
      if (isPasswordNew || !isSameDescription(describeRow(row), describeStored(known))) updates.push({ row, stored: known, isPasswordNew });
    }
  }
  if (faults.length > 0) {
    throw new AppError('import/faulty-file', `The import file contradicts what is stored in ${faults.length} place(s)`, {
      context: { faults },
      hint: 'Correct the rows named in the faults, or use the commands named there; nothing was taken from the file.',
    });
  }
  const lines = new Set(rows.flatMap(({ driver, line }) => (driver === MANUAL ? [] : line))).size;
  return {
    adds,
    updates,
    result: {
      lines,
      points: rows.length,
      added: adds.length,
      unchanged: rows.length - adds.length - updates.length,
      warnings: universalAddressWarnings(rows, [...stored.values()]),
    },
  };
}

/** Descriptive columns of a row. */
export function describeRow(row: ImportRow): Description {
  return {
    point_name: row.pointName,
    role: row.role,
    scheme: row.scheme,
    dept_code: row.departmentCode,
    cost_item: row.costItem,
    tenant_inn: row.tenantInn,
    code_80020: row.code80020,
    access_level: row.accessLevel,
  };
}

/** The same of a stored point. */
export function describeStored({ point, installation, meter }: StoredPoint): Description {
  return {
    point_name: point.name,
    role: point.role,
    scheme: installation.scheme,
    dept_code: point.departmentCode,
    cost_item: point.costItem,
    tenant_inn: point.tenantInn,
    code_80020: point.code80020,
    access_level: meter.accessLevel,
  };
}

/** Points by code, with the main meter that is there now; points without one are not in it. */
function storedPoints(plant: Plant): Map<string, StoredPoint> {
  const found = new Map<string, StoredPoint>();
  for (const installation of plant.installations) {
    if (installation.kind !== 'main' || installation.toUtc !== null) continue;
    const point = plant.points.find(({ id }) => id === installation.pointId);
    const meter = plant.meters.find(({ id }) => id === installation.meterId);
    const line = plant.lines.find(({ id }) => id === meter?.lineId) ?? null;
    if (point !== undefined && meter !== undefined) found.set(point.code, { point, installation, meter, line });
  }
  return found;
}

/** The serial, or the address on its line, belongs to a meter of another point. */
function foreignMeterFaults(row: ImportRow, plant: Plant, own: StoredPoint | undefined): ImportFault[] {
  const faults: ImportFault[] = [];
  const placeOf = (meter: MeterRecord) => plant.installations.findLast(({ meterId }) => meterId === meter.id);
  const codeAt = (meter: MeterRecord) => plant.points.find(({ id }) => id === placeOf(meter)?.pointId)?.code ?? 'none';
  const lineId = plant.lines.find(({ address }) => address === row.line)?.id;
  for (const meter of plant.meters) {
    if (meter.id === own?.meter.id) continue;
    if (meter.serial === row.serial) {
      faults.push(fault(row, 'serial', `meter ${row.serial} is stored at point ${codeAt(meter)} already: use replace-meter to move it`));
    }
    // A meter that was taken away has left its address free.
    if (meter.lineId === lineId && meter.address === row.address && placeOf(meter)?.toUtc === null) {
      faults.push(fault(row, 'address', `address ${row.address} of ${row.line} belongs to point ${codeAt(meter)} already`));
    }
  }
  return faults;
}

/** A mercury-200 address below this begins with byte 00, the address that every mercury-23x meter answers to (mercury.md 1.1, 12). */
const FIRST_SAFE_ADDRESS = 0x100_0000;

/** Rows whose meter shares a line with the other family, so that requests to the one are heard by all of the others. */
function universalAddressWarnings(rows: readonly ImportRow[], stored: readonly StoredPoint[]): ImportFault[] {
  const placed = [
    ...rows,
    ...stored.map(({ meter, line }) => ({ driver: meter.driver, address: meter.address, line: line?.address ?? '' })),
  ];
  const isLow = ({ driver, address }: Pick<ImportRow, 'driver' | 'address'>) =>
    driver === 'mercury-200' && address !== null && address < FIRST_SAFE_ADDRESS;
  const listening = new Set(placed.filter(({ driver }) => driver === 'mercury-23x').map(({ line }) => line));
  const asked = new Set(placed.filter(isLow).map(({ line }) => line));
  const named = new Set(rows.filter(isLow).map(({ line }) => line));
  return rows.flatMap((row) => {
    if (isLow(row) && listening.has(row.line)) {
      return fault(
        row,
        'address',
        `requests to address ${row.address} begin with 00, which the mercury-23x meters of ${row.line} take for theirs`,
      );
    }
    // The other meter is stored already and the file does not name it.
    if (row.driver === 'mercury-23x' && asked.has(row.line) && !named.has(row.line)) {
      return fault(row, 'line', `requests to a mercury-200 meter of ${row.line} begin with 00, which this meter takes for its own`);
    }
    return [];
  });
}

function identityFaults(row: ImportRow, plant: Plant, { point, installation, meter, line }: StoredPoint): ImportFault[] {
  const substation = plant.substations.find(({ id }) => id === point.substationId)?.name ?? '';
  const faults: ImportFault[] = [];
  const check = (isSame: boolean, column: string, was: string, instead: string) => {
    if (!isSame) faults.push(fault(row, column, `point ${point.code} has ${was}: ${instead}`));
  };
  const edit = 'an import does not change it, correct the point itself';
  const ratioChange = 'a ratio changes from a date, use the ratio change command';
  check(row.substation === substation, 'substation', `substation ${substation}`, edit);
  check(row.line === (line?.address ?? ''), 'line', line === null ? 'no line' : `line ${line.address}`, edit);
  check(row.driver === meter.driver, 'driver', `driver ${meter.driver}`, edit);
  check(row.address === meter.address, 'address', meter.address === null ? 'no address' : `address ${meter.address}`, edit);
  check(row.serial === meter.serial, 'serial', `meter ${meter.serial}`, 'a meter changes from a date, use replace-meter');
  check(isSameRatio(row.ct, installation.ct), 'ct_ratio', `the ratio ${ratioText(installation.ct)}`, ratioChange);
  check(isSameRatio(row.vt, installation.vt), 'vt_ratio', `the ratio ${ratioText(installation.vt)}`, ratioChange);
  const { offsetMin } = meter.clock;
  check(row.clockOffsetMin === null || row.clockOffsetMin === offsetMin, 'clock_zone', `a clock ${offsetMin} min east of UTC`, edit);
  return faults;
}

function isSameDescription(a: Description, b: Description): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function differs(given: Uint8Array | null, stored: Uint8Array | null | undefined, hasPassword: boolean): boolean {
  if (stored === undefined) return (given !== null) !== hasPassword;
  return given === null || stored === null ? given !== stored : !isSameBytes(given, stored);
}

function isSameRatio(a: Ratio, b: Ratio): boolean {
  return BigInt(a.primary) * BigInt(b.secondary) === BigInt(b.primary) * BigInt(a.secondary);
}

function ratioText({ primary, secondary }: Ratio): string {
  return secondary === 1 ? String(primary) : `${primary}/${secondary}`;
}

function fault(row: ImportRow, column: string, message: string): ImportFault {
  return { line: row.fileLine, column, message };
}
