import type { work as russian } from '../ru/work.ts';

export const work: typeof russian = {
  work: {
    kind: {
      'package-preview': 'Contents of a package',
      package: 'Making a package',
      corrections: 'Looking for changes since it was sent',
      'report-sheet': 'Making a report',
      report: 'Writing a report into a file',
      proposals: 'Looking for replacements',
      'month-check': 'Checking a month',
      'month-closing': 'Closing a month',
    },
    step: {
      points: 'point {{done}} of {{of}}',
      parts: 'step {{done}} of {{of}}',
      pages: 'page {{done}} of {{of}}',
      files: 'file {{done}} of {{of}}',
    },
    stage: { points: 'preparing', parts: 'preparing', pages: 'laying out pages', files: 'writing files' },
    for: 'for {{time}}',
    to: ' – ',
    stop: 'Stop',
    committed: 'its number is taken, it cannot be stopped',
    keeping: 'the result is being written, it cannot be stopped',
    stopped: 'Stopped. Nothing was written or sent.',
    again: 'Once more',
  },
};
