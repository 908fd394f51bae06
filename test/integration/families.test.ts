/** Every family of the training plant through its real driver, in simulated time: all that a meter holds is read, judged and written as it is. */
import { expect, test } from 'vitest';
import type { MeterLink, MeterSession, MeterSettings } from '../../src/main/drivers/driver.ts';
import { DRIVERS } from '../../src/main/drivers/registry.ts';
import { openEngineLine } from '../../src/main/lines.ts';
import { auditMeter } from '../../src/main/metering/meter-audit.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { FAMILIES, type FamilyName } from '../../src/main/simulator/families.ts';
import type { PlantEvent } from '../../src/main/simulator/installed-meter.ts';
import type { PointRow } from '../../src/main/simulator/layout.ts';
import { createPlant } from '../../src/main/simulator/plant.ts';
import { hasCode } from '../../src/shared/api/errors.ts';
import type { ExchangeRequest } from '../../src/shared/domain/exchange.ts';
import type { MeterEvent } from '../../src/shared/domain/meter-event.ts';
import type { MeterWrite } from '../../src/shared/domain/meter-write.ts';
import { REGISTER_KINDS } from '../../src/shared/domain/register.ts';
import { FakeClock } from '../support/fake-clock.ts';

const LINE = 'L1';
const SETTINGS = { baudRate: 9600, format: '8N1' } as const;
const DAY_S = 86_400;

const BASE: PointRow = {
  name: 'Станки',
  role: 'technical',
  family: 'm234',
  connection: 'ct',
  ct: { primary: 400, secondary: 5 },
  vt: { primary: 1, secondary: 1 },
  load: 'machines',
  share: 700,
  isTwoWay: false,
  lostPhases: [],
  periodMin: 30,
  zoneH: 3,
  season: 'winter',
  outages: [],
};
const DIRECT: Partial<PointRow> = { connection: 'direct', ct: { primary: 1, secondary: 1 } };

interface Row {
  readonly title: string;
  readonly point: Partial<PointRow>;
  /** What the audit says of it beside the factory's password, in the order of AUDIT_FINDINGS. */
  readonly findings: readonly string[];
  /** Keys of what this meter lacks though neither its variant nor its firmware says so. */
  readonly untold?: readonly RegExp[];
}

const LOSSES = /^(energy\..*\.5|parameter\.1[EF])$/;
const LOSS_ENERGY = /^energy\..*\.5$/;
const LINE_VOLTAGES = /^instantaneous\.16\.81$/;
const MAXIMA = /^parameter\.0[CD]\./;
const FROZEN = /^instantaneous\.14\./;
const EXTRA_200 = /^settings\.6[A-F]$/;
const REACTIVE_200 = /^(energy\.85|archive\.38\..*|profile\.37\.E0)$/;

const ROWS: readonly Row[] = [
  { title: '234', point: {}, findings: ['ratio-inside'], untold: [LOSSES, LINE_VOLTAGES] },
  {
    title: '234 of an input that gives back, by voltage transformers',
    point: { connection: 'vt', isTwoWay: true, vt: { primary: 6000, secondary: 100 } },
    findings: ['ratio-inside'],
    untold: [LOSSES, LINE_VOLTAGES],
  },
  { title: '234 D', point: { family: 'm234d' }, findings: ['ratio-inside'], untold: [LOSSES, LINE_VOLTAGES] },
  { title: '236', point: { family: 'm236', ...DIRECT }, findings: [] },
  { title: '236 that has lost two phases', point: { family: 'm236', ...DIRECT, lostPhases: [1, 2] }, findings: [] },
  { title: '230', point: { family: 'm230' }, findings: ['ring-short', 'ratio-inside'], untold: [LOSS_ENERGY] },
  {
    title: '230 that was without supply',
    point: { family: 'm230', outages: [{ agoMin: 1210, forMin: 95 }] },
    findings: ['ring-short', 'ratio-inside'],
    untold: [LOSS_ENERGY],
  },
  {
    title: '230 with the clock of another zone',
    point: { family: 'm230', zoneH: 5 },
    findings: ['ring-short', 'ratio-inside'],
    untold: [LOSS_ENERGY],
  },
  {
    title: '230 with a stale season bit',
    point: { family: 'm230', season: 'stale' },
    findings: ['ring-short', 'season-bit-stale', 'ratio-inside'],
    untold: [LOSS_ENERGY],
  },
  {
    title: '230 of old firmware',
    point: { family: 'm230old' },
    findings: ['ring-short', 'ratio-inside', 'firmware-old'],
    untold: [LOSS_ENERGY, MAXIMA],
  },
  { title: '230 without a profile', point: { family: 'm230frozen', ...DIRECT }, findings: ['profile-off'], untold: [LOSS_ENERGY] },
  {
    title: '230 without a profile and a freeze',
    point: { family: 'm230plain', ...DIRECT },
    findings: ['profile-off', 'firmware-old'],
    untold: [LOSS_ENERGY, MAXIMA, FROZEN],
  },
  { title: '204', point: { family: 'm204', ...DIRECT, connection: 'single' }, findings: ['ring-short'], untold: [LOSSES] },
  { title: 'an hourly profile', point: { periodMin: 60 }, findings: ['profile-period', 'ratio-inside'], untold: [LOSSES, LINE_VOLTAGES] },
  { title: '206', point: { family: 'm206', ...DIRECT, connection: 'single200' }, findings: [], untold: [EXTRA_200] },
  { title: '200', point: { family: 'm200', ...DIRECT, connection: 'single200' }, findings: [], untold: [EXTRA_200, REACTIVE_200] },
];

