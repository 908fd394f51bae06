import { describe, expect, it } from 'vitest';
import { type CheckReport, checkMarketFile } from '../../../../src/main/export/xml80020/check.ts';
import { type CheckOptions, DEFAULT_CHECK_OPTIONS, halfHourLimit } from '../../../../src/main/export/xml80020/check-rules.ts';
import { composeDay, marketDocument } from '../../../../src/main/export/xml80020/compose.ts';
import { marketDay, type MarketTime } from '../../../../src/main/export/xml80020/day.ts';
import { DEFAULT_NAME_TEMPLATE, marketFileName } from '../../../../src/main/export/xml80020/name.ts';
import { writeMarketFile } from '../../../../src/main/export/xml80020/write.ts';
import { decimalText, rational } from '../../../../src/main/metering/energy.ts';
import { siteZone } from '../../../../src/main/metering/zone.ts';
import { CHECK_RULES, type CheckRule } from '../../../../src/shared/domain/market-check.ts';
import { changed, DAY, figuresOf, orderOf, pointOf, SAMPLE, SAMPLE_NAME, SAMPLE_TEXT } from './support.ts';

const check = (bytes: Uint8Array, options: Partial<CheckOptions> = {}, name = SAMPLE_NAME) =>
  checkMarketFile({ name, bytes }, { ...DEFAULT_CHECK_OPTIONS, ...options });

/** Rules that are not ok, as `rule verdict`. */
const complaints = ({ rules }: CheckReport) =>
  rules.filter(({ verdict }) => verdict !== 'ok').map(({ rule, verdict }) => `${rule} ${verdict}`);
const ruleOf = ({ rules }: CheckReport, rule: CheckRule) => rules.find((result) => result.rule === rule);

const FIRST_CHANNEL = /<measuringchannel code="01"[\s\S]*?<\/measuringchannel>/;
const REACTIVE = /<measuringchannel code="03"[\s\S]*?<\/measuringchannel>/;
const POINT = /<measuringpoint [\s\S]*<\/measuringpoint>/;
const AREA = / <area[\s\S]*<\/area>/;
const part = (pattern: RegExp) => pattern.exec(SAMPLE_TEXT)?.[0] ?? '';

describe('the real file', () => {
  it('passes every rule', async () => {
    const report = await check(SAMPLE);
    expect(complaints(report)).toEqual([]);
    expect(report.verdict).toBe('ok');
    expect(report.rules.map(({ rule }) => rule)).toEqual([...CHECK_RULES]);
  });

  it('is summed by point, channel and hour', async () => {
    const { sums } = await check(SAMPLE);
    expect(sums.map(({ pointCode, channelCode, nonCommercial }) => [pointCode, channelCode, nonCommercial])).toEqual([
      ['562080073213101', '01', 0],
      ['562080073213101', '03', 0],
    ]);
    const values = [...part(FIRST_CHANNEL).matchAll(/<value>(\d+)</g)].map(([, value]) => Number(value));
    expect(sums[0]?.sum).toBe(String(values.reduce((total, value) => total + value, 0)));
    expect(sums[0]?.hours).toHaveLength(24);
    expect(sums[0]?.hours[0]).toEqual({ hour: '00', isSummer: false, sum: String(827 + 835) });
  });
});

