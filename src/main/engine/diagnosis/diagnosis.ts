/** Says in words what is wrong while polling goes on: lines by their exchanges, wiring by live values, meters by their settings. */
import { AUDIT_FINDINGS, LINE_FINDINGS, METER_FINDINGS, WIRING_FINDINGS } from '../../../shared/domain/finding.ts';
import type { MeterConfiguration } from '../../../shared/domain/meter-configuration.ts';
import { type InstallationRecord, isLinked, type LineRecord, type LinkedMeter, type Plant } from '../../../shared/domain/plant.ts';
import type { UtcSeconds } from '../../../shared/domain/time.ts';
import { MERCURY_FRAMES, requestPrefix } from '../../drivers/mercury-frames.ts';
import type { MeterDriver } from '../../drivers/driver.ts';
import type { DriverId } from '../../../shared/domain/point.ts';
import type { ObservedExchange } from '../../line/bus.ts';
import { parseLineAddress } from '../../line/line-address.ts';
import { type AuditContext, auditMeter } from '../../metering/meter-audit.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Engine } from '../engine.ts';
import type { LineState } from '../line-worker.ts';
import type { LiveState } from '../meter-agent.ts';
import { FindingBook, type FindingStore } from './finding-book.ts';
import { LineObserver, type LineVerdict, type ObservedMeter } from './line-observer.ts';
import { WiringWatch } from './wiring-watch.ts';

/** Where the settings of meters are kept; `app.ts` passes the store in. */
export interface ConfigurationStore {
  last(meterId: number): { readonly atUtc: UtcSeconds; readonly configuration: MeterConfiguration } | null;
  save(meterId: number, stored: { readonly atUtc: UtcSeconds; readonly configuration: MeterConfiguration }): void;
}

export interface DiagnosisDeps {
  readonly plant: Plant;
  readonly drivers: ReadonlyMap<DriverId, MeterDriver>;
  readonly findings: FindingStore;
  readonly configurations: ConfigurationStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called after findings began, ended or changed their weight; how many last. */
  readonly onChange: (lasting: number) => void;
}

export interface Diagnosis {
  /** Attends to an engine over the same plant. Returns the unsubscribe function. */
  follow(engine: Engine): () => void;
  /** The settings of a meter were read: keeps and judges them. */
  configured(meterId: number, configuration: MeterConfiguration): void;
}

/** What is known of a meter besides its settings, for their audit. */
export function auditContext(
  meter: Pick<LinkedMeter, 'address' | 'clock'>,
  installation: InstallationRecord | null,
  clock: Pick<LiveState, 'clockDeviationMs' | 'isMarkedSummer'>,
): AuditContext {
  return {
    installation,
    address: meter.address,
    deviationMs: clock.clockDeviationMs,
    isMarkedSummer: clock.isMarkedSummer,
    countsSeasonMark: meter.clock.seasonBit === 'applied',
  };
}

export function createDiagnosis(deps: DiagnosisDeps): Diagnosis {
  const { plant, clock } = deps;
  const book = new FindingBook({ store: deps.findings, clock, logger: deps.logger, onChange: deps.onChange });
  const meters = new Map(plant.meters.filter(isLinked).map((meter) => [meter.id, new WatchedMeter(meter, plant)]));
  const lines = new Map(plant.lines.map((line) => [line.id, new WatchedLine(line, deps)]));

  const audit = (meter: WatchedMeter) => {
    const meterId = meter.record.id;
    const stored = deps.configurations.last(meterId);
    if (stored === null) return;
    const installation = meter.installationAt(Math.floor(clock.now() / 1000));
    book.state({ meterId }, AUDIT_FINDINGS, auditMeter(stored.configuration, auditContext(meter.record, installation, meter.clock)));
  };
  const configured = (meterId: number, configuration: MeterConfiguration) => {
    const meter = meters.get(meterId);
    deps.configurations.save(meterId, { atUtc: Math.floor(clock.now() / 1000), configuration });
    if (meter !== undefined) audit(meter);
  };
  const judged = (line: WatchedLine) => {
    if (!line.hasNews()) return;
    book.state({ lineId: line.record.id }, LINE_FINDINGS, line.verdict.line);
    for (const [meterId, findings] of line.verdict.meters) book.state({ meterId }, METER_FINDINGS, findings);
  };

  return {
    follow(engine) {
      return engine.subscribe({
        exchange(lineId, observed) {
          const line = lines.get(lineId);
          if (line === undefined) return;
          line.observe(observed);
          judged(line);
        },
        status() {
          for (const { record, state } of engine.lines()) {
            const line = lines.get(record.id);
            if (line === undefined) continue;
            line.changed(state);
            judged(line);
          }
        },
        live(meterId) {
          const meter = meters.get(meterId);
          const status = engine.meter(meterId);
          if (meter === undefined || status === null) return;
          const { atUtc, values } = status.live;
          if (meter.hasNewClock(status.live)) audit(meter);
          if (status.health !== 'ok' || atUtc === null || !meter.isNewSample(atUtc)) return;
          const scheme = meter.installationAt(atUtc)?.scheme ?? null;
          book.state({ meterId }, WIRING_FINDINGS, meter.wiring.add(values, scheme));
        },
        configuration: configured,
      });
    },
    configured,
  };
}

