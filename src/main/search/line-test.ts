/** A graded test of a line: identity reads, which change nothing, with each meter in turn. */
import { hasCode } from '../../shared/api/errors.ts';
import type { LineTest, LogEntry } from '../../shared/api/search.ts';
import type { Finding } from '../../shared/domain/finding.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import type { MeterFinder } from '../drivers/driver.ts';
import type { LineLoan } from '../engine/ports.ts';
import type { Clock } from '../platform/clock.ts';
import { BorrowedLine } from './borrowed-line.ts';
import { ExchangeLog } from './exchange-log.ts';
import { finding, findingsOf, percent } from './findings.ts';
import { type Grade, gradeOf, lineGrade, percentile } from './grade.ts';
import { type Answer, Questioner } from './questioner.ts';
import { LineRecord } from './record.ts';
import { TaskControl } from './task.ts';

/** On top of the wait that the documents allow a meter, milliseconds: a gateway's network, a USB adapter's scheduling. */
const LATENCY_MS = { tcp: 300, serial: 50 } as const;
/** A failed exchange is tried again at once, as polling does it, so many times. */
const RETRIES = 2;
/** Fewer may be chance. */
const LEAST_TIMES = 3;
/** More late answers or lost ones than this share have a name. */
const NAMED_SHARE = 0.02;
/** A meter that fails more often than this is not there: it says nothing about the line. */
const DEAD_SHARE = 0.5;

export interface TestedMeter {
  readonly address: number;
  readonly serial: string;
  readonly pointCode: string | null;
  readonly finder: MeterFinder;
}

export interface LineTestDeps {
  readonly id: number;
  readonly lineId: number;
  /** LINE text, for the result. */
  readonly line: string;
  readonly kind: 'tcp' | 'serial';
  /** `9600-8N1`. */
  readonly setting: string;
  readonly meters: readonly TestedMeter[];
  /** With each meter. */
  readonly exchanges: number;
  readonly loan: LineLoan;
  readonly isShared: boolean;
  readonly clock: Clock;
  readonly onExchange?: (entry: LogEntry) => void;
  readonly onChanged?: () => void;
}

interface Tested {
  readonly meter: TestedMeter;
  readonly questioner: Questioner;
  readonly record: LineRecord;
  readonly firstBytesMs: number[];
  exchanges: number;
  lost: number;
  damaged: number;
  retries: number;
}

export class LineTestRun {
  readonly id: number;
  readonly lineId: number;
  readonly #deps: LineTestDeps;
  readonly #line: BorrowedLine;
  readonly #control = new TaskControl();
  readonly #tested: readonly Tested[];
  readonly #records: readonly LineRecord[];
  readonly #startedAtMs: number;
  #state: 'running' | 'done' | 'cancelled' | 'failed' = 'running';
  #endedAtMs: number | null = null;
  #late = 0;

  constructor(deps: LineTestDeps) {
    const { clock, setting, meters } = deps;
    this.id = deps.id;
    this.lineId = deps.lineId;
    this.#deps = deps;
    this.#line = new BorrowedLine(deps.loan, clock, deps.isShared);
    const log = new ExchangeLog(deps.onExchange ?? null);
    const families = new Map(
      [...new Set(meters.map(({ finder }) => finder))].map((finder) => {
        const questioner = new Questioner({ line: this.#line, finder, clock, log, gate: this.#control, setting, isThorough: false });
        return [finder, { questioner, record: new LineRecord(setting) }];
      }),
    );
    this.#records = [...families.values()].map(({ record }) => record);
    this.#tested = meters.flatMap((meter) => {
      const family = families.get(meter.finder);
      return family === undefined ? [] : [{ meter, ...family, firstBytesMs: [], exchanges: 0, lost: 0, damaged: 0, retries: 0 }];
    });
    this.#startedAtMs = clock.now();
  }

