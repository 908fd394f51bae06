import { describe, expect, it } from 'vitest';
import { FINDER_23X } from '../../../src/main/drivers/mercury-23x/finder.ts';
import { judge, sentence } from '../../../src/main/search/judgement.ts';
import { framed } from '../drivers/scripted-link.ts';

const NOTHING = new Uint8Array(0);
const bytes = (...values: number[]) => Uint8Array.from(values);
const requestTo = (address: number) => framed(address, [0x08, 0x00]);
const replyOf = (address: number, ...serial: number[]) => framed(address, [...serial, 15, 3, 11]);

function judged(address: number, received: Uint8Array, strayBefore: Uint8Array = NOTHING) {
  const result = judge(FINDER_23X, {
    address,
    request: requestTo(address),
    requestBefore: null,
    replyBytes: 10,
    heard: { received, strayBefore },
  });
  return { ...result, text: sentence(result, address) };
}

describe('one exchange of a search', () => {
  it('finds a meter by ten bytes with a good checksum and a plausible serial', () => {
    const result = judged(94, replyOf(94, 12, 34, 56, 78));
    expect(result).toMatchObject({ verdict: 'meter', text: 'Answer from 94: meter 12345678', hasEcho: false });
    expect(result.own).toMatchObject([{ address: 94, serial: '12345678', manufactured: '2011-03-15' }]);
  });

  it.each([
    ['a checksum that does not fit', bytes(...replyOf(94, 12, 34, 56, 78).subarray(0, -1), 0)],
    ['a serial that is none', replyOf(94, 120, 34, 56, 78)],
    ['half a reply', replyOf(94, 12, 34, 56, 78).subarray(0, 6)],
  ])('finds nobody by %s', (_, received) => {
    const result = judged(94, received);
    expect(result.own).toEqual([]);
    expect(result.verdict).not.toBe('meter');
  });

  it('says silence in the words of the log of 2013', () => {
    expect(judged(94, NOTHING)).toMatchObject({ verdict: 'silence', text: 'No answer from 94' });
  });

  it('takes a reply behind the echo of the request', () => {
    expect(judged(94, bytes(...requestTo(94), ...replyOf(94, 1, 2, 3, 4)))).toMatchObject({ verdict: 'meter', hasEcho: true });
    expect(judged(94, requestTo(94))).toMatchObject({ verdict: 'echo', hasEcho: true });
  });

  it('takes a reply in the midst of noise, and the noise for what is left over', () => {
    const result = judged(94, bytes(0xff, 0x12, ...replyOf(94, 1, 2, 3, 4), 0x77));
    expect(result).toMatchObject({ verdict: 'meter', rest: bytes(0xff, 0x12, 0x77) });
  });

  it('knows a late reply by its address, before and after the request', () => {
    const late = replyOf(93, 9, 9, 9, 9);
    expect(judged(94, late)).toMatchObject({ verdict: 'late', text: 'No answer from 94; late answer from 93: meter 09090909' });
    expect(judged(94, replyOf(94, 1, 2, 3, 4), late)).toMatchObject({ verdict: 'meter', overheard: [{ address: 93, serial: '09090909' }] });
  });

  it('sees two meters at one address when both are heard', () => {
    const result = judged(94, bytes(...replyOf(94, 1, 2, 3, 4), ...replyOf(94, 5, 6, 7, 8)));
    expect(result).toMatchObject({ verdict: 'collision', text: 'Several answers from 94: meters 01020304, 05060708' });
  });

  it('tells damage from a few stray bytes', () => {
    expect(judged(94, bytes(94, 1, 2, 3, 4, 5, 6, 7, 8, 9)).verdict).toBe('damaged');
    expect(judged(94, bytes(0xff, 0x00)).verdict).toBe('stray');
    expect(judged(94, NOTHING, bytes(0xff)).verdict).toBe('stray');
  });

  it('counts the frames of another master, and never its own echo that came late', () => {
    const foreign = bytes(...framed(12, [0x05, 0x00, 0x00]), ...framed(12, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]));
    expect(judged(94, NOTHING, foreign)).toMatchObject({ verdict: 'other', foreignFrames: 2 });
    const before = requestTo(93);
    const apart = judge(FINDER_23X, {
      address: 94,
      request: requestTo(94),
      requestBefore: before,
      replyBytes: 10,
      heard: { received: NOTHING, strayBefore: before },
    });
    expect(apart.foreignFrames).toBe(0);
  });

  it('names a gateway of Modbus TCP and a reply that repeats the code', () => {
    expect(judged(94, bytes(0x5e, 0x08, 0, 0, 0, 3, 0x5e, 0x88, 0x0b))).toMatchObject({ verdict: 'other', isModbusTcp: true });
    expect(judged(94, framed(94, [0x08, 1, 2, 3, 4, 15, 3, 11]))).toMatchObject({ verdict: 'other', repeatsCode: true, own: [] });
  });
});