/** One thing changed in the real file, and the rules that must complain: the one that is meant, and those that cannot but see it too. */
const MUTATIONS: readonly (readonly [string, string | RegExp, string, readonly string[]])[] = [
  ['another class', 'class="80020"', 'class="80040"', ['file-name fault']],
  ['another number', 'number="4690"', 'number="4691"', ['file-name fault']],
  ['another sender', '<inn>1834024515</inn>', '<inn>7707083893</inn>', ['file-name fault']],
  ['another day', '<day>20211031', '<day>20211030', ['file-name fault']],
  ['another AIIS', '<inn>5600010901</inn>', '<inn>5600010801</inn>', ['file-name fault']],
  ['UTF-8 in the prolog', 'windows-1251', 'utf-8', ['encoding fault']],
  [
    'a prolog of another form',
    '<?xml version="1.0" encoding="windows-1251"?>',
    "<?xml version='1.0' encoding='windows-1251'?>",
    ['encoding warning'],
  ],
  ['a comment element', ' <sender>', ' <comment>x</comment> <sender>', ['schema fault']],
  ['a capital letter', /sender>/g, 'Sender>', ['schema fault']],
  ['an unknown element', ' <sender>', ' <extra/> <sender>', ['schema fault']],
  ['a namespace of another attribute', 'code="01" desc', 'code="01" tag="x" desc', ['schema fault']],
  ['a number with a letter', 'number="4690"', 'number="4690a"', ['file-name fault', 'schema fault', 'number fault']],
  ['version 1', 'version="2"', 'version="1"', ['schema fault', 'header fault']],
  ['a creation at 24 hours', '<timestamp>20211101081503', '<timestamp>20211101240000', ['schema fault', 'header fault']],
  ['a creation at the 60th minute', '<timestamp>20211101081503', '<timestamp>20211101086000', ['schema fault', 'header fault']],
  ['a creation before the end of the day', '<timestamp>20211101081503', '<timestamp>20211031081503', ['day warning']],
  ['daylight saving 3', '<daylightsavingtime>0', '<daylightsavingtime>3', ['schema fault', 'header fault']],
  ['a day of 32', '<day>20211031', '<day>20211032', ['file-name fault', 'schema fault', 'day fault', 'period-count fault']],
  ['a tax number of 9 digits', '<inn>1834024515</inn>', '<inn>183402451</inn>', ['file-name fault', 'schema fault', 'sender fault']],
  ['a wrong check digit', '<inn>1834024515</inn>', '<inn>1834024516</inn>', ['file-name fault', 'sender warning']],
  ['time zone 2', 'timezone="1"', 'timezone="2"', ['schema fault', 'time-zone fault']],
  ['an area code of 9 digits', '<inn>5600010901</inn>', '<inn>560001090</inn>', ['file-name fault', 'schema fault', 'area-code fault']],
  ['an area of another AIIS', AREA, `${part(AREA)}\r\n${part(AREA).replace('5600010901', '5600020901')}`, ['area-code fault']],
  ['an area twice', AREA, `${part(AREA)}\r\n${part(AREA)}`, ['area-repeated fault']],
  ['a point code of 14 digits', 'measuringpoint code="562080073213101"', 'measuringpoint code="56208007321310"', ['point-code warning']],
  [
    'a point code of 22 digits',
    'measuringpoint code="562080073213101"',
    'measuringpoint code="5620800732131015620801"',
    ['schema fault', 'point-code fault'],
  ],
  ['a point twice', POINT, `${part(POINT)}\r\n${part(POINT)}`, ['point-repeated fault']],
  ['channel 05', 'code="03"', 'code="05"', ['schema fault', 'channel-code fault']],
  ['channel 3 of one digit', 'code="03"', 'code="3"', ['schema fault', 'channel-code fault']],
  ['a channel twice', 'code="03"', 'code="01"', ['channel-repeated fault']],
  ['no channel', POINT, '<measuringpoint code="562080073213101" name="x"/>', ['schema fault', 'channel-code fault']],
  ['47 half-hours', /<period start="2330".*?<\/period>/, '', ['period-count fault']],
  ['45 half-hours', /<period start="2230"[\s\S]*?start="2330".*?<\/period>/, '', ['schema fault', 'period-count fault']],
  ['a hole', /<period start="1200".*?<\/period>/, '', ['period-count fault', 'period-order fault']],
  ['a half-hour twice', /(<period start="1200".*?<\/period>)/, '$1$1', ['period-count fault', 'period-order fault']],
  ['a half-hour in place of another', 'start="1200" end="1230"', 'start="1130" end="1200"', ['period-order fault']],
  [
    'two half-hours exchanged',
    /(<period start="1200".*?<\/period>)(\s*)(<period start="1230".*?<\/period>)/,
    '$3$2$1',
    ['period-order fault'],
  ],
  ['a half-hour that ends late', 'start="1200" end="1230"', 'start="1200" end="1300"', ['period-order fault']],
  ['summer on an ordinary day', 'start="0000" end="0030"', 'start="0000" end="0030" summer="1"', ['summer fault']],
  ['a day of change that is none', '<daylightsavingtime>0', '<daylightsavingtime>2', ['summer fault']],
  ['no value', '<value>827</value>', '<value></value>', ['schema fault', 'value-empty fault']],
  [
    'no value, with status 1',
    '<value>827</value>',
    '<value status="1"></value>',
    ['schema fault', 'value-empty fault', 'non-commercial warning'],
  ],
  ['half a kilowatt-hour', '<value>827</value>', '<value>827.5</value>', ['schema fault', 'value-form fault']],
  ['a negative value', '<value>827</value>', '<value>-827</value>', ['schema fault', 'value-form fault']],
  ['a plus sign', '<value>827</value>', '<value>+827</value>', ['schema fault', 'value-form fault']],
  ['an exponent', '<value>827</value>', '<value>8e2</value>', ['schema fault', 'value-form fault']],
  ['status 2', '<value>827</value>', '<value status="2">827</value>', ['schema fault', 'status fault']],
  ['status 1', '<value>827</value>', '<value status="1">827</value>', ['non-commercial warning']],
  [
    'a bypass without its group',
    '<value>827</value>',
    '<value status="1" extendedstatus="1114">827</value>',
    ['status fault', 'non-commercial warning'],
  ],
  ['a bypass that is commercial', '<value>827</value>', '<value extendedstatus="1114" param1="7">827</value>', ['status fault']],
  ['a letter beyond the code page', 'name="Яч.№1', 'name="Яч.&#179;', ['letters fault']],
  ['like amounts in both directions', REACTIVE, part(FIRST_CHANNEL).replace('code="01"', 'code="02"'), ['both-directions warning']],
];

