import type { Channel, PerChannel } from '../../../src/shared/domain/channel.ts';
import type { IntervalFlag, IntervalSource, SourcedInterval } from '../../../src/shared/domain/interval.ts';
import { NO_FACTS } from '../../../src/shared/domain/meter.ts';
import type { InstallationRecord, MeterRecord, Plant, PointRecord } from '../../../src/shared/domain/plant.ts';
import { STRAIGHT_DIRECTION } from '../../../src/shared/domain/point.ts';

export const utc = (iso: string) => Date.parse(iso) / 1000;

export function point(id: number, over: Partial<PointRecord> = {}): PointRecord {
  return {
    id,
    substationId: 1,
    code: `P${id}`,
    name: `Ввод ${id}`,
    role: 'settlement',
    owner: 'plant',
    departmentCode: null,
    costItem: null,
    tenantInn: null,
    tenantContract: null,
    code80020: null,
    intervalMin: 30,
    ...over,
  };
}

export function meter(id: number, over: Partial<MeterRecord> = {}): MeterRecord {
  return {
    id,
    lineId: 1,
    driver: 'mercury-23x',
    serial: `0${id}`,
    address: id,
    accessLevel: 1,
    hasPassword: false,
    clock: { offsetMin: 180, seasonBit: 'ignored' },
    removedUtc: null,
    quarantinedUtc: null,
    facts: { ...NO_FACTS, constantImpPerKwh: 1000, profilePeriodMin: 30 },
    ...over,
  };
}

export function installation(pointId: number, meterId: number, over: Partial<InstallationRecord> = {}): InstallationRecord {
  return {
    id: pointId * 100 + meterId,
    pointId,
    meterId,
    fromUtc: null,
    toUtc: null,
    kind: 'main',
    ct: { primary: 1, secondary: 1 },
    vt: { primary: 1, secondary: 1 },
    direction: STRAIGHT_DIRECTION,
    scheme: null,
    valuesArePrimary: false,
    firstRegisters: [],
    lastRegisters: [],
    ...over,
  };
}

export function plant(parts: Partial<Plant>): Plant {
  return { lines: [], substations: [{ id: 1, name: 'ТП-1' }], points: [], installations: [], meters: [], ...parts };
}

export function interval(
  startUtc: number,
  counts: Partial<PerChannel<number>>,
  flags: readonly IntervalFlag[] = [],
  lengthS = 1800,
  source: IntervalSource = 'profile',
): SourcedInterval {
  const kept = (channel: Channel) => counts[channel] ?? null;
  return { startUtc, lengthS, counts: { 'A+': kept('A+'), 'A-': kept('A-'), 'R+': kept('R+'), 'R-': kept('R-') }, flags, source };
}
