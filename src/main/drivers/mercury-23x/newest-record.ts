/** Finding the newest profile record: what the descriptor's address counts is proved by the record's own time (mercury.md 8.1). */
import { AppError, hasCode } from '../../../shared/api/errors.ts';
import type { CompletedExchange } from '../../../shared/domain/exchange.ts';
import { wallAsUtc } from '../../../shared/domain/time.ts';
import {
  addressingOf,
  newestSlot,
  type ProfileAddressing,
  type ProfileDescriptor,
  type ProfileRecord,
  profileHeadCommand,
  profileRecordCommand,
} from '../../protocol/mercury/profile.ts';
import type { Answer, Conversation } from './conversation.ts';

interface NewestRecord {
  readonly head: ProfileDescriptor;
  /** `null` = the ring is empty. */
  readonly slot: number | null;
}

/**
 * Reads the descriptor and, unless this serial's addressing is known, the record that it names. The winner is
 * remembered. Throws `data/implausible` when the record's time fits by neither meaning: no further guess is made.
 */
export async function locateNewest(conversation: Conversation, ringSlots: number, exchanges: CompletedExchange[]): Promise<NewestRecord> {
  const readHead = async () => {
    const { value, exchange } = await conversation.ask(profileHeadCommand());
    exchanges.push(exchange);
    return value;
  };
  /** `undefined` = the record there has another time. */
  const find = async (head: ProfileDescriptor, addressing: ProfileAddressing): Promise<number | null | undefined> => {
    if (head.stamp === null) return null;
    const slot = newestSlot(head, addressing, ringSlots);
    const answer = await askUnlessRefused(conversation, slot);
    if (answer === null) return undefined;
    const { value: record, exchange } = answer;
    exchanges.push(exchange);
    if (record.kind === 'record' && wallAsUtc(record.stamp) === wallAsUtc(head.stamp)) {
      conversation.learn({ profileAddressing: addressing });
      return slot;
    }
    // After initialisation the pointer is 0 and nothing is there yet (8.3).
    return head.addressField === 0 && record.kind === 'never-written' ? null : undefined;
  };

  let head = await readHead();
  const known = conversation.memory.profileAddressing;
  if (head.stamp !== null && known !== undefined && (addressingOf(head) ?? known) === known)
    return { head, slot: newestSlot(head, known, ringSlots) };

  let slot = await find(head, 'records');
  if (slot === undefined) {
    // A boundary may have passed between the two reads.
    head = await readHead();
    slot = await find(head, 'records');
  }
  if (slot === undefined && addressingOf(head) === null) slot = await find(head, 'bytes');
  if (slot !== undefined) return { head, slot };
  throw new AppError('data/implausible', 'The newest profile record is not where the meter says: the time found there is another', {
    context: { addressField: head.addressField, ringSlots },
  });
}

/** A read that does not fit the memory's structure is refused by the meter (8.2): as good a proof as another time. */
async function askUnlessRefused(conversation: Conversation, slot: number): Promise<Answer<ProfileRecord> | null> {
  try {
    return await conversation.ask(profileRecordCommand(slot));
  } catch (error) {
    if (hasCode(error, 'meter/refused') || hasCode(error, 'meter/unsupported')) return null;
    throw error;
  }
}