describe('one thing changed in the real file', () => {
  it.each(MUTATIONS)('%s', async (_, from, to, expected) => {
    const report = await check(changed(from, to));
    expect(complaints(report)).toEqual(expected);
    expect(report.verdict).toBe(expected.some((text) => text.endsWith('fault')) ? 'fault' : 'warning');
  });

  it('in UTF-8, said so or not, with a byte order mark or without', async () => {
    const utf8 = SAMPLE_TEXT.replace('windows-1251', 'utf-8');
    const places = async (text: string) => {
      const report = await check(new TextEncoder().encode(text));
      expect(complaints(report)).toEqual(['encoding fault']);
      return ruleOf(report, 'encoding')?.places.map(({ message }) => message);
    };
    expect(await places(utf8)).toEqual(['the file is in utf-8, expected windows-1251']);
    expect(await places(`\uFEFF${utf8}`)).toEqual([
      'the file begins with a byte order mark',
      'the file is in utf-8, expected windows-1251',
    ]);
    expect(await places(SAMPLE_TEXT)).toEqual(['the prolog says windows-1251 and the letters are in utf-8']);
  });

  it('tries every rule that needs no knowledge from elsewhere', () => {
    const seen = new Set(MUTATIONS.flatMap(([, , , expected]) => expected.map((text) => text.split(' ')[0])));
    expect(CHECK_RULES.filter((rule) => !seen.has(rule))).toEqual(['value-limit']);
  });

  it('is named with its place and line', async () => {
    const report = await check(changed('<value>827</value>', '<value>827.5</value>'));
    const path = 'message/area 5600010901/measuringpoint 562080073213101/measuringchannel 01/period 0000';
    expect(ruleOf(report, 'value-form')?.places).toEqual([
      { path, line: 8, found: '827.5', message: 'value is "827.5", expected a whole number' },
    ]);
    expect(ruleOf(report, 'schema')?.places[0]?.line).toBe(8);
  });

  it('is counted beyond the places that are named', async () => {
    const result = ruleOf(await check(changed(/<value>/g, '<value status="1">')), 'non-commercial');
    expect(result).toMatchObject({ verdict: 'warning', count: 96 });
    expect(result?.places).toHaveLength(20);
  });
});

describe('a sound file', () => {
  it('may have all four channels', async () => {
    const quiet = (code: string) =>
      part(FIRST_CHANNEL)
        .replace('code="01"', `code="${code}"`)
        .replaceAll(/<value>\d+/g, '<value>1');
    const bytes = changed('</measuringpoint>', `${quiet('02')}${quiet('04')}</measuringpoint>`);
    expect(complaints(await check(bytes))).toEqual([]);
  });

  it('may come from an entrepreneur, whose number has two check digits', async () => {
    const name = (inn: string) => SAMPLE_NAME.replace('1834024515', inn);
    const of = (inn: string) => changed('<inn>1834024515</inn>', `<inn>${inn}</inn>`);
    expect(complaints(await check(of('500100732259'), {}, name('500100732259')))).toEqual([]);
    // The last digit is wrong, or the one before it.
    for (const inn of ['500100732258', '500100732266']) expect(complaints(await check(of(inn), {}, name(inn)))).toEqual(['sender warning']);
  });
});

