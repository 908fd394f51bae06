import type { LineAddress } from './line-address.ts';

/** What the way to the bus adds to a protocol's own waits (gateways.md 2); all in milliseconds. */
export interface ChannelTiming {
  /** Speed of the bus, bits per second, behind the gateway where there is one. */
  readonly baudRate: number;
  /** Allowance on top of the wait for the first byte. */
  readonly latencyMs: number;
  /** The least pause inside a reply that is waited out: adapters and gateways hand over in portions. */
  readonly leastInterByteMs: number;
  /** Allowance on top of the longest pause inside a reply. */
  readonly jitterMs: number;
  /** The least bound for a whole reply once it has begun: ends what never stops chattering. */
  readonly leastReplyMs: number;
}

/** Local RS-485: 25 ms is the receiver's tolerance for long replies (mercury.md 1), 50 ms a USB adapter's scheduling. */
const SERIAL = { latencyMs: 50, leastInterByteMs: 25, jitterMs: 50, leastReplyMs: 1000 };
/** Ethernet converter: segments come late and split at will. */
const TCP = { latencyMs: 500, leastInterByteMs: 300, jitterMs: 0, leastReplyMs: 2000 };

/** Waits of the channel that a line's address implies. */
export function channelTiming(address: LineAddress): ChannelTiming {
  return { baudRate: address.settings.baudRate, ...(address.kind === 'serial' ? SERIAL : TCP) };
}

/** Time on the wire, milliseconds, at 11 bits a byte: the longest character format (mercury.md 1). */
export function transmissionMs(channel: ChannelTiming, bytes: number): number {
  return (bytes * 11 * 1000) / channel.baudRate;
}
