import { AppError } from '../../../shared/api/errors.ts';
import { isoUtc } from '../../../shared/domain/time.ts';
import { quantityText } from '../../../shared/domain/quantity.ts';
import { DRIVER_IDS, type DriverId } from '../../../shared/domain/point.ts';
import { hasCode } from '../../../shared/api/errors.ts';
import { DRIVERS } from '../../drivers/registry.ts';
import type { MeterMemory, MeterSession } from '../../drivers/driver.ts';
import { registerRow } from '../../api/intervals.ts';
import { readSecretFlag } from '../secret.ts';
import { findingWords } from '../finding-words.ts';
import { openEngineLine } from '../../lines.ts';
import { formatLineAddress, parseLineAddress } from '../../line/line-address.ts';
import { energyTexts, perChannel } from '../../metering/energy.ts';
import { auditMeter } from '../../metering/meter-audit.ts';
import { DEFAULT_SETTINGS } from '../../../shared/api/settings.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Command } from '../command.ts';
import { commandLogger } from '../data-folder.ts';

export const probeCommand: Command = {
  name: 'probe',
  usage: 'LINE ADDRESS [--driver mercury-23x|mercury-200] [--level 1] [--password-file FILE]',
  summary:
    'Talks to one meter: identity, variant, clock, registers, instantaneous values, last profile record, what its settings give reason to tell. LINE is tcp:HOST:PORT[:9600-8N1] or serial:PATH:9600-8N1.',
  flags: { driver: 'value', level: 'value', 'password-file': 'value' },
  words: { min: 2, max: 2 },
  async run(args, io) {
    const driverId = driverName(args.value('driver') ?? 'mercury-23x');
    const address = addressOf(args.words[1] ?? '', driverId);
    const driver = DRIVERS.get(driverId);
    if (driver === undefined) throw new AppError('api/invalid-argument', `Driver "${driverId}" is not in this version`);
    const lineAddress = parseLineAddress(args.words[0] ?? '');
    const password = readSecretFlag(args.value('password-file'));
    const line = openEngineLine(
      systemClock,
      commandLogger(args.isSet('trace')),
    )({ id: 1, name: formatLineAddress(lineAddress), address: formatLineAddress(lineAddress) });
    await line.open();
    try {
      const connect = (offsetMin: number, memory: MeterMemory) =>
        driver.connect(
          line,
          {
            address,
            expectedSerial: null,
            password: password === null ? null : { bytes: password },
            accessLevel: args.integer('level', { min: 1, max: 2, fallback: 1 }) === 2 ? 2 : 1,
            clock: { offsetMin, seasonBit: 'ignored' },
            baudRate: line.baudRate,
            memory,
          },
          () => systemClock.now(),
        );
      io.out(await readAll(connect, address));
      return 0;
    } finally {
      await line.close();
    }
  },
};

