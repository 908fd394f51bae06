/** Joins the engine's small interfaces to the line layer and the store. */
import { AppError } from '../shared/api/errors.ts';
import type { EngineLine, EngineStore, OpenLine } from './engine/ports.ts';
import { createBus } from './line/bus.ts';
import { channelTiming } from './line/channel-timing.ts';
import { parseLineAddress } from './line/line-address.ts';
import { createPort } from './line/open-port.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import type { Store } from './store/store.ts';

/** Opens real lines: serial ports and transparent TCP gateways. */
export function openEngineLine(clock: Clock, logger: Logger): OpenLine {
  return (record): EngineLine => {
    const address = parseLineAddress(record.address);
    const bus = createBus(createPort(address, clock), {
      clock,
      logger: logger.child({ line: record.name }),
      channel: channelTiming(address),
    });
    return {
      baudRate: bus.baudRate,
      open: () => bus.open(),
      close: () => bus.close(),
      exchange: (request) => bus.exchange(request),
      listen: () => Promise.reject(new AppError('api/not-found', 'This version does not do that yet')),
      retune: () => Promise.reject(new AppError('api/not-found', 'This version does not do that yet')),
      counters: () => bus.counters(),
    };
  };
}

export function engineStore(store: Store): EngineStore {
  return {
    commit: (batch) => store.commit(batch),
    flush: () => store.flush(),
    coveredRanges: (meterId, fromUtc, toUtc) => store.intervals.ranges(meterId, fromUtc, toUtc),
    gaps: (meterId) => store.gaps.list(meterId),
    password: (meterId) => store.plant.password(meterId),
  };
}
