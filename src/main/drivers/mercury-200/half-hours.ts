/** The archive of half-hours as the contract's ring: slots counted back from the newest recorded one (mercury.md 12.1, code 37). */
import { AppError } from '../../../shared/api/errors.ts';
import type { CompletedExchange } from '../../../shared/domain/exchange.ts';
import { type ClockBasis, utcAsWall, wallAsUtc } from '../../../shared/domain/time.ts';
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

/** Stands for the command whatever its date. */
const ANY_HALF_HOURS = halfHoursCommand(0, { year: 2000, month: 1, day: 1 });

/** Eight half-hours by the wall clock of the meter. */
interface Block {
  readonly startS: number;
  readonly halfHours: readonly HalfHour[];
}

/**
 * Wall seconds at which the newest recorded half-hour starts, by the meter's own clock. Throws `meter/refused` when the last
 * two days hold none: that proves nothing of the days before; `meter/unsupported`, remembered, when the meter is silent to the
 * running block and to the same block of the day before: it keeps no half-hours.
 */
export async function newestHalfHour(conversation: Conversation, exchanges: CompletedExchange[]): Promise<number> {
  if (keepsNoHalfHours(conversation)) throw withoutHalfHours();
  const clock = await conversation.ask(clockCommand());
  exchanges.push(clock.exchange);
  const nowS = wallAsUtc(clock.value.wall);
  const newestEndedS = Math.floor(nowS / PERIOD_S) * PERIOD_S - PERIOD_S;
  let hasAnswered = false;
  for (let back = 0; back < LOOK_BACK; back += 1) {
    const block = await readBlock(conversation, newestEndedS - back * BLOCK_S, exchanges);
    hasAnswered ||= block !== null || (await readBlock(conversation, newestEndedS - DAY_BLOCKS * BLOCK_S, exchanges)) !== null;
    if (!hasAnswered) {
      conversation.learnUnsupported(ANY_HALF_HOURS);
      throw withoutHalfHours();
    }
    if (block === null) continue;
    for (let index = BLOCK_HALF_HOURS - 1; index >= 0; index -= 1) {
      const slotS = block.startS + index * PERIOD_S;
      // The half-hour that is running is no record yet, whatever stands there.
      if (slotS <= newestEndedS && block.halfHours[index]?.kind !== 'no-data') return slotS;
    }
  }
  throw new AppError('meter/refused', 'The meter has recorded no half-hour within the last two days');
}

/** This serial and firmware has shown that it keeps no half-hours. */
export function keepsNoHalfHours(conversation: Conversation): boolean {
  return conversation.isUnsupported(ANY_HALF_HOURS);
}

/** The slots of one block, `slotsBack` and at most `count` - 1 older ones. One exchange. `meter/refused` when the meter is silent to that date. */
export async function readSlots(
  conversation: Conversation,
  newestS: number,
  slotsBack: number,
  count: number,
  basis: ClockBasis,
  exchanges: CompletedExchange[],
): Promise<ProfileSlot[]> {
  const block = await readBlock(conversation, newestS - slotsBack * PERIOD_S, exchanges);
  if (block === null) throw new AppError('meter/refused', 'The meter does not answer for the half-hours of that date');
  const { startS, halfHours } = block;
  return halfHours.flatMap((halfHour, index): ProfileSlot[] => {
    const slotS = startS + index * PERIOD_S;
    const back = (newestS - slotS) / PERIOD_S;
    return back < slotsBack || back >= slotsBack + count ? [] : [slotOf(halfHour, slotS, back, basis)];
  });
}

function withoutHalfHours(): AppError {
  return new AppError('meter/unsupported', 'The meter keeps no half-hours');
}

/** `null` = the meter is silent to this block, yet answers who it is. */
async function readBlock(conversation: Conversation, slotS: number, exchanges: CompletedExchange[]): Promise<Block | null> {
  const startS = Math.floor(slotS / BLOCK_S) * BLOCK_S;
  const start = utcAsWall(startS);
  const answer = await conversation.askUnlessSilent(halfHoursCommand(start.hour / (BLOCK_S / 3600), start));
  if (answer === null) return null;
  exchanges.push(answer.exchange);
  return { startS, halfHours: answer.value };
}

function slotOf(halfHour: HalfHour, slotS: number, slotsBack: number, basis: ClockBasis): ProfileSlot {
  if (halfHour.kind === 'no-data') return { slotsBack, kind: 'never-written' };
  if (halfHour.kind === 'damaged') return { slotsBack, kind: 'implausible', why: 'the checksum does not fit', hex: halfHour.hex };
  // The archive carries no season bit and no stamps: its place in the day is its time.
  const startUtc = wallToUtc(utcAsWall(slotS), false, basis);
  const counts = { 'A+': halfHour.counts, 'A-': null, 'R+': null, 'R-': null };
  const interval = { startUtc, lengthS: PERIOD_S, counts, flags: [] };
  return { slotsBack, kind: 'interval', interval, isCut: false, stamp: utcAsWall(slotS + PERIOD_S) };
}
