/** Rules of the receiver of a file 80020 in words, and the places where one is broken. */
import type { CheckRule } from '../domain/market-check.ts';
import type { InBoth, Language } from './language.ts';

/** What each rule asks for: a rule without a text does not compile. */
export const MARKET_RULE_TEXTS: Readonly<Record<CheckRule, InBoth<string>>> = {
  'file-name': both(
    'Имя файла соответствует содержимому: класс, ИНН, дата, номер, код АИИС',
    'The name of the file says what the file holds: class, sender, day, number, AIIS code',
  ),
  encoding: both(
    'Кодировка windows-1251 без метки порядка байтов, указана в первой строке',
    'windows-1251 without a byte order mark, named so in the prolog',
  ),
  schema: both(
    'Элементы, атрибуты и их порядок соответствуют макету версии 2',
    'Elements, attributes and their order are those of the layout, version 2',
  ),
  header: both(
    'Версия 2, верное время создания, известный признак летнего времени',
    'Version 2, a real moment of creation, a known mark of daylight saving',
  ),
  number: both(
    'Номер больше всех прежних номеров этого отправителя за эти сутки',
    'The number is greater than any earlier one of this sender for this day',
  ),
  day: both('Сутки есть в календаре и закончились до создания файла', 'The day is in the calendar and was over when the file was made'),
  sender: both(
    'ИНН отправителя из 10 или 12 цифр, контрольные цифры верны',
    'The tax number of the sender has 10 or 12 digits and right check digits',
  ),
  'time-zone': both('Часовая зона участка 1 или 3', 'The time zone of an area is 1 or 3'),
  'area-code': both('Коды участков из 10 цифр и относятся к одной АИИС', 'Area codes have 10 digits and belong to one AIIS'),
  'area-repeated': both('Участок встречается в файле один раз', 'An area stands once in a file'),
  'point-code': both('У точки измерений есть код, обычно из 15 цифр', 'A point has a code, usually of 15 digits'),
  'point-repeated': both('Точка измерений встречается на участке один раз', 'A point stands once in its area'),
  'channel-code': both('У точки от 1 до 4 каналов с кодами 01–04', 'A point has 1 to 4 channels with the codes 01 to 04'),
  'channel-repeated': both('Канал встречается у точки один раз', 'A channel stands once at its point'),
  'period-count': both(
    'В сутках 48 получасов, в день перевода часов — столько, сколько показали часы',
    'A day has 48 half-hours; on days of a change of the clock as many as the clock shows',
  ),
  'period-order': both(
    'Получасы идут подряд с 00:00, без пропусков и повторов',
    'Half-hours follow one another from 0000 on without holes and repeats',
  ),
  summer: both(
    'Летнее время отмечено только в день перевода часов, и о нём сказано в заголовке',
    'Only days of a change of the clock mark half-hours as summer time and say so in the header',
  ),
  'value-empty': both('Значение есть в каждом получасе', 'Every half-hour has a value'),
  'value-form': both(
    'Значения — неотрицательные числа с согласованным числом знаков после запятой',
    'Values are numbers that are not negative, with no more decimals than agreed',
  ),
  status: both(
    'Статус 0 или 1; признак 1114 стоит при статусе 1 и называет группу точек обходного выключателя',
    'The status is 0 or 1; 1114 names the group of the bypass point and goes with status 1',
  ),
  'non-commercial': both('Нет получасов со статусом 1 — некоммерческих', 'No half-hour is barred from commercial use by status 1'),
  letters: both('В наименованиях только буквы и знаки windows-1251', 'Names have letters of windows-1251 alone'),
  'both-directions': both(
    'Нет получасов с близкими по величине приёмом и отдачей',
    'Energy does not go both ways in one half-hour in like amounts',
  ),
  'value-limit': both(
    'Энергия за получас не больше, чем может пропустить присоединение',
    'No half-hour has more energy than the connection can carry',
  ),
};

/** Parts of a path of the file as a person calls them. */
const PART_WORDS: Readonly<Record<string, InBoth<string>>> = {
  message: both('', ''),
  datetime: both('заголовок', 'header'),
  sender: both('отправитель', 'sender'),
  prolog: both('первая строка', 'first line'),
  area: both('участок', 'area'),
  measuringpoint: both('точка', 'point'),
  measuringchannel: both('канал', 'channel'),
  period: both('получас', 'half-hour'),
};

/** `участок 5600010901, точка 562080073213101, канал 01, получас 00:30` of the path of a place; empty for the whole file. */
export function marketPlaceText(path: string, language: Language): string {
  return path
    .split('/')
    .map((part) => {
      const [name = '', ...rest] = part.split(' ');
      const code = rest.join(' ');
      const word = PART_WORDS[name]?.[language] ?? name;
      return `${word} ${name === 'period' ? code.replace(/^(\d\d)(\d\d)$/, '$1:$2') : code}`.trim();
    })
    .filter((part) => part !== '')
    .join(', ');
}

function both(ru: string, en: string): InBoth<string> {
  return { ru, en };
}
