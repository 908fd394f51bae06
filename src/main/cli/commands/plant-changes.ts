/** Commands for what happens to a point: each ends one installation and begins another, none of them edits history. */
import { z } from 'zod';
import { AppError } from '../../../shared/api/errors.ts';
import { actReading } from '../../../shared/api/plant-changes.ts';
import type { ActReading, PlantChange } from '../../../shared/domain/plant-change.ts';
import { DRIVER_IDS, type Ratio } from '../../../shared/domain/point.ts';
import { previewOf, readingOf } from '../../api/plant-changes.ts';
import { Site } from '../../api/site.ts';
import { parseRatio } from '../../import/import-cells.ts';
import { parseMoment } from '../../metering/zone.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Arguments, FlagTable } from '../args.ts';
import type { Command } from '../command.ts';
import { openWriter } from '../data-folder.ts';
import { readInputText } from '../input-file.ts';
import { readSecretFlag } from '../secret.ts';

const COMMON: FlagTable = { data: 'value', point: 'value', at: 'value', reason: 'value', 'dry-run': 'switch' };

interface Common {
  readonly pointCode: string;
  readonly atUtc: number;
}

/** A command that makes one change. `--dry-run` prints what it would do and does nothing. */
function changeCommand(
  words: Pick<Command, 'name' | 'usage' | 'summary'>,
  flags: FlagTable,
  changeOf: (args: Arguments, common: Common) => PlantChange,
): Command {
  return {
    ...words,
    flags: { ...COMMON, ...flags },
    words: { min: 0, max: 0 },
    async run(args, io) {
      const store = openWriter(args.required('data'), args.isSet('trace'));
      try {
        const site = new Site({ store, clock: systemClock, engine: () => null });
        const common = { pointCode: args.required('point'), atUtc: parseMoment(args.required('at'), site.zone) };
        const change = changeOf(args, common);
        const preview = previewOf(site, store.plant.checkChange(change));
        if (!args.isSet('dry-run')) store.plant.applyChange(change, site.zone.offsetMinAt(site.nowUtc()), 'command line');
        io.out({ ...preview, done: !args.isSet('dry-run') });
        return 0;
      } finally {
        store.close();
      }
    },
  };
}

export const replaceMeterCommand = changeCommand(
  {
    name: 'replace-meter',
    usage:
      '--data DIR --point CODE --at MOMENT --serial NEW [--address N] --final FILE.json --first FILE.json [--driver D] [--level 1|2] [--password-file FILE] [--ct RATIO] [--vt RATIO] [--reason TEXT] [--dry-run]',
    summary:
      'Another meter at the point from this moment on; the history stays. The files hold the readings of the act: rows as `registers` prints them, whole Wh and varh of the secondary side.',
  },
  {
    serial: 'value',
    address: 'value',
    final: 'value',
    first: 'value',
    driver: 'value',
    level: 'value',
    'password-file': 'value',
    ct: 'value',
    vt: 'value',
  },
  (args, common) => {
    const serial = args.required('serial');
    if (!/^\d{1,20}$/.test(serial)) throw new AppError('api/invalid-argument', '--serial is not a serial number', { context: { serial } });
    const level = args.value('level');
    if (level !== undefined && level !== '1' && level !== '2') throw new AppError('api/invalid-argument', '--level must be 1 or 2');
    const driver = DRIVER_IDS.find((id) => id === args.value('driver')) ?? null;
    if (driver === null && args.value('driver') !== undefined) {
      throw new AppError('api/invalid-argument', `There is no driver "${args.value('driver')}"`, {
        hint: `Drivers: ${DRIVER_IDS.join(', ')}`,
      });
    }
    return {
      ...common,
      kind: 'replace-meter',
      reason: args.value('reason') ?? null,
      serial,
      driver,
      address: args.value('address') === undefined ? null : args.integer('address', { min: 1, max: 0xffff_ffff, fallback: 1 }),
      accessLevel: level === undefined ? null : level === '2' ? 2 : 1,
      password: readSecretFlag(args.value('password-file')),
      ct: ratioFlag(args, 'ct'),
      vt: ratioFlag(args, 'vt'),
      finalRegisters: readAct(args.required('final')),
      firstRegisters: readAct(args.required('first'), serial),
    };
  },
);

export const changeRatioCommand = changeCommand(
  {
    name: 'change-ratio',
    usage: '--data DIR --point CODE --at MOMENT --ct RATIO --vt RATIO --reason TEXT [--dry-run]',
    summary: 'Other measuring transformers from the start of an interval on (600/5, 120, 6000/100); the figures before keep their ratio.',
  },
  { ct: 'value', vt: 'value' },
  (args, common) => ({
    ...common,
    kind: 'change-ratio',
    reason: args.required('reason'),
    ct: parseFlag(args, 'ct'),
    vt: parseFlag(args, 'vt'),
  }),
);

export const pointOffCommand = changeCommand(
  {
    name: 'point-off',
    usage: '--data DIR --point CODE --at MOMENT --reason TEXT [--dry-run]',
    summary: 'Nothing is measured at the point from the start of an interval on: its meter is not asked, its intervals are not expected.',
  },
  {},
  (args, common) => ({ ...common, kind: 'switch-off', reason: args.required('reason') }),
);

export const pointOnCommand = changeCommand(
  {
    name: 'point-on',
    usage: '--data DIR --point CODE --at MOMENT --reason TEXT [--dry-run]',
    summary: 'The last meter of a point that is off measures again, from the start of an interval on.',
  },
  {},
  (args, common) => ({ ...common, kind: 'switch-on', reason: args.required('reason') }),
);

function ratioFlag(args: Arguments, name: string): Ratio | null {
  return args.value(name) === undefined ? null : parseFlag(args, name);
}

function parseFlag(args: Arguments, name: string): Ratio {
  try {
    return parseRatio(args.required(name));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('api/invalid-argument', `--${name} is not a transformer ratio such as 600/5 or 120`, { cause });
  }
}

/** Rows of the `registers` command, or only their figures; a list or one row a line. */
const actRow = z.object({ ...actReading.shape, meter_serial: z.string().optional() });

function readAct(file: string, serial?: string): ActReading[] {
  const refuse = (message: string, cause?: unknown) =>
    new AppError('api/invalid-argument', `${file}: ${message}`, {
      context: { file },
      hint: 'Give rows such as {"tariff":0,"A+":"3196201","A-":null,"R+":"12","R-":null}, whole Wh and varh.',
      cause,
    });
  const text = readInputText(file).trim();
  const rows = z.array(actRow).max(9).safeParse(parseRows(text, refuse));
  if (!rows.success) throw refuse(rows.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  const foreign = rows.data.find(({ meter_serial }) => serial !== undefined && meter_serial !== undefined && meter_serial !== serial);
  if (foreign !== undefined) throw refuse(`these are readings of meter ${foreign.meter_serial}`);
  const tariffs = rows.data.map(({ tariff }) => tariff);
  if (new Set(tariffs).size !== tariffs.length) throw refuse('a tariff stands there twice');
  return rows.data.map(readingOf);
}

function parseRows(text: string, refuse: (message: string, cause: unknown) => AppError): unknown {
  try {
    if (text.startsWith('[')) return JSON.parse(text);
    return text.split('\n').map((line): unknown => JSON.parse(line));
  } catch (cause) {
    throw refuse('this is not JSON', cause);
  }
}
