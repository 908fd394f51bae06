/** Joins the engine's small interfaces to the line layer and the store. */
import { AppError } from '../shared/api/errors.ts';
import type { MeterFacts } from '../shared/domain/meter.ts';
import { isLinked } from '../shared/domain/plant.ts';
import { overheardPasswords } from './drivers/mercury-frames.ts';
import type { EngineLine, EngineStore, OpenLine } from './engine/ports.ts';
import { createBus, type ObservedExchange } from './line/bus.ts';
import { channelTiming } from './line/channel-timing.ts';
import { formatLineAddress, type LineAddress, parseLineAddress } from './line/line-address.ts';
import { createPort } from './line/open-port.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from './platform/logger.ts';
import type { Store } from './store/store.ts';

/** Opens real lines: serial ports and transparent TCP gateways. Tests give ports of their own. */
export function openEngineLine(clock: Clock, logger: Logger, makePort: typeof createPort = createPort): OpenLine {
  return (record): EngineLine => {
    const own = parseLineAddress(record.address);
    const observers = new Set<(observed: ObservedExchange) => void>();
    let present = own;
    const bus = createBus(makePort(own, clock), {
      clock,
      logger: logger.child({ line: record.name }),
      channel: channelTiming(own),
      onExchange: (observed) => {
        for (const observer of observers) observer(observed);
      },
      passwordsIn: overheardPasswords,
    });
    const tune = async (address: LineAddress) => {
      if (formatLineAddress(address) === formatLineAddress(present)) return;
      present = address;
      await bus.changePort(makePort(address, clock), channelTiming(address));
    };
    return {
      get baudRate() {
        return bus.baudRate;
      },
      async open() {
        await tune(own);
        await bus.open();
      },
      close: () => bus.close(),
      exchange: (request) => bus.exchange(request),
      listen: (request) => bus.listen(request),
      async retune(setting) {
        if (own.kind !== 'serial') {
          throw new AppError('api/invalid-argument', 'The speed behind a gateway is set in the gateway', {
            context: { line: record.address },
          });
        }
        await tune(setting === null ? own : parseLineAddress(`serial:${own.path}:${setting}`));
      },
      observe(observer) {
        observers.add(observer);
        return () => observers.delete(observer);
      },
      counters: () => bus.counters(),
    };
  };
}

/** `onFacts` is called after facts of a meter became durable: the plant as it was loaded is out of date. */
export function engineStore(store: Store, onFacts: (meterId: number, facts: MeterFacts) => void = () => {}): EngineStore {
  return {
    async commit(batch) {
      await store.commit(batch);
      if (batch.facts !== undefined) onFacts(batch.meterId, batch.facts);
    },
    flush: () => store.flush(),
    coveredRanges: (meterId, fromUtc, toUtc) => store.intervals.ranges(meterId, fromUtc, toUtc),
    gaps: (meterId) => store.gaps.list(meterId),
    dayStarts: (meterId, fromUtc, toUtc) =>
      store.registers
        .list([meterId], { fromUtc, toUtc })
        .flatMap(({ kind, tariff, momentUtc }) => (kind === 'day-start' && tariff === 0 ? [momentUtc] : [])),
    journalReads: (meterId) => store.journals.reads(meterId),
    password: (meterId) => store.plant.password(meterId),
    meetStranger(sighting) {
      const meterId = store.strangers.meet(sighting);
      return meterId === null
        ? null
        : (store.plant
            .load()
            .meters.filter(isLinked)
            .find(({ id }) => id === meterId) ?? null);
    },
    refusedInQuarantine: (meterId) => store.strangers.refused(meterId),
  };
}
