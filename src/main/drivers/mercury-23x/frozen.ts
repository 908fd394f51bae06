/** Registers at a boundary for meters without a profile: the broadcast freeze and what it left (mercury.md 13.10a). */
import { hasCode } from '../../../shared/api/errors.ts';
import type { ExchangeRequest } from '../../../shared/domain/exchange.ts';
import type { ClockBasis } from '../../../shared/domain/time.ts';
import { frozenTimeCommand, type MeterClock, wallToUtc } from '../../protocol/mercury/clock.ts';
import { ENERGY_ARRAYS, energyCommand, frozenEnergyCommand } from '../../protocol/mercury/energy.ts';
import { encodeFrame } from '../../protocol/mercury/frame.ts';
import { freezeWrite } from '../../protocol/mercury/writes.ts';
import type { FrozenRegisters, Reading } from '../driver.ts';
import type { Answer } from '../answers.ts';
import type { Conversation } from './conversation.ts';
import { timingOf } from './table.ts';

/** Executed by every meter of the line, answered by none. */
const BROADCAST_ADDRESS = 0xfe;

/** 03 08 to everybody. It sets E-40 in the status word of a meter, which is no fault. */
export function freezeBroadcast(baudRate: number): ExchangeRequest {
  const command = freezeWrite();
  return {
    label: command.label,
    bytes: encodeFrame(BROADCAST_ADDRESS, command.body),
    replyBytes: 0,
    match: () => ({ kind: 'incomplete', missing: 1 }),
    timing: timingOf(baudRate, 0),
  };
}

/**
 * Registers of the last freeze with its time; where the firmware has none, which is remembered, the registers as they are now.
 * A meter that was never frozen since it started gives no time: then the registers of now as well.
 */
export async function readFrozenRegisters(
  conversation: Conversation,
  basis: ClockBasis,
  tariff: number,
): Promise<Reading<FrozenRegisters>> {
  const time = await readFreezeTime(conversation);
  const frozen = time === null ? null : await conversation.askOptional(frozenEnergyCommand(tariff), { isSilence: false });
  if (time !== null && frozen !== null) {
    const frozenAtUtc = wallToUtc(time.value.wall, time.value.isSummer, basis);
    return {
      value: { frozenAtUtc, reading: { kind: 'now', momentUtc: frozenAtUtc, tariff, energy: frozen.value }, method: 'freeze' },
      exchanges: [time.exchange, frozen.exchange],
    };
  }
  const { value: energy, exchange } = await conversation.ask(energyCommand(ENERGY_ARRAYS.sinceReset, 0, tariff));
  const momentUtc = Math.floor((exchange.sentAtMs + exchange.durationMs) / 1000);
  return { value: { frozenAtUtc: null, reading: { kind: 'now', momentUtc, tariff, energy }, method: 'timed' }, exchanges: [exchange] };
}

/** `null` when the firmware has no freeze, or nothing was frozen yet: zeros are no date. */
async function readFreezeTime(conversation: Conversation): Promise<Answer<MeterClock> | null> {
  try {
    return await conversation.askOptional(frozenTimeCommand());
  } catch (error) {
    if (!hasCode(error, 'data/implausible')) throw error;
    return null;
  }
}
