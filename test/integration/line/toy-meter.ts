import { createBus, type Bus } from '../../../src/main/line/bus.ts';
import { channelTiming } from '../../../src/main/line/channel-timing.ts';
import { parseLineAddress } from '../../../src/main/line/line-address.ts';
import { createPort } from '../../../src/main/line/open-port.ts';
import type { Port } from '../../../src/main/line/port.ts';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import type { AppError } from '../../../src/shared/api/errors.ts';
import type { ExchangeRequest } from '../../../src/shared/domain/exchange.ts';

export const REQUEST = Uint8Array.of(0x5e, 0x08, 0x00, 0xaa, 0xbb);
/** Every byte value once: nothing on the way may translate or swallow one. */
export const REPLY = Uint8Array.from({ length: 256 }, (_, index) => (index + 0x5e) % 256);

export function request(over: Partial<ExchangeRequest> = {}): ExchangeRequest {
  return {
    label: 'everything',
    bytes: REQUEST,
    replyBytes: REPLY.length,
    timing: { silenceMs: 5, firstByteMs: 150, interByteMs: 25 },
    match: (received) =>
      received.length < REPLY.length
        ? { kind: 'incomplete', missing: REPLY.length - received.length }
        : received.every((byte, index) => byte === REPLY[index])
          ? { kind: 'frame', frame: received }
          : { kind: 'damaged', code: 'transport/bad-checksum' },
    ...over,
  };
}

export function lineOf(address: string): { port: Port; bus: Bus } {
  const parsed = parseLineAddress(address);
  const port = createPort(parsed, systemClock);
  return { port, bus: createBus(port, { clock: systemClock, logger: silentLogger, channel: channelTiming(parsed) }) };
}

export function nextLoss(bus: Bus): Promise<AppError> {
  return new Promise((resolve) => {
    bus.onLost(resolve);
  });
}

/** Answers with `answer` once a whole request is in. */
export function answerRequests(far: { onData(listener: (segment: Uint8Array) => void): unknown }, answer: () => void): void {
  let received = 0;
  far.onData((segment) => {
    received += segment.length;
    if (received < REQUEST.length) return;
    received -= REQUEST.length;
    answer();
  });
}
