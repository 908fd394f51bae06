import { expect, test } from 'vitest';
import type { LineAccess, LineLoan } from '../../../src/main/engine/ports.ts';
import { BorrowedLine, loanOfOwnLine } from '../../../src/main/search/borrowed-line.ts';
import { AppError, asAppError } from '../../../src/shared/api/errors.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ScriptedLine } from '../../support/scripted-plant.ts';

/** A loan that notes when its slices begin and end. */
function notedLoan(clock: FakeClock) {
  const slices: { beganMs: number; endedMs: number | null }[] = [];
  const line: LineAccess = new ScriptedLine(clock);
  const loan: LineLoan = {
    async slice(work) {
      const slice: (typeof slices)[number] = { beganMs: clock.monotonic(), endedMs: null };
      slices.push(slice);
      try {
        return await work(line);
      } finally {
        slice.endedMs = clock.monotonic();
      }
    },
    release: () => Promise.resolve(),
  };
  return { loan, slices };
}

test('a line that others poll is given back after a quarter of a second, between two questions', async () => {
  const clock = new FakeClock();
  const { loan, slices } = notedLoan(clock);
  const line = new BorrowedLine(loan, clock, true);
  const work = (async () => {
    for (let question = 0; question < 10; question += 1) await line.ask(() => clock.sleep(70));
    await line.release();
  })();
  await clock.finish(work);
  expect(slices.map(({ beganMs, endedMs }) => (endedMs ?? 0) - beganMs)).toEqual([280, 280, 140]);
});

test('the last question of a slice is known, so that nobody answers into the exchange of another', async () => {
  const clock = new FakeClock();
  const line = new BorrowedLine(notedLoan(clock).loan, clock, true);
  expect(line.isLastOfSlice(70)).toBe(false);
  expect(line.isLastOfSlice(300)).toBe(true);
  await clock.finish(line.ask(() => clock.sleep(200)));
  expect(line.isLastOfSlice(70)).toBe(true);
  expect(new BorrowedLine(notedLoan(clock).loan, clock, false).isLastOfSlice(300)).toBe(false);
});

test('a lost line ends the slice, and the next question begins another', async () => {
  const clock = new FakeClock();
  const { loan, slices } = notedLoan(clock);
  const line = new BorrowedLine(loan, clock, true);
  const lost = line.ask(() => Promise.reject(new AppError('line/lost', 'unplugged')));
  expect(await lost.catch((error: unknown) => asAppError(error).code)).toBe('line/lost');
  expect(slices[0]?.endedMs).not.toBeNull();
  expect(await line.ask(() => Promise.resolve('answer'))).toBe('answer');
  expect(slices).toHaveLength(2);
});

test('a line of its own is opened anew after a loss, with the setting that it had', async () => {
  const calls: string[] = [];
  const own = new ScriptedLine(new FakeClock());
  const line = Object.assign(own, {
    open: () => Promise.resolve(void calls.push('open')),
    close: () => Promise.resolve(void calls.push('close')),
    retune: (setting: string | null) => Promise.resolve(void calls.push(`retune ${setting}`)),
  });
  const loan = loanOfOwnLine(line);
  await loan.slice((access) => access.retune('2400-8O1'));
  await loan.slice(() => Promise.reject(new AppError('line/lost', 'unplugged'))).catch((error: unknown) => asAppError(error));
  await loan.slice(() => Promise.resolve());
  await loan.release();
  expect(calls).toEqual(['open', 'retune 2400-8O1', 'close', 'open', 'retune 2400-8O1', 'close']);
});
