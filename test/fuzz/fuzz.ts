/** Bytes that no meter sent, through everything that judges bytes: what is let through, and how fast. */
import { asAppError } from '../../src/shared/api/errors.ts';

/** One request with a genuine reply to it. */
export interface GenuineExchange {
  readonly request: Uint8Array;
  readonly response: Uint8Array;
}

/** What the fuzzing knows of a protocol. */
export interface FuzzFamily {
  readonly id: string;
  readonly exchanges: readonly GenuineExchange[];
  /**
   * Puts the bytes through matching, parsing and explaining, as the reply to the request of that exchange; the frame that was
   * accepted, or null. What it throws must be an AppError.
   */
  readonly judge: (exchange: number, received: Uint8Array) => Uint8Array | null;
  /** Bytes at the head of a reply that the request tells: random frames have them right, so that the checksum is what is tried. */
  readonly headLength: number;
  /** Address and checksum of an accepted frame by another implementation than ours. */
  readonly isSound: (exchange: number, frame: Uint8Array) => boolean;
  /** Places of the bytes at which a checksum alone stands between chance and a frame. */
  readonly windows: (exchange: number, received: Uint8Array) => number;
}

/**
 * Ways of making bytes that no meter sent. Bursts of up to 16 bits are always found by the checksum; of scattered bits it misses
 * more than chance would, since its polynomial (x + 1)(x^15 + x + 1) has only four terms; splices repeat themselves.
 */
export const DAMAGES = ['random', 'random-frame', 'truncated', 'bits', 'burst', 'spliced', 'shifted'] as const;
export type Damage = (typeof DAMAGES)[number];
const RANDOM: readonly Damage[] = ['random', 'random-frame'];

interface Count {
  frames: number;
  /** Frames let through that were never sent. */
  accepted: number;
  /** How many of them a 16-bit checksum lets through by chance. */
  expected: number;
}

export interface FuzzReport {
  readonly family: string;
  readonly seed: number;
  readonly frames: number;
  /** Let through although never sent: their checksum is right, so no receiver could tell. */
  readonly accepted: number;
  /** Let through with a wrong checksum or from another address: none. */
  readonly beyond: number;
  /** Random bytes alone, where chance is 2^-16 a place; the bound is four standard deviations above it. */
  readonly chance: Readonly<Count> & { readonly bound: number };
  /** Errors that are not ours; the first ones in words. */
  readonly faults: number;
  readonly faultTexts: readonly string[];
  readonly framesPerSecond: number;
  /** Mean of the slowest run of `CHUNK` frames. */
  readonly slowestMicroseconds: number;
  readonly byDamage: Readonly<Record<Damage, Readonly<Count>>>;
  readonly isGood: boolean;
}

const CHUNK = 4096;
/** A frame that takes longer on average is a hang, on however busy a machine. */
const MOST_MICROSECONDS = 2000;
const CHANCE = 1 / 65536;
const KEPT_TEXTS = 5;
const ROOM = 600;

/** Deterministic numbers, uniform in 32 bits. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }

  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state >>> 0;
  }

  /** 0 .. sides - 1. */
  roll(sides: number): number {
    return this.next() % sides;
  }
}

