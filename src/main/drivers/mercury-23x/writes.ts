/** Writing to a meter: what would be sent, sending it once, and reading back what stands there then (mercury.md 9). */
import { AppError, hasCode } from '../../../shared/api/errors.ts';
import type { CompletedExchange } from '../../../shared/domain/exchange.ts';
import type { MeterWrite, PlannedRequest, SettingValue } from '../../../shared/domain/meter-write.ts';
import { type ClockBasis, isSummerAt, type WallTime } from '../../../shared/domain/time.ts';
import { type MeterClock, readClockCommand, wallToUtc } from '../../protocol/mercury/clock.ts';
import type { Command } from '../../protocol/mercury/command.ts';
import { encodeFrame } from '../../protocol/mercury/frame.ts';
import { hexOf } from '../../protocol/mercury/formats.ts';
import { networkAddressCommand, serialNumberCommand } from '../../protocol/mercury/identity.ts';
import { flagsCommand, loadControlCommand } from '../../protocol/mercury/parameters.ts';
import { profileHeadCommand } from '../../protocol/mercury/profile.ts';
import { type AccessLevel, closeChannel, PASSWORD_LENGTH } from '../../protocol/mercury/session.ts';
import {
  addressWrite,
  clockCorrectWrite,
  clockSetWrite,
  linkWrite,
  loadWrite,
  periodWrite,
  seasonWrite,
} from '../../protocol/mercury/writes.ts';
import type { Reading, PlannedWrite, WriteReport } from '../driver.ts';
import { wallAt } from '../wall-clock.ts';
import type { Answer } from '../answers.ts';
import type { Conversation } from './conversation.ts';
import { type Execution, isAtLeast } from './execution.ts';
import { fieldsOf } from './inventory.ts';
import { NEWER_SINCE } from './table.ts';

/** What writing needs of its session. */
export interface WriteContext {
  readonly conversation: Conversation;
  readonly execution: Execution;
  readonly basis: ClockBasis;
  readonly accessLevel: AccessLevel;
  /** PC clock, milliseconds since 1970. */
  readonly now: () => number;
}

/** One kind of write, ready to be sent. */
interface Prepared {
  /** Made at the moment of sending, after `read`: a clock goes on. */
  readonly command: () => Command<null>;
  readonly accessLevel: AccessLevel;
  /** The setting as it is; also what stands there afterwards. */
  readonly read: () => Promise<ReadBack>;
  /** Whether what is read afterwards shows that the write was done; `null` = it cannot show it. */
  readonly proves: ((before: ReadBack, after: ReadBack) => boolean) | null;
  /** What follows from a write that was done, before reading back. */
  readonly afterwards?: () => void;
}

interface ReadBack {
  readonly values: readonly SettingValue[];
  readonly exchanges: readonly CompletedExchange[];
}

/** The correction moves the clock by no more (mercury.md 9, 0D). */
const MOST_CORRECTION_MS = 240_000;
/** Opening the channel and its retries may take so long: no midnight may pass on either clock meanwhile. */
const MIDNIGHT_MARGIN_S = 10;
/** A clock within this of the PC is right, as far as one exchange can tell. */
const RIGHT_WITHIN_MS = 2000;
const LAST_ADDRESS = 240;
/** The fastest speed that the 230 has a code for. */
const FASTEST_230 = 9600;

/** Requests that a write would send, passwords masked, and the setting as it is now. Nothing is written. */
export async function planMeterWrite(context: WriteContext, write: MeterWrite): Promise<Reading<PlannedWrite>> {
  const { conversation } = context;
  const prepared = await prepare(context, write);
  const before = await prepared.read();
  const { accessLevel } = prepared;
  const requests = [conversation.openRequest(accessLevel), prepared.command()].map((command) => planned(conversation.address, command));
  return { value: { requests, before: before.values, accessLevel }, exchanges: before.exchanges };
}

/** Sends the write once. Silence is `unknown` unless what stands there afterwards proves that it was done. */
export async function performMeterWrite(context: WriteContext, write: MeterWrite): Promise<Reading<WriteReport>> {
  const { conversation } = context;
  const prepared = await prepare(context, write);
  const before = await prepared.read();
  // What cannot be sent is refused before a channel is opened for it.
  prepared.command();
  await conversation.open(prepared.accessLevel);
  const { status, exchange } = await conversation.sendOnce(prepared.command());
  const isDone = status !== null && (status & 0x0f) === 0;
  if (status === null || isDone) prepared.afterwards?.();
  const after = await readBack(prepared);
  // Polling goes on at the meter's own level: it opens that by itself. After a change of the line nothing more is said.
  if (prepared.accessLevel !== context.accessLevel && prepared.proves !== null && after !== null) await conversation.tell(closeChannel());
  const exchanges = [...before.exchanges, ...(exchange === null ? [] : [exchange]), ...(after?.exchanges ?? [])];
  const isProved = status === null && after !== null && prepared.proves?.(before, after) === true;
  return {
    value: {
      outcome: isDone || isProved ? 'done' : status === null ? 'unknown' : 'refused',
      status: status === null ? null : status & 0x0f,
      after: after?.values ?? before.values.map(({ name, unit }) => ({ name, value: null, unit })),
    },
    exchanges,
  };
}

