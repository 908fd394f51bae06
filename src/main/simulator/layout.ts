import type { PointRole, Ratio } from '../../shared/domain/point.ts';
import type { ConnectionName, FamilyName } from './families.ts';
import type { LoadKindName } from './load.ts';

/** One metering point of the plant as data. */
export interface PointRow {
  readonly name: string;
  readonly role: PointRole;
  readonly family: FamilyName;
  readonly connection: ConnectionName;
  readonly ct: Ratio;
  readonly vt: Ratio;
  readonly load: LoadKindName;
  /** Full load of the point as a share of what the meter can carry, permille. */
  readonly share: number;
  /** The meter keeps A- and R- too. */
  readonly isTwoWay: boolean;
  /** Phases whose voltage never reaches the meter. */
  readonly lostPhases: readonly (1 | 2 | 3)[];
  /** Period of the profile. */
  readonly periodMin: 30 | 60;
  /** Hours that the meter's clock is ahead of UTC. */
  readonly zoneH: 3 | 5;
  /** The season bit of the meter; `stale` says summer for ever, though switching is forbidden and the clock stays. */
  readonly season: 'winter' | 'stale';
  /** When the meter was without supply before the plant started, in order: minutes before the start, and for how long. */
  readonly outages: readonly { readonly agoMin: number; readonly forMin: number }[];
}

/** A substation; its meters hang on a line of its own. */
export interface SubstationRow {
  readonly name: string;
  /** Stands before the number in the codes of its points. */
  readonly code: string;
  /** Name of the line. */
  readonly line: string;
  readonly points: readonly PointRow[];
}

type Extras = Partial<Pick<PointRow, 'family' | 'isTwoWay' | 'lostPhases' | 'role' | 'vt' | 'periodMin' | 'zoneH' | 'season' | 'outages'>>;

const NO_VT: Ratio = { primary: 1, secondary: 1 };
const VT_6KV: Ratio = { primary: 6000, secondary: 100 };

const through = (name: string, primary: number, load: LoadKindName, share: number, extras: Extras = {}): PointRow => ({
  name,
  role: 'technical',
  family: 'm234',
  connection: extras.vt === undefined ? 'ct' : 'vt',
  ct: { primary, secondary: 5 },
  vt: NO_VT,
  load,
  share,
  isTwoWay: false,
  lostPhases: [],
  periodMin: 30,
  zoneH: 3,
  season: 'winter',
  outages: [],
  ...extras,
});

const direct = (name: string, load: LoadKindName, share: number, extras: Extras = {}): PointRow => ({
  ...through(name, 1, load, share, { family: 'm236', ...extras }),
  connection: 'direct',
  ct: { primary: 1, secondary: 1 },
});

const single = (name: string, load: LoadKindName, share: number, extras: Extras = {}): PointRow => ({
  ...direct(name, load, share, { family: 'm204', ...extras }),
  connection: 'single',
});

/** Meters of the second protocol. */
const single200 = (name: string, load: LoadKindName, share: number, extras: Extras = {}): PointRow => ({
  ...direct(name, load, share, { family: 'm206', ...extras }),
  connection: 'single200',
});

const INPUT: Extras = { role: 'settlement', isTwoWay: true };
const INPUT_6KV: Extras = { ...INPUT, vt: VT_6KV };

