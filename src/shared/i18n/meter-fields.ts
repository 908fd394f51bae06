/** Fields of a meter's answers (docs/decode-fields.md) as a person of the trade reads them: names, values and units. */
import type { Language } from './language.ts';
import { meterFaultText } from './meter-faults.ts';
import { quantityName } from './meter-items.ts';

/** Russian names by one part of the path or by two; English reads the path itself. */
const RUSSIAN_PARTS: Readonly<Record<string, string>> = {
  address: 'адрес',
  angle: 'угол',
  archive: 'архив',
  'archive.crc': 'контрольная сумма среза',
  'archive.kind': 'вид архива',
  'archive.time': 'время среза',
  archive_kind: 'вид архива',
  argument: 'дополнительные байты запроса',
  array: 'массив',
  average: 'среднее',
  averaging: 'время усреднения',
  backlight: 'подсветка табло',
  band: 'уровень',
  battery: 'батарея',
  baud_rate: 'скорость, бит/с',
  before: 'до коррекции',
  after: 'после коррекции',
  begin: 'начало',
  billing_day: 'расчётный день',
  button_correction: 'коррекция часов кнопками',
  bwri: 'код величины',
  captured_events: 'зафиксированные события',
  class_active: 'класс точности по активной энергии',
  class_reactive: 'класс точности по реактивной энергии',
  clock: 'часы',
  'clock.season': 'время года',
  'clock.time': 'время счётчика',
  'clock.weekday': 'день недели',
  closed: 'закрыта',
  code: 'код',
  code07: 'байт кода 07',
  codes: 'коды записей',
  command: 'команда',
  constant: 'постоянная счётчика',
  count: 'количество',
  cover_closed: 'закрытие крышки',
  cover_opened: 'вскрытие крышки',
  crc: 'контрольная сумма',
  data: 'байты',
  date: 'дата',
  delay: 'задержка',
  depth: 'глубина',
  dips: 'провалы и перенапряжения',
  dips_journal: 'журнал провалов',
  direction: 'направление',
  'direction.active': 'направление активной мощности',
  'direction.reactive': 'направление реактивной мощности',
  directions: 'учёт по направлениям',
  duration: 'длительность',
  echo: 'эхо запроса',
  'echo.possible': 'возможно, эхо',
  end: 'конец',
  energy: 'энергия',
  energy_kind: 'вид энергии',
  energy_limit: 'лимит энергии',
  evening: 'вечерний',
  event: 'событие',
  execution: 'слово исполнения',
  'execution.relay': 'реле нагрузки',
  'execution.two_current_sensors': 'два датчика тока',
  extended_arrays: 'расширенные массивы',
  external_relay: 'внешнее реле',
  external_supply: 'внешнее питание',
  fault: 'ошибка',
  faults: 'неисправности',
  firmware: 'версия ПО',
  'firmware.date': 'дата ПО',
  firmware_crc: 'контрольная сумма ПО',
  flag: 'признак',
  'flag.current_inequality': 'неравенство токов',
  'flag.reverse_energy': 'обратная энергия',
  flags: 'признаки',
  'flags.hot_restart': 'горячий перезапуск',
  'flags.led': 'светодиод',
  'flags.season_switch_forbidden': 'сезонный перевод запрещён',
  'flags.telemetry_verification': 'выход: поверка',
  from: 'с',
  functions: 'слово функций',
  group_address: 'групповой адрес',
  gsm: 'модем GSM',
  half_hour: 'получас',
  has_profile: 'профиль мощности',
  holiday: 'праздничный день',
  holidays: 'праздничные дни',
  hour: 'час',
  hours: 'наработка',
  'hours.off': 'время без питания',
  'hours.on': 'время под питанием',
  idle: 'тайм-аут',
  iec61107: 'протокол МЭК 61107',
  imbalance: 'небаланс токов',
  incomplete: 'неполный интервал',
  indication: 'индикация',
  initialising: 'идёт инициализация',
  inter_byte: 'межбайтовый интервал',
  interface: 'интерфейс',
  interface2: 'второй интерфейс',
  internal_supply: 'внутреннее питание',
  internal_tariffs: 'внутренний тарификатор',
  journal: 'журнал',
  kind: 'вид',
  kpk: 'показатели качества',
  last: 'последнее событие',
  left: 'выход за предел',
  level: 'уровень доступа',
  limit: 'лимит',
  'limit.energy': 'лимит энергии',
  'limit.power': 'лимит мощности',
  limit_control: 'контроль лимита',
  load: 'управление нагрузкой',
  'load.is_off': 'нагрузка отключена',
  'load.off_by_interface': 'отключена по интерфейсу',
  'load.output_is_control': 'выход управляет нагрузкой',
  location: 'место установки',
  long_operations: 'длительные операции',
  losses: 'потери',
  'losses.mode': 'режим учёта потерь',
  main: 'основной интерфейс',
  additional: 'дополнительный интерфейс',
  manufactured: 'дата выпуска',
  max: 'максимум',
  max_limit: 'верхний предельный уровень',
  max_normal: 'верхний нормальный уровень',
  maxima: 'часы максимумов',
  maxima_by_tariff: 'максимумы по тарифам',
  maximum: 'максимум',
  meaning: 'значение',
  memory: 'память',
  memory_address: 'адрес в памяти',
  min_limit: 'нижний предельный уровень',
  min_normal: 'нижний нормальный уровень',
  min_temperature: 'нижний предел температуры',
  mode: 'режим',
  module_bay_seal: 'пломба отсека модуля',
  month: 'месяц',
  months: 'месяцы',
  morning: 'утренний',
  multiplier: 'множитель тайм-аута',
  network_address: 'сетевой адрес',
  neutral_current: 'ток нейтрали',
  new: 'новый',
  noise: 'посторонние байты',
  nominal_current: 'номинальный ток',
  nominal_voltage: 'номинальное напряжение',
  number: 'исполнение №',
  off: 'выключение',
  old: 'прежний',
  on: 'включение',
  open_level_2: 'открыт уровень 2',
  opened: 'вскрыта',
  optical_port: 'оптопорт',
  output: 'выход',
  output_mode: 'режим выхода',
  overflow: 'память заполнена',
  parameter: 'параметр',
  parameters: 'параметры',
  parity: 'чётность',
  password_form: 'вид пароля',
  period: 'период',
  permanent: 'за всё время',
  phase_energy: 'учёт по фазам',
  phases: 'число фаз',
  plc1: 'модем PLC-I',
  plc2: 'модем PLC-II',
  port: 'порт',
  power: 'мощность',
  power_limit: 'лимит мощности',
  power_off: 'отключение питания',
  power_on: 'включение питания',
  profile: 'профиль',
  'profile.address_field': 'адрес последней записи, как передан',
  'profile.record_address': 'адрес последней записи',
  'profile.time': 'конец последнего интервала',
  profile_array: 'массив профиля',
  profile_memory: 'память профиля',
  protective_cover_seal: 'пломба защитной крышки',
  protocol: 'протокол',
  pulse_constant: 'постоянная выхода',
  quadrants_by_tariff: 'квадранты по тарифам',
  quality: 'нормы качества',
  quality_control: 'контроль качества',
  ratio: 'коэффициент трансформации',
  'ratio.ct': 'Ктт',
  'ratio.vt': 'Ктн',
  raw: 'как передано',
  reclosing: 'повторное включение',
  record: 'запись профиля',
  'record.time': 'конец интервала',
  records_back: 'записей назад',
  relay: 'реле нагрузки',
  relay_state_control: 'контроль состояния реле',
  repeated_code: 'код запроса в ответе',
  repeats_code: 'повтор кода запроса',
  reserved: 'резерв',
  resettable: 'с момента сброса',
  returned: 'возврат в предел',
  schedule: 'расписание',
  season: 'время года',
  season_flag: 'сезонный перевод',
  season_switch: 'сезонный перевод',
  season_switch_forbidden: 'сезонный перевод запрещён',
  second_profile: 'второй профиль',
  serial: 'заводской номер',
  set: 'записать',
  'set.clock': 'время счётчика',
  'set.time': 'время суток',
  'set.weekday': 'день недели',
  slot: 'место в журнале',
  status: 'состояние',
  'status.meaning': 'ответ в словах',
  status_word: 'слово состояния',
  sum: 'сумма по тарифам',
  sums_by_modulus: 'учёт по модулю',
  switch: 'переключение',
  tariff: 'тариф',
  'tariff.current': 'текущий тариф',
  'tariff.is_single': 'однотарифный',
  tariff_by_voltage: 'тариф по напряжению',
  tariffs: 'тарифов',
  time: 'время',
  timeout_multiplier: 'множитель тайм-аута',
  timer: 'таймер',
  times: 'периоды',
  to: 'по',
  top_cover_seal: 'пломба верхней крышки',
  tries: 'попыток',
  type: 'тип',
  variant: 'вариант исполнения',
  'variant.byte7': 'байт 7',
  'variant.byte8': 'байт 8',
  variant_code: 'код исполнения',
  weekday: 'день недели',
  weekdays: 'дни недели',
  wipes: 'стирает профиль',
};

