/** How complete yesterday is over all points: asked for with each change of any state, so it is counted anew only now and then. */
import { type CompletenessCount, countCompleteness, sumCompleteness } from '../metering/completeness.ts';
import { expectedStarts, isReadSpan, spansOfPoint } from '../metering/expected.ts';
import { addDays, periodOf } from '../metering/zone.ts';
import type { Clock } from '../platform/clock.ts';
import type { Site } from './site.ts';

const HOLDS_MS = 10_000;

export class Yesterday {
  readonly #site: Site;
  readonly #clock: Clock;
  #counted: { readonly day: string; readonly atMs: number; readonly count: CompletenessCount } | null = null;

  constructor(site: Site, clock: Clock) {
    this.#site = site;
    this.#clock = clock;
  }

  /** At most ten seconds old. */
  completeness(): CompletenessCount {
    const day = addDays(this.#site.zone.dateOf(this.#site.nowUtc()), -1);
    const atMs = this.#clock.monotonic();
    if (this.#counted?.day !== day || atMs - this.#counted.atMs >= HOLDS_MS) this.#counted = { day, atMs, count: this.#count(day) };
    return this.#counted.count;
  }

  #count(day: string): CompletenessCount {
    const { plant, points, store } = this.#site;
    const { fromUtc, toUtc } = periodOf(day, day, this.#site.zone);
    const nowUtc = this.#site.nowUtc();
    return sumCompleteness(
      points.map(({ point }) =>
        countCompleteness(
          spansOfPoint(plant, point.id, fromUtc, toUtc)
            .filter(isReadSpan)
            .map((span) => {
              const stored = store.intervals.ranges(span.meter.id, span.fromUtc, span.toUtc);
              const isReceived = (startUtc: number) => stored.some((range) => range.fromUtc <= startUtc && startUtc < range.toUtc);
              return { starts: expectedStarts(span, nowUtc), isReceived };
            }),
        ),
      ),
    );
  }
}
