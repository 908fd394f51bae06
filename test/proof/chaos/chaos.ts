/** A run of chaos: one process after the other over the same database file, each killed in the middle of its work. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { DATABASE_FILE } from '../../../src/main/store/database.ts';
import { Chance } from '../chance.ts';
import type { ChildOrder } from './child.ts';
import { tellReplacement } from './replacement.ts';
import { type ChaosOptions, chaosPlant, type Scenario, scenarioOf, type Span } from './scenario.ts';
import { type ChaosVerdict, judgeChaos } from './verdict.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));
const NET = new URL('../net-in-memory.mjs', import.meta.url).href;
/** A kill comes up to so much real time after its simulated moment: anywhere in whatever the process is doing then. */
const MOST_DELAY_MS = 250;
const JOURNALS_EVERY = 10;
const MINUTE_MS = 60_000;
/** So often the file is looked through between two lives. */
const INTEGRITY_EVERY = 10;

export interface ChaosReport extends ChaosVerdict {
  readonly options: ChaosOptions;
  readonly kills: number;
  /** When the process lived. */
  readonly lives: readonly Span[];
  readonly exchanges: number;
  /** Exchanges without a usable reply: damaged, cut, or on a line that was down. */
  readonly failures: number;
  /** Batches that the store refused while the disk was full. */
  readonly refusals: number;
  /** Of the time of the run. */
  readonly upShare: number;
  readonly lineDownShare: number;
  readonly integrity: string;
  readonly databaseBytes: number;
  readonly seconds: number;
  readonly isGood: boolean;
}

interface Life {
  readonly lastMs: number;
  readonly requests: number;
  readonly failures: number;
  readonly refusals: number;
  /** The run is over; else it was killed. */
  readonly isOver: boolean;
}

export async function runChaos(options: ChaosOptions, folder: string, onLife: (text: string) => void): Promise<ChaosReport> {
  const startedAt = performance.now();
  const scenario = scenarioOf(options);
  const chance = new Chance(options.seed);
  const acknowledged = new Set<string>();
  const ups: Span[] = [];
  const told = new Set<string>();
  let [exchanges, failures, refusals, kills] = [0, 0, 0, 0];
  let integrity = 'ok';
  let fromMs = scenario.startMs;
  for (let life = 0; ; life += 1) {
    const kill = scenario.kills.find(({ atMs }) => atMs > fromMs) ?? null;
    const order = { ...options, folder, fromMs, life, readsJournals: life % JOURNALS_EVERY === 0 };
    const lived = await live(order, kill === null ? null : { atMs: kill.atMs, delayMs: chance.whole(0, MOST_DELAY_MS) }, acknowledged);
    ups.push({ fromMs, toMs: lived.lastMs });
    exchanges += lived.requests;
    failures += lived.failures;
    refusals += lived.refusals;
    onLife(`life ${life}: ${iso(fromMs)} to ${iso(lived.lastMs)}, ${lived.requests} exchanges, ${acknowledged.size} acknowledged`);
    if (lived.isOver) break;
    kills += 1;
    if (kills % INTEGRITY_EVERY === 0) integrity = worse(integrity, check(folder));
    fromMs = lived.lastMs + MINUTE_MS + (kill?.pauseMs ?? 0);
    await tellDue(options, scenario, folder, fromMs, told);
  }
  integrity = worse(integrity, check(folder));
  const verdict = await judgeChaos(options, folder, ups, acknowledged);
  const runMs = scenario.endMs - scenario.startMs;
  const lines = new Set(scenario.lineDowns.map(({ line }) => line)).size;
  return {
    options,
    kills,
    lives: ups,
    exchanges,
    failures,
    refusals,
    upShare: sum(ups) / runMs,
    lineDownShare: sum(scenario.lineDowns) / runMs / lines,
    ...verdict,
    integrity,
    databaseBytes: pagesOf(folder),
    seconds: Math.round((performance.now() - startedAt) / 1000),
    isGood:
      verdict.missingCount === 0 &&
      verdict.wrongCount === 0 &&
      verdict.revised === 0 &&
      verdict.acknowledgedLost === 0 &&
      verdict.frozenWrong === 0 &&
      verdict.reachable > 0 &&
      refusals > 0 &&
      integrity === 'ok',
  };
}

/** One process from its start to its end; with a `kill` that end is SIGKILL. */
async function live(order: ChildOrder, kill: { atMs: number; delayMs: number } | null, acknowledged: Set<string>): Promise<Life> {
  const child = spawn(process.execPath, ['--import', NET, CHILD, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const closed = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_code, signal) => resolve(signal)));
  let life = { lastMs: order.fromMs, requests: 0, failures: 0, refusals: 0 };
  let isOver = false;
  let isDoomed = false;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, first = '', second = '', third = '', fourth = ''] = line.split(' ');
    if (word === 'a') for (const start of second.split(',')) acknowledged.add(`${first} ${start}`);
    if (word === 'end') isOver = true;
    if (word !== 't') continue;
    life = { lastMs: Number(first), requests: Number(second), failures: Number(third), refusals: Number(fourth) };
    if (kill === null || isDoomed || life.lastMs < kill.atMs) continue;
    isDoomed = true;
    setTimeout(() => child.kill('SIGKILL'), kill.delayMs);
  }
  const signal = await closed;
  if (signal !== 'SIGKILL' && !isOver) throw new Error(`The process ended by itself at ${iso(life.lastMs)}: ${errors}`);
  return { ...life, isOver };
}

/** Replacements that a person has heard of by then. */
async function tellDue({ ...options }: ChaosOptions, { replacements }: Scenario, folder: string, nowMs: number, told: Set<string>) {
  const due = replacements.filter(({ pointCode, toldMs }) => toldMs <= nowMs && !told.has(pointCode));
  if (due.length === 0) return;
  const { clock, plant } = chaosPlant(options, 0);
  await plant.start();
  await clock.moveTo(nowMs);
  for (const { pointCode, atMs } of due) {
    tellReplacement(folder, clock, { pointCode, serial: plant.truth.standing(pointCode), atUtc: Math.floor(atMs / 1000) });
    told.add(pointCode);
  }
  await plant.stop();
}

function check(folder: string): string {
  const db = new Database(join(folder, DATABASE_FILE));
  try {
    return String(db.pragma('integrity_check', { simple: true }));
  } finally {
    db.close();
  }
}

function pagesOf(folder: string): number {
  const db = new Database(join(folder, DATABASE_FILE), { readonly: true });
  try {
    return Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }));
  } finally {
    db.close();
  }
}

function worse(a: string, b: string): string {
  return a === 'ok' ? b : a;
}

function sum(spans: readonly Span[]): number {
  return spans.reduce((total, { fromMs, toMs }) => total + toMs - fromMs, 0);
}

function iso(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16);
}