  /** One exchange with each meter, then the next round: what troubles the line for a while meets all of them. Never rejects. */
  async run(): Promise<void> {
    try {
      for (let round = 0; round < this.#deps.exchanges; round += 1) {
        for (const tested of this.#tested) await this.#exchange(tested);
      }
      this.#state = 'done';
    } catch (thrown) {
      this.#state = hasCode(thrown, 'api/cancelled') ? 'cancelled' : 'failed';
    }
    await this.#line.release();
    this.#endedAtMs = this.#deps.clock.now();
    this.#deps.onChanged?.();
  }

  cancel(): void {
    this.#control.cancel();
  }

  result(): LineTest {
    const meters = this.#tested.map(({ meter, exchanges, lost, damaged, retries, firstBytesMs }) => ({
      pointCode: meter.pointCode,
      serial: meter.serial,
      address: meter.address,
      exchanges,
      lost,
      damaged,
      retries,
      firstByteP50Ms: percentile(firstBytesMs, 0.5),
      firstByteP99Ms: percentile(firstBytesMs, 0.99),
      grade: gradeOf(exchanges, lost + damaged),
    }));
    const all = this.#tested.flatMap(({ firstBytesMs }) => firstBytesMs);
    const addresses = this.#records.flatMap((record) => [...record.addresses.values()]);
    const figures = {
      exchanges: sum(meters.map(({ exchanges }) => exchanges)),
      lost: sum(meters.map(({ lost }) => lost)),
      damaged: sum(meters.map(({ damaged }) => damaged)),
      echoes: sum(this.#records.map(({ echoes }) => echoes)),
    };
    return {
      id: this.id,
      lineId: this.lineId,
      line: this.#deps.line,
      state: this.#state,
      startedAt: isoUtc(this.#startedAtMs / 1000),
      endedAt: this.#endedAtMs === null ? null : isoUtc(this.#endedAtMs / 1000),
      done: figures.exchanges,
      total: this.#deps.exchanges * this.#tested.length,
      ...figures,
      strayBytes: sum(addresses.map(({ strayBytes }) => strayBytes)),
      firstByteP50Ms: percentile(all, 0.5),
      firstByteP99Ms: percentile(all, 0.99),
      grade: this.#grade({ ...figures, strays: sum(addresses.map(({ strays }) => strays)) }),
      meters,
      findings: this.#findings(figures),
    };
  }

  async #exchange(tested: Tested): Promise<void> {
    let answer = await this.#ask(tested);
    tested.exchanges += 1;
    if (isAnswered(answer)) {
      if (answer.firstByteMs !== null) tested.firstBytesMs.push(Math.round(answer.firstByteMs));
    } else if (answer.judged.verdict === 'damaged' || answer.judged.isShort) tested.damaged += 1;
    else tested.lost += 1;
    for (let retry = 0; retry < RETRIES && !isAnswered(answer); retry += 1) {
      answer = await this.#ask(tested);
      tested.retries += 1;
    }
    this.#deps.onChanged?.();
  }

  async #ask({ meter, questioner, record }: Tested): Promise<Answer> {
    const waitMs = questioner.waits.legalMs + LATENCY_MS[this.#deps.kind];
    const answer = await questioner.ask({ address: meter.address, waitMs });
    record.add(meter.address, answer.replyBytes, answer.judged);
    this.#late += answer.judged.overheard.length;
    return answer;
  }

  #grade(figures: Parameters<typeof lineGrade>[0]): Grade | null {
    return this.#state === 'done' || this.#state === 'failed' ? lineGrade(figures) : null;
  }

  #findings({ exchanges, lost }: { exchanges: number; lost: number }): Finding[] {
    const slow = this.#tested.flatMap(({ questioner }) => questioner.slowMs ?? []);
    const found = findingsOf(this.#records, {
      hasLongAddresses: this.#tested.some(({ meter }) => meter.finder.addresses === null),
      isComplete: false,
      isSilent: lost === exchanges && exchanges >= LEAST_TIMES ? true : null,
      zeroOnly: [],
      garbled: null,
      isClosedUpon: this.#tested.some(({ questioner }) => questioner.isClosedUpon),
      isClosedUnasked: this.#tested.some(({ questioner }) => questioner.isClosedUnasked),
      slowMs: slow.length === 0 ? null : Math.max(...slow),
    });
    const present = this.#tested.filter((tested) => tested.lost <= tested.exchanges * DEAD_SHARE);
    const asked = sum(present.map((tested) => tested.exchanges));
    const lostOfPresent = sum(present.map((tested) => tested.lost));
    if (lostOfPresent >= LEAST_TIMES && lostOfPresent > asked * NAMED_SHARE) {
      found.push(finding('loss', 'attention', { rate: percent(lostOfPresent, asked) }));
    }
    if (this.#late >= LEAST_TIMES && this.#late > exchanges * NAMED_SHARE) {
      found.push(finding('late-replies', 'attention', { rate: percent(this.#late, exchanges) }));
    }
    return found;
  }
}

function isAnswered({ judged }: Answer): boolean {
  return judged.own.length > 0;
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
