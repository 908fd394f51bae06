/** Periods that a person wants read again: kept until the meter has answered, whatever happens to the program meanwhile. */
import type { MethodResult } from '../../shared/api/methods.ts';
import type { RereadRow } from '../../shared/api/completeness.ts';
import { AppError } from '../../shared/api/errors.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import type { Engine } from '../engine/engine.ts';
import { type Clock, every } from '../platform/clock.ts';
import type { RereadRecord, Store } from '../store/store.ts';
import type { Site } from './site.ts';

/** How often the desk looks whether what was asked for is there. */
const LOOK_EVERY_MS = 2000;
/** A ring of a Mercury holds 170 days at most. */
const LONGEST_S = 171 * 86_400;

export interface RereadDeskDeps {
  readonly site: Site;
  readonly store: Store;
  readonly clock: Clock;
}

export class RereadDesk {
  readonly #deps: RereadDeskDeps;
  #engine: Engine | null = null;
  #cancel: (() => void) | null = null;

  constructor(deps: RereadDeskDeps) {
    this.#deps = deps;
  }

  /** Asks the meters of a point for a period again, stored or proven absent. Throws `api/not-found`, `api/invalid-argument`. */
  ask(pointId: number, fromUtc: UtcSeconds, toUtc: UtcSeconds, who: string, reason: string | null): RereadRow[] {
    const { site, store } = this.#deps;
    if (toUtc <= fromUtc || toUtc - fromUtc > LONGEST_S) {
      throw new AppError('api/invalid-argument', 'The period is empty, or longer than any meter remembers');
    }
    const { point } = site.point(pointId);
    const stood = site.installations(point.id).flatMap(({ meter, range }) => {
      const part = { fromUtc: Math.max(fromUtc, range.fromUtc), toUtc: Math.min(toUtc, range.toUtc) };
      return part.fromUtc < part.toUtc && meter.removedUtc === null ? [{ meter, ...part }] : [];
    });
    if (stood.length === 0) {
      throw new AppError('api/conflict', 'No meter that is still on its line measured this period', {
        hint: 'The figures of a meter that was taken away can only come from an act.',
      });
    }
    const ids = stood.map(({ meter, ...part }) => {
      const rereadId = store.rereads.ask({ meterId: meter.id, ...part, who, reason }, site.nowUtc());
      this.#engine?.readAgain(meter.id, part);
      return rereadId;
    });
    return ids.flatMap((rereadId) => this.#rowOf(store.rereads.get(rereadId)));
  }

  list(offset: number, limit: number): MethodResult<'rereads.list'> {
    const { rows, total } = this.#deps.store.rereads.list(offset, limit);
    return { rows: rows.flatMap((record) => this.#rowOf(record)), total };
  }

  /** What has come meanwhile stays. Throws `api/not-found`. */
  cancel(rereadId: number): RereadRow {
    const { site, store } = this.#deps;
    store.rereads.end(rereadId, 'cancelled', site.nowUtc());
    const [row] = this.#rowOf(store.rereads.get(rereadId));
    if (row === undefined) throw new AppError('api/not-found', 'There is no such request', { context: { rereadId } });
    return row;
  }

  /** A new engine is told what still waits. */
  follow(engine: Engine): void {
    this.#engine = engine;
    for (const { meterId, fromUtc, toUtc } of this.#deps.store.rereads.waiting()) engine.readAgain(meterId, { fromUtc, toUtc });
    this.#cancel ??= every(this.#deps.clock, LOOK_EVERY_MS, () => this.#look());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#engine = null;
  }

  #look(): void {
    const { site, store } = this.#deps;
    for (const { id, meterId, fromUtc, toUtc } of store.rereads.waiting()) {
      // What is on its way to the disk is closed in the ledger already: wait for the group commit.
      if (this.#engine?.openIn(meterId, { fromUtc, toUtc }) === 0) {
        void store.flush().then(() => store.rereads.end(id, 'done', site.nowUtc()));
      }
    }
  }

  #rowOf(record: RereadRecord | null): RereadRow[] {
    if (record === null) return [];
    const { site } = this.#deps;
    const meter = site.plant.meters.find(({ id }) => id === record.meterId);
    const place = site.plant.installations.find(
      ({ meterId, fromUtc, toUtc }) => meterId === record.meterId && (fromUtc ?? 0) < record.toUtc && (toUtc ?? Infinity) > record.fromUtc,
    );
    const absence = this.#engine?.meter(record.meterId)?.absence ?? null;
    const isWaiting = record.outcome === null;
    return [
      {
        rereadId: record.id,
        pointCode: site.plant.points.find(({ id }) => id === place?.pointId)?.code ?? '',
        meterSerial: meter?.serial ?? '',
        from: isoUtc(record.fromUtc),
        to: isoUtc(record.toUtc),
        askedAt: isoUtc(record.askedUtc),
        who: record.who,
        reason: record.reason,
        endedAt: record.endedUtc === null ? null : isoUtc(record.endedUtc),
        outcome: record.outcome,
        waitsFor: isWaiting && absence !== 'not-read' ? absence : null,
        open: isWaiting ? (this.#engine?.openIn(record.meterId, record) ?? null) : null,
        found: record.found,
        changed: record.changed,
      },
    ];
  }
}
