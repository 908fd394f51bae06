/** Whether a meter answers, and when it is worth asking again. */
import type { AbsenceReason } from '../../shared/domain/interval.ts';
import type { ErrorCode } from '../../shared/api/errors.ts';

export type MeterHealth = 'unknown' | 'ok' | 'silent' | 'denied' | 'wrong-serial' | 'unsupported';

/** Pauses after the first, second ... failed piece of work in a row, seconds. The last one repeats, so that a revived meter is back within a minute. */
const PAUSES_S = [5, 20, 55];

/** Pauses before a meter that was another is asked again who it is, seconds: a repaired line heals by itself, a wrong plan costs next to nothing. */
const IDENTITY_PAUSES_S = [30, 60, 120, 300, 600, 1800];

/** `poll` gives a meter up after this many failed pieces of work over at least this time (CLI.md). */
const GIVE_UP_FAILURES = 3;
const GIVE_UP_MS = 60_000;

export class HealthRecord {
  #health: MeterHealth = 'unknown';
  #code: ErrorCode | null = null;
  #failures = 0;
  #firstFailureAt = 0;
  #nextTryAt = 0;
  #strangers = 0;

  get health(): MeterHealth {
    return this.#health;
  }

  /** Code of the last fault, while it lasts. */
  get code(): ErrorCode | null {
    return this.#code;
  }

  get failures(): number {
    return this.#failures;
  }

  /** True while nobody but identity may be asked: the password was refused, or another meter answers. */
  get isBlocked(): boolean {
    return this.#health === 'denied' || this.#health === 'wrong-serial';
  }

  /** Monotonic milliseconds; nothing is asked before. */
  get nextTryAt(): number {
    return this.#nextTryAt;
  }

  succeeded(): void {
    this.#health = 'ok';
    this.#code = null;
    this.#failures = 0;
    this.#strangers = 0;
    this.#nextTryAt = 0;
  }

  /** A piece of work failed for good: silence, damaged frames, refusals. */
  failed(code: ErrorCode, now: number): void {
    if (this.#failures === 0) this.#firstFailureAt = now;
    this.#failures += 1;
    this.#health = 'silent';
    this.#code = code;
    this.#nextTryAt = now + (PAUSES_S[Math.min(this.#failures, PAUSES_S.length) - 1] ?? 55) * 1000;
  }

  /** Needs a person: never retried by itself (a meter may lock out after wrong passwords). */
  denied(code: ErrorCode): void {
    this.#health = 'denied';
    this.#code = code;
    this.#nextTryAt = Number.POSITIVE_INFINITY;
  }

  /** Another meter answers at the address. Identity, which needs no password, is asked again at growing intervals. */
  metStranger(code: ErrorCode, now: number): void {
    this.#strangers += 1;
    this.#health = 'wrong-serial';
    this.#code = code;
    this.#waitForIdentity(now);
  }

  /** Identity was asked of a meter that was another, and did not answer: it still is what it was last heard to be. */
  heardNobody(now: number): void {
    this.#strangers += 1;
    this.#waitForIdentity(now);
  }

  /** A person has changed something: ask again. */
  unblock(): void {
    this.#health = 'unknown';
    this.#code = null;
    this.#failures = 0;
    this.#strangers = 0;
    this.#nextTryAt = 0;
  }

  hasGivenUp(now: number): boolean {
    if (this.isBlocked) return true;
    return this.#failures >= GIVE_UP_FAILURES && now - this.#firstFailureAt >= GIVE_UP_MS;
  }

  /** Why the intervals of this meter are absent for now. */
  get absence(): AbsenceReason {
    switch (this.#health) {
      case 'denied':
        return 'denied';
      case 'wrong-serial':
        return 'wrong-serial';
      case 'unsupported':
        return 'unsupported';
      case 'silent':
        return 'silent';
      default:
        return 'not-read';
    }
  }
  #waitForIdentity(now: number): void {
    const pauseS = IDENTITY_PAUSES_S[Math.min(this.#strangers, IDENTITY_PAUSES_S.length) - 1] ?? 1800;
    this.#nextTryAt = now + pauseS * 1000;
  }
}
