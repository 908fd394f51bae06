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
  relativeRecordsCommand,
} from '../../protocol/mercury/profile.ts';
import type { Answer } from '../answers.ts';
import type { Conversation } from './conversation.ts';
import { isAtLeast } from './execution.ts';
import { NEWER_SINCE } from './table.ts';

/** Place of a record that has no slot: it is asked for by how far it lies back (16). */
export const RELATIVE = 'relative';

interface NewestRecord {
  readonly head: ProfileDescriptor;
  /** `null` = the ring is empty; `relative` = only reads relative to the newest record find it. */
  readonly slot: number | typeof RELATIVE | null;
}

/**
 * Reads the descriptor and, unless this serial's addressing is known, the record that it names. The winner is
 * remembered. When the record's time fits by neither meaning, firmware that may know the relative read (16) is asked by it;
 * what does not fit then is `data/implausible`: no further guess is made.
 */
export async function locateNewest(
  conversation: Conversation,
  firmware: string | null,
  ringSlots: number,
  exchanges: CompletedExchange[],
): Promise<NewestRecord> {
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
  if (head.stamp !== null && known === RELATIVE) return { head, slot: RELATIVE };
  if (head.stamp !== null && known !== undefined && known !== RELATIVE && (addressingOf(head) ?? known) === known)
    return { head, slot: newestSlot(head, known, ringSlots) };

  let slot = await find(head, 'records');
  if (slot === undefined) {
    // A boundary may have passed between the two reads.
    head = await readHead();
    slot = await find(head, 'records');
  }
  if (slot === undefined && addressingOf(head) === null) slot = await find(head, 'bytes');
  if (slot !== undefined) return { head, slot };
  const relative = isAtLeast(firmware, NEWER_SINCE)
    ? await conversation.askOptional(relativeRecordsCommand(0, 1), { isRefusal: true })
    : null;
  const [record] = relative?.value ?? [];
  if (relative !== null) exchanges.push(relative.exchange);
  if (head.stamp !== null && record?.kind === 'record' && wallAsUtc(record.stamp) === wallAsUtc(head.stamp)) {
    conversation.learn({ profileAddressing: RELATIVE });
    return { head, slot: RELATIVE };
  }
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