/** The training plant: 4 substations of a printing-machinery works, 70 points on 4 lines (18, 18, 17, 17). */
export const TRAINING_PLANT: readonly SubstationRow[] = [
  {
    name: 'ТП-1 Механосборочный',
    code: 'TP1',
    line: 'ТП-1',
    points: [
      through('Ввод 1', 300, 'compensatedInput', 620, INPUT_6KV),
      through('Ввод 2', 300, 'input', 540, INPUT_6KV),
      through('Станочный участок 1', 400, 'machines', 560),
      through('Станочный участок 2', 400, 'machines', 480),
      through('Станки с ЧПУ', 300, 'machines', 640, { family: 'm234d' }),
      through('Шлифовальный участок', 200, 'machines', 450, { family: 'm230' }),
      through('Карусельные станки', 300, 'press', 520, { family: 'm230' }),
      through('Краны мостовые', 200, 'crane', 400, { isTwoWay: true }),
      through('Сборочный участок 1', 200, 'machines', 380, { family: 'm230' }),
      through('Сборочный участок 2', 200, 'machines', 350, { family: 'm230old' }),
      through('Испытательный стенд', 300, 'testBench', 600, { isTwoWay: true }),
      through('Вентиляция цех 1', 150, 'ventilation', 620, { family: 'm230' }),
      through('Вентиляция цех 2', 150, 'ventilation', 580, { family: 'm230old' }),
      direct('Освещение цех 1', 'lighting', 420),
      direct('Освещение цех 2', 'lighting', 380, { family: 'm230' }),
      direct('Кладовая инструмента', 'office', 150, { family: 'm230frozen' }),
      direct('Бытовые помещения', 'office', 300),
      through('Резервный фидер', 400, 'standby', 500),
    ],
  },
  {
    name: 'ТП-2 Литейный',
    code: 'TP2',
    line: 'ТП-2',
    points: [
      through('Ввод 1', 1500, 'compensatedInput', 580, INPUT),
      through('Ввод 2', 1500, 'input', 520, { ...INPUT, family: 'm230' }),
      through('Печь индукционная 1', 800, 'furnace', 720, { family: 'm234d' }),
      through('Печь индукционная 2', 800, 'furnace', 680, { family: 'm234d' }),
      through('Печь термическая', 400, 'furnace', 610, { family: 'm230' }),
      through('Формовочный участок', 300, 'machines', 470),
      through('Компрессорная', 600, 'compressor', 740),
      through('Компрессорная, резерв', 600, 'standby', 700, { family: 'm230old' }),
      through('Дымососы', 300, 'ventilation', 700),
      through('Вентиляция цех 3', 200, 'ventilation', 560, { family: 'm230' }),
      through('Вентиляция цех 4', 200, 'ventilation', 530, { family: 'm230old' }),
      through('Насосная оборотной воды', 150, 'pumps', 650, { periodMin: 60 }),
      through('Сварочный пост 1', 200, 'welding', 550),
      through('Сварочный пост 2', 200, 'welding', 500, { family: 'm230' }),
      through('Краны литейного пролёта', 300, 'crane', 450, { isTwoWay: true }),
      direct('Освещение литейного цеха', 'lighting', 520),
      direct('Лаборатория', 'office', 280, { family: 'm230plain' }),
      direct('Склад шихты, освещение', 'lighting', 300, { lostPhases: [1, 2] }),
    ],
  },
  {
    name: 'ТП-3 Полиграфический',
    code: 'TP3',
    line: 'ТП-3',
    points: [
      through('Ввод 1', 200, 'input', 560, INPUT_6KV),
      through('Ввод 2', 200, 'compensatedInput', 600, INPUT_6KV),
      through('Прессовый участок', 300, 'press', 570),
      through('Печатный стенд 1', 200, 'testBench', 520, { isTwoWay: true, family: 'm230' }),
      through('Печатный стенд 2', 200, 'testBench', 480),
      through('Участок резки бумаги', 150, 'machines', 430, { family: 'm230' }),
      through('Гальванический участок', 400, 'furnace', 540),
      through('Окрасочная камера', 300, 'ventilation', 600, { family: 'm230old' }),
      through('Сушильная камера', 200, 'furnace', 500, { family: 'm230' }),
      through('Вентиляция цех 5', 150, 'ventilation', 610),
      through('Холодильная машина', 200, 'compressor', 580, { family: 'm234d' }),
      through('Тепловой пункт', 100, 'pumps', 520, { family: 'm230', zoneH: 5 }),
      direct('Освещение цех 5', 'lighting', 480),
      direct('Конструкторское бюро', 'office', 620, { family: 'm230' }),
      single200('Склад бумаги', 'lighting', 260),
      direct('Зарядная станция', 'serverRoom', 350),
      through('Резервный фидер', 300, 'standby', 450, { family: 'm230', outages: [{ agoMin: 1210, forMin: 95 }] }),
    ],
  },
  {
    name: 'ТП-4 Административный',
    code: 'TP4',
    line: 'ТП-4',
    points: [
      through('Ввод 1', 1000, 'input', 500, INPUT),
      through('Ввод 2', 1000, 'input', 460, INPUT),
      through('Заводоуправление', 200, 'office', 640),
      through('Инженерный корпус', 200, 'office', 600, { family: 'm230' }),
      through('Столовая', 200, 'canteen', 700),
      through('Серверная', 100, 'serverRoom', 560),
      through('Лифты', 100, 'crane', 350, { isTwoWay: true }),
      through('Котельная', 200, 'pumps', 600, { family: 'm230', season: 'stale' }),
      through('Насосная пожаротушения', 200, 'standby', 650, { family: 'm230old' }),
      through('Гараж', 100, 'welding', 380, { family: 'm230' }),
      through('Вентиляция корпуса А', 100, 'ventilation', 520, { family: 'm230' }),
      single200('Проходная', 'serverRoom', 160),
      direct('Наружное освещение', 'lighting', 580, { family: 'm230' }),
      direct('Медпункт', 'office', 120, { family: 'm230frozen' }),
      direct('Арендатор: типография «Лист»', 'press', 640, { role: 'control' }),
      single('Арендатор: склад «Север»', 'lighting', 340, { role: 'control' }),
      direct('Арендатор: кафе', 'canteen', 520, { role: 'control' }),
    ],
  },
];
