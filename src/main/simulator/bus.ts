import type { Clock } from '../platform/clock.ts';
import type { MeterSpec } from './assembly.ts';
import { corrupt, isHit, misread, noise, truncate } from './damage.ts';
import type { FaultBoard } from './faults.ts';
import { hash, pick } from './hash.ts';
import { byteMs, misfit, silenceMs, spell, superpose, type TimedByte, type WireSettings } from './uart.ts';

/** Bytes that a gateway or an adapter gathers before it hands them over. */
const PORTION_BYTES = 16;
const UNIVERSAL_ADDRESS = 0x00;
const BROADCAST_ADDRESS = 0xfe;
const FORGIVEN_MS = 1;
const LATE_MS = 1000;
const NOISE_BYTES = 4;
/** Stray bytes of a silent line come so long after the exchange. */
const STRAY_MS = [5, 60] as const;
/** Share of collisions in which one meter's transceiver is so much stronger that it drowns the others. */
const DROWNING_RATE = 0.25;
/** Share of the requests with wrong settings of the sender that bring something back all the same. */
const MISFIT_RATE = 0.125;
const CHANCE = { loss: 51, late: 52, place: 53, stray: 54, drowning: 55, strongest: 56, misfit: 57 };

/** What a line needs of a meter. */
export interface MeterOnLine {
  readonly spec: MeterSpec;
  /** The address that it listens to now. */
  readonly address: number;
  /** Is the request for this meter alone? The universal address is everybody's. */
  hears(request: Uint8Array): boolean;
  /** The whole reply to a request that came with a good checksum; `null` = silence. */
  reply(request: Uint8Array): Uint8Array | null;
  /** Executes a broadcast. */
  obey(body: Uint8Array): void;
}

/** Whoever sends requests over a bus and hears what comes back: a client of the gateway, a serial port. */
export interface Master {
  /** What its side of the wire is set to; with other settings than the meters' it is not understood. */
  readonly settings: WireSettings;
  hear(bytes: Uint8Array): void;
}

/** What went over a line since its start; the figures that a bench compares line use with. A foreign master's part is not in it. */
export interface LineTraffic {
  readonly requests: number;
  readonly replies: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
  /** Sum of what the meters took before their first byte. */
  readonly meterMs: number;
  /** Requests that did not wait until the bus had been silent for 5 ms; real meters drop them. 1 ms is forgiven to the timers of a PC. */
  readonly hastyRequests: number;
}

export interface BusOptions {
  /** Name of the line. */
  readonly name: string;
  readonly meters: readonly MeterOnLine[];
  readonly clock: Clock;
  readonly faults: FaultBoard;
  readonly seed: number;
  /** Bytes take their time. Without it whatever is sent in one go comes at the moment of its first byte. */
  readonly hasWireTime: boolean;
  /** The one live setting of the bus: what all meters are set to. */
  readonly settings: WireSettings;
}

interface Exchange {
  readonly request: Uint8Array;
  /** `null` = the foreign master, whose bytes everybody hears. */
  readonly master: Master | null;
  /** Its number on the bus: the source of its chances. */
  readonly number: number;
  /** When the last byte of the request has arrived at the meters. */
  readonly endMs: number;
  /** The wire is not free before, though nothing more may be heard. */
  busyUntilMs: number;
  /** Something else was on the wire with the request: no meter understands it. */
  isSpoiled: boolean;
  heard: readonly TimedByte[];
  /** Bytes of `heard` that have been handed over. */
  played: number;
}

interface Reply {
  readonly bytes: Uint8Array;
  readonly startMs: number;
}

/**
 * The wire with its meters: half duplex, one exchange at a time. What a client sends meanwhile waits in the gateway; the
 * foreign master, which sits on the wire itself, waits for nobody, and nobody waits for it.
 */
export class SimulatedBus {
  readonly settings: WireSettings;
  readonly #options: BusOptions;
  readonly #meters: MeterOnLine[];
  readonly #masters = new Set<Master>();
  readonly #waiting: { readonly request: Uint8Array; readonly master: Master }[] = [];
  /** Ends of the timers that are not those of the exchange: bytes that come late or astray. */
  readonly #strays = new Set<() => void>();
  #exchange: Exchange | null = null;
  #cancel: () => void = () => {};
  /** When the last byte was on the bus. */
  #quietSinceMs = -Infinity;
  #count = 0;
  #traffic: LineTraffic = { requests: 0, replies: 0, requestBytes: 0, replyBytes: 0, meterMs: 0, hastyRequests: 0 };

