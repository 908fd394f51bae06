/**
 * The only door to writing: off by default, a dry run first, a typed confirmation, a reason document for settlement meters, a
 * record before and after, and never a second try (DESIGN.md 8).
 */
import { z } from 'zod';
import type { CallContext } from '../../shared/api/dispatch.ts';
import { AppError, asAppError, hasCode } from '../../shared/api/errors.ts';
import { settingValue, type WRITE_OBSTACLES, type WritePlan, type WriteReport, type writeRow } from '../../shared/api/meters.ts';
import { METER_WRITE_KINDS, type MeterWrite, type SettingValue, WRITE_OUTCOMES } from '../../shared/domain/meter-write.ts';
import { isLinked, type MeterRecord, metersOnLine } from '../../shared/domain/plant.ts';
import { isoUtc, type UtcSeconds } from '../../shared/domain/time.ts';
import type { MeterSession, PlannedWrite } from '../engine/engine.ts';
import { isPcClockInDoubt } from '../metering/pc-clock.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import type { InstalledPoint, Site } from './site.ts';

type Obstacle = (typeof WRITE_OBSTACLES)[number];

/** A plan is a look at the meter as it is: an old one is made anew. */
const PLAN_LIFE_MS = 5 * 60_000;
/** More than a day of corrections of a large site. */
const RECENT_WRITES = 1000;
const NOTHING_PLANNED: PlannedWrite = { requests: [], before: [], accessLevel: 2 };
export const WRITE_BEGUN = 'meter.write-begun';
export const WRITE_DONE = 'meter.write';

/** What the audit log holds of a finished write. */
const record = z.object({
  pointCode: z.string(),
  kind: z.enum(METER_WRITE_KINDS),
  outcome: z.enum(WRITE_OUTCOMES),
  after: z.array(settingValue),
});

export interface WriteDeskDeps {
  readonly site: Site;
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  /** A meter answers at another address: the engine starts anew with it. */
  readonly onPlantChanged: () => Promise<void>;
}

export class WriteDesk {
  readonly #deps: WriteDeskDeps;
  readonly #plans = new Map<string, { readonly plan: WritePlan; readonly madeAtMs: number }>();

  constructor(deps: WriteDeskDeps) {
    this.#deps = deps;
  }

  /** Reads the setting as it is and makes the bytes. What stands in the way is said, not thrown: a dry run is harmless. */
  async plan(pointId: number, write: MeterWrite): Promise<WritePlan> {
    const { site, clock, newId } = this.#deps;
    const installed = site.point(pointId);
    const { point, meter } = installed;
    const obstacles = this.#obstacles(installed, write);
    let planned = NOTHING_PLANNED;
    try {
      const reading = await this.#ask(installed, `plan ${write.kind}`, (session) => session.planWrite(write));
      planned = reading.value;
    } catch (thrown) {
      const error = asAppError(thrown);
      if (hasCode(error, 'bug')) throw error;
      obstacles.push(error.code === 'meter/unsupported' ? 'unsupported' : 'meter-unavailable');
    }
    const plan: WritePlan = {
      planId: newId(),
      pointId,
      pointCode: point.code,
      meterSerial: meter.serial,
      write,
      requests: [...planned.requests],
      before: [...planned.before],
      accessLevel: planned.accessLevel,
      obstacles,
      needsReason: point.role === 'settlement',
      confirmation: meter.serial,
    };
    this.#forgetOld();
    this.#plans.set(plan.planId, { plan, madeAtMs: clock.monotonic() });
    return plan;
  }

  /**
   * Writes what was planned, once. Throws `api/not-found` for a plan that is too old or was used, `api/invalid-argument` for a
   * wrong confirmation, `api/forbidden` for what stands in the way, else what the driver throws; the audit log tells each begun write.
   */
  async perform(planId: string, confirmation: string, reason: string | null, context: CallContext): Promise<WriteReport> {
    this.#forgetOld();
    const found = this.#plans.get(planId);
    if (found === undefined) {
      throw new AppError('api/not-found', 'The plan of this write is too old or was used', { hint: 'Plan the write again and look at it' });
    }
    const { plan } = found;
    if (confirmation.trim() !== plan.confirmation) {
      throw new AppError('api/invalid-argument', 'The serial typed is not the serial of the meter', {
        context: { expected: plan.confirmation },
        hint: 'Type the serial number of the meter that is to be written',
      });
    }
    const installed = this.#deps.site.point(plan.pointId);
    const document = reason === null || reason.trim() === '' ? null : reason.trim();
    const inTheWay = [
      ...plan.obstacles.filter((obstacle) => obstacle === 'unsupported' || obstacle === 'meter-unavailable'),
      ...this.#obstacles(installed, plan.write),
      ...(plan.needsReason && document === null ? (['settlement-without-reason'] as const) : []),
    ];
    if (installed.meter.serial !== plan.meterSerial || inTheWay.length > 0) {
      throw new AppError('api/forbidden', 'The write is not allowed now', { context: { obstacles: inTheWay } });
    }
    // Whatever comes of it, this plan has had its one try.
    this.#plans.delete(planId);
    return this.#write(installed, plan, document, `${context.role} (${context.transport})`);
  }

