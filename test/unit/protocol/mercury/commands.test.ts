import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../../src/shared/api/errors.ts';
import { quantityText } from '../../../../src/shared/domain/quantity.ts';
import { readClockCommand, frozenTimeCommand } from '../../../../src/main/protocol/mercury/clock.ts';
import { type Command, parseReply } from '../../../../src/main/protocol/mercury/command.ts';
import { commandOf } from '../../../../src/main/protocol/mercury/commands.ts';
import { decode } from '../../../../src/main/protocol/mercury/decode.ts';
import { allTariffsCommand, ENERGY_ARRAYS, energyCommand, phaseEnergyCommand } from '../../../../src/main/protocol/mercury/energy.ts';
import { COUNT_FORMATS } from '../../../../src/main/protocol/mercury/formats.ts';
import { encodeFrame } from '../../../../src/main/protocol/mercury/frame.ts';
import {
  firmwareCommand,
  longPassportCommand,
  networkAddressCommand,
  passportCommand,
  ratiosCommand,
  serialNumberCommand,
  variantCommand,
} from '../../../../src/main/protocol/mercury/identity.ts';
import {
  everythingCommand,
  FALLBACK_GROUPS,
  groupCommand,
  instantaneousCommand,
  instantaneousLayout,
  withoutOverflow,
} from '../../../../src/main/protocol/mercury/instantaneous.ts';
import {
  profileBatchCommand,
  profileHeadCommand,
  profileRecordCommand,
  relativeRecordsCommand,
} from '../../../../src/main/protocol/mercury/profile.ts';
import { channelTest, closeChannel, defaultPassword, openChannel } from '../../../../src/main/protocol/mercury/session.ts';
import { ProtocolError } from '../../../../src/main/protocol/protocol-error.ts';
import { bytesOf } from './vectors.ts';

/** One request of each layout that is reached by its body. */
const PARSED_BY_BODY = [
  '03 0D 01 02 03',
  '03 05 40',
  '04 01 03',
  '04 02 FF',
  '04 12 00',
  '04 0A FE',
  '04 13 FE',
  '04 14 00',
  '04 20 FA',
  '04 30 63',
  '04 31 F9 07',
  '04 87 09',
  '05 60 06',
  '06 02 06 A6 10',
  '06 43 00 10 10',
  '15 3C 02',
  '17 31 00',
  '18 01 01 11 26 04',
  '18 03 01 11 26 00',
  ...['04', '07', '08', '08 00', '09', '0A', '0B', '0C 01', '0D 0C', '17', '18', '19', '1A 00', '1B', '1C', '1D', '1E', '1F'].map(
    (parameter) => `08 ${parameter}`,
  ),
  ...['20', '21', '22 01 02 03', '23 0B', '24', '26', '2B', '2D', '2F', '14 E0', '14 F4'].map((parameter) => `08 ${parameter}`),
];

const COMMANDS: readonly Command<unknown>[] = [
  channelTest(),
  openChannel(1, defaultPassword(1, 'binary')),
  openChannel(2, defaultPassword(2, 'ascii')),
  closeChannel(),
  readClockCommand(),
  frozenTimeCommand(),
  serialNumberCommand(),
  passportCommand(),
  longPassportCommand(),
  ratiosCommand(),
  firmwareCommand(),
  networkAddressCommand(),
  variantCommand(),
  energyCommand(ENERGY_ARRAYS.sinceReset, 0, 0),
  energyCommand(ENERGY_ARRAYS.monthStart, 12, 4),
  allTariffsCommand(ENERGY_ARRAYS.dayStart, 0),
  phaseEnergyCommand(0),
  everythingCommand(),
  ...FALLBACK_GROUPS.map((bwri) => groupCommand(bwri)),
  ...[0x00, 0x23, 0x61, 0x70].flatMap((bwri) => instantaneousCommand('one', bwri) ?? []),
  ...[0x04, 0x11, 0x30, 0x40].flatMap((bwri) => instantaneousCommand('frozen', bwri) ?? []),
  profileHeadCommand(),
  profileRecordCommand(4095),
  profileRecordCommand(8191),
  profileBatchCommand(8000),
  profileHeadCommand('second'),
  profileBatchCommand(16, 'second'),
  relativeRecordsCommand(300, 17),
  ...PARSED_BY_BODY.map((body) => {
    const command = commandOf(bytesOf(body));
    if (command === null) throw new Error(`${body} is not known`);
    return command;
  }),
];