/** One meter on a line inside this process; everything asked of it is kept. */
async function standing(change: Partial<PointRow>) {
  const point = { ...BASE, ...change };
  const clock = new FakeClock('2026-11-24T08:10:00Z');
  const layout = [{ name: 'ТП', code: 'P', line: LINE, points: [point] }];
  const plant = createPlant({ clock, layout, historyDays: 30, hasWireTime: false, latencyMs: [5, 5], deviationS: [20, 40] });
  const [meter] = plant.truth.meters;
  if (meter === undefined) throw new Error('the plant has no meter');
  const line = openEngineLine(clock, silentLogger, () => plant.serialPort(LINE, SETTINGS))({
    id: 1,
    name: LINE,
    address: 'serial:/dev/bus:9600-8N1',
  });
  await line.open();
  const asked: Uint8Array[] = [];
  const link: MeterLink = {
    exchange: (request: ExchangeRequest) => {
      asked.push(request.bytes);
      return line.exchange(request);
    },
  };
  const connect = (changes: Partial<MeterSettings> = {}): MeterSession => {
    const settings: MeterSettings = {
      address: meter.address,
      expectedSerial: meter.serial,
      password: null,
      accessLevel: 1,
      clock: { offsetMin: meter.clockOffsetMin, seasonBit: 'ignored' },
      baudRate: SETTINGS.baudRate,
      memory: {},
      ...changes,
    };
    const driver = DRIVERS.get(meter.driver);
    if (driver === undefined) throw new Error('the meter has no driver');
    return driver.connect(link, settings, () => clock.now());
  };
  const run = async <T>(work: Promise<T>) => clock.finish(work);
  return { point, family: FAMILIES[point.family], clock, plant, meter, asked, connect, run };
}

type Standing = Awaited<ReturnType<typeof standing>>;