const QUANTITY = /^(?:[PQS]\d?|U\d{1,2}|I\d|cos\d?|F|angle\d\d|KU\d|T)$/;
const PHASES: Readonly<Record<string, string>> = { L1: 'фаза A', L2: 'фаза B', L3: 'фаза C' };

/** `энергия, A+, тариф 1`; a part without a name stays as it is. English: `energy, A+, T1`. */
export function meterFieldName(name: string, language: Language): string {
  const parts = name.split('.');
  if (language === 'en')
    return parts.map((part) => (QUANTITY.test(part) ? quantityName(part, 'en') : part.replaceAll('_', ' '))).join(', ');
  const words: string[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? '';
    const both = RUSSIAN_PARTS[`${part}.${parts[at + 1] ?? ''}`];
    if (both !== undefined) {
      words.push(both);
      at += 1;
    } else if (/^\d+$/.test(part) && words.length > 0) words.push(`${words.pop() ?? ''} ${part}`);
    else words.push(russianPart(part));
  }
  // A setting to be written and a field of the execution variant say enough by themselves.
  if (words.length > 1 && (parts[0] === 'set' || parts[0] === 'variant')) words.shift();
  return words.join(', ');
}

function russianPart(part: string): string {
  if (QUANTITY.test(part)) return quantityName(part, 'ru');
  if (/^T[1-4]$/.test(part)) return `тариф ${part.slice(1)}`;
  if (/^R[1-4]$/.test(part)) return `реактивная, квадрант ${part.slice(1)}`;
  return PHASES[part] ?? RUSSIAN_PARTS[part] ?? part;
}

