/** Writing to a meter in words: what is written, what follows from it, how it ended and what stands in the way. */
import type { WritePlan } from '../api/meters.ts';
import type { MeterWriteKind, WriteOutcome } from '../domain/meter-write.ts';
import type { InBoth, Language } from './language.ts';

export interface WriteText {
  readonly name: string;
  /** What the person agrees to. */
  readonly consequence: string;
}

export const WRITE_TEXTS: Readonly<Record<MeterWriteKind, InBoth<WriteText>>> = {
  'clock-correct': {
    ru: {
      name: 'Коррекция часов',
      consequence:
        'Часы плавно подойдут к времени компьютера, не более чем на 4 минуты и один раз в сутки. Интервалы сохранятся; затронутые будут помечены неполными.',
    },
    en: {
      name: 'Correct the clock',
      consequence:
        'The clock moves gradually to the time of the computer, by 4 minutes at most and once a day. No interval is lost; those concerned are marked incomplete.',
    },
  },
  'clock-set': {
    ru: {
      name: 'Установка часов',
      consequence:
        'Часы сразу получат время компьютера. Порядок записей профиля нарушится: интервалы вокруг этого момента могут пропасть или повториться. Сначала дочитайте профиль.',
    },
    en: {
      name: 'Set the clock',
      consequence:
        'The clock takes the time of the computer at once. The order of the profile is disturbed: intervals near this moment may be lost or repeated. Read the profile out first.',
    },
  },
  address: {
    ru: {
      name: 'Сетевой адрес',
      consequence: 'Счётчик перестанет отвечать по прежнему адресу. Если новый адрес на линии уже занят, пропадут оба счётчика.',
    },
    en: {
      name: 'Network address',
      consequence:
        'The meter no longer answers at its old address. If another meter of the line has the new one, both can no longer be read.',
    },
  },
  'line-parameters': {
    ru: {
      name: 'Скорость и чётность интерфейса',
      consequence:
        'Примерно через секунду счётчик перейдёт на новые параметры и по прежним отвечать не будет. Порт или шлюз и остальные счётчики линии нужно перевести на них же.',
    },
    en: {
      name: 'Speed and parity of the interface',
      consequence:
        'About a second later the meter uses the new settings and no longer answers by the old ones. The port or gateway and the other meters of the line must follow.',
    },
  },
  'season-off': {
    ru: {
      name: 'Запрет перехода на сезонное время',
      consequence: 'Счётчик больше не будет переводить часы весной и осенью. Текущее время часов не изменится.',
    },
    en: {
      name: 'Forbid the switching of seasons',
      consequence: 'The meter no longer moves its clock in spring and autumn. The time it shows now does not change.',
    },
  },
  relay: {
    ru: {
      name: 'Включение или отключение нагрузки',
      consequence:
        'Реле счётчика сработает сразу. При отключении потребитель останется без электроэнергии, при включении напряжение появится у него без предупреждения: убедитесь, что это безопасно.',
    },
    en: {
      name: 'Connect or disconnect the load',
      consequence:
        'The relay acts at once. Off, the consumer is left without power; on, voltage appears there without warning: make sure that it is safe.',
    },
  },
  'profile-period': {
    ru: {
      name: 'Период профиля мощности',
      consequence:
        'Профиль в памяти счётчика будет стёрт, запись начнётся заново; стирание занимает несколько минут. Непрочитанные интервалы пропадут безвозвратно.',
    },
    en: {
      name: 'Period of the load profile',
      consequence:
        'The profile in the memory of the meter is wiped and begins anew; wiping takes minutes. Intervals that were not read are lost for good.',
    },
  },
};

export const WRITE_OUTCOME_TEXTS: Readonly<Record<WriteOutcome, InBoth<string>>> = {
  done: { ru: 'записано', en: 'written' },
  refused: { ru: 'счётчик отказал', en: 'refused by the meter' },
  unknown: { ru: 'исход неизвестен: проверьте счётчик', en: 'the outcome is not known: check the meter' },
};

export const WRITE_OBSTACLE_TEXTS: Readonly<Record<WritePlan['obstacles'][number], InBoth<string>>> = {
  off: {
    ru: 'Запись в счётчики выключена. Её включает администратор в настройках.',
    en: 'Writing to meters is off. An administrator switches it on in the settings.',
  },
  'settlement-without-reason': {
    ru: 'Счётчик расчётный: укажите документ-основание.',
    en: 'A settlement meter: name the document that allows it.',
  },
  'clock-in-doubt': {
    ru: 'Часы компьютера не проверены: время для счётчика взять неоткуда. Настройте синхронизацию времени.',
    en: 'The clock of the computer is in doubt, so there is no time to give. Set up time synchronisation.',
  },
  'address-taken': {
    ru: 'Этот адрес на линии уже занят другим счётчиком. Выберите свободный.',
    en: 'Another meter of the line has this address. Choose a free one.',
  },
  'meter-unavailable': {
    ru: 'Счётчик сейчас не отвечает или отвечает другой. Устраните причину и повторите.',
    en: 'The meter does not answer now, or another one does. Remove the cause and try again.',
  },
  unsupported: { ru: 'Этот счётчик такой записи не умеет.', en: 'This meter cannot take such a write.' },
};

const ROLES: Readonly<Record<string, string>> = { administrator: 'администратор', engineer: 'инженер', operator: 'оператор' };
const PLACES: Readonly<Record<string, string>> = { websocket: 'браузер', http: 'HTTP', ipc: 'окно программы', cli: 'командная строка' };

/** `administrator (websocket)` of the audit log in words. */
export function whoText(who: string, language: Language): string {
  if (language === 'en') return who;
  return who.replace(/^(\w+) \((\w+)\)$/, (_, role: string, place: string) => `${ROLES[role] ?? role} (${PLACES[place] ?? place})`);
}
