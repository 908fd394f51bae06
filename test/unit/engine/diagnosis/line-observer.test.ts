import { describe, expect, test } from 'vitest';
import { MERCURY_FRAMES } from '../../../../src/main/drivers/mercury-frames.ts';
import { LineObserver } from '../../../../src/main/engine/diagnosis/line-observer.ts';
import { encodeFrame } from '../../../../src/main/protocol/mercury/frame.ts';
import { identityReplies } from '../../../../src/main/protocol/mercury/identity.ts';
import type { ErrorCode } from '../../../../src/shared/api/errors.ts';

const NONE = new Uint8Array(0);
const MINUTE = 60_000;
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

interface Came {
  /** Everything that came, and what of it was accepted; left out = the good answer. */
  readonly received?: Uint8Array;
  readonly response?: Uint8Array;
  readonly code?: ErrorCode;
  readonly stray?: Uint8Array;
  readonly firstByteMs?: number;
  readonly segments?: number;
  readonly isListening?: boolean;
}

/** A line of meters 1..n that is polled in turn, one request every `periodMs` of a clock of its own. */
class Line {
  readonly observer: LineObserver;
  nowMs = 0;
  readonly #meters: number;
  #asked = 0;

  constructor(meters = 4, kind: 'tcp' | 'serial' = 'tcp') {
    this.#meters = meters;
    this.observer = new LineObserver({
      kind,
      setting: '9600-8N1',
      meters: Array.from({ length: meters }, (_, index) => ({
        id: index + 1,
        address: index + 1,
        prefix: Uint8Array.of(index + 1),
        identityRequest: encodeFrame(index + 1, [0x08, 0x00]),
        serialIn: (bytes) => identityReplies(bytes)[0]?.serial ?? null,
      })),
      rules: MERCURY_FRAMES,
    });
    this.observer.opened(0);
  }

