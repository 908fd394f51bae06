/** One search of one line: identity reads alone, no channel opened, no password tried (mercury.md 13.3a). */
import { type AppError, asAppError } from '../../shared/api/errors.ts';
import type { LogEntry, SearchPlan, SearchState } from '../../shared/api/search.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import type { FoundReply, MeterFinder } from '../drivers/driver.ts';
import type { LineLoan } from '../engine/ports.ts';
import type { Clock } from '../platform/clock.ts';
import { BorrowedLine } from './borrowed-line.ts';
import { ExchangeLog } from './exchange-log.ts';
import { findingsOf } from './findings.ts';
import { CHECKS, planOf, PROBES, type SearchScope } from './plan.ts';
import { type Answer, Questioner } from './questioner.ts';
import { type AddressRecord, isOdd, LineRecord } from './record.ts';
import { Roster, type RosterDeps } from './roster.ts';
import { TaskControl } from './task.ts';

/** Addresses whose answers came damaged, or not at all though bytes came, are asked until there were so many asks. */
const UNCLEAR_ASKS = { quick: 4, thorough: 8 } as const;
const STRAY_ASKS = 2;
/** What follows a whole reply is waited for so many times. */
const ODD_ASKS = { quick: 3, thorough: 5 } as const;
/** So many answers from the address of all meters, all alike, are one meter's. */
const LONE_ASKS = 3;
/** Where several meters answer it at once, few asks bring an answer clear of the others. */
const CROWD_ASKS = 6;
/** A serial heard so often among colliding answers was not made up by chance. */
const CROWD_SIGHTINGS = 2;

export interface SearchDeps extends RosterDeps {
  readonly id: number;
  readonly scope: SearchScope;
  readonly finder: MeterFinder;
  readonly loan: LineLoan;
  /** Speed and format that the line has when it is lent. */
  readonly lineSetting: string;
  /** Others use the line between two slices. */
  readonly isShared: boolean;
  readonly clock: Clock;
  readonly neighbours: () => SearchState['neighbours'];
  readonly onExchange?: (entry: LogEntry) => void;
  /** Something of the state is another. */
  readonly onChanged?: () => void;
}

/** The search of one setting while it runs. */
interface Sweep {
  readonly record: LineRecord;
  readonly questioner: Questioner;
}

export class Search {
  readonly id: number;
  readonly log: ExchangeLog;
  readonly plan: SearchPlan;
  readonly #deps: SearchDeps;
  readonly #line: BorrowedLine;
  readonly #control = new TaskControl();
  readonly #roster: Roster;
  readonly #sweeps: Sweep[] = [];
  readonly #inScope: ReadonlySet<number>;
  readonly #startedAtMs: number;
  #startedMonotonicMs: number;
  #pausedAtMs: number | null = null;
  #state: 'running' | 'done' | 'cancelled' | 'failed' = 'running';
  #endedAtMs: number | null = null;
  #failure: AppError | null = null;
  #done = 0;
  /** Exchanges that are still to come, as far as is known. */
  #ahead: number;
  #setting: string | null = null;
  /** What the port is set to. */
  #tuned: string;
  #address: number | null = null;
  readonly #zeroOnly: FoundReply[] = [];
  #isSilent: boolean | null = null;
  #garbled: Uint8Array | null = null;

  constructor(deps: SearchDeps) {
    const { scope, finder, clock } = deps;
    this.id = deps.id;
    this.#deps = deps;
    this.#roster = new Roster(deps);
    this.#line = new BorrowedLine(deps.loan, clock, deps.isShared);
    this.log = new ExchangeLog(deps.onExchange ?? null);
    this.plan = planOf(scope, finder);
    this.#inScope = new Set([...scope.range, ...scope.wanted.flatMap(({ addresses }) => addresses)]);
    this.#ahead = this.#inScope.size * scope.settings.length * (scope.isThorough ? 2 : 1) + (this.#isComplete ? CROWD_ASKS : 0);
    this.#tuned = deps.lineSetting;
    this.#startedAtMs = clock.now();
    this.#startedMonotonicMs = clock.monotonic();
  }

