/** Why a figure is absent, what happened inside an interval, and what asks for attention. */
import type { Attention } from '../api/values.ts';
import type { DayCheckObstacle, DayDiagnosis } from '../domain/day-check.ts';
import type { AbsenceReason, IntervalFlag } from '../domain/interval.ts';
import { MANUAL } from '../domain/point.ts';
import { ERROR_TEXTS, isErrorCode } from './errors.ts';
import { fillAdvice, FINDING_TEXTS } from './findings.ts';
import type { Advice, InBoth, Language } from './language.ts';
import { PACKAGE_TEXTS } from './packages.ts';

export const ABSENCE_TEXTS: Readonly<Record<AbsenceReason, InBoth<string>>> = {
  'not-read': { ru: 'ещё не прочитан из счётчика', en: 'not read from the meter yet' },
  silent: { ru: 'счётчик не отвечает', en: 'the meter does not answer' },
  'line-down': { ru: 'канал связи не работает', en: 'the line is down' },
  denied: { ru: 'счётчик не принял пароль', en: 'the meter refused the password' },
  'wrong-serial': { ru: 'отвечает счётчик с другим заводским номером', en: 'a meter with another serial answers' },
  'never-recorded': { ru: 'в профиле счётчика этой записи нет', en: 'the meter never recorded it' },
  overwritten: { ru: 'в счётчике уже затёрт новыми записями', en: 'already overwritten in the meter' },
  'meter-off': { ru: 'счётчик был без питания', en: 'the meter was without power' },
  'clock-changed': { ru: 'переведены часы счётчика', en: 'the clock of the meter was changed' },
  unsupported: { ru: 'профиля нет: счётчик его не ведёт или он без связи', en: 'no load profile: the meter keeps none or has no link' },
};

export const FLAG_TEXTS: Readonly<Record<IntervalFlag, InBoth<string>>> = {
  'power-cut': { ru: 'перерыв питания', en: 'power cut' },
  'clock-set': { ru: 'установка часов', en: 'clock set' },
  'clock-corrected': { ru: 'коррекция часов', en: 'clock corrected' },
  initialised: { ru: 'инициализация профиля', en: 'profile initialised' },
  incomplete: { ru: 'неполный интервал', en: 'incomplete interval' },
  'season-changed': { ru: 'переход сезонного времени', en: 'season change' },
  frozen: { ru: 'по замороженным показаниям', en: 'from frozen registers' },
  'proven-off': { ru: 'присоединение отключено, доказано', en: 'feeder proven dead' },
};

/** What is likely behind a day whose intervals and registers differ, or why they were not compared. */
const DAY_CHECK_TEXTS: Readonly<Record<DayDiagnosis | DayCheckObstacle, InBoth<string>>> = {
  'missing-slots': { ru: 'похоже, не хватает интервалов', en: 'intervals seem to be missing' },
  'wrong-constant': { ru: 'похоже, неверна постоянная счётчика', en: 'the constant of the meter seems to be wrong' },
  'clock-set': { ru: 'в эти сутки переводили часы счётчика', en: 'the clock of the meter was set on this day' },
  'replaced-meter': { ru: 'в эти сутки заменён счётчик', en: 'the meter was replaced on this day' },
  'shifted-by-a-slot': { ru: 'похоже, профиль сдвинут на интервал', en: 'the profile seems to be shifted by an interval' },
  unknown: { ru: 'причина не установлена', en: 'the cause is not known' },
  'registers-missing': { ru: 'нет показаний на начало или конец суток', en: 'no readings at the start or the end of the day' },
  'constant-unknown': { ru: 'постоянная счётчика ещё не прочитана', en: 'the constant of the meter was not read yet' },
  'intervals-missing': { ru: 'за сутки нет ни одного интервала', en: 'the day has no interval' },
  'period-changed': { ru: 'в эти сутки менялся период профиля', en: 'the period of the profile was changed on this day' },
};

/** A diagnosis in words; one of a newer server, or none, is a cause that is not known. */
export function dayCheckText(diagnosis: unknown, language: Language): string {
  const known: Readonly<Record<string, InBoth<string>>> = DAY_CHECK_TEXTS;
  return (known[String(diagnosis)] ?? DAY_CHECK_TEXTS.unknown)[language];
}

type AttentionCode = Attention['code'];

