/**
 * The training plant as a place to practise: simulated meters, a data folder of their own and a whole app over them, beside the
 * app of the site. Nothing of one reaches the other.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ApiServer, Outcome } from '../shared/api/dispatch.ts';
import { AppError, errorShape, hasCode } from '../shared/api/errors.ts';
import { DEFAULT_SETTINGS } from '../shared/api/settings.ts';
import type { TrainingStatus } from '../shared/api/training.ts';
import { isoUtc } from '../shared/domain/time.ts';
import type { App } from './app.ts';
import type { Clock } from './platform/clock.ts';
import { turns } from './platform/turns.ts';
import { type Fault, faultKinds, faultTarget, parseFaults } from './simulator/faults.ts';
import { createPlant, type Plant } from './simulator/plant.ts';

const TIME_ZONE = 'Europe/Moscow';
const PLACE_FILE = 'training.json';
/** Lines listen from here on; the next hundred is tried when something of this PC listens there. */
const FIRST_PORT = 21_400;
const PORT_STEP = 100;
const PORT_TRIES = 20;

/** What a stopped plant is started with again, so that the stored lines still lead to it. */
const place = z.strictObject({ seed: z.number().int(), portBase: z.number().int() });
type Place = z.infer<typeof place>;

export interface TrainingDeps {
  /** Made when practice begins. */
  readonly folder: string;
  readonly clock: Clock;
  /** An app over a data folder of its own. */
  readonly createApp: (dataFolder: string) => Promise<App>;
  readonly onChanged: (status: TrainingStatus) => void;
}

interface Running {
  readonly plant: Plant;
  readonly app: App;
  readonly seed: number;
  readonly startedAtUtc: number;
}

export class Training {
  readonly #deps: TrainingDeps;
  #running: Running | null = null;
  /** Starts and stops wait for each other. */
  readonly #inTurn = turns();

  constructor(deps: TrainingDeps) {
    this.#deps = deps;
  }