  /** Looks until everything was asked. Never rejects: how it ended is in the state. */
  async run(): Promise<void> {
    try {
      for (const setting of await this.#liveSettings()) await this.#sweep(setting);
      await this.#lookForLoneMeter();
      await this.#lookBesideFound();
      this.#state = 'done';
    } catch (thrown) {
      const error = asAppError(thrown);
      this.#state = error.code === 'api/cancelled' ? 'cancelled' : 'failed';
      if (this.#state === 'failed') this.#failure = error;
    }
    this.#roster.announce(true);
    await this.#line.release();
    this.#ahead = 0;
    this.#address = null;
    this.#setting = null;
    this.#endedAtMs = this.#deps.clock.now();
    this.#deps.onChanged?.();
  }

  /** After the exchange in work. */
  pause(): void {
    this.#pausedAtMs ??= this.#deps.clock.monotonic();
    this.#control.pause();
    this.#deps.onChanged?.();
  }

  resume(): void {
    // As if it had begun so much later: a pause is no part of the pace.
    if (this.#pausedAtMs !== null) this.#startedMonotonicMs += this.#deps.clock.monotonic() - this.#pausedAtMs;
    this.#pausedAtMs = null;
    this.#control.resume();
    this.#deps.onChanged?.();
  }

  cancel(): void {
    this.#control.cancel();
  }

  /** What ended it before its time, with all that is known of it; `null` = nothing did. */
  get failure(): AppError | null {
    return this.#failure;
  }

  state(): SearchState {
    const { request, scope, clock } = this.#deps;
    const elapsedMs = (this.#pausedAtMs ?? clock.monotonic()) - this.#startedMonotonicMs;
    const isRunning = this.#state === 'running';
    // At first there is nothing to go by but the plan; later the pace includes the turns of the polling.
    const pace = this.#done < 10 ? (this.plan.seconds * 1000) / Math.max(1, this.#done + this.#ahead) : elapsedMs / this.#done;
    return {
      id: this.id,
      line: request.line,
      state: isRunning && this.#control.isPaused ? 'paused' : this.#state,
      isThorough: scope.isThorough,
      startedAt: isoUtc(this.#startedAtMs / 1000),
      endedAt: this.#endedAtMs === null ? null : isoUtc(this.#endedAtMs / 1000),
      done: this.#done,
      total: this.#done + this.#ahead,
      secondsLeft: isRunning ? Math.round((this.#ahead * pace) / 1000) : null,
      setting: this.#setting,
      address: this.#address,
      found: this.#roster.found,
      missing: scope.wanted.map(({ serial }) => serial).filter((serial) => !this.#roster.isFound(serial)),
      findings: this.#findings(),
      neighbours: this.#deps.neighbours(),
      error: this.#failure === null ? null : { code: this.#failure.code, message: this.#failure.message },
    };
  }

  #findings(): SearchState['findings'] {
    const questioners = this.#sweeps.map(({ questioner }) => questioner);
    const slow = questioners.flatMap(({ slowMs }) => slowMs ?? []);
    return findingsOf(
      this.#sweeps.map(({ record }) => record),
      {
        hasLongAddresses: this.#deps.finder.addresses === null,
        isComplete: this.#isComplete,
        isSilent: this.#isSilent,
        garbled: this.#garbled,
        zeroOnly: this.#zeroOnly.map(({ serial }) => serial),
        isClosedUpon: questioners.some((each) => each.isClosedUpon),
        isClosedUnasked: questioners.some((each) => each.isClosedUnasked),
        slowMs: slow.length === 0 ? null : Math.max(...slow),
      },
    );
  }

  /** Settings at which anybody is there: each is asked for by the address of all meters, and any byte is a sign of life. */
  async #liveSettings(): Promise<readonly string[]> {
    const { scope, finder } = this.#deps;
    const { universalAddress } = finder;
    if (scope.settings.length === 1 || universalAddress === null) return scope.settings;
    const lively: { setting: string; signs: number }[] = [];
    for (const setting of scope.settings) {
      const { questioner } = await this.#tune(setting);
      let signs = 0;
      for (let probe = 1; probe <= PROBES; probe += 1) {
        const { judged } = await this.#ask(questioner, universalAddress, questioner.patientMs);
        if (judged.verdict !== 'silence' && judged.verdict !== 'echo') signs += 1;
        // Two silences of two: the third could not make it lively.
        if (signs === 0 && probe === PROBES - 1) break;
      }
      if (signs > 0) lively.push({ setting, signs });
      else this.#ahead = Math.max(0, this.#ahead - this.#inScope.size * (scope.isThorough ? 2 : 1));
    }
    // One stray byte in three probes is noise where another setting answers each time.
    const least = Math.min(2, Math.max(0, ...lively.map(({ signs }) => signs)));
    return lively
      .filter(({ signs }) => signs >= least)
      .sort((a, b) => b.signs - a.signs)
      .map(({ setting }) => setting);
  }

  async #tune(setting: string): Promise<Sweep> {
    const { finder, clock, scope } = this.#deps;
    this.#setting = setting;
    await this.#retune(setting);
    const questioner = new Questioner({
      line: this.#line,
      finder,
      clock,
      log: this.log,
      gate: this.#control,
      setting,
      isThorough: scope.isThorough,
    });
    return { record: new LineRecord(setting), questioner };
  }

  async #retune(setting: string): Promise<void> {
    if (setting === this.#tuned) return;
    await this.#control.pass(() => this.#line.rest());
    await this.#line.ask((line) => line.retune(setting));
    this.#tuned = setting;
  }

  async #sweep(setting: string): Promise<void> {
    const { isThorough } = this.#deps.scope;
    const depth = isThorough ? 'thorough' : 'quick';
    const sweep = await this.#tune(setting);
    this.#sweeps.push(sweep);
    await this.#firstPass(sweep);
    await this.#askUnclear(sweep, UNCLEAR_ASKS[depth]);
    if (isThorough) {
      await this.#askSilent(sweep);
      await this.#askUnclear(sweep, UNCLEAR_ASKS[depth]);
    }
    await this.#check(sweep, CHECKS[depth], ODD_ASKS[depth]);
  }

  /** The serials' addresses, the likeliest of each first, then the range. Whoever answers late is asked again at once. */
  async #firstPass(sweep: Sweep): Promise<void> {
    const { wanted, range } = this.#deps.scope;
    const rounds = Math.max(0, ...wanted.map(({ addresses }) => addresses.length));
    const derived = Array.from({ length: rounds }, (_, round) =>
      wanted.flatMap(({ serial, addresses }) => (addresses[round] === undefined ? [] : [{ serial, address: addresses[round] }])),
    ).flat();
    const queue = [...derived, ...range.map((address) => ({ serial: null, address }))];
    for (const [index, { serial, address }] of queue.entries()) {
      if (sweep.record.of(address).asks > 0 || (serial !== null && this.#roster.isFound(serial))) continue;
      // Nobody asks after the last: its answer may come late, and the late ones of those before it.
      const isLast = index === queue.length - 1;
      await this.#askAt(sweep, address, isLast ? sweep.questioner.lastMs : sweep.questioner.quickMs);
      await this.#askOverheard(sweep);
    }
  }

  /** A reply that came while another address was asked tells where to ask again, and no more than that. */
  async #askOverheard(sweep: Sweep): Promise<void> {
    const isUnheard = (record: AddressRecord) =>
      this.#inScope.has(record.address) && record.serials.size === 0 && record.overheard.size > 0 && record.asks < UNCLEAR_ASKS.quick;
    for (;;) {
      const record = [...sweep.record.addresses.values()].find(isUnheard);
      if (record === undefined) return;
      await this.#askAt(sweep, record.address, sweep.questioner.patientMs);
    }
  }

  /** Bytes came and no reply among them. */
  async #askUnclear(sweep: Sweep, asks: number): Promise<void> {
    const isUnclear = (record: AddressRecord) =>
      this.#inScope.has(record.address) && record.serials.size === 0 && record.damaged + record.strays + record.overheard.size > 0;
    for (const record of [...sweep.record.addresses.values()].filter(isUnclear)) {
      // Stray bytes beside a silence are noise until a second ask brings more.
      const most = () => (record.damaged + record.overheard.size > 0 ? asks : STRAY_ASKS);
      while (record.serials.size === 0 && record.asks < most()) await this.#askAt(sweep, record.address, sweep.questioner.patientMs);
    }
  }

  async #askSilent(sweep: Sweep): Promise<void> {
    const silent = [...sweep.record.addresses.values()].filter(({ address, serials }) => this.#inScope.has(address) && serials.size === 0);
    for (const [index, record] of silent.entries()) {
      if (record.serials.size > 0) continue;
      const { lastMs, patientMs } = sweep.questioner;
      await this.#askAt(sweep, record.address, index === silent.length - 1 ? lastMs : patientMs);
      await this.#askOverheard(sweep);
    }
  }

  /** Whoever was found is asked once more: a second meter at the address shows itself by collisions, or by its own serial. */
  async #check(sweep: Sweep, checks: number, oddAsks: number): Promise<void> {
    for (const record of sweep.record.answering) {
      for (let check = 0; check < checks; check += 1) await this.#askAt(sweep, record.address, sweep.questioner.patientMs);
    }
    for (const record of [...sweep.record.addresses.values()].filter((each) => this.#inScope.has(each.address) && isOdd(each))) {
      for (let ask = 0; ask < oddAsks; ask += 1) await this.#askAt(sweep, record.address, sweep.questioner.patientMs, true);
    }
  }

  /** Nobody answered at an address of its own: the one meter of a line may answer the address of all. */
  async #lookForLoneMeter(): Promise<void> {
    const { universalAddress } = this.#deps.finder;
    const sweep = this.#sweeps[0];
    if (this.#roster.found.length > 0 || universalAddress === null) return;
    if (sweep === undefined) {
      // No setting showed a sign of life when all meters were asked at once.
      this.#isSilent = true;
      return;
    }
    if ([...sweep.record.addresses.values()].some(({ damaged }) => damaged > 0)) return;
    await this.#retune(sweep.record.setting);
    let signs = 0;
    let garbled: Uint8Array | null = null;
    let last: Answer | null = null;
    const serials = new Set<string>();
    for (let ask = 0; ask < LONE_ASKS; ask += 1) {
      last = await this.#ask(sweep.questioner, universalAddress, sweep.questioner.patientMs, true);
      if (last.judged.verdict !== 'silence' && last.judged.verdict !== 'echo') signs += 1;
      if (last.judged.verdict === 'damaged') garbled = last.judged.rest;
      serials.add(last.judged.own.map(({ serial }) => serial).join(' '));
    }
    this.#isSilent = signs === 0;
    if (signs < LONE_ASKS) this.#garbled = garbled;
    const [reply, ...more] = last?.judged.own ?? [];
    if (reply === undefined || more.length > 0 || serials.size > 1) return;
    this.#zeroOnly.push(reply);
    this.#roster.note(sweep.record, reply, last?.firstByteMs ?? null);
  }

  /**
   * Meters were found, and one more may answer the address of all alone. All of them answer that at once and collide
   * (mercury.md 13.2): it is told where its answer comes clear of the others, and no address hides a meter with that serial.
   */
  async #lookBesideFound(): Promise<void> {
    const { finder, scope } = this.#deps;
    const { universalAddress } = finder;
    const sweep = this.#sweeps.find(({ record }) => record.answering.length > 0);
    if (sweep === undefined || universalAddress === null || !this.#isComplete || !sweep.record.isClear) return;
    await this.#retune(sweep.record.setting);
    const replies: FoundReply[] = [];
    for (let ask = 0; ask < CROWD_ASKS; ask += 1) {
      const { judged } = await this.#ask(sweep.questioner, universalAddress, sweep.questioner.patientMs, true);
      replies.push(...judged.own);
    }
    const isStranger = ({ serial }: FoundReply) =>
      !this.#roster.isHeard(serial) && replies.filter((other) => other.serial === serial).length >= CROWD_SIGHTINGS;
    // A quick search has asked the silent addresses once: whoever missed that is no stranger.
    if (replies.some(isStranger) && !scope.isThorough) await this.#askSilent(sweep);
    if (!sweep.record.isClear) return;
    for (const reply of replies) {
      if (!isStranger(reply)) continue;
      this.#zeroOnly.push(reply);
      this.#roster.note(sweep.record, reply, null);
    }
  }

  /** Every legal address of the family is asked. */
  get #isComplete(): boolean {
    const { addresses } = this.#deps.finder;
    return addresses?.every((address) => this.#inScope.has(address)) === true;
  }

  async #askAt({ record, questioner }: Sweep, address: number, waitMs: number, isPatient = false): Promise<void> {
    const answer = await this.#ask(questioner, address, waitMs, isPatient);
    record.add(address, answer.replyBytes, answer.judged);
    if (record.of(address).answers === 1 && answer.judged.own.length > 0) this.#expectChecks();
    for (const reply of answer.judged.own) this.#roster.note(record, reply, answer.firstByteMs);
    if (answer.judged.own.length > 0) this.#roster.announce(false);
  }

  /** An address was expected to be silent, as most are; a thorough search would have asked it twice. */
  #expectChecks(): void {
    this.#ahead += this.#deps.scope.isThorough ? CHECKS.thorough - 1 : CHECKS.quick;
  }

  async #ask(questioner: Questioner, address: number, waitMs: number, isPatient = false): Promise<Answer> {
    this.#address = address;
    const answer = await questioner.ask({ address, waitMs, isPatient });
    this.#done += 1;
    this.#ahead = Math.max(0, this.#ahead - 1);
    this.#deps.onChanged?.();
    return answer;
  }
}
