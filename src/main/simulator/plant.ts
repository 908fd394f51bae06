import { AppError } from '../../shared/api/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { assemble } from './assembly.ts';
import { FaultSchedule, type ScheduledFault } from './fault-schedule.ts';
import { FaultBoard, isMeterFault, type Fault } from './faults.ts';
import { hash } from './hash.ts';
import { importFileText } from './import-file.ts';
import { TRAINING_PLANT, type SubstationRow } from './layout.ts';
import type { LineTraffic } from './bus.ts';
import { SimulatedLine } from './line.ts';
import { beginMeterFault, endMeterFault, isPlacedFault } from './meter-faults.ts';
import { MeterPlace, meterOf } from './meter-place.ts';
import type { InstalledMeter } from './installed-meter.ts';
import type { SimulatedSerialPort } from './serial-bus.ts';
import { truthOf, type PlantTruth } from './truth.ts';
import { twinOf } from './twin.ts';
import type { WireSettings } from './uart.ts';

export interface PlantOptions {
  readonly clock: Clock;
  /** The same seed builds the same plant. Default 1. */
  readonly seed?: number;
  /** What befalls the bytes on the lines follows from it. Default: the seed. */
  readonly chance?: number;
  /** Days of half-hours that the meters hold at the start, as far as their rings reach. Default 60. */
  readonly historyDays?: number;
  /** Bytes take their time. Default true. */
  readonly hasWireTime?: boolean;
  /** Speed and character format of every line. Default 9600 8N1. */
  readonly settings?: WireSettings;
  /** From the end of a request to the first byte of the reply. Default 5 to 50. */
  readonly latencyMs?: readonly [min: number, max: number];
  /** Meter clocks minus the true time. Default -3 to 3. */
  readonly deviationS?: readonly [min: number, max: number];
  /** Lines listen on this port and the following ones; 0 = any free ports. Default 0. */
  readonly portBase?: number;
  readonly faults?: readonly Fault[];
  /** Default: the training plant of 70 meters on 4 lines. */
  readonly layout?: readonly SubstationRow[];
}

export interface PlantLine {
  readonly name: string;
  /** 0 until the plant has started on free ports. */
  readonly port: number;
  /** How many meters hang on it. */
  readonly meters: number;
  readonly traffic: LineTraffic;
}

/** A fault of the plant with its target; a meter is named by its point in `fault` itself. */
export interface PlantFault extends ScheduledFault {
  /** Name of the line concerned, that of the meter for its faults; `null` = every line. */
  readonly line: string | null;
  /** The meter concerned; `null` for faults of lines. */
  readonly serial: string | null;
  /** Serial of the second meter at the address, for `duplicate-address` in force alone. */
  readonly twin: string | null;
}

export interface Plant {
  /** Opens the lines; rejects with `line/open-failed`. */
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly lines: readonly PlantLine[];
  readonly truth: PlantTruth;
  /** The import file for this plant (CLI.md, import), UTF-8 text; the plant must have started. */
  importFile(): string;
  /** Puts a fault in force now, or after its `after_s`. Unknown meters and lines throw `api/not-found`. */
  setFault(given: Fault): void;
  /** Ends the fault of the same kind and target, begun or not. */
  clearFault(given: Fault): void;
  /** What is in force now, in the order in which it began, then what is to begin. */
  readonly faults: readonly PlantFault[];
  /** A closed serial port on a line, inside this process: its meters answer when it has the settings of the line. Unknown lines throw `api/not-found`. */
  serialPort(line: string, settings: WireSettings): SimulatedSerialPort;
}

const SETTINGS: WireSettings = { baudRate: 9600, format: '8N1' };

