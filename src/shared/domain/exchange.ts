/** One request with its response on a line, as it really went over the wire: the provenance of every stored figure. */
export interface CompletedExchange {
  /** What was asked, in the protocol's words: `energy array 0 tariff 1`. */
  readonly label: string;
  /** Bytes sent. */
  readonly request: Uint8Array;
  /** The accepted frame, checksum included; `null` when the exchange failed. */
  readonly response: Uint8Array | null;
  /** Everything that arrived between the request and the end of the exchange, echo and noise included. */
  readonly received: Uint8Array;
  /** PC clock, milliseconds since 1970, when the first request byte left. */
  readonly sentAtMs: number;
  /** From the end of the request to the first byte back; `null` when nothing came. */
  readonly firstByteMs: number | null;
  /** From the first request byte to the last response byte or the time-out. */
  readonly durationMs: number;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** What a protocol makes of the bytes received so far after a request. Pure: the same bytes give the same answer. */
export type FrameMatch =
  /** More bytes are needed. `missing` is a lower bound, used for the time-out only. */
  | { readonly kind: 'incomplete'; readonly missing: number }
  /** A whole frame with a good checksum from the right address. */
  | { readonly kind: 'frame'; readonly frame: Uint8Array }
  /** A shorter frame that is valid by itself (a status reply): accepted when nothing follows for `settleMs`. */
  | { readonly kind: 'tentative'; readonly frame: Uint8Array; readonly settleMs: number }
  /** As many bytes as were expected and no good frame among them: accepted as the verdict when nothing follows. */
  | { readonly kind: 'damaged'; readonly code: 'transport/bad-checksum' | 'transport/wrong-address' | 'transport/unexpected-length' };

/** Waits of one exchange, milliseconds, by the protocol's table for the speed of the bus. */
export interface ExchangeTiming {
  /** Silence on the line before the request. */
  readonly silenceMs: number;
  /** From the end of the request to the first byte of the reply; the line adds its own channel's latency. */
  readonly firstByteMs: number;
  /** The longest pause inside a reply; the line adds its own channel's jitter. */
  readonly interByteMs: number;
  /** The whole wait for the first byte as learned for this meter, the channel's latency included; the table's own wait bounds it. */
  readonly learnedMs?: number;
}

export interface ExchangeRequest {
  /** In the protocol's words, without secrets: `open channel level 1`. */
  readonly label: string;
  readonly bytes: Uint8Array;
  /** True when the bytes hold a password: logs and traces show them masked. */
  readonly secret?: boolean;
  /** True where the table's wait is kept whatever was learned: a write or an opening takes a meter longer than a read. */
  readonly isPatient?: boolean;
  /** Length of the longest expected reply, for the time-out. 0 = a broadcast that nobody answers. */
  readonly replyBytes: number;
  readonly match: (received: Uint8Array) => FrameMatch;
  readonly timing: ExchangeTiming;
  readonly attempt?: number;
}

/** Bytes to be sent where every byte that comes back matters, whoever sent it: searches and line tests. */
export interface ListenRequest {
  readonly label: string;
  readonly bytes: Uint8Array;
  /** Silence on the line before the request, milliseconds. */
  readonly silenceMs: number;
  /** From the end of the request to the first byte, milliseconds: waited exactly, no allowance of the channel on top. */
  readonly waitMs: number;
  /** The longest pause once bytes come, milliseconds. */
  readonly interByteMs: number;
  /** Nothing more is needed of what came. Pure. */
  readonly isEnough: (received: Uint8Array) => boolean;
}

/** What came back; nothing is no fault here. */
export interface Heard {
  /** PC clock, milliseconds since 1970, when the first request byte left. */
  readonly sentAtMs: number;
  /** From the end of the request to the first byte; `null` when nothing came. */
  readonly firstByteMs: number | null;
  readonly durationMs: number;
  /** Bytes that came before the request left, while nobody had asked. */
  readonly strayBefore: Uint8Array;
  readonly received: Uint8Array;
  /** In how many pieces the bytes were handed over. */
  readonly segments: number;
}

/** A finished exchange with its accepted frame. */
export interface ExchangeReply {
  readonly frame: Uint8Array;
  readonly exchange: CompletedExchange;
}
