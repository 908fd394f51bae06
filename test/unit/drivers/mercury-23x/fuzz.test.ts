import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../../../src/shared/api/errors.ts';
import type { MeterSession } from '../../../../src/main/drivers/driver.ts';
import { mercury23x } from '../../../../src/main/drivers/mercury-23x/driver.ts';
import { framed, meterSettings, type Scripted, ScriptedLink } from '../scripted-link.ts';

/** The longest conversation of one call: the groups of instantaneous values, each with every retry, proof and reopening. */
const MOST_EXCHANGES = 120;

const CALLS: readonly ((session: MeterSession) => Promise<unknown>)[] = [
  (session) => session.identify(),
  (session) => session.open(),
  (session) => session.describe(),
  (session) => session.readClock(),
  (session) => session.readRegisters('now', [0, 1]),
  (session) => session.readRegisters('month-start', [0], 1),
  (session) => session.readInstantaneous(),
  (session) => session.readProfileHead(),
  (session) =>
    session.readProfile(
      {
        newestStartUtc: 0,
        periodMin: 30,
        ringSlots: 4096,
        place: null,
        hasOverflowed: null,
        isCalendar: false,
        maxBatch: 17,
        position: 40,
      },
      0,
      17,
    ),
  (session) => session.journals(),
  (session) => session.readJournal(0x01, 0),
  (session) => session.readJournal(0x20, 0x103),
  (session) => session.readConfiguration(),
  (session) => session.readFrozen(1),
  (session) => session.inventory(),
  (session) => session.readItem('parameter.0A'),
  (session) => session.planWrite({ kind: 'clock-correct' }),
  (session) => session.performWrite({ kind: 'clock-set' }),
  (session) => session.performWrite({ kind: 'address', address: 19 }),
  (session) => session.performWrite({ kind: 'season-off' }),
  (session) => session.close(),
];

const reply: fc.Arbitrary<Scripted> = fc.oneof(
  fc.constant(null),
  fc.constantFrom('transport/bad-checksum', 'transport/short-frame', 'transport/echo').map((fault) => ({ fault }) as const),
  fc.integer({ min: 0, max: 255 }).map((status) => [status]),
  fc.uint8Array({ maxLength: 260 }).map((raw) => ({ raw })),
  fc.constantFrom(7, 16, 24, 4, 3, 6, 8, 9, 15, 86, 255).chain((length) => fc.array(fc.nat(255), { minLength: length, maxLength: length })),
  fc.constant([0x0c, 0x22, 0x38, 0x12, 0x16, 0x06, 0x14]),
  fc.constant({ raw: Uint8Array.from([...framed(18, [5]), ...framed(18, [0x0c, 0x22, 0x38, 0x12, 0x16, 0x06, 0x14])]) }),
);

test('whatever the line brings, every call ends soon with a value or one of our errors', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(reply, { minLength: 1, maxLength: 12 }), fc.constantFrom(...CALLS.keys()), async (replies, index) => {
      let next = 0;
      const link = new ScriptedLink(18, () => replies[next++ % replies.length] ?? null);
      const session = mercury23x.connect(link, meterSettings(), () => link.nowMs);
      try {
        await CALLS[index]?.(session);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        expect((error as AppError).code).not.toBe('bug');
      }
      expect(link.asked.length).toBeLessThan(MOST_EXCHANGES);
      // A password of a level is tried in two forms at most, and a lost answer to it repeated once.
      for (const level of ['0101', '0102']) {
        expect(link.asked.filter((body) => body.startsWith(level)).length).toBeLessThanOrEqual(4);
      }
      expect(link.asked.filter((body) => body.startsWith('03')).length).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});