  /** The API over the training plant; `api/conflict` while it does not run. */
  server(site: ApiServer): ApiServer {
    const listeners = new Set<Parameters<ApiServer['subscribe']>[0]>();
    this.#forward = (event) => {
      for (const listener of listeners) listener(event);
    };
    return {
      dispatch: (name, params, context) => {
        // The plant itself is run from the site, whichever of the two a client looks at.
        if (name.startsWith('training.')) return site.dispatch(name, params, context);
        return this.#running?.app.api.dispatch(name, params, context) ?? Promise.resolve(NOT_RUNNING);
      },
      subscribe: (listener) => {
        listeners.add(listener);
        const stop = site.subscribe((event) => {
          if (event.name === 'training.changed') listener(event);
        });
        return () => {
          listeners.delete(listener);
          stop();
        };
      },
    };
  }
  #forward: Parameters<ApiServer['subscribe']>[0] = () => {};

  status(): TrainingStatus {
    const plant = this.#running?.plant ?? null;
    const startedAtUtc = this.#running?.startedAtUtc ?? null;
    return {
      isRunning: plant !== null,
      startedAt: startedAtUtc === null ? null : isoUtc(startedAtUtc),
      seed: this.#running?.seed ?? this.#place()?.seed ?? 1,
      lines: (plant?.lines ?? []).map(({ name, port, meters }) => ({ name, address: `tcp:127.0.0.1:${port}:9600-8N1`, meters })),
      points: (plant?.truth.meters ?? []).map(({ pointCode, name, line }) => ({ code: pointCode, name, line })),
      faults: (plant?.faults ?? []).map(({ fault, sinceMs, untilMs }) => ({
        kind: fault.kind,
        target: faultTarget(fault),
        since: sinceMs === null ? null : isoUtc(Math.floor(sinceMs / 1000)),
        until: untilMs === null ? null : isoUtc(Math.floor(untilMs / 1000)),
        params: { ...fault },
      })),
      faultKinds: faultKinds().map((kind) => ({ ...kind, fields: [...kind.fields] })),
    };
  }

  /** Throws `api/conflict` when it runs already, or when no ports are free for its lines. */
  start(seed: number, isFresh: boolean): Promise<TrainingStatus> {
    return this.#inTurn(async () => {
      if (this.#running !== null) throw new AppError('api/conflict', 'The training plant runs already');
      const { folder, clock, createApp } = this.#deps;
      const before = isFresh ? null : this.#place();
      if (before === null) rmSync(folder, { recursive: true, force: true });
      const { plant, at } = await this.#startPlant(before, seed);
      try {
        const app = await createApp(folder);
        try {
          if (before === null) await setUp(app, plant);
          // Only a folder that was set up is gone on with.
          writeFileSync(join(folder, PLACE_FILE), JSON.stringify(at));
          app.api.subscribe((event) => this.#forward(event));
          await app.start();
        } catch (error) {
          await app.stop();
          throw error;
        }
        this.#running = { plant, app, seed: at.seed, startedAtUtc: Math.floor(clock.now() / 1000) };
      } catch (error) {
        await plant.stop();
        throw error;
      }
      return this.#changed();
    });
  }

  stop(): Promise<TrainingStatus> {
    return this.#inTurn(async () => {
      const running = this.#running;
      this.#running = null;
      try {
        await running?.app.stop();
      } finally {
        await running?.plant.stop();
      }
      return this.#changed();
    });
  }

  /** Throws `api/invalid-argument` for a fault that the plant does not know, `api/not-found` for a target that it lacks. */
  setFault(given: Readonly<Record<string, unknown>>): TrainingStatus {
    const [fault] = parseFaults([given]);
    if (fault !== undefined) this.#plant().setFault(fault);
    return this.#changed();
  }

  clearFault(kind: string, target: string): TrainingStatus {
    const plant = this.#plant();
    const found = plant.faults.find(({ fault }) => fault.kind === kind && faultTarget(fault) === target);
    if (found === undefined) throw new AppError('api/not-found', 'This fault is not in force', { context: { kind, target } });
    plant.clearFault(found.fault satisfies Fault);
    return this.#changed();
  }

  #plant(): Plant {
    if (this.#running === null) throw new AppError('api/conflict', 'The training plant does not run', { hint: 'Start it first' });
    return this.#running.plant;
  }

  async #startPlant(before: Place | null, seed: number): Promise<{ plant: Plant; at: Place }> {
    const { clock } = this.#deps;
    const bases = before === null ? Array.from({ length: PORT_TRIES }, (_, index) => FIRST_PORT + index * PORT_STEP) : [before.portBase];
    for (const portBase of bases) {
      const at = { seed: before?.seed ?? seed, portBase };
      const plant = createPlant({ clock, ...at });
      try {
        await plant.start();
        return { plant, at };
      } catch (error) {
        if (!hasCode(error, 'line/open-failed')) throw error;
      }
    }
    throw new AppError('api/conflict', 'The ports of the training lines are taken by another program', {
      context: { from: bases[0] },
      hint: 'End the other program, or start the training plant afresh',
    });
  }

  #place(): Place | null {
    const file = join(this.#deps.folder, PLACE_FILE);
    if (!existsSync(file)) return null;
    try {
      return place.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      // Torn in the middle of writing, or of another version: practice begins afresh.
      return null;
    }
  }

  #changed(): TrainingStatus {
    const status = this.status();
    this.#deps.onChanged(status);
    return status;
  }
}

const NOT_RUNNING: Outcome<never> = {
  ok: false,
  error: errorShape(new AppError('api/conflict', 'The training plant does not run', { hint: 'Start it, or go back to the site' })),
};

/** A data folder as an installer leaves it. */
async function setUp(app: App, plant: Plant): Promise<void> {
  const context = { transport: 'cli', role: 'administrator' } as const;
  const must = async (name: string, params: unknown) => {
    const outcome = await app.api.dispatch(name, params, context);
    if (!outcome.ok) throw new AppError(outcome.error.code, outcome.error.message, { context: outcome.error.details ?? {} });
  };
  const site = { ...DEFAULT_SETTINGS.site, name: 'Учебный завод «Полиграфмаш»', code: 'TRAIN', timeZone: TIME_ZONE };
  await must('settings.set', { ...DEFAULT_SETTINGS, site });
  await must('import.apply', { fileBase64: Buffer.from(plant.importFile()).toString('base64') });
}
