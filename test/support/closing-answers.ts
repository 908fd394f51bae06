/** Gaps, readings and months as a service would answer of them: what is approved moves from the gaps to the decisions. */
import type { Handlers } from '../../src/main/api/dispatch.ts';
import type { ApiEvents } from '../../src/main/api/events.ts';
import type {
  ManualReadingView,
  MonthRow,
  ReplacementBasisView,
  ReplacementDecisionView,
  ReplacementProposal,
} from '../../src/shared/api/replacement.ts';

type ClosingMethods = Extract<keyof Handlers, `replacements.${string}` | `readings.${string}` | `months.${string}`>;

const BASIS: ReplacementBasisView = {
  points: [],
  windows: [],
  shapes: [],
  referenceMonth: null,
  maxPower: null,
  hoursPerDay: null,
  isSplitByLaw: false,
};

/** `month` is the one that the screens open with, `YYYY-MM`; its days begin at 21:00 UTC of the day before. */
export function closingAnswers(month: string, events: ApiEvents): Pick<Handlers, ClosingMethods> {
  const at = (day: string, time: string) => new Date(Date.parse(`${month}-${day}T${time}:00Z`) - 3 * 3_600_000).toISOString();
  let proposals = proposalsOf(month, at);
  let decisions: ReplacementDecisionView[] = [];
  let readings: ManualReadingView[] = [];
  let row: MonthRow = { month, isOver: true, closed: null, energy: null, replaced: null, history: [] };
  const changed = () => events.emit('replacements.changed', { month });
  const now = () => at('28', '12:00');
  return {
    'replacements.propose': (asked) => ({
      month: asked.month,
      from: at('01', '00:00'),
      to: at('28', '24:00'),
      isClosed: row.closed !== null,
      proposals: asked.month === month ? proposals : [],
      decisions: asked.month === month ? decisions : [],
    }),
    'replacements.day': ({ day, method }) => ({
      day,
      likeDay: method === 'readings-by-profile' ? `${month}-01` : null,
      rows: Array.from({ length: 48 }, (_, index) => {
        const isGap = index >= 18 && index < 27;
        const energy = String(20 + ((index * 7) % 13) + (index > 14 && index < 40 ? 60 : 0));
        return {
          start: new Date(Date.parse(`${day}T00:00:00Z`) - 3 * 3_600_000 + index * 1_800_000).toISOString(),
          minutes: 30,
          status: isGap ? 'missing' : 'valid',
          energy: isGap ? null : energy,
          proposed: isGap && method !== null ? energy : null,
          like: method === 'readings-by-profile' ? String(Number(energy) + 3) : null,
        };
      }),
    }),
    'replacements.approve': ({ choices, author, reason, document }) => {
      const made = choices.flatMap(({ pointId, channel, from, method, energy }, index): ReplacementDecisionView[] => {
        const gap = proposals.find((one) => one.pointId === pointId && one.channel === channel && one.from === from);
        const option = gap?.options.find((one) => one.method === method);
        if (gap === undefined) return [];
        const { code, name, to, intervals } = gap;
        const figure = energy ?? option?.energy ?? '0';
        const basis = option?.basis ?? BASIS;
        return [
          {
            decisionId: decisions.length + index + 1,
            pointId,
            code,
            name,
            channel,
            from,
            to,
            intervals,
            energy: figure,
            method,
            basis,
            author,
            reason,
            document,
            madeAt: now(),
            withdrawn: null,
            notNeeded: 0,
          },
        ];
      });
      proposals = proposals.filter((gap) => !made.some((one) => one.pointId === gap.pointId && one.channel === gap.channel));
      decisions = [...decisions, ...made];
      changed();
      return made;
    },
    'replacements.withdraw': ({ decisionId, author, reason }) => {
      decisions = decisions.map((one) => (one.decisionId === decisionId ? { ...one, withdrawn: { at: now(), by: author, reason } } : one));
      changed();
      return decisionOf(decisions, decisionId);
    },
    'readings.list': () => readings,
    'readings.check': ({ at: moment, reading }) => ({
      doubts: Number(reading) < 2_132_453 ? [{ code: 'runs-backwards', isRefusal: true }] : [{ code: 'unusual', isRefusal: false }],
      before: { at: at('01', '00:00'), reading: '2132453' },
      after: null,
      energy: Number(reading) < 2_132_453 ? null : String((Number(reading) - 2_132_453) * 120),
      usual: '3260880',
      countsFrom: moment,
    }),
    'readings.enter': ({ pointId, at: moment, channel, tariff, reading, isRollOver, author, reason }) => {
      const made = { readingId: readings.length + 1, pointId, code: 'TP1-06', name: 'Освещение цеха 3', at: moment, channel, tariff };
      const entered = { ...made, reading, isRollOver, author, reason, madeAt: now(), withdrawn: null };
      readings = [...readings, entered];
      return entered;
    },
    'readings.withdraw': ({ readingId, author, reason }) => {
      readings = readings.map((one) => (one.readingId === readingId ? { ...one, withdrawn: { at: now(), by: author, reason } } : one));
      return readingOf(readings, readingId);
    },
    'months.list': () => [row],
    'months.check': (asked) => ({
      month: asked.month,
      isOver: true,
      isClosed: row.closed !== null,
      energy: '214224000',
      replaced: String(decisions.reduce((sum, { energy, withdrawn }) => sum + (withdrawn === null ? Number(energy) : 0), 0)),
      replacedShare: decisions.length === 0 ? '0' : '0.2',
      waiting: proposals.length,
      lacks: proposals.map(({ code, channel, intervals }) => ({
        kind: 'missing',
        pointCode: code,
        channel,
        intervals,
        receiver: null,
        number: null,
      })),
      confirmation: 'seen',
      changedSince: row.closed === null ? null : { intervals: 4, energy: '3600' },
    }),
    'months.close': ({ author, reason }) => {
      const closed = { at: now(), by: author, reason, lacks: proposals.length };
      const entry = { closedAt: now(), closedBy: author, closedReason: reason, openedAt: null, openedBy: null, openedReason: null };
      row = { ...row, closed, energy: '214224000', replaced: '0', history: [entry, ...row.history] };
      changed();
      return row;
    },
    'months.open': ({ author, reason }) => {
      const [last, ...before] = row.history;
      const opened = last === undefined ? [] : [{ ...last, openedAt: now(), openedBy: author, openedReason: reason }];
      row = { ...row, closed: null, history: [...opened, ...before] };
      changed();
      return row;
    },
  };
}

