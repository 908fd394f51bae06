/** Everybody whom a search has heard; those who are certain are found. */
import type { FoundMeter, SearchRequest } from '../../shared/api/search.ts';
import type { FoundReply } from '../drivers/driver.ts';
import { type AddressRecord, isCertain, type LineRecord } from './record.ts';

export interface RosterDeps {
  readonly request: SearchRequest;
  /** Code of the point where a meter of the plant is installed; `null` = it is not in the plant. */
  readonly pointOf: (serial: string) => string | null;
  readonly onFound?: (meter: FoundMeter) => void;
}

export class Roster {
  readonly #deps: RosterDeps;
  readonly #heard: { readonly meter: FoundMeter; readonly record: AddressRecord }[] = [];
  readonly #announced = new Set<FoundMeter>();

  constructor(deps: RosterDeps) {
    this.#deps = deps;
  }

  /** Writes down who answered; who was heard at this address and setting before stays as it is. */
  note(record: LineRecord, reply: FoundReply, firstByteMs: number | null): void {
    const { request, pointOf } = this.#deps;
    const { address, serial, manufactured } = reply;
    const isSame = (meter: FoundMeter) => meter.serial === serial && meter.address === address && meter.setting === record.setting;
    if (this.#heard.some(({ meter }) => isSame(meter))) return;
    const meter: FoundMeter = {
      line: request.line,
      setting: record.setting,
      address,
      serial,
      driver: request.driver,
      manufactured,
      firstByteMs: firstByteMs === null ? null : Math.round(firstByteMs),
      pointCode: pointOf(serial),
      isExpected: request.serials.includes(serial),
    };
    this.#heard.push({ meter, record: record.of(address) });
  }

  get found(): FoundMeter[] {
    return this.#heard.filter(({ meter, record }) => isCertain(record, meter.serial)).map(({ meter }) => meter);
  }

  isFound(serial: string): boolean {
    return this.found.some((meter) => meter.serial === serial);
  }

  /** Certain or not. */
  isHeard(serial: string): boolean {
    return this.#heard.some(({ meter }) => meter.serial === serial);
  }

  /** Tells of each meter once: when it was heard for the second time, or at the end. */
  announce(isEnd: boolean): void {
    for (const { meter, record } of this.#heard) {
      const isReady = isEnd ? isCertain(record, meter.serial) : (record.sightings.get(meter.serial) ?? 0) > 1;
      if (!isReady || this.#announced.has(meter)) continue;
      this.#announced.add(meter);
      this.#deps.onFound?.(meter);
    }
  }
}