  constructor(options: BusOptions) {
    this.#options = options;
    this.#meters = [...options.meters];
    this.settings = options.settings;
  }

  get traffic(): LineTraffic {
    return this.#traffic;
  }

  get meters(): readonly MeterOnLine[] {
    return this.#meters;
  }

  addMeter(meter: MeterOnLine): void {
    this.#meters.push(meter);
  }

  removeMeter(meter: MeterOnLine): void {
    const place = this.#meters.indexOf(meter);
    if (place >= 0) this.#meters.splice(place, 1);
  }

  /** From now on the master hears what is said on the bus by others. */
  join(master: Master): void {
    this.#masters.add(master);
  }

  leave(master: Master): void {
    this.#masters.delete(master);
  }

  /** A master that has joined sends a request. */
  request(request: Uint8Array, master: Master): void {
    const now = this.#options.clock.monotonic();
    const isHasty = this.#exchange !== null || now - this.#quietSinceMs < silenceMs(this.settings) - FORGIVEN_MS;
    if (isHasty) this.#add({ hastyRequests: 1 });
    if (this.#exchange?.master === null) {
      this.#collide(this.#exchange, request, master);
      return;
    }
    this.#waiting.push({ request, master });
    this.#next();
  }

  /** The foreign master sends a request, whoever else is talking. */
  intrude(request: Uint8Array): void {
    const exchange = this.#exchange;
    if (exchange === null) {
      this.#begin(request, null);
      return;
    }
    const now = this.#options.clock.monotonic();
    if (now < exchange.endMs) {
      exchange.isSpoiled = true;
      return;
    }
    // Both are heard, the AND of their bits where they overlap.
    const rest = exchange.heard.slice(exchange.played);
    const foreign = this.#timed(spell(request, now, this.settings));
    exchange.heard = this.#options.hasWireTime ? superpose([rest, foreign], this.settings) : [...foreign, ...rest];
    exchange.played = 0;
    this.#cancel();
    this.#play(exchange);
  }

  /** Forgets everything that is on its way. */
  clear(): void {
    this.#cancel();
    for (const cancel of this.#strays) cancel();
    this.#strays.clear();
    this.#waiting.length = 0;
    this.#exchange = null;
  }

  /** A request while the foreign master's exchange is on the wire: it is lost, and the sender is deaf while it sends. */
  #collide(exchange: Exchange, request: Uint8Array, master: Master): void {
    this.#add({ requests: 1, requestBytes: request.length });
    const now = this.#options.clock.monotonic();
    if (now < exchange.endMs) exchange.isSpoiled = true;
    const untilMs = now + this.#wireMs(request.length);
    const rest = exchange.heard.slice(exchange.played);
    exchange.heard = rest.filter(({ startMs }) => startMs >= untilMs);
    exchange.played = 0;
    if (this.#options.faults.onLine('echo', this.#options.name) !== null) this.#stray(untilMs, request, master);
    if (now < exchange.endMs) return;
    this.#cancel();
    this.#play(exchange);
  }

  #next(): void {
    if (this.#exchange !== null) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#add({ requests: 1, requestBytes: next.request.length });
    this.#begin(next.request, next.master);
  }

  #begin(request: Uint8Array, master: Master | null): void {
    this.#count += 1;
    const endMs = this.#options.clock.monotonic() + this.#wireMs(request.length, master?.settings);
    const exchange: Exchange = { request, master, number: this.#count, endMs, busyUntilMs: endMs, isSpoiled: false, heard: [], played: 0 };
    this.#exchange = exchange;
    this.#at(endMs, () => this.#deliver(exchange));
  }

  /** The request has arrived at the meters. What follows is timed from its end, so that late timers of the PC do not add up. */
  #deliver(exchange: Exchange): void {
    const { name, faults, seed } = this.#options;
    const { request, master, number, endMs } = exchange;
    const isEchoed = master === null || faults.onLine('echo', name) !== null;
    const echo =
      isEchoed && !exchange.isSpoiled ? this.#timed(spell(request, endMs - request.length * byteMs(this.settings), this.settings)) : [];
    const replies = this.#replies(exchange);
    const drowned = isHit(DROWNING_RATE, seed, CHANCE.drowning, number) && replies.length > 0;
    const strongest = drowned ? hash(seed, CHANCE.strongest, number) % replies.length : null;
    const answer = superpose(
      replies.map(({ bytes, startMs }) => spell(bytes, startMs, this.settings)),
      this.settings,
      strongest,
    );
    const around = this.#timed(this.#noise(exchange, answer));
    const isLost = this.#isLost('replies', exchange);
    const late = faults.onLine('late-reply', name);
    const isLate = late !== null && master !== null && !isLost && isHit(late.rate, seed, CHANCE.late, number);
    // The bus is free at the usual time, whatever the gateway makes of the reply.
    exchange.busyUntilMs = this.#endOf(around) ?? endMs;
    exchange.heard = isLost || isLate ? echo : [...echo, ...around];
    if (isLate && around.length > 0) this.#stray(exchange.busyUntilMs + (late.delay_ms ?? LATE_MS), bytesOf(around), master);
    this.#play(exchange);
  }