/** What cannot be had of a living meter is null beside its reason; identity and channel are not optional. */
async function readAll(connect: (offsetMin: number, memory: MeterMemory) => MeterSession, address: number): Promise<object> {
  const stranger = connect(0, {});
  const identity = (await stranger.identify()).value;
  await stranger.open();
  // Nobody has said yet which zone this meter lives in: whole half-hours between its wall clock and UTC are its offset.
  const offsetMin = Math.round((await stranger.readClock()).value.deviationMs / 1_800_000) * 30;
  // With what was learned: a form of the password that was refused is not tried again (mercury.md 2).
  const session = connect(offsetMin, stranger.memory);
  await session.open();
  const description = (await session.describe()).value;
  const reasons: Record<string, string> = {};
  const part = async <T>(name: string, read: () => Promise<T>): Promise<T | null> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof AppError) || hasCode(error, 'bug') || error.code.startsWith('line/')) throw error;
      reasons[name] = error.code;
      return null;
    }
  };
  const clock = await part('clock', async () => {
    const { value } = await session.readClock();
    const { year, month, day, hour, minute, second } = value.wall;
    const two = (figure: number) => String(figure).padStart(2, '0');
    return {
      wall: `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`,
      utc_offset_min: offsetMin,
      season: value.isSummer ? 'summer' : 'winter',
      deviation_ms: value.deviationMs,
    };
  });
  const registers = await part('registers', async () => {
    const { value } = await session.readRegisters('now', [0, 1, 2, 3, 4]);
    return value.map((reading) => {
      const { point_code: _code, meter_serial: _serial, ...row } = registerRow('', identity.serial, reading);
      return row;
    });
  });
  const instantaneous = await part('instantaneous', async () => {
    const { value } = await session.readInstantaneous();
    return Object.fromEntries(
      Object.entries(value).map(([key, quantity]) => [
        key,
        quantity === null || quantity === undefined ? null : { value: quantityText(quantity), unit: quantity.unit, side: 'secondary' },
      ]),
    );
  });
  const findings = await part('findings', async () => {
    const { value } = await session.readConfiguration();
    const { value: now } = await session.readClock();
    const context = {
      installation: null,
      // Any meter answers to 0: that says nothing against its own address.
      address: address === 0 ? description.address : address,
      // Whole hours are the zone that was just found out.
      deviationMs: null,
      isMarkedSummer: now.isSummer,
      countsSeasonMark: false,
    };
    return auditMeter(value, context).map((finding) => ({ ...finding, ...findingWords(finding, DEFAULT_SETTINGS.language) }));
  });
  const profile = await part('profile', () => lastRecord(session, description.constantImpPerKwh));
  return {
    ...identity,
    address: description.address,
    firmware: description.firmware,
    variant: description.variantHex,
    constant_imp_per_kwh: description.constantImpPerKwh,
    has_profile: description.hasProfile,
    ring_slots: description.ringSlots,
    phases: description.phases,
    nominal_voltage_v: description.nominalVoltageV,
    nominal_current_a: description.nominalCurrentA,
    sums_by_modulus: description.sumsByModulus,
    internal_ratio: { vt: description.internalRatioVt, ct: description.internalRatioCt },
    clock,
    registers,
    instantaneous,
    profile,
    findings,
    reasons,
  };
}

async function lastRecord(session: MeterSession, constant: number | null): Promise<object | null> {
  const head = (await session.readProfileHead()).value;
  if (head.newestStartUtc === null) return { period_min: head.periodMin, last: null };
  const slot = (await session.readProfile(head, 0, 1)).value[0];
  if (slot === undefined || slot.kind !== 'interval') return { period_min: head.periodMin, last: null };
  const direct = {
    ct: { primary: 1, secondary: 1 },
    vt: { primary: 1, secondary: 1 },
    valuesArePrimary: false,
    direction: { 'A+': 'A+', 'A-': 'A-', 'R+': 'R+', 'R-': 'R-' },
  } as const;
  return {
    period_min: head.periodMin,
    last: {
      intervalStart: isoUtc(slot.interval.startUtc),
      counts: perChannel((channel) => slot.interval.counts[channel]),
      secondary: energyTexts(slot.interval.counts, constant, direct).secondary,
      flags: slot.interval.flags,
    },
  };
}

const ADDRESSES: Readonly<Record<DriverId, { readonly least: number; readonly largest: number; readonly hint: string }>> = {
  'mercury-23x': {
    least: 0,
    largest: 240,
    hint: 'Addresses are 1 to 240; 0 is answered by any meter and is for a line with one meter only.',
  },
  'mercury-200': {
    least: 1,
    largest: 0xffff_ffff,
    hint: 'The address is the serial number; of an old 200.02 its last six digits. It is 1 to 4294967295.',
  },
};

function addressOf(text: string, driver: DriverId): number {
  const { least, largest, hint } = ADDRESSES[driver];
  const address = Number(text);
  if (!/^\d+$/.test(text) || address < least || address > largest) {
    throw new AppError('api/invalid-argument', `"${text}" is not an address of a meter`, { hint });
  }
  return address;
}

function driverName(text: string): DriverId {
  const found = DRIVER_IDS.find((id) => id === text);
  if (found === undefined)
    throw new AppError('api/invalid-argument', `There is no driver "${text}"`, { hint: `Drivers: ${DRIVER_IDS.join(', ')}` });
  return found;
}
