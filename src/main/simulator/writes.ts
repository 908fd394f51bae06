import { DAY_S, wallStart, type WallSeconds } from './energy.ts';
import type { Family23x } from './families.ts';
import type { MeterSettings } from './settings.ts';

/** What a write may do to a meter. */
export interface WriteTarget {
  readonly family: Family23x;
  readonly settings: MeterSettings;
  wall(): WallSeconds;
  setClock(to: WallSeconds): void;
  /** False: the clock has been corrected today. */
  mayCorrect(): boolean;
  correctClock(byS: number): void;
  setPeriod(memory: 'main' | 'second', periodMin: number, isWiping: boolean): void;
  /** Link bytes come into force about a second after the reply. */
  later(change: () => void): void;
  freeze(): void;
}

const DONE = 0;
const BAD_PARAMETER = 1;
const LEVEL_TOO_LOW = 3;
const ALREADY_CORRECTED = 4;

/** A correction may not be larger than this (mercury.md 9). */
const LARGEST_CORRECTION_S = 240;
const MAX_ADDRESS = 240;
const OLD_BAUD_CODES = 5;
const BAUD_CODES = 9;

interface Write {
  /** Lengths of the body with 03 and the code; another length gets no answer. */
  readonly lengths: readonly number[];
  /** Lowest access level; 0 = no channel. */
  readonly level: 0 | 1 | 2;
  readonly isKnown?: (family: Family23x) => boolean;
  /** The status: 0 done. `bytes` follow the code. */
  readonly perform: (target: WriteTarget, bytes: readonly number[]) => number;
}

const isFlag = (value: number | undefined) => value === 0 || value === 1;
const accepted = () => DONE;

/** Writes that are obeyed (9), by the code after 03. Words are high byte first here, unlike most that is read. */
const WRITES: Readonly<Record<number, Write>> = {
  0x00: { lengths: [4], level: 2, isKnown: ({ hasProfile }) => hasProfile, perform: (target, bytes) => setPeriod(target, 'main', bytes) },
  0x05: {
    lengths: [3],
    level: 1,
    perform: ({ settings }, [address = 0]) => {
      if (address < 1 || address > MAX_ADDRESS) return BAD_PARAMETER;
      settings.address = address;
      return DONE;
    },
  },
  0x06: {
    lengths: [4],
    level: 2,
    isKnown: ({ hasSecondProfile }) => hasSecondProfile,
    perform: (target, bytes) => setPeriod(target, 'second', bytes),
  },
  0x08: {
    lengths: [2],
    level: 0,
    isKnown: ({ hasFreeze }) => hasFreeze,
    perform: (target) => {
      target.freeze();
      return DONE;
    },
  },
  0x0c: { lengths: [10], level: 2, perform: setClock },
  0x0d: { lengths: [5], level: 1, perform: correctClock },
  0x14: { lengths: [3, 4], level: 2, perform: (target, bytes) => setLink(target, 'additional', bytes) },
  0x15: { lengths: [3, 4], level: 2, perform: (target, bytes) => setLink(target, 'main', bytes) },
  0x18: {
    lengths: [3],
    level: 2,
    perform: ({ settings }, [flag]) => {
      if (!isFlag(flag)) return BAD_PARAMETER;
      settings.isSeasonForbidden = flag === 1;
      return DONE;
    },
  },
  0x19: {
    lengths: [8],
    level: 2,
    perform: ({ settings }, rule) => {
      settings.seasonRule = rule;
      return DONE;
    },
  },
  0x1b: {
    lengths: [6],
    level: 2,
    perform: ({ settings }, [vtHigh = 0, vtLow = 0, ctHigh = 0, ctLow = 0]) => {
      settings.ratioVt = (vtHigh << 8) | vtLow;
      settings.ratioCt = (ctHigh << 8) | ctLow;
      return DONE;
    },
  },
  0x1d: { lengths: [21], level: 2, perform: accepted },
  0x1e: { lengths: [7], level: 2, perform: accepted },
  0x1f: { lengths: [15], level: 1, perform: changePassword },
  0x21: { lengths: [2], level: 2, perform: accepted },
  0x26: {
    lengths: [4],
    level: 2,
    perform: ({ settings }, [high = 0, low = 0]) => {
      settings.overLimitDelayS = (high << 8) | low;
      return DONE;
    },
  },
  0x2c: {
    lengths: [5],
    level: 2,
    perform: ({ settings }, [high = 0, middle = 0, low = 0]) => {
      settings.powerLimit = (high << 16) | (middle << 8) | low;
      return DONE;
    },
  },
  0x2d: { lengths: [3], level: 2, perform: (_, [flag]) => (isFlag(flag) ? DONE : BAD_PARAMETER) },
  0x2e: {
    lengths: [7],
    level: 2,
    perform: ({ settings }, [tariff = 0, ...limit]) => {
      if (tariff < 1 || tariff > 4) return BAD_PARAMETER;
      settings.energyLimits = settings.energyLimits.with(
        tariff - 1,
        limit.reduce((sum, byte) => sum * 256 + byte, 0),
      );
      return DONE;
    },
  },
  0x2f: { lengths: [3], level: 2, perform: (_, [flag]) => (isFlag(flag) ? DONE : BAD_PARAMETER) },
  0x31: {
    lengths: [3],
    level: 2,
    isKnown: ({ hasRelay }) => hasRelay,
    perform: ({ settings }, [flag]) => {
      if (!isFlag(flag)) return BAD_PARAMETER;
      settings.isLoadOff = flag === 1;
      return DONE;
    },
  },
  0x32: {
    lengths: [3],
    level: 2,
    perform: ({ settings }, [multiplier = 0]) => {
      if (multiplier === 0) return BAD_PARAMETER;
      settings.multiplierMain = multiplier;
      return DONE;
    },
  },
};

