/** Names what is wrong with a polled line from the exchanges that go over it anyway. Asks nothing by itself. */
import { isSameBytes, startsWithBytes } from '../../../shared/domain/bytes.ts';
import type { Finding, FindingCode, FindingWeight } from '../../../shared/domain/finding.ts';
import type { ObservedExchange } from '../../line/bus.ts';
import { evidenceOf, foreignRequests, withoutEcho, type FrameRules } from '../../line/evidence.ts';
import { MeterTrace } from './meter-trace.ts';
import { Tally } from './tally.ts';

/** Judged anew so often: what is named is at most so old, and what ended is gone so long after its quiet time. */
const JUDGE_EVERY_MS = 10_000;
/** A whole line that gives no byte for so long, asked so often, is silent. */
const SILENCE_MS = 60_000;
const SILENT_REQUESTS = 5;
/** Shares below say nothing on fewer requests. */
const LEAST_REQUESTS = 30;
const LEAST_EVENTS = 3;
/** From this share on a fault of the line is named, and from that on it asks for attention; a named one lasts to half of it. */
const NAMED_SHARE = 0.005;
/** Requests that one late answer costs: its own, and repeated ones that are given up beside it. */
const LOST_TO_LATE = 3;
const LOSS_SHARE = 0.01;
const ATTENTION_SHARE = 0.03;
const LOSS_ATTENTION_SHARE = 0.05;
const ECHO_SHARE = 0.5;
/** Slower than any meter with its gateway near by (mercury.md 1, gateways.md 2). */
const SLOW_MS = 300;
const LATENCIES_KEPT = 100;
const LEAST_LATENCIES = 20;
/** Adapters and gateways hand over 16 bytes and more at once; answers shorter than this prove nothing. */
const SPLIT_BYTES = 8;
const LONG_ANSWER_BYTES = 19;
const LEAST_LONG_ANSWERS = 10;
/** A connection that ends so soon after it began, without a byte, so often in a row: somebody else has the only place. */
const REFUSED_WITHIN_MS = 5000;
const REFUSALS = 3;
const FOREIGN_FRAMES = 3;
const SOUND_SHARE = 0.1;
const FEW_SPOILED = 8;
const ONE_ADDRESS_SHARE = 0.8;
const MISREAD_EXCHANGES = 2;
const MISREAD_REQUESTS = 10;

export interface ObservedMeter {
  readonly id: number;
  readonly address: number;
  /** Bytes that every request to it begins with. */
  readonly prefix: Uint8Array;
  /** The identity read: only what answers it is a serial. */
  readonly identityRequest: Uint8Array;
  /** Serial in a whole identity reply from this address; `null` = there is none. */
  readonly serialIn: (bytes: Uint8Array) => string | null;
}

export interface LineObserverDeps {
  readonly kind: 'tcp' | 'serial';
  /** Speed and character format as the line's address says it. */
  readonly setting: string;
  readonly meters: readonly ObservedMeter[];
  readonly rules: FrameRules;
}

/** What holds of the line and of its meters, by name. */
export interface LineVerdict {
  readonly line: readonly Finding[];
  readonly meters: ReadonlyMap<number, readonly Finding[]>;
}

type Count =
  | 'requests'
  | 'whole'
  | 'damaged'
  | 'short'
  | 'lost'
  | 'late'
  | 'noise'
  | 'echo'
  | 'foreign'
  | 'long'
  | 'pieces'
  | 'piece-bytes';

const NOTHING: LineVerdict = { line: [], meters: new Map() };

/** Moments are monotonic milliseconds. */
export class LineObserver {
  readonly #deps: LineObserverDeps;
  readonly #tally = new Tally<Count>();
  readonly #traces: ReadonlyMap<ObservedMeter, MeterTrace>;
  readonly #latencies: number[] = [];
  #verdict: LineVerdict = NOTHING;
  #judgedAtMs = Number.NEGATIVE_INFINITY;
  /** The exchange before, where its late answer or its echo may still come; `null` after secret ones and after listening. */
  #previous: { readonly request: Uint8Array; readonly isAnswered: boolean } | null = null;
  /** Since when nobody has answered a byte, how often they were asked, and who. */
  #quiet: { sinceMs: number; requests: number; readonly asked: Set<ObservedMeter> } | null = null;
  /** What came since the last good answer, or since the first request: where none comes any more it tells why. */
  #sinceWhole = { atMs: Number.POSITIVE_INFINITY, requests: 0, garbled: 0, modbus: 0 };
  #hasHeard = false;
  #hasHeardSinceOpening = false;
  #openedAtMs: number | null = null;
  #refusals = 0;

