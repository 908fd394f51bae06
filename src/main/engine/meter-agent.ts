/** Everything Feeder does with one meter: what is due, the session it is done in, and what becomes of a fault. */
import { AppError, asAppError, hasCode, isLineFault, isTransient } from '../../shared/api/errors.ts';
import type { AbsenceReason } from '../../shared/domain/interval.ts';
import type { MeterConfiguration } from '../../shared/domain/meter-configuration.ts';
import type { LinkedMeter } from '../../shared/domain/plant.ts';
import type { InstantaneousValues } from '../../shared/domain/quantity.ts';
import type { UtcSeconds } from '../../shared/domain/time.ts';
import type { MeterDriver, MeterLink, MeterSession, ProfileHead } from '../drivers/driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { ClockReader } from './clock-reader.ts';
import { Errands } from './errands.ts';
import { FactsBook } from './facts-book.ts';
import { type Freeze, FrozenReader } from './frozen-reader.ts';
import { HealthRecord } from './health.ts';
import { JournalReader } from './journal-reader.ts';
import type { MeterLedger } from './ledger.ts';
import { type Batch, LedgerKeeper } from './ledger-keeper.ts';
import { LiveReader } from './live-reader.ts';
import { ProfileFollower } from './profile-follower.ts';
import type { PcClock } from './pc-clock.ts';
import { PastDaysReader } from './past-days-reader.ts';
import type { EngineStore } from './ports.ts';
import type { Range } from './ranges.ts';
import { isRefusal, Refusals } from './refusals.ts';
import { LearnedLink, type ReplyTimes } from './reply-times.ts';
import { RegistersReader } from './registers-reader.ts';
import { SessionKeeper } from './session-keeper.ts';
import { SettingsReader } from './settings-reader.ts';
import { StrangerWatch } from './stranger-watch.ts';
import type { PollPlan, Work, WorkClass } from './work.ts';

/** Answers in a row that prove that the right meter stands at its address again. */
const IDENTITY_PROOFS = 3;

export interface LiveState {
  readonly atUtc: UtcSeconds | null;
  readonly values: InstantaneousValues;
  readonly clockDeviationMs: number | null;
  /** The clock's mark says summer; `null` = it was not read. */
  readonly isMarkedSummer: boolean | null;
}

export interface AgentDeps {
  readonly meter: LinkedMeter;
  readonly driver: MeterDriver;
  readonly link: MeterLink;
  /** What was learned of the line that all its meters share. */
  readonly replyTimes: ReplyTimes;
  readonly baudRate: number;
  readonly store: EngineStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly plan: PollPlan;
  readonly pcClock: PcClock;
  /** Called after live values or the health of the meter changed. */
  readonly onLive: (meterId: number) => void;
  /** Called after intervals or registers became durable. */
  readonly onStored: (meterId: number, intervals: number) => void;
  /** Called after the clock of the meter was measured. */
  readonly onClock: (meterId: number, deviationMs: number) => void;
  /** Called after the settings of the meter were read. */
  readonly onConfiguration: (meterId: number, configuration: MeterConfiguration) => void;
  readonly onStoreFault: (error: unknown) => void;
  /** Called again and again while another meter is the only one that answers; may throw `store/*`. */
  readonly onStranger: (expected: LinkedMeter, serial: string, sinceUtc: UtcSeconds) => void;
}

export class MeterAgent {
  readonly meter: LinkedMeter;
  readonly health = new HealthRecord();
  readonly #deps: AgentDeps;
  readonly #keeper: LedgerKeeper;
  readonly #profile: ProfileFollower;
  readonly #frozen: FrozenReader;
  readonly #journals: JournalReader;
  readonly #pastDays: PastDaysReader;
  readonly #settings: SettingsReader;
  readonly #live: LiveReader;
  readonly #clock: ClockReader;
  readonly #registers: RegistersReader;
  readonly #facts: FactsBook;
  readonly #sessions: SessionKeeper;
  #isDescribed = false;
  #isLineDown = false;
  /** The line was not there when this meter was last thought of. */
  #isAway = true;
  /** Monotonic: what fell due while nothing could be done waits from here on. */
  #freeSince = 0;
  /** Since when work that falls due by itself, at no moment of its own, waits for its turn. */
  readonly #waitsSince = new Map<WorkClass, number>();
  readonly #refusals = new Refusals();
  readonly #errands = new Errands();