/** The write is over, whatever becomes of reading it back: its report is never lost to an error. */
async function readBack(prepared: Prepared): Promise<ReadBack | null> {
  try {
    return await prepared.read();
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'bug') throw error;
    return null;
  }
}

/** Who answers is proved first: a write must not go to another meter. */
async function prepare(context: WriteContext, write: MeterWrite): Promise<Prepared> {
  const { conversation } = context;
  const identity = await conversation.ask(serialNumberCommand());
  conversation.checkSerial(identity.value.serial);
  switch (write.kind) {
    case 'clock-correct':
    case 'clock-set':
      return prepareClock(context, write.kind);
    case 'address':
      return prepareAddress(context, write.address);
    case 'line-parameters':
      return prepareLine(context.execution, write);
    case 'season-off':
      return {
        command: () => seasonWrite(true),
        accessLevel: 2,
        read: () => readSettings(context, flagsCommand(), ['flags.season_switch_forbidden']),
        proves: (_, after) => valueOf(after) === 'true',
      };
    case 'relay':
      checkRelay(context.execution);
      return {
        command: () => loadWrite(write.isOn),
        accessLevel: 2,
        read: () => readSettings(context, loadControlCommand(), ['load', 'load.off_by_interface']),
        proves: (_, after) => after.values.some(({ name, value }) => name === 'load.off_by_interface' && value === String(!write.isOn)),
      };
    case 'profile-period':
      return prepareProfilePeriod(context, write.minutes);
  }
}

/** Older types do not say whether they have a relay: with them the meter itself has to refuse. */
function checkRelay({ variant, firmware }: Execution): void {
  if (variant === null || variant.hasRelay || variant.hasExternalRelay || !isAtLeast(firmware, NEWER_SINCE)) return;
  throw new AppError('meter/unsupported', 'By its execution variant the meter has no relay', {
    hint: 'Check that this is the meter whose load is to be switched',
  });
}

function prepareClock({ conversation, basis, execution, accessLevel, now }: WriteContext, kind: 'clock-correct' | 'clock-set'): Prepared {
  const readings: Answer<MeterClock>[] = [];
  const read = async (): Promise<ReadBack> => {
    const reading = await conversation.ask(readClockCommand());
    readings.push(reading);
    return settingsOf(reading, execution, ['clock.time', 'clock.season']);
  };
  const latest = (): Answer<MeterClock> => {
    const reading = readings.at(-1);
    if (reading === undefined) throw new AppError('bug', 'The clock is written before it is read');
    return reading;
  };
  const proves = () => {
    const deviations = readings.map((reading) => Math.abs(deviationOf(reading, basis)));
    return (deviations[0] ?? 0) > RIGHT_WITHIN_MS && (deviations.at(-1) ?? 0) <= RIGHT_WITHIN_MS;
  };
  if (kind === 'clock-set') {
    return { command: () => clockSetWrite(...setTarget(now(), latest().value, basis)), accessLevel: 2, read, proves };
  }
  const command = () => {
    const { isSummer } = latest().value;
    const wallOf = (seconds: number) => wallAt(Math.round(seconds), isSummer, basis);
    checkCorrection(now() / 1000, deviationOf(latest(), basis), wallOf);
    return clockCorrectWrite(wallOf(now() / 1000));
  };
  return { command, accessLevel, read, proves };
}

/** The correction carries a time of day only: it must neither reach further than the meter allows nor cross a midnight. */
function checkCorrection(nowS: number, deviationMs: number, wallOf: (seconds: number) => WallTime): void {
  if (Math.abs(deviationMs) > MOST_CORRECTION_MS) {
    throw new AppError('meter/refused', 'The clock is off by more than 4 minutes: a correction does not reach that far', {
      context: { deviationMs },
      hint: 'Check the clock zone of the meter first; what remains takes setting the clock, which disturbs the order of the profile',
    });
  }
  const [first, last] = deviationMs < 0 ? [nowS + deviationMs / 1000, nowS] : [nowS, nowS + deviationMs / 1000];
  if (wallOf(first - MIDNIGHT_MARGIN_S).day === wallOf(last + MIDNIGHT_MARGIN_S).day) return;
  throw new AppError('meter/refused', 'Midnight lies between the clock of the meter and the right time: a correction carries no date', {
    context: { deviationMs },
    hint: 'Try again in some minutes',
  });
}

/** The season bit is the calendar's where it moves the clock; decoration stays as it is. */
function setTarget(nowMs: number, { isSummer }: MeterClock, basis: ClockBasis): [wall: WallTime, isSummer: boolean] {
  const seconds = Math.round(nowMs / 1000);
  if (basis.seasonBit === 'ignored') return [wallAt(seconds, isSummer, basis), isSummer];
  const summer = wallAt(seconds, true, basis);
  const isNowSummer = isSummerAt(summer);
  return [isNowSummer ? summer : wallAt(seconds, false, basis), isNowSummer];
}