/** Data that the parser takes: enough of every command for its replies to be damaged one bit at a time. */
function goodData(command: Command<unknown>, length: number): Uint8Array {
  const data = new Uint8Array(length);
  if (command.name === 'clock' || command.name === 'frozen-time') data.set([0x43, 0x14, 0x16, 0x03, 0x27, 0x02, 0x08, 0x01]);
  if (command.name.includes('profile-head')) data.set([0x00, 0x01, 0x0a, 0x09, 0x00, 0x04, 0x03, 0x08, 0x1e]);
  if (command.name.startsWith('profile-rec')) data.set([0x0a, 0x10, 0x00, 0x05, 0x03, 0x08, 0x1e, 0x04, 0x29]);
  return data;
}

const label = ({ name, label: text }: Command<unknown>) => `${name} (${text})`;

function onlyProtocolErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    expect(error.context).toMatchObject({ offset: expect.any(Number), expectation: expect.any(String) });
  }
}

describe.each(COMMANDS.map((command) => [label(command), command] as const))('%s', (_, command) => {
  test('is recognised by its own request', () => {
    const again = commandOf(command.body);
    expect(again?.name).toBe(command.name);
    expect(again?.label).toBe(command.label);
    expect(again?.body).toEqual(command.body);
  });

  test('has a value for a good reply of every legal length', () => {
    for (const length of command.replyLengths) {
      const frame = encodeFrame(0x12, goodData(command, length - 3));
      expect(parseReply(command, frame)).not.toBeUndefined();
      expect(decode(encodeFrame(0x12, command.body), encodeFrame(command.replyAddress ?? 0x12, frame.subarray(1, -2))).ok).toBe(true);
    }
  });

  test('takes any data of any length to a value or a ProtocolError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 270 }), (data) => {
        onlyProtocolErrors(() => command.parse(data));
        onlyProtocolErrors(() => parseReply(command, encodeFrame(0x12, data)));
        onlyProtocolErrors(() => parseReply(command, data));
      }),
      { numRuns: 150 },
    );
  });

  test('takes every truncation and every flipped bit of a good reply to a value or a ProtocolError', () => {
    for (const length of command.replyLengths) {
      const data = goodData(command, length - 3);
      for (let kept = 0; kept < data.length; kept += 1) onlyProtocolErrors(() => command.parse(data.subarray(0, kept)));
      for (let bit = 0; bit < data.length * 8; bit += 1) {
        const damaged = Uint8Array.from(data);
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        onlyProtocolErrors(() => command.parse(damaged));
      }
    }
  });

  test('explains any response without throwing', () => {
    const request = encodeFrame(0x12, command.body);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 270 }), fc.boolean(), (bytes, isFramed) => {
        const result = decode(request, isFramed ? encodeFrame(0x12, bytes) : bytes, { constant_imp_per_kwh: 1000 });
        if (result.ok) for (const field of result.fields) expect(field.bytes[0] + field.bytes[1]).toBeLessThanOrEqual(300);
      }),
      { numRuns: 100 },
    );
  });
});

test('a reply too short for its command is refused, not read past its end', () => {
  for (const command of COMMANDS.filter(({ replyLengths }) => !replyLengths.includes(4)))
    expect(() => command.parse(new Uint8Array(1)), command.label).toThrow(ProtocolError);
});

