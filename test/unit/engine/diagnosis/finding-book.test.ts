import { describe, expect, test } from 'vitest';
import { FindingBook, type FindingStore, type Subject } from '../../../../src/main/engine/diagnosis/finding-book.ts';
import { silentLogger } from '../../../../src/main/platform/logger.ts';
import { AppError } from '../../../../src/shared/api/errors.ts';
import type { Finding } from '../../../../src/shared/domain/finding.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const LINE: Subject = { lineId: 7 };
const CODES = ['loss', 'echo'] as const;
const loss = (rate: number, weight: Finding['weight'] = 'info'): Finding => ({ code: 'loss', weight, params: { rate } });

function bookOver(lasting: readonly (Finding & { subject: Subject })[] = []) {
  const clock = new FakeClock();
  const written: string[] = [];
  const changes: number[] = [];
  const state: { fault: AppError | null } = { fault: null };
  const write = (text: string) => {
    if (state.fault !== null) throw state.fault;
    written.push(text);
  };
  const store: FindingStore = {
    lasting: () => lasting,
    note: (_subject, { code, weight, params }) => write(`${code} ${weight} ${params.rate ?? ''}`),
    close: (_subject, code) => write(`${code} over`),
  };
  const book = new FindingBook({ store, clock, logger: silentLogger, onChange: (count) => changes.push(count) });
  return { book, clock, written, changes, state };
}

describe('the book of findings', () => {
  test('writes what begins, changes its weight and ends, and tells how many last', () => {
    const { book, written, changes } = bookOver();
    book.state(LINE, CODES, [loss(2)]);
    book.state(LINE, CODES, [loss(2)]);
    book.state(LINE, CODES, [loss(8, 'attention')]);
    book.state({ meterId: 1 }, ['repeat-code'], []);
    book.state(LINE, CODES, []);
    expect(written).toEqual(['loss info 2', 'loss attention 8', 'loss over']);
    expect(changes).toEqual([1, 1, 0]);
  });

  test('renews moving figures once a minute', async () => {
    const { book, clock, written } = bookOver();
    book.state(LINE, CODES, [loss(2)]);
    await clock.advance(50_000);
    book.state(LINE, CODES, [loss(2.5)]);
    await clock.advance(20_000);
    book.state(LINE, CODES, [loss(3)]);
    expect(written).toEqual(['loss info 2', 'loss info 3']);
  });

  test('ends only the codes that were judged', () => {
    const { book, written } = bookOver();
    book.state(LINE, CODES, [loss(2)]);
    book.state(LINE, ['echo'], []);
    expect(written).toEqual(['loss info 2']);
  });

  test('keeps what lasted before a start until it could have been seen again', async () => {
    const { book, clock, written } = bookOver([{ ...loss(2), subject: LINE }]);
    await clock.advance(299_000);
    book.state(LINE, CODES, []);
    expect(written).toEqual([]);
    await clock.advance(1000);
    book.state(LINE, CODES, []);
    expect(written).toEqual(['loss over']);
  });

  test('tries again what the store refused', () => {
    const { book, written, state } = bookOver();
    state.fault = new AppError('store/disk-full', 'full');
    book.state(LINE, CODES, [loss(2)]);
    expect(written).toEqual([]);
    state.fault = null;
    book.state(LINE, CODES, [loss(2)]);
    expect(written).toEqual(['loss info 2']);
  });
});
