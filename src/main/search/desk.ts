/** Where searches and line tests are asked for, by the screens and the command line: at most one of them on a line. */
import { AppError } from '../../shared/api/errors.ts';
import type { LineTest, SearchPlan, SearchRequest, SearchState } from '../../shared/api/search.ts';
import { type LineRecord, type LinkedMeter, metersOnLine, type Plant } from '../../shared/domain/plant.ts';
import type { DriverId } from '../../shared/domain/point.ts';
import type { MeterDriver, MeterFinder } from '../drivers/driver.ts';
import type { LineLoan, OpenLine } from '../engine/ports.ts';
import { describeLineAddress, formatLineAddress, type LineAddress, parseLineAddress } from '../line/line-address.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { loanOfOwnLine } from './borrowed-line.ts';
import type { ExchangeLog } from './exchange-log.ts';
import { LineTestRun, type TestedMeter } from './line-test.ts';
import { ownSetting, planOf, type SearchScope, scopeOf } from './plan.ts';
import { Search } from './search.ts';

/** Searches of the program's run that can still be looked at. */
const SEARCHES_KEPT = 50;
/** A screen cannot read faster. */
const TELL_EVERY_MS = 1000;

/** Where finished tests are kept. */
export interface LineTestShelf {
  list(lineId: number): LineTest[];
  get(id: number): LineTest | null;
  highestId(): number;
  add(test: LineTest): void;
}

export interface SearchDeskDeps {
  readonly drivers: ReadonlyMap<DriverId, MeterDriver>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly plant: () => Plant;
  /** Lends a line of the plant from under its polling; `null` = nobody polls now. Throws `api/conflict` while it is lent. */
  readonly lend: (lineId: number) => LineLoan | null;
  readonly openLine: OpenLine;
  /** Code of the point where a serial is installed now. */
  readonly pointOf: (serial: string) => string | null;
  /** Points polled on a line and the age of their values. */
  readonly neighbours: (lineId: number) => SearchState['neighbours'];
  readonly tests: LineTestShelf;
  readonly onSearch: (state: SearchState) => void;
  readonly onTest: (test: LineTest) => void;
}

/** A line as it is taken for a task. */
interface Taken {
  readonly loan: LineLoan;
  readonly isShared: boolean;
}

/** A task while it has its line. */
interface Running {
  readonly task: Search | LineTestRun;
  /** Polling has turns on the line; else the line is the task's own. */
  readonly isShared: boolean;
  readonly ended: Promise<void>;
}

export class SearchDesk {
  readonly #deps: SearchDeskDeps;
  readonly #searches: Search[] = [];
  /** In work, or cancelled: what ran to its end is on the shelf. */
  readonly #tests = new Map<number, LineTestRun>();
  /** What is in work, by where its line is. */
  readonly #running = new Map<string, Running>();
  #lastSearchId = 0;
  /** Nothing is told any more: what a state is made of may be closed by now. */
  #isStopped = false;

  constructor(deps: SearchDeskDeps) {
    this.#deps = deps;
  }

  plan(request: SearchRequest): SearchPlan {
    const { scope, finder } = this.#read(request);
    return planOf(scope, finder);
  }