async function prepareAddress(context: WriteContext, address: number): Promise<Prepared> {
  if (address > LAST_ADDRESS) {
    throw new AppError('api/invalid-argument', `A meter of this family has an address of 1 to ${LAST_ADDRESS}`, { context: { address } });
  }
  const { conversation, accessLevel } = context;
  const old = conversation.address;
  if (address !== old && (await conversation.isTaken(address))) {
    throw new AppError('meter/refused', `Address ${address} is answered already: two meters at one address could not be read`, {
      context: { address },
      hint: 'Choose another address',
    });
  }
  const read = () => readSettings(context, networkAddressCommand(), ['network_address']);
  return {
    command: () => addressWrite(address),
    accessLevel,
    read: async () => {
      if (conversation.address === old) return read();
      try {
        // Nothing is believed of the new address until the right serial answers there.
        conversation.checkSerial((await conversation.ask(serialNumberCommand())).value.serial);
        return await read();
      } catch (error) {
        if (hasCode(error, 'bug')) throw error;
        conversation.moveTo(old);
        return read();
      }
    },
    proves: (_, after) => valueOf(after) === String(address),
    afterwards: () => conversation.moveTo(address),
  };
}

/**
 * The main interface (15): the one by which a meter of this family is polled. Which of the two a request came by the meter does
 * not tell, and the additional one (14) exists only where variant byte 5 bit 3 is set.
 */
function prepareLine({ firmware }: Execution, write: Extract<MeterWrite, { kind: 'line-parameters' }>): Prepared {
  if (write.baudRate > FASTEST_230 && !isAtLeast(firmware, NEWER_SINCE)) {
    throw new AppError(
      'meter/unsupported',
      `This firmware knows speeds up to ${FASTEST_230}: what it makes of a faster one is not documented`,
      {
        context: { baudRate: write.baudRate, firmware },
      },
    );
  }
  // No read tells the speed, and afterwards the meter has left this one while the line has not followed yet.
  const values = ['set.baud_rate', 'set.parity', 'set.multiplier'].map((name) => ({ name, value: null, unit: null }));
  return {
    command: () => linkWrite('main', write.baudRate, write.parity, write.multiplier),
    accessLevel: 2,
    read: () => Promise.resolve({ values, exchanges: [] }),
    proves: null,
  };
}

function prepareProfilePeriod(context: WriteContext, minutes: number): Prepared {
  if (context.execution.variant?.hasProfile === false) {
    throw new AppError('meter/unsupported', 'The meter keeps no load profile (variant byte 2 bit 5)');
  }
  return {
    command: () => periodWrite(1, minutes, true),
    accessLevel: 2,
    read: () => readSettings(context, profileHeadCommand(), ['profile.period', 'profile.initialising']),
    proves: (before, after) => valueOf(before) !== String(minutes) && valueOf(after) === String(minutes),
  };
}

/** Fields of one read by name; `null` values where the meter lacks it, or keeps it from this level. */
async function readSettings(context: WriteContext, command: Command<unknown>, names: readonly string[]): Promise<ReadBack> {
  const { conversation, execution } = context;
  const nothing = { values: names.map((name) => ({ name, value: null, unit: null })), exchanges: [] };
  try {
    const answer = await conversation.askOptional(command, { isSilence: false });
    return answer === null ? nothing : settingsOf(answer, execution, names);
  } catch (error) {
    if (!hasCode(error, 'session/denied') || conversation.isDenied) throw error;
    return nothing;
  }
}

function settingsOf(answer: Answer<unknown>, execution: Execution, names: readonly string[]): ReadBack {
  const values = fieldsOf(answer, execution)
    .filter(({ name }) => names.includes(name))
    .map(({ name, value, unit }) => ({ name, value, unit }));
  return { values, exchanges: [answer.exchange] };
}

function valueOf({ values }: ReadBack): string | null {
  return values[0]?.value ?? null;
}

function deviationOf({ value, exchange }: Answer<MeterClock>, basis: ClockBasis): number {
  return wallToUtc(value.wall, value.isSummer, basis) * 1000 - (exchange.sentAtMs + exchange.durationMs / 2);
}

/** The checksum of a request with a password is masked as well: it would give the password away. */
function planned(address: number, command: Command<unknown>): PlannedRequest {
  const frame = encodeFrame(address, command.body);
  const bytes = Array.from(frame, (byte) => hexOf(Uint8Array.of(byte)));
  const firstSecret = frame.length - 2 - PASSWORD_LENGTH;
  const shown = command.isSecret === true ? bytes.map((byte, index) => (index < firstSecret ? byte : '**')) : bytes;
  return { label: command.label, hex: shown.join(' ') };
}