test('a body that is no request of ours is not recognised', () => {
  for (const body of [
    '',
    '03 1E 01',
    '03 07 00',
    '04 01 0A',
    '04 1B 00',
    '04 20 64',
    '04 20 F9 00',
    '04 30 F9 08',
    '05 70 00',
    '05 00 07',
    '06 02 00 10 0F',
    '06 13 00 10 0F',
    '06 03 00 11 0F',
    '06 53 00 10 08',
    '08 06',
    '08 0C 0D',
    '08 23',
    '15 70 00',
    '16 03 00 00 12',
    '17 30 00',
    '18 00 30 02 26 00',
    '18 04 01 02 26 00',
    '08 11 90',
    '08 14 A0',
    '08 16 90',
    '01 03 01 01 01 01 01 01',
  ]) {
    expect(commandOf(bytesOf(body)), body).toBeNull();
  }
});

describe('a status in place of data', () => {
  const codeOf = (command: Command<unknown>, status: number) => {
    try {
      parseReply(command, encodeFrame(0x12, [status]));
    } catch (error) {
      return error instanceof AppError ? error.code : 'foreign';
    }
    return null;
  };

  test('is thrown by what follows from it', () => {
    const energy = energyCommand(0, 0, 0);
    expect([0, 1, 2, 3, 4, 5].map((status) => codeOf(energy, status))).toEqual([
      'transport/unexpected-length',
      'meter/unsupported',
      'meter/refused',
      'session/denied',
      'meter/refused',
      'session/closed',
    ]);
  });

  test('with 8 in its high nibble tells that the meter repeats request codes, whatever was asked', () => {
    for (const command of [energyCommand(0, 0, 0), channelTest(), openChannel(1, defaultPassword(1, 'binary'))]) {
      for (const status of [0x80, 0x81, 0x85]) {
        expect(() => parseReply(command, encodeFrame(0x12, [status]))).toThrow(
          expect.objectContaining({
            code: 'meter/unsupported',
            hint: expect.stringContaining('bit 7'),
            context: expect.objectContaining({ repeatsCode: true }),
          }),
        );
      }
    }
  });

  test('refuses the opening of a channel whatever it is, and the error holds no password', () => {
    const open = openChannel(1, Uint8Array.of(7, 6, 5, 4, 3, 2));
    expect([0, 1, 2, 3, 4, 5].map((status) => codeOf(open, status))).toEqual([null, ...Array<string>(5).fill('session/denied')]);
    expect(open.isSecret).toBe(true);
    expect(open.label).toBe('open channel level 1');
  });
});

test('the default passwords are the digits of the level in either form', () => {
  expect([...defaultPassword(1, 'binary'), ...defaultPassword(2, 'ascii')]).toEqual([1, 1, 1, 1, 1, 1, 50, 50, 50, 50, 50, 50]);
});

describe('serial number', () => {
  const parse = (data: string) => serialNumberCommand().parse(bytesOf(data));

  test('keeps the leading zero of every byte', () => {
    expect(parse('05 00 09 63 01 0C 1A')).toEqual({ serial: '05000999', manufactured: '2026-12-01' });
  });

  test('with a date that does not exist has no date', () => {
    for (const date of ['1F 02 1A', '00 01 1A', '01 0D 1A', '01 01 64']) expect(parse(`01 02 03 04 ${date}`).manufactured, date).toBeNull();
  });

  test('of a byte above 99 is implausible', () => {
    expect(() => parse('64 00 00 00 01 01 01')).toThrow(expect.objectContaining({ code: 'data/implausible' }));
  });
});

test('firmware bytes are digits where they are BCD and numbers where they are not', () => {
  expect(firmwareCommand().parse(Uint8Array.of(0x10, 0x0a, 0x07))).toBe('10.10.7');
});

test('the variant word gives the constant by its code, and none for a code that is not documented', () => {
  const constants = [0, 1, 2, 3, 4, 5, 6, 12].map((code) => variantCommand().parse(Uint8Array.of(0, code, 0, 0, 0, 0)).constantImpPerKwh);
  expect(constants).toEqual([5000, 25000, 1250, 500, 1000, 250, null, null]);
  expect(variantCommand().parse(bytesOf('B4 E3 C2 17 DF 58 00 00'))).toMatchObject({ hex: 'B4E3C217DF58', ringBytes: 65536 });
});