/** Builds a plant; nothing listens before `start`. */
export function createPlant(options: PlantOptions): Plant {
  const { clock, seed = 1, historyDays = 60, hasWireTime = true, latencyMs = [5, 50], deviationS = [-3, 3], portBase = 0 } = options;
  const { settings = SETTINGS, chance = seed } = options;
  const layout = options.layout ?? TRAINING_PLANT;
  const places = assemble(layout, { seed, latencyMs, deviationS }).map((spec) => new MeterPlace(spec, clock, historyDays));
  const board = new FaultBoard(clock);
  const lines = [...new Set(layout.map(({ line }) => line))].map(
    (name, place) =>
      new SimulatedLine({
        name,
        port: portBase === 0 ? 0 : portBase + place,
        meters: places.filter(({ spec }) => spec.line === name),
        clock,
        faults: board,
        seed: hash(chance, place),
        hasWireTime,
        settings,
      }),
  );
  /** Second meters at an address, by the serial of the first. */
  const twins = new Map<string, InstalledMeter>();

  /** A replacement is named by its own serial too. */
  const placeNamed = (given: { readonly serial?: string | undefined; readonly point?: string | undefined }): MeterPlace => {
    const isNamed = ({ spec, meters }: MeterPlace) =>
      given.serial === undefined ? spec.pointCode === given.point : meters.some((meter) => meter.spec.serial === given.serial);
    return places.find(isNamed) ?? notFound('meter', given.serial ?? given.point ?? '');
  };
  const lineNamed = (name: string): SimulatedLine => lines.find((line) => line.name === name) ?? notFound('line', name);
  /** The fault with its meter named by the serial of the papers, so that the same meter named otherwise is the same fault. */
  const resolved = (given: Fault): Fault => {
    if (isMeterFault(given)) return { ...given, serial: placeNamed(given).spec.serial, point: undefined };
    if (given.line !== undefined) lineNamed(given.line);
    return given;
  };
  /** Does what faults ask of single meters and of lines beyond what each looks up for itself. */
  const follow = (changed: Fault, isOn: boolean) => {
    if (isPlacedFault(changed)) (isOn ? beginMeterFault : endMeterFault)(placeNamed(changed), changed);
    if (changed.kind === 'duplicate-address') placeTwin(placeNamed(changed), isOn);
    for (const line of lines) line.followFaults();
  };
  const placeTwin = ({ spec }: MeterPlace, isOn: boolean) => {
    const line = lineNamed(spec.line);
    const standing = twins.get(spec.serial);
    if (standing !== undefined) line.removeMeter(standing);
    twins.delete(spec.serial);
    if (!isOn) return;
    const twin = standing ?? meterOf(twinOf(spec, latencyMs), clock, historyDays);
    twins.set(spec.serial, twin);
    line.addMeter(twin);
  };
  const schedule = new FaultSchedule(clock, board, follow);
  const told = ({ fault, sinceMs, untilMs }: ScheduledFault): PlantFault => {
    if (!isMeterFault(fault)) return { fault, sinceMs, untilMs, line: fault.line ?? null, serial: null, twin: null };
    const { serial, pointCode, line } = placeNamed(fault).spec;
    const twin = fault.kind === 'duplicate-address' ? (twins.get(serial)?.spec.serial ?? null) : null;
    return { fault: { ...fault, serial: undefined, point: pointCode }, sinceMs, untilMs, line, serial, twin };
  };
  const stop = async () => {
    schedule.stop();
    for (const line of lines) await line.close();
  };
  const initial = (options.faults ?? []).map(resolved);

  return {
    async start() {
      try {
        for (const line of lines) await line.open();
      } catch (error) {
        await stop();
        throw error;
      }
      for (const given of initial) schedule.set(given);
    },
    stop,
    lines: lines.map((line) => ({
      name: line.name,
      get port() {
        return line.port;
      },
      meters: places.filter(({ spec }) => spec.line === line.name).length,
      get traffic() {
        return line.traffic;
      },
    })),
    truth: truthOf(places, notFound),
    importFile: () => importFileText(places, (name) => lineNamed(name).port),
    setFault: (given) => schedule.set(resolved(given)),
    clearFault: (given) => schedule.clear(resolved(given)),
    get faults() {
      return schedule.all.map(told);
    },
    serialPort: (line, given) => lineNamed(line).serialPort(given),
  };
}

function notFound(what: 'meter' | 'line' | 'point', name: string): never {
  throw new AppError('api/not-found', `The plant has no ${what} "${name}"`, { context: { [what]: name } });
}
