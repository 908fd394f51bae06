/** Writes to a meter of the 200 family: planned with what stands there now, sent once, proved by reading back. */
import { AppError, hasCode, isTransient } from '../../../shared/api/errors.ts';
import type { CompletedExchange } from '../../../shared/domain/exchange.ts';
import type { MeterWrite, SettingValue, WriteOutcome } from '../../../shared/domain/meter-write.ts';
import { type ClockBasis, wallAsUtc } from '../../../shared/domain/time.ts';
import { clockCommand, seasonFlagCommand } from '../../protocol/mercury-200/clock.ts';
import type { Command200 } from '../../protocol/mercury-200/command.ts';
import { encodeFrame, frameData } from '../../protocol/mercury-200/frame.ts';
import { serialNumberCommand } from '../../protocol/mercury-200/identity.ts';
import { relayStateCommand } from '../../protocol/mercury-200/settings.ts';
import {
  setAddressCommand,
  setClockCommand,
  setRelayCommand,
  setSeasonFlagCommand,
  setSpeedCommand,
  type WriteCommand,
} from '../../protocol/mercury-200/writes.ts';
import type { Reading, PlannedWrite, WriteReport } from '../driver.ts';
import type { Conversation } from './conversation.ts';
import { wallAt } from '../wall-clock.ts';

/** A clock counts as set when it is this near to what was written, seconds. */
const CLOCK_TOLERANCE_S = 5;

interface Change {
  readonly command: WriteCommand;
  /** Reads the setting; `null` = nothing reads it. */
  readonly read: Command200<unknown> | null;
}

