import { describe, expect, it } from 'vitest';
import { isAccepted, isReplyTo, readReply, REPLY_STATUSES } from '../../../../src/main/export/xml80020/reply.ts';
import { inCp1251, SAMPLE, SAMPLE_NAME } from './support.ts';

/** By the description of the layout (xml-80020.md 7); no real reply was to be had. */
const replyText = (status: string, name = SAMPLE_NAME) =>
  `<?xml version="1.0" encoding="windows-1251"?><message class="80021" version="1" id="17"><email id="5" received="20211101082000" from="a@b.ru" subject="80020 Завод"/><file zip="0"><name>${name}</name><date>20211101</date></file><reply><status>${status}</status></reply></message>`;
const reply = (status: string, name?: string) => readReply(inCp1251(replyText(status, name)));

describe('a reply 80021', () => {
  it('tells what became of which file', async () => {
    expect(await reply('0')).toEqual({
      status: 'accepted',
      fileName: SAMPLE_NAME,
      isZipped: false,
      fileDate: '20211101',
      id: '17',
      email: { id: '5', received: '20211101082000', from: 'a@b.ru', subject: '80020 Завод' },
    });
  });

  it.each(REPLY_STATUSES.map((status, code) => [String(code), status] as const))('%s means %s', async (code, status) => {
    expect((await reply(code)).status).toBe(status);
    expect(isAccepted(status)).toBe(code < '2');
  });

  it('is read with attributes as well as with elements, and without a letter', async () => {
    const text = `<message class="80021" version="1"><file zip="1" name="${SAMPLE_NAME.replace('.xml', '.zip')}"/><reply status="3"/></message>`;
    expect(await readReply(inCp1251(text))).toMatchObject({
      status: 'format-errors',
      isZipped: true,
      fileDate: null,
      id: null,
      email: null,
    });
  });

  it('is matched by the name of the file, whatever its ending and letters', async () => {
    const found = await reply('0', SAMPLE_NAME.replace('.xml', '.ZIP'));
    expect(isReplyTo(found, SAMPLE_NAME)).toBe(true);
    expect(isReplyTo(found, SAMPLE_NAME.replace('4690', '4691'))).toBe(false);
  });

  it.each(['5', '-1', '', '00', '0 or 1'])('with status %j is refused', async (status) => {
    await expect(reply(status)).rejects.toMatchObject({ code: 'import/wrong-layout' });
  });

  it.each(['', '../../80020.xml', 'C:\\x.xml', 'x'.repeat(201), 'a|b'])('for the file %j is refused', async (name) => {
    await expect(reply('0', name)).rejects.toMatchObject({ code: 'import/wrong-layout' });
  });

  it('is not taken for what it is not', async () => {
    await expect(readReply(inCp1251(replyText('0').replace('80021', '80020')))).rejects.toMatchObject({ code: 'import/wrong-layout' });
    await expect(readReply(SAMPLE)).rejects.toMatchObject({ code: 'import/wrong-layout' });
    await expect(readReply(inCp1251('status=0'))).rejects.toMatchObject({ code: 'import/unreadable' });
    await expect(readReply(inCp1251(`<!DOCTYPE message>${replyText('0').split('?>')[1]}`))).rejects.toMatchObject({
      code: 'import/forbidden',
    });
  });
});
