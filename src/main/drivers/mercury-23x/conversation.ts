/** Asking one 23x meter and being sure that the answer is to the question: retries, channel, resynchronisation. */
import { AppError, asAppError, hasCode, isLineFault, isTransient } from '../../../shared/api/errors.ts';
import type { CompletedExchange, ExchangeRequest } from '../../../shared/domain/exchange.ts';
import { type Command, parseReply } from '../../protocol/mercury/command.ts';
import { hexOf } from '../../protocol/mercury/formats.ts';
import { encodeFrame, isDoubtful, type MatchOptions, matchReply } from '../../protocol/mercury/frame.ts';
import { serialNumberCommand, serialOfReply } from '../../protocol/mercury/identity.ts';
import { type AccessLevel, defaultPassword, openChannel, type PasswordForm } from '../../protocol/mercury/session.ts';
import { STATUS_LENGTH } from '../../protocol/mercury/status.ts';
import { type Answer, inContext, silentTo, wrongSerial } from '../answers.ts';
import type { MeterLink, MeterMemory, MeterSettings } from '../driver.ts';
import { timingOf } from './table.ts';

const TRIES = 3;
/** A repeated attempt may stand in the meter's journal: the opening is repeated less. */
const OPEN_TRIES = 2;

/** What became of a request that is sent once. */
export interface Sent {
  /** `null` = nothing that could be understood came back. */
  readonly status: number | null;
  readonly exchange: CompletedExchange | null;
}

/** What counts as "not supported" beside the status that says so. */
interface Lack {
  /** An internal error: the meter raised it because of the request. */
  readonly isRefusal?: boolean;
  /** Silence that identity answers after, each time. `false` where a lossy line must not cost figures for good. */
  readonly isSilence?: boolean;
  /** `false` = ask again next time. */
  readonly isRemembered?: boolean;
}

interface AskOptions {
  readonly tries?: number;
  /** The caller has another way: silence that identity answers after, each time, counts as "not supported" (13.9). */
  readonly isOptional?: boolean;
}

/** All that is said to one meter goes through here; one question at a time. */
export class Conversation {
  readonly #link: MeterLink;
  readonly #meter: MeterSettings;
  #memory: MeterMemory;
  /** A reply may still be on its way: it carries no command code, so nothing counts until identity has answered (13.4). */
  #isInDoubt = false;
  readonly #denied = new Map<AccessLevel, AppError>();
  #address: number;

  constructor(link: MeterLink, meter: MeterSettings) {
    this.#link = link;
    this.#meter = meter;
    this.#memory = meter.memory;
    this.#address = meter.address;
  }

  get memory(): MeterMemory {
    return this.#memory;
  }

  /** This serial and firmware has shown that it lacks the command. */
  isUnsupported(command: Command<unknown>): boolean {
    return this.#memory.unsupported?.includes(capabilityOf(command)) === true;
  }

  /** A refusal of the password stands between this conversation and everything that needs a channel. */
  get isDenied(): boolean {
    return this.#denied.has(this.#meter.accessLevel);
  }

  /** Level at which the meter is read. */
  get accessLevel(): AccessLevel {
    return this.#meter.accessLevel;
  }

  /** The password in use is the factory's of its level. */
  get hasDefaultPassword(): boolean {
    const { password, accessLevel } = this.#meter;
    if (password === null) return true;
    return (['binary', 'ascii'] as const).some((form) => hexOf(defaultPassword(accessLevel, form)) === hexOf(password.bytes));
  }

  /** The meter has taken another address. */
  moveTo(address: number): void {
    this.#address = address;
  }

  get address(): number {
    return this.#address;
  }

  learn(fact: MeterMemory): void {
    this.#memory = { ...this.#memory, ...fact };
  }

  /** Facts of another serial or another firmware do not hold for this one; the password form is the serial's. */
  learnIdentity(serial: string, firmware: string | null): void {
    const { serial: knownSerial, firmware: knownFirmware, passwordForm } = this.#memory;
    if (knownSerial !== undefined && knownSerial !== serial) this.#memory = {};
    else if (firmware !== null && knownFirmware !== undefined && knownFirmware !== firmware) {
      this.#memory = passwordForm === undefined ? {} : { passwordForm };
    }
    this.learn({ serial, ...(firmware === null ? {} : { firmware }) });
  }