  /** One exchange with the next meter, or with one of them; `came` says what came back, `null` = nothing. */
  ask(came: (answer: Uint8Array, request: Uint8Array, n: number) => Came | null, meter?: number, body?: readonly number[]): void {
    this.#asked += 1;
    const address = meter ?? (this.#asked % this.#meters) + 1;
    const request = encodeFrame(address, body ?? [0x05, 0x00, this.#asked % 5]);
    const answer = encodeFrame(
      address,
      [...Array(16).keys()].map((byte) => (byte * 7 + this.#asked) & 0x7f),
    );
    const outcome = came(answer, request, this.#asked);
    const isTimeout = outcome === null;
    const code = isTimeout ? 'transport/timeout' : (outcome.code ?? null);
    this.observer.observe(
      {
        exchange: {
          label: 'energy array 0 tariff 1',
          request,
          response: code === null && outcome?.isListening !== true ? (outcome?.response ?? answer) : null,
          received: isTimeout ? NONE : (outcome.received ?? answer),
          sentAtMs: this.nowMs,
          firstByteMs: isTimeout ? null : (outcome.firstByteMs ?? 20),
          durationMs: 40,
          attempt: 1,
        },
        code,
        isSecret: false,
        isListening: outcome?.isListening ?? false,
        strayBefore: outcome?.stray ?? NONE,
        segments: outcome?.segments ?? 1,
      },
      this.nowMs,
    );
  }

  /** `minutes` of polling, twelve requests a minute and meter. */
  poll(minutes: number, came: Parameters<Line['ask']>[0]): void {
    const end = this.nowMs + minutes * MINUTE;
    while (this.nowMs < end) {
      this.nowMs += 5000 / this.#meters;
      this.ask(came);
    }
  }

  get names(): string[] {
    return this.observer.verdict.line.map(({ code, weight }) => `${code} ${weight}`);
  }

  meterNames(id: number): string[] {
    return (this.observer.verdict.meters.get(id) ?? []).map(({ code }) => code);
  }
}

const good = () => ({});
const every = (n: number, came: Parameters<Line['ask']>[0]) => (answer: Uint8Array, request: Uint8Array, at: number) =>
  at % n === 0 ? came(answer, request, at) : {};
const flipped = (answer: Uint8Array) => answer.map((byte, at) => (at === 5 ? byte ^ 0x21 : byte));

describe('a healthy line', () => {
  test('has no name, however long it is polled', () => {
    const line = new Line();
    line.poll(60, good);
    expect(line.names).toEqual([]);
    for (const id of [1, 2, 3, 4]) expect(line.meterNames(id)).toEqual([]);
  });

  test('gets none from one dead meter, nor from a request that a meter does not know', () => {
    const line = new Line();
    line.poll(20, (_answer, request) => (request[0] === 2 || (request[0] === 3 && request[3] === 4) ? null : {}));
    expect(line.names).toEqual([]);
    expect(line.meterNames(2)).toEqual([]);
  });

  test('gets none from a search beside polling', () => {
    const line = new Line();
    line.poll(
      10,
      every(2, () => ({ isListening: true, received: NONE })),
    );
    expect(line.names).toEqual([]);
  });
});

describe('faults of a line are named, and gone five minutes after they have ended', () => {
  const cases: readonly (readonly [name: string, came: Parameters<Line['ask']>[0]])[] = [
    ['echo attention', (answer, request) => ({ received: join(request, answer) })],
    ['noise attention', every(10, (answer) => ({ received: join(Uint8Array.of(0xff, 0x31), answer) }))],
    ['noise attention', every(10, () => ({ stray: Uint8Array.of(0xff, 0x31) }))],
    ['noise info', every(60, () => ({ stray: Uint8Array.of(0xff, 0x31) }))],
    ['corruption attention', every(10, (answer) => ({ received: flipped(answer), code: 'transport/bad-checksum' }))],
    ['corruption info', every(61, (answer) => ({ received: flipped(answer), code: 'transport/bad-checksum' }))],
    ['truncation attention', every(9, (answer) => ({ received: answer.subarray(0, 11), code: 'transport/short-frame' }))],
    ['truncation attention', every(9, (answer) => ({ received: answer.subarray(0, 11), code: 'transport/unexpected-length' }))],
    ['loss attention', every(11, () => null)],
    ['gateway-slow info', () => ({ firstByteMs: 420 })],
    ['gateway-splits info', () => ({ segments: 5 })],
  ];
  test.each(cases)('%s', (name, came) => {
    const line = new Line();
    line.poll(3, good);
    line.poll(5, came);
    expect(line.names).toEqual([name]);
    line.poll(6, good);
    expect(line.names).toEqual([]);
  });

  describe('noise explains as many damaged answers as it left bytes in the silence', () => {
    /** Each third exchange is followed by stray bytes; of each six, so many answers have some within. */
    const noisy = (damaged: number) => (answer: Uint8Array, _request: Uint8Array, at: number) => ({
      stray: at % 3 === 0 ? Uint8Array.of(0xff, 0x31) : NONE,
      ...(at % 6 < damaged
        ? {
            received: join(answer.subarray(0, 8), Uint8Array.of(0xff, 0x31), answer.subarray(8)),
            code: 'transport/unexpected-length' as const,
          }
        : {}),
    });

    test('and no more: what is beyond that is damage', () => {
      const line = new Line();
      line.poll(6, noisy(1));
      expect(line.names).toEqual(['noise attention']);
      const worse = new Line();
      worse.poll(6, noisy(4));
      expect(worse.names).toEqual(['noise attention', 'corruption attention']);
    });

    test('and one address that it hits by chance more often than the others is not shared', () => {
      const line = new Line();
      line.poll(6, (answer, request, at) => ({
        ...noisy(0)(answer, request, at),
        ...noisy(request[0] === 2 && at % 8 < 4 ? 6 : 0)(answer, request, at),
      }));
      expect(line.meterNames(2)).toEqual([]);
    });
  });

  test('late answers, which are not called losses as well', () => {
    const line = new Line();
    let held: Uint8Array | null = null;
    line.poll(5, (answer, _request, at) => {
      const stray = held ?? NONE;
      held = null;
      if (at % 9 !== 0) return { stray };
      held = answer;
      return null;
    });
    expect(line.names).toEqual(['late-replies attention']);
  });

  test('a foreign master, which explains what its collisions spoil', () => {
    const line = new Line();
    line.poll(
      5,
      every(5, (answer, _request, at) =>
        at % 10 === 0
          ? { stray: join(encodeFrame(3, [0x08, 0x00]), encodeFrame(3, [41, 90, 64, 67, 22, 6, 20])) }
          : { received: flipped(answer), code: 'transport/bad-checksum' },
      ),
    );
    expect(line.names).toEqual(['foreign-master attention']);
  });
});

describe('what keeps a whole line from being read has one name', () => {
  test('a gateway that answered and gives no byte any more is frozen, another line is silent', () => {
    const frozen = new Line();
    frozen.poll(3, good);
    frozen.poll(1, () => null);
    expect(frozen.names).toEqual([]);
    frozen.poll(6, () => null);
    expect(frozen.names).toEqual(['gateway-frozen fault']);
    frozen.poll(1, good);
    expect(frozen.names).toEqual([]);
    for (const id of [1, 2, 3, 4]) expect(frozen.meterNames(id)).toEqual([]);

    const never = new Line();
    never.poll(2, () => null);
    expect(never.names).toEqual(['line-silent fault']);
    const serial = new Line(4, 'serial');
    serial.poll(3, good);
    serial.poll(7, () => null);
    expect(serial.names).toEqual(['line-silent fault']);
  });

  test('one silent meter alone on its line is the meter', () => {
    const line = new Line(1);
    line.poll(10, () => null);
    expect(line.names).toEqual([]);
  });

  test('an echo is no answer', () => {
    const line = new Line();
    line.poll(5, (_answer, request) => ({ received: request, code: 'transport/echo' }));
    expect(line.names).toEqual(['line-silent fault']);
  });

  test('a line that is observed since a moment ago is not judged by the hours before', () => {
    const line = new Line();
    line.nowMs = 300 * MINUTE;
    line.poll(0.5, (answer) => ({ received: flipped(answer), code: 'transport/bad-checksum' }));
    expect(line.names).not.toContain('wrong-parity fault');
    line.poll(1, (answer) => ({ received: flipped(answer), code: 'transport/bad-checksum' }));
    expect(line.names).toEqual(['wrong-parity fault']);
  });

  test('bytes without a frame are a wrong speed or parity, until the first frame', () => {
    const line = new Line();
    line.poll(5, (answer, _request, at) => (at % 8 === 0 ? { received: flipped(answer), code: 'transport/bad-checksum' } : null));
    expect(line.names).toEqual(['wrong-parity fault']);
    expect(line.observer.verdict.line[0]?.params).toEqual({ setting: '9600-8N1' });
    line.poll(10, () => null);
    expect(line.names).toEqual(['wrong-parity fault']);
    line.poll(1, good);
    expect(line.names).toEqual([]);
  });

  test('a gateway of Modbus TCP is known by its header', () => {
    const line = new Line();
    line.poll(2, (_answer, request) => ({
      received: Uint8Array.of(request[0] ?? 0, 5, 0, 0, 0, 3, request[0] ?? 0, 0x85, 0x0b),
      code: 'transport/unexpected-length',
    }));
    expect(line.names).toEqual(['gateway-framing fault']);
  });

  test('a place that is taken: connections that end at once, not a gateway that is off', () => {
    const line = new Line();
    const end = (isOpen: boolean) => {
      line.nowMs += 3000;
      if (isOpen) line.observer.opened(line.nowMs);
      line.observer.lost(line.nowMs + 20);
    };
    line.poll(1, good);
    for (let attempt = 0; attempt < 5; attempt += 1) end(false);
    expect(line.names).toEqual([]);
    for (let attempt = 0; attempt < 4; attempt += 1) end(true);
    expect(line.names).toEqual(['gateway-busy fault']);
    line.observer.opened(line.nowMs);
    line.poll(1, good);
    expect(line.names).toEqual([]);
  });
});

describe('faults of one meter', () => {
  test('two at one address: their answers collide while the others are sound', () => {
    const line = new Line();
    line.poll(5, (answer, request, at) =>
      request[0] === 2 && at % 3 !== 0 ? { received: flipped(answer), code: 'transport/bad-checksum' } : {},
    );
    expect(line.meterNames(2)).toEqual(['duplicate-address']);
    expect(line.names).toEqual([]);
    line.poll(6, good);
    expect(line.meterNames(2)).toEqual([]);
  });

  test('two at one address: both answer one request, one after the other', () => {
    const line = new Line();
    line.poll(5, (answer, request) => (request[0] === 2 ? { received: join(answer, encodeFrame(2, [1, 2, 3, 4])) } : {}));
    expect(line.meterNames(2)).toEqual(['duplicate-address']);
    expect(line.names).toEqual([]);
  });

  test('two at one address: two serials take turns; one that follows another is a replaced meter', () => {
    const identity = (serial: number) => encodeFrame(2, [41, 90, 64, serial, 22, 6, 20]);
    const hears = (line: Line, serial: number) =>
      line.ask(() => ({ received: identity(serial), response: identity(serial) }), 2, [0x08, 0x00]);
    const line = new Line();
    line.poll(2, good);
    for (const serial of [67, 67, 68]) hears(line, serial);
    line.poll(1, good);
    expect(line.meterNames(2)).toEqual([]);
    hears(line, 67);
    line.poll(1, good);
    expect(line.observer.verdict.meters.get(2)).toEqual([
      { code: 'duplicate-address', weight: 'fault', params: { address: 2, serials: '41906467, 41906468' } },
    ]);
  });

  test('one that comes and goes by the minute, within ten minutes', () => {
    const line = new Line();
    for (let minute = 0; minute < 5; minute += 1) {
      line.poll(1, good);
      line.poll(1, (_answer, request) => (request[0] === 3 ? null : {}));
    }
    line.poll(1, good);
    expect(line.meterNames(3)).toEqual(['meter-flapping']);
    expect(line.names).toEqual([]);
    expect(line.meterNames(2)).toEqual([]);
    line.poll(16, good);
    expect(line.meterNames(3)).toEqual([]);
  });

  test('one that repeats the code of the request', () => {
    const line = new Line();
    line.poll(2, (_answer, request) =>
      request[0] === 4 ? { received: encodeFrame(4, [0x05, ...Array(16).fill(3)]), code: 'transport/unexpected-length' } : {},
    );
    expect(line.meterNames(4)).toEqual(['repeat-code']);
  });
});