test('the long passport says the same as the short one and more', () => {
  const data = bytesOf('20 57 2F 42 1A 06 12 09 00 00 B4 E3 C2 97 DF 58 7E F5 32 3A 40 01 00 00');
  expect(longPassportCommand().parse(data)).toEqual({
    ...passportCommand().parse(data.subarray(0, 16)),
    more: { hasDipsJournal: false, hasQuadrantsByTariff: false },
  });
  const result = decode(encodeFrame(0x42, [0x08, 0x01, 0x00]), encodeFrame(0x42, data));
  expect(result).toMatchObject({
    ok: true,
    fields: expect.arrayContaining([expect.objectContaining({ name: 'variant_code', value: '50.58', bytes: [19, 2] })]),
  });
});

describe('energy', () => {
  test('of all tariffs comes with losses or without them', () => {
    const data = new Uint8Array(96).fill(0xff);
    data.set([0x30, 0x00, 0x28, 0xc5], 64);
    expect(allTariffsCommand(0, 0).parse(data)).toHaveLength(6);
    expect(allTariffsCommand(0, 0).parse(data.subarray(0, 80))[4]).toEqual({ 'A+': 3196200, 'A-': null, 'R+': null, 'R-': null });
  });

  test('of the largest register is not negative', () => {
    const data = new Uint8Array(16).fill(0xff);
    data[3] = 0xfe;
    expect(energyCommand(0, 0, 0).parse(data)['A+']).toBe(0xfffffeff);
  });

  test('names array, month and tariff in the request', () => {
    expect(energyCommand(ENERGY_ARRAYS.monthStart, 11, 3)).toMatchObject({
      label: 'energy array B month 11 tariff 3',
      body: Uint8Array.of(0x05, 0xbb, 0x03),
    });
  });
});

describe('the block of all instantaneous values', () => {
  /** Every three-byte value carries its own number, so that a wrong offset shows. */
  const data = (length: number) => {
    const bytes = new Uint8Array(length);
    for (let offset = 0; offset < 78; offset += 3) bytes[offset + 1] = offset / 3 + 1;
    for (let phase = 0; phase < 3 && length > 78; phase += 1) bytes[78 + phase * 2] = 201 + phase;
    for (let phase = 0; phase < 3 && length > 86; phase += 1) bytes[87 + phase * 3] = 211 + phase;
    return bytes;
  };
  const counts = (length: number) =>
    Object.fromEntries(Object.entries(everythingCommand().parse(data(length))).map(([key, value]) => [key, value?.count ?? null]));
  const basic = {
    P: 1,
    P1: 2,
    P2: 3,
    P3: 4,
    Q: 5,
    Q1: 6,
    Q2: 7,
    Q3: 8,
    S: 9,
    S1: 10,
    S2: 11,
    S3: 12,
    U1: 13,
    U2: 14,
    U3: 15,
    angle12: 16,
    angle13: 17,
    angle23: 18,
    I1: 19,
    I2: 20,
    I3: 21,
    cos: 22,
    cos1: 23,
    cos2: 24,
    cos3: 25,
    F: 26,
  };

  test('of 78 bytes ends with the frequency', () => expect(counts(78)).toEqual(basic));
  test('of 86 bytes has distortion, and its temperature is not believed', () =>
    expect(counts(86)).toEqual({ ...basic, KU1: 201, KU2: 202, KU3: 203 }));
  test('of 95 bytes has line voltages', () =>
    expect(counts(95)).toEqual({ ...basic, KU1: 201, KU2: 202, KU3: 203, U12: 211, U23: 212, U13: 213 }));

  test('has in every byte what the table of single values has there', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(78, 86, 95),
        fc.uint8Array({ minLength: 95, maxLength: 95 }),
        fc.array(fc.nat(94)),
        (length, bytes, ones) => {
          for (const offset of ones) bytes.fill(0xff, offset, offset + 3);
          const block = bytes.subarray(0, length);
          const byTable = (instantaneousLayout('now', 0xa0, length) ?? []).map(({ key, offset, format, sign, scale, unit }) => {
            const count = COUNT_FORMATS[format].parse(block, offset, sign);
            return [key, count === null ? null : { count, scale, unit }];
          });
          expect(everythingCommand().parse(block)).toEqual(Object.fromEntries(byTable));
        },
      ),
    );
  });

  test('marks values of absent phases as absent, not as 41943.03', () => {
    const bytes = data(86).fill(0xff, 3, 6).fill(0xff, 45, 54);
    expect(everythingCommand().parse(bytes)).toMatchObject({ P1: null, angle12: null, angle13: null, angle23: null, P2: { count: 3 } });
  });
});

