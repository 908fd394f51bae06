import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { marketDay, type MarketTime } from '../../../../src/main/export/xml80020/day.ts';
import { readMarketFile } from '../../../../src/main/export/xml80020/read.ts';
import { receivedFigures } from '../../../../src/main/export/xml80020/received.ts';
import { decimalText, sumOf, ZERO } from '../../../../src/main/metering/energy.ts';
import { siteZone } from '../../../../src/main/metering/zone.ts';
import { isoUtc } from '../../../../src/shared/domain/time.ts';
import { changed, inCp1251, SAMPLE, SAMPLE_TEXT } from './support.ts';

const ZONE_1: MarketTime = { kind: 'market', zone: 1 };
const kinds = async (bytes: Uint8Array) => (await readMarketFile(bytes)).warnings.map(({ kind, text }) => `${kind} ${text}`);

describe('the real file', () => {
  it('is read whole and without a warning', async () => {
    const { document, warnings, lines, xml } = await readMarketFile(SAMPLE);
    expect(warnings).toEqual([]);
    expect(document).toMatchObject({
      messageClass: '80020',
      version: '2',
      number: '4690',
      timestamp: '20211101081503',
      daylightSaving: '0',
      day: '20211031',
      sender: { inn: '1834024515', name: 'ООО "Ижэнергосбыт"' },
    });
    expect(
      document.areas.map(({ inn, timeZone, points }) => [
        inn,
        timeZone,
        points.map(({ channels }) => channels.map(({ code, periods }) => [code, periods.length])),
      ]),
    ).toEqual([
      [
        '5600010901',
        '1',
        [
          [
            ['01', 48],
            ['03', 48],
          ],
        ],
      ],
    ]);
    expect(document.areas[0]?.points[0]).toMatchObject({ code: '562080073213101', name: 'Яч.№1,Л-10кВ Бр-5' });
    expect(document.areas[0]?.points[0]?.channels[0]?.periods[1]).toEqual({
      start: '0030',
      end: '0100',
      isSummer: false,
      value: '835',
      status: null,
      extendedStatus: null,
      param1: null,
    });
    expect(lines.get(document.areas[0]?.points[0]?.channels[0]?.periods[0] ?? {})).toBe(8);
    expect(xml).toMatchObject({ encoding: 'windows-1251', declaredEncoding: 'windows-1251', hasByteOrderMark: false });
  });

  it('gives its figures by moments of UTC', async () => {
    const figures = receivedFigures((await readMarketFile(SAMPLE)).document, () => ZONE_1);
    expect(figures).toHaveLength(96);
    expect(figures[0]).toMatchObject({
      areaInn: '5600010901',
      pointCode: '562080073213101',
      channel: 'A+',
      lengthS: 1800,
      isCommercial: true,
    });
    expect(isoUtc(figures[0]?.startUtc ?? 0)).toBe('2021-10-30T21:00:00Z');
    expect(isoUtc(figures[47]?.startUtc ?? 0)).toBe('2021-10-31T20:30:00Z');
    // The sum by a plain search of the text, not by the reader.
    const first = SAMPLE_TEXT.slice(0, SAMPLE_TEXT.indexOf('</measuringchannel>'));
    const sum = [...first.matchAll(/<value>(\d+)</g)].reduce((total, [, value]) => total + Number(value), 0);
    expect(decimalText(sumOf(figures.slice(0, 48).map(({ energy }) => energy ?? ZERO)))).toBe(String(sum));
  });
});

