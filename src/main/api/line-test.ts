/** Tests of lines: over the desk that runs them. */
import type { SearchDesk } from '../search/desk.ts';
import type { Handlers } from './dispatch.ts';

type LineTestMethod = Extract<keyof Handlers, `lineTest.${string}`>;

export function lineTestHandlers(desk: SearchDesk): Pick<Handlers, LineTestMethod> {
  return {
    'lineTest.start': ({ lineId, exchanges }) => desk.startTest(lineId, exchanges),
    'lineTest.get': ({ testId }) => desk.test(testId),
    'lineTest.cancel': ({ testId }) => desk.cancelTest(testId),
    'lineTest.list': ({ lineId }) => desk.tests(lineId),
  };
}
