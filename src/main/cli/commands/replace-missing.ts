/** Commands for figures that nobody measured, and for months that are closed. */
import { AppError } from '../../../shared/api/errors.ts';
import type { CallContext } from '../../../shared/api/dispatch.ts';
import { month as monthSchema, type ReplacementDecisionView, type ReplacementProposal } from '../../../shared/api/replacement.ts';
import { REPLACEMENT_METHODS } from '../../../shared/domain/replacement.ts';
import { closingHandlers, monthCheck, monthRows } from '../../api/closing-desk.ts';
import { LongWorks } from '../../api/long-works.ts';
import { proposeMonth, replacementHandlers } from '../../api/replacement-desk.ts';
import { Site } from '../../api/site.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Store } from '../../store/store.ts';
import type { Arguments } from '../args.ts';
import type { Command } from '../command.ts';
import { openWriter, withSite } from '../data-folder.ts';
import { type CommandIo, outAll } from '../io.ts';
import { stepText, withProgress } from '../progress.ts';

const CONTEXT: CallContext = { transport: 'cli', role: 'administrator' };

/** Runs on the data folder as its one writer. */
async function withDesks<T>(args: Arguments, io: CommandIo, run: (desks: ReturnType<typeof desksOf>) => Promise<T> | T): Promise<T> {
  const store = openWriter(args.required('data'), args.isSet('trace'));
  try {
    return await run(desksOf(store, io));
  } finally {
    io.progress('');
    store.close();
  }
}

function desksOf(store: Store, io: CommandIo) {
  const works = new LongWorks({ clock: systemClock, newId: () => 'command', onChanged: (item) => io.progress(stepText(item)) });
  io.signal.addEventListener('abort', () => works.stop(), { once: true });
  const deps = { site: new Site({ store, clock: systemClock, engine: () => null }), store, works, onReplaced: () => {} };
  return { ...replacementHandlers(deps), ...closingHandlers(deps) };
}

export const replaceMissingCommand: Command = {
  name: 'replace-missing',
  usage:
    '--data DIR (--month YYYY-MM [--point CODE] [--method M] [--approve --author NAME --reason TEXT [--document TEXT]] | --withdraw ID --author NAME --reason TEXT)',
  summary:
    'Prints the gaps of a month with what may fill them. --approve puts the first method that has a figure (or the one of --method) in the place of every gap printed; --withdraw takes an approved one back. Exit 3: gaps are left.',
  flags: {
    data: 'value',
    month: 'value',
    point: 'value',
    method: 'value',
    approve: 'switch',
    withdraw: 'value',
    author: 'value',
    reason: 'value',
    document: 'value',
  },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const by = () => ({ author: args.required('author'), reason: args.required('reason') });
    if (args.value('withdraw') !== undefined) {
      const decisionId = args.integer('withdraw', { min: 1, max: Number.MAX_SAFE_INTEGER, fallback: 0 });
      io.out(decisionLine(await withDesks(args, io, (desks) => desks['replacements.withdraw']({ decisionId, ...by() }, CONTEXT))));
      return 0;
    }
    const month = monthFlag(args.required('month'));
    if (args.isSet('approve')) return withDesks(args, io, (desks) => approve(args, io, desks, { month, ...by() }));
    let isWhole = true;
    await withSite(args.required('data'), async (site) => {
      const { proposals } = await withProgress(io, (progress) => proposeMonth(site, month, args.value('point'), progress));
      isWhole = proposals.length === 0;
      await outAll(io, proposals.map(proposalLine));
    });
    return isWhole ? 0 : 3;
  },
};

