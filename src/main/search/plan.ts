/** What a search asks, in which order, and how long that takes at most. Pure: nothing is sent. */
import { AppError } from '../../shared/api/errors.ts';
import type { SearchPlan, SearchRequest } from '../../shared/api/search.ts';
import type { MeterFinder } from '../drivers/driver.ts';
import type { LineAddress } from '../line/line-address.ts';

/** Share of the legal wait for the first byte that the first pass waits: 60 of 150 ms at 9600; less where every silent address is asked again. */
const FIRST_PASS_SHARES = { quick: 0.4, thorough: 1 / 3 } as const;
/** How often all meters are asked at once at each setting, to see whether anybody is there. */
export const PROBES = 3;
/** How often a meter that was found is asked once more: what shares its address shows itself in one answer of two to four. */
export const CHECKS = { quick: 1, thorough: 3 } as const;
/** Closing and opening a serial port for another setting. */
const RETUNE_MS = 50;
/** Timers of a PC and the hand-over of a port, each exchange. */
const OVERHEAD_MS = 3;
/** Bits of a character in the longest format. */
const CHARACTER_BITS = 11;

/** One serial that is looked for, and where the maker's rule puts it. */
export interface Wanted {
  readonly serial: string;
  /** The likeliest first. */
  readonly addresses: readonly number[];
}

export interface SearchScope {
  /** `2400-8O1`, in the order in which they are tried; one alone is not probed. */
  readonly settings: readonly string[];
  readonly wanted: readonly Wanted[];
  /** Addresses to go through after the serials, the likeliest first. */
  readonly range: readonly number[];
  readonly isThorough: boolean;
}

/** Waits of one setting, milliseconds. */
export interface Waits {
  /** From the end of the request to the first byte, in the first pass. */
  readonly quickMs: number;
  /** As long as the documents allow. */
  readonly legalMs: number;
  readonly silenceMs: number;
  readonly interByteMs: number;
  readonly requestMs: number;
  readonly replyMs: number;
}

/**
 * Reads a request against what can be searched for. Throws `api/invalid-argument`: settings behind a gateway, addresses that
 * the family does not have, nothing to ask. `known` are addresses where meters of the plant stand: asked before the others.
 */
export function scopeOf(request: SearchRequest, finder: MeterFinder, line: LineAddress, known: readonly number[]): SearchScope {
  if (line.kind === 'tcp' && request.settings.length > 0) {
    throw new AppError('api/invalid-argument', "A gateway's far speed cannot be changed from here", {
      context: { line: request.line, settings: request.settings },
      hint: 'Set speed and format in the gateway, and leave --speeds out',
    });
  }
  const wanted = [...new Set(request.serials)].map((serial) => ({ serial, addresses: finder.addressesOf(serial) }));
  const range = rangeOf(request, finder);
  if (wanted.length === 0 && range.length === 0) {
    throw new AppError('api/invalid-argument', 'Meters of this family have too many addresses to ask each: give their serials', {
      context: { driver: request.driver },
      hint: 'Paste the serials from the plates or the list of the plant',
    });
  }
  // The maker's rule makes the low addresses the likeliest: 1 to 99 come from nearly all serials, 100 to 239 from one of four.
  const likely = range.filter((address) => known.includes(address));
  return {
    settings: request.settings.length > 0 ? [...new Set(request.settings)] : [ownSetting(line)],
    wanted,
    range: [...likely, ...range.filter((address) => !known.includes(address))],
    isThorough: request.isThorough,
  };
}

/** The setting in a line's address: `9600-8N1`. */
export function ownSetting({ settings }: LineAddress): string {
  return `${settings.baudRate}-${settings.format}`;
}

export function baudRateOf(setting: string): number {
  return Number.parseInt(setting, 10);
}

export function waitsOf(finder: MeterFinder, baudRate: number, isThorough: boolean): Waits {
  const { silenceMs, firstByteMs, interByteMs } = finder.timing(baudRate);
  const address = finder.addresses?.[0] ?? 1;
  const { bytes, replyBytes } = finder.request(address, baudRate);
  const wireMs = (length: number) => (length * CHARACTER_BITS * 1000) / baudRate;
  return {
    quickMs: Math.round(firstByteMs * FIRST_PASS_SHARES[isThorough ? 'thorough' : 'quick']),
    legalMs: firstByteMs,
    silenceMs,
    interByteMs,
    requestMs: wireMs(bytes.length),
    replyMs: wireMs(replyBytes),
  };
}

/** The longest that it takes when every setting is alive. */
export function planOf(scope: SearchScope, finder: MeterFinder): SearchPlan {
  const addresses = new Set([...scope.wanted.flatMap((each) => each.addresses), ...scope.range]).size;
  const isProbed = scope.settings.length > 1 && finder.universalAddress !== null;
  const settings = scope.settings.map((setting) => {
    const waits = waitsOf(finder, baudRateOf(setting), scope.isThorough);
    const askMs = (waitMs: number) => waits.requestMs + waitMs + OVERHEAD_MS;
    const answerMs = askMs(waits.quickMs) + waits.replyMs + waits.silenceMs;
    const checks = scope.isThorough ? CHECKS.thorough : CHECKS.quick;
    // An address is either silent, and asked twice by a thorough search, or answers and is asked again.
    const silentMs = askMs(waits.quickMs) + (scope.isThorough ? askMs(waits.legalMs) : 0);
    const eachMs = Math.max(silentMs, answerMs * (1 + checks));
    const probesMs = isProbed ? RETUNE_MS + PROBES * askMs(waits.legalMs) : 0;
    return { setting, addresses, seconds: roundedSeconds(probesMs + addresses * eachMs), exchanges: addresses * (1 + checks) };
  });
  return {
    settings: settings.map(({ exchanges: _exchanges, ...each }) => each),
    exchanges: settings.reduce((sum, { exchanges }) => sum + exchanges, isProbed ? PROBES * settings.length : 0),
    seconds: roundedSeconds(settings.reduce((sum, { seconds }) => sum + seconds * 1000, 0)),
  };
}

function rangeOf({ addresses, serials }: SearchRequest, finder: MeterFinder): readonly number[] {
  if (addresses === null) return serials.length > 0 ? [] : (finder.addresses ?? []);
  const { from, to } = addresses;
  const inside = (finder.addresses ?? []).filter((address) => address >= from && address <= to);
  if (inside.length === 0 || inside.length !== to - from + 1) {
    throw new AppError('api/invalid-argument', `${from} to ${to} are no addresses of this family`, {
      context: { addresses },
      hint: finder.addresses === null ? 'Give the serials instead' : `They go from ${finder.addresses[0]} to ${finder.addresses.at(-1)}`,
    });
  }
  return inside;
}

function roundedSeconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