/** Reads the setting as it is and makes the bytes; nothing is written. */
export async function planChange(
  conversation: Conversation,
  write: MeterWrite,
  basis: ClockBasis,
  nowMs: number,
): Promise<Reading<PlannedWrite>> {
  const { command, read } = changeOf(write, basis, nowMs);
  const exchanges: CompletedExchange[] = [];
  const before = await readSetting(conversation, write, read, exchanges);
  const hex = Array.from(encodeFrame(conversation.address, command.body), (byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
  return { value: { requests: [{ label: command.label, hex: hex.join(' ') }], before, accessLevel: 1 }, exchanges };
}

/** Sends the write once and reads the setting back. A meter of this family refuses in no words: what stands there afterwards decides. */
export async function performChange(
  conversation: Conversation,
  write: MeterWrite,
  basis: ClockBasis,
  now: () => number,
): Promise<Reading<WriteReport>> {
  const exchanges: CompletedExchange[] = [];
  const identity = await conversation.ask(serialNumberCommand());
  exchanges.push(identity.exchange);
  conversation.checkSerial(identity.value);
  const { command, read } = changeOf(write, basis, now());
  if (write.kind === 'address') return moveMeter(conversation, command, identity.value, exchanges);
  const written = await conversation.tell(command);
  if (written !== null) exchanges.push(written);
  // After a new speed nothing can be read back before the line is changed too: there is no `read`.
  const after = read === null ? null : await readBack(conversation, write, read, exchanges);
  const answered: WriteOutcome = written === null ? 'unknown' : 'done';
  const outcome = after === null ? answered : (outcomeOf(write, after, basis, now()) ?? answered);
  return { value: { outcome, status: null, after: after ?? [] }, exchanges };
}

/** The new address, proved by this serial answering there. An address that somebody else has is never given: two meters would answer as one. */
async function moveMeter(
  conversation: Conversation,
  command: WriteCommand,
  serial: string,
  exchanges: CompletedExchange[],
): Promise<Reading<WriteReport>> {
  const [previous, next] = [conversation.address, command.replyAddress ?? conversation.address];
  const report = (outcome: WriteOutcome, address: number | null): Reading<WriteReport> => {
    const after = address === null ? [] : [{ name: 'address', value: String(address), unit: null }];
    return { value: { outcome, status: null, after }, exchanges };
  };
  const isAt = async (address: number) => {
    conversation.moveTo(address);
    return (await serialHere(conversation, exchanges)) === serial;
  };
  conversation.moveTo(next);
  const neighbour = next === previous ? null : await serialHere(conversation, exchanges);
  conversation.moveTo(previous);
  if (neighbour !== null) {
    throw new AppError('meter/refused', `Meter ${neighbour} answers at address ${next} already`, { context: { address: next } });
  }
  const written = await conversation.tell(command);
  if (written !== null) exchanges.push(written);
  if (await isAt(next)) return report('done', next);
  if (await isAt(previous)) return report('refused', previous);
  if (written !== null) conversation.moveTo(next);
  return report(written === null ? 'unknown' : 'done', null);
}

/** Serial of whoever answers at the present address; `null` = nobody, or nothing that makes sense. */
async function serialHere(conversation: Conversation, exchanges: CompletedExchange[]): Promise<string | null> {
  try {
    const { value, exchange } = await conversation.ask(serialNumberCommand());
    exchanges.push(exchange);
    return value;
  } catch (error) {
    if (!isOfThisMeter(error)) throw error;
    return null;
  }
}

/** The setting after the write; `null` = it could not be read. */
async function readBack(
  conversation: Conversation,
  write: MeterWrite,
  read: Command200<unknown>,
  exchanges: CompletedExchange[],
): Promise<readonly SettingValue[] | null> {
  try {
    return await readSetting(conversation, write, read, exchanges);
  } catch (error) {
    if (!isOfThisMeter(error)) throw error;
    return null;
  }
}

/** A fault of one meter, not of the line and not of the program: the write has gone out, so its report is still due. */
function isOfThisMeter(error: unknown): boolean {
  return isTransient(error) || hasCode(error, 'data/implausible') || hasCode(error, 'meter/unsupported');
}

function changeOf(write: MeterWrite, basis: ClockBasis, nowMs: number): Change {
  switch (write.kind) {
    case 'clock-set':
      return { command: setClockCommand(wallAt(Math.round(nowMs / 1000), false, basis)), read: clockCommand() };
    case 'address':
      return { command: setAddressCommand(write.address), read: serialNumberCommand() };
    case 'season-off':
      return { command: setSeasonFlagCommand(0), read: seasonFlagCommand() };
    case 'relay':
      return { command: setRelayCommand(write.isOn ? 'on' : 'off'), read: relayStateCommand() };
    case 'line-parameters':
      if (write.parity !== 'none' || write.multiplier !== 1) {
        throw new AppError('meter/unsupported', 'The family speaks 8N1; only the speed is changed, with the multiplier left as it is');
      }
      return { command: setSpeedCommand(write.baudRate), read: null };
    case 'clock-correct':
      throw new AppError('meter/unsupported', 'The family sets its clock and has no correction', { hint: 'Use clock-set' });
    case 'profile-period':
      throw new AppError('meter/unsupported', 'The period of the half-hours of this family is fixed');
  }
}

/** What stands there, in the names of decoded fields; empty where nothing reads it. */
async function readSetting(
  conversation: Conversation,
  { kind }: MeterWrite,
  read: Command200<unknown> | null,
  exchanges: CompletedExchange[],
): Promise<SettingValue[]> {
  if (read === null) return [];
  const answer = kind === 'relay' ? await conversation.askOptional(read) : await conversation.ask(read);
  if (answer === null) return [];
  exchanges.push(answer.exchange);
  if (kind === 'address') return [{ name: 'address', value: String(conversation.address), unit: null }];
  return read.fields(frameData(answer.frame)).map(({ name, value, unit }) => ({ name, value, unit }));
}

/** What the setting read back says; `null` = nothing that is sure. */
function outcomeOf(write: MeterWrite, after: readonly SettingValue[], basis: ClockBasis, nowMs: number): WriteOutcome | null {
  const valueOf = (wanted: string) => after.find(({ name }) => name === wanted)?.value ?? null;
  switch (write.kind) {
    case 'clock-set': {
      const shownS = Date.parse(`${valueOf('clock.time')}Z`) / 1000;
      return Math.abs(shownS - wallAsUtc(wallAt(Math.round(nowMs / 1000), false, basis))) <= CLOCK_TOLERANCE_S ? 'done' : 'refused';
    }
    case 'season-off':
      return valueOf('season_flag') === '0' ? 'done' : 'refused';
    default:
      // What the bytes of the relay's state mean is not printed: the answer to the write is all there is.
      return null;
  }
}
