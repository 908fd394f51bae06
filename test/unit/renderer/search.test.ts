import { describe, expect, test } from 'vitest';
import { createServices } from '../../../src/renderer/client/services.ts';
import { checkDraft, EMPTY_DRAFT, parseSerials, settingsOf } from '../../../src/renderer/features/search/draft.ts';
import { importRows, lineOf, notInPlant } from '../../../src/renderer/features/search/found.ts';
import { createSearchLogSlice, jsonLines } from '../../../src/renderer/features/search/slice.ts';
import type { FoundMeter, LogEntry, SearchState } from '../../../src/shared/api/search.ts';
import { searchRequest } from '../../../src/shared/api/search.ts';
import { parseImportFile } from '../../../src/main/import/import-file.ts';
import { scriptedClock, scriptedTransport, settled } from './scripted.ts';

const TCP = { ...EMPTY_DRAFT, line: 'tcp:10.0.0.5:4001' };
const SERIAL = { ...EMPTY_DRAFT, line: 'serial:COM4:9600-8N1' };

describe('what a person fills in', () => {
  test('serials are taken out of any pasted text, each once', () => {
    expect(parseSerials('№ 01234567\r\n31589700\t31589707; 01234567,')).toEqual({
      serials: ['01234567', '31589700', '31589707'],
      faulty: [],
    });
  });

  test('words that are no serials are named, and there is no request until they are gone', () => {
    const checked = checkDraft({ ...TCP, serials: '31589700 ввод 12345' });
    expect(checked.faultySerials).toEqual(['ввод', '12345']);
    expect(checked.request).toBeNull();
  });

  test('a line is needed, in the form that the server reads', () => {
    const isTaken = (line: string) => checkDraft({ ...EMPTY_DRAFT, line }).request !== null;
    for (const line of ['tcp:10.0.0.5:4001', 'tcp:gw:4001:9600-8N1', 'serial:COM4:9600-8N1', 'serial:/dev/ttyUSB0:2400-8E1'])
      expect([line, isTaken(line)]).toEqual([line, true]);
    for (const line of ['', 'COM4', 'tcp:10.0.0.5', 'tcp:10.0.0.5:port', 'serial:COM4', 'serial::9600-8N1', 'tcp:gw:4001:9600'])
      expect([line, isTaken(line)]).toEqual([line, false]);
  });

  test('a range must rise and lie within what the driver can address', () => {
    const range = (from: string, to: string) => checkDraft({ ...TCP, hasRange: true, from, to }).request?.addresses ?? null;
    expect(range('10', '20')).toEqual({ from: 10, to: 20 });
    for (const [from, to] of [
      ['20', '10'],
      ['0', '5'],
      ['1', '241'],
      ['', '5'],
      ['1e1', '20'],
    ] as const)
      expect(range(from, to)).toBeNull();
    expect(checkDraft({ ...TCP, driver: 'mercury-200', hasRange: true, from: '1', to: '900000' }).request).not.toBeNull();
  });

  test('speeds and formats multiply on a serial line and mean nothing behind a gateway', () => {
    expect(settingsOf({ ...SERIAL, baudRates: ['9600', '19200'], formats: ['8N1', '8E1'] })).toEqual([
      '9600-8N1',
      '9600-8E1',
      '19200-8N1',
      '19200-8E1',
    ]);
    expect(settingsOf({ ...SERIAL, formats: ['8E1'] })).toEqual(['9600-8E1']);
    expect(settingsOf(SERIAL)).toEqual([]);
    expect(settingsOf({ ...TCP, baudRates: ['2400'] })).toEqual([]);
  });

  test('every request that it makes is one that the contract takes', () => {
    const drafts = [TCP, { ...SERIAL, baudRates: ['1200'], serials: '01234567', isThorough: true }, { ...TCP, hasRange: true, to: '9' }];
    for (const draft of drafts) expect(searchRequest.safeParse(checkDraft(draft).request).success).toBe(true);
  });
});