/** Every gap that is asked for by its first method, or by the one of `--method`; 3 where one of them has none. */
async function approve(
  args: Arguments,
  io: CommandIo,
  desks: ReturnType<typeof desksOf>,
  by: { readonly month: string; readonly author: string; readonly reason: string },
): Promise<0 | 3> {
  const method = methodFlag(args.value('method'));
  const pointCode = args.value('point');
  const asked = { month: by.month, ...(pointCode === undefined ? {} : { pointCode }) };
  const { proposals } = await desks['replacements.propose'](asked, CONTEXT);
  const choices = proposals.flatMap(({ pointId, channel, from, options }) => {
    const option = method === null ? options[0] : options.find((candidate) => candidate.method === method);
    return option === undefined ? [] : [{ pointId, channel, from, method: option.method, fingerprint: option.fingerprint, energy: null }];
  });
  const document = args.value('document') ?? null;
  const decisions = choices.length === 0 ? [] : await desks['replacements.approve']({ ...by, choices, document }, CONTEXT);
  await outAll(io, decisions.map(decisionLine));
  return choices.length === proposals.length ? 0 : 3;
}

export const monthCommand: Command = {
  name: 'month',
  usage:
    '(list | check YYYY-MM | close YYYY-MM --author NAME --reason TEXT [--confirm CODE] | open YYYY-MM --author NAME --reason TEXT) --data DIR',
  summary:
    'Months and their closing. check tells what is open in a month and, at its end, the code that close wants when something is. Figures of a closed month stay as they are until it is opened again.',
  flags: { data: 'value', author: 'value', reason: 'value', confirm: 'value' },
  words: { min: 1, max: 2 },
  async run(args, io) {
    const [what, word] = args.words;
    const by = () => ({ month: monthFlag(word), author: args.required('author'), reason: args.required('reason') });
    switch (what) {
      case 'list':
        return withSite(args.required('data'), (site) => outAll(io, monthRows(site)));
      case 'check': {
        let isWhole = true;
        await withSite(args.required('data'), async (site) => {
          const check = await withProgress(io, (progress) => monthCheck(site, monthFlag(word), progress));
          isWhole = check.lacks.length === 0;
          io.out(check);
        });
        return isWhole ? 0 : 3;
      }
      case 'close': {
        const confirmation = args.value('confirm') ?? null;
        io.out(await withDesks(args, io, async (desks) => desks['months.close']({ ...by(), confirmation }, CONTEXT)));
        return 0;
      }
      case 'open':
        io.out(await withDesks(args, io, async (desks) => desks['months.open'](by(), CONTEXT)));
        return 0;
      default:
        throw new AppError('api/invalid-argument', `There is no "month ${what ?? ''}"`, { hint: 'Use list, check, close or open.' });
    }
  },
};

function monthFlag(text: string | undefined): string {
  const parsed = monthSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new AppError('api/invalid-argument', `"${text ?? ''}" is not a month`, { hint: 'Give it as YYYY-MM.' });
}

function methodFlag(text: string | undefined) {
  if (text === undefined) return null;
  const method = REPLACEMENT_METHODS.find((known) => known === text);
  if (method !== undefined) return method;
  throw new AppError('api/invalid-argument', `There is no method "${text}"`, { hint: `Methods: ${REPLACEMENT_METHODS.join(', ')}` });
}

/** A script knows a point by its code; energy is whole Wh or varh, primary side. */
function proposalLine(proposal: ReplacementProposal): object {
  const { code, channel, from, to, intervals, state, reason, measured, options, obstacles } = proposal;
  const [first] = options;
  return {
    point_code: code,
    channel,
    from,
    to,
    intervals,
    state,
    reason,
    measured,
    method: first?.method ?? null,
    energy: first?.energy ?? null,
    options,
    obstacles,
  };
}

function decisionLine(decision: ReplacementDecisionView): object {
  const { decisionId, code, channel, from, to, intervals, method, energy, author, reason, document, withdrawn, notNeeded } = decision;
  return {
    id: decisionId,
    point_code: code,
    channel,
    from,
    to,
    intervals,
    method,
    energy,
    author,
    reason,
    document,
    withdrawn,
    not_needed: notNeeded,
  };
}