test('frozen power has its direction bits in the second byte', () => {
  const command = instantaneousCommand('frozen', 0x00);
  const values = command?.parse(bytesOf('00 80 E7 29 01 40 00 00 FF FF FF FF 00 00 01 00'));
  expect(values).toMatchObject({ P: { count: -0x29e7 }, P1: { count: 0x10000 }, P2: null, P3: { count: 1 } });
});

describe('a sum of power that three bytes cannot hold', () => {
  const quantity = (count: number) => ({ count, scale: -2, unit: 'W' as const });
  const phases = { P1: quantity(1_500_000), P2: quantity(1_500_000), P3: quantity(1_500_000) };

  test('is taken from its phases', () => {
    expect(withoutOverflow({ P: quantity(305_697), ...phases })).toMatchObject({ P: quantity(4_500_000) });
  });

  test("stays the meter's own where it fits", () => {
    const values = { P: quantity(-4_100_001), P1: quantity(-1_400_000), P2: quantity(-1_400_000), P3: quantity(-1_300_000) };
    expect(withoutOverflow(values)).toEqual(values);
    expect(withoutOverflow({ P: null, ...phases })).toMatchObject({ P: null });
  });

  test('of apparent power is absent: it need not be the sum of its phases', () => {
    const s = { S1: quantity(1_500_000), S2: quantity(1_500_000), S3: quantity(1_500_000) };
    expect(withoutOverflow({ S: quantity(305_697), ...s }).S).toBeNull();
  });
});

test('quantities keep every digit of the bytes', () => {
  const values = groupCommand(0x30).parse(bytesOf('80 E3 02 00 00 00 00 01 00 FF FF FF'));
  expect(Object.values(values).map((value) => (value === null ? null : quantityText(value)))).toEqual(['-0.739', '0', '0.001', null]);
});

describe('the clock', () => {
  const parse = (data: string) => readClockCommand().parse(bytesOf(data));

  test('of summer says so', () => expect(parse('00 00 12 02 21 07 26 00')).toMatchObject({ isSummer: true, weekday: 2 }));

  test.each([
    ['bad BCD', '1A 00 12 02 21 07 26 00'],
    ['month 13', '00 00 12 02 21 13 26 00'],
    ['February 30', '00 00 12 02 30 02 26 00'],
    ['February 29 of a common year', '00 00 12 02 29 02 26 00'],
    ['hour 24', '00 00 24 02 21 07 26 00'],
    ['minute 60', '00 60 12 02 21 07 26 00'],
    ['day 0', '00 00 12 02 00 07 26 00'],
    ['season 2', '00 00 12 02 21 07 26 02'],
  ])('with %s is implausible', (_, data) => {
    expect(() => parse(data)).toThrow(expect.objectContaining({ code: 'data/implausible' }));
  });

  test('of a leap day is a date', () =>
    expect(parse('59 59 23 04 29 02 28 01').wall).toEqual({ year: 2028, month: 2, day: 29, hour: 23, minute: 59, second: 59 }));
});
