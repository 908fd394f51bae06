/** What of the exchange with 1C asks for attention, in words. */
import type { Attention } from '../api/values.ts';
import type { AckFault } from '../domain/package.ts';
import type { Advice, InBoth, Language } from './language.ts';

type PackageCode = Extract<Attention['code'], `package-${string}` | 'ack-refused'>;

export const PACKAGE_TEXTS: Readonly<Record<PackageCode, InBoth<Advice>>> = {
  'package-failed': {
    ru: {
      what: 'Пакет для 1С не передан',
      means: 'Получатель не видит данных этого пакета.',
      todo: 'Проверьте папку обмена и передайте пакет повторно.',
    },
    en: {
      what: 'A package for 1C was not delivered',
      means: 'The receiver does not have its data.',
      todo: 'Check the exchange folder and deliver the package again.',
    },
  },
  'package-rejected': {
    ru: {
      what: '1С отклонила пакет',
      means: 'Данные пакета в 1С не записаны.',
      todo: 'Откройте пакет, прочитайте ответ 1С, устраните причину и отправьте пакет за этот период заново. Если период в 1С закрыт, откройте его там или проведите разницу следующим месяцем.',
    },
    en: {
      what: '1C rejected a package',
      means: 'Its data were not written into 1C.',
      todo: 'Open the package, read the answer, remove the cause and send the period anew. If the period is closed in 1C, open it there or book the difference in the next month.',
    },
  },
  'package-partial': {
    ru: {
      what: '1С приняла пакет частично',
      means: 'Часть строк пакета в 1С не записана.',
      todo: 'Откройте пакет: в нём перечислены непринятые строки с причинами. Устраните их и отправьте пакет за этот период заново.',
    },
    en: {
      what: '1C took a package in part',
      means: 'Some of its rows were not written into 1C.',
      todo: 'Open the package: it lists the rows that were not taken with the reasons. Remove them and send the period anew.',
    },
  },
  'package-late': {
    ru: {
      what: '1С не подтвердила приём пакета в срок',
      means: 'Файлы лежат в папке обмена; загрузила ли их 1С, неизвестно.',
      todo: 'Проверьте регламентное задание загрузки в 1С и папку ответов. Если подтверждений от 1С не бывает, отключите их ожидание в настройке получателя.',
    },
    en: {
      what: '1C did not confirm a package in time',
      means: 'The files lie in the exchange folder; whether 1C loaded them is not known.',
      todo: 'Check the loading job in 1C and the folder of answers. If 1C gives no answers at all, switch their expectation off in the settings of the receiver.',
    },
  },
  'ack-refused': {
    ru: {
      what: 'Файл ответа 1С не принят',
      means: 'Файл повреждён или относится не к тому пакету. Состояние пакетов по нему не изменено.',
      todo: 'Найдите файл в папке ответов, выясните, кто его записал, и удалите его или пусть 1С запишет ответ заново.',
    },
    en: {
      what: 'An answer file of 1C is refused',
      means: 'The file is broken or belongs to another package. No package was changed by it.',
      todo: 'Find the file in the folder of answers, see who wrote it, and remove it or have 1C write the answer again.',
    },
  },
};

export const ACK_FAULT_TEXTS: Readonly<Record<AckFault, InBoth<string>>> = {
  'too-large': { ru: 'файл больше 1 МБ', en: 'the file is larger than 1 MB' },
  unreadable: { ru: 'файл не читается', en: 'the file cannot be read' },
  'not-text': { ru: 'это не текст', en: 'it is no text' },
  'not-key-value': { ru: 'строка не вида «ключ=значение»', en: 'a line is no key=value' },
  'key-twice': { ru: 'ключ указан дважды', en: 'a key stands twice' },
  'no-pack-id': { ru: 'нет идентификатора пакета', en: 'there is no package identifier' },
  'no-status': { ru: 'нет состояния или оно неизвестно', en: 'the status is absent or unknown' },
  'not-a-number': { ru: 'вместо числа другой текст', en: 'a number is something else' },
  'faults-too-large': { ru: 'список ошибок больше 10 МБ', en: 'the list of faults is larger than 10 MB' },
  'faults-unreadable': { ru: 'список ошибок не разобран', en: 'the list of faults cannot be read' },
  'unknown-package': { ru: 'пакета с таким именем не отправляли', en: 'no package of this name was sent' },
  'other-pack-id': { ru: 'идентификатор не от этого пакета', en: 'the identifier is not that of the package' },
  'other-pack-no': { ru: 'номер не от этого пакета', en: 'the number is not that of the package' },
};

/** The figures and words beside a cause of the exchange; null when it is no such cause or its text says everything. */
export function packageDetail({ code, params }: Pick<Attention, 'code' | 'params'>, language: Language): string | null {
  const word = (key: string) => (typeof params[key] === 'string' && params[key] !== '' ? params[key] : null);
  const isRussian = language === 'ru';
  const named = (parts: readonly (string | null)[]) => {
    const said = parts.flatMap((part) => part ?? []).join(', ');
    return [word('receiver'), said === '' ? null : said].flatMap((part) => part ?? []).join(': ') || null;
  };
  switch (code) {
    case 'package-rejected':
    case 'package-partial':
      return named([
        params['reason'] === 'period_closed' ? (isRussian ? 'период закрыт' : 'the period is closed') : (word('error') ?? word('reason')),
        typeof params['rows'] === 'number'
          ? isRussian
            ? `не принято строк: ${params['rows']}`
            : `rows not taken: ${params['rows']}`
          : null,
      ]);
    case 'package-late':
      return named([isRussian ? `${params['hours']} ч без ответа` : `${params['hours']} h without an answer`]);
    case 'ack-refused': {
      const texts: Readonly<Record<string, InBoth<string>>> = ACK_FAULT_TEXTS;
      return [word('file'), texts[word('error') ?? '']?.[language]].flatMap((part) => part ?? []).join(': ');
    }
    default:
      return null;
  }
}
