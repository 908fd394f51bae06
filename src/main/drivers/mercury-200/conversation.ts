/** Asking one meter of the 200 family and being sure that the answer is to the question: retries, resynchronisation, what it lacks. */
import { AppError, asAppError, hasCode, isTransient } from '../../../shared/api/errors.ts';
import type { CompletedExchange } from '../../../shared/domain/exchange.ts';
import type { Command200 } from '../../protocol/mercury-200/command.ts';
import { frameData } from '../../protocol/mercury-200/frame.ts';
import { serialNumberCommand, serialReplies } from '../../protocol/mercury-200/identity.ts';
import type { WriteCommand } from '../../protocol/mercury-200/writes.ts';
import { type Answer, inContext, silentTo, wrongSerial } from '../answers.ts';
import type { MeterLink, MeterMemory, MeterSettings } from '../driver.ts';
import { requestOf } from './request.ts';

const TRIES = 3;
const IDENTITY = serialNumberCommand();

/** All that is said to one meter goes through here; one question at a time. */
export class Conversation {
  readonly #link: MeterLink;
  readonly #meter: MeterSettings;
  #memory: MeterMemory;
  #address: number;
  /** A reply may still be on its way. It repeats its command, yet not the date or the number that was asked for: identity goes between. */
  #isInDoubt = false;

  constructor(link: MeterLink, meter: MeterSettings) {
    this.#link = link;
    this.#meter = meter;
    this.#memory = meter.memory;
    this.#address = meter.address;
  }

  get memory(): MeterMemory {
    return this.#memory;
  }

  get address(): number {
    return this.#address;
  }

  /** The meter has a new address. */
  moveTo(address: number): void {
    this.#address = address;
  }

  /** This serial and firmware has shown that it lacks the command; `name` as in `askOptional`. */
  isUnsupported(command: Command200<unknown>, name = command.name): boolean {
    return this.#memory.unsupported?.includes(name) === true;
  }

  /** Facts of another serial or another firmware do not hold for this one. */
  learnIdentity(serial: string, firmware: string | null): void {
    const { serial: knownSerial, firmware: knownFirmware } = this.#memory;
    const isOther = knownSerial !== undefined && knownSerial !== serial;
    const isOtherFirmware = firmware !== null && knownFirmware !== undefined && knownFirmware !== firmware;
    const known = isOther || isOtherFirmware ? {} : this.#memory;
    this.#memory = { ...known, serial, ...(firmware === null ? {} : { firmware }) };
  }

  /** Throws `meter/wrong-serial` with both serials when another meter answers at this address. Leading zeros do not count: the bytes hold a number. */
  checkSerial(serial: string): void {
    const { expectedSerial } = this.#meter;
    if (expectedSerial === null || Number(expectedSerial) === Number(serial)) return;
    throw wrongSerial(this.#address, expectedSerial, serial);
  }

  /**
   * One question with its retries: transient faults are repeated twice, bytes without sense once. The family has no
   * refusal in words: with `isOptional` silence that identity answers after, each time, is `meter/unsupported`.
   */
  async ask<T>(command: Command200<T>, { isOptional = false } = {}): Promise<Answer<T>> {
    const isIdentity = command.name === IDENTITY.name;
    let silences = 0;
    let hasReread = false;
    for (let attempt = 1; ; attempt += 1) {
      let isAsked = false;
      try {
        if (this.#isInDoubt && !isIdentity) await this.#proveIdentity(attempt);
        isAsked = true;
        const { frame, exchange } = await this.#link.exchange(requestOf(this.#address, command, this.#meter.baudRate, { attempt }));
        this.#isInDoubt = false;
        return { value: command.parse(frameData(frame)), exchange, frame };
      } catch (thrown) {
        const error = asAppError(thrown);
        if (hasCode(error, 'data/implausible') && !hasReread) {
          hasReread = true;
          continue;
        }
        if (!isTransient(error)) throw this.#inContext(error, command);
        if (!hasCode(error, 'transport/bad-checksum')) this.#isInDoubt = true;
        const isSilence = hasCode(error, 'transport/timeout');
        if (isAsked && isSilence) silences += 1;
        if (isOptional && silences === TRIES && (await this.#isAlive(attempt))) throw this.#unsupported(command, error);
        // A silent meter costs one exchange to find silent; the engine decides when to ask again.
        if (attempt >= TRIES || (isIdentity && isSilence)) throw this.#inContext(error, command);
      }
    }
  }

  /** As `ask`; `null` when the meter stays silent to this question, yet answers who it is. Nothing is remembered: another date may be kept. */
  async askUnlessSilent<T>(command: Command200<T>): Promise<Answer<T> | null> {
    try {
      return await this.ask(command, { isOptional: true });
    } catch (error) {
      if (!hasCode(error, 'meter/unsupported')) throw error;
      return null;
    }
  }

  /**
   * As `askUnlessSilent`, for commands that some meters lack whatever they are asked for: remembered for the next time. What has
   * answered once is not lacking: a line that loses much must not cost figures for good. `name` is what it is remembered by;
   * the command's own, unless its argument decides whether a meter has it.
   */
  async askOptional<T>(command: Command200<T>, name = command.name): Promise<Answer<T> | null> {
    if (this.isUnsupported(command, name)) return null;
    const { answered = [] } = this.#memory;
    if (answered.includes(name)) return this.ask(command);
    const answer = await this.askUnlessSilent(command);
    if (answer === null) this.learnUnsupported(command, name);
    else this.#memory = { ...this.#memory, answered: [...answered, name] };
    return answer;
  }

  /** This serial and firmware lacks the command. */
  learnUnsupported(command: Command200<unknown>, name = command.name): void {
    this.#memory = { ...this.#memory, unsupported: [...(this.#memory.unsupported ?? []), name] };
  }

  /** Sends a write once. `null` = nothing came back that is an answer; only a fault of the whole line is thrown. */
  async tell(command: WriteCommand): Promise<CompletedExchange | null> {
    const { replyAddress } = command;
    try {
      const options = replyAddress === null ? {} : { replyAddress };
      const request = requestOf(this.#address, command, this.#meter.baudRate, options);
      return (await this.#link.exchange({ ...request, isPatient: true })).exchange;
    } catch (error) {
      if (!isTransient(error)) throw error;
      this.#isInDoubt = true;
      return null;
    }
  }

  /** 2F, everything dropped until the right serial has come. */
  async #proveIdentity(attempt: number): Promise<void> {
    const serial = this.#meter.expectedSerial ?? this.#memory.serial ?? null;
    const accepts = (frame: Uint8Array) => {
      const [found] = serialReplies(frame);
      return found !== undefined && (serial === null || Number(found.serial) === Number(serial));
    };
    await this.#link.exchange(requestOf(this.#address, IDENTITY, this.#meter.baudRate, { attempt, accepts }));
    this.#isInDoubt = false;
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

  #unsupported(command: Command200<unknown>, cause: AppError): AppError {
    return this.#inContext(silentTo(command.label, cause), command);
  }

  #inContext(error: AppError, command: Command200<unknown>): AppError {
    const serial = this.#meter.expectedSerial ?? this.#memory.serial ?? null;
    return inContext(error, { address: this.#address, serial, command: command.label });
  }
}

/** The answer; throws `meter/unsupported` in place of none. */
export function requireAnswer<T>(answer: Answer<T> | null, label: string): Answer<T> {
  if (answer === null) throw new AppError('meter/unsupported', `The meter does not answer: ${label}`, { context: { command: label } });
  return answer;
}