  /** Throws `api/invalid-argument`, `api/conflict` while the line is searched or tested. */
  start(request: SearchRequest): SearchState {
    const { scope, finder, address, record } = this.#read(request);
    const { loan, isShared } = this.#take(address, record);
    this.#lastSearchId += 1;
    const search = new Search({
      id: this.#lastSearchId,
      request,
      scope,
      finder,
      loan,
      isShared,
      lineSetting: ownSetting(record === null ? address : parseLineAddress(record.address)),
      clock: this.#deps.clock,
      pointOf: this.#deps.pointOf,
      neighbours: () => (record === null ? [] : this.#deps.neighbours(record.id)),
      onChanged: this.#coalesced(() => this.#deps.onSearch(search.state())),
    });
    this.#searches.push(search);
    this.#follow(address, search, isShared, search.run());
    this.#forgetOldest();
    return search.state();
  }

  /** Newest first. */
  searches(): SearchState[] {
    return this.#searches.map((search) => search.state()).reverse();
  }

  search(searchId: number): SearchState {
    return this.#search(searchId).state();
  }

  pause(searchId: number): SearchState {
    const search = this.#search(searchId);
    search.pause();
    return search.state();
  }

  resume(searchId: number): SearchState {
    const search = this.#search(searchId);
    search.resume();
    return search.state();
  }

  /** Ends after the exchange in work. */
  cancel(searchId: number): SearchState {
    const search = this.#search(searchId);
    search.cancel();
    return search.state();
  }

  log(searchId: number): ExchangeLog {
    return this.#search(searchId).log;
  }

  /** Tests a line of the plant with its meters. Throws `api/not-found`, `api/conflict`. */
  startTest(lineId: number, exchanges: number): LineTest {
    const { plant, clock, tests, logger } = this.#deps;
    const record = plant().lines.find(({ id }) => id === lineId);
    if (record === undefined) throw new AppError('api/not-found', `There is no line with number ${lineId}`, { context: { lineId } });
    const meters = metersOnLine(plant(), lineId).flatMap((meter) => this.#tested(meter));
    if (meters.length === 0) {
      throw new AppError('api/conflict', 'The line has no meters to test it with', {
        context: { line: record.name },
        hint: 'Search the line, or import its meters',
      });
    }
    const address = parseLineAddress(record.address);
    const { loan, isShared } = this.#take(address, record);
    const test = new LineTestRun({
      id: Math.max(tests.highestId(), ...this.#tests.keys(), 0) + 1,
      lineId,
      line: record.address,
      kind: address.kind,
      setting: ownSetting(address),
      meters,
      exchanges,
      loan,
      isShared,
      clock,
      onChanged: this.#coalesced(() => this.#deps.onTest(test.result())),
    });
    this.#tests.set(test.id, test);
    const run = test.run().then(() => {
      const result = test.result();
      if (result.state === 'cancelled') return;
      logger.info({ line: record.name, grade: result.grade, exchanges: result.exchanges }, 'the line was tested');
      tests.add(result);
      this.#tests.delete(test.id);
    });
    this.#follow(address, test, isShared, run);
    return test.result();
  }

  test(testId: number): LineTest {
    const test = this.#tests.get(testId)?.result() ?? this.#deps.tests.get(testId);
    if (test === null) throw new AppError('api/not-found', `There is no line test with number ${testId}`, { context: { testId } });
    return test;
  }

  cancelTest(testId: number): LineTest {
    this.#tests.get(testId)?.cancel();
    return this.test(testId);
  }

  /** Stored ones, newest first. */
  tests(lineId: number): LineTest[] {
    return this.#deps.tests.list(lineId);
  }

  /** Cancels everything and waits until the lines are given back. */
  async stop(): Promise<void> {
    await end([...this.#running.values()]);
    this.#isStopped = true;
  }

  /** Lines of the plant that a task has opened for itself: cancels it and waits until its line is free to be polled. */
  giveBack(): Promise<void> {
    const polled = this.#deps.plant().lines.map((line) => describeLineAddress(parseLineAddress(line.address)));
    return end(polled.flatMap((place) => this.#running.get(place) ?? []).filter(({ isShared }) => !isShared));
  }

  /** What still runs is never out of reach. */
  #forgetOldest(): void {
    if (this.#searches.length <= SEARCHES_KEPT) return;
    const running = new Set([...this.#running.values()].map(({ task }) => task));
    const oldest = this.#searches.findIndex((search) => !running.has(search));
    if (oldest >= 0) this.#searches.splice(oldest, 1);
  }

  #read(request: SearchRequest): { scope: SearchScope; finder: MeterFinder; address: LineAddress; record: LineRecord | null } {
    const given = parseLineAddress(request.line);
    const record = this.#deps.plant().lines.find((line) => isSamePlace(parseLineAddress(line.address), given)) ?? null;
    // The speed behind a gateway is a fact of the plant; that of a serial port is what the person wants to try.
    const address = record !== null && given.kind === 'tcp' ? parseLineAddress(record.address) : given;
    const finder = finderOf(this.#deps.drivers, request.driver);
    const known = record === null ? [] : metersOnLine(this.#deps.plant(), record.id).map((meter) => meter.address);
    return { scope: scopeOf(request, finder, address, known), finder, address, record };
  }

  #take(address: LineAddress, record: LineRecord | null): Taken {
    const place = describeLineAddress(address);
    if (this.#running.has(place)) {
      throw new AppError('api/conflict', 'The line is searched or tested already', {
        context: { line: place },
        hint: 'Wait for it to end, or cancel it',
      });
    }
    const lent = record === null ? null : this.#deps.lend(record.id);
    const text = formatLineAddress(address);
    const loan = lent ?? loanOfOwnLine(this.#deps.openLine(record ?? { id: 0, name: text, address: text }));
    return { loan, isShared: lent !== null };
  }

  #tested(meter: LinkedMeter): TestedMeter[] {
    const { address, serial } = meter;
    const finder = this.#deps.drivers.get(meter.driver)?.finder;
    return finder === undefined ? [] : [{ address, serial, finder, pointCode: this.#deps.pointOf(serial) }];
  }

  #search(searchId: number): Search {
    const search = this.#searches.find(({ id }) => id === searchId);
    if (search === undefined) throw new AppError('api/not-found', `There is no search with number ${searchId}`, { context: { searchId } });
    return search;
  }

  #follow(address: LineAddress, task: Running['task'], isShared: boolean, run: Promise<void>): void {
    const place = describeLineAddress(address);
    const ended = run
      .catch((error: unknown) => this.#deps.logger.error({ error }, 'a search or a line test ended with a fault of the program'))
      .finally(() => this.#running.delete(place));
    this.#running.set(place, { task, isShared, ended });
  }

  /** Calls `tell` at once, then at most once in a while; the last call is never lost before `stop`. */
  #coalesced(tell: () => void): () => void {
    let isWaiting = false;
    let isDue = false;
    const wait = () => {
      isWaiting = true;
      this.#deps.clock.after(TELL_EVERY_MS, () => {
        isWaiting = false;
        if (!isDue || this.#isStopped) return;
        isDue = false;
        tell();
        wait();
      });
    };
    return () => {
      if (isWaiting) {
        isDue = true;
        return;
      }
      tell();
      wait();
    };
  }
}

/** Throws `api/invalid-argument` for a driver that this version does not have. */
export function finderOf(drivers: ReadonlyMap<DriverId, MeterDriver>, driver: DriverId): MeterFinder {
  const found = drivers.get(driver);
  if (found === undefined) throw new AppError('api/invalid-argument', `Driver "${driver}" is not in this version`, { context: { driver } });
  return found.finder;
}

async function end(running: readonly Running[]): Promise<void> {
  for (const { task } of running) task.cancel();
  await Promise.all(running.map(({ ended }) => ended));
}

function isSamePlace(a: LineAddress, b: LineAddress): boolean {
  return describeLineAddress(a) === describeLineAddress(b);
}
