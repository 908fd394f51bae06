import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type Letter, type MailServer, smtpSender } from '../../../../src/main/export/xml80020/mail.ts';
import { trustedCertificates } from '../../../../src/main/platform/certificates.ts';
import { CERTIFICATE, mailServer } from '../../../support/mail-server.ts';

const send = smtpSender(() => [CERTIFICATE]);
const server = (port: number, over: Partial<MailServer> = {}): MailServer => ({
  host: '127.0.0.1',
  port,
  security: 'none',
  user: '',
  password: null,
  ...over,
});
const letter = (over: Partial<Letter> = {}): Letter => ({
  from: 'asku@zavod.example',
  to: ['80020@sbyt.example', 'copy@sbyt.example'],
  subject: '80020 АО «Завод»',
  text: 'Макет 80020\r\n',
  messageId: '<80020.7701234567.20261121.1.a@feeder>',
  attachments: [{ name: '80020_7701234567_20261121_1_5600010900.xml', bytes: new Uint8Array(randomBytes(100_000)) }],
  ...over,
});

test('the attachment arrives byte for byte, with its name, the subject and the identity of the letter', async () => {
  const { port, letters } = await mailServer();
  const sent = letter();
  await send(server(port), sent);
  expect(letters).toHaveLength(1);
  const [received] = letters;
  expect(received).toMatchObject({
    from: 'asku@zavod.example',
    to: ['80020@sbyt.example', 'copy@sbyt.example'],
    isSecure: false,
    headers: { 'message-id': '<80020.7701234567.20261121.1.a@feeder>' },
  });
  expect(received?.headers['subject']).toMatch(/^=\?UTF-8\?/);
  expect(received?.text).toContain('Макет 80020');
  expect(received?.attachments).toHaveLength(1);
  expect(received?.attachments[0]?.name).toBe('80020_7701234567_20261121_1_5600010900.xml');
  expect(Buffer.from(received?.attachments[0]?.bytes ?? []).equals(Buffer.from(sent.attachments[0]?.bytes ?? []))).toBe(true);
});

test.each(['starttls', 'tls'] as const)('goes over %s to a server whose certificate is trusted', async (security) => {
  const { port, letters } = await mailServer({ security });
  await send(server(port, { security, host: 'localhost' }), letter());
  expect(letters.map(({ isSecure }) => isSecure)).toEqual([true]);
});

test.each(['starttls', 'tls'] as const)('a certificate that nobody trusts is refused over %s, and nothing is sent', async (security) => {
  const { port, letters } = await mailServer({ security });
  await expect(smtpSender(trustedCertificates)(server(port, { security }), letter())).rejects.toMatchObject({
    code: 'export/mail-refused',
  });
  expect(letters).toEqual([]);
});

test('a server without STARTTLS gets no letter in the clear when protection was asked for', async () => {
  const { port, letters } = await mailServer({ security: 'none' });
  await expect(send(server(port, { security: 'starttls' }), letter())).rejects.toMatchObject({ code: 'export/mail-refused' });
  expect(letters).toEqual([]);
});

test('the account of the settings is used; a wrong password is a refusal that waiting does not heal', async () => {
  const { port, letters } = await mailServer({ account: ['asku', 'right'] });
  await send(server(port, { user: 'asku', password: 'right' }), letter());
  expect(letters.map(({ user }) => user)).toEqual(['asku']);
  const refusal = expect(send(server(port, { user: 'asku', password: 'wrong' }), letter())).rejects;
  await refusal.toMatchObject({ code: 'export/mail-refused', message: expect.stringMatching(/name or the password/) as string });
  await expect(send(server(port, { user: 'asku', password: null }), letter())).rejects.toMatchObject({ code: 'export/mail-refused' });
  expect(letters).toHaveLength(1);
});

test('no error says what the password is', async () => {
  const { port } = await mailServer({ account: ['asku', 'right'] });
  const error: unknown = await send(server(port, { user: 'asku', password: 'S3CRET-word' }), letter()).catch((thrown: unknown) => thrown);
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('S3CRET-word');
});

test('a server that is not there is worth another try', async () => {
  const closed = await mailServer();
  await closed.close();
  await expect(send(server(closed.port), letter())).rejects.toMatchObject({ code: 'export/mail-unavailable' });
});

test('a server that hangs up in the greeting is worth another try', async () => {
  const rude = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => {
    rude.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    rude.close();
  });
  const address = rude.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await expect(send(server(port), letter())).rejects.toMatchObject({ code: 'export/mail-unavailable' });
});

test.each([
  [450, 'export/mail-unavailable'],
  [550, 'export/mail-refused'],
])('a recipient refused with %i is %s', async (refuseRecipient, code) => {
  const { port, letters } = await mailServer({ refuseRecipient });
  await expect(send(server(port), letter())).rejects.toMatchObject({ code });
  expect(letters).toEqual([]);
});
