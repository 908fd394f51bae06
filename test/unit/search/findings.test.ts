import { describe, expect, it } from 'vitest';
import { FINDER_23X } from '../../../src/main/drivers/mercury-23x/finder.ts';
import { type Circumstances, findingsOf } from '../../../src/main/search/findings.ts';
import { judge } from '../../../src/main/search/judgement.ts';
import { LineRecord } from '../../../src/main/search/record.ts';
import { framed } from '../drivers/scripted-link.ts';

const NOTHING = new Uint8Array(0);
const CALM: Circumstances = {
  hasLongAddresses: false,
  isComplete: false,
  isSilent: null,
  zeroOnly: [],
  garbled: null,
  isClosedUpon: false,
  isClosedUnasked: false,
  slowMs: null,
};
const reply = (address: number, last: number) => framed(address, [1, 2, 3, last, 15, 3, 11]);
/** Ten bytes that are no frame; with a seed as different as two collisions are. */
const garbled = (seed: number) => Uint8Array.from({ length: 10 }, (_, index) => (index * 37 + seed * 11 + 5) & 0x7f);

/** What a line has said: address and bytes of each answer. */
function record(answers: readonly (readonly [address: number, received: Uint8Array])[]): LineRecord {
  const line = new LineRecord('9600-8N1');
  for (const [address, received] of answers) {
    const request = framed(address, [0x08, 0x00]);
    const asked = { address, request, requestBefore: null, replyBytes: 10, heard: { received, strayBefore: NOTHING } };
    line.add(address, 10, judge(FINDER_23X, asked));
  }
  return line;
}

const codes = (line: LineRecord, given: Partial<Circumstances> = {}) => findingsOf([line], { ...CALM, ...given }).map(({ code }) => code);
const times = (count: number, address: number, received: (time: number) => Uint8Array) =>
  Array.from({ length: count }, (_, time) => [address, received(time)] as const);

describe('two meters at one address', () => {
  it('are named when two serials were read there', () => {
    const [found] = findingsOf(
      [
        record([
          [5, reply(5, 4)],
          [5, reply(5, 9)],
        ]),
      ],
      CALM,
    );
    expect(found).toEqual({
      code: 'duplicate-address',
      weight: 'fault',
      params: { address: 5, serials: '01020304, 01020309', example: null },
    });
  });

  it('are named when answers collide again and again on a line that is sound', () => {
    const sound = times(3, 7, () => reply(7, 7));
    expect(codes(record([...sound, ...times(4, 5, garbled)]))).toEqual(['duplicate-address']);
    expect(codes(record([...sound, ...times(2, 5, garbled), ...times(2, 5, () => reply(5, 4))]))).toEqual([]);
  });

  it('are not named for damage alone where meters of the other family may have answered', () => {
    const line = record([...times(3, 7, () => reply(7, 7)), ...times(4, 5, garbled)]);
    expect(codes(line, { hasLongAddresses: true })).toEqual([]);
    expect(codes(record([...times(4, 5, () => garbled(1)), ...times(4, 6, () => garbled(2))]), { hasLongAddresses: true })).toEqual([]);
  });

  it('are not named where every answer of the line suffers', () => {
    const suffering = [5, 6, 7].flatMap((address) => [...times(3, address, garbled), ...times(3, address, () => reply(address, address))]);
    expect(codes(record(suffering))).toEqual(['corruption']);
  });
});

describe('another speed or parity', () => {
  it('is named when nobody answers well and the damage is always the same', () => {
    expect(codes(record([...times(4, 5, () => garbled(1)), ...times(4, 6, () => garbled(2))]))).toEqual(['wrong-parity']);
  });

  it('is named when every address is silent and all asked at once answer in pieces now and then', () => {
    expect(codes(record([]), { garbled: garbled(1), isComplete: true })).toEqual(['wrong-parity']);
    expect(codes(record([]), { garbled: garbled(1) })).toEqual([]);
  });

  it('is not named when the damage differs from answer to answer: that is a collision', () => {
    expect(codes(record([...times(4, 5, garbled), ...times(4, 6, garbled)]))).toEqual(['duplicate-address', 'duplicate-address']);
  });
});

describe('another master', () => {
  const overheard = (count: number) => times(count, 9, () => reply(7, 7));

  it('is named when a meter answers more often than it was asked', () => {
    expect(codes(record([...times(2, 7, () => reply(7, 7)), ...overheard(3)]))).toEqual(['foreign-master']);
  });

  it('is not named for answers that come late, one for each request', () => {
    expect(codes(record([...times(3, 7, () => NOTHING), ...overheard(3)]))).toEqual([]);
  });
});

describe('what else the bytes say', () => {
  it('stray bytes are noise from the third time on: the pieces of one late answer come twice', () => {
    const answer = reply(7, 7);
    const torn = [[8, answer.subarray(0, 4)], [9, answer.subarray(6)], ...times(55, 7, () => answer)] as const;
    expect(codes(record(torn))).toEqual([]);
    expect(codes(record([...torn, [10, Uint8Array.of(0xff, 0x31)]]))).toEqual(['noise']);
  });

  it('a meter that repeats the code of the request is named with its address and is not found', () => {
    const line = record([[5, framed(5, [0x08, 1, 2, 3, 4, 15, 3, 11])]]);
    expect(findingsOf([line], CALM)).toEqual([{ code: 'repeat-code', weight: 'fault', params: { address: 5 } }]);
    expect(line.answering).toEqual([]);
  });

  it('silence is named only when all were asked at once and nobody said a byte', () => {
    const silent = record(times(4, 5, () => NOTHING));
    expect(codes(silent)).toEqual([]);
    expect(codes(silent, { isSilent: true })).toEqual(['line-silent']);
    expect(codes(silent, { isSilent: false })).toEqual([]);
  });

  it('meters at address 0 alone are named only after every address was asked, each of them', () => {
    const zeroOnly = ['01020304', '01020305'];
    expect(codes(record([]), { zeroOnly })).toEqual([]);
    expect(codes(record([]), { zeroOnly, isComplete: true })).toEqual(['zero-only', 'zero-only']);
  });

  it('a gateway that closes before requests, upon them, or answers later than a meter may, is named', () => {
    expect(codes(record([]), { isClosedUpon: true })).toEqual(['gateway-framing']);
    expect(codes(record([]), { isClosedUnasked: true })).toEqual(['gateway-busy']);
    expect(findingsOf([record([])], { ...CALM, slowMs: 312.4 })).toEqual([
      { code: 'gateway-slow', weight: 'attention', params: { ms: 312 } },
    ]);
  });
});
