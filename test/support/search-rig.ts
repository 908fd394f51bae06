/** Searches and line tests in simulated time, over whatever port a test makes. */
import { FINDER_23X } from '../../src/main/drivers/mercury-23x/finder.ts';
import { DRIVERS } from '../../src/main/drivers/registry.ts';
import { parseLineAddress } from '../../src/main/line/line-address.ts';
import type { Port } from '../../src/main/line/port.ts';
import { openEngineLine } from '../../src/main/lines.ts';
import type { Clock } from '../../src/main/platform/clock.ts';
import { silentLogger } from '../../src/main/platform/logger.ts';
import { loanOfOwnLine } from '../../src/main/search/borrowed-line.ts';
import { finderOf } from '../../src/main/search/desk.ts';
import { LineTestRun } from '../../src/main/search/line-test.ts';
import { ownSetting, scopeOf } from '../../src/main/search/plan.ts';
import { Search, type SearchDeps } from '../../src/main/search/search.ts';
import type { SearchRequest } from '../../src/shared/api/search.ts';

/** A port for a setting, `9600-8N1` apart. */
export type MakePort = (settings: { readonly baudRate: number; readonly format: string }) => Port;

export const SERIAL_LINE = 'serial:/dev/bus:9600-8N1';

export function searchRequest(changes: Partial<SearchRequest> = {}): SearchRequest {
  return { line: SERIAL_LINE, driver: 'mercury-23x', serials: [], addresses: null, settings: [], isThorough: false, ...changes };
}

/** A search that has not begun, on a line of its own; without `makePort` over the ports of the system. */
export function makeSearch(
  clock: Clock,
  makePort: MakePort | null,
  changes: Partial<SearchRequest> = {},
  deps: Partial<SearchDeps> = {},
): Search {
  const request = searchRequest(changes);
  const address = parseLineAddress(request.line);
  const finder = finderOf(DRIVERS, request.driver);
  return new Search({
    id: 1,
    request,
    scope: scopeOf(request, finder, address, []),
    finder,
    loan: loanOfOwnLine(openLine(clock, request.line, makePort)),
    lineSetting: ownSetting(address),
    isShared: false,
    clock,
    pointOf: () => null,
    neighbours: () => [],
    ...deps,
  });
}

/** A line test that has not begun, on a line of its own. */
export function makeLineTest(
  clock: Clock,
  makePort: MakePort,
  meters: readonly { readonly address: number; readonly serial: string }[],
  exchanges = 100,
): LineTestRun {
  return new LineTestRun({
    id: 7,
    lineId: 3,
    line: SERIAL_LINE,
    kind: 'serial',
    setting: '9600-8N1',
    meters: meters.map(({ address, serial }) => ({ address, serial, pointCode: null, finder: FINDER_23X })),
    exchanges,
    loan: loanOfOwnLine(openLine(clock, SERIAL_LINE, makePort)),
    isShared: false,
    clock,
  });
}

function openLine(clock: Clock, address: string, makePort: MakePort | null) {
  const record = { id: 1, name: 'bus', address };
  if (makePort === null) return openEngineLine(clock, silentLogger)(record);
  return openEngineLine(clock, silentLogger, (line) => makePort(line.settings))(record);
}
