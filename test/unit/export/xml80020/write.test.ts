import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { readMarketFile } from '../../../../src/main/export/xml80020/read.ts';
import { writeMarketFile } from '../../../../src/main/export/xml80020/write.ts';
import type { MarketDocument } from '../../../../src/main/export/xml80020/document.ts';
import { SAMPLE } from './support.ts';

const period = { start: '0000', end: '0030', isSummer: false, value: '7', status: null, extendedStatus: null, param1: null };
const document = (name: string): MarketDocument => ({
  messageClass: '80020',
  version: '2',
  number: '1',
  timestamp: '20261111081500',
  daylightSaving: '0',
  day: '20261110',
  sender: { inn: '1834024515', name },
  areas: [
    {
      inn: '5600010901',
      name: 'Участок',
      timeZone: '1',
      points: [
        {
          code: '562080073213101',
          name: 'Яч. 1',
          channels: [
            {
              code: '01',
              description: 'счетчик, акт. прием',
              periods: [
                period,
                { ...period, start: '0030', end: '0100', isSummer: true, status: '1', extendedStatus: '1114', param1: '77' },
              ],
            },
          ],
        },
      ],
    },
  ],
});
const textOf = (bytes: Uint8Array) => iconv.decode(Buffer.from(bytes), 'win1251');

describe('a written file', () => {
  it('has the prolog of the layout, CRLF and the tree', () => {
    expect(textOf(writeMarketFile(document('ООО «Завод» № 1 — цех')).bytes).split('\r\n')).toEqual([
      '<?xml version="1.0" encoding="windows-1251"?>',
      '<message class="80020" version="2" number="1">',
      ' <datetime><timestamp>20261111081500</timestamp><daylightsavingtime>0</daylightsavingtime><day>20261110</day></datetime>',
      ' <sender><inn>1834024515</inn><name>ООО «Завод» № 1 — цех</name></sender>',
      ' <area timezone="1"><inn>5600010901</inn><name>Участок</name>',
      '  <measuringpoint code="562080073213101" name="Яч. 1">',
      '   <measuringchannel code="01" desc="счетчик, акт. прием">',
      '    <period start="0000" end="0030"><value>7</value></period>',
      '    <period start="0030" end="0100" summer="1"><value status="1" extendedstatus="1114" param1="77">7</value></period>',
      '   </measuringchannel>',
      '  </measuringpoint>',
      ' </area>',
      '</message>',
      '',
    ]);
  });

  it('begins with the prolog and no byte order mark, and never has a comment element', () => {
    const { bytes } = writeMarketFile(document('ООО'));
    expect(bytes[0]).toBe('<'.charCodeAt(0));
    expect(textOf(bytes)).not.toContain('<comment');
  });

  it('names the letters that the code page does not have and what stands for them', () => {
    const { bytes, replacements } = writeMarketFile(document('РП‑10 кВ, 5 м³ ≥ ½ 漢'));
    expect(textOf(bytes)).toContain('<name>РП-10 кВ, 5 м3 &gt;= 1/2 ?</name>');
    expect(replacements.map(({ letter, replacement }) => letter + replacement)).toEqual(['‑-', '³3', '≥>=', '½1/2', '漢?']);
    expect(replacements[0]?.place).toBe('sender');
  });

  it('holds names with marks of XML and breaks of lines', async () => {
    const { bytes, replacements } = writeMarketFile(document(' "А" & <Б>\r\nиз двух строк\t'));
    expect(replacements).toEqual([]);
    expect((await readMarketFile(bytes)).document.sender.name).toBe('"А" & <Б> из двух строк');
  });

  it('puts й and ё in one letter however they came', () => {
    expect(textOf(writeMarketFile(document('Район'.normalize('NFD'))).bytes)).toContain('<name>Район</name>');
  });

  it('is the same byte for byte when it is made again', () => {
    expect(writeMarketFile(document('ООО')).bytes).toEqual(writeMarketFile(document('ООО')).bytes);
  });

  it('holds everything that the real file holds', async () => {
    const { document: read } = await readMarketFile(SAMPLE);
    const { bytes, replacements } = writeMarketFile(read);
    expect(replacements).toEqual([]);
    expect((await readMarketFile(bytes)).document).toEqual(read);
  });
});
