import { fillText, type InBoth, type Language } from './language.ts';

/** What was asked of a meter, by the form of the exchange's label (protocol/mercury, protocol/mercury-200). */
const LABELS: readonly (readonly [RegExp, InBoth<string>])[] = [
  [/^profile records (?<from>\d+) to (?<to>\d+)$/, { ru: 'записи профиля {from}–{to}', en: 'profile records {from} to {to}' }],
  [/^profile record (?<at>\d+)$/, { ru: 'запись профиля {at}', en: 'profile record {at}' }],
  [/^energy by phases tariff (?<tariff>\d)$/, { ru: 'энергия по фазам, тариф {tariff}', en: 'energy by phases, tariff {tariff}' }],
  [
    /^energy array (?<array>\w)(?: month (?<behind>\d+))? all tariffs$/,
    { ru: '{array}{behind}, все тарифы', en: '{array}{behind}, all tariffs' },
  ],
  [/^energy array (?<array>\w)(?: month (?<behind>\d+))? tariff 5$/, { ru: '{array}{behind}, потери', en: '{array}{behind}, losses' }],
  [
    /^energy array (?<array>\w)(?: month (?<behind>\d+))? tariff (?<tariff>\d)$/,
    { ru: '{array}{behind}, тариф {tariff}', en: '{array}{behind}, tariff {tariff}' },
  ],
  [
    /^quadrants array (?<array>\w)(?: month (?<behind>\d+))? tariff (?<tariff>\d)$/,
    { ru: 'реактивная по квадрантам, {array}{behind}, тариф {tariff}', en: 'reactive by quadrants, {array}{behind}, tariff {tariff}' },
  ],
  [/^frozen energy tariff (?<tariff>\d)$/, { ru: 'замороженные показания, тариф {tariff}', en: 'frozen registers, tariff {tariff}' }],
  [
    /^archive 0 of (?<date>\S+) tariff (?<tariff>\d)$/,
    { ru: 'на начало суток {date}, тариф {tariff}', en: 'start of day {date}, tariff {tariff}' },
  ],
  [
    /^archive 1 of (?<date>\S+) tariff (?<tariff>\d)$/,
    { ru: 'на начало месяца {date}, тариф {tariff}', en: 'start of month {date}, tariff {tariff}' },
  ],
  [/^archive 2 of (?<date>\S+) tariff \d$/, { ru: 'на начало суток {date}, по квадрантам', en: 'start of day {date}, by quadrants' }],
  [/^archive 3 of (?<date>\S+) tariff \d$/, { ru: 'на начало месяца {date}, по квадрантам', en: 'start of month {date}, by quadrants' }],
  [
    /^maxima of month (?<month>\d+) tariff (?<tariff>\d)$/,
    { ru: 'максимумы за месяц {month}, тариф {tariff}', en: 'maxima of month {month}, tariff {tariff}' },
  ],
  [/^maxima values (?<hexMonth>\w\w)$/, { ru: 'значения максимумов, месяц {hexMonth}', en: 'values of the maxima, month {hexMonth}' }],
  [
    /^maxima schedule (?<hexMonth>\w\w)$/,
    { ru: 'расписание максимумов, месяц {hexMonth}', en: 'schedule of the maxima, month {hexMonth}' },
  ],
  [/^maxima of (?<name>\w+)$/, { ru: 'максимумы {name}', en: 'maxima of {name}' }],
  [/^holidays (?<hexMonth>\w+)$/, { ru: 'праздничные дни, {hexMonth}', en: 'holidays, {hexMonth}' }],
  [/^energy limit (?<hexTariff>\w\w)$/, { ru: 'лимит энергии, тариф {hexTariff}', en: 'energy limit, tariff {hexTariff}' }],
  [/^tariff schedule (?<bytes>.+)$/, { ru: 'тарифное расписание {bytes}', en: 'tariff schedule {bytes}' }],
  [/^tariff switch points (?<at>\d+)$/, { ru: 'точки переключения тарифов, {at}', en: 'tariff switch points, {at}' }],
  [/^instantaneous 14 (?<bwri>\w\w)$/, { ru: 'замороженные: {bwri}', en: 'frozen: {bwri}' }],
  [/^instantaneous 16 (?<bwri>\w\w)$/, { ru: 'мгновенные: {bwri}', en: 'instantaneous: {bwri}' }],
  [/^half-hours (?<date>[\d-]+) block (?<block>\d)$/, { ru: 'получасы {date}, блок {block}', en: 'half-hours of {date}, block {block}' }],
  [/^day slice (?<date>[\d-]+)$/, { ru: 'срез суток {date}', en: 'day slice {date}' }],
  [/^month slice (?<date>\d{4}-[\d-]+)$/, { ru: 'срез месяца {date}', en: 'month slice {date}' }],
  [
    /^dip statistics (?<journal>\w\w) band (?<band>\d)$/,
    { ru: 'провалы и перенапряжения: журнал {journal}, уровень {band}', en: 'dips and swells: journal {journal}, band {band}' },
  ],
  [/^month slice (?<channel>[AR]) current$/, { ru: 'срез текущего месяца, {channel}', en: 'slice of this month, {channel}' }],
  [/^month slice (?<channel>[AR]) (?<month>\d+)$/, { ru: 'срез месяца {month}, {channel}', en: 'slice of month {month}, {channel}' }],
  [/^journal of (?<name>power|cover|relay) record (?<at>\d+)$/, { ru: 'журнал {name}, запись {at}', en: 'journal of {name}, record {at}' }],
  [/^journal (?<code>\w\w) record (?<slot>\w\w)$/, { ru: 'журнал {code}, запись {slot}', en: 'journal {code}, record {slot}' }],
  [/^parameter (?<code>\w\w)$/, { ru: 'параметр {code}', en: 'parameter {code}' }],
  [/^write (?<what>.+)$/, { ru: 'запись: {what}', en: 'write {what}' }],
  [/^open channel level (?<level>\d)$/, { ru: 'открытие канала, уровень {level}', en: 'open the channel, level {level}' }],
];

