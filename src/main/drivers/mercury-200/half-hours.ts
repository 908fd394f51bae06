/** The archive of half-hours as the contract's ring: slots counted back from the newest recorded one (mercury.md 12.1, code 37). */
import { AppError } from '../../../shared/api/errors.ts';
import type { CompletedExchange } from '../../../shared/domain/exchange.ts';
import { type ClockBasis, wallAsUtc, type WallTime } from '../../../shared/domain/time.ts';
import { BLOCK_HALF_HOURS, DAY_BLOCKS, type HalfHour, halfHoursCommand } from '../../protocol/mercury-200/archive.ts';
import { clockCommand } from '../../protocol/mercury-200/clock.ts';
import { wallToUtc } from '../../protocol/mercury/clock.ts';
import type { ProfileSlot } from '../driver.ts';
import type { Conversation } from './conversation.ts';

export const PERIOD_MIN = 30;
const PERIOD_S = PERIOD_MIN * 60;
const BLOCK_S = BLOCK_HALF_HOURS * PERIOD_S;
/** Blocks looked through for the newest half-hour: two days. */
const LOOK_BACK = 2 * DAY_BLOCKS;

/** Eight half-hours by the wall clock of the meter. */
interface Block {
  readonly startS: number;
  readonly halfHours: readonly HalfHour[];
}

/**
 * Wall seconds at which the newest recorded half-hour starts, by the meter's own clock. Throws `meter/refused` when the last
 * two days hold none: that proves nothing of the days before; `meter/unsupported` when the meter keeps no half-hours.
 */
export async function newestHalfHour(conversation: Conversation, exchanges: CompletedExchange[]): Promise<number> {
  const clock = await conversation.ask(clockCommand());
  exchanges.push(clock.exchange);
  const nowS = wallAsUtc(clock.value.wall);
  const newestEndedS = Math.floor(nowS / PERIOD_S) * PERIOD_S - PERIOD_S;
  for (let back = 0; back < LOOK_BACK; back += 1) {
    const { startS, halfHours } = await readBlock(conversation, newestEndedS - back * BLOCK_S, exchanges);
    for (let index = BLOCK_HALF_HOURS - 1; index >= 0; index -= 1) {
      const slotS = startS + index * PERIOD_S;
      // The half-hour that is running is no record yet, whatever stands there.
      if (slotS <= newestEndedS && halfHours[index]?.kind !== 'no-data') return slotS;
    }
  }
  throw new AppError('meter/refused', 'The meter has recorded no half-hour within the last two days');
}

/** The slots of one block from `slotsBack` downwards to `count` of them, older last. One exchange. */
export async function readSlots(
  conversation: Conversation,
  newestS: number,
  slotsBack: number,
  count: number,
  basis: ClockBasis,
  exchanges: CompletedExchange[],
): Promise<ProfileSlot[]> {
  const { startS, halfHours } = await readBlock(conversation, newestS - slotsBack * PERIOD_S, exchanges);
  return halfHours.flatMap((halfHour, index): ProfileSlot[] => {
    const slotS = startS + index * PERIOD_S;
    const back = (newestS - slotS) / PERIOD_S;
    return back < slotsBack || back >= slotsBack + count ? [] : [slotOf(halfHour, slotS, back, basis)];
  });
}

async function readBlock(conversation: Conversation, slotS: number, exchanges: CompletedExchange[]): Promise<Block> {
  const startS = Math.floor(slotS / BLOCK_S) * BLOCK_S;
  const start = wallOf(startS);
  const answer = await conversation.askOrRefuse(halfHoursCommand(start.hour / (BLOCK_S / 3600), start));
  exchanges.push(answer.exchange);
  return { startS, halfHours: answer.value };
}

function slotOf(halfHour: HalfHour, slotS: number, slotsBack: number, basis: ClockBasis): ProfileSlot {
  if (halfHour.kind === 'no-data') return { slotsBack, kind: 'never-written' };
  if (halfHour.kind === 'damaged') return { slotsBack, kind: 'implausible', why: 'the checksum does not fit', hex: halfHour.hex };
  // The archive carries no season bit and no stamps: its place in the day is its time.
  const startUtc = wallToUtc(wallOf(slotS), false, basis);
  const counts = { 'A+': halfHour.counts, 'A-': null, 'R+': null, 'R-': null };
  const interval = { startUtc, lengthS: PERIOD_S, counts, flags: [] };
  return { slotsBack, kind: 'interval', interval, isCut: false, stamp: wallOf(slotS + PERIOD_S) };
}

/** Wall time of wall seconds. */
export function wallOf(wallS: number): WallTime {
  const date = new Date(wallS * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}
