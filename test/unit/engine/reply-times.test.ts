import { describe, expect, test } from 'vitest';
import { LearnedLink, ReplyTimes } from '../../../src/main/engine/reply-times.ts';
import { AppError } from '../../../src/shared/api/errors.ts';
import type { ExchangeReply, ExchangeRequest } from '../../../src/shared/domain/exchange.ts';

const request = (over: Partial<ExchangeRequest> = {}): ExchangeRequest => ({
  label: 'clock',
  bytes: Uint8Array.of(1),
  replyBytes: 11,
  match: () => ({ kind: 'incomplete', missing: 1 }),
  timing: { silenceMs: 5, firstByteMs: 150, interByteMs: 20 },
  ...over,
});

/** A link that answers after `firstByteMs`, or not at all, and notes how long it was told to wait. */
function link(line: ReplyTimes) {
  const heard = { firstByteMs: 20 as number | null };
  const waits: (number | undefined)[] = [];
  const exchange = async ({ timing }: ExchangeRequest): Promise<ExchangeReply> => {
    waits.push(timing.learnedMs);
    if (heard.firstByteMs === null) throw new AppError('transport/timeout', 'silence');
    return { frame: new Uint8Array(), exchange: { firstByteMs: heard.firstByteMs } } as ExchangeReply;
  };
  return { link: new LearnedLink({ exchange }, line), heard, waits };
}

describe('how long an answer is waited for', () => {
  test('is the table’s until eight answers have come, then a quarter more than the slowest of them', async () => {
    const { link: meter, heard, waits } = link(new ReplyTimes());
    for (let n = 0; n < 8; n += 1) {
      heard.firstByteMs = 20 + n;
      await meter.exchange(request());
    }
    await meter.exchange(request());
    expect(waits.slice(0, 8)).toEqual(Array(8).fill(undefined));
    expect(waits[8]).toBeCloseTo(27 * 1.25 + 30);
  });

  test('a meter that was never heard is judged by its neighbours, each eighth silence in full', async () => {
    const line = new ReplyTimes();
    for (let n = 0; n < 8; n += 1) line.add(40);
    const { link: dead, heard, waits } = link(line);
    heard.firstByteMs = null;
    for (let n = 0; n < 8; n += 1) await expect(dead.exchange(request())).rejects.toMatchObject({ code: 'transport/timeout' });
    expect(waits.slice(0, 7)).toEqual(Array(7).fill(80));
    expect(waits[7]).toBeUndefined();
  });

  test('last tries, writes, openings and broadcasts are waited out as the protocol says', async () => {
    const line = new ReplyTimes();
    for (let n = 0; n < 8; n += 1) line.add(40);
    const { link: meter, waits } = link(line);
    for (const over of [{ attempt: 3 }, { isPatient: true }, { replyBytes: 0 }]) await meter.exchange(request(over));
    expect(waits).toEqual([undefined, undefined, undefined]);
    await meter.exchange(request({ attempt: 2 }));
    expect(waits[3]).toBe(80);
  });
});
