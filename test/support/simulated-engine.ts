/** The engine with real drivers and lines over a training plant, in simulated time: bytes take their time on the wire, nothing else does. */
import { DRIVERS } from '../../src/main/drivers/registry.ts';
import { createEngine, type Engine } from '../../src/main/engine/engine.ts';
import { CONTINUOUS_PLAN, type PollPlan } from '../../src/main/engine/work.ts';
import { openEngineLine } from '../../src/main/lines.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { createPlant, type Plant as TrainingPlant, type PlantOptions } from '../../src/main/simulator/plant.ts';
import { TRAINING_PLANT, type PointRow, type SubstationRow } from '../../src/main/simulator/layout.ts';
import type { MeterBatch } from '../../src/shared/domain/batch.ts';
import { NO_FACTS } from '../../src/shared/domain/meter.ts';
import type { MeterRecord } from '../../src/shared/domain/plant.ts';
import type { FakeClock } from './fake-clock.ts';
import { MemoryStore } from './scripted-plant.ts';

/** The store commits in groups. */
const GROUP_MS = 250;

/** Stores as the product does, a group at a time, and remembers when. */
export class TimedStore extends MemoryStore {
  readonly #clock: FakeClock;
  /** Meter, start of the interval and when it was durable, milliseconds since 1970. */
  readonly stored: { readonly meterId: number; readonly startUtc: number; readonly atMs: number }[] = [];

  constructor(clock: FakeClock) {
    super();
    this.#clock = clock;
  }

  override async commit(batch: MeterBatch): Promise<void> {
    await this.#clock.sleep(GROUP_MS);
    await super.commit(batch);
    const atMs = this.#clock.now();
    for (const { startUtc } of batch.intervals ?? []) this.stored.push({ meterId: batch.meterId, startUtc, atMs });
  }
}

export interface SimulatedEngine {
  readonly plant: TrainingPlant;
  readonly engine: Engine;
  readonly store: TimedStore;
  readonly meters: readonly MeterRecord[];
}

export interface SimulatedEngineOptions extends Omit<PlantOptions, 'clock'> {
  readonly plan?: Partial<PollPlan>;
  /** The waits are those of gateways; the bytes come as they do from a serial port. */
  readonly isTcp?: boolean;
}

/** Not yet running. */
export function simulatedEngine(clock: FakeClock, { plan = {}, isTcp = false, ...options }: SimulatedEngineOptions): SimulatedEngine {
  const plant = createPlant({ clock, ...options });
  for (const fault of options.faults ?? []) plant.setFault(fault);
  const lines = plant.lines.map(({ name }, at) => ({
    id: at + 1,
    name,
    address: isTcp ? `tcp:127.0.0.1:${4001 + at}:9600-8N1` : `serial:/dev/line${at + 1}:9600-8N1`,
  }));
  const meters = plant.truth.meters.map(({ serial, address, driver, line, clockOffsetMin }, at) => ({
    id: at + 1,
    lineId: lines.find(({ name }) => name === line)?.id ?? 0,
    driver,
    serial,
    address,
    accessLevel: 1 as const,
    hasPassword: false,
    clock: { offsetMin: clockOffsetMin, seasonBit: 'ignored' as const },
    removedUtc: null,
    quarantinedUtc: null,
    facts: NO_FACTS,
  }));
  const store = new TimedStore(clock);
  const engine = createEngine({
    plant: { lines, substations: [], points: [], installations: [], meters },
    store,
    openLine: (record) => openEngineLine(clock, silentLogger, ({ settings }) => plant.serialPort(record.name, settings))(record),
    drivers: DRIVERS,
    clock,
    logger: silentLogger,
    plan: { ...CONTINUOUS_PLAN, ...plan },
  });
  return { plant, engine, store, meters };
}

/** So many points alike on one line, with meters that give 17 records at once. */
export function lineOf(name: string, count: number, changes: Partial<PointRow> = {}): SubstationRow {
  const [substation] = TRAINING_PLANT;
  const [row] = substation?.points ?? [];
  if (substation === undefined || row === undefined) throw new RangeError('The training plant is empty');
  const points = Array.from({ length: count }, (_, at) => ({ ...row, name: `${name} ${at + 1}`, family: 'm234' as const, ...changes }));
  return { name, code: name, line: name, points };
}
