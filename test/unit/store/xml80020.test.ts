import { expect, test } from 'vitest';
import type { SupplierFileFields, SupplierFilePart } from '../../../src/main/store/store.ts';
import type { HoldReason } from '../../../src/shared/domain/supplier-file.ts';
import { temporaryStore } from './support.ts';

const SENDER = '7701234567';
const NOW = 1_795_305_600;
const fields = (number: number, over: Partial<SupplierFileFields> = {}): SupplierFileFields => ({
  senderInn: SENDER,
  areaInn: '5600010901',
  messageClass: '80020',
  number,
  day: '2026-11-21',
  timestamp: '20261122081500',
  madeUtc: NOW,
  job: null,
  content: {
    points: 1,
    channels: 1,
    sums: [{ channel: 'A+', sum: '555' }],
    nonCommercial: 0,
    name: `80020_${SENDER}_20261121_${number}_5600010900.xml`,
    bytes: 3,
    sha256: 'abc',
  },
  folder: '/out',
  isMailed: true,
  ...over,
});
const part = (text = '<a/>'): SupplierFilePart => ({ name: 'a.xml', bytes: new TextEncoder().encode(text), sha256: 'abc' });
const reason: HoldReason = {
  code: 'missing',
  pointCode: '560000000000001',
  pointName: 'Ввод 1',
  channel: 'A+',
  fromUtc: NOW,
  toUtc: NOW + 1800,
  rule: null,
  text: null,
};

test('a number is the next one of its sender, or nothing is kept at all', () => {
  const { store } = temporaryStore();
  const files = store.supplierFiles;
  expect(files.make(fields(1), 0, [part()], [])).toMatchObject({ id: 1, number: 1, state: 'made', isSigned: false, note: null });
  expect(() => files.make(fields(3), 0, [part()], [])).toThrow(expect.objectContaining({ code: 'api/conflict' }));
  expect(() => files.make(fields(1), 0, [part()], [])).toThrow(expect.objectContaining({ code: 'api/conflict' }));
  expect(files.make(fields(42), 41, [part()], [])).toMatchObject({ number: 42 });
  expect(files.make(fields(1, { senderInn: '7709999999' }), 0, [part()], []).number).toBe(1);
  expect([files.highestNumber(SENDER), files.highestNumber('7700000000')]).toEqual([42, 0]);
  expect(files.ofDays(SENDER, '2026-11-01', '2026-11-30').map(({ number }) => number)).toEqual([1, 42]);
  expect(files.ofDay(SENDER, '2026-11-21')?.number).toBe(42);
});

test('bytes come back as they were, and what the signing command left takes their place', () => {
  const { store } = temporaryStore();
  const { id } = store.supplierFiles.make(fields(1), 0, [part('<long/>'.repeat(1000))], []);
  expect(new TextDecoder().decode(store.supplierFiles.parts(id)[0]?.bytes)).toBe('<long/>'.repeat(1000));
  store.supplierFiles.sign(id, [part('1'), { ...part('2'), name: 'a.xml.sig' }]);
  expect(store.supplierFiles.parts(id).map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)])).toEqual([
    ['a.xml', '1'],
    ['a.xml.sig', '2'],
  ]);
  expect(store.supplierFiles.get(id)?.isSigned).toBe(true);
});

test('states leave a history, marks stay, and a repeat begins with none', () => {
  const { store } = temporaryStore();
  const files = store.supplierFiles;
  const { id } = files.make(fields(1), 0, [part()], []);
  files.setState(id, 'failed', 'export/folder-unavailable: gone', NOW + 1);
  files.setState(id, 'failed', 'export/folder-unavailable: gone', NOW + 2);
  files.setState(id, 'made', null, NOW + 3, { folderUtc: NOW + 3 });
  files.setState(id, 'sending', null, NOW + 4, { messageId: '<a@feeder>' });
  files.setState(id, 'sent', null, NOW + 5, { mailUtc: NOW + 5 });
  expect(files.get(id)).toMatchObject({ folderUtc: NOW + 3, mailUtc: NOW + 5, messageId: '<a@feeder>', state: 'sent', stateUtc: NOW + 5 });
  expect(files.steps(id).map(({ atUtc, state }) => [atUtc - NOW, state])).toEqual([
    [0, 'made'],
    [1, 'failed'],
    [3, 'made'],
    [4, 'sending'],
    [5, 'sent'],
  ]);
  expect([files.unfinished().length, files.waiting(NOW).length]).toEqual([0, 1]);
  expect(files.waiting(NOW + 6)).toEqual([]);
  files.reopen(id, 'again', NOW + 6);
  expect(files.get(id)).toMatchObject({ state: 'made', note: 'again', folderUtc: null, mailUtc: null, messageId: null });
  expect([files.unfinished().length, files.waiting(NOW).length]).toEqual([1, 0]);
  expect(() => files.setState(9, 'sent', null, NOW)).toThrow(expect.objectContaining({ code: 'api/not-found' }));
});