/** Labels of one form only; English has them as the protocol writes them. */
const RUSSIAN_NAMES: Readonly<Record<string, string>> = {
  'serial number': 'заводской номер',
  passport: 'паспорт',
  'long passport': 'расширенный паспорт',
  'transformer ratios': 'коэффициенты трансформации',
  'firmware version': 'версия ПО',
  firmware: 'версия ПО',
  'network address': 'сетевой адрес',
  'execution variant': 'вариант исполнения',
  'execution word': 'слово исполнения',
  'model code': 'код модели',
  'date of manufacture': 'дата выпуска',
  'firmware checksum': 'контрольная сумма ПО',
  'time-out multiplier of the additional interface': 'множитель тайм-аута дополнительного интерфейса',
  'time-out multiplier of the main interface': 'множитель тайм-аута основного интерфейса',
  'time-out multiplier': 'множитель тайм-аута',
  'season switch times': 'время сезонного перевода',
  'season switching': 'сезонный перевод',
  'season flag': 'признак сезонного времени',
  'power limit delay': 'задержка по лимиту мощности',
  'programmable flags': 'программируемые флаги',
  location: 'местоположение',
  'power limit': 'лимит мощности',
  'energy limit of a month': 'лимит энергии на месяц',
  'reclosing after a power limit': 'включение после лимита мощности',
  'indication of the main kind': 'индикация основного вида',
  'indication times': 'время индикации',
  'indication mask': 'маска индикации',
  'display times': 'время показа',
  'losses mode': 'режим учёта потерь',
  'losses powers': 'мощности потерь',
  functions: 'функции',
  'billing day': 'расчётный день',
  'quality limits': 'пределы качества',
  'averaging times': 'времена усреднения',
  'group address': 'групповой адрес',
  'range of correction by the buttons': 'предел коррекции кнопками',
  battery: 'батарея',
  'function of the output': 'назначение выхода',
  'tariffs in use': 'число тарифов',
  'current tariff': 'текущий тариф',
  'limit mode': 'режим лимита',
  'hours on and off mains': 'часы под напряжением и без него',
  'PLC2 flag': 'признак PLC2',
  'status word': 'слово состояния',
  'tariff state': 'состояние тарифа',
  'load control word': 'слово управления нагрузкой',
  'long operations': 'длительные операции',
  'captured events': 'зафиксированные события',
  'frozen time': 'время замороженных показаний',
  'current imbalance': 'разность токов фазы и нуля',
  clock: 'часы',
  frequency: 'частота',
  'state of the relay': 'состояние реле',
  'last power off': 'последнее отключение питания',
  'last power on': 'последнее включение питания',
  'last cover opened': 'последнее вскрытие крышки',
  'last cover closed': 'последнее закрытие крышки',
  'active energy': 'активная энергия по тарифам',
  'reactive energy': 'реактивная энергия по тарифам',
  'energy by phases all tariffs': 'энергия по фазам, все тарифы',
  'kind of archive': 'вид архива',
  'profile head': 'последняя запись профиля',
  'second profile head': 'указатель второго профиля',
  'second profile newest record': 'последняя запись второго профиля',
  'channel test': 'проверка канала',
  'close channel': 'закрытие канала',
  'profile period': 'период профиля',
  'clock correction': 'коррекция часов',
  'link of the additional interface': 'параметры дополнительного интерфейса',
  'link of the main interface': 'параметры основного интерфейса',
  load: 'управление нагрузкой',
  'set address': 'запись адреса',
  'set clock': 'установка часов',
  'set season-flag': 'запись сезонного признака',
  'set speed': 'запись скорости',
  'set relay': 'управление реле',
};

