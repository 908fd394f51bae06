import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/shared/api/errors.ts';
import { createDispatch } from '../../../src/main/api/dispatch.ts';
import type { Handlers } from '../../../src/main/api/dispatch.ts';
import { silentLogger } from '../../../src/main/platform/logger.ts';
import type { LogFields, Logger } from '../../../src/main/platform/logger.ts';

const CLI = { transport: 'cli', role: 'administrator' } as const;

function dispatchWith(handlers: Partial<Handlers>, checkResults = false) {
  const errors: LogFields[] = [];
  const logger: Logger = { ...silentLogger, error: (fields) => errors.push(fields) };
  // Only the handlers given are called.
  return { dispatch: createDispatch(handlers as Handlers, { logger, checkResults }), errors };
}

describe('dispatch', () => {
  it('hands the context of the caller to the handler', async () => {
    const seen: unknown[] = [];
    const { dispatch } = dispatchWith({
      'live.watch': (params, context) => {
        seen.push(params, context);
        return {};
      },
    });
    await dispatch('live.watch', { pointIds: [1] }, CLI);
    expect(seen).toEqual([{ pointIds: [1] }, CLI]);
  });

  it('refuses a method above the role of the caller before it looks at the parameters', async () => {
    let calls = 0;
    const { dispatch } = dispatchWith({
      'search.cancel': () => {
        calls += 1;
        throw new AppError('api/not-found', 'no such search');
      },
    });
    const asOperator = await dispatch('search.cancel', { searchId: 1 }, { transport: 'http', role: 'operator' });
    expect(asOperator).toMatchObject({ ok: false, error: { code: 'api/forbidden', details: { needed: 'engineer' } } });
    expect(calls).toBe(0);
    expect(await dispatch('search.cancel', { searchId: 1 }, { transport: 'http', role: 'engineer' })).toMatchObject({
      error: { code: 'api/not-found' },
    });
  });

  it('calls no handler when the parameters are invalid', async () => {
    let calls = 0;
    const { dispatch } = dispatchWith({
      'live.watch': () => {
        calls += 1;
        return {};
      },
    });
    for (const params of [null, [], 'text', { pointIds: [0] }, { pointIds: [1.5] }, { pointIds: Array.from({ length: 101 }, () => 1) }]) {
      expect(await dispatch('live.watch', params, CLI)).toMatchObject({ ok: false, error: { code: 'api/invalid-argument' } });
    }
    expect(calls).toBe(0);
  });

  it('names at most twenty faults', async () => {
    const { dispatch } = dispatchWith({});
    const outcome = await dispatch('live.watch', { pointIds: Array.from({ length: 90 }, () => 'x') }, CLI);
    expect(outcome.ok).toBe(false);
    if (!outcome.ok) expect(outcome.error.details?.['faults']).toHaveLength(20);
  });

  it.each([
    ['a synchronous handler', () => fail()],
    ['an asynchronous handler', () => Promise.reject(new Error('table interval has no column named x'))],
    ['an assertion of ours', () => Promise.reject(new AppError('bug', 'table interval has no column named x'))],
  ])('logs the stack of an unexpected failure in %s and keeps it to itself', async (_title, handler) => {
    const { dispatch, errors } = dispatchWith({ 'settings.get': handler });
    const outcome = await dispatch('settings.get', {}, CLI);
    expect(outcome).toEqual({
      ok: false,
      error: { code: 'bug', message: expect.any(String) as string, details: { method: 'settings.get' } },
    });
    expect(JSON.stringify(outcome)).not.toContain('column');
    expect(errors).toMatchObject([{ method: 'settings.get', stack: expect.stringContaining('no column named x') as string }]);
  });

  it('takes a result that breaks the contract for a bug when it is told to look', async () => {
    const broken = { 'points.tree': () => [{ id: -1, name: 'ТП-1', points: [] }] };
    expect(await dispatchWith(broken, true).dispatch('points.tree', {}, CLI)).toMatchObject({ ok: false, error: { code: 'bug' } });
    expect(await dispatchWith(broken, false).dispatch('points.tree', {}, CLI)).toMatchObject({ ok: true });
  });
});

function fail(): never {
  throw new Error('table interval has no column named x');
}
