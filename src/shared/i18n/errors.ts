import { ERROR_CODES, type ErrorCode } from '../api/errors.ts';
import type { Advice, InBoth } from './language.ts';

/** A text for every error code: a code without one does not compile. */
export const ERROR_TEXTS: Readonly<Record<ErrorCode, InBoth<Advice>>> = {
  'line/open-failed': both(
    [
      'Канал связи не открывается',
      'Счётчики этого канала не опрашиваются.',
      'Проверьте питание и адрес шлюза или кабель преобразователя RS-485.',
    ],
    [
      'The line does not open',
      'Meters on this line are not polled.',
      'Check the power and the address of the gateway, or the cable of the RS-485 adapter.',
    ],
  ),
  'line/lost': both(
    [
      'Связь с каналом оборвалась',
      'Опрос его счётчиков остановлен до восстановления связи.',
      'Проверьте сеть до шлюза или USB-преобразователь; опрос возобновится сам.',
    ],
    [
      'The line was lost',
      'Polling of its meters has stopped until it is back.',
      'Check the network to the gateway or the USB adapter; polling resumes by itself.',
    ],
  ),
  'line/in-use': both(
    [
      'Порт занят другой программой',
      'Опрос счётчиков канала остановлен.',
      'Закройте программу-конфигуратор счётчика или выберите другой порт.',
    ],
    [
      'The port is used by another program',
      'Meters on this line are not polled.',
      'Close the configuration program of the meter or choose another port.',
    ],
  ),
  'transport/timeout': both(
    [
      'Счётчик не ответил вовремя',
      'Показания не получены; опрос повторится.',
      'Если повторяется, проверьте питание счётчика, его адрес и концы линии RS-485.',
    ],
    [
      'The meter did not answer in time',
      'No values were read; the request will be repeated.',
      'If it goes on, check the power of the meter, its address and the ends of the RS-485 line.',
    ],
  ),
  'transport/bad-checksum': both(
    [
      'Ответ счётчика пришёл с искажением',
      'Такой ответ не принят; запрос повторится.',
      'Проверьте экран, согласующие резисторы и скорость линии.',
    ],
    [
      'The answer of the meter was damaged',
      'It was not accepted; the request will be repeated.',
      'Check the shield, the terminators and the speed of the line.',
    ],
  ),
  'transport/short-frame': both(
    ['Ответ счётчика оборван', 'Такой ответ не принят; запрос повторится.', 'Проверьте линию и настройку тайм-аута шлюза.'],
    [
      'The answer of the meter broke off',
      'It was not accepted; the request will be repeated.',
      'Check the line and the time-out set in the gateway.',
    ],
  ),
  'transport/wrong-address': both(
    [
      'Ответил счётчик с другим сетевым адресом',
      'Ответ не принят.',
      'Проверьте, нет ли на линии двух счётчиков с одним адресом или второго опрашивающего.',
    ],
    [
      'A meter with another address answered',
      'The answer was not accepted.',
      'Check the line for two meters at one address or a second master.',
    ],
  ),
  'transport/unexpected-length': both(
    [
      'Длина ответа не та, что ожидалась',
      'Ответ не принят; запрос повторится.',
      'Если повторяется, проверьте тип счётчика в настройке точки.',
    ],
    [
      'The answer has an unexpected length',
      'It was not accepted; the request will be repeated.',
      'If it goes on, check the type of the meter in the settings of the point.',
    ],
  ),
  'transport/echo': both(
    [
      'Преобразователь возвращает собственный запрос',
      'Ответы счётчиков не отделяются от эха.',
      'Отключите эхо в преобразователе RS-485 или замените его.',
    ],
    [
      'The adapter returns our own request',
      'Answers of the meters cannot be told from the echo.',
      'Switch the echo of the RS-485 adapter off or replace it.',
    ],
  ),
  'session/closed': both(
    [
      'Счётчик закрыл канал доступа',
      'Чтение прервано; канал будет открыт снова.',
      'Если повторяется, проверьте, не опрашивает ли счётчик кто-то ещё.',
    ],
    [
      'The meter closed the session',
      'Reading was interrupted; the session will be opened again.',
      'If it goes on, check whether somebody else polls this meter.',
    ],
  ),
  'session/denied': both(
    [
      'Счётчик не принял пароль',
      'Попытки прекращены, чтобы счётчик не заблокировался.',
      'Укажите пароль этого счётчика и разрешите опрос снова.',
    ],
    [
      'The meter refused the password',
      'No more attempts are made, so that the meter does not lock out.',
      'Enter the password of this meter and allow polling again.',
    ],
  ),
  'meter/unsupported': both(
    [
      'Счётчик не поддерживает этот запрос',
      'Этих данных у счётчика нет.',
      'Проверьте исполнение счётчика: есть ли в нём профиль мощности.',
    ],
    [
      'The meter does not support this request',
      'It does not keep these data.',
      'Check the version of the meter: whether it keeps a load profile.',
    ],
  ),
  'meter/refused': both(
    [
      'Счётчик отклонил запрос',
      'Данные не получены; запрос повторится в следующем цикле.',
      'Если повторяется, проверьте журнал событий счётчика.',
    ],
    ['The meter refused the request', 'No data; it will be asked in the next cycle.', 'If it goes on, look into the journal of the meter.'],
  ),
  'meter/wrong-serial': both(
    [
      'Отвечает счётчик с другим заводским номером',
      'Его данные не записываются в эту точку учёта.',
      'Если счётчик заменили, оформите замену; если нет, проверьте сетевой адрес.',
    ],
    [
      'A meter with another serial number answers',
      'Its data are not stored for this point.',
      'If the meter was replaced, record the replacement; if not, check the address.',
    ],
  ),
  'data/implausible': both(
    [
      'Счётчик прислал недостоверные данные',
      'Они не записаны как показания.',
      'Сверьте показания с табло счётчика; если расходятся, счётчик требует проверки.',
    ],
    [
      'The meter sent implausible data',
      'They were not stored as readings.',
      'Compare with the display of the meter; if they differ, the meter needs a check.',
    ],
  ),
  'store/in-use': both(
    ['Папка данных занята другой копией Фидера', 'Вторая копия не может писать в ту же базу.', 'Закройте другую копию или службу опроса.'],
    [
      'The data folder is used by another Feeder',
      'A second copy cannot write to the same database.',
      'Close the other copy or stop the polling service.',
    ],
  ),
  'store/read-only': both(
    ['Папка данных доступна только для чтения', 'Показания не сохраняются.', 'Дайте учётной записи Фидера право записи в папку данных.'],
    ['The data folder is read-only', 'Readings are not stored.', "Give Feeder's account the right to write to the data folder."],
  ),
  'store/newer-version': both(
    [
      'База данных создана более новой версией',
      'Эта версия её не открывает, чтобы ничего не испортить.',
      'Обновите Фидер до версии, которая создала базу.',
    ],
    [
      'The database was made by a newer version',
      'This version does not open it, so that nothing is damaged.',
      'Update Feeder to the version that made the database.',
    ],
  ),
  'store/corrupt': both(
    [
      'База данных повреждена',
      'Запись остановлена; данные в счётчиках целы.',
      'Восстановите последнюю резервную копию: недостающее Фидер дочитает из счётчиков.',
    ],
    [
      'The database is damaged',
      'Writing has stopped; the data in the meters are safe.',
      'Restore the last backup: Feeder will read what is missing from the meters.',
    ],
  ),
  'store/disk-full': both(
    [
      'На диске нет места',
      'Новые показания не сохраняются; счётчики их хранят.',
      'Освободите место: запись возобновится, пропуски будут дочитаны.',
    ],
    [
      'The disk is full',
      'New readings are not stored; the meters still hold them.',
      'Free some space: writing resumes and what is missing will be read.',
    ],
  ),
  'import/faulty-file': both(
    ['В файле есть ошибки', 'Файл не загружен, ничего не изменено.', 'Исправьте указанные строки и выберите файл снова.'],
    ['The file has faults', 'Nothing was loaded and nothing has changed.', 'Correct the rows named below and choose the file again.'],
  ),
  'import/unreadable': both(
    [
      'Файл не читается',
      'Файл повреждён, обрезан или записан в неизвестной кодировке; ничего не изменено.',
      'Запросите файл у отправителя ещё раз.',
    ],
    [
      'The file cannot be read',
      'It is damaged, cut short or in an unknown encoding; nothing has changed.',
      'Ask the sender for the file again.',
    ],
  ),
  'import/too-large': both(
    [
      'Файл больше допустимого',
      'Файл не раскрыт и не загружен, ничего не изменено.',
      'Убедитесь, что это файл макета; архив за год разделите по месяцам.',
    ],
    [
      'The file is larger than what is taken in',
      'It was neither unpacked nor loaded, nothing has changed.',
      'Make sure that it is a file of the layout; divide an archive of a year by months.',
    ],
  ),
  'import/forbidden': both(
    [
      'В файле есть то, чего в макете не бывает',
      'Файл отвергнут целиком, ничего не изменено.',
      'Выясните у отправителя, откуда файл; не открывайте его другими программами.',
    ],
    [
      'The file has what no layout ever has',
      'It was refused whole, nothing has changed.',
      'Ask the sender where it comes from, and do not open it with other programs.',
    ],
  ),
  'import/wrong-layout': both(
    ['Файл не того макета', 'Файл не загружен, ничего не изменено.', 'Проверьте, тот ли файл выбран.'],
    ['The file is of another layout', 'It was not loaded, nothing has changed.', 'Check that it is the right file.'],
  ),
  'export/folder-unavailable': both(
    [
      'Папка обмена недоступна',
      'Пакет сделан, но файлы не записаны.',
      'Проверьте сетевой диск и права на папку, затем передайте пакет повторно.',
    ],
    [
      'The exchange folder is out of reach',
      'The package is made, but its files are not written.',
      'Check the network share and the rights, then deliver the package again.',
    ],
  ),
  'export/held': both(
    [
      'Файл поставщику задержан',
      'Правила получателя не допускают пропусков: номер не занят, файл не отправлен.',
      'Откройте этот день в разделе поставщика: там названы точки учёта и причины. Когда данные дочитаются, файл уйдёт сам.',
    ],
    [
      "The supplier's file is held back",
      'The rules of the recipient allow no gaps: no number was taken and nothing was sent.',
      "Open that day among the supplier's files: it names the points and the reasons. When the data have been read the file goes out by itself.",
    ],
  ),
  'export/unsupported': both(
    ['Такой пакет в этом формате не делается', 'Файлы не записаны.', 'Выберите другой формат файла.'],
    ['This kind of package is not made in this format', 'No files were written.', 'Choose another file format.'],
  ),
  'export/mail-unavailable': both(
    [
      'Почтовый сервер недоступен',
      'Файл сделан, письмо не отправлено.',
      'Проверьте связь с сервером, его имя и порт; отправка повторится сама.',
    ],
    [
      'The mail server is out of reach',
      'The file is made, the letter is not sent.',
      'Check the connection, the name and the port of the server; sending is repeated by itself.',
    ],
  ),
  'export/mail-refused': both(
    [
      'Почтовый сервер отказал',
      'Файл сделан, письмо не отправлено.',
      'Проверьте имя и пароль почтового ящика, адреса и вид защиты соединения, затем отправьте повторно.',
    ],
    [
      'The mail server has refused',
      'The file is made, the letter is not sent.',
      'Check the account and its password, the addresses and the kind of security, then send again.',
    ],
  ),
  'export/sign-failed': both(
    [
      'Файл не подписан',
      'Команда подписи не завершилась успешно, файл не отправлен.',
      'Проверьте команду подписи, сертификат и носитель ключа, затем отправьте повторно.',
    ],
    [
      'The file is not signed',
      'The signing command has not succeeded, the file is not sent.',
      'Check the signing command, the certificate and the key, then send again.',
    ],
  ),
  'platform/old-node': both(
    [
      'Слишком старая среда выполнения',
      'Фидер не может работать с базой данных.',
      'Переустановите Фидер: нужная среда входит в установку.',
    ],
    ['The runtime is too old', 'Feeder cannot use its database.', 'Install Feeder again: it brings the right runtime.'],
  ),
  'api/invalid-argument': both(
    ['Значение не подходит', 'Ничего не изменено.', 'Исправьте отмеченные поля и повторите.'],
    ['A value does not fit', 'Nothing has changed.', 'Correct the marked fields and try again.'],
  ),
  'api/not-found': both(
    ['Такого объекта нет', 'Возможно, его удалили или ссылка устарела.', 'Вернитесь к списку и выберите снова.'],
    ['There is no such object', 'It may have been removed, or the link is old.', 'Go back to the list and choose again.'],
  ),
  'api/conflict': both(
    ['Данные успели измениться', 'Действие не выполнено.', 'Обновите экран и повторите.'],
    ['The data have changed meanwhile', 'Nothing was done.', 'Refresh the screen and try again.'],
  ),
  'api/forbidden': both(
    ['Действие запрещено', 'Для него не хватает прав или оно отключено в настройке.', 'Обратитесь к администратору Фидера.'],
    ['This is not allowed', 'Rights are missing, or it is switched off in the settings.', 'Ask the administrator of Feeder.'],
  ),
  'api/unauthorised': both(
    ['Ключ доступа не подошёл', 'Сервер опроса не отдаёт данные без ключа.', 'Введите ключ с компьютера, на котором работает Фидер.'],
    [
      'The access token was not accepted',
      'The server gives no data without it.',
      'Enter the token from the computer on which Feeder runs.',
    ],
  ),
  'api/cancelled': both(
    [
      'Нет связи с сервером опроса',
      'На экране последние полученные данные; опрос может продолжаться.',
      'Дождитесь восстановления связи или проверьте, запущен ли Фидер.',
    ],
    [
      'The server is out of reach',
      'The screen shows the last data received; polling may go on.',
      'Wait for the connection, or check that Feeder is running.',
    ],
  ),
  bug: both(
    [
      'Внутренняя ошибка Фидера',
      'Действие не выполнено; опрос счётчиков продолжается.',
      'Повторите; если не поможет, передайте журнал программы разработчику.',
    ],
    [
      'Feeder failed inside',
      'The action was not done; polling goes on.',
      "Try again; if that does not help, send the program's log to its maker.",
    ],
  ),
};

export function isErrorCode(code: string): code is ErrorCode {
  return ERROR_CODES.some((known) => known === code);
}

function both(ru: readonly [string, string, string], en: readonly [string, string, string]): InBoth<Advice> {
  return { ru: { what: ru[0], means: ru[1], todo: ru[2] }, en: { what: en[0], means: en[1], todo: en[2] } };
}