/** Texts take `{name}` from the parameters: show them by `attentionAdvice`. */
export const ATTENTION_TEXTS: Readonly<Record<AttentionCode, InBoth<Advice>>> = {
  ...FINDING_TEXTS,
  ...PACKAGE_TEXTS,
  'line-down': {
    ru: {
      what: 'Канал связи не работает',
      means: 'Счётчики канала не опрашиваются; профиль хранится в них и будет дочитан.',
      todo: 'Проверьте питание шлюза, кабель и порт.',
    },
    en: {
      what: 'The line is down',
      means: 'Its meters are not polled; they keep the profile and it will be read later.',
      todo: 'Check the power of the gateway, the cable and the port.',
    },
  },
  'meter-silent': {
    ru: {
      what: 'Счётчик не отвечает',
      means: 'Новых данных нет; остальные счётчики канала опрашиваются.',
      todo: 'Проверьте питание счётчика, сетевой адрес и присоединение к линии RS-485.',
    },
    en: {
      what: 'The meter does not answer',
      means: 'No new data; the other meters of the line are polled.',
      todo: 'Check the power of the meter, its address and its connection to the RS-485 line.',
    },
  },
  'meter-denied': {
    ru: {
      what: 'Счётчик не принял пароль',
      means: 'Опрос остановлен, чтобы счётчик не заблокировался.',
      todo: 'Уточните пароль первого уровня у владельца счётчика.',
    },
    en: {
      what: 'The meter refused the password',
      means: 'Polling has stopped, so that the meter does not lock out.',
      todo: 'Ask the owner of the meter for the password of level 1.',
    },
  },
  'wrong-serial': {
    ru: {
      what: 'Отвечает счётчик с другим заводским номером',
      means: 'Его данные в эту точку учёта не записываются: пока никто не решил, чьи они, он читается в карантин.',
      todo: 'Если счётчик заменили, оформите замену на вкладке «Установка и замена»; если нет, отклоните его и проверьте сетевые адреса на линии.',
    },
    en: {
      what: 'A meter with another serial number answers',
      means: 'Its data are not stored for this point: until somebody decides whose they are, it is read in quarantine.',
      todo: 'If the meter was replaced, record the replacement on its tab; if not, reject it and check the addresses on the line.',
    },
  },
  'clock-deviation': {
    ru: {
      what: 'Часы счётчика расходятся с точным временем',
      means: 'Энергия может попадать в соседний интервал.',
      todo: 'Проверьте часы компьютера, затем скорректируйте часы счётчика.',
    },
    en: {
      what: 'The clock of the meter deviates',
      means: 'Energy may fall into the neighbouring interval.',
      todo: 'Check the clock of the computer, then correct the clock of the meter.',
    },
  },
  'backup-failed': {
    ru: {
      what: 'Резервная копия не сделана',
      means: 'Данные собираются, но новой копии на случай отказа диска нет.',
      todo: 'Проверьте место на диске и папку копий на странице «Состояние системы», затем сделайте копию.',
    },
    en: {
      what: 'The backup copy was not made',
      means: 'Data are collected, but there is no new copy for the day on which the disk fails.',
      todo: 'Check the free space and the folder of the copies on the System page, then make a copy.',
    },
  },
  'pc-clock-wrong': {
    ru: {
      what: 'Часы компьютера неверны на {seconds} с',
      means:
        'Так говорят часы большинства счётчиков. Интервалы раскладываются по часам счётчиков, но отправка по расписанию идёт по часам компьютера.',
      todo: 'Проверьте дату, время и часовой пояс компьютера и службу времени.',
    },
    en: {
      what: 'The clock of the computer is wrong by {seconds} s',
      means: 'Most meters say so. Intervals are placed by the clocks of the meters, but schedules go by the clock of the computer.',
      todo: 'Check date, time and zone of the computer, and its time service.',
    },
  },
  'sum-mismatch': {
    ru: {
      what: 'Сумма интервалов за сутки не сходится с показаниями',
      means: 'Профиль и показания на начало суток говорят разное: один из них нельзя отдавать, не разобравшись.',
      todo: 'Откройте «Полноту данных», посмотрите заключение по этим суткам и перечитайте их из счётчика.',
    },
    en: {
      what: 'The sum of the intervals of a day does not match the readings',
      means: 'The profile and the readings at the start of the day tell different things: one of them must not be handed over unexamined.',
      todo: 'Open Completeness, look at the diagnosis of the day and have it read again from the meter.',
    },
  },
  'supply-off-alone': {
    ru: {
      what: 'Счётчик был без питания, а соседние присоединения работали',
      means: 'Отключено само присоединение, или счётчик остался без напряжения из-за предохранителя ТН или цепей: тогда был недоучёт.',
      todo: 'Проверьте по журналу подстанции, отключалось ли присоединение. Если нет, осмотрите цепи напряжения и оформите недоучёт.',
    },
    en: {
      what: 'The meter was without supply while its neighbours were working',
      means: 'Either the feeder itself was off, or the meter lost its voltage by a VT fuse or the circuits: then load flowed unmetered.',
      todo: 'See in the log of the substation whether the feeder was off. If not, examine the voltage circuits and record the unmetered energy.',
    },
  },
  'phase-lost': {
    ru: {
      what: 'Пропало напряжение фазы',
      means: 'Если ток фазы есть, её потребление не учитывается: недоучёт.',
      todo: 'Проверьте цепи напряжения: предохранители ТН, испытательную коробку, клеммы счётчика.',
    },
    en: {
      what: 'The voltage of a phase is lost',
      means: 'If that phase carries current, its consumption is not metered.',
      todo: 'Check the voltage circuits: fuses of the VT, the test block, the terminals of the meter.',
    },
  },
  'data-missing': {
    ru: {
      what: 'Не хватает данных профиля',
      means: 'Пакет за период будет неполным.',
      todo: 'Дождитесь дочитывания или устраните причину, указанную у точки.',
    },
    en: {
      what: 'Profile data are missing',
      means: 'The package of the period will be incomplete.',
      todo: 'Wait until they are read, or remove the cause named at the point.',
    },
  },
  'supplier-file-held': {
    ru: {
      what: 'Файл поставщику придержан',
      means: 'Данных за сутки не хватает или файл не проходит проверку получателя; поставщик его не получит.',
      todo: 'Откройте «Файлы поставщику», посмотрите причины по точкам учёта, дочитайте данные или утвердите замещение и сделайте файл.',
    },
    en: {
      what: "The supplier's file is held",
      means: "Figures of the day are lacking, or the recipient's rules refuse the file; the supplier does not get it.",
      todo: "Open Supplier's files, look at the reasons by point, read the data or approve replacements, then make the file.",
    },
  },
  'supplier-file-due': {
    ru: {
      what: 'Файл поставщику ещё не сделан',
      means: 'Срок передачи за эти сутки близок или уже прошёл.',
      todo: 'Откройте «Файлы поставщику», проверьте полноту данных и сделайте файл за эти сутки.',
    },
    en: {
      what: "The supplier's file is not made yet",
      means: 'The deadline of the day is near or has passed.',
      todo: "Open Supplier's files, see whether the data are complete and make the file of the day.",
    },
  },
  'supplier-file-failed': {
    ru: {
      what: 'Файл поставщику не передан',
      means: 'Файл сделан и сохранён под своим номером, но до получателя не дошёл.',
      todo: 'Проверьте папку, почтовый сервер или команду подписи и отправьте файл повторно.',
    },
    en: {
      what: "The supplier's file was not handed over",
      means: 'The file is made and kept under its number, but has not reached the recipient.',
      todo: 'Check the folder, the mail server or the signing command, then send the file again.',
    },
  },
  'supplier-file-rejected': {
    ru: {
      what: 'Поставщик не принял файл',
      means: 'Данные за эти сутки у поставщика не загружены.',
      todo: 'Посмотрите квитанцию, исправьте коды точек учёта или настройки файла и сделайте файл с большим номером.',
    },
    en: {
      what: 'The supplier has rejected the file',
      means: "The figures of the day are not in the supplier's database.",
      todo: 'Look at the reply, correct the codes of the points or the settings, then make a file with a larger number.',
    },
  },
  'supplier-file-no-reply': {
    ru: {
      what: 'Нет квитанции от поставщика',
      means: 'Файл передан, но принят ли он, неизвестно.',
      todo: 'Уточните у поставщика, получен ли файл; при необходимости отправьте его повторно.',
    },
    en: {
      what: 'No reply from the supplier',
      means: 'The file was handed over; whether it was accepted is not known.',
      todo: 'Ask the supplier whether the file has arrived; send it again when needed.',
    },
  },
  'supplier-file-changed': {
    ru: {
      what: 'Данные за переданные сутки изменились',
      means: 'У поставщика остались прежние цифры: данные пришли позже или утверждено замещение.',
      todo: 'Откройте «Файлы поставщику» и сделайте исправление за эти сутки.',
    },
    en: {
      what: 'The figures of a day that was handed over have changed',
      means: 'The supplier has the earlier ones: data came later, or a replacement was approved.',
      todo: "Open Supplier's files and make a correction of the day.",
    },
  },
  'supplier-reply-refused': {
    ru: {
      what: 'Квитанция не разобрана',
      means: 'Файл в папке квитанций не является квитанцией на наш файл; состояние файлов не изменено.',
      todo: 'Откройте «Файлы поставщику»: там названа причина. Лишний файл уберите из папки квитанций.',
    },
    en: {
      what: 'A reply was refused',
      means: 'The file in the folder of replies is no reply to a file of ours; nothing has changed.',
      todo: "Open Supplier's files: the reason is named there. Remove the file from the folder of replies.",
    },
  },
  'job-late': {
    ru: {
      what: 'Задание по расписанию не выполнено в срок',
      means: 'Пакет или отчёт за период не сформирован: не выбрана папка, нет получателя или программа не работала.',
      todo: 'Откройте «Обмен – Расписания»: состояние задания указывает, чего не хватает. Пакет можно сформировать и вручную.',
    },
    en: {
      what: 'A scheduled job is late',
      means:
        'The package or report of the period was not made: no folder was chosen, the receiver is gone, or the program was not running.',
      todo: 'Open the schedules of the exchange: the state of the job says what is lacking. The package can be made by hand, too.',
    },
  },
  'job-failed': {
    ru: {
      what: 'Задание по расписанию не выполнено',
      means: 'Пакет или отчёт за период не сформирован; попытки повторяются.',
      todo: 'Откройте «Обмен – Расписания»: в журнале задания указано, что помешало.',
    },
    en: {
      what: 'A scheduled job failed',
      means: 'The package or report of the period was not made; it is tried again.',
      todo: 'Open the schedules of the exchange: the log of the job says what stood in its way.',
    },
  },
  'store-trouble': {
    ru: {
      what: 'База данных не принимает записи',
      means: 'Новые показания не сохраняются; счётчики их хранят.',
      todo: 'Проверьте место на диске и права на папку данных.',
    },
    en: {
      what: 'The database does not accept writes',
      means: 'New readings are not stored; the meters still hold them.',
      todo: 'Check the free space and the rights on the data folder.',
    },
  },
  'meter-unsupported': {
    ru: {
      what: 'Счётчик не ведёт профиль мощности',
      means:
        'Получасовые интервалы считаются по показаниям, замороженным на их границах; пропущенное при остановке программы не восстановить.',
      todo: 'Держите программу включённой или замените счётчик на исполнение с профилем.',
    },
    en: {
      what: 'The meter keeps no load profile',
      means: 'Its half-hours come from registers frozen at their boundaries; what passes while Feeder is off cannot be had.',
      todo: 'Keep Feeder running, or replace the meter with a version that has a profile.',
    },
  },
};