  #isLost(what: 'replies' | 'requests', { master, number }: Exchange): boolean {
    const { name, faults, seed } = this.#options;
    const loss = faults.onLine('loss', name);
    return loss !== null && master !== null && (loss.of ?? 'replies') === what && isHit(loss.rate, seed, CHANCE.loss, number);
  }

  /** What the meters say, each in its time, as it leaves the wire. */
  #replies(exchange: Exchange): Reply[] {
    const { name, faults, seed } = this.#options;
    const { request, master, number, endMs, isSpoiled } = exchange;
    if (isSpoiled || this.#isLost('requests', exchange) || faults.onLine('silent-line', name) !== null) return [];
    const missed = master === null ? null : misfit(master.settings, this.settings);
    if (missed !== null && !isHit(missed === 'far' ? 0 : MISFIT_RATE, seed, CHANCE.misfit, number)) return [];
    if (request[0] === BROADCAST_ADDRESS) {
      if (missed !== 'near') for (const each of this.#alive) each.obey(request.subarray(1, -2));
      return [];
    }
    const replies: Reply[] = [];
    for (const meter of this.#meant(request)) {
      const { spec } = meter;
      const chance = hash(seed, spec.seed);
      // At another speed no meter understands a word; what it says to that is one byte of rubbish.
      const whole = missed === 'near' ? noise(1, chance, number) : meter.reply(request);
      if (whole === null) continue;
      const latencyMs = spec.latencyMs + pick(hash(spec.seed, number), 0, spec.jitterMs);
      const bytes = missed === null ? this.#damaged(whole, chance, number) : misread(whole);
      if (master !== null) this.#add({ replies: 1, replyBytes: bytes.length, meterMs: latencyMs });
      replies.push({ bytes, startMs: endMs + latencyMs });
    }
    return replies;
  }

  #damaged(reply: Uint8Array, chance: number, number: number): Uint8Array {
    const { name, faults } = this.#options;
    return truncate(corrupt(reply, faults.rate('corrupt', name), chance, number), faults.rate('truncate', name), chance, number);
  }

  get #alive(): readonly MeterOnLine[] {
    return this.#meters.filter(({ spec }) => !this.#options.faults.isDead(spec.serial));
  }

  /** The meters that have to reply to a request. */
  #meant(request: Uint8Array): readonly MeterOnLine[] {
    const named = this.#alive.filter((meter) => meter.hears(request) && !this.#options.faults.isZeroOnly(meter.spec.serial));
    // An address of four bytes may begin with the universal one: whoever takes the request for its own answers alone.
    return named.length === 0 && request[0] === UNIVERSAL_ADDRESS ? this.#alive : named;
  }

  /** The answer with the stray bytes that come before or after it; those of a silent line go their own way. */
  #noise(exchange: Exchange, answer: readonly TimedByte[]): readonly TimedByte[] {
    const { name, faults, seed } = this.#options;
    const { master, number, endMs } = exchange;
    const fault = faults.onLine('noise', name);
    if (fault === null || master === null || !isHit(fault.rate, seed, CHANCE.stray, number)) return answer;
    const bytes = noise(fault.bytes ?? NOISE_BYTES, seed, number);
    const place = fault.place ?? (['before', 'after', 'between'] as const)[hash(seed, CHANCE.place, number) % 3];
    const first = answer[0];
    const answerEndMs = this.#endOf(answer) ?? endMs;
    if (first === undefined || place === 'between') {
      this.#stray(answerEndMs + pick(hash(seed, CHANCE.stray, number, 1), ...STRAY_MS), bytes, master);
      return answer;
    }
    if (place === 'after') return [...answer, ...spell(bytes, answerEndMs, this.settings)];
    const shiftMs = bytes.length * byteMs(this.settings);
    return [...spell(bytes, first.startMs, this.settings), ...answer.map(({ byte, startMs }) => ({ byte, startMs: startMs + shiftMs }))];
  }

  /** Hands over portion by portion, each when its last byte has come over the wire; a pause on the wire ends a portion. */
  #play(exchange: Exchange): void {
    const { heard, played: from, master } = exchange;
    const first = heard[from];
    if (first === undefined) {
      this.#at(exchange.busyUntilMs, () => this.#release());
      return;
    }
    const { hasWireTime, faults, name } = this.#options;
    const portion = faults.onLine('segments', name)?.bytes ?? (hasWireTime ? PORTION_BYTES : heard.length);
    let to = from + 1;
    while (to < heard.length && to < from + portion && this.#isJoined(heard, to)) to += 1;
    const say = () => {
      exchange.played = to;
      const bytes = bytesOf(heard.slice(from, to));
      for (const each of master === null ? this.#masters : [master]) {
        each.hear(master === null && misfit(this.settings, each.settings) !== null ? misread(bytes) : bytes);
      }
      this.#play(exchange);
    };
    // Without wire time a turn of the event loop keeps the portions of one reply apart.
    if (!hasWireTime && from > 0 && this.#isJoined(heard, from)) this.#later(say);
    else this.#at(hasWireTime ? (this.#endOf(heard.slice(from, to)) ?? 0) : first.startMs, say);
  }

  /** Without wire time all that is sent without a pause is there with its first byte. */
  #timed(bytes: readonly TimedByte[]): readonly TimedByte[] {
    if (this.#options.hasWireTime) return bytes;
    let startMs = 0;
    return bytes.map(({ byte, startMs: nominalMs }, at) => {
      if (at === 0 || !this.#isJoined(bytes, at)) startMs = nominalMs;
      return { byte, startMs };
    });
  }

  #isJoined(heard: readonly TimedByte[], at: number): boolean {
    return (heard[at]?.startMs ?? 0) - (heard[at - 1]?.startMs ?? 0) < byteMs(this.settings) * 1.5;
  }

  #release(): void {
    this.#exchange = null;
    this.#quietSinceMs = this.#options.clock.monotonic();
    this.#next();
  }

  /** When the last of the bytes has come; `null` without any. */
  #endOf(bytes: readonly TimedByte[]): number | null {
    const last = bytes.at(-1);
    return last === undefined ? null : last.startMs + (this.#options.hasWireTime ? byteMs(this.settings) : 0);
  }

  #wireMs(bytes: number, settings = this.settings): number {
    return this.#options.hasWireTime ? bytes * byteMs(settings) : 0;
  }

  #at(monotonicMs: number, run: () => void): void {
    const ms = monotonicMs - this.#options.clock.monotonic();
    if (ms <= 0) run();
    else this.#cancel = this.#options.clock.after(ms, run);
  }

  #later(run: () => void): void {
    const turn = setImmediate(run);
    this.#cancel = () => clearImmediate(turn);
  }

  #stray(monotonicMs: number, bytes: Uint8Array, master: Master): void {
    const { clock } = this.#options;
    const cancel = clock.after(Math.max(0, monotonicMs - clock.monotonic()), () => {
      this.#strays.delete(cancel);
      master.hear(bytes);
    });
    this.#strays.add(cancel);
  }

  #add(added: Partial<LineTraffic>): void {
    const sum = this.#traffic;
    this.#traffic = {
      requests: sum.requests + (added.requests ?? 0),
      replies: sum.replies + (added.replies ?? 0),
      requestBytes: sum.requestBytes + (added.requestBytes ?? 0),
      replyBytes: sum.replyBytes + (added.replyBytes ?? 0),
      meterMs: sum.meterMs + (added.meterMs ?? 0),
      hastyRequests: sum.hastyRequests + (added.hastyRequests ?? 0),
    };
  }
}

function bytesOf(timed: readonly TimedByte[]): Uint8Array {
  return Uint8Array.from(timed, ({ byte }) => byte);
}
