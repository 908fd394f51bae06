import { describe, expect, test } from 'vitest';
import { quantityText } from '../../../../src/shared/domain/quantity.ts';
import { crc16 } from '../../../../src/main/protocol/mercury/crc.ts';
import { decode } from '../../../../src/main/protocol/mercury/decode.ts';
import { commandOf } from '../../../../src/main/protocol/mercury/commands.ts';
import { frameData, matchReply } from '../../../../src/main/protocol/mercury/frame.ts';
import { groupCommand } from '../../../../src/main/protocol/mercury/instantaneous.ts';
import { bytesOf, loadNotCovered, loadVectors, type Vector } from './vectors.ts';

const vectors = loadVectors();
const notCovered = loadNotCovered();

/** What a published figure says, found by what our decoder says. A key that stands nowhere here fails the test. */
class Explained {
  readonly vector: Vector;
  readonly request: Uint8Array | null;
  readonly response: Uint8Array | null;
  readonly result: ReturnType<typeof decode>;

  constructor(vector: Vector) {
    this.vector = vector;
    this.request = bytesOf(vector.request_hex);
    this.response = bytesOf(vector.response_hex);
    this.result = decode(this.request, this.response, {
      constant_imp_per_kwh: 'with_A500_T60' in vector.decoded ? 500 : 1000,
      period_min: 60,
    });
  }

  get command() {
    const command = this.request === null ? null : commandOf(frameData(this.request));
    if (command === null) throw new Error(`${this.vector.id}: the request is not known`);
    return command;
  }

  /** Value of the one field with this name. */
  value(name: string): string | null {
    if (!this.result.ok) throw new Error(`${this.vector.id}: ${this.result.error.message}`);
    const found = this.result.fields.filter((field) => field.name === name);
    expect(found, name).toHaveLength(1);
    return found[0]?.value ?? null;
  }

  has(name: string): boolean {
    return this.result.ok && this.result.fields.some((field) => field.name === name);
  }

  number(name: string): number | null {
    const text = this.value(name);
    return text === null ? null : Number(text);
  }

  bit(name: string): boolean {
    return this.value(name) === 'true';
  }

  /** The sole value of a one-value reply. */
  sole(): { count: number; text: string } {
    const data = this.response;
    if (data === null) throw new Error(`${this.vector.id}: no response`);
    const [value] = Object.values(this.command.parse(frameData(data)) as Record<string, { count: number; scale: number; unit: 'W' }>);
    if (value === undefined) throw new Error(`${this.vector.id}: no value`);
    return { count: value.count, text: quantityText(value) };
  }

  addressOf(side: 'request' | 'response'): number {
    if (!this.result.ok) throw new Error(this.result.error.message);
    return Number(this.result.fields.find((field) => field.name === 'address' && field.in === side)?.value);
  }

  isReverse(direction: 'active' | 'reactive'): boolean {
    if (!this.result.ok) throw new Error(this.result.error.message);
    return this.result.fields.find(({ name }) => name.endsWith(`.direction.${direction}`))?.value === 'reverse';
  }
}

const number = (name: string) => (it: Explained) => it.number(name);
const text = (name: string) => (it: Explained) => it.value(name);
const bit = (name: string) => (it: Explained) => it.bit(name);
/** Fields of the descriptor and of a record have different prefixes. */
const profile = (name: string) => (it: Explained) => (it.has(`profile.${name}`) ? it.value(`profile.${name}`) : it.value(`record.${name}`));

const LIMITS = ['min_limit', 'min_normal', 'max_normal', 'max_limit'];
const words = (list: string | null) => (list ?? '').split(' ').filter((word) => word !== '');
const spaced = (hex: string | null) => (hex?.match(/../g) ?? []).join(' ');
/** Seven bytes back from the codes of 03 that they name. */
const bitmapOf = (codes: readonly string[]) => {
  const bytes = new Uint8Array(7);
  for (const code of codes.map((hex) => Number.parseInt(hex, 16))) bytes[code >> 3] = (bytes[code >> 3] ?? 0) | (1 << (code & 7));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
};

