import { expect, test } from 'vitest';
import { eventsList } from '../../../src/main/api/events-list.ts';
import { Site } from '../../../src/main/api/site.ts';
import type { MeterEventKind } from '../../../src/shared/domain/meter-event.ts';
import { MIDNIGHT, storeWithMeters, stored } from '../store/support.ts';

const event = (kind: MeterEventKind, atS: number) => ({ journal: 1, kind, atUtc: MIDNIGHT + atS, details: { phase: 2 } });

async function siteWithEvents() {
  const { store, clock } = storeWithMeters();
  const atUtc = MIDNIGHT;
  await stored(
    store,
    { meterId: 1, atUtc, events: [event('power-off', 0), event('power-on', 60)] },
    { meterId: 2, atUtc, events: [event('case-opened', 30)] },
  );
  return new Site({ store, clock, engine: () => null });
}

test('events of all points come with their points and meters, newest first', async () => {
  const { rows, total } = eventsList(await siteWithEvents(), { offset: 0, limit: 2 });
  expect(total).toBe(3);
  expect(rows).toEqual([
    {
      pointId: 1,
      pointCode: 'P1',
      pointName: 'Feeder 1',
      meterSerial: '01000001',
      journal: 1,
      kind: 'power-on',
      at: '2026-11-22T00:01:00Z',
      details: { phase: 2 },
    },
    expect.objectContaining({ pointCode: 'P2', kind: 'case-opened' }),
  ]);
});

test('events are narrowed by point, period and kind', async () => {
  const site = await siteWithEvents();
  const kinds = (params: Partial<Parameters<typeof eventsList>[1]>) =>
    eventsList(site, { offset: 0, limit: 10, ...params }).rows.map(({ kind }) => kind);
  expect(kinds({ pointId: 1 })).toEqual(['power-on', 'power-off']);
  expect(kinds({ from: '2026-11-22T03:00:30.000+03:00', to: '2026-11-22T00:01:00Z' })).toEqual(['case-opened']);
  expect(kinds({ kinds: ['power-off', 'case-opened'] })).toEqual(['case-opened', 'power-off']);
  expect(() => kinds({ pointId: 99 })).toThrow(expect.objectContaining({ code: 'api/not-found' }));
});