test('a hold keeps the moment that it began, and a file of the day lifts it', () => {
  const { store } = temporaryStore();
  const files = store.supplierFiles;
  files.setHold(SENDER, '2026-11-21', [reason], NOW);
  files.setHold(SENDER, '2026-11-21', [reason, reason], NOW + 60);
  expect(files.hold(SENDER, '2026-11-21')).toMatchObject({ sinceUtc: NOW, checkedUtc: NOW + 60, reasons: [reason, reason] });
  files.make(fields(1), 0, [part()], []);
  expect(files.holds(SENDER, '2026-11-01', '2026-11-30')).toEqual([]);
});

test('what rounding left over is that of the latest earlier day of the month, by its largest number', () => {
  const { store } = temporaryStore();
  const files = store.supplierFiles;
  const carry = (text: string) => [{ pointCode: 'P', channel: 'A+' as const, carry: text }];
  files.make(fields(1, { day: '2026-10-31' }), 0, [part()], carry('9/10'));
  files.make(fields(2, { day: '2026-11-03' }), 0, [part()], carry('1/10'));
  files.make(fields(3, { day: '2026-11-05' }), 0, [part()], carry('2/10'));
  files.make(fields(4, { day: '2026-11-03' }), 0, [part()], carry('-3/10'));
  const before = (day: string) => {
    const record = files.latestBefore(SENDER, '2026-11-01', day);
    return record === null ? null : files.carryOf(record.id)[0]?.carry;
  };
  expect(['2026-11-03', '2026-11-04', '2026-11-05', '2026-11-06'].map(before)).toEqual([null, '-3/10', '-3/10', '2/10']);
});

test('a reply is judged once, and one about a file moves it on', () => {
  const { store } = temporaryStore();
  const files = store.supplierFiles;
  const { id } = files.make(fields(1), 0, [part()], []);
  const reply = { sha256: 's', name: 'r.xml', seenUtc: NOW, fileId: id, status: 0, error: null };
  files.addReply(reply, { state: 'accepted', note: '0' });
  files.addReply({ ...reply, status: 3 }, { state: 'rejected', note: '3' });
  files.addReply({ sha256: 't', name: 'x.xml', seenUtc: NOW, fileId: null, status: null, error: 'import/unreadable' }, null);
  expect(files.get(id)?.state).toBe('accepted');
  expect([files.repliesOf(id).length, files.reply('s')?.status, files.refusedReplies(10).map(({ name }) => name)]).toEqual([
    1,
    0,
    ['x.xml'],
  ]);
});

test('the mail password is sealed in the database and told to nobody', () => {
  const { store } = temporaryStore();
  expect([store.mailSecret.password(), store.supplierFiles.hasMailPassword()]).toEqual([null, false]);
  store.mailSecret.setPassword('Пароль-1', 'test');
  store.mailSecret.setPassword('Пароль-2', 'test');
  expect([store.mailSecret.password(), store.supplierFiles.hasMailPassword()]).toEqual(['Пароль-2', true]);
  expect(JSON.stringify(store.audit.ofAction('supplier.mailPassword', 0, 10))).not.toContain('Пароль');
  store.mailSecret.setPassword(null, 'test');
  expect([store.mailSecret.password(), store.supplierFiles.hasMailPassword()]).toEqual([null, false]);
  expect(store.audit.ofAction('supplier.mailPassword', 0, 10).total).toBe(3);
});