const METER: FoundMeter = {
  line: 'serial:COM4:9600-8N1',
  setting: '2400-8E1',
  address: 21,
  serial: '01234567',
  driver: 'mercury-23x',
  manufactured: null,
  firstByteMs: 41,
  pointCode: null,
  isExpected: false,
};

describe('found meters', () => {
  test('become rows of the import file on the setting that they answered at', () => {
    expect(lineOf(METER)).toBe('serial:COM4:2400-8E1');
    expect(lineOf({ line: 'tcp:gw:4001:9600-8N1', setting: '9600-8N1' })).toBe('tcp:gw:4001:9600-8N1');
    const filled = importRows([METER])
      .replace('\n;', '\nТП-1;')
      .replace('M01234567;;', 'M01234567;Ввод 1;')
      .replace(';1;;;;', ';1;600/5;1;settlement;3CT');
    const [row] = parseImportFile(new TextEncoder().encode(filled), { offsetMin: 180 }, (text) => text);
    expect(row).toMatchObject({ serial: '01234567', address: 21, line: 'serial:COM4:2400-8E1' });
  });

  test('that stand in the plant already are not imported again', () => {
    expect(notInPlant([METER, { ...METER, pointCode: 'TP1-01' }])).toEqual([METER]);
  });
});

describe('the log of a search', () => {
  const entry = (sequence: number): LogEntry => ({
    sequence,
    at: '2026-11-21T11:00:00.000Z',
    setting: '9600-8N1',
    address: sequence,
    request: '01 08 00 86 04',
    response: '',
    firstByteMs: null,
    verdict: 'silence',
    text: `No answer from ${sequence}`,
  });
  function setUp() {
    const transport = scriptedTransport();
    const store = createServices(transport, scriptedClock()).slice(createSearchLogSlice);
    const answer = async (sequences: readonly number[], last: number) => {
      transport.asked.shift()?.answer({ ok: true, data: { entries: sequences.map(entry), last } });
      await settled();
    };
    // Only the number of the search matters here.
    const changed = (id: number) => transport.emit({ name: 'search.changed', payload: { id } as SearchState });
    const shown = () => store.getState().entries.map(({ sequence }) => sequence);
    return { transport, store, answer, changed, shown };
  }

  test('is read page by page to its end, then goes on from there with each event', async () => {
    const { transport, store, answer, changed, shown } = setUp();
    store.getState().follow(3);
    await answer([1, 2], 3);
    expect(transport.asked[0]?.params).toMatchObject({ searchId: 3, after: 2 });
    await answer([3], 3);
    expect(transport.asked).toHaveLength(0);
    changed(4);
    expect(transport.asked).toHaveLength(0);
    changed(3);
    expect(transport.asked[0]?.params).toMatchObject({ after: 3 });
    await answer([4], 4);
    expect(shown()).toEqual([1, 2, 3, 4]);
  });

  test('asks once more for what came while an answer was on the way', async () => {
    const { transport, store, answer, changed, shown } = setUp();
    store.getState().follow(3);
    changed(3);
    changed(3);
    expect(transport.asked).toHaveLength(1);
    await answer([1], 1);
    expect(transport.asked).toHaveLength(1);
    await answer([2], 2);
    expect(shown()).toEqual([1, 2]);
  });

  test('shows nothing of the search that was looked at before', async () => {
    const { transport, store, answer, shown } = setUp();
    store.getState().follow(3)();
    store.getState().follow(5);
    await answer([1, 2], 2);
    expect(transport.asked[0]?.params).toMatchObject({ searchId: 5, after: 0 });
    await answer([1], 1);
    expect(shown()).toEqual([1]);
  });

  test('goes to a file as one object a line', () => {
    const lines = jsonLines([entry(1), entry(2)]).split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[1] ?? '')).toEqual(entry(2));
  });
});