  /** Throws `meter/wrong-serial` with both serials when another meter answers at this address. */
  checkSerial(serial: string): void {
    const { expectedSerial } = this.#meter;
    if (expectedSerial === null || expectedSerial === serial) return;
    throw wrongSerial(this.#address, expectedSerial, serial);
  }

  /**
   * One question with its retries: transient faults are repeated twice, `session/closed` once after reopening, bytes
   * without sense once. What is thrown carries address, serial and command.
   */
  async ask<T>(command: Command<T>, { tries = TRIES, isOptional = false }: AskOptions = {}): Promise<Answer<T>> {
    const isIdentity = command.name === serialNumberCommand().name;
    let silences = 0;
    let hasReopened = false;
    let hasReread = false;
    let hasRepeated = false;
    let doubtful = '';
    for (let attempt = 1; ; attempt += 1) {
      let isAsked = false;
      try {
        if (this.#isInDoubt && !isIdentity) await this.#proveIdentity(attempt);
        isAsked = true;
        const { frame, exchange } = await this.#link.exchange(this.#request(command, attempt));
        if (isIdentity) this.#isInDoubt = false;
        if (isDoubtful(frame) && hexOf(frame) !== doubtful) {
          doubtful = hexOf(frame);
          if (attempt < tries) continue;
          throw new AppError('transport/unexpected-length', `${command.label}: a status or data, and never the same twice`);
        }
        const value = parseReply(command, frame);
        if (this.#memory.repeatsCode === true) this.learn({ repeatsCode: false });
        return { value, exchange, frame };
      } catch (thrown) {
        const error = asAppError(thrown);
        if (isOfRepeatMode(error) && !hasRepeated && this.#memory.repeatsCode !== true) {
          // A late reply may begin with the code by chance: the mode is named when it is met twice.
          hasRepeated = true;
          continue;
        }
        if (isOfRepeatMode(error)) this.learn({ repeatsCode: true });
        if (hasCode(error, 'session/closed') && !hasReopened && !isIdentity) {
          hasReopened = true;
          // A channel also closes because another meter stands there now: nothing of it may pass for this one's.
          if (!this.isDenied) this.checkSerial((await this.ask(serialNumberCommand())).value.serial);
          await this.open();
        } else if (hasCode(error, 'data/implausible') && !hasReread) {
          hasReread = true;
        } else if (isTransient(error)) {
          // A whole frame with a bad checksum was this reply; after anything else it may still come.
          if (!hasCode(error, 'transport/bad-checksum')) this.#isInDoubt = true;
          const isSilence = hasCode(error, 'transport/timeout');
          if (isAsked && isSilence) silences += 1;
          if (isOptional && silences === tries && (await this.#isAlive(attempt))) throw this.#unsupported(command, error);
          // A silent meter costs one exchange to find silent; the engine decides when to ask again.
          if (attempt >= tries || (isIdentity && isSilence)) throw this.#inContext(error, command);
        } else {
          throw this.#inContext(error, command);
        }
      }
    }
  }

  /**
   * As `ask`, for what some meters lack: `null` when this one does, remembered for its serial and firmware. Silence to what has
   * answered once is no lack: a line that loses much must not cost figures for good.
   */
  async askOptional<T>(
    command: Command<T>,
    { isRefusal = false, isSilence = true, isRemembered = true }: Lack = {},
  ): Promise<Answer<T> | null> {
    if (this.isUnsupported(command)) return null;
    const capability = capabilityOf(command);
    const hasAnswered = () => this.#memory.answered?.includes(capability) === true;
    try {
      const answer = await this.ask(command, { isOptional: isSilence && !hasAnswered() });
      if (isSilence && !hasAnswered()) this.learn({ answered: [...(this.#memory.answered ?? []), capability] });
      return answer;
    } catch (error) {
      if (isOfRepeatMode(error)) throw error;
      if (!hasCode(error, 'meter/unsupported') && !(isRefusal && hasCode(error, 'meter/refused'))) throw error;
      if (isRemembered) this.learn({ unsupported: [...(this.#memory.unsupported ?? []), capability] });
      return null;
    }
  }

  /** Opens the channel; a refusal is final for this conversation: `session/denied` without asking again. */
  async open(level: AccessLevel = this.#meter.accessLevel): Promise<void> {
    const denied = this.#denied.get(level);
    if (denied !== undefined) throw denied;
    const password = this.#passwordOf(level);
    try {
      if (password !== null) await this.ask(openChannel(level, password), { tries: OPEN_TRIES });
      else await this.#openByDefault(level);
    } catch (error) {
      if (error instanceof AppError && hasCode(error, 'session/denied')) this.#denied.set(level, error);
      throw error;
    }
  }

  /** The opening that would be sent first: for showing, never for sending. */
  openRequest(level: AccessLevel): Command<null> {
    return openChannel(level, this.#passwordOf(level) ?? defaultPassword(level, this.#memory.passwordForm ?? 'binary'));
  }

  /**
   * A request that changes something: sent once, whatever comes back. The address is proved before, never after. Throws only
   * what happens before it is sent.
   */
  async sendOnce(command: Command<null>): Promise<Sent> {
    if (this.#isInDoubt) await this.#proveIdentity(1);
    const request = { ...this.#request(command, 1), isPatient: true };
    try {
      const { frame, exchange } = await this.#link.exchange(request);
      return { status: frame.length === STATUS_LENGTH ? (frame[1] ?? null) : null, exchange };
    } catch (error) {
      if (!isTransient(error) && !isLineFault(error)) throw error;
      this.#isInDoubt = true;
      return { status: null, exchange: null };
    }
  }

  /** One exchange that nothing hangs on; only a fault of the whole line is thrown. */
  async tell(command: Command<unknown>): Promise<void> {
    try {
      await this.#link.exchange(this.#request(command, 1));
    } catch (error) {
      if (!isTransient(error)) throw error;
      this.#isInDoubt = true;
    }
  }

  /** The password given is that of the meter's own level; any other level has its default. */
  #passwordOf(level: AccessLevel): Uint8Array | null {
    const { password, accessLevel } = this.#meter;
    return password !== null && accessLevel === level ? password.bytes : null;
  }

  /**
   * Both forms once each, the winner is remembered. A refusal of the form that this serial has accepted before is in doubt: a
   * status carries no command code and may have been meant for another master of the line. It is asked once more, after identity:
   * no more attempts than the two forms make.
   */
  async #openByDefault(level: AccessLevel): Promise<void> {
    const known = this.#memory.passwordForm;
    const openAs = async (form: PasswordForm) => {
      await this.ask(openChannel(level, defaultPassword(level, form)), { tries: OPEN_TRIES });
      this.learn({ passwordForm: form });
    };
    try {
      await openAs(known ?? 'binary');
    } catch (error) {
      // Nothing says that another level has the factory's password at all.
      if (!hasCode(error, 'session/denied') || (known !== undefined && level !== this.#meter.accessLevel)) throw error;
      if (known === undefined) await openAs('ascii');
      else await this.#askAgain(() => openAs(known), error);
    }
  }

  /** After identity; a refusal that cannot be cleared up stands, so that silence never makes a loop of attempts. */
  async #askAgain(open: () => Promise<void>, refusal: unknown): Promise<void> {
    this.#isInDoubt = true;
    try {
      await open();
    } catch (error) {
      throw isTransient(error) ? refusal : error;
    }
  }

  /** 08 00, everything dropped until ten bytes with the right serial have come. */
  async #proveIdentity(attempt: number): Promise<void> {
    const serial = this.#meter.expectedSerial ?? this.#memory.serial ?? null;
    const accepts = (frame: Uint8Array) => {
      const answered = serialOfReply(frame);
      return answered !== null && (serial === null || answered === serial);
    };
    await this.#link.exchange(this.#request(serialNumberCommand(), attempt, { accepts }));
    this.#isInDoubt = false;
  }

  /** Whether anything answers identity at another address: one exchange. Bytes without sense are an answer as well. */
  async isTaken(address: number): Promise<boolean> {
    try {
      await this.#link.exchange(this.#request(serialNumberCommand(), 1, {}, address));
      return true;
    } catch (error) {
      if (!isTransient(error)) throw error;
      return !hasCode(error, 'transport/timeout');
    }
  }

  /** Whether the meter answers identity: then its silence was about the command. */
  async #isAlive(attempt: number): Promise<boolean> {
    try {
      await this.#proveIdentity(attempt);
      return true;
    } catch (error) {
      if (!isTransient(error)) throw error;
      return false;
    }
  }

  #request(command: Command<unknown>, attempt: number, options: MatchOptions = {}, address = this.#address): ExchangeRequest {
    const { baudRate } = this.#meter;
    const bytes = encodeFrame(address, command.body);
    const replyBytes = Math.max(...command.replyLengths);
    const matchOptions = command.replyMayEqualRequest === true ? options : { ...options, request: bytes };
    return {
      label: command.label,
      bytes,
      ...(command.isSecret === true ? { secret: true, isPatient: true } : {}),
      replyBytes,
      match: (received) => matchReply(command.replyAddress ?? address, command.replyLengths, received, matchOptions),
      timing: timingOf(baudRate, replyBytes),
      attempt,
    };
  }

  #unsupported(command: Command<unknown>, cause: AppError): AppError {
    return this.#inContext(silentTo(command.label, cause), command);
  }

  #inContext(error: AppError, command: Command<unknown>): AppError {
    const serial = this.#meter.expectedSerial ?? this.#memory.serial ?? null;
    return inContext(error, { address: this.#address, serial, command: command.label });
  }
}

/** What a meter is remembered to have or to lack. */
function capabilityOf({ capability, name }: Command<unknown>): string {
  return capability ?? name;
}

/** The meter's replies hold the code of the request: no fault of the command. */
function isOfRepeatMode(error: unknown): boolean {
  return error instanceof AppError && error.context['repeatsCode'] === true;
}