test.each(ROWS)('$title: identity, clock, registers, values and profile are the true ones', async ({ point }) => {
  const { family, plant, meter, clock, connect, run } = await standing(point);
  const session = connect();
  expect((await run(session.identify())).value.serial).toBe(meter.serial);
  await run(session.open());
  const { value: description } = await run(session.describe());
  const isLong = family.protocol === '200';
  expect(description).toMatchObject({
    firmware: family.firmware.join('.'),
    constantImpPerKwh: meter.constant,
    phases: family.phases,
    hasProfile: isLong ? null : family.hasProfile,
    ringSlots: isLong ? null : family.ringBytes / 16,
  });
  const { value: clockReading } = await run(session.readClock());
  expect(Math.abs(clockReading.deviationMs - meter.deviationS * 1000)).toBeLessThan(1500);
  expect(clockReading.isSummer).toBe(!isLong && point.season === 'stale');

  const today = Math.floor(clock.now() / 1000 / 86_400 + 0.125);
  const past = session.readPastDayStart(today - 3);
  if (isLong ? !family.hasHalfHours : family.archives !== 'kept') {
    await expect(run(past)).rejects.toMatchObject({ code: 'meter/unsupported' });
  } else {
    const [reading] = (await run(past)).value;
    const real = plant.truth.register(meter.serial, 'day-start', reading?.momentUtc ?? 0, 0);
    expect(Math.abs((reading?.energy['A+'] ?? NaN) - (real?.['A+'] ?? NaN))).toBeLessThanOrEqual(isLong ? 40 : 0);
  }

  // The single-phase protocol keeps the starts of days and months in its archives alone.
  const lacking: readonly string[] = family.protocol === '23x' || family.hasHalfHours ? [] : ['day-start', 'month-start', 'year-start'];
  for (const kind of REGISTER_KINDS) {
    const reading = session.readRegisters(kind, [0, 1, 2, 3, 4]);
    if (lacking.includes(kind)) {
      await expect(run(reading)).rejects.toMatchObject({ code: 'meter/unsupported' });
      continue;
    }
    const { value: registers } = await run(reading);
    // Its archives begin with the history of the plant, in this year.
    expect(registers.length > 0).toBe(!isLong || kind !== 'year-start');
    for (const { momentUtc, tariff, energy } of registers) {
      const truth = plant.truth.register(meter.serial, kind, momentUtc, tariff);
      for (const channel of meter.channels) {
        const [read, real] = [energy[channel], truth?.[channel] ?? null];
        // The archives of the single-phase protocol hold A+ alone.
        if (read === null && isLong && channel !== 'A+') continue;
        // Single-phase registers end with 10 Wh, and their sum is that of four of them.
        expect(Math.abs((read ?? NaN) - (real ?? NaN))).toBeLessThanOrEqual(isLong ? 40 : kind === 'now' ? 2 : 0);
      }
    }
  }
  const { value: values } = await run(session.readInstantaneous());
  expect(values.P).toMatchObject({ unit: 'W' });
  expect(values.U1).toMatchObject({ unit: 'V' });

  const hasIntervals = meter.intervals !== 'registers';
  const head = await run(session.readProfileHead().catch((error: { code?: string }) => error.code));
  if (!hasIntervals) {
    expect(head).toBe('meter/unsupported');
    return;
  }
  if (typeof head !== 'object') throw new Error(`no profile: ${head}`);
  const now = Math.floor(clock.now() / 1000);
  const real = new Map(
    plant.truth.expectedStarts(meter.serial, now - DAY_S, now).map((start) => [start, plant.truth.interval(meter.serial, start)]),
  );
  const read = new Map<number, unknown>();
  for (let back = 0; back * meter.periodMin < 1440; ) {
    const { value: slots } = await run(session.readProfile(head.value, back, head.value.maxBatch));
    for (const slot of slots) if (slot.kind === 'interval') read.set(slot.interval.startUtc, slot.interval.counts);
    back += slots.length;
    if (slots.length === 0) throw new Error('the ring has ended too soon');
  }
  for (const [start, counts] of real) expect(read.get(start)).toEqual(counts);
  // The head stands a little before the true time, and the outage has cost up to five half-hours.
  expect(real.size).toBeGreaterThanOrEqual((meter.periodMin === 60 ? 24 : 48) - 1 - (point.outages?.length ?? 0) * 5);
});

test.each(ROWS)('$title: the journals tell what has happened, and the settings what is so', async ({ point, findings }) => {
  const here = await standing(point);
  const session = here.connect();
  await here.run(session.open());
  expect(await journalsOf(here, session)).toEqual(expectedOf(here));
  const { value: configuration } = await here.run(session.readConfiguration());
  const { value: clock } = await here.run(session.readClock());
  const { ct, vt } = here.meter;
  const audit = auditMeter(configuration, {
    installation: { ct, vt, valuesArePrimary: false },
    address: here.meter.address,
    deviationMs: clock.deviationMs,
    isMarkedSummer: clock.isSummer,
    countsSeasonMark: false,
  }).map(({ code }) => code);
  const hasPassword = here.family.protocol === '23x';
  expect(audit.filter((code) => code !== 'default-password')).toEqual(findings);
  expect(audit.includes('default-password')).toBe(hasPassword);
});

