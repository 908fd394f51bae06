import { AppError } from '../../../shared/api/errors.ts';
import { isoUtc } from '../../../shared/domain/time.ts';
import { every, systemClock } from '../../platform/clock.ts';
import { createPoll, type PollSummary } from '../../poll.ts';
import type { Command } from '../command.ts';
import { commandLogger, openWriter } from '../data-folder.ts';

const PROGRESS_MS = 5000;

export const pollCommand: Command = {
  name: 'poll',
  usage: '--data DIR --until-complete [--depth-days N] [--timeout S]',
  summary: 'Reads until nothing more can be had of the intervals that have ended by now. Ctrl+C ends it early, with the same summary.',
  flags: { data: 'value', 'until-complete': 'switch', 'depth-days': 'value', timeout: 'value' },
  words: { min: 0, max: 0 },
  async run(args, io) {
    const folder = args.required('data');
    if (!args.isSet('until-complete'))
      throw new AppError('api/invalid-argument', '--until-complete is missing', {
        hint: 'It is the only way to poll once; for polling that never ends use "run".',
      });
    const depthDays = args.value('depth-days') === undefined ? null : args.integer('depth-days', { min: 1, max: 3650, fallback: 1 });
    const timeoutS = args.integer('timeout', { min: 1, max: 10_000_000, fallback: 0 });
    const store = openWriter(folder, args.isSet('trace'));
    try {
      if (store.plant.load().meters.length === 0) {
        throw new AppError('api/not-found', 'There are no meters in this data folder', {
          hint: 'Bring them in with: feeder import --data DIR FILE.csv',
        });
      }
      const poll = createPoll({ store, logger: commandLogger(args.isSet('trace')), depthDays });
      const cancelTimeout = timeoutS === 0 ? null : systemClock.after(timeoutS * 1000, () => poll.stop());
      const onAbort = () => poll.stop();
      io.signal.addEventListener('abort', onAbort, { once: true });
      const endProgress = every(systemClock, PROGRESS_MS, () => io.log(progressLine(poll.progress())));
      try {
        const summary = await poll.run();
        io.out(summaryLine(summary));
        return summary.open.length > 0 ? 3 : 0;
      } finally {
        endProgress();
        cancelTimeout?.();
        io.signal.removeEventListener('abort', onAbort);
      }
    } finally {
      store.close();
    }
  },
};

function progressLine({
  stored,
  openIntervals,
  answering,
  meters,
}: {
  stored: number;
  openIntervals: number;
  answering: number;
  meters: number;
}): string {
  return `${answering} of ${meters} meters answer, ${stored} intervals stored, ${openIntervals} to go`;
}

function summaryLine(summary: PollSummary): object {
  return {
    points: summary.points,
    stored: summary.stored,
    open: summary.open.map(({ pointCode, fromUtc, toUtc, reason }) => ({
      point_code: pointCode,
      from: isoUtc(fromUtc),
      to: isoUtc(toUtc),
      reason,
    })),
    seconds: summary.seconds,
    lines: summary.lines.map(({ name, exchanges, bytes, busyShare }) => ({ name, exchanges, bytes, busy_share: busyShare })),
  };
}