describe('what is known from elsewhere', () => {
  it('a number that is not above the earlier ones of the day', async () => {
    expect(complaints(await check(SAMPLE, { highestEarlierNumber: 4689 }))).toEqual([]);
    expect(complaints(await check(SAMPLE, { highestEarlierNumber: 4690 }))).toEqual(['number fault']);
  });

  it('another template of names', async () => {
    expect(complaints(await check(SAMPLE, { nameTemplate: '{class}_{inn}_{day}_{number}' }))).toEqual(['file-name fault']);
    expect(complaints(await check(SAMPLE, { nameTemplate: '80020_{day}_{inn}_{number}' }, '80020_20211031_1834024515_4690.xml'))).toEqual(
      [],
    );
    expect(complaints(await check(SAMPLE, {}, '80020_20211031_1834024515_4690.xml'))).toEqual(['file-name fault']);
  });

  it('decimals that the recipient takes', async () => {
    const bytes = changed('<value>827</value>', '<value>827.512</value>');
    expect(complaints(await check(bytes, { decimals: 3 }))).toEqual([]);
    expect(complaints(await check(bytes, { decimals: 2 }))).toEqual(['schema fault', 'value-form fault']);
  });

  it('what the connection can carry', async () => {
    // 0.5 h x 1.7320508 x 100 V x 1.2 x 5 A x 20 x 100 = 1,039.23 kWh.
    const limit = halfHourLimit({
      voltageV: 100,
      currentA: 5,
      ct: { primary: 100, secondary: 5 },
      vt: { primary: 10_000, secondary: 100 },
    });
    expect(decimalText(limit)).toBe('1039.2304842');
    expect(complaints(await check(SAMPLE, { limitOf: () => limit }))).toEqual([]);
    const report = await check(SAMPLE, { limitOf: (code) => (code === '562080073213101' ? rational(850) : null) });
    expect(complaints(report)).toEqual(['value-limit warning']);
  });
});

describe('days on which the clock changed', () => {
  const MOSCOW: MarketTime = { kind: 'local', zone: siteZone('Europe/Moscow') };
  const fileOf = (date: string, time: MarketTime, daylightSaving: 0 | 1 = 0) => {
    const day = marketDay(date, time);
    const composed = composeDay(orderOf(day, [pointOf('562080073213101', { 'A+': figuresOf(day, 1000) })]));
    if (composed.kind === 'held') throw new Error('held');
    const header = {
      messageClass: '80020',
      number: 1,
      createdUtc: day.toUtc + 30_000,
      time,
      day,
      daylightSaving,
      sender: { inn: '1834024515', name: 'ООО' },
    } as const;
    const document = marketDocument(header, composed.areas);
    return { document, name: `${marketFileName(DEFAULT_NAME_TEMPLATE, document)}.xml`, bytes: writeMarketFile(document).bytes };
  };

  it.each(['2014-10-26', '2011-03-27', '2010-10-31'])(
    '%s in local time passes by the clock of Moscow, with or without its name',
    async (date) => {
      const { name, bytes } = fileOf(date, MOSCOW);
      expect(complaints(await check(bytes, {}, name))).toEqual([]);
      expect(complaints(await check(bytes, { zone: siteZone('Europe/Moscow') }, name))).toEqual([]);
      expect(complaints(await check(bytes, { zone: siteZone('Asia/Yekaterinburg') }, name)).length).toBe(0);
      expect(complaints(await check(bytes, { zone: siteZone('Asia/Tokyo') }, name))).toContain('period-count fault');
    },
  );

  it('passes with 48 half-hours by the clock of the market', async () => {
    const { name, bytes } = fileOf('2014-10-26', { kind: 'market', zone: 1 });
    expect(complaints(await check(bytes, {}, name))).toEqual([]);
  });

  it('has its marks and its header right', async () => {
    const { name, document } = fileOf('2014-10-26', MOSCOW);
    const [area] = document.areas;
    const [point] = area?.points ?? [];
    const [channel] = point?.channels ?? [];
    if (area === undefined || point === undefined || channel === undefined) throw new Error('no channel');
    const unmarked = channel.periods.map((period) => ({ ...period, isSummer: false }));
    const bytes = writeMarketFile({
      ...document,
      areas: [{ ...area, points: [{ ...point, channels: [{ ...channel, periods: unmarked }] }] }],
    }).bytes;
    expect(complaints(await check(bytes, {}, name))).toEqual(['summer fault']);
    expect(complaints(await check(writeMarketFile({ ...document, daylightSaving: '0' }).bytes, {}, name))).toEqual(['summer fault']);
  });

  it('has 48 half-hours on every other day, whatever daylight saving says', async () => {
    for (const daylightSaving of [0, 1] as const) {
      const { name, bytes } = fileOf(DAY.date, MOSCOW, daylightSaving);
      expect(complaints(await check(bytes, {}, name))).toEqual([]);
    }
  });
});
