/** Figures of metering points that came in a file of somebody else, such as the network company (layout 80020). */
import type { Channel } from './channel.ts';
import type { UtcSeconds } from './time.ts';

/** A file as it was brought in. */
export interface ReceivedFile {
  readonly id: number;
  readonly senderInn: string;
  readonly senderName: string;
  readonly messageClass: string;
  readonly number: number;
  /** ISO date of the data. */
  readonly day: string;
  /** yyyyMMddHHmmss as in the file. */
  readonly timestamp: string;
  readonly name: string;
  readonly sha256: string;
  readonly receivedUtc: UtcSeconds;
  readonly who: string;
}

/** One half-hour or hour: [start UTC, length s, exact decimal kWh or kvarh or null, 1 = commercial]. */
export type ReceivedInterval = readonly [startUtc: UtcSeconds, lengthS: number, energy: string | null, isCommercial: 0 | 1];

/** One channel of a point on one day. Of the files of one sender for one day the one with the larger number counts. */
export interface ReceivedDay {
  readonly senderInn: string;
  readonly areaInn: string;
  /** Code of the point in the file. */
  readonly pointCode: string;
  readonly channel: Channel;
  readonly day: string;
  /** In order of start. */
  readonly intervals: readonly ReceivedInterval[];
}

/** `known`: the same bytes were brought in before; `older`: a file with a larger number is there, this one is kept beside it. */
export type ReceivedOutcome = 'stored' | 'older' | 'known';