describe('files as they differ', () => {
  it('in class and time zone', async () => {
    const { document } = await readMarketFile(changed('class="80020"', 'class="80040"'));
    expect(document.messageClass).toBe('80040');
    expect((await readMarketFile(changed(' timezone="1"', ''))).document.areas[0]?.timeZone).toBeNull();
  });

  it('with a comment of XML before the message, as AlphaCENTER writes it', async () => {
    expect(await kinds(changed('\r\n<message', '\r\n<!-- App="AC" version="1" round="1" GmtFrom="5" GmtTo="3" -->\r\n<message'))).toEqual(
      [],
    );
  });

  it('with instructions and comments of XML between the elements and in values', async () => {
    const bytes = changed(/<(period|measuringchannel|\/area|value)/g, '<?a b="c"?><!-- d --><?e?><$1');
    const { document, warnings } = await readMarketFile(bytes);
    expect(warnings).toEqual([]);
    expect(document).toEqual((await readMarketFile(SAMPLE)).document);
    expect((await readMarketFile(changed('<value>827', '<value>8<?x?>2<!-- y -->7<![CDATA[]]>'))).document).toEqual(document);
  });

  it('with a comment element, which is passed over', async () => {
    expect(await kinds(changed(' <sender>', ' <comment>текст</comment>\r\n <sender>'))).toEqual(['skipped-element comment']);
  });

  it.each(['accountpoint', 'deliverypoint', 'deliverygroup', 'peretok'])(
    'with %s beside the points, which is passed over',
    async (name) => {
      const { document, warnings } = await readMarketFile(
        changed(
          '  <measuringpoint',
          `  <${name} code="1" name="x"><period start="0000" end="0030"><value>5</value></period></${name}>\r\n  <measuringpoint`,
        ),
      );
      expect(warnings).toEqual([{ kind: 'skipped-element', path: 'message/area 5600010901', line: 6, text: name }]);
      expect(document.areas[0]?.points).toHaveLength(1);
    },
  );

  it('with capital letters, unknown and repeated elements, unknown attributes and parts that are lacking', async () => {
    expect(await kinds(changed(/sender>/g, 'Sender>'))).toEqual(['letter-case Sender']);
    expect(await kinds(changed(' <sender>', ' <extra/><sender>'))).toEqual(['unknown-element extra']);
    expect(await kinds(changed('<day>', '<day>20211030</day><day>'))).toEqual(['repeated-element day']);
    expect(await kinds(changed('code="01" desc', 'code="01" verbose="x" tag="1" desc'))).toEqual(['unknown-attribute tag']);
    expect(await kinds(changed(' number="4690"', ''))).toEqual(['missing number']);
    expect(await kinds(changed(/<sender>.*<\/sender>/, ''))).toEqual(['missing sender']);
    expect(await kinds(changed('<value>827</value>', ''))).toEqual(['missing value']);
  });

  it('with figures that are judged later: empty with status 1, with decimals, with status 0', async () => {
    const periodsOf = async (bytes: Uint8Array) => (await readMarketFile(bytes)).document.areas[0]?.points[0]?.channels[0]?.periods[0];
    expect(await periodsOf(changed('<value>827</value>', '<value status="1"></value>'))).toMatchObject({ value: null, status: '1' });
    expect(await periodsOf(changed('<value>827</value>', '<value status="0">827.5</value>'))).toMatchObject({
      value: '827.5',
      status: '0',
    });
  });

  it('in UTF-8, with and without a byte order mark', async () => {
    const text = SAMPLE_TEXT.replace('windows-1251', 'UTF-8');
    const { document } = await readMarketFile(new TextEncoder().encode(text));
    expect(document).toEqual((await readMarketFile(SAMPLE)).document);
    expect(await kinds(new TextEncoder().encode(`\uFEFF${text}`))).toEqual(['byte-order-mark ']);
  });

  it('in another encoding than the prolog names: the bytes decide, and the file says so', async () => {
    const sample = (await readMarketFile(SAMPLE)).document;
    const asUtf8 = await readMarketFile(new TextEncoder().encode(SAMPLE_TEXT));
    expect(asUtf8.document).toEqual(sample);
    expect(asUtf8.warnings.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['encoding windows-1251, in fact utf-8']);
    const asCp1251 = await readMarketFile(changed('windows-1251', 'utf-8'));
    expect(asCp1251.document).toEqual(sample);
    expect(asCp1251.warnings.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['encoding utf-8, in fact windows-1251']);
  });

  it('in windows-1251 with letters that would be others in UTF-8 too', async () => {
    const latin = SAMPLE_TEXT.replaceAll(/[^\0-\x7f]+/g, 'x').replace(/name="[^"]*"/, 'name="Т№1"');
    const { document, xml } = await readMarketFile(inCp1251(latin));
    expect([document.areas[0]?.points[0]?.name, xml.encoding]).toEqual(['Т№1', 'windows-1251']);
  });

  it('by hours: a figure has the length of its period', async () => {
    const hours = Array.from({ length: 24 }, (_, hour) => {
      const clock = (at: number) => `${String(at % 24).padStart(2, '0')}00`;
      return `<period start="${clock(hour)}" end="${clock(hour + 1)}"><value>${hour}</value></period>`;
    });
    const bytes = changed(/(<measuringchannel code="01"[^>]*>)[\s\S]*?(<\/measuringchannel>)/, `$1${hours.join('')}$2`);
    const figures = receivedFigures((await readMarketFile(bytes)).document, () => ZONE_1);
    expect(figures.slice(0, 2).map(({ startUtc, lengthS }) => [isoUtc(startUtc), lengthS])).toEqual([
      ['2021-10-30T21:00:00Z', 3600],
      ['2021-10-30T22:00:00Z', 3600],
    ]);
    expect(figures.filter(({ lengthS }) => lengthS === 3600)).toHaveLength(24);
  });

  it('by the local clock of a day of a change: the mark of summer tells the two passes apart', async () => {
    const time: MarketTime = { kind: 'local', zone: siteZone('Europe/Moscow') };
    const { halfHours } = marketDay('2014-10-26', time);
    const periods = halfHours.map(
      ({ start, end, isSummer }, index) =>
        `<period start="${start}" end="${end}"${isSummer ? ' summer="1"' : ''}><value>${index}</value></period>`,
    );
    const text = iconv
      .decode(Buffer.from(changed(/(<measuringchannel [^>]*>)[\s\S]*?(<\/measuringchannel>)/g, `$1${periods.join('')}$2`)), 'win1251')
      .replace('<day>20211031', '<day>20141026');
    const figures = receivedFigures((await readMarketFile(inCp1251(text))).document, () => time);
    const expected = halfHours.map(({ startUtc }, index) => [startUtc, String(index)]);
    expect(figures.slice(0, 50).map(({ startUtc, energy }) => [startUtc, decimalText(energy ?? ZERO)])).toEqual(expected);
    // Files of the market went by the clock of Moscow then.
    const asMarket = receivedFigures((await readMarketFile(inCp1251(text))).document, () => ZONE_1);
    expect(asMarket.slice(0, 50).map(({ startUtc, energy }) => [startUtc, decimalText(energy ?? ZERO)])).toEqual(expected);
  });

  it.each([
    ['a start that the day does not have', '<period start="0000" end="0030">', '<period start="0015" end="0045">'],
    ['a period of two hours', '<period start="0000" end="0030">', '<period start="0000" end="0200">'],
    ['a half-hour twice', 'start="0030" end="0100"', 'start="0000" end="0030"'],
    ['an hour from a half-hour on', /end="2300">(.*)\s*<period start="2300".*<\/period>/, 'end="2330">$1'],
    ['an hour over a half-hour', 'start="0000" end="0030"', 'start="0000" end="0100"'],
    ['a channel twice', 'code="03"', 'code="1"'],
    ['a point twice', /(<measuringpoint [\s\S]*<\/measuringpoint>)/, '$1$1'],
    ['a channel that is none', 'code="01"', 'code="09"'],
    ['a value that is no number', '<value>827</value>', '<value>8e9</value>'],
    ['a negative value', '<value>827</value>', '<value>-827</value>'],
    ['a day that is none', '<day>20211031', '<day>20211032'],
  ])('cannot be taken in with %s', async (_, from, to) => {
    const { document } = await readMarketFile(changed(from, to));
    expect(() => receivedFigures(document, () => ZONE_1)).toThrow(expect.objectContaining({ code: 'import/wrong-layout' }));
  });

  it('that are no 80020 are refused by name', async () => {
    for (const bytes of [changed('class="80020"', 'class="80021"'), changed(' class="80020"', ''), inCp1251('<html/>')]) {
      await expect(readMarketFile(bytes)).rejects.toMatchObject({ code: 'import/wrong-layout' });
    }
  });
});