  constructor(deps: LineObserverDeps) {
    this.#deps = deps;
    this.#traces = new Map(deps.meters.map((meter) => [meter, new MeterTrace()]));
  }

  /** As judged last. */
  get verdict(): LineVerdict {
    return this.#verdict;
  }

  opened(nowMs: number): void {
    this.#openedAtMs = nowMs;
    this.#hasHeardSinceOpening = false;
    this.#previous = null;
  }

  /** The line was torn away, or could not be opened. */
  lost(nowMs: number): void {
    const isRefusal = this.#openedAtMs !== null && nowMs - this.#openedAtMs <= REFUSED_WITHIN_MS && !this.#hasHeardSinceOpening;
    // Where nothing listens at all the place is not taken: the line is just down.
    this.#refusals = isRefusal ? this.#refusals + 1 : 0;
    this.#openedAtMs = null;
    this.#quiet = null;
    this.#judge(nowMs);
  }

  observe(observed: ObservedExchange, nowMs: number): void {
    const { exchange, code, isSecret, isListening, strayBefore } = observed;
    const previous = this.#previous;
    this.#previous = null;
    const isBroadcast = exchange.response !== null && exchange.response.length === 0;
    if (isListening || isSecret || isBroadcast || code?.startsWith('line/') === true || exchange.request.length === 0) {
      if (exchange.response !== null && exchange.response.length > 0) this.#heard();
      if (isSecret && code !== null) for (const trace of this.#traces.values()) trace.maybeUnanswered(nowMs);
      return;
    }
    this.#tally.add('requests', nowMs);
    this.#sinceWhole.requests += 1;
    this.#sinceWhole.atMs = Math.min(this.#sinceWhole.atMs, nowMs);
    if (previous !== null && strayBefore.length > 0) this.#judgeStray(strayBefore, exchange.request, previous, nowMs);
    this.#judgeExchange(observed, nowMs);
    this.#previous = { request: exchange.request, isAnswered: exchange.response !== null };
    if (nowMs - this.#judgedAtMs >= JUDGE_EVERY_MS) this.#judge(nowMs);
  }

  /** Bytes that came before the request, while nobody was waiting. */
  #judgeStray(
    stray: Uint8Array,
    request: Uint8Array,
    previous: { readonly request: Uint8Array; readonly isAnswered: boolean },
    nowMs: number,
  ): void {
    const { rules } = this.#deps;
    const foreign = foreignRequests(stray, rules, [request, previous.request]).length;
    if (foreign > 0) this.#tally.add('foreign', nowMs, foreign);
    else if (rules.isWhole(stray) && !isSameBytes(stray, previous.request)) this.#extraAnswer(stray, nowMs);
    // The rest of an answer that was given up, or a late echo, is no noise.
    else if (previous.isAnswered && !isSameBytes(stray, previous.request)) {
      this.#tally.add('noise', nowMs);
      this.#traceOf(previous.request)?.strayed(nowMs);
    }
  }

  #judgeExchange({ exchange, code, segments }: ObservedExchange, nowMs: number): void {
    const { rules } = this.#deps;
    const { request, received, response, label, firstByteMs } = exchange;
    const { body: rest, echoes } = withoutEcho(request, received);
    // An accepted answer needs no judging, and most are.
    const kind = response === null ? evidenceOf(request, received, rules).kind : null;
    const meter = this.#meterOf(request);
    const trace = meter === undefined ? undefined : this.#traces.get(meter);
    const key = request.join(' ');
    const asked = label.replaceAll(/\d+/g, '');
    if (echoes > 0) this.#tally.add('echo', nowMs);
    if (rest.length === 0) {
      trace?.unanswered(key, nowMs);
      this.#quiet ??= { sinceMs: nowMs, requests: 0, asked: new Set() };
      this.#quiet.requests += 1;
      if (meter !== undefined) this.#quiet.asked.add(meter);
      return;
    }
    this.#heard();
    if (meter !== undefined && isSameBytes(request, meter.identityRequest) && (response !== null || kind === 'frame')) {
      const serial = meter.serialIn(response ?? rest);
      if (serial !== null) trace?.heardSerial(serial, nowMs);
    }
    if (response !== null) {
      this.#tally.add('whole', nowMs);
      this.#sinceWhole = { atMs: nowMs, requests: 0, garbled: 0, modbus: 0 };
      const lost = trace?.answered(key, asked, response.length, nowMs) ?? 0;
      if (lost > 0) this.#tally.add('lost', nowMs, lost);
      if (rest.length > response.length) this.#judgeAround(rest, response, request, trace, nowMs);
      this.#measure(firstByteMs, segments, rest.length, nowMs);
      return;
    }
    if (kind === 'foreign') this.#tally.add('foreign', nowMs);
    else if (kind === 'modbus-tcp') this.#sinceWhole.modbus += 1;
    else if (kind === 'frame' && rest[1] === request[1] && code !== 'transport/wrong-address') trace?.repeatedCode();
    else if (kind === 'frame') {
      // It took the place of the answer, which is still to come.
      if (this.#extraAnswer(rest, nowMs)) trace?.maybeUnanswered(nowMs);
    } else {
      this.#sinceWhole.garbled += 1;
      const isShort = code === 'transport/short-frame' || trace?.isShort(asked, rest.length) === true;
      // A few bytes that do not even begin like an answer are noise in place of one.
      if (isShort && rest[0] !== request[0]) this.#tally.add('noise', nowMs);
      else this.#tally.add(isShort ? 'short' : 'damaged', nowMs);
      trace?.damaged(nowMs);
    }
  }

  /** What came with a good answer: somebody else's request, a late answer, or noise. */
  #judgeAround(rest: Uint8Array, response: Uint8Array, request: Uint8Array, trace: MeterTrace | undefined, nowMs: number): void {
    const { rules } = this.#deps;
    const at = placeOf(response, rest);
    const around = [rest.subarray(0, at), rest.subarray(at + response.length)].filter(({ length }) => length > 0);
    for (const bytes of around) {
      if (foreignRequests(bytes, rules, [request]).length > 0) this.#tally.add('foreign', nowMs);
      else if (rules.isWhole(bytes)) this.#extraAnswer(bytes, nowMs);
      else {
        this.#tally.add('noise', nowMs);
        trace?.trailed(nowMs);
      }
    }
  }

