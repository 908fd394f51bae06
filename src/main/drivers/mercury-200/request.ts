import type { ExchangeRequest } from '../../../shared/domain/exchange.ts';
import type { Command200 } from '../../protocol/mercury-200/command.ts';
import { encodeFrame, matchReply, MAX_DATA, SHORTEST_FRAME } from '../../protocol/mercury-200/frame.ts';
import { timingOf } from './table.ts';

/** What a request has beside its command. */
export interface RequestOptions {
  readonly attempt?: number;
  /** Address in the reply, where it is not the one asked (a new address). */
  readonly replyAddress?: number;
  /** Only frames that pass are taken. */
  readonly accepts?: (frame: Uint8Array) => boolean;
}

/** A command as a request on the line. */
export function requestOf(address: number, command: Command200<unknown>, baudRate: number, options: RequestOptions = {}): ExchangeRequest {
  const { attempt = 1, replyAddress = address, accepts } = options;
  const { label, body, replyData } = command;
  const bytes = encodeFrame(address, body);
  const matchOptions = { request: bytes, ...(accepts === undefined ? {} : { accepts }) };
  return {
    label,
    bytes,
    replyBytes: SHORTEST_FRAME + (replyData === 'any' ? MAX_DATA : Math.max(...replyData)),
    match: (received) => matchReply(replyAddress, body[0] ?? 0, replyData, received, matchOptions),
    timing: timingOf(baudRate),
    attempt,
  };
}