  /** A write that a rule of the site makes, without a person to confirm it: the same door, the same record. Throws as `perform`. */
  async byRule(pointId: number, write: MeterWrite, reason: string | null, who: string): Promise<WriteReport> {
    const plan = await this.plan(pointId, write);
    this.#plans.delete(plan.planId);
    const inTheWay = [...plan.obstacles, ...(plan.needsReason && reason === null ? (['settlement-without-reason'] as const) : [])];
    if (inTheWay.length > 0) throw new AppError('api/forbidden', 'The write is not allowed now', { context: { obstacles: inTheWay } });
    return this.#write(this.#deps.site.point(pointId), plan, reason, who);
  }

  /** When a clock of this meter was written last, whatever came of it; null = not among the newest writes. */
  lastClockWriteUtc(serial: string): UtcSeconds | null {
    const { rows } = this.#deps.store.audit.ofAction(WRITE_DONE, 0, RECENT_WRITES);
    const row = rows.find(({ subject, newValue }) => {
      if (subject !== `meter ${serial}`) return false;
      const { kind } = record.parse(JSON.parse(newValue ?? 'null'));
      return kind === 'clock-correct' || kind === 'clock-set';
    });
    return row?.atUtc ?? null;
  }

  list(offset: number, limit: number): { rows: z.infer<typeof writeRow>[]; total: number } {
    const { rows, total } = this.#deps.store.audit.ofAction(WRITE_DONE, offset, limit);
    return {
      rows: rows.map((row) => {
        const { pointCode, kind, outcome } = record.parse(JSON.parse(row.newValue ?? 'null'));
        return {
          auditId: row.id,
          at: isoUtc(row.atUtc),
          who: row.who,
          pointCode,
          meterSerial: row.subject.replace(/^meter /, ''),
          kind,
          outcome,
          reason: row.reason,
        };
      }),
      total,
    };
  }

  async #write(installed: InstalledPoint, plan: WritePlan, reason: string | null, who: string): Promise<WriteReport> {
    const { store, site } = this.#deps;
    const subject = `meter ${plan.meterSerial}`;
    const oldValue = JSON.stringify(plan.before);
    const entry = { who, subject, oldValue, reason };
    // Durable before the first byte leaves: a crash in between still shows that the meter may have been written.
    const newValue = JSON.stringify({ pointCode: plan.pointCode, write: plan.write, requests: plan.requests });
    store.audit.append({ ...entry, action: WRITE_BEGUN, newValue });
    const done = (outcome: WriteReport['outcome'], after: readonly SettingValue[]) =>
      store.audit.append({
        ...entry,
        action: WRITE_DONE,
        newValue: JSON.stringify({ pointCode: plan.pointCode, kind: plan.write.kind, write: plan.write, outcome, after }),
      });
    let written: Awaited<ReturnType<MeterSession['performWrite']>>;
    try {
      written = await this.#ask(installed, `write ${plan.write.kind}`, (session) => session.performWrite(plan.write));
    } catch (error) {
      done(hasCode(error, 'meter/refused') || hasCode(error, 'session/denied') ? 'refused' : 'unknown', []);
      throw error;
    }
    const { outcome, status, after } = written.value;
    const auditId = done(outcome, after);
    // The write is on record: what becomes of the plan of the site is another matter.
    if (plan.write.kind === 'address' && outcome === 'done') {
      store.plant.moveMeter(installed.meter.id, plan.write.address, who, reason);
      site.refresh();
      await this.#deps.onPlantChanged();
    }
    return { outcome, status, before: plan.before, after: [...after], auditId };
  }

  #obstacles({ meter }: InstalledPoint, write: MeterWrite): Obstacle[] {
    const { site } = this.#deps;
    const obstacles: Obstacle[] = [];
    if (!site.settings.writes.isEnabled) obstacles.push('off');
    const setsClock = write.kind === 'clock-correct' || write.kind === 'clock-set';
    if (setsClock && isPcClockInDoubt(this.#otherDeviations(meter.id))) obstacles.push('clock-in-doubt');
    // Two meters at one address would both be lost to polling.
    const isTaken = ({ id, address }: MeterRecord) => id !== meter.id && write.kind === 'address' && address === write.address;
    if (isLinked(meter) && metersOnLine(site.plant, meter.lineId).some(isTaken)) obstacles.push('address-taken');
    return obstacles;
  }

  #otherDeviations(meterId: number): number[] {
    const { site, store } = this.#deps;
    return site.plant.meters.flatMap(({ id, removedUtc }) => {
      if (removedUtc !== null) return [];
      const deviation =
        id === meterId ? null : (site.engine?.meter(id)?.live.clockDeviationMs ?? store.clocks.last(id)?.deviationMs ?? null);
      return deviation === null ? [] : [deviation];
    });
  }

  async #ask<T>(installed: InstalledPoint, label: string, run: (session: MeterSession) => Promise<T>): Promise<T> {
    const { engine } = this.#deps.site;
    if (engine === null) throw new AppError('api/conflict', 'Nothing is polled now', { hint: 'Start polling, then try again' });
    return engine.ask<T>(installed.meter.id, label, run);
  }

  #forgetOld(): void {
    const now = this.#deps.clock.monotonic();
    for (const [planId, { madeAtMs }] of this.#plans) if (now - madeAtMs > PLAN_LIFE_MS) this.#plans.delete(planId);
  }
}
