import type { ExchangeRequest, ListenRequest } from '../../shared/domain/exchange.ts';
import type { ChannelTiming } from './channel-timing.ts';

/** A request to listen as an exchange: every byte belongs to the answer, and the channel adds nothing to the waits. */
export function asListening(request: ListenRequest, channel: ChannelTiming): [ExchangeRequest, ChannelTiming] {
  const { label, bytes, silenceMs, waitMs, interByteMs, isEnough } = request;
  const match: ExchangeRequest['match'] = (received) =>
    isEnough(received) ? { kind: 'frame', frame: received } : { kind: 'incomplete', missing: 1 };
  return [
    { label, bytes, replyBytes: 1, match, timing: { silenceMs, firstByteMs: waitMs, interByteMs } },
    { ...channel, latencyMs: 0, leastInterByteMs: 0, jitterMs: 0 },
  ];
}
