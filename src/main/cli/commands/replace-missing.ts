/** Commands for figures that nobody measured, and for months that are closed. */
import { AppError } from '../../../shared/api/errors.ts';
import type { CallContext } from '../../../shared/api/dispatch.ts';
import { month as monthSchema, type ReplacementDecisionView, type ReplacementProposal } from '../../../shared/api/replacement.ts';
import { REPLACEMENT_METHODS } from '../../../shared/domain/replacement.ts';
import { closingHandlers } from '../../api/closing-desk.ts';
import { replacementHandlers } from '../../api/replacement-desk.ts';
import { Site } from '../../api/site.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Store } from '../../store/store.ts';
import type { Arguments } from '../args.ts';
import type { Command } from '../command.ts';
import { openWriter } from '../data-folder.ts';
import { outAll } from '../io.ts';

const CONTEXT: CallContext = { transport: 'cli', role: 'administrator' };

/** Runs on the data folder as its one writer. */
async function withDesks<T>(args: Arguments, run: (desks: ReturnType<typeof desksOf>) => Promise<T>): Promise<T> {
  const store = openWriter(args.required('data'), args.isSet('trace'));
  try {
    return await run(desksOf(store));
  } finally {
    store.close();
  }
}

function desksOf(store: Store) {
  const deps = { site: new Site({ store, clock: systemClock, engine: () => null }), store, onReplaced: () => {} };
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
  run: (args, io) =>
    withDesks(args, async (desks) => {
      if (args.value('withdraw') !== undefined) {
        const decisionId = args.integer('withdraw', { min: 1, max: Number.MAX_SAFE_INTEGER, fallback: 0 });
        const by = { author: args.required('author'), reason: args.required('reason') };
        io.out(decisionLine(await desks['replacements.withdraw']({ decisionId, ...by }, CONTEXT)));
        return 0;
      }
      const month = monthFlag(args.required('month'));
      const pointCode = args.value('point');
      const method = methodFlag(args.value('method'));
      const ask = () => desks['replacements.propose']({ month, ...(pointCode === undefined ? {} : { pointCode }) }, CONTEXT);
      const { proposals } = await ask();
      if (!args.isSet('approve')) {
        await outAll(io, proposals.map(proposalLine));
        return proposals.length === 0 ? 0 : 3;
      }
      const choices = proposals.flatMap(({ pointId, channel, from, options }) => {
        const option = method === null ? options[0] : options.find((candidate) => candidate.method === method);
        return option === undefined
          ? []
          : [{ pointId, channel, from, method: option.method, fingerprint: option.fingerprint, energy: null }];
      });
      const by = { author: args.required('author'), reason: args.required('reason'), document: args.value('document') ?? null };
      const decisions = choices.length === 0 ? [] : await desks['replacements.approve']({ month, choices, ...by }, CONTEXT);
      await outAll(io, decisions.map(decisionLine));
      return choices.length === proposals.length ? 0 : 3;
    }),
};

export const monthCommand: Command = {
  name: 'month',
  usage:
    '(list | check YYYY-MM | close YYYY-MM --author NAME --reason TEXT [--confirm CODE] | open YYYY-MM --author NAME --reason TEXT) --data DIR',
  summary:
    'Months and their closing. check tells what is open in a month and, at its end, the code that close wants when something is. Figures of a closed month stay as they are until it is opened again.',
  flags: { data: 'value', author: 'value', reason: 'value', confirm: 'value' },
  words: { min: 1, max: 2 },
  run: (args, io) =>
    withDesks(args, async (desks) => {
      const [what, word] = args.words;
      const by = () => ({ month: monthFlag(word), author: args.required('author'), reason: args.required('reason') });
      switch (what) {
        case 'list':
          await outAll(io, await desks['months.list']({}, CONTEXT));
          return 0;
        case 'check': {
          const check = await desks['months.check']({ month: monthFlag(word) }, CONTEXT);
          io.out(check);
          return check.lacks.length === 0 ? 0 : 3;
        }
        case 'close':
          io.out(await desks['months.close']({ ...by(), confirmation: args.value('confirm') ?? null }, CONTEXT));
          return 0;
        case 'open':
          io.out(await desks['months.open'](by(), CONTEXT));
          return 0;
        default:
          throw new AppError('api/invalid-argument', `There is no "month ${what ?? ''}"`, { hint: 'Use list, check, close or open.' });
      }
    }),
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
