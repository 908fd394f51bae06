import { asAppError } from '../../../shared/api/errors.ts';
import type { Finding, FindingCode } from '../../../shared/domain/finding.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';

/** A line or a meter. */
export type Subject = { readonly lineId: number } | { readonly meterId: number };

/** Where findings are kept; `app.ts` passes the store in. */
export interface FindingStore {
  lasting(): readonly (Finding & { readonly subject: Subject })[];
  note(subject: Subject, finding: Finding, atUtc: UtcSeconds): void;
  close(subject: Subject, code: FindingCode, atUtc: UtcSeconds): void;
}

/** Figures of a lasting finding move all the time: they are stored so often. */
const REFRESH_MS = 60_000;
/** After a start nothing is known yet: what lasted before is not ended for so long. */
const RESTORED_MS = 300_000;

interface Kept {
  readonly finding: Finding;
  readonly writtenAtMs: number;
  readonly isRestored: boolean;
}

/** What is wrong now, in step with the store: written when it changes, restored after a start. */
export class FindingBook {
  readonly #store: FindingStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #onChange: (lasting: number) => void;
  readonly #startedAtMs: number;
  readonly #kept = new Map<string, Map<FindingCode, Kept>>();

  constructor(deps: {
    readonly store: FindingStore;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly onChange: (lasting: number) => void;
  }) {
    this.#store = deps.store;
    this.#clock = deps.clock;
    this.#logger = deps.logger;
    this.#onChange = deps.onChange;
    this.#startedAtMs = deps.clock.monotonic();
    for (const { subject, ...finding } of deps.store.lasting()) {
      this.#of(subject).set(finding.code, { finding, writtenAtMs: this.#startedAtMs, isRestored: true });
    }
  }

  /** What holds of a subject among `codes`: begins and renews what is given, ends the rest of them. */
  state(subject: Subject, codes: readonly FindingCode[], findings: readonly Finding[]): void {
    try {
      const changed = [...findings.map((finding) => this.#note(subject, finding)), ...this.#closeOthers(subject, codes, findings)];
      if (changed.includes(true)) this.#onChange([...this.#kept.values()].reduce((sum, each) => sum + each.size, 0));
    } catch (thrown) {
      const error = asAppError(thrown);
      if (!error.code.startsWith('store/')) throw error;
      // What was not written stays different from what holds: it is tried again with the next judgement.
      this.#logger.warn({ code: error.code, error: error.message }, 'findings were not stored');
    }
  }

  #note(subject: Subject, finding: Finding): boolean {
    const kept = this.#of(subject);
    const known = kept.get(finding.code);
    const nowMs = this.#clock.monotonic();
    const isSame = known !== undefined && known.finding.weight === finding.weight;
    const isFresh = isSame && (nowMs - known.writtenAtMs < REFRESH_MS || JSON.stringify(known.finding) === JSON.stringify(finding));
    if (isFresh) {
      if (known.isRestored) kept.set(finding.code, { ...known, isRestored: false });
      return false;
    }
    this.#store.note(subject, finding, this.#nowUtc);
    kept.set(finding.code, { finding, writtenAtMs: nowMs, isRestored: false });
    return true;
  }

  #closeOthers(subject: Subject, codes: readonly FindingCode[], findings: readonly Finding[]): boolean[] {
    const kept = this.#of(subject);
    const isEarly = this.#clock.monotonic() - this.#startedAtMs < RESTORED_MS;
    return codes.map((code) => {
      const known = kept.get(code);
      if (known === undefined || findings.some((finding) => finding.code === code) || (known.isRestored && isEarly)) return false;
      this.#store.close(subject, code, this.#nowUtc);
      kept.delete(code);
      return true;
    });
  }

  #of(subject: Subject): Map<FindingCode, Kept> {
    const key = 'lineId' in subject ? `line ${subject.lineId}` : `meter ${subject.meterId}`;
    const kept = this.#kept.get(key) ?? new Map<FindingCode, Kept>();
    this.#kept.set(key, kept);
    return kept;
  }

  get #nowUtc(): UtcSeconds {
    return Math.floor(this.#clock.now() / 1000);
  }
}