test.each(ROWS)('$title: everything that is offered can be read, but for what only asking can tell', { timeout: 60_000 }, async (row) => {
  const here = await standing(row.point);
  const { run, plant, meter, family, asked } = here;
  const session = here.connect();
  await run(session.open());
  const items = await run(session.inventory());
  expect(items.length).toBeGreaterThan(50);
  const faults: string[] = [];
  for (const { key } of items) {
    const read = session.readItem(key).then(
      ({ value }) => (value.length === 0 ? `${key} no fields` : null),
      (error: { code?: string }) => (error.code === 'meter/unsupported' ? key : `${key} ${error.code}`),
    );
    const fault = await run(read);
    if (fault !== null) faults.push(fault);
  }
  const isUntold = (key: string) => (row.untold ?? []).some((untold) => untold.test(key));
  expect(faults.filter((key) => !isUntold(key))).toEqual([]);
  // Every exception is one: what all meters answer needs none.
  expect((row.untold ?? []).filter((untold) => !faults.some((key) => untold.test(key)))).toEqual([]);
  if (family.protocol === '200') return;
  const offered = new Set((await run(session.inventory())).map(({ key }) => key));
  expect(faults.filter((key) => offered.has(key))).toEqual([]);
  // No question was a misfit, and none was of the kind that this firmware must not be asked.
  expect(plant.truth.events(meter.serial).filter(({ kind }) => kind === 'status-changed')).toEqual([]);
  expect((await run(session.readConfiguration())).value.faults).not.toContain('E-07');
  const batches = asked.filter((bytes) => bytes[1] === 0x06 && bytes[5] === 0xff);
  if (!family.readsSeventeen || !family.hasProfile) expect(batches).toEqual([]);
});

test.each(ROWS.filter(({ point }) => FAMILIES[point.family ?? BASE.family].protocol === '23x'))(
  '$title: is written to as planned, and tells of it',
  async ({ point }) => {
    const here = await standing(point);
    const { run, clock, plant, meter, family } = here;
    if (family.protocol !== '23x') throw new Error('of the other family');
    let session = here.connect();
    await run(session.open());
    const write = async (wanted: MeterWrite) => {
      const { value: planned } = await run(session.planWrite(wanted));
      const before = plant.truth.events(meter.serial).length;
      const { value: report } = await run(session.performWrite(wanted));
      return { planned, report, events: plant.truth.events(meter.serial).slice(before) };
    };
    const deviation = async () => Math.abs((await run(session.readClock())).value.deviationMs);

    const corrected = await write({ kind: 'clock-correct' });
    expect(corrected.report.outcome).toBe('done');
    expect(corrected.events.map(({ kind }) => kind).sort()).toEqual(['clock-corrected', 'reprogrammed']);
    await clock.advance(10 * 60_000);
    session = here.connect({ memory: session.memory });
    await run(session.open());
    expect(await deviation()).toBeLessThan(2000);
    expect((await write({ kind: 'clock-correct' })).report).toMatchObject({ outcome: 'refused', status: 4 });

    plant.setFault({ kind: 'clock-set', serial: meter.serial, by_s: 900 });
    expect(await deviation()).toBeGreaterThan(890_000);
    const set = await write({ kind: 'clock-set' });
    expect(set.report.outcome).toBe('done');
    expect(await deviation()).toBeLessThan(2000);

    const season = await write({ kind: 'season-off' });
    expect(season.report).toMatchObject({ outcome: 'done', after: [{ name: 'flags.season_switch_forbidden', value: 'true' }] });

    if (family.isRecent && !family.hasRelay) {
      await expect(run(session.planWrite({ kind: 'relay', isOn: false }))).rejects.toMatchObject({ code: 'meter/unsupported' });
    } else {
      const relay = await write({ kind: 'relay', isOn: false });
      expect(relay.report.outcome).toBe(family.hasRelay ? 'done' : 'refused');
      if (family.hasRelay) expect((await write({ kind: 'relay', isOn: true })).report.outcome).toBe('done');
    }

    if (family.hasProfile) {
      const period = await write({ kind: 'profile-period', minutes: 15 });
      expect(period.report.outcome).toBe('done');
      expect(period.events.map(({ kind }) => kind).sort()).toEqual(['profile-initialised', 'reprogrammed']);
      expect((await run(session.readProfileHead())).value.periodMin).toBe(15);
    } else {
      await expect(run(session.planWrite({ kind: 'profile-period', minutes: 15 }))).rejects.toMatchObject({ code: 'meter/unsupported' });
    }

    const address = meter.address === 77 ? 78 : 77;
    expect((await write({ kind: 'address', address })).report.outcome).toBe('done');
    await expect(run(here.connect().identify())).rejects.toMatchObject({ code: 'transport/timeout' });
    session = here.connect({ address, memory: session.memory });
    expect((await run(session.identify())).value.serial).toBe(meter.serial);
    await run(session.open());

    expect(await journalsOf(here, session)).toEqual(expectedOf(here));
    expect((await write({ kind: 'line-parameters', baudRate: 4800, parity: 'none', multiplier: 1 })).report.outcome).toBe('done');
    await clock.advance(2000);
    await expect(run(session.identify())).rejects.toMatchObject({ code: 'transport/timeout' });
  },
);

