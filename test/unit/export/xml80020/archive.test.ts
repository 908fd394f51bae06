import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ARCHIVE_LIMITS, isZip, unzipXmlFiles, zipOne } from '../../../../src/main/export/xml80020/archive.ts';
import { SAMPLE, SAMPLE_NAME } from './support.ts';

const text = (value: string) => new TextEncoder().encode(value);
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'nothing thrown';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

/** The central directory is changed in place: the four bytes at an offset of its n-th header. */
function withDirectory(zip: Uint8Array, offset: number, value: number, index = 0): Uint8Array {
  const copy = zip.slice();
  const view = new DataView(copy.buffer);
  let found = -1;
  for (let at = 0, seen = 0; at < copy.length - 4; at += 1) if (view.getUint32(at, true) === 0x02014b50 && seen++ === index) found = at;
  view.setUint32(found + offset, value, true);
  return copy;
}

describe('an archive of ours', () => {
  const zip = zipOne({ name: SAMPLE_NAME, bytes: SAMPLE }, '2021-10-31');

  it('gives its file back', () => {
    expect(isZip(zip)).toBe(true);
    expect(unzipXmlFiles(zip)).toEqual([{ name: SAMPLE_NAME, bytes: SAMPLE }]);
  });

  it('is the same byte for byte when it is made again', () => {
    expect(zipOne({ name: SAMPLE_NAME, bytes: SAMPLE }, '2021-10-31')).toEqual(zip);
  });

  it('is told from a file', () => {
    expect(isZip(SAMPLE)).toBe(false);
    expect(isZip(new Uint8Array())).toBe(false);
  });
});

describe('a strange archive', () => {
  it('may hold a month of days, folders and other files', () => {
    const files = Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`10_2021/80020_${index}.XML`, text(`<a${index}/>`)]));
    const zip = zipSync({ ...files, 'readme.txt': text('x') });
    expect(unzipXmlFiles(zip).map(({ name }) => name)).toEqual(Array.from({ length: 31 }, (_, index) => `80020_${index}.XML`));
  });

  it('may have names in any language, and remarks between its files', () => {
    const remarks = { comment: 'x'.repeat(300), extra: { 0x7777: new Uint8Array(301) } };
    const zip = zipSync({ 'Октябрь/Макет 1.xml': [text('<a/>'), remarks], '2.xml': [text('<b/>'), remarks] });
    expect(unzipXmlFiles(zip)).toEqual([
      { name: 'Макет 1.xml', bytes: text('<a/>') },
      { name: '2.xml', bytes: text('<b/>') },
    ]);
  });

  it('is refused without XML files', () => {
    expect(codeOf(() => unzipXmlFiles(zipSync({ 'a.txt': text('x') })))).toBe('import/unreadable');
    expect(codeOf(() => unzipXmlFiles(zipSync({})))).toBe('import/unreadable');
  });

  it.each(['../a.xml', 'a/../../b.xml', '/etc/a.xml', 'C:\\a.xml', 'a\\b.xml', 'C:a.xml', './a.xml', 'a\nb.xml', 'a\u0000.xml'])(
    'is refused with the name %j',
    (name) => {
      expect(codeOf(() => unzipXmlFiles(zipSync({ [name]: text('<a/>') })))).toBe('import/forbidden');
    },
  );

  it('is refused with two files of one name', () => {
    const zip = zipSync({ 'a.xml': text('<a/>'), 'b.xml': text('<b/>') });
    const twice = zip.map((byte, at) => (byte === 'b'.charCodeAt(0) && zip[at + 1] === '.'.charCodeAt(0) ? 'a'.charCodeAt(0) : byte));
    expect(codeOf(() => unzipXmlFiles(twice))).toBe('import/forbidden');
  });

  it('is refused with more files, more bytes or a higher ratio than are taken in, before anything is inflated', () => {
    const many = zipSync(
      Object.fromEntries(Array.from({ length: ARCHIVE_LIMITS.files + 1 }, (_, index) => [`${index}.xml`, text('<a/>')])),
    );
    expect(codeOf(() => unzipXmlFiles(many))).toBe('import/too-large');
    const small = zipSync({ 'a.xml': SAMPLE });
    // A file that says it inflates to 4 GB is refused by what it says.
    expect(codeOf(() => unzipXmlFiles(withDirectory(small, 24, 0xffff_fff0)))).toBe('import/too-large');
    expect(codeOf(() => unzipXmlFiles(small, { ...ARCHIVE_LIMITS, fileBytes: SAMPLE.length - 1 }))).toBe('import/too-large');
    expect(codeOf(() => unzipXmlFiles(small, { ...ARCHIVE_LIMITS, totalBytes: SAMPLE.length - 1 }))).toBe('import/too-large');
    expect(codeOf(() => unzipXmlFiles(small, { ...ARCHIVE_LIMITS, archiveBytes: small.length - 1 }))).toBe('import/too-large');
    const zeros = zipSync({ 'a.xml': new Uint8Array(1024 ** 2) });
    expect(codeOf(() => unzipXmlFiles(zeros))).toBe('import/too-large');
  });

  it('is refused when a file is not as long as the directory says, and never inflates beyond that', () => {
    const zip = zipSync({ 'a.xml': SAMPLE });
    for (const length of [0, 1, 100, SAMPLE.length - 1, SAMPLE.length + 1]) {
      expect(codeOf(() => unzipXmlFiles(withDirectory(zip, 24, length)))).toBe('import/unreadable');
    }
    const zeros = zipSync({ 'a.xml': new Uint8Array(64 * 1024 ** 2) });
    expect(codeOf(() => unzipXmlFiles(withDirectory(zeros, 24, 1000)))).toBe('import/unreadable');
  });

  it('is refused when it is cut anywhere', () => {
    const zip = zipSync({ 'a.xml': SAMPLE });
    for (let length = 0; length < zip.length; length += 1)
      expect(codeOf(() => unzipXmlFiles(zip.subarray(0, length)))).toBe('import/unreadable');
  });

  it('with any byte changed gives the file or is refused', () => {
    const zip = zipSync({ 'a.xml': SAMPLE });
    for (let at = 0; at < zip.length; at += 1) {
      const copy = zip.slice();
      copy[at] = (copy[at] ?? 0) ^ 0xff;
      expect(['nothing thrown', 'import/unreadable', 'import/too-large', 'import/forbidden']).toContain(codeOf(() => unzipXmlFiles(copy)));
    }
  });
});
