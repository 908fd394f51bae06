import type { SystemStatus } from '../../shared/api/methods.ts';
import type { InBoth } from '../../shared/i18n/language.ts';

/** The words of the shell: tray, menu and dialogs. What stands inside the window is in the screens. */
export interface ShellText {
  readonly product: string;
  readonly open: string;
  readonly quit: string;
  readonly quitNow: string;
  readonly cancel: string;
  readonly quitQuestion: string;
  readonly quitDetail: string;
  readonly startFailed: string;
  readonly state: (status: SystemStatus) => string;
}

export const SHELL_TEXT: InBoth<ShellText> = {
  ru: {
    product: 'Фидер',
    open: 'Открыть Фидер',
    quit: 'Завершить работу…',
    quitNow: 'Завершить',
    cancel: 'Отмена',
    quitQuestion: 'Завершить работу Фидера?',
    quitDetail: 'Опрос счётчиков остановится, файлы для 1С не будут сформированы. После запуска Фидер дочитает пропущенное из счётчиков.',
    startFailed: 'Фидер не запустился',
    state: ({ isPolling, points, attention }) =>
      [
        isPolling ? 'опрос идёт' : 'опрос остановлен',
        `точек учёта: ${points}`,
        ...(attention > 0 ? [`требует внимания: ${attention}`] : []),
      ].join(', '),
  },
  en: {
    product: 'Feeder',
    open: 'Open Feeder',
    quit: 'Quit…',
    quitNow: 'Quit',
    cancel: 'Cancel',
    quitQuestion: 'Quit Feeder?',
    quitDetail: 'Polling stops and no files are made for 1C. When Feeder starts again it reads from the meters what was missed.',
    startFailed: 'Feeder did not start',
    state: ({ isPolling, points, attention }) =>
      [
        isPolling ? 'polling' : 'polling stopped',
        `metering points: ${points}`,
        ...(attention > 0 ? [`need attention: ${attention}`] : []),
      ].join(', '),
  },
};
