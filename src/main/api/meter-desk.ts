/** What a person may read of one meter: its settings with their audit, and everything that it holds beside polling. */
import { AppError } from '../../shared/api/errors.ts';
import type { MeterAudit } from '../../shared/api/meters.ts';
import type { MethodResult } from '../../shared/api/methods.ts';
import type { MeterConfiguration } from '../../shared/domain/meter-configuration.ts';
import { isLinked } from '../../shared/domain/plant.ts';
import { isoUtc } from '../../shared/domain/time.ts';
import { auditContext } from '../engine/diagnosis/diagnosis.ts';
import type { MeterSession } from '../engine/engine.ts';
import { auditMeter } from '../metering/meter-audit.ts';
import type { InstalledPoint, Site } from './site.ts';

export interface MeterDeskDeps {
  readonly site: Site;
  /** The settings of a meter were read: they are kept and judged. */
  readonly configured: (meterId: number, configuration: MeterConfiguration) => void;
}

export class MeterDesk {
  readonly #site: Site;
  readonly #configured: MeterDeskDeps['configured'];

  constructor({ site, configured }: MeterDeskDeps) {
    this.#site = site;
    this.#configured = configured;
  }

  /** By the settings as they were last read; nothing is asked of the meter. */
  audit(pointId: number): MeterAudit {
    const { point, meter, installation } = this.#site.point(pointId);
    const stored = this.#site.store.configurations.last(meter.id);
    if (stored === null || !isLinked(meter))
      return { pointId: point.id, meterSerial: meter.serial, at: null, configuration: null, findings: [] };
    const live = this.#site.engine?.meter(meter.id)?.live;
    const clock = {
      clockDeviationMs: live?.clockDeviationMs ?? this.#site.store.clocks.last(meter.id)?.deviationMs ?? null,
      isMarkedSummer: live?.isMarkedSummer ?? null,
    };
    const findings = auditMeter(stored.configuration, auditContext(meter, installation, clock));
    return {
      pointId: point.id,
      meterSerial: meter.serial,
      at: isoUtc(stored.atUtc),
      configuration: { ...stored.configuration },
      findings: findings.map(({ code, weight, params }) => ({ code, weight, params: { ...params } })),
    };
  }

  async auditNow(pointId: number): Promise<MeterAudit> {
    const installed = this.#site.point(pointId);
    const { value } = await this.#ask(installed, 'settings', (session) => session.readConfiguration());
    this.#configured(installed.meter.id, value);
    return this.audit(pointId);
  }

  async inventory(pointId: number): Promise<MethodResult<'meter.inventory'>> {
    const items = await this.#ask(this.#site.point(pointId), 'inventory', (session) => session.inventory());
    return items.map(({ key, group, label }) => ({ key, group, label }));
  }

  async read(pointId: number, key: string): Promise<MethodResult<'meter.read'>> {
    const { value } = await this.#ask(this.#site.point(pointId), `read ${key}`, (session) => session.readItem(key));
    return { key, at: isoUtc(this.#site.nowUtc()), fields: [...value] };
  }

  #ask<T>({ meter }: InstalledPoint, label: string, run: (session: MeterSession) => Promise<T>): Promise<T> {
    const { engine } = this.#site;
    if (engine === null) throw new AppError('api/conflict', 'Nothing is polled now', { hint: 'Start polling, then try again' });
    return engine.ask<T>(meter.id, label, run);
  }
}
