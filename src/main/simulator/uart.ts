/** Characters on a pair of wires: how long they take, and what a receiver makes of several that are sent at once. */

/** Speed and character format of a bus: data bits, parity N E O, stop bits. */
export interface WireSettings {
  readonly baudRate: number;
  readonly format: string;
}

/** A byte on the wire; `startMs` is the moment of its start bit. */
export interface TimedByte {
  readonly byte: number;
  readonly startMs: number;
}

/** Bits of one character, start and stop bits included. */
export function characterBits({ format }: WireSettings): number {
  return 1 + Number(format[0]) + (format[1] === 'N' ? 0 : 1) + Number(format[2]);
}

export function byteMs(settings: WireSettings): number {
  return (characterBits(settings) * 1000) / settings.baudRate;
}

/** Silence after which a meter takes a request for ended, milliseconds (mercury.md 1). */
export function silenceMs({ baudRate }: WireSettings): number {
  return Math.max(2, Math.ceil(48_000 / baudRate));
}

/**
 * How a sender's settings miss a receiver's: `near` = about half or twice the speed, `far` = another speed. `null` = they
 * understand each other: a stop bit more hurts nobody.
 */
export function misfit(sender: WireSettings, receiver: WireSettings): 'parity' | 'near' | 'far' | null {
  const ratio = sender.baudRate / receiver.baudRate;
  if (ratio === 1) return sender.format.slice(0, 2) === receiver.format.slice(0, 2) ? null : 'parity';
  return ratio >= 0.5 && ratio <= 2 ? 'near' : 'far';
}

/** Bytes sent one after the other without a pause. */
export function spell(bytes: Uint8Array, startMs: number, settings: WireSettings): TimedByte[] {
  const step = byteMs(settings);
  return Array.from(bytes, (byte, at) => ({ byte, startMs: startMs + at * step }));
}

/**
 * What a receiver hears of several senders. The quiet level is 1 and a 0 always wins, so where bytes overlap the wire carries
 * the AND of their bits; the receiver begins a byte with each falling edge. Of senders that overlap, `strongest` (its index)
 * drowns the others; `null` = all are alike.
 */
export function superpose(
  senders: readonly (readonly TimedByte[])[],
  settings: WireSettings,
  strongest: number | null = null,
): readonly TimedByte[] {
  const bytes = senders
    .flatMap((sender, index) => sender.map(({ byte, startMs }) => ({ byte, startMs, isStrong: index === strongest })))
    .sort((a, b) => a.startMs - b.startMs);
  const step = byteMs(settings);
  const heard: TimedByte[] = [];
  for (let from = 0; from < bytes.length; ) {
    let to = from + 1;
    let isCollision = false;
    for (; to < bytes.length; to += 1) {
      const gapMs = startOf(bytes, to) - startOf(bytes, to - 1) - step;
      if (gapMs > step / 20) break;
      if (gapMs < -step / 100) isCollision = true;
    }
    const together = bytes.slice(from, to);
    heard.push(...(isCollision ? received(together, settings) : together.map(({ byte, startMs }) => ({ byte, startMs }))));
    from = to;
  }
  return heard;
}

interface SentByte extends TimedByte {
  readonly isStrong: boolean;
}

function startOf(bytes: readonly SentByte[], index: number): number {
  return bytes[index]?.startMs ?? 0;
}

/** Bit by bit: start bit, data with the least significant bit first, parity, stop. A byte without a stop bit is handed over all the same. */
function received(bytes: readonly SentByte[], settings: WireSettings): TimedByte[] {
  const bits = characterBits(settings);
  const bitMs = byteMs(settings) / bits;
  const hair = bitMs / 20;
  const levelAt = (ms: number): 0 | 1 => {
    const sending = bytes.filter(({ startMs }) => ms >= startMs && ms < startMs + bits * bitMs);
    const strong = sending.filter(({ isStrong }) => isStrong);
    const deciding = strong.length > 0 ? strong : sending;
    return deciding.every((each) => bitOf(each.byte, Math.floor((ms - each.startMs) / bitMs), settings) === 1) ? 1 : 0;
  };
  const edges = bytes.flatMap(({ startMs }) => Array.from({ length: bits }, (_, bit) => startMs + bit * bitMs)).sort((a, b) => a - b);
  const heard: TimedByte[] = [];
  let freeFromMs = -Infinity;
  for (const edge of edges) {
    if (edge < freeFromMs || levelAt(edge - hair) === 0 || levelAt(edge + hair) === 1) continue;
    let byte = 0;
    for (let bit = 0; bit < 8; bit += 1) byte |= levelAt(edge + (bit + 1.5) * bitMs) << bit;
    heard.push({ byte, startMs: edge });
    // The receiver looks for the next start bit from the middle of the stop bit on.
    freeFromMs = edge + (bits - 0.5) * bitMs;
  }
  return heard;
}

function bitOf(byte: number, index: number, { format }: WireSettings): 0 | 1 {
  if (index === 0) return 0;
  if (index <= 8) return ((byte >> (index - 1)) & 1) === 1 ? 1 : 0;
  if (index > 9 || format[1] === 'N') return 1;
  let ones = 0;
  for (let bit = 0; bit < 8; bit += 1) ones += (byte >> bit) & 1;
  return ones % 2 === (format[1] === 'E' ? 1 : 0) ? 1 : 0;
}