/** All journals, step by step: moment, kind and phase of each event. */
async function journalsOf({ run, family }: Standing, session: MeterSession): Promise<string[]> {
  const events: MeterEvent[] = [];
  for (const journal of await run(session.journals())) {
    for (let step: number | null = 0; step !== null; ) {
      try {
        const { value }: Awaited<ReturnType<MeterSession['readJournal']>> = await run(session.readJournal(journal, step));
        events.push(...value.events);
        step = value.next;
      } catch (error) {
        // Old firmware: whether it keeps the journals of maxima only asking can tell.
        if (!hasCode(error, 'meter/unsupported') || (journal !== 0x15 && journal !== 0x16)) throw error;
        step = null;
      }
    }
  }
  // Journal, moment and kind are the key of an event: told twice by a meter, it still is one.
  const keyed = new Map(events.map((event) => [`${event.journal} ${event.atUtc} ${event.kind}`, event]));
  const names = [...keyed.values()].map(({ kind, atUtc, details }) => nameOf(kind, atUtc, details['phase']));
  return family.protocol === '200' ? names.sort() : [...new Set(names)].sort();
}

function nameOf(kind: string, atUtc: number, phase: unknown = null): string {
  return `${new Date(atUtc * 1000).toISOString()} ${kind}${typeof phase === 'number' ? ` ${phase}` : ''}`;
}

/** What the truth makes journals of this family tell. */
function expectedOf({ plant, meter, family, point }: Standing): string[] {
  const names = plant.truth.events(meter.serial).flatMap((event, index, all) => {
    const isFirst = all.findIndex(({ kind }) => kind === event.kind) === index;
    return toldOf(event, isFirst, family, point);
  });
  return [...new Set(names)].sort();
}

function toldOf(event: PlantEvent, isFirst: boolean, family: (typeof FAMILIES)[FamilyName], { zoneH }: PointRow): string[] {
  const at = event.meterTime - zoneH * 3600;
  const day = Math.floor(event.meterTime / DAY_S) * DAY_S - zoneH * 3600;
  const isLong = family.protocol === '200';
  const isRecent = family.protocol === '23x' && family.isRecent;
  switch (event.kind) {
    case 'power-on': {
      const phases = isLong || !isFirst ? [] : [1, 2, 3].slice(0, family.phases);
      return [
        nameOf('power-on', at),
        ...phases.flatMap((phase) => [nameOf('phase-on', at, phase), ...(isRecent ? [nameOf('current-on', at, phase)] : [])]),
      ];
    }
    case 'power-off':
      return [nameOf('power-off', at)];
    case 'clock-set':
    case 'clock-corrected': {
      if (isLong) return [];
      const times = [event.before, event.after].map((wall) => wall - zoneH * 3600);
      return [nameOf('clock-before-correction', times[0] ?? 0), nameOf('clock-after-correction', times[1] ?? 0)];
    }
    case 'phase-lost':
      return [
        nameOf('phase-off', at, event.phase),
        ...(isRecent ? [nameOf('current-off', at, event.phase), nameOf('quality-left', at, event.phase)] : []),
      ];
    case 'profile-initialised':
      return [nameOf('profile-initialised', at)];
    case 'cover-opened':
      return [nameOf('case-opened', at)];
    case 'cover-closed':
      return [nameOf('case-closed', at)];
    case 'reprogrammed':
      if (isLong) return [nameOf('parameter-changed', at)];
      return [nameOf('reprogrammed', day), ...(event.code === 0x1d ? [nameOf('tariff-schedule-changed', at)] : [])];
    default:
      throw new Error(`nothing is written of ${event.kind}`);
  }
}