  /** A whole frame that answers nothing of now: a late answer (true), or one of two meters at its address. */
  #extraAnswer(frame: Uint8Array, nowMs: number): boolean {
    const trace = this.#traceOf(frame);
    const isLate = trace === undefined || trace.extraAnswer(nowMs);
    if (isLate) this.#tally.add('late', nowMs);
    return isLate;
  }

  #meterOf(bytes: Uint8Array): ObservedMeter | undefined {
    return this.#deps.meters.find(({ prefix }) => startsWithBytes(bytes, prefix));
  }

  #traceOf(bytes: Uint8Array): MeterTrace | undefined {
    const meter = this.#meterOf(bytes);
    return meter === undefined ? undefined : this.#traces.get(meter);
  }

  #measure(firstByteMs: number | null, segments: number, length: number, nowMs: number): void {
    if (firstByteMs !== null) {
      this.#latencies.push(firstByteMs);
      if (this.#latencies.length > LATENCIES_KEPT) this.#latencies.shift();
    }
    if (length < LONG_ANSWER_BYTES) return;
    this.#tally.add('long', nowMs);
    this.#tally.add('pieces', nowMs, segments);
    this.#tally.add('piece-bytes', nowMs, length);
  }

  #heard(): void {
    // After a silence of the whole line nobody was out by himself.
    if (this.#isSilent(Number.POSITIVE_INFINITY)) for (const trace of this.#traces.values()) trace.forgetSilence();
    this.#quiet = null;
    this.#hasHeard = true;
    this.#hasHeardSinceOpening = true;
    this.#refusals = 0;
  }

  /** Several meters were asked for long enough and not a byte came. */
  #isSilent(nowMs: number): boolean {
    const quiet = this.#quiet;
    if (quiet === null || quiet.requests < SILENT_REQUESTS || quiet.asked.size < 2) return false;
    return nowMs - quiet.sinceMs >= SILENCE_MS;
  }

  #judge(nowMs: number): void {
    this.#judgedAtMs = nowMs;
    const meters = new Map(this.#deps.meters.map((meter) => [meter.id, this.#ofMeter(meter, nowMs)] as const));
    const line = this.#ofLine(nowMs);
    // What spoils the whole line makes its meters come and go.
    const isLineAtFault = line.some(
      ({ code }) => code !== 'gateway-slow' && code !== 'gateway-splits' && code !== 'echo' && code !== 'noise',
    );
    if (isLineAtFault) drop(meters, ({ code }) => code === 'meter-flapping');
    this.#verdict = { line, meters };
  }

  #ofLine(nowMs: number): Finding[] {
    const whole = this.#wholeLine(nowMs);
    if (whole !== null) return [whole];
    const findings: Finding[] = [];
    const add = (code: FindingCode, weight: FindingWeight, params: Finding['params']) => findings.push({ code, weight, params });
    const sum = (name: Count) => this.#tally.sum(name, nowMs);
    const requests = sum('requests');
    const name = (code: FindingCode, events: number, of: number, from: number, attention: number) => {
      const least = this.#isNamed(code) ? from / 2 : from;
      if (of < LEAST_REQUESTS || events < LEAST_EVENTS || events / of < least) return;
      add(code, events / of >= attention ? 'attention' : 'info', { rate: percent(events / of) });
    };
    name('echo', sum('echo'), requests, ECHO_SHARE, ECHO_SHARE);
    const { latency, pieces } = this.#paces(nowMs);
    if (this.#deps.kind === 'tcp' && latency !== null && latency > SLOW_MS) add('gateway-slow', 'info', { ms: latency });
    if (this.#deps.kind === 'tcp' && pieces !== null && pieces < SPLIT_BYTES) add('gateway-splits', 'info', { bytes: pieces });
    const foreign = sum('foreign');
    if (foreign >= FOREIGN_FRAMES) {
      // Collisions with the other master explain what is damaged and lost.
      add('foreign-master', 'attention', { frames: foreign });
      return findings;
    }
    const answers = sum('whole') + sum('damaged') + sum('short');
    const ofOne = this.#spoiledAtOneAddress(nowMs);
    // What came late was lost to its request, and its bytes are no noise when they come beside the next one: it is named once.
    const noise = Math.max(0, sum('noise') - sum('late') - ofOne.trailed);
    name('noise', noise, requests, NAMED_SHARE, ATTENTION_SHARE);
    // What comes beside the answers comes within them as well, and not more often: an idle pair of wires catches more than a driven one.
    const explained = findings.some(({ code }) => code === 'noise') ? noise : 0;
    name('late-replies', sum('late'), requests, NAMED_SHARE, ATTENTION_SHARE);
    if (sum('lost') > LOST_TO_LATE * sum('late')) name('loss', sum('lost') - sum('late'), requests, LOSS_SHARE, LOSS_ATTENTION_SHARE);
    const spoiled = sum('damaged') + sum('short');
    // A few at one address may be the beginning of a collision; more are one, or else the line.
    if (spoiled - ofOne.collided < LEAST_EVENTS || (spoiled < FEW_SPOILED && ofOne.most >= spoiled * ONE_ADDRESS_SHARE)) return findings;
    name('corruption', sum('damaged') - explained, answers, NAMED_SHARE, ATTENTION_SHARE);
    name('truncation', sum('short'), answers, NAMED_SHARE, ATTENTION_SHARE);
    return findings;
  }

  /** Spoiled answers of the address that has most of them, of several, and of those where two meters answer. */
  #spoiledAtOneAddress(nowMs: number): { readonly most: number; readonly collided: number; readonly trailed: number } {
    let most = 0;
    let collided = 0;
    let trailedThere = 0;
    for (const trace of this.#traces.values()) {
      const { damaged, trailed } = trace.spoiled(nowMs);
      most = Math.max(most, damaged);
      if (trace.company(nowMs) === null) continue;
      collided += damaged;
      trailedThere += trailed;
    }
    return { most: this.#traces.size > 1 ? most : 0, collided, trailed: trailedThere };
  }

  /** What keeps every meter of the line from being read; one name explains it all. */
  #wholeLine(nowMs: number): Finding | null {
    const { kind, setting } = this.#deps;
    if (this.#refusals >= REFUSALS || (this.#refusals > 0 && this.#isNamed('gateway-busy')))
      return { code: 'gateway-busy', weight: 'fault', params: { attempts: this.#refusals } };
    const { atMs, requests, garbled, modbus } = this.#sinceWhole;
    if (nowMs - atMs < SILENCE_MS) return null;
    if (modbus >= LEAST_EVENTS) return { code: 'gateway-framing', weight: 'fault', params: {} };
    if (garbled >= MISREAD_EXCHANGES && requests >= MISREAD_REQUESTS && this.#traces.size > 1)
      return { code: 'wrong-parity', weight: 'fault', params: { setting } };
    if (!this.#isSilent(nowMs)) return null;
    const minutes = Math.floor((nowMs - (this.#quiet?.sinceMs ?? nowMs)) / 60_000);
    return kind === 'tcp' && this.#hasHeard
      ? { code: 'gateway-frozen', weight: 'fault', params: { minutes } }
      : { code: 'line-silent', weight: 'fault', params: { meters: this.#quiet?.asked.size ?? 0, minutes } };
  }

  #ofMeter(meter: ObservedMeter, nowMs: number): Finding[] {
    const trace = this.#traces.get(meter);
    if (trace === undefined) return [];
    if (trace.repeatsCode) return [{ code: 'repeat-code', weight: 'fault', params: {} }];
    // Late answers, and answers to another master, run into others, spoil them and come in their place.
    const isMixed = this.#tally.sum('late', nowMs) >= LEAST_EVENTS || this.#tally.sum('foreign', nowMs) > 0;
    const isTwo = trace.answersTwice(nowMs) || (trace.collides && !trace.owesAnswer(nowMs) && this.#othersAreSound(meter, nowMs));
    if (isTwo && !isMixed) trace.hasCompany(nowMs);
    const company = trace.company(nowMs);
    if (company !== null) {
      const serials = company.length > 1 ? company.join(', ') : null;
      return [{ code: 'duplicate-address', weight: 'fault', params: { address: meter.address, serials } }];
    }
    const flapping = trace.flapping(nowMs);
    return flapping === null ? [] : [{ code: 'meter-flapping', weight: 'attention', params: { ...flapping } }];
  }

  /** Damage at one address alone is a collision; where others suffer too it is the line. */
  #othersAreSound(meter: ObservedMeter, nowMs: number): boolean {
    let answers = 0;
    let damaged = 0;
    for (const [other, trace] of this.#traces) {
      if (other === meter || trace.collides) continue;
      const lately = trace.spoiled(nowMs);
      answers += lately.answers;
      damaged += lately.damaged + lately.trailed;
    }
    return answers >= LEAST_REQUESTS && damaged / answers < SOUND_SHARE;
  }

  #paces(nowMs: number): { readonly latency: number | null; readonly pieces: number | null } {
    const sorted = [...this.#latencies].sort((a, b) => a - b);
    const latency = sorted.length < LEAST_LATENCIES ? null : Math.round(sorted[sorted.length >> 1] ?? 0);
    const long = this.#tally.sum('long', nowMs);
    const pieces = long < LEAST_LONG_ANSWERS ? null : this.#tally.sum('piece-bytes', nowMs) / this.#tally.sum('pieces', nowMs);
    return { latency, pieces: pieces === null ? null : Math.round(pieces * 10) / 10 };
  }

  #isNamed(code: FindingCode): boolean {
    return this.#verdict.line.some((finding) => finding.code === code);
  }
}

function drop(meters: Map<number, Finding[]>, isExplained: (finding: Finding) => boolean): void {
  for (const [id, findings] of meters)
    meters.set(
      id,
      findings.filter((finding) => !isExplained(finding)),
    );
}

function percent(share: number): number {
  return Math.round(share * 1000) / 10;
}

/** Where a part stands in the whole; it is there. */
function placeOf(part: Uint8Array, whole: Uint8Array): number {
  for (let at = 0; at + part.length <= whole.length; at += 1) if (isSameBytes(whole.subarray(at, at + part.length), part)) return at;
  return 0;
}
