import type { ApiEvent, Outcome } from '../../../src/shared/api/dispatch.ts';
import type { LivePoint } from '../../../src/shared/api/methods.ts';
import type { ScreenClock } from '../../../src/renderer/client/clock.ts';
import type { ConnectionState, Transport } from '../../../src/renderer/client/transport.ts';

/** A clock that stands until it is moved. */
export function scriptedClock(start = 0): ScreenClock & { advance(ms: number): void; readonly waiting: number } {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    now: () => now,
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers.delete(next);
        now = next.at;
        next.run();
      }
      now = end;
    },
    get waiting() {
      return timers.size;
    },
  };
}

export interface ScriptedTransport extends Transport {
  /** Calls that wait for their answer, oldest first. */
  readonly asked: { readonly name: string; readonly params: unknown; answer(outcome: Outcome<unknown>): void }[];
  emit(event: ApiEvent): void;
  connect(state: ConnectionState): void;
}

export function scriptedTransport(first: ConnectionState = 'up'): ScriptedTransport {
  const listeners = new Set<(event: ApiEvent) => void>();
  const stateListeners = new Set<(state: ConnectionState) => void>();
  const asked: ScriptedTransport['asked'] = [];
  let state = first;
  return {
    asked,
    call: (name, params) => new Promise((answer) => void asked.push({ name, params, answer })),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    connection: () => state,
    onConnection: (listener) => {
      stateListeners.add(listener);
      return () => void stateListeners.delete(listener);
    },
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    connect: (next) => {
      state = next;
      for (const listener of stateListeners) listener(next);
    },
  };
}

/** Lets promises that are already settled run on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

export function livePoint(pointId: number, part: Partial<LivePoint> = {}): LivePoint {
  return {
    pointId,
    code: `TP1-${pointId}`,
    name: `Ввод ${pointId}`,
    substation: 'ТП-1',
    line: 'COM4',
    meterSerial: '01234567',
    state: 'ok',
    reason: null,
    at: '2026-11-21T11:00:00Z',
    staleAfterS: 45,
    values: {},
    clockDeviationMs: null,
    ...part,
  };
}