  constructor(deps: AgentDeps) {
    this.#deps = deps;
    this.meter = deps.meter;
    const { clock, plan } = deps;
    const save = (batch: Batch) => this.#keeper.save(batch);
    this.#facts = new FactsBook(deps.meter.facts, save);
    const { pcClock } = deps;
    this.#clock = new ClockReader({ clock, periodS: plan.clockPeriodS, meterId: deps.meter.id, pcClock, save, onMeasured: deps.onClock });
    const deviationMs = () => this.#clock.deviationMs;
    const isFilling = () => !this.#facts.keepsNoProfile && this.#keeper.next() !== null;
    this.#live = new LiveReader({ clock, plan, isFilling, save });
    this.#registers = new RegistersReader({ clock, plan, offsetMin: deps.meter.clock.offsetMin, deviationMs, save });
    const watch = new StrangerWatch({
      serial: deps.meter.serial,
      clock,
      onStranger: (serial, sinceUtc) => deps.onStranger(deps.meter, serial, sinceUtc),
    });
    this.#sessions = new SessionKeeper({ ...deps, watch, link: new LearnedLink(deps.link, deps.replyTimes) });
    this.#keeper = new LedgerKeeper({
      meterId: deps.meter.id,
      store: deps.store,
      clock,
      plan,
      facts: () => this.#facts.current,
      // Frozen registers are placed by our clock, as far as the meters do not say that it is wrong.
      deviationMs: () => (this.#facts.keepsNoProfile ? pcClock.errorMs : (deviationMs() ?? pcClock.errorMs)),
      nextTryAt: () => this.health.nextTryAt,
      onStored: (intervals) => deps.onStored(deps.meter.id, intervals),
      onStoreFault: deps.onStoreFault,
    });
    const parts = { keeper: this.#keeper, clock, deviationMs };
    this.#profile = new ProfileFollower({
      ...parts,
      deviationMs: () => this.#clock.ownDeviationMs,
      plan,
      facts: () => this.#facts.current,
      openSession: () => this.#openSession(),
      onRing: (head) => this.#learnRing(head),
    });
    this.#frozen = new FrozenReader({
      ...parts,
      pcClock,
      readClock: (session) => this.#clock.read(session),
    });
    this.#journals = new JournalReader({
      ...deps,
      meterId: deps.meter.id,
      periodS: plan.journalsPeriodS,
      onClockSetBack: (range) => this.#keeper.lookAgain(range),
    });
    this.#pastDays = new PastDaysReader({
      clock,
      isWanted: plan.mode === 'continuous',
      basis: this.meter.clock,
      known: (fromUtc, toUtc) => deps.store.dayStarts(this.meter.id, fromUtc, toUtc),
      save,
    });
    this.#settings = new SettingsReader({
      clock,
      isWanted: plan.journalsPeriodS !== null,
      onRead: (configuration) => deps.onConfiguration(deps.meter.id, configuration),
    });
    const { ringSlots, profilePeriodMin } = deps.meter.facts;
    const isRingKnown = ringSlots !== null && profilePeriodMin !== null;
    if (isRingKnown || this.isOnce) this.#keeper.open();
  }

  get ledger(): MeterLedger {
    return this.#keeper.ledger;
  }

  get isOnce(): boolean {
    return this.#deps.plan.mode === 'once';
  }

  get live(): LiveState {
    const { atUtc, values } = this.#live;
    const { deviationMs, isMarkedSummer } = this.#clock;
    return { atUtc, values, clockDeviationMs: deviationMs, isMarkedSummer };
  }

  get driver(): MeterDriver {
    return this.#deps.driver;
  }

  /** Its half-hours hang on a broadcast at each boundary. */
  get needsFreeze(): boolean {
    return this.#facts.keepsNoProfile && !this.isOnce && this.#frozen.isUsable;
  }

  /** A half-hour has ended by the PC's clock; `freeze` is null when the registers were not frozen in time. */
  halfHourEnded(boundaryUtc: UtcSeconds, freeze: Freeze | null): void {
    this.#live.halfHourEnded();
    if (this.#facts.keepsNoProfile && !this.isOnce) this.#frozen.halfHourEnded(boundaryUtc, freeze);
  }

  /** The point is on somebody's screen: read it faster for a while. */
  watch(): void {
    this.#live.watch();
  }

  /**
   * Work that a person waits for; the smaller `order` of a line goes first. Rejects with what `run` throws; at once where a
   * password or a serial was refused.
   */
  ask<T>(order: number, label: string, run: (session: MeterSession) => Promise<T>): Promise<T> {
    const blocked = this.#blocked();
    return blocked === null ? this.#errands.add(order, this.#deps.clock.monotonic(), label, run) : Promise.reject(blocked);
  }

  /** A person wants these intervals read again, also those that are stored or proven absent. */
  readAgain(range: Range): void {
    this.#keeper.readAgain(range);
  }

  /** Intervals of the period that are still to be read. */
  openIn(range: Range): number {
    return this.#keeper.openIn(range);
  }

  /** None of what persons wait for will be done. */
  dropErrands(error: AppError): void {
    this.#errands.failAll(error);
  }

  /** What a person waits for: offered to a silent meter too, and while the store refuses. */
  personWork(): Work | null {
    const errand = this.#errands.first;
    return errand === null ? null : this.#work('person', errand.askedAt, errand.label, () => this.#serve(), errand.order);
  }

  /** Every piece of work that may be done now; nothing else while a person waits. */
  offers(): readonly Work[] {
    const now = this.#deps.clock.monotonic();
    if (this.#isAway) {
      this.#isAway = false;
      this.#freeSince = now;
    }
    const personWork = this.personWork();
    if (personWork !== null) return [personWork];
    if (this.health.isBlocked && this.#keeper.ledger.window !== null) this.#keeper.extend();
    if (now < this.health.nextTryAt || this.isFinished()) return [];
    const offers = this.#dueWork(now).filter((work): work is Work => work !== null && now >= this.#refusals.pausedUntil(work.class));
    for (const workClass of this.#waitsSince.keys()) {
      if (!offers.some((work) => work.class === workClass)) this.#waitsSince.delete(workClass);
    }
    return offers;
  }

  #dueWork(now: number): readonly (Work | null)[] {
    if (this.health.health === 'wrong-serial') return [this.#identityWork(now)];
    if (!this.#isDescribed)
      return [this.#work('identify', this.#turnOf('identify', now), 'identify', () => this.#describe(), this.meter.id)];
    return [
      this.#clock.isStale ? null : this.#facts.keepsNoProfile ? this.#frozenWork(now) : this.#profile.boundaryWork(now),
      this.#liveWork(now),
      this.#registersWork(now),
      this.#clockWork(now),
      this.#settingsWork(now),
      this.#clock.isStale || this.#facts.keepsNoProfile ? null : this.#profile.backFillWork(this.#turnOf('back-fill', now)),
      this.#journalsWork(now),
      this.#pastDaysWork(now),
    ];
  }

  /** Monotonic moment at which `offers` may say something new; the worker sleeps until the earliest of its meters. */
  nextDueAt(): number {
    if (this.isFinished()) return Number.POSITIVE_INFINITY;
    // A meter that nobody asks goes on recording: each of its half-hours that ends is missing from then on.
    if (this.health.isBlocked) return this.#deps.clock.monotonic() + this.#keeper.secondsToPeriod() * 1000;
    if (this.health.failures > 0) return this.health.nextTryAt;
    const now = this.#deps.clock.monotonic();
    if (this.#deps.plan.mode === 'once') return now + 1000;
    if (!this.#isDescribed) return Math.max(now, this.#refusals.pausedUntil('identify'));
    const boundary = this.#clock.isStale || this.#facts.keepsNoProfile ? Number.POSITIVE_INFINITY : this.#profile.nextDueAt(now);
    const allowed = (workClass: WorkClass, dueAt: number) => Math.max(dueAt, this.#refusals.pausedUntil(workClass));
    return Math.min(
      allowed('live', this.#live.dueAt),
      allowed('registers', this.#registers.dueAt),
      allowed('clock', this.#clock.dueAt),
      allowed('clock', this.#settings.dueAt),
      allowed('journals', Math.min(this.#journals.dueAt, this.#pastDays.dueAt)),
      allowed('half-hour', boundary),
    );
  }

  /** `poll`: everything was read once and the fixed set is complete, or the meter was given up. */
  isFinished(): boolean {
    if (this.#deps.plan.mode !== 'once') return false;
    if (this.health.hasGivenUp(this.#deps.clock.monotonic())) return true;
    if (this.#refusals.isFinal('identify')) return true;
    const hasLive = this.#live.atUtc !== null || this.#refusals.isFinal('live');
    const hasRegisters = this.#registers.isComplete || this.#refusals.isFinal('registers');
    if (!this.#isDescribed || !hasLive || !hasRegisters) return false;
    if (this.#facts.keepsNoProfile || this.#refusals.isFinal('half-hour') || this.#refusals.isFinal('back-fill')) return true;
    return this.#profile.isComplete;
  }

  /** Runs a piece of work and turns what it throws into the meter's state; true = it is done. Line faults go up to the worker. */
  async perform(work: Work): Promise<boolean> {
    this.#waitsSince.delete(work.class);
    try {
      await work.run();
      this.#isLineDown = false;
      this.#refusals.clear(work.class);
      this.#facts.remember(this.#sessions.memory);
      const wasOk = this.health.health === 'ok';
      this.health.succeeded();
      if (!wasOk) {
        this.#freeSince = this.#deps.clock.monotonic();
        this.#keeper.blame('not-read', false);
        this.#deps.onLive(this.meter.id);
      }
      return true;
    } catch (thrown) {
      const error = asAppError(thrown);
      if (isLineFault(error)) {
        this.dropSession();
        throw error;
      }
      this.#isLineDown = false;
      this.#facts.remember(this.#sessions.memory);
      this.#failed(work, error);
      return false;
    }
  }

  #failed(work: Work, error: AppError): void {
    const { clock, logger } = this.#deps;
    if (error.code.startsWith('store/')) {
      this.#deps.onStoreFault(error);
      return;
    }
    const fields = { meter: this.meter.serial, work: work.label, code: error.code, error: error.message, ...error.context };
    if (error.code === 'bug')
      logger.error({ ...fields, stack: error.cause instanceof Error ? error.cause.stack : undefined }, 'a fault of the program');
    else logger.warn(fields, 'work on a meter failed');
    if (isRefusal(error)) {
      this.#refusals.add(work.class, clock.monotonic());
      if (error.code === 'meter/unsupported' && work.class === 'half-hour' && !this.#facts.keepsNoProfile) this.#withoutProfile();
      return;
    }
    this.dropSession();
    if (hasCode(error, 'session/denied')) this.#denied(error);
    else if (hasCode(error, 'meter/wrong-serial')) this.health.metStranger(error.code, clock.monotonic());
    else if (this.health.health === 'wrong-serial') this.health.heardNobody(clock.monotonic());
    else this.health.failed(error.code, clock.monotonic());
    if (!this.health.isBlocked) this.#freeSince = this.health.nextTryAt;
    const blocked = this.#blocked();
    if (blocked !== null) this.dropErrands(blocked);
    this.#keeper.blame(this.health.absence, true);
    this.#deps.onLive(this.meter.id);
  }

  /** A meter that nobody has entered a password for is never asked again, whatever becomes of this program. */
  #denied(error: AppError): void {
    this.health.denied(error.code);
    if (this.meter.quarantinedUtc === null) return;
    try {
      this.#deps.store.refusedInQuarantine(this.meter.id);
    } catch (fault) {
      this.#deps.onStoreFault(fault);
    }
  }

  /** Polling ends: what was gathered and not yet handed over goes to the store. */
  end(): void {
    this.#live.end();
  }

  /** The line closed, or the conversation went wrong: start with identity next time. */
  dropSession(): void {
    this.#sessions.drop();
    this.#profile.forgetHead();
  }

  /** The line cannot be opened: nothing of this meter can be had for now. */
  lineDown(error: AppError): void {
    this.#isAway = true;
    this.dropSession();
    this.dropErrands(error);
    if (this.#isLineDown) {
      this.#keeper.extend();
      return;
    }
    this.#isLineDown = true;
    this.#keeper.blame('line-down', false);
    this.#deps.onLive(this.meter.id);
  }

  get isLineDown(): boolean {
    return this.#isLineDown;
  }

  /** Why this meter's intervals are absent for now. */
  get absence(): AbsenceReason {
    return this.#isLineDown ? 'line-down' : this.health.absence;
  }

  #work(workClass: WorkClass, dueAt: number, label: string, run: () => Promise<void>, order = dueAt): Work {
    return { class: workClass, dueAt: Math.max(dueAt, this.#freeSince, this.#refusals.pausedUntil(workClass)), order, label, run };
  }

  /** Since when work of a class without moments of its own waits. */
  #turnOf(workClass: WorkClass, now: number): number {
    const since = Math.max(this.#waitsSince.get(workClass) ?? now, this.#freeSince);
    this.#waitsSince.set(workClass, since);
    return since;
  }

  #openSession(): Promise<MeterSession> {
    return this.#sessions.open(this.#facts.current.memory);
  }

  /** Does the errand that has waited longest, once. Only what says that the meter is out of reach becomes the meter's own state. */
  async #serve(): Promise<void> {
    const errand = this.#errands.take();
    if (errand === null) return;
    let hasSession = false;
    try {
      const session = await this.#openSession();
      hasSession = true;
      await errand.perform(session);
    } catch (thrown) {
      const error = asAppError(thrown);
      errand.fail(error);
      if (!hasSession || isLineFault(error) || isTransient(error) || error.code === 'meter/wrong-serial') throw error;
      // Another level's password was refused: the channel that polling uses is closed now, and no more than that.
      if (error.code.startsWith('session/')) this.dropSession();
    }
  }

  /** Why nobody may ask this meter anything: a refused password is never tried again by itself, and another meter is not ours to ask. */
  #blocked(): AppError | null {
    if (!this.health.isBlocked || this.health.code === null) return null;
    return new AppError(this.health.code, `Meter ${this.meter.serial} is not asked any more until a person has looked at it`, {
      context: { meter: this.meter.serial },
    });
  }

  /**
   * Another meter has answered: no password goes out and nothing is read before the right one has answered several times in a row.
   * Of two meters at one address each is the louder one now and then.
   */
  #identityWork(now: number): Work {
    const prove = () => this.#sessions.proveIdentity(IDENTITY_PROOFS);
    return this.#work('identify', this.#turnOf('identify', now), 'identity', prove, this.meter.id);
  }

  async #describe(): Promise<void> {
    let session = await this.#openSession();
    let { value } = await session.describe();
    const { firmware } = this.#facts.current;
    if (firmware !== null && firmware !== value.firmware) {
      // What the former firmware refused, this one may know: begin with a session that remembers nothing.
      this.#sessions.drop();
      session = await this.#sessions.open({});
      ({ value } = await session.describe());
    }
    this.#facts.described(value, session.memory);
    try {
      await this.#clock.read(session);
    } catch (error) {
      // A meter that does not tell its time still has registers and values; its deviation stays unknown.
      if (!isRefusal(asAppError(error))) throw error;
      this.#clock.postpone();
    }
    this.#isDescribed = true;
    this.#keeper.open();
    this.#facts.save();
    // The last half-hour before now is no interval of an hourly profile: what is expected is told once the period is known.
    if (this.#facts.current.profilePeriodMin !== null) this.#keeper.saveRows();
    if (value.hasProfile === false) this.#withoutProfile();
  }

  /** The meter keeps no profile: what it did before now is lost, from now on its registers are frozen at every half-hour. */
  #withoutProfile(): void {
    this.#facts.learnNoProfile();
    this.#frozen.settlePast();
  }

  /** As urgent as the clock, and a few exchanges once a day. */
  #settingsWork(now: number): Work | null {
    if (now < this.#settings.dueAt) return null;
    return this.#work('clock', this.#settings.dueAt, 'settings', async () => this.#settings.read(await this.#openSession()));
  }

  #clockWork(now: number): Work | null {
    if (now < this.#clock.dueAt || this.isOnce) return null;
    return this.#work('clock', this.#clock.dueAt, 'clock', async () => this.#clock.read(await this.#openSession()));
  }

  #liveWork(now: number): Work | null {
    if (now < this.#live.dueAt) return null;
    // After a start the screens are empty, and somebody looks at them.
    const isAwaited = this.#live.isWatched || this.#live.atUtc === null;
    return this.#work(isAwaited ? 'screen' : 'live', this.#live.dueAt, 'instantaneous', async () => {
      await this.#live.read(await this.#openSession());
      this.#deps.onLive(this.meter.id);
    });
  }

  #registersWork(now: number): Work | null {
    const task = this.#registers.next(now);
    if (task === null) return null;
    return this.#work('registers', this.#registers.dueAt, `registers ${task.kind}`, async () =>
      this.#registers.read(await this.#openSession(), task),
    );
  }

  /** Registers of the last boundary, of a meter without a profile: those that move on go before everything, the frozen ones can wait a little. */
  #frozenWork(now: number): Work | null {
    if (!this.#facts.keepsNoProfile || !this.#frozen.isDue) return null;
    const order = this.#frozen.isHurried ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    const read = async () => this.#frozen.read(await this.#openSession());
    return this.#work('half-hour', this.#turnOf('half-hour', now), 'frozen registers', read, order);
  }

  /** As little urgent as the journals: they decide of days that are long over. */
  #pastDaysWork(now: number): Work | null {
    if (now < this.#pastDays.dueAt) return null;
    return this.#work('journals', this.#pastDays.dueAt, 'registers of earlier days', () => this.#pastDays.read(() => this.#openSession()));
  }

  #journalsWork(now: number): Work | null {
    if (now < this.#journals.dueAt) return null;
    return this.#work('journals', this.#journals.dueAt, 'journals', async () => this.#journals.read(await this.#openSession()));
  }

  #learnRing(head: ProfileHead): void {
    this.#facts.learnRing(head);
    this.#keeper.open();
    this.#keeper.saveRows();
  }
}
