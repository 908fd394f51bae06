import type { MeterEventKind } from '../domain/meter-event.ts';
import type { InBoth, Language } from './language.ts';

/** What a meter wrote into its own journal. A phase, where there is one, stands beside it. */
export const EVENT_TEXTS: Readonly<Record<MeterEventKind, InBoth<string>>> = {
  'power-on': { ru: 'Питание подано', en: 'Power on' },
  'power-off': { ru: 'Питание пропало', en: 'Power off' },
  'clock-before-correction': { ru: 'Часы до коррекции', en: 'Clock before correction' },
  'clock-after-correction': { ru: 'Часы после коррекции', en: 'Clock after correction' },
  'phase-on': { ru: 'Напряжение фазы появилось', en: 'Voltage of a phase on' },
  'phase-off': { ru: 'Напряжение фазы пропало', en: 'Voltage of a phase off' },
  'power-limit-begin': { ru: 'Лимит мощности превышен', en: 'Power limit exceeded' },
  'power-limit-end': { ru: 'Мощность вернулась в лимит', en: 'Power back within the limit' },
  'tariff-schedule-changed': { ru: 'Изменено тарифное расписание', en: 'Tariff schedule changed' },
  'holidays-changed': { ru: 'Изменён список праздничных дней', en: 'Holidays changed' },
  'registers-reset': { ru: 'Сброшены регистры энергии', en: 'Energy registers reset' },
  'profile-initialised': { ru: 'Инициализирован профиль мощности', en: 'Load profile initialised' },
  'energy-limit-exceeded': { ru: 'Превышен лимит энергии', en: 'Energy limit exceeded' },
  'power-limit-changed': { ru: 'Изменён лимит мощности', en: 'Power limit changed' },
  'energy-limit-changed': { ru: 'Изменён лимит энергии', en: 'Energy limit changed' },
  'losses-changed': { ru: 'Изменены параметры учёта потерь', en: 'Settings of the losses changed' },
  'case-opened': { ru: 'Вскрыта крышка', en: 'Cover opened' },
  'case-closed': { ru: 'Крышка закрыта', en: 'Cover closed' },
  reprogrammed: { ru: 'Перепрограммирован', en: 'Reprogrammed' },
  'status-changed': { ru: 'Изменилось слово состояния', en: 'Status word changed' },
  'maxima-schedule-changed': { ru: 'Изменено расписание контроля максимумов', en: 'Schedule of the maxima changed' },
  'maxima-reset': { ru: 'Сброшены максимумы мощности', en: 'Power maxima reset' },
  'current-on': { ru: 'Ток фазы появился', en: 'Current of a phase on' },
  'current-off': { ru: 'Ток фазы пропал', en: 'Current of a phase off' },
  'magnet-begin': { ru: 'Обнаружено магнитное поле', en: 'Magnetic field detected' },
  'magnet-end': { ru: 'Магнитное поле исчезло', en: 'Magnetic field gone' },
  'quality-left': { ru: 'Напряжение или частота вышли за предел', en: 'Voltage or frequency left its limit' },
  'quality-returned': { ru: 'Напряжение или частота вернулись в предел', en: 'Voltage or frequency back within its limit' },
  'voltage-dip': { ru: 'Провал напряжения', en: 'Voltage dip' },
  'voltage-swell': { ru: 'Перенапряжение', en: 'Voltage swell' },
  'reverse-current-begin': { ru: 'Ток фазы стал обратным', en: 'Current of a phase reversed' },
  'reverse-current-end': { ru: 'Ток фазы снова прямой', en: 'Current of a phase forward again' },
  'current-without-voltage-begin': { ru: 'Ток без напряжения: начало', en: 'Current without voltage: begin' },
  'current-without-voltage-end': { ru: 'Ток без напряжения: конец', en: 'Current without voltage: end' },
  'phase-sequence-begin': { ru: 'Нарушена последовательность фаз', en: 'Phase sequence violated' },
  'phase-sequence-end': { ru: 'Последовательность фаз восстановлена', en: 'Phase sequence restored' },
  'load-control': { ru: 'Сработало управление нагрузкой', en: 'Load control acted' },
  'relay-on': { ru: 'Нагрузка включена', en: 'Load connected' },
  'relay-off': { ru: 'Нагрузка отключена', en: 'Load disconnected' },
  'parameter-changed': { ru: 'Изменены параметры счётчика', en: 'Settings of the meter changed' },
};

/** What each code of 03 writes (docs/decode-fields.md, parameters of a write). */
const WRITE_CODE_TEXTS: Readonly<Record<string, InBoth<string>>> = {
  '00': { ru: 'период профиля', en: 'profile period' },
  '05': { ru: 'сетевой адрес', en: 'network address' },
  '06': { ru: 'период второго профиля', en: 'period of the second profile' },
  '0C': { ru: 'установка часов', en: 'clock set' },
  '0D': { ru: 'коррекция часов', en: 'clock corrected' },
  '12': { ru: 'параметры порта', en: 'port' },
  '14': { ru: 'параметры связи', en: 'line parameters' },
  '15': { ru: 'параметры связи', en: 'line parameters' },
  '18': { ru: 'сезонный перевод', en: 'season switching' },
  '19': { ru: 'даты сезонного перевода', en: 'dates of the season switching' },
  '1B': { ru: 'коэффициенты трансформации', en: 'transformer ratios' },
  '1D': { ru: 'тарифное расписание', en: 'tariff schedule' },
  '1E': { ru: 'праздничные дни', en: 'holidays' },
  '1F': { ru: 'пароли', en: 'passwords' },
  '2C': { ru: 'лимит мощности', en: 'power limit' },
  '2D': { ru: 'контроль лимита мощности', en: 'control of the power limit' },
  '2E': { ru: 'лимит энергии', en: 'energy limit' },
  '2F': { ru: 'контроль лимита энергии', en: 'control of the energy limit' },
  '30': { ru: 'режим выхода', en: 'output mode' },
  '31': { ru: 'реле нагрузки', en: 'load relay' },
  '32': { ru: 'параметры связи', en: 'line parameters' },
};

/** What a write of 03 changed; a code that the documents do not name is shown as such. */
export function writeCodeText(code: string, language: Language): string {
  return WRITE_CODE_TEXTS[code.toUpperCase()]?.[language] ?? (language === 'ru' ? `код ${code}` : `code ${code}`);
}
