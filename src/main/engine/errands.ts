/** Work on one meter that somebody waits for, in the order of asking: each piece is done once and its outcome reaches who asked. */
import type { AppError } from '../../shared/api/errors.ts';
import type { MeterSession } from '../drivers/driver.ts';

export interface Errand {
  /** Grows with each errand of a line. */
  readonly order: number;
  /** Monotonic. */
  readonly askedAt: number;
  readonly label: string;
  /** Does it and tells who asked of success; rejects with what it threw. */
  perform(session: MeterSession): Promise<void>;
  /** It cannot be done: who asked is told why. */
  fail(error: AppError): void;
}

export class Errands {
  #waiting: Errand[] = [];

  /** Resolves or rejects once the errand is done, refused or dropped. */
  add<T>(order: number, askedAt: number, label: string, run: (session: MeterSession) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        order,
        askedAt,
        label,
        perform: async (session) => resolve(await run(session)),
        fail: reject,
      });
    });
  }

  get first(): Errand | null {
    return this.#waiting[0] ?? null;
  }

  /** The next one, which waits no longer. */
  take(): Errand | null {
    return this.#waiting.shift() ?? null;
  }

  /** None of those that wait will be done. */
  failAll(error: AppError): void {
    const failed = this.#waiting;
    this.#waiting = [];
    for (const errand of failed) errand.fail(error);
  }
}
