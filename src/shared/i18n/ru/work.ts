/** Work that takes its time. */
export const work = {
  work: {
    kind: {
      'package-preview': 'Расчёт состава пакета',
      package: 'Формирование пакета',
      corrections: 'Поиск изменений после отправки',
      'report-sheet': 'Построение отчёта',
      report: 'Выгрузка отчёта в файл',
      proposals: 'Подбор замещающей информации',
      'month-check': 'Проверка месяца',
      'month-closing': 'Закрытие месяца',
    },
    step: {
      points: 'точка {{done}} из {{of}}',
      parts: 'шаг {{done}} из {{of}}',
      pages: 'страница {{done}} из {{of}}',
      files: 'файл {{done}} из {{of}}',
    },
    stage: { points: 'подготовка', parts: 'подготовка', pages: 'вёрстка страниц', files: 'запись файлов' },
    for: 'идёт {{time}}',
    to: ' – ',
    stop: 'Остановить',
    committed: 'номер уже занят, остановить нельзя',
    keeping: 'результат записывается, остановить нельзя',
    stopped: 'Остановлено. Ничего не записано и не отправлено.',
    again: 'Повторить',
  },
};
