import { AppError } from '../../src/shared/api/errors.ts';
import type { ExchangeReply, ExchangeRequest } from '../../src/shared/domain/exchange.ts';
import type { MeterLink } from '../../src/main/drivers/driver.ts';
import type { Port } from '../../src/main/line/port.ts';

/** The least that can stand between a driver and a port whose answer is there when the write is done: no waits, no silences. */
export class PortLink implements MeterLink {
  readonly #port: Port;

  constructor(port: Port) {
    this.#port = port;
  }

  async exchange(request: ExchangeRequest): Promise<ExchangeReply> {
    const received: number[] = [];
    const unsubscribe = this.#port.onData((segment) => received.push(...segment));
    await this.#port.write(request.bytes);
    unsubscribe();
    const bytes = Uint8Array.from(received);
    if (bytes.length === 0) throw new AppError('transport/timeout', 'nothing came');
    const match = request.match(bytes);
    if (match.kind === 'incomplete') throw new AppError('transport/short-frame', 'too little came');
    if (match.kind === 'damaged') throw new AppError(match.code, 'no frame came');
    return {
      frame: match.frame,
      exchange: {
        label: request.label,
        request: request.bytes,
        response: match.frame,
        received: bytes,
        sentAtMs: 0,
        firstByteMs: 0,
        durationMs: 0,
        attempt: request.attempt ?? 1,
      },
    };
  }
}
