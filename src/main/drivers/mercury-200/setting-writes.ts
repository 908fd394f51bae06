/** Writes to a meter of the 200 family: planned with what stands there now, sent once, proved by reading back. */
import { AppError } from '../../../shared/api/errors.ts';
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
import type { Reading, WritePlan, WriteReport } from '../driver.ts';
import type { Conversation } from './conversation.ts';
import { wallOf } from './half-hours.ts';

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
): Promise<Reading<WritePlan>> {
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
  const written = await conversation.tell(command);
  if (written !== null) exchanges.push(written);
  const done = { outcome: 'done', status: null } as const;
  if (write.kind === 'line-parameters') {
    // The meter speaks at its new speed now: nothing can be read back before the line is changed too.
    return { value: { ...(written === null ? { outcome: 'unknown', status: null } : done), after: [] }, exchanges };
  }
  const previous = conversation.address;
  if (write.kind === 'address') conversation.moveTo(write.address);
  let after: readonly SettingValue[] = [];
  let isKnown = true;
  try {
    after = await readSetting(conversation, write, read, exchanges);
  } catch (error) {
    if (!(error instanceof AppError) || error.code.startsWith('line/') || error.code === 'bug') throw error;
    isKnown = false;
    if (written === null) conversation.moveTo(previous);
  }
  const outcome: WriteOutcome = !isKnown
    ? written === null
      ? 'unknown'
      : 'done'
    : outcomeOf(write, after, written !== null, basis, now());
  return { value: { outcome, status: null, after }, exchanges };
}

function changeOf(write: MeterWrite, basis: ClockBasis, nowMs: number): Change {
  switch (write.kind) {
    case 'clock-set':
      return { command: setClockCommand(wallOf(Math.round(nowMs / 1000) + basis.offsetMin * 60)), read: clockCommand() };
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

function outcomeOf(write: MeterWrite, after: readonly SettingValue[], isAnswered: boolean, basis: ClockBasis, nowMs: number): WriteOutcome {
  switch (write.kind) {
    case 'clock-set': {
      const text = after.find(({ name }) => name === 'clock.time')?.value ?? '';
      const expectedS = wallAsUtc(wallOf(Math.round(nowMs / 1000) + basis.offsetMin * 60));
      return Math.abs(Date.parse(`${text}Z`) / 1000 - expectedS) <= CLOCK_TOLERANCE_S ? 'done' : 'refused';
    }
    case 'season-off':
      return after.some(({ name, value }) => name === 'season_flag' && value === '0') ? 'done' : 'refused';
    case 'address':
      return 'done';
    default:
      // What the bytes of the relay's state mean is not printed: the answer to the write is all there is.
      return isAnswered ? 'done' : 'unknown';
  }
}