/** What asks for attention, in words without its figures: they stand beside it, and one heading serves many subjects. */
export function attentionAdvice(code: AttentionCode, language: Language): Advice {
  return fillAdvice(ATTENTION_TEXTS[code][language], {}, language);
}

/** Short reasons of a live value's state, besides the absence reasons and the error codes. */
const STATE_TEXTS: Readonly<Record<string, InBoth<string>>> = {
  stale: { ru: 'значения устарели', en: 'the values are old' },
  'phase-lost': { ru: 'пропало напряжение фазы', en: 'the voltage of a phase is lost' },
  'clock-deviation': { ru: 'часы счётчика расходятся с точным временем', en: 'the clock of the meter deviates' },
  [MANUAL]: { ru: 'без связи: показания вручную', en: 'no link: read by people' },
  'switched-off': { ru: 'точка отключена', en: 'the point is switched off' },
  incomplete: { ru: 'данные неполны', en: 'the data are incomplete' },
};

/** A reason code in words; a code of a newer server never reaches the screen as it is. */
export function reasonText(code: string, language: Language): string {
  const known: Readonly<Record<string, InBoth<string>>> = { ...ABSENCE_TEXTS, ...STATE_TEXTS };
  const text = known[code];
  if (text !== undefined) return text[language];
  if (isErrorCode(code)) return ERROR_TEXTS[code][language].what.toLowerCase();
  return language === 'ru' ? 'причина не определена' : 'the cause is not known';
}
