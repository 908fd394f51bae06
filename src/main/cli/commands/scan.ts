import { AppError } from '../../../shared/api/errors.ts';
import type { FoundMeter, LogEntry, SearchRequest, SearchState } from '../../../shared/api/search.ts';
import { searchRequest } from '../../../shared/api/search.ts';
import { DEFAULT_SETTINGS } from '../../../shared/api/settings.ts';
import type { Finding } from '../../../shared/domain/finding.ts';
import { DRIVERS } from '../../drivers/registry.ts';
import { formatLineAddress, parseLineAddress } from '../../line/line-address.ts';
import { openEngineLine } from '../../lines.ts';
import { every, systemClock } from '../../platform/clock.ts';
import { loanOfOwnLine } from '../../search/borrowed-line.ts';
import { finderOf } from '../../search/desk.ts';
import { ownSetting, scopeOf } from '../../search/plan.ts';
import { Search } from '../../search/search.ts';
import type { Arguments } from '../args.ts';
import type { Command } from '../command.ts';
import { commandLogger } from '../data-folder.ts';
import { findingWords } from '../finding-words.ts';
import { readInputText } from '../input-file.ts';
import type { CommandIo } from '../io.ts';

const PROGRESS_MS = 5000;

export const scanCommand: Command = {
  name: 'scan',
  usage: '--line LINE [--addresses 1-240] [--serials FILE] [--speeds 9600-8N1,2400-8O1] [--thorough] [--driver mercury-23x]',
  summary:
    'Looks for meters on a line by identity reads alone: no channel is opened, no password tried. FILE has one serial a line. Ctrl+C ends it early, with the same summary.',
  flags: { line: 'value', addresses: 'value', serials: 'value', speeds: 'value', thorough: 'switch', driver: 'value' },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const search = openSearch(readRequest(args), io, {
      onFound: (meter) => io.out({ found: foundRow(meter) }),
      // The raw log, beside the results.
      ...(args.isSet('trace') ? { onExchange: (entry: LogEntry) => io.log(JSON.stringify(entry)) } : {}),
    });
    const state = await runSearch(search, io);
    for (const finding of state.findings) io.out({ finding: findingRow(finding) });
    io.out({ summary: summaryRow(state) });
    return state.state === 'done' && state.missing.length === 0 && !hasFault(state.findings) ? 0 : 3;
  },
};

/** The flags that name a line and what is looked for on it. */
export function readRequest(args: Arguments): SearchRequest {
  const line = args.required('line');
  const speeds = args.value('speeds');
  const serials = args.value('serials');
  const parsed = searchRequest.safeParse({
    line: formatLineAddress(parseLineAddress(line)),
    driver: args.value('driver') ?? 'mercury-23x',
    serials: serials === undefined ? [] : readSerials(serials),
    addresses: readAddresses(args.value('addresses')),
    settings: speeds === undefined ? [] : speeds.split(',').map((setting) => setting.trim()),
    isThorough: args.isSet('thorough'),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('api/invalid-argument', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, {
    hint: 'See --help of the command.',
  });
}

/** A search on a line of its own, not begun yet. */
export function openSearch(
  request: SearchRequest,
  io: CommandIo,
  listeners: { readonly onFound?: (meter: FoundMeter) => void; readonly onExchange?: (entry: LogEntry) => void } = {},
): Search {
  const address = parseLineAddress(request.line);
  const finder = finderOf(DRIVERS, request.driver);
  const scope = scopeOf(request, finder, address, []);
  // Its own log has every exchange: the frames of the line beside it would say the same twice.
  const line = openEngineLine(systemClock, commandLogger(false))({ id: 0, name: request.line, address: request.line });
  const search = new Search({
    id: 1,
    request,
    scope,
    finder,
    loan: loanOfOwnLine(line),
    lineSetting: ownSetting(address),
    isShared: false,
    clock: systemClock,
    pointOf: () => null,
    neighbours: () => [],
    ...listeners,
  });
  const { settings, exchanges, seconds } = search.plan;
  io.log(
    `at most ${exchanges} exchanges and ${seconds} s: ${settings.map((each) => `${each.addresses} addresses at ${each.setting}`).join(', ')}`,
  );
  return search;
}

/** Runs it with progress on stderr; Ctrl+C ends it. Throws what ended it before anything was asked. */
export async function runSearch(search: Search, io: CommandIo): Promise<SearchState> {
  const onAbort = () => search.cancel();
  io.signal.addEventListener('abort', onAbort, { once: true });
  const endProgress = every(systemClock, PROGRESS_MS, () => {
    const { done, total, secondsLeft, found, address } = search.state();
    io.log(`${done} of at most ${total} exchanges, ${found.length} meters found, at address ${address ?? '-'}, ${secondsLeft ?? 0} s left`);
  });
  try {
    await search.run();
  } finally {
    endProgress();
    io.signal.removeEventListener('abort', onAbort);
  }
  const state = search.state();
  if (search.failure !== null && state.done === 0 && state.findings.length === 0) throw search.failure;
  return state;
}

/** A finding as scripts read it: its code, the words for a person, its figures. A bare line has no site: the product's first language. */
export function findingRow(finding: Finding): object {
  const { code, weight, params } = finding;
  return { code, ...findingWords(finding, DEFAULT_SETTINGS.language), weight, params };
}

/** Something that costs data now. */
export function hasFault(findings: readonly Finding[]): boolean {
  return findings.some(({ weight }) => weight === 'fault');
}

function foundRow({ setting, isExpected, firstByteMs, pointCode: _pointCode, ...meter }: FoundMeter): object {
  return { ...meter, speed: setting, first_byte_ms: firstByteMs, expected: isExpected };
}

function summaryRow(state: SearchState): object {
  const seconds = state.endedAt === null ? null : (Date.parse(state.endedAt) - Date.parse(state.startedAt)) / 1000;
  return {
    line: state.line,
    state: state.state,
    thorough: state.isThorough,
    found: state.found.length,
    missing: state.missing,
    findings: state.findings.length,
    exchanges: state.done,
    seconds: seconds === null ? null : Math.round(seconds * 10) / 10,
    ...(state.error === null ? {} : { error: state.error }),
  };
}

/** One serial a line; what follows a semicolon, a comma or a tab is a remark, and so is a line without a figure. */
function readSerials(file: string): string[] {
  return readInputText(file)
    .split(/\r?\n/)
    .map((row) => (row.split(/[;,\t]/)[0] ?? '').trim())
    .filter((cell) => /\d/.test(cell));
}

function readAddresses(text: string | undefined): { from: number; to: number } | null {
  if (text === undefined) return null;
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (from === undefined) {
    throw new AppError('api/invalid-argument', `"${text}" is no range of addresses`, { hint: 'Write 1-240, or one address.' });
  }
  return { from: Number(from), to: Number(to ?? from) };
}
