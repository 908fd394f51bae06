import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../../../src/shared/api/errors.ts';
import type { MeterSession } from '../../../../src/main/drivers/driver.ts';
import { mercury200 } from '../../../../src/main/drivers/mercury-200/driver.ts';
import { meterSettings, type Scripted, ScriptedLink } from '../scripted-link.ts';
import { ADDRESS } from './meter.ts';

/** The longest conversation of one call: two days of half-hours looked through for the newest, each with every retry and proof. */
const MOST_EXCHANGES = 120;
const HEAD = {
  newestStartUtc: 0,
  periodMin: 30,
  ringSlots: 4320,
  place: null,
  hasOverflowed: null,
  isCalendar: false,
  maxBatch: 8,
  position: 1_800_000_000,
};

const CALLS: readonly ((session: MeterSession) => Promise<unknown>)[] = [
  (session) => session.identify(),
  (session) => session.describe(),
  (session) => session.readClock(),
  (session) => session.readRegisters('now', [0, 1]),
  (session) => session.readRegisters('month-start', [0], 1),
  (session) => session.readInstantaneous(),
  (session) => session.readProfileHead(),
  (session) => session.readProfile(HEAD, 3, 8),
  (session) => session.readConfiguration(),
  (session) => session.readJournal(0x36, 0),
  (session) => session.readItem('maxima.33.01'),
  (session) => session.planWrite({ kind: 'clock-set' }),
  (session) => session.performWrite({ kind: 'season-off' }),
];

const byte = fc.oneof(
  fc.constant(0xff),
  fc.nat(255),
  fc.nat(99).map((number) => (Math.floor(number / 10) << 4) | (number % 10)),
);
const code = fc.constantFrom(0x2f, 0x21, 0x27, 0x28, 0x37, 0x63, 0x24, 0x36, 0x05);
const reply: fc.Arbitrary<Scripted> = fc.oneof(
  fc.constant(null),
  fc.constantFrom('transport/bad-checksum', 'transport/short-frame', 'transport/echo').map((fault) => ({ fault }) as const),
  fc.uint8Array({ maxLength: 60 }).map((raw) => ({ raw })),
  fc
    .tuple(code, fc.constantFrom(0, 1, 2, 4, 6, 7, 8, 10, 16, 24, 32))
    .chain(([command, size]) => fc.array(byte, { minLength: size, maxLength: size }).map((data) => [command, ...data])),
  fc.constant([0x2f, 0x02, 0x7c, 0xf8, 0x5b]),
  fc.constant([0x21, 0x00, 0x12, 0x00, 0x05, 0x22, 0x11, 0x26]),
);

test('whatever the line brings, every call ends soon with a value or one of our errors, and a write goes out once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(reply, { minLength: 1, maxLength: 12 }), fc.constantFrom(...CALLS.keys()), async (replies, index) => {
      let next = 0;
      const link = new ScriptedLink(ADDRESS, () => replies[next++ % replies.length] ?? null, undefined, 4);
      const session = mercury200.connect(link, meterSettings({ address: ADDRESS, expectedSerial: '41744475' }), () => link.nowMs);
      try {
        await CALLS[index]?.(session);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        expect((error as AppError).code).not.toBe('bug');
      }
      expect(link.asked.length).toBeLessThan(MOST_EXCHANGES);
      expect(link.asked.filter((body) => body === '0500').length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 1000 },
  );
});
