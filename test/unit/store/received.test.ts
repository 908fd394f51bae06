import { expect, test } from 'vitest';
import type { ReceivedDay, ReceivedFile } from '../../../src/shared/domain/received.ts';
import { temporaryStore } from './support.ts';

const NOW = 1_795_305_600;
const SENDER = '7801234567';
const file = (number: number, over: Partial<ReceivedFile> = {}): Omit<ReceivedFile, 'id'> => ({
  senderInn: SENDER,
  senderName: 'Сети',
  messageClass: '80020',
  number,
  day: '2026-11-21',
  timestamp: '20261122081500',
  name: `${number}.xml`,
  sha256: `sha-${number}`,
  receivedUtc: NOW,
  who: 'test',
  ...over,
});
const day = (kwh: string, over: Partial<ReceivedDay> = {}): ReceivedDay => ({
  senderInn: SENDER,
  areaInn: '7800010901',
  pointCode: '780000000000001',
  channel: 'A+',
  day: '2026-11-21',
  intervals: [[NOW, 1800, kwh, 1]],
  ...over,
});
const figuresOf = (days: readonly ReceivedDay[]) =>
  days.map(({ intervals }) => intervals[0]?.[2] ?? '').sort((a, b) => Number(a) - Number(b));

test('of two files for one day the larger number counts, in whatever order they come', () => {
  const { received } = temporaryStore().store;
  expect(received.add(file(2), [day('20')]).outcome).toBe('stored');
  expect(received.add(file(1), [day('10')]).outcome).toBe('older');
  expect(figuresOf(received.ofDay('2026-11-21'))).toEqual(['20']);
  expect(received.add(file(3), [day('30')]).outcome).toBe('stored');
  expect(figuresOf(received.ofDay('2026-11-21'))).toEqual(['30']);
  expect(received.files(0, 10).rows.map(({ number }) => number)).toEqual([3, 1, 2]);
});

test('the key is sender, area, point, channel and day: the rest stays beside it', () => {
  const { received } = temporaryStore().store;
  received.add(file(5), [day('1'), day('2', { channel: 'R+' }), day('3', { areaInn: '7800010902' })]);
  received.add(file(1, { senderInn: '7809999999', sha256: 'x' }), [day('4', { senderInn: '7809999999' })]);
  received.add(file(6, { day: '2026-11-22' }), [day('5', { day: '2026-11-22' })]);
  expect(figuresOf(received.ofDay('2026-11-21'))).toEqual(['1', '2', '3', '4']);
  expect(figuresOf(received.ofPoint(SENDER, '780000000000001', '2026-11-21', '2026-11-22'))).toEqual(['1', '2', '3', '5']);
  expect([received.firstDay(SENDER, '780000000000001'), received.firstDay(SENDER, '0')]).toEqual(['2026-11-21', null]);
});

test('the same bytes again change nothing, and a number used for other contents is refused', () => {
  const { received } = temporaryStore().store;
  const { id } = received.add(file(1), [day('10')]);
  expect(received.add(file(1), [day('99')])).toEqual({ id, outcome: 'known' });
  expect(() => received.add(file(1, { sha256: 'other' }), [day('99')])).toThrow(expect.objectContaining({ code: 'api/conflict' }));
  expect(figuresOf(received.ofDay('2026-11-21'))).toEqual(['10']);
});

test('points that live by files are made with their substation, and may stop to', () => {
  const { store } = temporaryStore();
  const point = { code: '780000000000001', name: 'Ф-12', substation: 'ПС Северная', code80020: '780000000000001' };
  store.received.addSources(SENDER, [], [point], 'test', NOW);
  const [made] = store.plant.load().points;
  expect(made).toMatchObject({ code: '780000000000001', name: 'Ф-12', owner: 'network-company', role: 'settlement' });
  expect([store.received.sourceOf(made?.id ?? 0), store.received.sources()]).toEqual([SENDER, [{ pointId: made?.id, senderInn: SENDER }]]);
  store.received.dropSource(made?.id ?? 0, 'test', NOW);
  expect(store.received.sourceOf(made?.id ?? 0)).toBeNull();
  expect(store.audit.ofAction('received.source', 0, 10).total).toBe(2);
});