const RUSSIAN_VALUES: Readonly<Record<string, string>> = {
  true: 'да',
  false: 'нет',
  winter: 'зимнее',
  summer: 'летнее',
  forward: 'прямое',
  reverse: 'обратное',
  dip: 'провал',
  swell: 'перенапряжение',
  none: 'нет',
  odd: 'нечётная',
  even: 'чётная',
  '': 'нет',
};

/** A value of a field without its unit: yes and no, dates, faults by their meaning, the decimal comma. */
function meterFieldValue({ name, value, unit }: { name: string; value: string; unit: string | null }, language: Language): string {
  if (/\.(?:faults|flags)$/.test(name) && /^E-\d\d/.test(value)) {
    return value
      .split(' ')
      .map((code) => meterFaultText(code, language))
      .join('; ');
  }
  const date = /^(\d{4})-(\d\d)-(\d\d)(?:T(.+))?$/.exec(value);
  if (date !== null && language === 'ru') return `${date[3]}.${date[2]}.${date[1]}${date[4] === undefined ? '' : ` ${date[4]}`}`;
  if (language === 'en') return value === '' ? 'none' : value;
  return RUSSIAN_VALUES[value] ?? (unit === null ? value : value.replace('.', ','));
}

const RUSSIAN_UNITS: Readonly<Record<string, string>> = {
  Wh: 'Вт·ч',
  varh: 'вар·ч',
  kWh: 'кВт·ч',
  kvarh: 'квар·ч',
  W: 'Вт',
  var: 'вар',
  VA: 'В·А',
  kW: 'кВт',
  kvar: 'квар',
  V: 'В',
  A: 'А',
  Hz: 'Гц',
  deg: '°',
  degC: '°C',
  percent: '%',
  one: '',
  count: 'ед.',
  bytes: 'Б',
  'imp/kWh': 'имп/(кВт·ч)',
  ms: 'мс',
  s: 'с',
  min: 'мин',
  h: 'ч',
};
const ENGLISH_UNITS: Readonly<Record<string, string>> = { deg: '°', degC: '°C', percent: '%', one: '', count: '' };

/** The unit of a field; empty for pure numbers. */
export function meterUnitText(unit: string | null, language: Language): string {
  if (unit === null) return '';
  return (language === 'ru' ? RUSSIAN_UNITS : ENGLISH_UNITS)[unit] ?? unit;
}

/** Value with its unit, which stays on its line. */
export function meterValueText(field: { name: string; value: string; unit: string | null }, language: Language): string {
  const unit = meterUnitText(field.unit, language);
  return `${meterFieldValue(field, language)}${unit === '' ? '' : `\u00a0${unit}`}`;
}
