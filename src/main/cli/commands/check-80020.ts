import { AppError, asAppError, errorShape } from '../../../shared/api/errors.ts';
import { MARKET_RULE_TEXTS } from '../../../shared/i18n/market-rules.ts';
import { isZip, type NamedFile, unzipXmlFiles } from '../../export/xml80020/archive.ts';
import { type CheckReport, checkMarketFile } from '../../export/xml80020/check.ts';
import { type CheckOptions, DEFAULT_CHECK_OPTIONS } from '../../export/xml80020/check-rules.ts';
import { channelOfCode } from '../../export/xml80020/document.ts';
import { checkNameTemplate, DEFAULT_NAME_TEMPLATE } from '../../export/xml80020/name.ts';
import { DECIMALS } from '../../export/xml80020/round.ts';
import { siteZone } from '../../metering/zone.ts';
import type { Arguments } from '../args.ts';
import type { Command } from '../command.ts';
import { type CommandIo, outAll } from '../io.ts';
import { readMarketInput } from '../market-file.ts';

const MAX_FILES = 1000;

export const check80020Command: Command = {
  name: 'check-80020',
  usage: 'FILE [FILE ...] [--name-template TEMPLATE] [--decimals 0..3] [--timezone IANA]',
  summary:
    "Holds files 80020 and 80040, or archives of them, against their receiver's rules: each rule with its verdict, sums by point, channel and hour. Days are counted by the market's clock, or by that of --timezone.",
  flags: { 'name-template': 'value', decimals: 'value', timezone: 'value' },
  words: { min: 1, max: MAX_FILES },
  async run(args, io) {
    const options = optionsOf(args);
    const numbers = new Map<string, number>();
    const unreadable: AppError[] = [];
    let hasFaults = false;
    for (const argument of args.words) {
      for (const file of readings(argument)) {
        const report = file instanceof AppError ? file : await checked(file, options, numbers);
        if (report instanceof AppError) unreadable.push(withFile(report, argument));
        else {
          await print(io, report);
          hasFaults ||= report.verdict === 'fault';
        }
        if (io.signal.aborted) return 3;
      }
    }
    // What cannot be read at all is an error, told when everything else is said.
    const last = unreadable.pop();
    for (const error of unreadable) io.out({ error: errorShape(error) });
    if (last !== undefined) throw last;
    return hasFaults ? 3 : 0;
  },
};

function optionsOf(args: Arguments): CheckOptions {
  const nameTemplate = (args.value('name-template') ?? DEFAULT_NAME_TEMPLATE).replace(/\.(xml|zip)$/i, '');
  checkNameTemplate(nameTemplate);
  const digits = args.integer('decimals', { min: 0, max: 3, fallback: 0 });
  const zone = args.value('timezone');
  return {
    ...DEFAULT_CHECK_OPTIONS,
    nameTemplate,
    decimals: DECIMALS.find((known) => known === digits) ?? 0,
    zone: zone === undefined ? null : siteZone(zone),
  };
}

/** The XML files that one argument stands for, or why there are none. */
function readings(name: string): readonly (NamedFile | AppError)[] {
  try {
    const file = readMarketInput(name);
    return isZip(file.bytes) ? unzipXmlFiles(file.bytes) : [file];
  } catch (thrown) {
    return [asAppError(thrown)];
  }
}

interface FileReport extends CheckReport {
  readonly name: string;
}

/** A file of the same sender and day must have a greater number than those before it in this call. */
async function checked(file: NamedFile, options: CheckOptions, numbers: Map<string, number>): Promise<FileReport | AppError> {
  try {
    const first = await checkMarketFile(file, options);
    const { messageClass, sender, day, number, areas } = first.document;
    const key = [messageClass, sender.inn, day, ...areas.map(({ inn }) => inn)].join(' ');
    const highestEarlierNumber = numbers.get(key) ?? null;
    numbers.set(key, Math.max(highestEarlierNumber ?? 0, Number(number) || 0));
    const report = highestEarlierNumber === null ? first : await checkMarketFile(file, { ...options, highestEarlierNumber });
    return { name: file.name, ...report };
  } catch (thrown) {
    return asAppError(thrown);
  }
}

function withFile(error: AppError, file: string): AppError {
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return new AppError(error.code, error.message, { context: { ...error.context, file }, ...hint, cause: error });
}

async function print(io: CommandIo, { name, document, rules, warnings, sums, verdict }: FileReport): Promise<void> {
  const { messageClass, version, number, timestamp, daylightSaving, day, sender, areas } = document;
  const points = areas.reduce((count, area) => count + area.points.length, 0);
  io.out({
    file: name,
    header: {
      class: messageClass,
      version,
      number,
      day,
      timestamp,
      daylightsavingtime: daylightSaving,
      sender,
      areas: areas.map((area) => ({ inn: area.inn, name: area.name, timezone: area.timeZone, points: area.points.length })),
    },
  });
  await outAll(
    io,
    warnings.map((warning) => ({ file: name, warning })),
  );
  await outAll(
    io,
    rules.map(({ rule, verdict: found, count, places }) => ({
      file: name,
      rule,
      verdict: found,
      meaning: MARKET_RULE_TEXTS[rule].en,
      count,
      places,
    })),
  );
  await outAll(
    io,
    sums.map(({ areaInn, pointCode, channelCode, sum, nonCommercial, hours }) => ({
      file: name,
      sum: {
        area: areaInn,
        point: pointCode,
        channel: channelCode,
        quantity: channelOfCode(channelCode),
        total: sum,
        non_commercial: nonCommercial,
      },
      hours: hours.map(({ hour, isSummer, sum: total }) => ({ hour, ...(isSummer ? { summer: true } : {}), total })),
    })),
  );
  const broken = (kind: CheckReport['verdict']) => rules.filter((rule) => rule.verdict === kind).map(({ rule }) => rule);
  io.out({ file: name, verdict, faults: broken('fault'), warnings: broken('warning'), points, channels: sums.length });
}