function observedMeter({ id, address, driver }: LinkedMeter, { finder }: MeterDriver, baudRate: number): ObservedMeter {
  return {
    id,
    address,
    prefix: requestPrefix(driver, address),
    identityRequest: finder.request(address, baudRate).bytes,
    serialIn: (bytes) => finder.replies(bytes).find((reply) => reply.address === address)?.serial ?? null,
  };
}

class WatchedLine {
  readonly record: LineRecord;
  readonly #observer: LineObserver;
  readonly #clock: Clock;
  #state: LineState = 'connecting';
  #told: LineVerdict | null = null;

  constructor(record: LineRecord, { plant, drivers, clock }: DiagnosisDeps) {
    this.record = record;
    this.#clock = clock;
    const address = parseLineAddress(record.address);
    this.#observer = new LineObserver({
      kind: address.kind,
      setting: `${address.settings.baudRate}-${address.settings.format}`,
      meters: plant.meters.filter(isLinked).flatMap((meter) => {
        const driver = drivers.get(meter.driver);
        // What is said at an address belongs to the meter that has its place there.
        return meter.lineId === record.id && meter.quarantinedUtc === null && driver !== undefined
          ? observedMeter(meter, driver, address.settings.baudRate)
          : [];
      }),
      rules: MERCURY_FRAMES,
    });
  }

  get verdict(): LineVerdict {
    return this.#observer.verdict;
  }

  observe(observed: ObservedExchange): void {
    this.#observer.observe(observed, this.#clock.monotonic());
  }

  changed(state: LineState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state === 'connected') this.#observer.opened(this.#clock.monotonic());
    else if (state === 'down') this.#observer.lost(this.#clock.monotonic());
  }

  /** The line was judged since this was asked last. */
  hasNews(): boolean {
    const isNews = this.#observer.verdict !== this.#told;
    this.#told = this.#observer.verdict;
    return isNews;
  }
}

class WatchedMeter {
  readonly record: LinkedMeter;
  readonly wiring = new WiringWatch();
  readonly #installations: readonly InstallationRecord[];
  #clock: Pick<LiveState, 'clockDeviationMs' | 'isMarkedSummer'> = { clockDeviationMs: null, isMarkedSummer: null };
  #sampleUtc: UtcSeconds | null = null;

  constructor(record: LinkedMeter, plant: Plant) {
    this.record = record;
    this.#installations = plant.installations.filter(({ meterId }) => meterId === record.id);
  }

  /** As read last. */
  get clock(): Pick<LiveState, 'clockDeviationMs' | 'isMarkedSummer'> {
    return this.#clock;
  }

  installationAt(atUtc: UtcSeconds): InstallationRecord | null {
    return this.#installations.find(({ fromUtc, toUtc }) => (fromUtc ?? 0) <= atUtc && (toUtc === null || toUtc > atUtc)) ?? null;
  }

  hasNewClock({ clockDeviationMs, isMarkedSummer }: LiveState): boolean {
    const isNew = clockDeviationMs !== this.#clock.clockDeviationMs || isMarkedSummer !== this.#clock.isMarkedSummer;
    this.#clock = { clockDeviationMs, isMarkedSummer };
    return isNew;
  }

  isNewSample(atUtc: UtcSeconds): boolean {
    const isNew = atUtc !== this.#sampleUtc;
    this.#sampleUtc = atUtc;
    return isNew;
  }
}
