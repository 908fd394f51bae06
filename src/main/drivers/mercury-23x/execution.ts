/** How the meter is made, by the longest passport that its firmware has (mercury.md 6.1). */
import type { CompletedExchange } from '../../../shared/domain/exchange.ts';
import {
  firmwareCommand,
  longPassportCommand,
  type MoreVariant,
  passportCommand,
  type SerialNumber,
  serialNumberCommand,
  type Variant,
  variantCommand,
} from '../../protocol/mercury/identity.ts';
import type { Conversation } from './conversation.ts';
import { BATCH_SINCE } from './table.ts';

/** Identity and execution; null parts are not said by this firmware. */
export interface Execution {
  readonly identity: SerialNumber;
  readonly firmware: string | null;
  readonly variant: Variant | null;
  readonly more: MoreVariant | null;
  readonly exchanges: readonly CompletedExchange[];
}

/** One exchange on newer firmware; 08 00, 08 03 and 08 12 where there is no passport. */
export async function readExecution(conversation: Conversation): Promise<Execution> {
  const passport = (await conversation.askOptional(longPassportCommand())) ?? (await conversation.askOptional(passportCommand()));
  if (passport !== null) {
    const { serial, manufactured, firmware, variant, more } = passport.value;
    return { identity: { serial, manufactured }, firmware, variant, more, exchanges: [passport.exchange] };
  }
  const identity = await conversation.ask(serialNumberCommand());
  const firmware = await conversation.askOptional(firmwareCommand());
  const variant = await conversation.askOptional(variantCommand());
  const exchanges = [identity, firmware, variant].flatMap((answer) => (answer === null ? [] : [answer.exchange]));
  return { identity: identity.value, firmware: firmware?.value ?? null, variant: variant?.value ?? null, more: null, exchanges };
}

/** Whether 17 profile records may be asked for at once: firmware must be known and new enough. `firmware` is `a.b.c`. */
export function canBatch(firmware: string | null): boolean {
  return isAtLeast(firmware, BATCH_SINCE);
}

/** True for known firmware `a.b.c` that is not older than this. */
export function isAtLeast(firmware: string | null, least: readonly number[]): boolean {
  if (firmware === null) return false;
  const parts = firmware.split('.').map(Number);
  const difference = least.map((part, index) => (parts[index] ?? 0) - part).find((step) => step !== 0) ?? 0;
  return difference >= 0;
}