/** Arrays of command 05 (mercury.md 4). */
const ARRAYS: Readonly<Record<string, InBoth<string>>> = {
  0: { ru: 'от сброса', en: 'since the reset' },
  1: { ru: 'за текущий год', en: 'this year' },
  2: { ru: 'за прошлый год', en: 'last year' },
  3: { ru: 'за месяц', en: 'in month' },
  4: { ru: 'за текущие сутки', en: 'today' },
  5: { ru: 'за прошлые сутки', en: 'yesterday' },
  6: { ru: 'по фазам', en: 'by phases' },
  9: { ru: 'на начало года', en: 'at the start of the year' },
  A: { ru: 'на начало прошлого года', en: 'at the start of last year' },
  B: { ru: 'на начало месяца', en: 'at the start of month' },
  C: { ru: 'на начало суток', en: 'at the start of the day' },
  D: { ru: 'на начало прошлых суток', en: 'at the start of yesterday' },
};
const JOURNALS: Readonly<Record<string, InBoth<string>>> = {
  power: { ru: 'питания', en: 'power' },
  cover: { ru: 'вскрытий', en: 'the cover' },
  relay: { ru: 'реле', en: 'the relay' },
};

/** What comes together under one BWRI (mercury.md 6.3). */
const INSTANTANEOUS: Readonly<Record<string, InBoth<string>>> = {
  '00': { ru: 'активная мощность', en: 'active power' },
  '04': { ru: 'реактивная мощность', en: 'reactive power' },
  '08': { ru: 'полная мощность', en: 'apparent power' },
  '11': { ru: 'напряжения фаз', en: 'phase voltages' },
  '21': { ru: 'токи', en: 'currents' },
  '30': { ru: 'коэффициенты мощности', en: 'power factors' },
  '40': { ru: 'частота', en: 'frequency' },
  '51': { ru: 'углы между напряжениями', en: 'angles between voltages' },
  '61': { ru: 'искажения напряжений', en: 'distortion of voltages' },
  '70': { ru: 'температура', en: 'temperature' },
  '81': { ru: 'линейные напряжения', en: 'line voltages' },
  A0: { ru: 'все величины', en: 'all values' },
};

/** The label of an exchange in words; one of an unknown form stays as the protocol wrote it. */
export function exchangeLabelText(label: string, language: Language): string {
  for (const [form, text] of LABELS) {
    const groups = form.exec(label)?.groups;
    if (groups !== undefined) return fillText(text[language], slotTexts(groups, language));
  }
  return language === 'ru' ? (RUSSIAN_NAMES[label] ?? label) : label;
}

/** Arrays, journals and what is written by name; a month behind them; arguments that the protocol writes in hex as numbers. */
function slotTexts(groups: Readonly<Record<string, string | undefined>>, language: Language): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).map(([slot, value = '']) => {
      if (slot === 'array') return [slot, ARRAYS[value]?.[language] ?? value];
      if (slot === 'bwri') return [slot, INSTANTANEOUS[value]?.[language] ?? value];
      if (slot === 'name') return [slot, JOURNALS[value]?.[language] ?? value];
      if (slot === 'what') return [slot, language === 'ru' ? (RUSSIAN_NAMES[value] ?? value) : value];
      if (slot === 'behind') return [slot, value === '' ? '' : ` ${value}`];
      return [slot, slot.startsWith('hex') ? String(Number.parseInt(value, 16)) : value];
    }),
  );
}