const READERS: Record<string, (it: Explained) => unknown> = {
  // 08 05 answers with an address; everywhere else the key means the one asked.
  address: (it) => (it.has('network_address') ? it.number('network_address') : it.addressOf('request')),
  status: number('status'),
  cmd: (it) => it.request?.[1],
  param: (it) => (typeof it.vector.decoded['param'] === 'string' ? it.value('command')?.replaceAll(' ', '_') : it.request?.[2]),
  level: number('level'),
  password_mode: text('password_form'),
  password: (it) => Array.from(it.command.body.subarray(2), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  retry: (it) => (it.value('status.meaning') === 'the channel is not open' ? 'open channel then repeat' : null),
  echo: (it) => it.has('echo.possible') || (!it.result.ok && it.result.error.code === 'transport/echo'),
  valid_reply: (it) => it.result.ok && !it.has('echo.possible'),
  frequency_hz: number('F'),
  F_Hz: number('F'),
  raw: (it) => it.sole().count,
  percent: (it) => Number(it.sole().text),
  raw_magnitude: (it) => Math.abs(it.sole().count),
  sign: (it) => Math.sign(it.sole().count),
  'A+_Wh': number('energy.A+'),
  'A-_Wh': number('energy.A-'),
  'R+_varh': number('energy.R+'),
  'R-_varh': number('energy.R-'),
  'A+_L1_Wh': number('energy.A+.L1'),
  'A+_L2_Wh': number('energy.A+.L2'),
  'A+_L3_Wh': number('energy.A+.L3'),
  array: (it) => Number.parseInt(it.value('array') ?? '', 16),
  month: number('month'),
  tariff: number('tariff'),
  bwri: (it) => (typeof it.vector.decoded['bwri'] === 'number' ? Number.parseInt(it.value('bwri') ?? '', 16) : it.value('bwri')),
  expected_reply_len: (it) => it.command.replyLengths[0],
  datetime: (it) => it.value(it.has('clock.time') ? 'clock.time' : 'set.clock'),
  weekday: (it) => it.number(it.has('clock.weekday') ? 'clock.weekday' : 'set.weekday'),
  winter: (it) => {
    const name = ['clock.season', 'set.season'].find((candidate) => it.has(candidate));
    return (name === undefined ? profile('season')(it) : it.value(name)) === 'winter';
  },
  serial: text('serial'),
  manufactured: text('manufactured'),
  firmware: text('firmware'),
  variant: text('variant'),
  Kn: (it) => it.number(it.has('ratio.vt') ? 'ratio.vt' : 'set.ratio.vt'),
  Kt: (it) => it.number(it.has('ratio.ct') ? 'ratio.ct' : 'set.ratio.ct'),
  class_A: text('variant.class_active'),
  class_R: text('variant.class_reactive'),
  Un_V: number('variant.nominal_voltage'),
  In_A: number('variant.nominal_current'),
  directions: number('variant.directions'),
  temp_min_C: number('variant.min_temperature'),
  has_profile: bit('variant.has_profile'),
  phases: number('variant.phases'),
  constant_imp_kWh: number('variant.constant'),
  sum_by_modulus: bit('variant.sums_by_modulus'),
  internal_tariffs: bit('variant.internal_tariffs'),
  type: text('variant.type'),
  variant_no: number('variant.number'),
  mem3: (it) => `${Math.floor(Number(it.value('variant.profile_memory')) / 1000)}x8`,
  optoport: bit('variant.optical_port'),
  interface: (it) => it.value('variant.interface')?.replace('-', ''),
  seal_top: bit('variant.top_cover_seal'),
  relay: bit('variant.relay'),
  'per_phase_A+': bit('variant.phase_energy'),
  ext_arrays: bit('variant.extended_arrays'),
  profile2: bit('variant.second_profile'),
  address_field: number('profile.address_field'),
  record_address: text('profile.record_address'),
  incomplete: (it) => profile('incomplete')(it) === 'true',
  time: (it) => (it.has('event.time') ? it.value('event.time') : profile('time')(it)),
  period_min: (it) => (it.has('set.period') ? it.number('set.period') : Number(profile('period')(it))),
  ...Object.fromEntries([1, 2, 3, 4].map((quadrant) => [`R${quadrant}_varh`, number(`energy.R${quadrant}`)])),
  date: (it) => it.value(it.has('event.date') ? 'event.date' : 'date'),
  on: text('event.on'),
  off: text('event.off'),
  before: text('event.before'),
  after: text('event.after'),
  record: number('event.slot'),
  start: (it) => (it.has('event.begin') ? it.value('event.begin') : `${it.value('event.time')}0`),
  end_bytes: (it) => (it.value('event.end') === null ? spaced(it.value('event.end.data')) : 'a date'),
  out: text('event.left'),
  back: text('event.returned'),
  requests: number('event.count'),
  bitmap: (it) => bitmapOf(words(it.value('event.codes'))),
  code07_bitmap: text('event.code07'),
  errors: (it) => words(it.value(it.has('status_word.faults') ? 'status_word.faults' : 'event.status_word.faults')),
  duration_s: number('event.duration'),
  kind: text('event.kind'),
  value_percent: number('event.depth'),
  seconds: number('power_limit.delay'),
  low: (it) => it.value('flags')?.slice(0, 2),
  high: (it) => it.value('flags')?.slice(2),
  hot_restart: bit('flags.hot_restart'),
  led_kind_printed: text('flags.led'),
  morning: (it) => ['from', 'to'].map((end) => it.value(`maxima.morning.${end}`)),
  evening: (it) => ['from', 'to'].map((end) => it.value(`maxima.evening.${end}`)),
  ...Object.fromEntries(
    ['morning', 'evening'].flatMap((time) =>
      ['+', '-'].flatMap((sign) => [
        [`P${sign}_${time}_raw`, number(`maximum.${time}.count.A${sign}`)],
        [`Q${sign}_${time}_raw`, number(`maximum.${time}.count.R${sign}`)],
      ]),
    ),
  ),
  with_A500_T60: (it) => ({ 'P+_morning_W': (it.number('maximum.morning.power.A+') ?? 0) * 1000 }),
  word_bytes: (it) => spaced(it.value('load')).split(' '),
  load_off_by_interface: bit('load.off_by_interface'),
  off_by_interface: bit('load.off_by_interface'),
  pulse_output_is_load_control: bit('load.output_is_control'),
  current_state: (it) => (it.bit('load.is_off') ? 'off' : 'on'),
  limit_W: (it) => it.number(it.has('power_limit') ? 'power_limit' : 'set.power_limit'),
  U: (it) => LIMITS.map((limit) => it.number(`quality.U.${limit}`)),
  F: (it) => LIMITS.map((limit) => it.number(`quality.F.${limit}`)),
  U_s: number('averaging.U'),
  F_s: number('averaging.F'),
  days: (it) => words(it.value('holidays')).map(Number),
  crc_bytes: text('firmware_crc'),
  init: bit('set.wipes'),
  new_address: number('set.network_address'),
  reply_address: (it) => it.addressOf('response'),
  baud: number('set.baud_rate'),
  multiplier: number('set.multiplier'),
  enabled: (it) => !it.bit('set.season_switch_forbidden'),
  month_mask: text('set.months'),
  weekday_mask: text('set.weekdays'),
  load: text('set.load'),
  'P+_raw': number('record.count.A+'),
  'P-_raw': number('record.count.A-'),
  'Q+_raw': number('record.count.R+'),
  'Q-_raw': number('record.count.R-'),
  with_A1000: (it) => ({ 'P+_kW': it.number('record.power.A+'), 'A+_kWh_in_period': it.number('record.energy.A+') }),
  T_C: number('T'),
  active_reverse: (it) => it.isReverse('active'),
  reactive_reverse: (it) => it.isReverse('reactive'),
  ...Object.fromEntries(
    ['U1_V', 'U2_V', 'I1_A', 'I3_A', 'P_W', 'P1_W', 'P2_W', 'P3_W', 'Q_var', 'Q2_var', 'S_VA', 'S1_VA', 'S2_VA', 'S3_VA'].map((key) => [
      key,
      number(key.split('_')[0] ?? ''),
    ]),
  ),
};

/** The hex status byte of descriptor and record stands under the same key as the number of a status reply. */
function readerOf(it: Explained, key: string): ((it: Explained) => unknown) | undefined {
  return key === 'status' && typeof it.vector.decoded['status'] === 'string' ? profile('status') : READERS[key];
}

test('all 99 published frames of the family are here, each with a right checksum', () => {
  expect(vectors).toHaveLength(99);
  expect(new Set(vectors.map(({ id }) => id)).size).toBe(99);
  for (const { id, request_hex, response_hex } of vectors) {
    for (const hex of [request_hex, response_hex]) if (hex !== null) expect(crc16(bytesOf(hex)), id).toBe(0);
  }
});

test('the list of frames that are not covered names known frames only', () => {
  const ids = new Set(vectors.map(({ id }) => id));
  expect(Object.keys(notCovered).filter((id) => !ids.has(id))).toEqual([]);
});

describe('the published frame', () => {
  // Its request is not published, so nothing says what the bytes are: it has a test of its own below.
  const needRequest = new Set(['inst16-p-synth']);
  for (const vector of vectors.filter(({ id }) => notCovered[id] === undefined && !needRequest.has(id))) {
    test(`${vector.id} has the published meaning`, () => {
      const it = new Explained(vector);
      expect(Object.keys(vector.decoded).length).toBeGreaterThan(0);
      for (const [key, published] of Object.entries(vector.decoded)) {
        const reader = readerOf(it, key);
        if (reader === undefined) throw new Error(`${vector.id}: nothing reads "${key}"`);
        expect(reader(it), key).toEqual(published);
      }
    });
  }

  test('inst16-p-synth has the published meaning as a reply to the group request of active power', () => {
    const vector = vectors.find(({ id }) => id === 'inst16-p-synth');
    const response = bytesOf(vector?.response_hex ?? '');
    const command = groupCommand(0x00);
    const match = matchReply(0x91, command.replyLengths, response);
    if (match.kind !== 'frame') throw new Error(match.kind);
    const texts = Object.entries(command.parse(frameData(match.frame))).map(([key, value]) => [
      `${key}_W`,
      value === null ? null : Number(quantityText(value)),
    ]);
    expect(Object.fromEntries(texts)).toEqual(vector?.decoded);
    expect(decode(null, response)).toMatchObject({
      ok: true,
      fields: [{ name: 'address', value: '145' }, { name: 'data' }, { name: 'crc' }],
    });
  });
});
