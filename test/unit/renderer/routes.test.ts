import { describe, expect, test } from 'vitest';
import { findEntries } from '../../../src/renderer/app/palette-search.ts';
import { parseRoute, routeHref, selectionOf, selectionQuery } from '../../../src/renderer/app/routes.ts';
import { takeToken } from '../../../src/renderer/app/token.ts';

describe('addresses', () => {
  test('come back as they were written', () => {
    const query = { points: '1,2', channel: 'A+', period: 'month' };
    expect(parseRoute(routeHref('points', 12, query))).toEqual({ screen: 'points', id: 12, query });
    expect(parseRoute(routeHref('live'))).toEqual({ screen: 'live', id: null, query: {} });
  });

  test('that make no sense lead to the overview', () => {
    for (const hash of ['', '#', '#/', '#/nowhere/5', '#token']) expect(parseRoute(hash).screen).toBe('overview');
    expect(parseRoute('#/points/-1').id).toBeNull();
    expect(parseRoute('#/points/1e3').id).toBeNull();
  });

  test('carry the selection, which is mended where it does not fit together', () => {
    const today = '2026-11-21';
    const selection = { points: [3, 1], period: 'month', date: '2026-10-05', step: 'hour', channel: 'R-' } as const;
    expect(selectionOf(selectionQuery(selection), today)).toEqual(selection);
    expect(selectionOf({ points: '4,x,4,-2', period: 'week', date: '2026-13-40', step: 'month', channel: 'Q' }, today)).toEqual({
      points: [4],
      period: 'day',
      date: today,
      step: 'half-hour',
      channel: 'A+',
    });
  });

  test('never ask for more points than the server answers at once', () => {
    const points = Array.from({ length: 150 }, (_, index) => index + 1).join(',');
    expect(selectionOf({ points }, '2026-11-21').points).toHaveLength(100);
  });
});

describe('the token', () => {
  const page = (hash: string, kept: Record<string, string> = {}) => {
    const replaced: string[] = [];
    return {
      replaced,
      kept,
      page: {
        location: { hash, pathname: '/', search: '' },
        history: { replaceState: (_state: unknown, _title: string, address: string) => void replaced.push(address) },
        sessionStorage: { getItem: (key: string) => kept[key] ?? null, setItem: (key: string, value: string) => void (kept[key] = value) },
      },
    };
  };

  test('comes once with the address, is kept for the tab and leaves the address', () => {
    const first = page('#token=abc_DEF-123');
    expect(takeToken(first.page)).toBe('abc_DEF-123');
    expect(first.replaced).toEqual(['/']);
    expect(takeToken(page('#/live', first.kept).page)).toBe('abc_DEF-123');
  });

  test('is absent until somebody brings it', () => {
    expect(takeToken(page('#/live').page)).toBeNull();
  });
});

test('the palette finds by all words, the beginning of a name first', () => {
  const entry = (label: string, detail: string) => ({ label, detail, href: label + detail, state: null });
  const entries = [entry('Резервный ввод', 'ТП-1'), entry('Ввод 1', 'ТП-1'), entry('Ввод 1', 'ТП-2')];
  expect(findEntries(entries, 'ввод').map(({ label }) => label)).toEqual(['Ввод 1', 'Ввод 1', 'Резервный ввод']);
  expect(findEntries(entries, 'ввод тп-2').map(({ detail }) => detail)).toEqual(['ТП-2']);
  expect(findEntries(entries, 'нет такого')).toEqual([]);
});
