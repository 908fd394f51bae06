import { expect, test } from 'vitest';
import { digest } from '../../../../src/main/export/xml80020/delivery.ts';
import { smtpSender } from '../../../../src/main/export/xml80020/mail.ts';
import type { MailDelivery } from '../../../../src/shared/api/settings-80020.ts';
import { CERTIFICATE, mailServer } from '../../../support/mail-server.ts';
import { DAY, MAIL, nameOf, rig } from './maker-support.ts';

const send = smtpSender(() => [CERTIFICATE]);
const delivery = (port: number, over: Partial<MailDelivery> = {}) => ({
  folder: null,
  repliesFolder: null,
  mail: { ...MAIL, host: 'localhost', port, user: '', ...over },
});
const order = { day: DAY, job: null };

test('a file goes over a real connection with its account and its protection, byte for byte', async () => {
  const { port, letters } = await mailServer({ security: 'starttls', account: ['asku', 'word'] });
  const r = await rig({ delivery: delivery(port, { user: 'asku' }) });
  await r.maker({ sendLetter: send, mailPassword: () => 'word' }).make(order);
  const record = r.store.get(1);
  expect(record).toMatchObject({ state: 'sent', number: 1 });
  expect(letters).toMatchObject([
    { isSecure: true, user: 'asku', to: ['80020@sbyt.example'], headers: { 'message-id': record?.messageId } },
  ]);
  expect(letters[0]?.attachments.map(({ name, bytes }) => [name, digest(bytes)])).toEqual([[nameOf(1), record?.content.sha256]]);
});

test('while the server is down the files queue up; when it is there again they go, in order and once', async () => {
  const down = await mailServer();
  await down.close();
  const r = await rig({ delivery: delivery(down.port, { security: 'none' }) }, ['2026-11-20', DAY]);
  const maker = r.maker({ sendLetter: send });
  await maker.make({ day: '2026-11-20', job: null });
  await maker.make(order);
  expect([r.store.get(1)?.state, r.store.get(2)?.state]).toEqual(['failed', 'failed']);
  expect(r.store.get(1)?.note).toMatch(/^export\/mail-unavailable/);
  const up = await mailServer({ port: down.port });
  await maker.resume();
  await maker.resume();
  expect(up.letters.map(({ attachments }) => attachments[0]?.name)).toEqual([nameOf(1, '2026-11-20'), nameOf(2)]);
  expect([r.store.get(1)?.state, r.store.get(2)?.state]).toEqual(['sent', 'sent']);
});

test('a wrong password is told as such, and is not tried again before it was changed', async () => {
  const { port, letters } = await mailServer({ account: ['asku', 'right'] });
  const r = await rig({ delivery: delivery(port, { security: 'none', user: 'asku' }) });
  let password = 'wrong';
  const maker = r.maker({ sendLetter: send, mailPassword: () => password });
  await maker.make(order);
  expect(r.store.get(1)?.note).toMatch(/^export\/mail-refused: .*name or the password/);
  password = 'right';
  await maker.resume();
  expect(letters).toEqual([]);
  await maker.resume(true);
  expect([letters.length, r.store.get(1)?.state]).toEqual([1, 'sent']);
});

test('a server that takes the letter and goes before it says so gets it once more under the same identity', async () => {
  let answers = 0;
  const server = await mailServer({
    onLetter: (answer) => {
      answers += 1;
      // The first time the connection breaks where the answer should come.
      if (answers > 1) answer();
      else server.drop();
    },
  });
  const r = await rig({ delivery: delivery(server.port, { security: 'none' }) });
  const maker = r.maker({ sendLetter: send });
  await maker.make(order);
  expect(r.store.get(1)).toMatchObject({ state: 'failed', note: expect.stringMatching(/^export\/mail-unavailable/) as string });
  await maker.resume();
  expect(r.store.get(1)?.state).toBe('sent');
  expect(new Set(server.letters.map(({ headers }) => headers['message-id'])).size).toBe(1);
  expect(server.letters).toHaveLength(2);
});