/** Carries out a request that begins with 03. Returns the status byte of the reply; `null` = silence, for a wrong length. */
export function performWrite(target: WriteTarget, body: Uint8Array, level: number): number | null {
  const write = WRITES[body[1] ?? -1];
  if (write === undefined || write.isKnown?.(target.family) === false) return BAD_PARAMETER;
  if (!write.lengths.includes(body.length)) return null;
  if (level < write.level) return LEVEL_TOO_LOW;
  return write.perform(target, [...body.subarray(2)]);
}

function setPeriod(target: WriteTarget, memory: 'main' | 'second', [periodMin = 0, wipe]: readonly number[]): number {
  if (periodMin < 1 || periodMin > target.family.longestPeriodMin || !isFlag(wipe)) return BAD_PARAMETER;
  target.setPeriod(memory, periodMin, wipe === 1);
  return DONE;
}

/** ss mm hh dow dd MM yy season. */
function setClock(target: WriteTarget, bytes: readonly number[]): number {
  const [second = 0, minute = 0, hour = 0, , day = 0, month = 0, year = 0] = bytes.map(decimal);
  if (second > 59 || minute > 59 || hour > 23 || day < 1 || day > 31 || month < 1 || month > 12 || year > 99) return BAD_PARAMETER;
  target.setClock(wallStart(2000 + year, month, day) + hour * 3600 + minute * 60 + second);
  return DONE;
}

/** ss mm hh of the day that is nearest. */
function correctClock(target: WriteTarget, bytes: readonly number[]): number {
  const [second = 0, minute = 0, hour = 0] = bytes.map(decimal);
  if (second > 59 || minute > 59 || hour > 23) return BAD_PARAMETER;
  const now = target.wall() % DAY_S;
  const difference = hour * 3600 + minute * 60 + second - now;
  const byS = difference > DAY_S / 2 ? difference - DAY_S : difference < -DAY_S / 2 ? difference + DAY_S : difference;
  if (Math.abs(byS) > LARGEST_CORRECTION_S) return BAD_PARAMETER;
  if (!target.mayCorrect()) return ALREADY_CORRECTED;
  target.correctClock(byS);
  return DONE;
}

function setLink(target: WriteTarget, port: 'main' | 'additional', [link = 0, multiplier]: readonly number[]): number {
  const { settings, family } = target;
  const isParity = ((link >> 4) & 3) < 3;
  if ((link & 0x0f) > (family.isRecent ? BAUD_CODES : OLD_BAUD_CODES) || !isParity || multiplier === 0) return BAD_PARAMETER;
  target.later(() => {
    if (port === 'main') {
      settings.linkMain = link;
      settings.multiplierMain = multiplier ?? settings.multiplierMain;
    } else {
      settings.linkAdditional = link;
      settings.multiplierAdditional = multiplier ?? settings.multiplierAdditional;
    }
  });
  return DONE;
}

/** Level, the old password, the new one. */
function changePassword({ settings }: WriteTarget, [level = 0, ...both]: readonly number[]): number {
  const old = settings.passwords.get(level);
  if (old === undefined) return BAD_PARAMETER;
  if (!old.every((byte, index) => byte === both[index])) return LEVEL_TOO_LOW;
  settings.passwords.set(level, both.slice(6));
  return DONE;
}

/** Two decimal digits of a byte; a byte that is not BCD gives a figure out of every range. */
function decimal(byte: number): number {
  const [high, low] = [byte >> 4, byte & 0x0f];
  return high > 9 || low > 9 ? 255 : high * 10 + low;
}
