import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMarketFile } from '../../../../src/main/export/xml80020/check.ts';
import { readMarketFile } from '../../../../src/main/export/xml80020/read.ts';
import { XML_LIMITS } from '../../../../src/main/export/xml80020/xml.ts';
import { AppError } from '../../../../src/shared/api/errors.ts';
import { changed, inCp1251, SAMPLE, SAMPLE_NAME, SAMPLE_TEXT } from './support.ts';

const codeOf = async (bytes: Uint8Array): Promise<string> =>
  readMarketFile(bytes).then(
    () => 'read',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
const ascii = (text: string) => new TextEncoder().encode(text);

describe('a hostile file', () => {
  it('with a document type is refused before it is parsed: entities that multiply, files and addresses that are fetched', async () => {
    const bomb = `<!DOCTYPE m [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, index) => `<!ENTITY a${index} "${`&a${index - 1 < 0 ? '' : index - 1};`.repeat(10)}">`).join('')}]><message class="80020">&a8;</message>`;
    const prolog = '<?xml version="1.0"?>';
    expect(await codeOf(ascii(prolog + bomb))).toBe('import/forbidden');
    expect(await codeOf(ascii(`${prolog}<!DOCTYPE m SYSTEM "file:///etc/passwd"><message class="80020"/>`))).toBe('import/forbidden');
    expect(await codeOf(ascii(`${prolog}<!doctype m PUBLIC "x" "http://127.0.0.1/x"><message class="80020"/>`))).toBe('import/forbidden');
    expect(await codeOf(ascii(`${prolog}<!DOCTYPE m [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]><message class="80020"/>`))).toBe(
      'import/forbidden',
    );
  });

  it('with an entity that nobody declared is no XML', async () => {
    expect(await codeOf(changed('Ижэнергосбыт', '&x;'))).toBe('import/unreadable');
  });

  it('with an instruction to include another file gets nothing included', async () => {
    const { warnings, document } = await readMarketFile(
      changed(' <sender>', ' <xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/><sender>'),
    );
    expect(warnings.map(({ kind }) => kind)).toEqual(['unknown-element']);
    expect(JSON.stringify(document)).not.toContain('root:');
  });

  it('in UTF-16, UTF-7, EBCDIC or with bytes of no letter is refused', async () => {
    const utf16 = new Uint8Array(Buffer.from(`\uFEFF${SAMPLE_TEXT.replace('windows-1251', 'UTF-16')}`, 'utf16le'));
    expect(await codeOf(utf16)).toBe('import/unreadable');
    expect(await codeOf(utf16.subarray(2))).toBe('import/unreadable');
    for (const encoding of ['utf-7', 'UTF-16', 'IBM037', 'koi8-r', ''])
      expect(await codeOf(changed('windows-1251', encoding))).toBe('import/unreadable');
    const bytes = SAMPLE.slice();
    bytes[bytes.indexOf(0xce)] = 0x98;
    expect(await codeOf(bytes)).toBe('import/unreadable');
    expect(await codeOf(changed('№', '\0'))).toBe('import/unreadable');
  });

  it('nested deep, by hundreds or by thousands, is refused', async () => {
    for (const depth of [XML_LIMITS.depth + 1, 300, 100_000]) {
      expect(await codeOf(ascii(`<message class="80020">${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}</message>`))).toBe(
        'import/too-large',
      );
    }
  });

  it('with more bytes, elements or attributes than are taken in is refused before it is parsed', async () => {
    expect(await codeOf(new Uint8Array(XML_LIMITS.bytes + 1).fill(0x20))).toBe('import/too-large');
    expect(await codeOf(ascii(`<message class="80020">${'<a/>'.repeat(2 * XML_LIMITS.elements)}</message>`))).toBe('import/too-large');
    const attributes = Array.from({ length: XML_LIMITS.attributes }, (_, index) => `${index.toString(36)}=""`);
    expect(await codeOf(ascii(`<message class="80020" _${attributes.join(' _')}/>`))).toBe('import/too-large');
  });

  it('with more faults than anyone reads has a report of bounded size', async () => {
    const bytes = inCp1251(SAMPLE_TEXT.replace('<measuringpoint', `${'<peretok x="1"/><what/>'.repeat(20_000)}<measuringpoint`));
    const report = await checkMarketFile({ name: SAMPLE_NAME, bytes });
    expect(report.warnings.length).toBeLessThanOrEqual(200);
    expect(JSON.stringify({ ...report, document: null }).length).toBeLessThan(200_000);
  });

  it('with names of a prototype is a file like any other', async () => {
    const { warnings } = await readMarketFile(changed(' <sender>', ' <__proto__ constructor="1"><toString/></__proto__><sender>'));
    expect(warnings).toEqual([{ kind: 'unknown-element', path: 'message', line: 4, text: '__proto__' }]);
  });

  it('with long or unprintable codes does not get them into messages as they are', async () => {
    const { warnings } = await readMarketFile(
      changed('measuringpoint code="562080073213101"', `measuringpoint x="" code="${'9'.repeat(5000)}\u200e"`),
    );
    expect(warnings[0]?.path.length).toBeLessThan(200);
    const report = await checkMarketFile({ name: SAMPLE_NAME, bytes: changed('827', '9'.repeat(100_000)) });
    expect(JSON.stringify(report.rules).length).toBeLessThan(10_000);
  });

  it('cut anywhere is no sound XML', async () => {
    for (let length = 0; length < SAMPLE.length - 20; length += 37)
      expect(await codeOf(SAMPLE.subarray(0, length))).toBe('import/unreadable');
  });

  it('that is an archive, a picture or nothing at all is no XML', async () => {
    for (const bytes of [zipSync({ 'a.xml': SAMPLE }), ascii('\x89PNG\r\n'), ascii(''), ascii('   '), ascii('<'), ascii('<?xml?>')]) {
      expect(await codeOf(bytes)).toBe('import/unreadable');
    }
  });

  it('with anything of it changed is judged or refused, and never fails in another way', async () => {
    const piece = fc.oneof(
      fc.record({ at: fc.nat(SAMPLE.length), cut: fc.nat(40), put: fc.uint8Array({ maxLength: 8 }) }),
      fc.record({
        at: fc.nat(SAMPLE.length),
        cut: fc.nat(4),
        put: fc
          .constantFrom(
            '<',
            '>',
            '&',
            '"',
            '<a>',
            '</a>',
            '<![CDATA[',
            ']]>',
            '<!--',
            '-->',
            '<?x?>',
            '&#0;',
            '&#x110000;',
            '&amp;',
            ' xmlns="x"',
            '-',
            '1e9',
          )
          .map(ascii),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 4 }), async (pieces) => {
        let bytes = SAMPLE;
        for (const { at, cut, put } of pieces) bytes = Uint8Array.from([...bytes.subarray(0, at), ...put, ...bytes.subarray(at + cut)]);
        try {
          const { rules } = await checkMarketFile({ name: SAMPLE_NAME, bytes });
          expect(rules).toHaveLength(24);
        } catch (error) {
          if (!(error instanceof AppError) || !error.code.startsWith('import/')) throw error;
        }
      }),
      { numRuns: 600 },
    );
  });
});
