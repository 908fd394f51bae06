/** Turns what the engine says into events for the screens, coalesced: a screen cannot read faster, a socket need not carry more. */
import { type Clock, every } from '../platform/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { ApiEvents } from './events.ts';
import { livePoint } from './live-view.ts';
import type { Site } from './site.ts';
import type { MeterFacts } from '../../shared/domain/meter.ts';
import type { SystemStatus } from '../../shared/api/methods.ts';

const LIVE_EVERY_MS = 1000;
const DATA_EVERY_MS = 5000;
const STATUS_EVERY_MS = 5000;
/** What a person has entered for a moment to come, such as a replacement, holds from then on. */
const PLANT_EVERY_MS = 60_000;

export class EngineFeed {
  readonly #deps: { readonly site: Site; readonly events: ApiEvents; readonly clock: Clock; readonly status: () => SystemStatus };
  readonly #liveMeters = new Set<number>();
  readonly #storedMeters = new Set<number>();
  #sequence = 0;
  #isStatusDue = false;
  #facts = new Map<number, MeterFacts>();
  #tick = 0;
  #cancel: (() => void) | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(deps: { readonly site: Site; readonly events: ApiEvents; readonly clock: Clock; readonly status: () => SystemStatus }) {
    this.#deps = deps;
  }

  /** Sequence number of the last `live.changed` event. */
  get sequence(): number {
    return this.#sequence;
  }

  follow(engine: Engine): void {
    const { site } = this.#deps;
    this.#unsubscribe?.();
    this.#unsubscribe = engine.subscribe({
      live: (meterId) => this.#liveMeters.add(meterId),
      stored: (meterId) => this.#storedMeters.add(meterId),
      status: () => {
        this.#isStatusDue = true;
      },
      // A meter more in the plant.
      quarantined: () => site.refresh(),
    });
    this.#cancel ??= every(this.#deps.clock, LIVE_EVERY_MS, () => this.#flush());
  }

  /** They hold from the next data on. */
  factsStored(meterId: number, facts: MeterFacts): void {
    this.#facts.set(meterId, facts);
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#cancel?.();
    this.#cancel = null;
  }

  #flush(): void {
    const { site, events, status } = this.#deps;
    this.#tick += 1;
    const isTime = (everyMs: number) => (this.#tick * LIVE_EVERY_MS) % everyMs === 0;
    if (isTime(DATA_EVERY_MS)) {
      site.learn(this.#facts);
      this.#facts = new Map();
    }
    if (isTime(PLANT_EVERY_MS)) site.refresh();
    // What nobody hears is not made: a PC that nobody looks after is one whose screens are closed.
    const isHeard = events.isHeard;
    if (this.#liveMeters.size > 0) {
      this.#sequence += 1;
      if (isHeard) {
        const points = this.#pointsOf(this.#liveMeters).map((installed) => livePoint(site, installed));
        events.emit('live.changed', { sequence: this.#sequence, points });
      }
      this.#liveMeters.clear();
    }
    if (this.#storedMeters.size > 0 && isTime(DATA_EVERY_MS)) {
      if (isHeard) events.emit('data.changed', { pointIds: this.#pointsOf(this.#storedMeters).map(({ point }) => point.id) });
      this.#storedMeters.clear();
    }
    if (this.#isStatusDue || isTime(STATUS_EVERY_MS)) {
      this.#isStatusDue = false;
      if (isHeard) events.emit('status.changed', status());
    }
  }

  #pointsOf(meterIds: ReadonlySet<number>) {
    return this.#deps.site.points.filter(({ meter }) => meterIds.has(meter.id));
  }
}