function proposalsOf(month: string, at: (day: string, time: string) => string): ReplacementProposal[] {
  const gap = (pointId: number, name: string, over: Partial<ReplacementProposal>): ReplacementProposal => ({
    pointId,
    code: `TP1-0${pointId}`,
    name,
    substation: 'ТП-1',
    channel: 'A+',
    from: at('03', '09:00'),
    to: at('03', '13:30'),
    intervals: 9,
    minutes: 30,
    state: 'missing',
    reason: 'never-recorded',
    measured: null,
    options: [],
    obstacles: [
      { method: 'opposite-end', obstacle: 'not-configured' },
      { method: 'bus-balance', obstacle: 'source-incomplete' },
      { method: 'manual', obstacle: 'needs-a-person' },
    ],
    ...over,
  });
  const window = { from: at('03', '00:00'), to: at('04', '00:00'), energy: '1129320', known: '1101360', isManual: false };
  const byReadings = {
    method: 'readings-by-profile' as const,
    energy: '27960',
    fingerprint: 'r',
    basis: { ...BASIS, windows: [window], shapes: [{ day: `${month}-03`, likeDay: `${month}-01`, neighbour: null }] },
  };
  return [
    gap(3, 'Станочный участок 1', {
      options: [
        { method: 'control', energy: '329400', fingerprint: 'c', basis: { ...BASIS, points: [{ code: 'TP1-04', sharePpm: 1_000_000 }] } },
        byReadings,
      ],
    }),
    gap(3, 'Станочный участок 1', { channel: 'R+', options: [{ ...byReadings, energy: '9320' }] }),
    gap(5, 'Компрессорная', { state: 'incomplete', reason: null, measured: '169200', options: [byReadings] }),
    gap(6, 'Освещение цеха 3', { reason: 'silent', obstacles: [{ method: 'legal', obstacle: 'no-reference-month' }] }),
  ];
}

function decisionOf(decisions: readonly ReplacementDecisionView[], id: number): ReplacementDecisionView {
  const found = decisions.find(({ decisionId }) => decisionId === id);
  if (found === undefined) throw new Error(`There is no decision ${id}`);
  return found;
}

function readingOf(readings: readonly ManualReadingView[], id: number): ManualReadingView {
  const found = readings.find(({ readingId }) => readingId === id);
  if (found === undefined) throw new Error(`There is no reading ${id}`);
  return found;
}