/** Judges `frames` damaged frames. The same seed makes the same frames. */
export function fuzz(family: FuzzFamily, frames: number, seed: number): FuzzReport {
  const dice = new Dice(seed);
  const maker = new Maker(family, dice);
  const genuine = new Set(family.exchanges.map(({ response }) => keyOf(response)));
  const byDamage = Object.fromEntries(DAMAGES.map((damage) => [damage, { frames: 0, accepted: 0, expected: 0 }])) as Record<Damage, Count>;
  const faultTexts: string[] = [];
  let faults = 0;
  let beyond = 0;
  let slowestMs = 0;
  const startedAt = performance.now();
  let chunkAt = startedAt;
  for (let index = 0; index < frames; index += 1) {
    const exchange = dice.roll(family.exchanges.length);
    const damage = DAMAGES[dice.roll(DAMAGES.length)] ?? 'random';
    const received = maker.make(exchange, damage);
    const count = byDamage[damage];
    count.frames += 1;
    count.expected += family.windows(exchange, received) * CHANCE;
    try {
      const accepted = family.judge(exchange, received);
      if (accepted !== null && !genuine.has(keyOf(accepted))) {
        count.accepted += 1;
        if (!family.isSound(exchange, accepted)) beyond += 1;
      }
    } catch (error) {
      faults += 1;
      if (faultTexts.length < KEPT_TEXTS) faultTexts.push(`${asAppError(error).message}: ${Buffer.from(received).toString('hex')}`);
    }
    if (index % CHUNK === CHUNK - 1) {
      const now = performance.now();
      slowestMs = Math.max(slowestMs, now - chunkAt);
      chunkAt = now;
    }
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const sum = (damages: readonly Damage[], what: keyof Count) => damages.reduce((total, damage) => total + byDamage[damage][what], 0);
  const expected = sum(RANDOM, 'expected');
  const chance = {
    frames: sum(RANDOM, 'frames'),
    accepted: sum(RANDOM, 'accepted'),
    expected: rounded(expected),
    bound: rounded(mostByChance(expected)),
  };
  const slowestMicroseconds = Math.round((slowestMs * 1000) / CHUNK);
  for (const damage of DAMAGES) byDamage[damage].expected = rounded(byDamage[damage].expected);
  return {
    family: family.id,
    seed,
    frames,
    accepted: sum(DAMAGES, 'accepted'),
    beyond,
    chance,
    faults,
    faultTexts,
    framesPerSecond: Math.round(frames / seconds),
    slowestMicroseconds,
    byDamage,
    isGood:
      faults === 0 &&
      beyond === 0 &&
      chance.accepted <= chance.bound &&
      // A burst is always found in its own frame; a shorter frame inside may still be there by chance.
      byDamage.burst.accepted <= mostByChance(byDamage.burst.expected) &&
      slowestMicroseconds < MOST_MICROSECONDS,
  };
}

/** Makes damaged frames in one buffer: what it returns is overwritten by the next. */
class Maker {
  readonly #exchanges: readonly GenuineExchange[];
  readonly #headLength: number;
  readonly #dice: Dice;
  readonly #room = new Uint8Array(ROOM);

  constructor({ exchanges, headLength }: FuzzFamily, dice: Dice) {
    this.#exchanges = exchanges;
    this.#headLength = headLength;
    this.#dice = dice;
  }

  make(index: number, damage: Damage): Uint8Array {
    const dice = this.#dice;
    const source = this.#exchanges[index]?.response ?? new Uint8Array(0);
    const length = source.length;
    const room = this.#room;
    switch (damage) {
      case 'random':
        return this.#random(dice.roll(length + 9));
      case 'random-frame': {
        const bytes = this.#random(length);
        bytes.set(source.subarray(0, this.#headLength));
        return bytes;
      }
      case 'truncated':
        room.set(source);
        return room.subarray(0, dice.roll(length));
      case 'bits':
        room.set(source);
        for (let left = 1 + dice.roll(6); left > 0; left -= 1) this.#flip(dice.roll(length * 8));
        return room.subarray(0, length);
      case 'burst': {
        room.set(source);
        const first = dice.roll(length * 8);
        for (let bit = first; bit < Math.min(first + 16, length * 8); bit += 1) if (bit === first || dice.roll(2) === 1) this.#flip(bit);
        return room.subarray(0, length);
      }
      case 'spliced': {
        const other = this.#exchanges[dice.roll(this.#exchanges.length)]?.response ?? source;
        const head = dice.roll(length + 1);
        const tail = dice.roll(other.length + 1);
        room.set(source.subarray(0, head));
        room.set(other.subarray(tail), head);
        return room.subarray(0, head + other.length - tail);
      }
      case 'shifted': {
        // A byte lost or a byte gained.
        const at = dice.roll(length);
        const isLost = dice.roll(2) === 0;
        room.set(source.subarray(0, at));
        if (!isLost) room[at] = dice.roll(256);
        room.set(source.subarray(isLost ? at + 1 : at), isLost ? at : at + 1);
        return room.subarray(0, isLost ? length - 1 : length + 1);
      }
    }
  }

  #random(length: number): Uint8Array {
    const room = this.#room;
    for (let index = 0; index < length; index += 4) {
      const word = this.#dice.next();
      room[index] = word & 0xff;
      room[index + 1] = (word >>> 8) & 0xff;
      room[index + 2] = (word >>> 16) & 0xff;
      room[index + 3] = word >>> 24;
    }
    return room.subarray(0, length);
  }

  #flip(bit: number): void {
    this.#room[bit >> 3] = (this.#room[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  }
}

/** Four standard deviations above what chance gives. */
function mostByChance(expected: number): number {
  return expected + 4 * Math.sqrt(expected) + 1;
}

function keyOf(frame: Uint8Array): string {
  return Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString('latin1');
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
