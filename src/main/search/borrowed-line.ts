/** A line for a task of many questions, taken in slices: whoever polls it has a turn between two of them. */
import { asAppError, isLineFault } from '../../shared/api/errors.ts';
import type { EngineLine, LineAccess, LineLoan } from '../engine/ports.ts';
import type { Clock } from '../platform/clock.ts';

/** A slice takes no new question after this; with the longest wait on top it stays under half a second at 9600 baud. */
const SLICE_MS = 250;

/** A line that nobody polls: opened for the task, opened anew with its setting after a loss, closed at the end. Rejects with `line/*`. */
export function loanOfOwnLine(line: EngineLine): LineLoan {
  let isOpen = false;
  let setting: string | null = null;
  const access: LineAccess = {
    get baudRate() {
      return line.baudRate;
    },
    exchange: (request) => line.exchange(request),
    listen: (request) => line.listen(request),
    async retune(wanted) {
      setting = wanted;
      await line.retune(wanted);
    },
  };
  const close = async () => {
    isOpen = false;
    await line.close();
  };
  return {
    async slice(work) {
      try {
        if (!isOpen) {
          await line.open();
          isOpen = true;
          if (setting !== null) await line.retune(setting);
        }
        return await work(access);
      } catch (error) {
        if (isLineFault(error)) await close();
        throw error;
      }
    },
    release: close,
  };
}

interface Slice {
  readonly line: LineAccess;
  readonly endsAtMs: number;
  /** Settles the work of the slice and waits until the line has gone on; `null` = it went well. */
  end(error: unknown): Promise<void>;
}

/** Questions one after the other over a loan, as many to a slice as it has time for. */
export class BorrowedLine {
  readonly #loan: LineLoan;
  readonly #clock: Clock;
  readonly #isShared: boolean;
  #slice: Slice | null = null;

  /** `isShared`: somebody polls the line between two slices. */
  constructor(loan: LineLoan, clock: Clock, isShared: boolean) {
    this.#loan = loan;
    this.#clock = clock;
    this.#isShared = isShared;
  }

  /** True when a question that takes so long is the last of its slice: a straggler would fall into somebody else's exchange. */
  isLastOfSlice(durationMs: number): boolean {
    if (!this.#isShared) return false;
    const leftMs = this.#slice === null ? SLICE_MS : this.#slice.endsAtMs - this.#clock.monotonic();
    return durationMs >= leftMs;
  }

  /** Asks one thing. Rejects with what the question throws and with `line/*`; the next question then begins a new slice. */
  async ask<T>(question: (line: LineAccess) => Promise<T>): Promise<T> {
    this.#slice ??= await this.#begin();
    const slice = this.#slice;
    try {
      const answer = await question(slice.line);
      if (this.#isShared && this.#clock.monotonic() >= slice.endsAtMs) await this.rest();
      return answer;
    } catch (error) {
      this.#slice = null;
      await slice.end(error);
      throw error;
    }
  }

  /** Ends the slice: before any pause between two questions. */
  async rest(): Promise<void> {
    const slice = this.#slice;
    this.#slice = null;
    await slice?.end(null);
  }

  /** Gives the line back for good; one that is lost at this moment is given back all the same. */
  async release(): Promise<void> {
    await this.rest();
    try {
      await this.#loan.release();
    } catch (error) {
      if (!isLineFault(error)) throw error;
    }
  }

  #begin(): Promise<Slice> {
    return new Promise((resolve, reject) => {
      const over = this.#loan.slice(
        (line) =>
          new Promise<void>((endWell, endBadly) => {
            const end = async (error: unknown) => {
              if (error === null) endWell();
              else endBadly(asAppError(error));
              // What it ended with is known to whoever asked.
              await over.catch(() => {});
            };
            resolve({ line, endsAtMs: this.#clock.monotonic() + SLICE_MS, end });
          }),
      );
      over.catch(reject);
    });
  }
}
